//! What people do with chats: take, pass on, note, flag, close; and what the house does where they don't.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use xiaoer::domain::Role;

use super::{Seat, handed_off, hire};
use crate::service::{PATIENCE, Running, ShopFiles};

/// The chat on somebody's desk, once it is so.
async fn stands(seat: &Seat, id: &str, is: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + PATIENCE * 2;
    loop {
        let item = seat.item(id).await;
        if let Some(item) = item.as_ref().filter(|item| is(item)) {
            return item.clone();
        }
        assert!(tokio::time::Instant::now() < deadline, "it never came to that: {item:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_on_one_chat_the_second_sees_who_holds_it() {
    let service = Running::start().await;
    for (id, name, role) in [("li", "小李", Role::Agent), ("wang", "小王", Role::Agent), ("chen", "陈姐", Role::Lead)]
    {
        hire(&service, id, name, "test", role).await;
    }
    let (li, wang, chen) =
        (Seat::take(&service, "li").await, Seat::take(&service, "wang").await, Seat::take(&service, "chen").await);
    let id = handed_off(&service, "zhang").await;
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    // Both press at once; one of them has it.
    let (take_li, take_wang) = (path("take"), path("take"));
    let (one, two) = tokio::join!(li.post(&take_li, json!({})), wang.post(&take_wang, json!({})));
    let (winner, loser, refused) = if one.0.is_success() { (&li, &wang, two) } else { (&wang, &li, one) };
    let name = winner.read("/me").await["name"].clone();
    assert_eq!((refused.0, &refused.1["holder"]["name"]), (StatusCode::CONFLICT, &name), "{}", refused.1);
    for (what, body) in [
        ("reply", json!({ "text": "您好" })),
        ("release", json!({})),
        ("close", json!({})),
        ("transfer", json!({ "queue": "default" })),
        ("take", json!({ "over": true })),
    ] {
        let status = loser.post(&path(what), body).await.0;
        assert!([StatusCode::CONFLICT, StatusCode::FORBIDDEN].contains(&status), "{what}: {status}");
    }
    assert_eq!(loser.item(&id).await, None, "what others hold is no agent's");
    assert_eq!(chen.item(&id).await.unwrap()["holder"]["name"], name, "but their lead's");
    chen.does(&path("take"), json!({ "over": true })).await;
    assert_eq!(winner.post(&path("reply"), json!({ "text": "您好" })).await.1["holder"]["name"], "陈姐");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_off_comes_with_all_that_its_taker_needs() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let customer = service.customer("demo-wang");
    customer.says("我的快递到哪了").await;
    let outcome = customer.says("都第三天了还没到！我要投诉你们！").await;
    assert_eq!(outcome.act, "hand_off");
    let id = customer.conversation().await.unwrap();
    let item = li.item(&id).await.unwrap();
    assert_eq!(
        (&item["state"], &item["tab"], &item["urgency"]),
        (&json!("waiting"), &json!("after_sales"), &json!("high"))
    );
    assert_eq!((&item["unread"], &item["last"]["from"]), (&json!(1), &json!("customer")), "{item:#}");
    assert!(item["since"].is_i64() && item["why"]["zh"].as_str().is_some_and(|why| !why.is_empty()), "{item:#}");

    let view = li.read(&format!("/shops/test/conversations/{id}")).await;
    assert!(!view["open_requests"].as_array().unwrap().is_empty(), "{view:#}");
    assert!(!view["suggestions"].as_array().unwrap().is_empty());
    let orders = li.read(&format!("/shops/test/conversations/{id}/orders")).await;
    assert_eq!(orders["source_down"], false);
    let numbers: Vec<&Value> = orders["orders"].as_array().unwrap().iter().map(|o| &o["summary"]["number"]).collect();
    assert!(numbers.len() > 1, "{numbers:?}");

    li.does(&format!("/shops/test/conversations/{id}/take"), json!({})).await;
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    li.does(&path("note"), json!({ "text": "已联系快递网点" })).await;
    assert_eq!(li.post(&path("flag"), json!({ "flag": "red" })).await.0, StatusCode::BAD_REQUEST, "the shop has none");
    li.does(&path("reply"), json!({ "text": "您好，我来帮您查" })).await;
    assert_eq!(li.item(&id).await.unwrap()["since"], Value::Null, "nothing waits for an answer");
    assert_eq!(li.item(&id).await.unwrap()["unread"], 0);
    li.does(&path("transfer"), json!({ "queue": "default", "note": "要退货" })).await;
    let view = li.read(&format!("/shops/test/conversations/{id}")).await;
    assert_eq!((&view["notes"][0]["text"], &view["notes"][0]["name"]), (&json!("已联系快递网点"), &json!("小李")));
    assert_eq!((&view["transfers"][0]["note"], &view["tab"]), (&json!("要退货"), &json!("paid")));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_a_person_left_waits_again_and_the_bot_keeps_still() {
    let files = ShopFiles { settings: "reply_within: 10s\nflags: {red: 加急}\n", ..ShopFiles::default() };
    let service = Running::with(&files, None).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    hire(&service, "chen", "陈姐", "test", Role::Lead).await;
    let (li, chen) = (Seat::take(&service, "li").await, Seat::take(&service, "chen").await);
    let customer = service.customer("zhang");
    customer.says("转人工").await;
    let id = customer.conversation().await.unwrap();
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    li.does(&path("take"), json!({})).await;
    li.does(&path("flag"), json!({ "flag": "red" })).await;
    li.does(&path("reply"), json!({ "text": "您好" })).await;
    assert_eq!(chen.item(&id).await.unwrap()["flag"], "red");
    // 谢谢 asks for nothing: no clock runs.
    customer.says("谢谢").await;
    assert_eq!(li.item(&id).await.unwrap()["since"], Value::Null);
    customer.says("包邮吗").await;
    assert!(li.item(&id).await.unwrap()["since"].is_i64());
    let item = stands(&chen, &id, |item| item["state"] == "waiting").await;
    assert_eq!((&item["urgency"], &item["holder"]), (&json!("high"), &Value::Null));
    // A sure and harmless question, and still the bot says nothing where a person was.
    let outcome = customer.says("几天能到").await;
    assert_eq!((outcome.decision().as_str(), outcome.reply), ("silent · waiting", None));

    // Who signs out leaves their chats to the others at once.
    li.does(&path("take"), json!({})).await;
    li.does(&path("reply"), json!({ "text": "您好" })).await;
    assert_eq!(li.delete("/session").await, StatusCode::NO_CONTENT);
    // Nothing in it waits for an answer: it stays as it is until the customer writes.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(chen.item(&id).await.unwrap()["state"], "agent");
    customer.write("人呢").await;
    stands(&chen, &id, |item| item["state"] == "waiting").await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_goes_on_only_after_it_was_let() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let customer = service.customer("zhang");
    customer.says("转人工").await;
    let id = customer.conversation().await.unwrap();
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    li.does(&path("take"), json!({})).await;
    assert_eq!(customer.says("包邮吗").await.decision(), "silent · held");
    li.does(&path("release"), json!({})).await;
    assert_eq!(li.item(&id).await, None, "it left the desk");
    assert_eq!(customer.says("包邮吗").await.decision(), "answer · sure");
    li.does(&path("take"), json!({})).await;
    li.does(&path("close"), json!({ "reason": "已解决" })).await;
    assert_eq!(li.item(&id).await, None);
    let view = li.read(&format!("/shops/test/conversations/{id}")).await;
    assert_eq!(view["state"], "closed");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_given_out_by_load_up_to_the_cap() {
    let files = ShopFiles { settings: "assignment: {how: automatic, cap: 2}\n", ..ShopFiles::default() };
    let service = Running::with(&files, None).await;
    for (id, name) in [("li", "小李"), ("wang", "小王"), ("zhao", "小赵")] {
        hire(&service, id, name, "test", Role::Agent).await;
    }
    hire(&service, "chen", "陈姐", "test", Role::Lead).await;
    let (li, wang) = (Seat::take(&service, "li").await, Seat::take(&service, "wang").await);
    let (zhao, chen) = (Seat::take(&service, "zhao").await, Seat::take(&service, "chen").await);
    zhao.does("/me/state", json!({ "state": "busy" })).await;
    chen.does("/me/state", json!({ "state": "away" })).await;
    let mut chats = Vec::new();
    for n in 0..5 {
        chats.push(handed_off(&service, &format!("c{n}")).await);
    }
    // Two each for those who are online; the fifth waits.
    let mine = async |seat: &Seat| {
        let desk = seat.read("/desk").await;
        let items = desk["items"].as_array().unwrap().clone();
        items.iter().filter(|item| item["state"] == "agent").count()
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while (mine(&li).await, mine(&wang).await) != (2, 2) {
        assert!(tokio::time::Instant::now() < deadline, "{} {}", mine(&li).await, mine(&wang).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(mine(&zhao).await, 0, "busy people get none");
    let waiting = async || {
        let desk = chen.read("/desk").await;
        desk["items"].as_array().unwrap().iter().filter(|item| item["state"] == "waiting").count()
    };
    assert_eq!(waiting().await, 1);
    zhao.does("/me/state", json!({ "state": "online" })).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while waiting().await > 0 {
        assert!(tokio::time::Instant::now() < deadline, "nobody got the last one");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(mine(&zhao).await, 1);
    service.stop().await;
}
