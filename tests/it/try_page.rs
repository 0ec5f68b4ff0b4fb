//! The try page without a browser: who may write, read and be whom, and how often.

use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::service::{PATIENCE, Running, ShopFiles};

/// Somebody in front of the page.
struct Visitor<'a> {
    service: &'a Running,
    shop: &'a str,
    ticket: String,
    customer: String,
}

async fn ticket(service: &Running, shop: &str, wish: &Value) -> Response {
    service.http.post(format!("{}/try/{shop}/ticket", service.base)).json(wish).send().await.unwrap()
}

impl<'a> Visitor<'a> {
    async fn come(service: &'a Running, shop: &'a str, wish: Value) -> Self {
        let body: Value = ticket(service, shop, &wish).await.json().await.unwrap();
        let text = |key: &str| body[key].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
        Self { service, shop, ticket: text("ticket"), customer: text("customer_id") }
    }

    async fn post(&self, path: &str, id: &str, text: &str) -> Response {
        let body = json!({ "message_id": id, "text": text });
        let request = self.service.http.post(format!("{}{path}", self.service.base)).json(&body);
        request.header("x-xiaoer-ticket", &self.ticket).send().await.unwrap()
    }

    async fn writes(&self, id: &str, text: &str) -> Response {
        self.post(&format!("/try/{}/messages", self.shop), id, text).await
    }

    async fn sees(&self) -> Value {
        let request = self.service.http.get(format!("{}/try/{}/messages", self.service.base, self.shop));
        let response = request.header("x-xiaoer-ticket", &self.ticket).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// The chat once it has a line of the bot's.
    async fn hears(&self) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let chat = self.sees().await;
            if chat["lines"].as_array().unwrap().iter().any(|line| line["from"] == "bot") {
                return chat;
            }
            assert!(tokio::time::Instant::now() < deadline, "no answer came: {chat}");
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_answered_and_sees_their_own_chat_alone() {
    let service = Running::start().await;
    let (one, other) =
        (Visitor::come(&service, "test", json!({})).await, Visitor::come(&service, "test", json!({})).await);
    assert_eq!(one.sees().await, json!({ "state": "bot", "thinking": false, "lines": [] }));
    assert_eq!(one.writes("m-1", "包邮吗").await.json::<Value>().await.unwrap(), json!({ "status": "accepted" }));
    assert_eq!(one.writes("m-1", "包邮吗").await.json::<Value>().await.unwrap(), json!({ "status": "duplicate" }));
    assert_eq!(one.sees().await["thinking"], json!(true));

    let chat = one.hears().await;
    let lines = chat["lines"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["id"], &lines[0]["text"]), (2, &json!("m-1"), &json!("包邮吗")));
    assert!(lines[1]["text"].as_str().unwrap().contains("59元"), "{chat}");
    assert!(lines[1]["window"].as_i64().unwrap() >= 1000, "{chat}");
    assert_eq!((&chat["thinking"], &chat["state"]), (&json!(false), &json!("bot")));
    // Nothing of why: these keys and no others.
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&chat), ["state", "thinking", "lines"]);
    assert_eq!(keys(&lines[1]), ["from", "text", "at", "took", "window"]);

    assert_eq!(other.sees().await["lines"], json!([]));
    let forged = Visitor { ticket: one.ticket.replacen("try-", "try-0", 1), ..one };
    assert_eq!(forged.writes("m-2", "在吗").await.status(), StatusCode::UNAUTHORIZED);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_slowed_down_and_the_webhook_is_no_way_round() {
    let service = Running::start().await;
    let visitor = Visitor::come(&service, "test", json!({})).await;
    let mut refused = None;
    for n in 0..60 {
        let response = visitor.writes(&format!("m-{n}"), "在吗").await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((n, response));
            break;
        }
    }
    let (passed, refused) = refused.expect("a flood is refused");
    assert!(passed >= 10, "{passed}");
    assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(visitor.post("/webhooks/test/try", "m-99", "在吗").await.status(), StatusCode::NOT_FOUND);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_customers_can_be_played_at_this_machine_alone() {
    let service = Running::demo().await;
    let wang = Visitor::come(&service, "demo", json!({ "as": "demo-wang" })).await;
    assert_eq!(wang.customer, "demo-wang");
    wang.writes("m-1", "我的快递到哪了").await;
    let chat = wang.hears().await;
    assert!(chat["lines"][1]["text"].as_str().unwrap().contains("冲击电钻"), "{chat}");

    let somebody = ticket(&service, "demo", &json!({ "as": "u-1" })).await;
    assert_eq!(somebody.status(), StatusCode::FORBIDDEN);
    let url = format!("{}/try/demo", service.base);
    for (name, value) in
        [("x-forwarded-for", "203.0.113.7"), ("host", "shop.example"), ("sec-fetch-site", "cross-site")]
    {
        let request = service.http.post(format!("{url}/ticket")).json(&json!({ "as": "demo-wang" }));
        assert_eq!(request.header(name, value).send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}");
        let about = service.http.get(format!("{url}/about")).header(name, value).send().await.unwrap();
        let about: Value = about.json().await.unwrap();
        assert_eq!((&about["agents"], &about["customers"]), (&json!(false), &json!([])), "{name}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_without_a_page_has_none_and_the_front_door_leads_to_the_only_one() {
    let service = Running::start().await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let front = http.get(&service.base).send().await.unwrap();
    assert_eq!(front.headers()[header::LOCATION], "/try/test");
    let page = http.get(format!("{}/try/test", service.base)).send().await.unwrap();
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let tag = page.headers()[header::ETAG].clone();
    let again = http.get(format!("{}/try/test", service.base)).header(header::IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    for file in ["..%2F..%2FCargo.toml", "none.js", "index.html"] {
        let file = http.get(format!("{}/assets/try/{file}", service.base)).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::NOT_FOUND);
    }
    service.stop().await;

    let service = Running::with(&ShopFiles { settings: "try_page: false\n", ..ShopFiles::default() }, None).await;
    for path in ["/try/test", "/try/test/about", "/try/test/messages", "/try/nobody"] {
        let response = http.get(format!("{}{path}", service.base)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
    service.stop().await;
}
