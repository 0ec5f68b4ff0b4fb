//! The API from outside: who may call, what each call does, and what nobody may learn from it.

mod demo;
mod logs;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use xiaoer::app;
use xiaoer::domain::{PrincipalId, Role};
use xiaoer::server::{new_token, token_hash};
use xiaoer::store::TokenRow;

use crate::binary::Run;
use crate::postgres;
use crate::service::{Platform, Running, ShopFiles, http, token, write_shop};

/// CONTRACT.md's table, as the document writes paths. The rates come with the reports.
const TABLE: [(&str, &str); 22] = [
    ("post", "/suggest"),
    ("get", "/conversations"),
    ("get", "/conversations/{id}"),
    ("post", "/conversations/{id}/take"),
    ("post", "/conversations/{id}/release"),
    ("post", "/conversations/{id}/transfer"),
    ("post", "/conversations/{id}/close"),
    ("post", "/conversations/{id}/reply"),
    ("post", "/suggestions/{id}/shown"),
    ("post", "/suggestions/{id}/dismiss"),
    ("post", "/suggestions/{id}/used"),
    ("get", "/turns/{id}"),
    ("get", "/events"),
    ("get", "/playbook"),
    ("get", "/playbook/file"),
    ("post", "/playbook/lint"),
    ("post", "/playbook/amend"),
    ("post", "/playbook/try"),
    ("post", "/playbook/replay"),
    ("post", "/playbook/publish"),
    ("get", "/playbook/log"),
    ("post", "/webhooks"),
];

async fn call(shop: &Running, method: &str, path: &str, token: Option<&str>) -> Response {
    let url = format!("{}/api/v1/shops/test{path}", shop.base);
    let request = match method {
        "get" => shop.http.get(url),
        _ => shop.http.post(url).header("content-type", "application/json").body("{}"),
    };
    let request = token.into_iter().fold(request, RequestBuilder::bearer_auth);
    request.send().await.unwrap()
}

/// A token for shop `test` that is refused, and why.
async fn worthless(shop: &Running) -> Vec<(&'static str, String)> {
    let of_other_shop = token(&shop.store, "other", "wang", Role::Manager).await;
    let of_disabled = token(&shop.store, "test", "gone", Role::Manager).await;
    assert!(shop.store.disable_principal(&PrincipalId::from("gone")).await.unwrap());
    let revoked = token(&shop.store, "test", "xiao-li", Role::Agent).await;
    assert!(shop.store.revoke_token(&token_hash(&revoked), app::now()).await.unwrap());
    let expired = new_token().unwrap();
    let row = TokenRow { principal: PrincipalId::from("xiao-li"), shop: "test".into(), role: Role::Agent };
    shop.store.create_token(&token_hash(&expired), row, app::now(), Some(app::now())).await.unwrap();
    vec![
        ("nonsense", "xo_nonsense".to_owned()),
        ("of another shop", of_other_shop),
        ("of a disabled person", of_disabled),
        ("revoked", revoked),
        ("expired", expired),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_calls_without_a_token_of_this_shop() {
    let shop = Running::start().await;
    let tokens = worthless(&shop).await;
    for (method, path) in TABLE.iter().filter(|(_, path)| *path != "/webhooks") {
        let path = path.replace("{id}", "1");
        for (name, token) in tokens.iter().map(|(name, token)| (*name, Some(token.as_str()))).chain([("none", None)]) {
            let response = call(&shop, method, &path, token).await;
            assert_eq!(response.status().as_u16(), 401, "{method} {path} with a token: {name}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert!(response.headers().contains_key("www-authenticate"));
            let body = response.text().await.unwrap();
            assert!(token.is_none_or(|token| !body.contains(token)), "{body}");
        }
    }
    // A shop that isn't there answers the same: who has no token learns nothing of shops.
    let url = format!("{}/api/v1/shops/nobody/conversations", shop.base);
    assert_eq!(shop.http.get(url).bearer_auth(&shop.token).send().await.unwrap().status().as_u16(), 401);
    assert_eq!(call(&shop, "get", "/conversations", Some(&shop.token)).await.status().as_u16(), 200);
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_not_right_is_said_so() {
    let shop = Running::start().await;
    let token = shop.token.clone();
    for (method, path) in [
        ("get", "/conversations/1"),
        ("get", "/turns/1"),
        ("post", "/conversations/1/take"),
        ("post", "/conversations/1/release"),
        ("post", "/conversations/1/close"),
        ("post", "/suggestions/1/shown"),
        ("post", "/suggestions/1.1/dismiss"),
    ] {
        let response = call(&shop, method, path, Some(&token)).await;
        assert_eq!(response.status().as_u16(), 404, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
    }
    let url = |path: &str| format!("{}/api/v1/shops/test{path}", shop.base);
    for (path, body) in [
        ("/suggest", r#"{"messages":"口令芝麻开门"}"#),
        ("/suggest", r#"{"messages":[{"from":"口令芝麻开门","text":"a"}]}"#),
        ("/suggest", "口令芝麻开门"),
        ("/suggest", r#"{"messages":[]}"#),
        ("/conversations/1/reply", r#"{"text":7}"#),
        ("/conversations/1/reply", r#"{"text":" "}"#),
        ("/conversations/1/transfer", "{}"),
        ("/conversations/1/transfer", r#"{"agent":"a","queue":"b"}"#),
    ] {
        let request = shop.http.post(url(path)).bearer_auth(&token).header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        let status = response.status().as_u16();
        assert!([400, 422].contains(&status), "{path} {body}: {status}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path} {body}");
        let said = response.text().await.unwrap();
        assert!(!said.contains("芝麻"), "{path} quotes: {said}");
    }
    let response = shop.http.get(url("/conversations?state=asleep")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 400);
    let response = shop.http.delete(url("/conversations")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 405);
    assert!(response.headers().contains_key("allow"));
    let large = shop.http.post(url("/suggest")).bearer_auth(&token).header("content-type", "application/json");
    assert_eq!(large.body(vec![b' '; 1_100_000]).send().await.unwrap().status().as_u16(), 413);
    shop.stop().await;
}

/// The queue, a conversation, its turn, its suggestions and what became of them.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_tells() {
    let shop = Running::start().await;
    let wang = shop.customer("wang");
    wang.says("我要投诉你们").await;
    let id = wang.conversation().await.unwrap();
    for (state, listed) in [("waiting", true), ("bot", false), ("", true), ("closed", false)] {
        let page = shop.get(&format!("/conversations?state={state}")).await;
        let found = page["conversations"].as_array().unwrap().iter().any(|item| item["id"] == json!(id));
        assert_eq!(found, listed, "{state}: {page}");
    }
    let view = wang.view().await;
    assert_eq!((&view["conversation_id"], &view["channel"]), (&json!("c-wang"), &json!("web")));
    assert_eq!(view["lines"][0]["text"], "我要投诉你们");
    let turn = shop.get(&format!("/turns/{}", view["turns"][0]["id"].as_str().unwrap())).await;
    assert_eq!(turn["outcome"]["decision"]["act"], "hand_off", "{turn:#}");
    assert_eq!(turn["input"]["messages"][0]["text"], "我要投诉你们");

    let suggestion = &view["suggestions"][0];
    let suggestion_id = suggestion["id"].as_str().unwrap();
    let (status, _) = shop.post(&format!("/suggestions/{suggestion_id}/shown"), &json!({})).await;
    assert_eq!(status.as_u16(), 204);
    let text = suggestion["text"].as_str().unwrap();
    let path = format!("/suggestions/{suggestion_id}/used");
    assert_eq!(shop.post(&path, &json!({"text": text})).await.1["edit_share"], 0.0);
    let share = shop.post(&path, &json!({"text": format!("{text}！")})).await.1["edit_share"].as_f64().unwrap();
    assert!(share > 0.0 && share < 0.5, "{share}");
    let (status, _) = shop.post(&format!("/suggestions/{suggestion_id}/dismiss"), &json!({})).await;
    assert_eq!(status.as_u16(), 204);
    let events = shop.store.events(&"test".into(), &id.as_str().into()).await.unwrap();
    let kinds: Vec<Value> =
        events.iter().map(|row| serde_json::to_value(&row.event).unwrap()["type"].clone()).collect();
    for kind in ["suggestion_shown", "suggestion_used", "suggestion_dismissed", "handed_off"] {
        assert!(kinds.contains(&json!(kind)), "{kind} is missing in {kinds:?}");
    }

    let passed = json!({"queue": "after_sales", "note": "要退货"});
    assert_eq!(shop.post(&format!("/conversations/{id}/transfer"), &passed).await.1["state"], "waiting");
    let to_wang = json!({"agent": "somebody-else"});
    assert_eq!(shop.post(&format!("/conversations/{id}/transfer"), &to_wang).await.1["state"], "agent");
    let (status, _) = shop.post(&format!("/conversations/{id}/reply"), &json!({"text": "您好"})).await;
    assert_eq!(status.as_u16(), 409, "somebody else holds it");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_for_a_desk_that_is_not_ours() {
    let shop = Running::start().await;
    let ask = json!({"messages": [{"from": "customer", "text": "在吗"}, {"from": "agent", "text": "在的"},
        {"from": "customer", "text": "我的快递到哪了"}], "customer_id": "demo-wang",
        "order_numbers": ["202688130047125601"]});
    let (status, told) = shop.post("/suggest", &ask).await;
    assert_eq!(status.as_u16(), 200, "{told}");
    assert_eq!(told["intents"][0]["intent"], "logistics/track_parcel", "{:#}", told["intents"]);
    assert!(told["suggestions"][0]["text"].as_str().unwrap().contains("78912345670011"), "{:#}", told["suggestions"]);
    assert!(told["order"]["summary"].is_object());
    // Of somebody else's order nothing is told, nor that there is one.
    let of = |customer: &str, number: &str| {
        json!({"messages": [{"from": "customer", "text": "我的快递到哪了"}], "customer_id": customer,
            "order_numbers": [number]})
    };
    let (_, missing) = shop.post("/suggest", &of("stranger", "209999999999999999")).await;
    assert_eq!(missing["order"], Value::Null);
    let page = shop.get("/conversations").await;
    assert_eq!(page["conversations"], json!([]), "nothing is stored");
    shop.stop().await;
}

/// Reads a stream of events until `enough`; gives their ids.
async fn listen(shop: &Running, after: Option<&str>, enough: usize) -> Vec<String> {
    let url = format!("{}/api/v1/shops/test/events", shop.base);
    let request = shop.http.get(url).bearer_auth(&shop.token);
    let request = after.into_iter().fold(request, |request, id| request.header("last-event-id", id));
    let mut response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    let reading = async {
        loop {
            let ids: Vec<String> = whole_ids(&text);
            if ids.len() >= enough {
                return ids;
            }
            let piece = response.chunk().await.unwrap().expect("the stream goes on");
            text.push_str(&String::from_utf8_lossy(&piece));
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("events are missing")
}

/// The ids of the events that have ended.
fn whole_ids(text: &str) -> Vec<String> {
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    whole.lines().filter_map(|line| line.strip_prefix("id:").map(|id| id.trim().to_owned())).collect()
}

/// Listens piece by piece, each time from where it left off, while the shop is busy on all nodes.
async fn no_event_is_missed(nodes: &[Running]) {
    let shop = &nodes[0];
    let writing = join_all((0..60).map(|n| async move {
        tokio::time::sleep(Duration::from_millis(n as u64 * 40)).await;
        let customer = nodes[n % nodes.len()].customer(&format!("busy-{n}"));
        customer.write("你好，请问包邮吗？").await;
        customer.write("几天能到").await;
    }));
    let listening = async {
        let mut heard = Vec::new();
        let mut last = "0".to_owned();
        // Two messages, an episode's begin, a turn and a reply each.
        while heard.len() < 60 * 5 {
            let ids = listen(shop, Some(&last), 7.min(60 * 5 - heard.len())).await;
            last = ids.last().unwrap().clone();
            heard.extend(ids);
        }
        heard
    };
    let (_, heard) = tokio::join!(writing, listening);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let stored = shop.store.events_after(&"test".into(), 0, 10_000).await.unwrap();
    let stored: Vec<String> = stored.iter().map(|row| row.seq.to_string()).collect();
    assert_eq!(heard.iter().collect::<BTreeSet<_>>().len(), heard.len(), "an event came twice");
    assert_eq!(heard, stored[..heard.len()], "an event was missed, or came out of order");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_on_where_they_were_left_on_sqlite() {
    let nodes = [Running::start().await];
    no_event_is_missed(&nodes).await;
    // Without a place to go on from, only what happens from now on.
    let [shop] = nodes;
    let (_, new) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            shop.customer("later").write("在吗").await;
        },
        listen(&shop, None, 1)
    );
    let all = shop.store.events_after(&"test".into(), 0, 10_000).await.unwrap();
    let place = all.iter().position(|row| row.seq.to_string() == new[0]).unwrap();
    assert!(place >= 300, "told again: event {place} of {}", all.len());
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_on_where_they_were_left_on_two_nodes() {
    let url = postgres::database().await;
    let files = ShopFiles::default();
    let nodes = [Running::with(&files, Some(&url)).await, Running::with(&files, Some(&url)).await];
    no_event_is_missed(&nodes).await;
    for node in nodes {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_lists_every_path() {
    let shop = Running::start().await;
    let response = shop.http.get(format!("{}/openapi.json", shop.base)).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let document: Value = response.json().await.unwrap();
    let mut table: Vec<(&str, String)> = TABLE
        .iter()
        .map(|(method, path)| match *path {
            "/webhooks" => (*method, "/webhooks/{shop}/{channel}".to_owned()),
            path => (*method, format!("/api/v1/shops/{{shop}}{path}")),
        })
        .collect();
    table.extend(["/healthz", "/readyz", "/metrics"].map(|path| ("get", path.to_owned())));
    for (method, path) in table {
        let operation = &document["paths"][&path][method];
        assert!(operation.is_object(), "{method} {path} is not in the document");
        if path.starts_with("/api/") {
            assert!(operation["security"][0]["token"].is_array(), "{method} {path} needs a token");
        }
    }
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_figures() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    let broken = ShopFiles {
        files: &[("../broken/shop.yaml", "name: {zh: 坏了的店\nlanguages: [zh]\n")],
        ..ShopFiles::default()
    };
    write_shop(folder.path(), &platform.url, &broken);
    let running = Run::new(folder.path(), None).start().await;
    let client = http();
    let get = |path: &str| client.get(format!("{}{path}", running.base)).send();
    assert_eq!(get("/healthz").await.unwrap().status().as_u16(), 200);
    let response = get("/readyz").await.unwrap();
    assert_eq!(response.status().as_u16(), 503);
    let ready: Value = response.json().await.unwrap();
    assert_eq!((&ready["ready"], &ready["store"]), (&json!(false), &json!(true)));
    let problem = &ready["problems"][0];
    assert_eq!((&problem["shop"], &problem["file"]), (&json!("broken"), &json!("shop.yaml")), "{ready:#}");
    assert!(ready["shops"]["test"]["playbook"].is_string(), "{ready:#}");

    // The others are served.
    let body = json!({"type": "message.created", "data": {"message_id": "m-1", "conversation_id": "c-1",
        "text": "请问包邮吗？", "customer": {"id": "u-1"}}});
    let bytes = || body.to_string().into_bytes();
    let answer = crate::service::signed(&client, &running.base, "test", "d-1", bytes()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let answer = crate::service::signed(&client, &running.base, "broken", "d-1", bytes()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
    while platform.replies().is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let figures = get("/metrics").await.unwrap().text().await.unwrap();
    for line in [
        "xiaoer_deliveries_total{shop=\"test\",outcome=\"accepted\"} 1",
        "xiaoer_sends_total{outcome=\"sent\"} 1",
        "xiaoer_undecided_messages 0",
        "xiaoer_conversations{phase=\"bot\"} 1",
    ] {
        assert!(figures.lines().any(|found| found == line), "{line} is not in\n{figures}");
    }
    assert!(figures.contains("xiaoer_turns_total{shop=\"test\",act=\"answer\",rung=\"sure\""), "{figures}");
    let (status, _, _) = running.stop().await;
    assert!(status.success());
}
