//! A person takes a chat while the bot decides: after the takeover is answered the bot says nothing in it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::json;
use xiaoer::app;

use crate::postgres;
use crate::service::{Running, ShopFiles};

/// Races at once.
const AT_ONCE: usize = 50;
/// How often; `XIAOER_RACES` asks for more of them in all.
#[allow(clippy::disallowed_methods, reason = "how much is tried is for whoever runs the tests")]
fn rounds() -> usize {
    let wanted = std::env::var("XIAOER_RACES").ok().and_then(|races| races.parse().ok());
    wanted.unwrap_or(4 * AT_ONCE).div_ceil(AT_ONCE)
}
/// What is wanted of every takeover: far from the 5 s after which it is answered in any case.
const TAKEN_WITHIN: Duration = Duration::from_millis(4_000);

/// A takeover that was answered.
struct Taken {
    /// The platform's id of the conversation.
    conversation: String,
    asked: Instant,
    answered: Instant,
}

/// Somewhere around the end of the window and the decision after it; spread evenly, the same at every run.
fn offset(number: usize) -> Duration {
    let spread = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    Duration::from_millis(900 + spread % 600)
}

async fn race(writes: &Running, takes: &Running, number: usize) -> Taken {
    let customer = writes.customer(&format!("race-{number}"));
    customer.write("你好，请问包邮吗？").await;
    let written = Instant::now();
    let conversation = customer.conversation().await.expect("stored before it was answered");
    tokio::time::sleep((written + offset(number)).saturating_duration_since(Instant::now())).await;
    let asked = Instant::now();
    let (status, answer) = takes.post(&format!("/conversations/{conversation}/take"), &json!({})).await;
    let answered = Instant::now();
    assert_eq!((status.as_u16(), &answer["state"]), (200, &json!("agent")), "{answer}");
    Taken { conversation: format!("c-race-{number}"), asked, answered }
}

/// Races on nodes of one database, each of which sends to a platform of its own.
async fn the_bot_is_silent_after_every_takeover(nodes: &[Running]) {
    let mut taken = Vec::new();
    for round in 0..rounds() {
        // Every other round the platform is slow: what is under way then has to be waited for.
        let pause = if round.is_multiple_of(2) { Duration::ZERO } else { Duration::from_millis(150) };
        for node in nodes {
            *node.platform.pause.lock().unwrap() = pause;
        }
        let races = (0..AT_ONCE).map(|n| {
            let number = round * AT_ONCE + n;
            race(&nodes[number % nodes.len()], &nodes[(number / 2) % nodes.len()], number)
        });
        taken.extend(join_all(races).await);
    }
    // What was decided and not yet sent would come now.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut spoken: HashMap<String, Vec<Instant>> = HashMap::new();
    for (_, body, at) in nodes.iter().flat_map(|node| node.platform.arrivals()) {
        if body["type"] == "reply.created" && body["data"]["author"] == "bot" {
            spoken.entry(body["data"]["conversation_id"].as_str().unwrap().to_owned()).or_default().push(at);
        }
    }
    let (mut before, mut overtaken, mut late) = (0, 0, Vec::new());
    for race in &taken {
        let took = race.answered - race.asked;
        assert!(took < TAKEN_WITHIN, "{}: the takeover was answered after {took:?}", race.conversation);
        match spoken.get(&race.conversation).map(Vec::as_slice) {
            None => overtaken += 1,
            Some(times) => {
                before += 1;
                late.extend(times.iter().filter(|at| **at > race.answered).map(|at| *at - race.answered));
            }
        }
    }
    println!("{before} answered before the takeover, {overtaken} overtaken");
    assert!(late.is_empty(), "the bot spoke after {} of {} takeovers: {late:?}", late.len(), taken.len());
    assert!(before > 10 && overtaken > 10, "no race: {before} before, {overtaken} overtaken");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_takeover_the_bot_is_silent_on_sqlite() {
    let shop = [Running::start().await];
    the_bot_is_silent_after_every_takeover(&shop).await;
    let [shop] = shop;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_takeover_the_bot_is_silent_on_two_nodes() {
    let url = postgres::database().await;
    let files = ShopFiles::default();
    let nodes = [Running::with(&files, Some(&url)).await, Running::with(&files, Some(&url)).await];
    the_bot_is_silent_after_every_takeover(&nodes).await;
    for node in nodes {
        node.stop().await;
    }
}

/// The platform is busy; a reply waits for its next try, and a person takes the chat meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_waits_for_another_try_is_not_sent() {
    let shop = Running::start().await;
    *shop.platform.status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    let customer = shop.customer("zhao");
    customer.write("你好，请问包邮吗？").await;
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    let id = customer.conversation().await.unwrap();
    let (status, _) = shop.post(&format!("/conversations/{id}/take"), &json!({})).await;
    assert_eq!(status.as_u16(), 200);
    *shop.platform.status.lock().unwrap() = StatusCode::OK;
    let (status, _) = shop.post(&format!("/conversations/{id}/reply"), &json!({"text": "您好，我是小李"})).await;
    assert_eq!(status.as_u16(), 200);
    tokio::time::sleep(Duration::from_secs(4)).await;
    let replies = shop.platform.replies();
    assert_eq!(replies.len(), 1, "{replies:#?}");
    assert_eq!(replies[0]["author"], "agent:xiao-li");
    let states: Vec<_> =
        customer.view().await["lines"].as_array().unwrap().iter().map(|l| l["state"].clone()).collect();
    assert_eq!(states, [json!(null), json!("cancelled"), json!("sent")], "it was decided, and then overtaken");
    shop.stop().await;
}

fn time() -> String {
    jiff::Timestamp::from_millisecond(app::now().0).unwrap().to_string()
}

/// Somebody, or something, replied on the platform itself.
async fn told(shop: &Running, delivery: &str, conversation: &str, mut data: serde_json::Value) {
    data["conversation_id"] = json!(conversation);
    data["occurred_at"] = json!(time());
    data["message_id"] = json!(delivery);
    data["text"] = json!("您好，我来帮您看一下");
    let body = json!({"type": "message.agent_sent", "data": data});
    let (status, answer) = shop.deliver(delivery, &body).await;
    assert_eq!((status.as_u16(), answer), (200, json!({"status": "accepted"})));
}

async fn who_speaks_holds_the_chat(shop: &Running) {
    // The platform's own greeting, and the echo of our reply, take nothing over.
    let li = shop.customer("li");
    assert_eq!(li.says("你好，请问包邮吗？").await.decision(), "answer · sure");
    told(shop, "p-1", "c-li", json!({"automatic": true})).await;
    assert_eq!(li.view().await["state"], "bot");
    let reply = shop.platform.replies().pop().unwrap()["reply_id"].clone();
    told(shop, "p-2", "c-li", json!({"automatic": false, "reply_id": reply})).await;
    assert_eq!(li.view().await["state"], "bot");
    assert_eq!(li.says("可以开发票吗？").await.act, "answer");

    // A person does. The bot goes on understanding and suggesting.
    told(shop, "p-3", "c-li", json!({"automatic": false, "agent_id": "a-7"})).await;
    let view = li.view().await;
    assert_eq!((&view["state"], &view["agent"]), (&json!("agent"), &json!("web:a-7")));
    let heard = li.says("你们几天发货？").await;
    assert_eq!((heard.act.as_str(), heard.reply.as_deref()), ("silent", None), "{heard:#?}");
    assert!(!heard.view["suggestions"].as_array().unwrap().is_empty(), "{:#}", heard.view);

    // A late word of the platform's machine gives nothing back; the person does.
    told(shop, "p-4", "c-li", json!({"automatic": true})).await;
    assert_eq!(li.view().await["state"], "agent");
    let released = json!({"type": "conversation.released", "data": {
        "conversation_id": "c-li", "agent_id": "a-7", "occurred_at": time()}});
    assert_eq!(shop.deliver("p-5", &released).await.0.as_u16(), 200);
    assert_eq!(li.view().await["state"], "bot");
    let again = li.says("发什么快递？").await;
    assert_eq!(again.decision(), "answer · sure");
    assert!(again.words().contains("中通"), "{}", again.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_on_the_platform_holds_the_chat_on_sqlite() {
    let shop = Running::start().await;
    who_speaks_holds_the_chat(&shop).await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_on_the_platform_holds_the_chat_on_postgres() {
    let url = postgres::database().await;
    let shop = Running::with(&ShopFiles::default(), Some(&url)).await;
    who_speaks_holds_the_chat(&shop).await;
    shop.stop().await;
}

/// What a person does with a chat, from the first hand-off to the next episode.
async fn a_chat_with_a_person(shop: &Running) {
    let wang = shop.customer("wang");
    assert_eq!(wang.says("你好，请问包邮吗？").await.decision(), "answer · sure");
    let handed_off = wang.says("我要投诉你们").await;
    assert_eq!((handed_off.act.as_str(), &handed_off.view["state"]), ("hand_off", &json!("waiting")));
    let id = wang.conversation().await.unwrap();
    let act = |what: &str, body: serde_json::Value| {
        let path = format!("/conversations/{id}/{what}");
        async move {
            let (status, answer) = shop.post(&path, &body).await;
            assert_eq!(status.as_u16(), 200, "{path}: {answer}");
            answer
        }
    };
    assert_eq!(act("take", json!({})).await["state"], "agent");
    let suggestion = handed_off.view["suggestions"][0].clone();
    let said = act("reply", json!({"text": suggestion["text"], "suggestion_id": suggestion["id"]})).await;
    assert_eq!(said["suggestion"], "as_it_was", "{said}");
    let told = until(|| shop.platform.replies().into_iter().find(|reply| reply["reply_id"] == said["reply_id"])).await;
    assert_eq!((&told["author"], &told["text"]), (&json!("agent:xiao-li"), &suggestion["text"]));
    assert_eq!(wang.says("好的谢谢").await.act, "silent");

    assert_eq!(act("release", json!({})).await["state"], "bot");
    assert_eq!(wang.says("发什么快递？").await.decision(), "answer · sure");
    assert_eq!(act("close", json!({"reason": "solved"})).await["state"], "closed");
    let (status, _) = shop.post(&format!("/conversations/{id}/close"), &json!({})).await;
    assert_eq!(status.as_u16(), 409, "a chat is closed once");

    let back = wang.says("可以开发票吗？").await;
    assert_eq!((back.decision().as_str(), &back.view["state"]), ("answer · sure", &json!("bot")));
    let events = shop.store.events(&"test".into(), &id.as_str().into()).await.unwrap();
    let episodes: std::collections::BTreeSet<_> = events.iter().filter_map(|row| row.episode.clone()).collect();
    assert_eq!(episodes.len(), 2, "a message after the end begins an episode");
}

/// What will be there within some seconds.
async fn until<T>(look: impl Fn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        match look() {
            Some(found) => return found,
            None if begun.elapsed() > Duration::from_secs(10) => panic!("it never came"),
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_with_a_person_on_sqlite() {
    let shop = Running::start().await;
    a_chat_with_a_person(&shop).await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_with_a_person_on_postgres() {
    let url = postgres::database().await;
    let shop = Running::with(&ShopFiles::default(), Some(&url)).await;
    a_chat_with_a_person(&shop).await;
    shop.stop().await;
}
