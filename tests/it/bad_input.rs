//! What a careless or hostile client may send: each is refused with the right status, nothing of it is stored or
//! quoted, and the next good message is answered.

mod slow;

use futures_util::future::join_all;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xiaoer::app;
use xiaoer::channels::{Secrets, SigningSecret};

use crate::service::{Running, SECRET};

/// Stands in every refused body; no answer may repeat it.
const TOLD_IN_CONFIDENCE: &str = "口令芝麻开门7f3a";

fn message(id: &str, text: &str) -> Value {
    json!({"type": "message.created", "data": {"message_id": id, "conversation_id": "c-bad", "text": text,
        "customer": {"id": "u-bad", "verified": true}}})
}

fn confidential(id: &str) -> Vec<u8> {
    message(id, TOLD_IN_CONFIDENCE).to_string().into_bytes()
}

/// A request of which single parts can be spoilt.
struct Sent {
    shop: &'static str,
    channel: &'static str,
    content_type: Option<&'static str>,
    id: Option<&'static str>,
    /// Seconds after now.
    ahead: i64,
    timestamp: Option<&'static str>,
    signature: Option<String>,
    body: Vec<u8>,
}

impl Sent {
    /// Nothing wrong with it.
    fn good(body: Vec<u8>) -> Self {
        Self {
            shop: "test",
            channel: "web",
            content_type: Some("application/json"),
            id: Some("d-1"),
            ahead: 0,
            timestamp: None,
            signature: None,
            body,
        }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let at = app::now().0 / 1000 + self.ahead;
        let timestamp = self.timestamp.map_or_else(|| at.to_string(), str::to_owned);
        let secrets = Secrets::new(vec![SigningSecret::parse(SECRET).unwrap()]).unwrap();
        let sign = || secrets.sign(self.id.unwrap_or_default(), at, &self.body);
        let signature = self.signature.clone().unwrap_or_else(sign);
        let mut headers = Vec::new();
        headers.extend(self.content_type.map(|kind| ("content-type", kind.to_owned())));
        headers.extend(self.id.map(|id| ("webhook-id", id.to_owned())));
        headers.push(("webhook-timestamp", timestamp));
        headers.push(("webhook-signature", signature));
        // An empty value stands for a header that isn't there.
        headers.retain(|(_, value)| !value.is_empty());
        headers
    }

    fn request(self, service: &Running) -> RequestBuilder {
        let url = format!("{}/webhooks/{}/{}", service.base, self.shop, self.channel);
        let headers = self.headers();
        let request = service.http.post(url).body(self.body);
        headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
    }
}

/// How many rows each table has.
async fn rows(service: &Running) -> Vec<i64> {
    let url = format!("sqlite://{}", service.folder.path().join("xiaoer.db").display());
    let mut link = SqliteConnection::connect(&url).await.unwrap();
    let sql = "SELECT (SELECT COUNT(*) FROM inbound) || ' ' || (SELECT COUNT(*) FROM conversation) || ' ' || \
               (SELECT COUNT(*) FROM customer) || ' ' || (SELECT COUNT(*) FROM identity) || ' ' || \
               (SELECT COUNT(*) FROM episode) || ' ' || (SELECT COUNT(*) FROM turn) || ' ' || \
               (SELECT COUNT(*) FROM event) || ' ' || (SELECT COUNT(*) FROM outbox)";
    let counts: String = sqlx::query_scalar(sql).fetch_one(&mut link).await.unwrap();
    counts.split(' ').map(|count| count.parse().unwrap()).collect()
}

/// Sends it and holds the refusal to its form.
async fn refusal(request: RequestBuilder, name: &str) -> (u16, Value) {
    let response = request.send().await.unwrap_or_else(|error| panic!("{name}: no answer: {error:?}"));
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{name}: {status} {text}");
    for quoted in [TOLD_IN_CONFIDENCE, SECRET, &SECRET[6..], "v1,"] {
        assert!(!text.contains(quoted), "{name}: quotes what was sent: {text}");
    }
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["status"], status, "{name}: {text}");
    let is_told = |key: &str| problem[key].as_str().is_some_and(|words| !words.is_empty());
    assert!(is_told("title") && is_told("detail"), "{name}: {text}");
    (status, problem)
}

/// Whether the service still does its work.
async fn answers_a_good_message(service: &Running, customer: &str) {
    let outcome = service.customer(customer).says("你好，请问包邮吗？").await;
    assert_eq!(outcome.decision(), "answer · sure");
    assert!(outcome.words().contains("59元"), "{}", outcome.words());
}

type Case = (&'static str, u16, Sent);

/// Rightly signed, and not what the contract describes.
fn malformed() -> Vec<Case> {
    let body = |text: String| Sent::good(text.into_bytes());
    let told = TOLD_IN_CONFIDENCE;
    let without = |key: &str| {
        let mut whole = message("m-1", told);
        whole["data"].as_object_mut().unwrap().remove(key);
        Sent::good(whole.to_string().into_bytes())
    };
    let with = |key: &str, value: Value| {
        let mut whole = message("m-1", told);
        whole["data"][key] = value;
        Sent::good(whole.to_string().into_bytes())
    };
    let latin_1 =
        [&b"{\"type\":\"message.created\",\"data\":{\"text\":\"caf\xe9 "[..], told.as_bytes(), b"\"}}"].concat();
    vec![
        ("no body", 400, body(String::new())),
        ("cut off", 400, body(format!("{{\"type\":\"message.created\",\"data\":{{\"text\":\"{told}"))),
        ("not JSON", 400, body(format!("text={told}"))),
        ("a list", 400, body(format!("[\"{told}\"]"))),
        ("Latin-1", 400, Sent::good(latin_1)),
        ("a raw NUL", 400, body(format!("{{\"type\":\"message.created\",\"data\":{{\"text\":\"{told}\0\"}}}}"))),
        ("nested too deep", 400, body("[".repeat(500_000))),
        ("nested too deep in a field", 400, body(format!("{{\"data\":{}", "{\"a\":".repeat(100_000)))),
        ("no type", 400, body(format!("{{\"data\":{{\"text\":\"{told}\"}}}}"))),
        ("no message id", 400, without("message_id")),
        ("no conversation id", 400, without("conversation_id")),
        ("no customer", 400, without("customer")),
        ("neither text nor attachments", 400, without("text")),
        ("an empty id", 400, with("message_id", json!(""))),
        ("an id that breaks logs", 400, with("conversation_id", json!("c-1\nadmin"))),
        ("an id of 300 bytes", 400, with("message_id", json!("m".repeat(300)))),
        ("a number for text", 400, with("text", json!(7))),
        ("a list for a customer", 400, with("customer", json!([told]))),
        ("a script for a link", 400, with("attachments", json!([{"kind": "image", "url": "javascript:alert(1)"}]))),
        ("101 order numbers", 400, with("order_numbers", json!(vec!["1"; 101]))),
        ("no such day", 400, with("sent_at", json!("2026-02-30T00:00:00Z"))),
    ]
}

/// Not believed, not for us, too large, or of another kind.
fn unacceptable() -> Vec<Case> {
    let good = || Sent::good(confidential("m-1"));
    vec![
        ("another's signature", 401, Sent { signature: Some(format!("v1,{}", "A".repeat(43) + "=")), ..good() }),
        ("no signature at all", 401, Sent { signature: Some("v1,".to_owned()), ..good() }),
        ("a version we don't know", 401, Sent { signature: Some("v9,AAAA".to_owned()), ..good() }),
        ("the signature's header missing", 401, Sent { signature: Some(String::new()), ..good() }),
        ("the id missing", 401, Sent { id: None, ..good() }),
        ("the timestamp missing", 401, Sent { timestamp: Some(""), ..good() }),
        ("six minutes old", 401, Sent { ahead: -360, ..good() }),
        ("from six minutes ahead", 401, Sent { ahead: 360, ..good() }),
        ("a timestamp that is none", 401, Sent { timestamp: Some("yesterday"), ..good() }),
        ("a timestamp beyond all numbers", 401, Sent { timestamp: Some("999999999999"), ..good() }),
        ("another shop", 404, Sent { shop: "nobody", ..good() }),
        ("another channel", 404, Sent { channel: "fax", ..good() }),
        ("a path that climbs", 404, Sent { shop: "..%2F..%2Fetc", ..good() }),
        ("a path that is no text", 400, Sent { shop: "%ff", ..good() }),
        ("2 MB", 413, Sent::good(vec![b' '; 2_000_000])),
        ("text/plain", 415, Sent { content_type: Some("text/plain"), ..good() }),
        ("a form", 415, Sent { content_type: Some("application/x-www-form-urlencoded"), ..good() }),
        ("no content type", 415, Sent { content_type: None, ..good() }),
    ]
}

/// Of two mistakes the first in this order is told: address, size, signature, media type, form.
fn wrong_twice() -> Vec<Case> {
    let good = || Sent::good(confidential("m-1"));
    let not_json = || Sent::good(TOLD_IN_CONFIDENCE.as_bytes().to_vec());
    vec![
        ("another shop, wrongly signed", 404, Sent { shop: "nobody", signature: Some("v1,AAAA".to_owned()), ..good() }),
        (
            "2 MB, wrongly signed",
            413,
            Sent { signature: Some("v1,AAAA".to_owned()), ..Sent::good(vec![b' '; 2_000_000]) },
        ),
        ("not JSON, wrongly signed", 401, Sent { signature: Some("v1,AAAA".to_owned()), ..not_json() }),
        (
            "text/plain, wrongly signed",
            401,
            Sent { content_type: Some("text/plain"), signature: Some("v1,AAAA".to_owned()), ..good() },
        ),
        ("text/plain that isn't JSON", 415, Sent { content_type: Some("text/plain"), ..not_json() }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_refused_and_leaves_nothing_behind() {
    let shop = Running::start().await;
    let before = rows(&shop).await;
    for (name, expected, sent) in malformed().into_iter().chain(unacceptable()).chain(wrong_twice()) {
        let (status, problem) = refusal(sent.request(&shop), name).await;
        assert_eq!(status, expected, "{name}: {problem}");
        assert_eq!(rows(&shop).await, before, "{name}: something was stored");
    }
    let put = shop.http.put(format!("{}/webhooks/test/web", shop.base)).body(confidential("m-1"));
    assert_eq!(refusal(put, "PUT").await.0, 405);
    let get = shop.http.get(format!("{}/webhooks/test/web", shop.base));
    assert_eq!(refusal(get, "GET").await.0, 404);
    assert_eq!(rows(&shop).await, before);
    // None of it has used up the message's id, nor the delivery's.
    let response = Sent::good(confidential("m-1")).request(&shop).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "accepted"}));
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

/// Two headers of one name: a proxy and the service might each believe another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_comes_twice_is_refused() {
    let shop = Running::start().await;
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let twice = Sent::good(confidential("m-1")).request(&shop).header(name, "1");
        assert_eq!(refusal(twice, name).await.0, 401, "{name}");
    }
    shop.stop().await;
}

/// Without a length the size shows only while it is read.
#[tokio::test(flavor = "multi_thread")]
async fn two_megabytes_in_chunks_are_refused() {
    let shop = Running::start().await;
    let before = rows(&shop).await;
    let sent = Sent::good(vec![b' '; 2_000_000]);
    let mut head = "POST /webhooks/test/web HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n".to_owned();
    for (name, value) in sent.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(shop.base.trim_start_matches("http://")).await.unwrap();
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    for chunk in sent.body.chunks(10_000) {
        stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await.unwrap();
        stream.write_all(chunk).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    assert_eq!(rows(&shop).await, before);
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

/// Odd, but a customer's message: it is taken, decided, and shown as it was written.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_customer_writes_is_decided() {
    let shop = Running::start().await;
    let long = "这个怎么一直没有到呢".repeat(100_000 / 30);
    let piled_up = format!("e{}", "\u{301}".repeat(5000));
    let messages = [
        ("long", long.as_str(), long.as_str()),
        ("emoji", "😀🎉👨‍👩‍👧‍👦", "😀🎉👨‍👩‍👧‍👦"),
        ("zero-width", "\u{200b}\u{feff}\u{200d}", "\u{200b}\u{feff}\u{200d}"),
        ("bidirectional", "\u{202e}gnihton\u{2066}\u{2069}", "\u{202e}gnihton\u{2066}\u{2069}"),
        ("blanks", " \t\n ", " \t\n "),
        ("marks", "？？？！！！", "？？？！！！"),
        ("combining", piled_up.as_str(), piled_up.as_str()),
        (
            "markup",
            "<script>alert('{order.number}')</script>{{x}}%s",
            "<script>alert('{order.number}')</script>{{x}}%s",
        ),
        ("NUL", "快递\0到哪了", "快递\u{fffd}到哪了"),
    ];
    join_all(messages.map(|(name, written, kept)| {
        let customer = shop.customer(name);
        async move {
            let outcome = customer.says(written).await;
            assert!(["answer", "ask", "hand_off", "silent"].contains(&outcome.act.as_str()), "{name}: {outcome:#?}");
            assert_eq!(outcome.view["lines"][0]["text"], json!(kept), "{name}");
        }
    }))
    .await;
    // An emoji cut in half, as some phones send it; serde would not write that.
    let body = message("m-half", "好的HALF").to_string().replace("HALF", "\\ud83d");
    let (status, answer) = shop.deliver_raw("d-half", body.into_bytes()).await;
    assert_eq!((status.as_u16(), answer), (200, json!({"status": "accepted"})));
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_known_by_its_own_id_and_not_by_its_delivery() {
    let shop = Running::start().await;
    let (accepted, duplicate) = (json!({"status": "accepted"}), json!({"status": "duplicate"}));
    let first = message("m-1", "请问包邮吗？");
    assert_eq!(shop.deliver("d-1", &first).await.1, accepted);
    let stored = rows(&shop).await;
    assert_eq!(shop.deliver("d-1", &first).await.1, duplicate, "delivered again");
    assert_eq!(shop.deliver("d-2", &first).await.1, duplicate, "delivered again under another id");
    let other_words = message("m-1", "我要投诉");
    assert_eq!(shop.deliver("d-3", &other_words).await.1, duplicate, "the same message with other words");
    let mut elsewhere = first.clone();
    elsewhere["data"]["conversation_id"] = json!("c-elsewhere");
    assert_eq!(shop.deliver("d-4", &elsewhere).await.1, duplicate, "the same message in another conversation");
    assert_eq!(rows(&shop).await, stored);
    let second = message("m-2", "几天能到杭州？");
    assert_eq!(shop.deliver("d-1", &second).await.1, accepted, "another message under a delivery id that was used");
    // What a newer sender tells and we don't know is answered like the rest.
    let news = json!({"type": "customer.typing", "data": {}});
    assert_eq!(shop.deliver("d-5", &news).await.0.as_u16(), 200);
    shop.stop().await;
}
