//! A person's words: undone, taken back, with pictures, from quick phrases.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use xiaoer::domain::Role;

use super::{Seat, handed_off, hire};
use crate::service::{PATIENCE, Platform, Running, ShopFiles, write_shop};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_can_be_undone_while_it_is_held_and_not_after() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let id = handed_off(&service, "wang").await;
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    let said = li.does(&path("reply"), json!({ "text": "写错了", "undo_ms": 3000 })).await;
    assert!(said["undo_until"].is_i64());
    let line = |view: &Value, text: &str| {
        view["lines"].as_array().unwrap().iter().find(|line| line["text"] == text).unwrap().clone()
    };
    let view = li.read(&format!("/shops/test/conversations/{id}")).await;
    assert!(line(&view, "写错了")["undo_until"].is_i64(), "{view:#}");
    li.does(&path("undo"), json!({ "reply_id": said["reply_id"] })).await;
    assert_eq!(li.post(&path("undo"), json!({ "reply_id": said["reply_id"] })).await.0, StatusCode::CONFLICT);
    let view = li.read(&format!("/shops/test/conversations/{id}")).await;
    assert_eq!(line(&view, "写错了")["state"], "cancelled");

    let said = li.does(&path("reply"), json!({ "text": "您好", "undo_ms": 600 })).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !service.platform.replies().iter().any(|reply| reply["text"] == "您好") {
        assert!(tokio::time::Instant::now() < deadline, "held for ever");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(li.post(&path("undo"), json!({ "reply_id": said["reply_id"] })).await.0, StatusCode::CONFLICT);
    assert!(!service.platform.replies().iter().any(|reply| reply["text"] == "写错了"), "it was sent all the same");
    // The channel can take nothing back.
    assert_eq!(li.post(&path("recall"), json!({ "reply_id": said["reply_id"] })).await.0, StatusCode::CONFLICT);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_platform_can_a_sent_reply_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    let channels = format!(
        "channels:\n  web: {{kind: standard, secret: \"file:../../secret\", send_url: \"{}\", recall: 2m}}\n",
        platform.url
    );
    write_shop(folder.path(), &platform.url, &ShopFiles { settings: &channels, ..ShopFiles::default() });
    let service = Running::over(folder, platform).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    hire(&service, "wang", "小王", "test", Role::Lead).await;
    let (li, wang) = (Seat::take(&service, "li").await, Seat::take(&service, "wang").await);
    let id = handed_off(&service, "zhang").await;
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    let said = li.does(&path("reply"), json!({ "text": "说错了" })).await;
    let sent = async |reply: &Value| loop {
        let view = li.read(&format!("/shops/test/conversations/{id}")).await;
        let lines = view["lines"].as_array().unwrap().clone();
        let line = lines.iter().find(|line| line["reply_id"] == *reply).unwrap().clone();
        if line["state"] == "sent" {
            return line;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(sent(&said["reply_id"]).await["recall_until"].is_i64());
    let theirs = wang.post(&path("recall"), json!({ "reply_id": said["reply_id"] })).await;
    assert_eq!(theirs.0, StatusCode::NOT_FOUND, "somebody else's words are theirs");
    li.does(&path("recall"), json!({ "reply_id": said["reply_id"] })).await;
    let heard = service.platform.hears("reply.recalled").await;
    assert_eq!(heard["data"]["reply_id"], said["reply_id"]);
    assert_eq!(sent(&said["reply_id"]).await["recalled"], true);
    assert_eq!(li.post(&path("recall"), json!({ "reply_id": said["reply_id"] })).await.0, StatusCode::CONFLICT);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_picture_goes_out_by_an_address_that_the_platform_can_fetch() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let id = handed_off(&service, "wang").await;
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[7u8; 64]].concat();
    let url = format!("{}/api/v1/shops/test/files", service.base);
    let post = async |kind: &str, body: Vec<u8>| {
        let request = li.http.post(&url).header("cookie", &li.cookie).header("x-xiaoer", "1");
        request.header("content-type", kind).body(body).send().await.unwrap()
    };
    for (kind, body) in [
        ("image/svg+xml", b"<svg onload=alert(1)>".to_vec()),
        ("text/html", b"<script>alert(1)</script>".to_vec()),
        ("image/png", b"<script>alert(1)</script>".to_vec()),
    ] {
        assert_eq!(post(kind, body).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let kept: Value = post("image/png", png.clone()).await.json().await.unwrap();
    let attachments = json!([{ "kind": "image", "url": kept["url"] },
        { "kind": "product", "url": "https://shop.example/p/1", "title": "电钻" }]);
    let path = format!("/shops/test/conversations/{id}/reply");
    let (status, told) = li.post(&path, json!({ "text": "", "attachments": attachments.clone() })).await;
    assert_eq!(
        (status, &told["guard"][0]["rule"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("off_list_links")),
        "{told}"
    );
    let warned = json!({ "text": "", "attachments": attachments, "despite": ["off_list_links"] });
    li.does(&path, warned).await;
    let heard = service.platform.hears("reply.created").await;
    assert!(heard["data"]["text"].as_str().is_some());
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let sent = loop {
        let found = service.platform.replies().into_iter().find(|reply| reply["author"] == "agent:li");
        if let Some(found) = found {
            break found;
        }
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(sent["text"], "电钻 https://shop.example/p/1");
    let address = sent["attachments"][0]["url"].as_str().unwrap();
    // As the platform fetches it: from elsewhere, without a session.
    let fetched = reqwest::get(address).await.unwrap();
    assert_eq!(fetched.headers()["content-type"], "image/png");
    assert!(fetched.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(fetched.bytes().await.unwrap(), png);
    for url in ["javascript:alert(1)", "data:text/html,x", "//evil.example/x"] {
        let body = json!({ "text": "", "attachments": [{ "kind": "image", "url": url }] });
        assert_eq!(li.post(&path, body).await.0, StatusCode::BAD_REQUEST, "{url}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_phrase_is_theirs_until_a_lead_makes_it_the_teams() {
    let service = Running::start().await;
    for (id, name, role) in [("li", "小李", Role::Agent), ("wang", "小王", Role::Agent), ("chen", "陈姐", Role::Lead)]
    {
        hire(&service, id, name, "test", role).await;
    }
    let (li, wang, chen) =
        (Seat::take(&service, "li").await, Seat::take(&service, "wang").await, Seat::take(&service, "chen").await);
    let own = async |seat: &Seat| seat.read("/shops/test/scripts/own").await["scripts"].as_array().unwrap().clone();
    let made = li.does("/shops/test/scripts", json!({ "title": "催发货", "text": "我这就帮您催仓库" })).await;
    let path = format!("/shops/test/scripts/{}", made["id"].as_str().unwrap());
    assert_eq!((own(&li).await.len(), own(&wang).await.len()), (1, 0));
    let written = json!({ "title": "催发货", "text": "已经帮您催仓库了" });
    assert_eq!(wang.put(&path, written.clone()).await, StatusCode::NOT_FOUND);
    assert_eq!(li.put(&path, written).await, StatusCode::NO_CONTENT);
    assert_eq!(li.post(&format!("{path}/promote"), json!({})).await.0, StatusCode::FORBIDDEN);
    chen.does(&format!("{path}/promote"), json!({})).await;
    let seen = own(&wang).await;
    assert_eq!((&seen[0]["of"], &seen[0]["author"]["name"]), (&json!("team"), &json!("小李")));
    assert_eq!(seen[0]["text"], "已经帮您催仓库了");
    assert_eq!(li.delete(&path).await, StatusCode::FORBIDDEN, "it is the team's now");
    assert_eq!(chen.delete(&path).await, StatusCode::NO_CONTENT);
    assert!(own(&wang).await.is_empty());
    let empty = li.post("/shops/test/scripts", json!({ "text": "  " })).await;
    assert_eq!(empty.0, StatusCode::BAD_REQUEST);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_holds_back_what_must_not_be_said_and_notes_it() {
    let settings = "limits: {agent: {refund: 20, coupon: 10}, lead: {refund: 200, coupon: 50}}\n";
    let service = Running::with(&ShopFiles { settings, ..ShopFiles::default() }, None).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    hire(&service, "chen", "陈姐", "test", Role::Lead).await;
    let (li, chen) = (Seat::take(&service, "li").await, Seat::take(&service, "chen").await);
    let id = handed_off(&service, "wang").await;
    let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
    let says = async |seat: &Seat, text: &str, despite: &[&str]| {
        let (status, told) = seat.post(&path("reply"), json!({ "text": text, "despite": despite })).await;
        (status.as_u16(), told["guard"][0]["rule"].as_str().unwrap_or_default().to_owned())
    };
    let refused = |rule: &str| (422, rule.to_owned());
    assert_eq!(says(&li, "我们绝对是最低价", &[]).await, refused("absolute_words"));
    assert_eq!(says(&li, "五星好评返现5元", &["review_reward"]).await, refused("review_reward"), "blocked is blocked");
    assert_eq!(says(&li, "您好，{客户姓名}", &[]).await, refused("unresolved"));
    assert_eq!(says(&li, "给您退50元可以吗", &[]).await, refused("amount"));
    assert_eq!(service.platform.replies().iter().filter(|reply| reply["author"] != "bot").count(), 0);
    let proof = li.does(&path("proofread"), json!({ "text": "我们绝对是最低价" })).await;
    assert_eq!((&proof["guard"][0]["action"], &proof["guard"][0]["said"]), (&json!("warn"), &json!("绝对")));

    assert_eq!(says(&li, "我们绝对是最低价", &["absolute_words"]).await.0, 200, "a warning that was read");
    assert_eq!(says(&li, "您好，马上帮您查", &[]).await.0, 200);
    chen.does(&path("take"), json!({ "over": true })).await;
    assert_eq!(says(&chen, "给您退50元可以吗", &[]).await.0, 200, "a lead may promise more");
    let events = service.store.events(&"test".into(), &id.as_str().into()).await.unwrap();
    let guarded: Vec<(String, bool)> = events
        .iter()
        .filter_map(|row| match &row.event.what {
            xiaoer::domain::Happening::Guarded { rule, sent, .. } => Some((rule.clone(), *sent)),
            _ => None,
        })
        .collect();
    assert!(guarded.contains(&("review_reward".to_owned(), false)), "{guarded:?}");
    assert!(guarded.contains(&("absolute_words".to_owned(), true)), "{guarded:?}");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guard_blocks_is_not_said_by_the_bot_either() {
    let reply = |host: &str| format!("zh:\n  default: |\n    运费见 https://{host}/fee\n");
    let settings = "guard: {off_list_links: block}\nlinks: [shop.example.com]\n";
    let (good, bad) = (reply("help.shop.example.com"), reply("elsewhere.example"));
    for (words, decision) in [(&good, "answer · sure"), (&bad, "hand_off · no_words")] {
        let files = [("replies/logistics/shipping_fee.yaml", words.as_str())];
        let service = Running::with(&ShopFiles { settings, files: &files, ..ShopFiles::default() }, None).await;
        let customer = service.customer("wang");
        let outcome = customer.says("包邮吗").await;
        assert_eq!(outcome.decision(), decision, "{outcome:#?}");
        assert!(outcome.reply.is_none_or(|reply| !reply.contains("elsewhere")));
        service.stop().await;
    }
}
