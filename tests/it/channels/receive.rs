//! Deliveries to the generic channel.

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use xiaoer::channels::{Channel, Delivered, IncomingMessage, RawRequest, Receipt, Refusal, SignalKind};
use xiaoer::domain::{At, MINUTE};

use super::{NOW, secrets, standard};

fn signed(body: &[u8]) -> HeaderMap {
    let seconds = NOW.0 / 1000;
    let signature = secrets().sign("d-1", seconds, body);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("webhook-id", "d-1"),
        ("webhook-timestamp", &seconds.to_string()),
        ("webhook-signature", &signature),
    ] {
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    headers
}

fn receive(body: &[u8]) -> Result<Delivered, Refusal> {
    let headers = signed(body);
    let mut delivered = standard(None).receive(&RawRequest { headers: &headers, query: None, body }, NOW)?;
    assert_eq!(delivered.len(), 1);
    Ok(delivered.remove(0))
}

fn message(body: &Value) -> IncomingMessage {
    match receive(body.to_string().as_bytes()).unwrap() {
        Delivered::Message(message) => *message,
        other => panic!("{other:?}"),
    }
}

/// The status that a refusal becomes.
fn status(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::Signature(_) => 401,
        Refusal::MediaType { .. } => 415,
        Refusal::Malformed(_) => 400,
    }
}

fn where_is_my_parcel() -> Value {
    json!({"type": "message.created", "data": {
        "message_id": "m-1", "conversation_id": "c-1", "sent_at": "2026-11-11T00:00:01Z", "text": "我的快递到哪了",
        "customer": {"id": "u-1"},
    }})
}

fn rating() -> Value {
    json!({"type": "conversation.rated", "data": {
        "conversation_id": "c-1", "occurred_at": "2026-11-11T00:00:01Z", "rating": 5,
    }})
}

/// `body` with one field set.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[key] = value;
    body
}

fn without(mut body: Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    body
}

#[test]
fn every_payload_is_read() {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payloads/standard")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        insta::assert_debug_snapshot!(name.as_str(), receive(&std::fs::read(&path).unwrap()).unwrap());
        names.push(name);
    }
    assert_eq!(names.len(), 15, "{names:?}");
}

#[test]
fn a_required_field_is_asked_for_by_its_name() {
    for (body, field) in [
        (where_is_my_parcel(), "/type"),
        (where_is_my_parcel(), "/data"),
        (where_is_my_parcel(), "/data/message_id"),
        (where_is_my_parcel(), "/data/conversation_id"),
        (where_is_my_parcel(), "/data/text"),
        (where_is_my_parcel(), "/data/customer"),
        (where_is_my_parcel(), "/data/customer/id"),
        (rating(), "/data/conversation_id"),
        (rating(), "/data/occurred_at"),
        (rating(), "/data/rating"),
    ] {
        let expected = format!("`{}` is missing", field[1..].replace('/', "."));
        for body in [without(body.clone(), field), with(body, field, Value::Null)] {
            let refused = receive(body.to_string().as_bytes()).unwrap_err();
            assert_eq!((status(&refused), refused.to_string()), (400, expected.clone()));
        }
    }
}

#[test]
fn a_wrong_field_is_named_and_not_quoted() {
    let secret = "王小明 13812345678";
    for (pointer, value, expected) in [
        ("/type", json!(secret.len()), "`type` must be a string"),
        ("/data", json!([secret]), "`data` must be an object"),
        ("/data/message_id", json!(""), "`data.message_id` must not be empty"),
        ("/data/message_id", json!("  "), "`data.message_id` must not be empty"),
        ("/data/message_id", json!(12345), "`data.message_id` must be a string"),
        ("/data/message_id", json!(secret.repeat(20)), "`data.message_id` is longer than 256 bytes"),
        ("/data/conversation_id", json!("c\n1"), "`data.conversation_id` must not contain control characters"),
        ("/data/text", json!({"body": secret}), "`data.text` must be a string"),
        ("/data/customer", json!(secret), "`data.customer` must be an object"),
        ("/data/customer/verified", json!("true"), "`data.customer.verified` must be true or false"),
        ("/data/customer/phone", json!(13_812_345_678_u64), "`data.customer.phone` must be a string"),
        ("/data/customer/name", json!(secret.repeat(60)), "`data.customer.name` is longer than 1024 bytes"),
        ("/data/order_numbers", json!(secret), "`data.order_numbers` must be a list"),
        ("/data/order_numbers", json!([secret, 7]), "`data.order_numbers[]` must be a string"),
        ("/data/order_numbers", json!(vec!["1"; 101]), "`data.order_numbers` has more than 100 entries"),
        ("/data/attachments", json!([secret]), "`data.attachments[]` must be an object"),
        ("/data/attachments", json!([{"kind": "image"}]), "`data.attachments[].url` is missing"),
        ("/data/context", json!(secret), "`data.context` must be an object"),
        ("/data/sent_at", json!("昨天"), RFC_3339),
        ("/data/sent_at", json!(1_794_355_201), RFC_3339),
        ("/data/sent_at", json!("2026-11-11T00:00:01"), RFC_3339),
    ] {
        let refused = receive(with(where_is_my_parcel(), pointer, value).to_string().as_bytes()).unwrap_err();
        assert_eq!((status(&refused), refused.to_string().as_str()), (400, expected));
    }
}

const RFC_3339: &str = "`data.sent_at` must be a time after RFC 3339, such as 2026-11-11T00:00:01Z";

#[test]
fn a_link_that_could_run_never_reaches_a_desk() {
    for url in ["javascript:alert(1)", "data:text/html,x", "/relative.png", "file:///etc/passwd", ""] {
        let body = with(where_is_my_parcel(), "/data/attachments", json!([{"kind": "image", "url": url}]));
        let refused = receive(body.to_string().as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "`data.attachments[].url` must be an http or https link");
    }
}

#[test]
fn signals_are_held_to_what_they_mean() {
    let sent = |data: Value| {
        let mut body = json!({"type": "message.agent_sent", "data": {
            "message_id": "m-2", "conversation_id": "c-1", "occurred_at": "2026-11-11T00:00:01Z", "text": "在的亲",
        }});
        body["data"].as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        body
    };
    let closed = |by: &str| {
        json!({"type": "conversation.closed", "data": {
            "conversation_id": "c-1", "occurred_at": "2026-11-11T00:00:01Z", "closed_by": by,
        }})
    };
    let order = json!({"type": "order.updated", "data": {"occurred_at": "2026-11-11T00:00:01Z", "state": "shipped"}});
    for (body, expected) in [
        (with(rating(), "/data/rating", json!(0)), "`data.rating` must be one of: 1, 2, 3, 4, 5"),
        (with(rating(), "/data/rating", json!(6)), "`data.rating` must be one of: 1, 2, 3, 4, 5"),
        (with(rating(), "/data/rating", json!(4.5)), "`data.rating` must be one of: 1, 2, 3, 4, 5"),
        (closed("nobody"), "`data.closed_by` must be one of: customer, agent, bot, idle"),
        (sent(json!({"agent_id": "kefu-1"})), "`data.automatic` is missing"),
        (sent(json!({"automatic": false})), "`data.agent_id` is missing"),
        (sent(json!({"automatic": true, "text": null})), "`data.text` is missing"),
        (order, "`data.order_number` is missing"),
    ] {
        let refused = receive(body.to_string().as_bytes()).unwrap_err();
        assert_eq!((status(&refused), refused.to_string().as_str()), (400, expected));
    }
    let machine = receive(sent(json!({"automatic": true})).to_string().as_bytes()).unwrap();
    let Delivered::Signal(signal) = machine else { panic!("{machine:?}") };
    assert!(matches!(signal.what, SignalKind::AgentSent { agent: None, automatic: true, .. }));
    assert_eq!(signal.delivery.as_str(), "d-1");
}

#[test]
fn what_is_no_json_text_is_a_400() {
    let bomb = format!(r#"{{"type":"message.created","data":{}"#, "[".repeat(900_000));
    for body in [&b""[..], b"{", b"null", b"[]", b"\"x\"", b"{\"type\":\"\xe5\xbf\"}", b"type=x", bomb.as_bytes()] {
        assert_eq!(status(&receive(body).unwrap_err()), 400);
    }
}

#[test]
fn long_and_broken_texts_are_kept() {
    let book = "好".repeat(100_000);
    assert_eq!(message(&with(where_is_my_parcel(), "/data/text", json!(book))).parts.text, book);
    let nul = with(where_is_my_parcel(), "/data/text", json!("到\0哪了"));
    assert_eq!(message(&nul).parts.text, "到\u{FFFD}哪了");
    let halved = where_is_my_parcel().to_string().replace("到哪了", r"到哪了\ud83d");
    let Delivered::Message(halved) = receive(halved.as_bytes()).unwrap() else { panic!("no message") };
    assert_eq!(halved.parts.text, "我的快递到哪了\u{FFFD}");
    let spaces = with(where_is_my_parcel(), "/data/text", json!("  "));
    assert_eq!(message(&spaces).parts.text, "  ");
    let empty = with(where_is_my_parcel(), "/data/text", json!(""));
    assert_eq!(receive(empty.to_string().as_bytes()).unwrap_err().to_string(), "`data.text` is missing");
}

#[test]
fn a_clock_that_runs_ahead_is_held_back() {
    let sent_at = |stamp: At| {
        let written = stamp.timestamp().to_string();
        message(&with(where_is_my_parcel(), "/data/sent_at", json!(written))).parts.sent_at
    };
    assert_eq!(sent_at(NOW.plus(-60 * MINUTE)), NOW.plus(-60 * MINUTE));
    assert_eq!(sent_at(NOW.plus(5 * MINUTE)), NOW.plus(5 * MINUTE));
    assert_eq!(sent_at(NOW.plus(5 * MINUTE + 1)), NOW);
    assert_eq!(message(&without(where_is_my_parcel(), "/data/sent_at")).parts.sent_at, NOW);
    let far = with(rating(), "/data/occurred_at", json!("9999-01-01T00:00:00Z"));
    let Delivered::Signal(signal) = receive(far.to_string().as_bytes()).unwrap() else { panic!("no signal") };
    assert_eq!(signal.occurred_at, NOW);
}

#[test]
fn an_unsigned_or_changed_delivery_is_a_401_and_another_media_type_a_415() {
    let (channel, body) = (standard(None), where_is_my_parcel().to_string());
    let receive = |headers: &HeaderMap, body: &str, now| {
        let refused = channel.receive(&RawRequest { headers, query: None, body: body.as_bytes() }, now).unwrap_err();
        assert!(!refused.to_string().contains("快递"));
        status(&refused)
    };
    let whole = signed(body.as_bytes());
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut fewer = whole.clone();
        fewer.remove(name);
        assert_eq!(receive(&fewer, &body, NOW), 401, "{name}");
    }
    assert_eq!(receive(&whole, &body.replace("u-1", "u-2"), NOW), 401);
    assert_eq!(receive(&whole, &format!("{body} "), NOW), 401);
    assert_eq!(receive(&whole, &body, NOW.plus(6 * MINUTE)), 401);
    assert_eq!(receive(&whole, &body, NOW.plus(-6 * MINUTE)), 401);
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let mut other = whole.clone();
        other.insert("content-type", media_type.parse().unwrap());
        assert_eq!(receive(&other, &body, NOW), 415, "{media_type}");
    }
    let mut none = whole.clone();
    none.remove("content-type");
    assert_eq!(receive(&none, &body, NOW), 415);
}

#[test]
fn the_answers_are_those_of_the_contract() {
    let channel = standard(None);
    assert_eq!(channel.acknowledge(Receipt::Accepted).body, r#"{"status":"accepted"}"#);
    assert_eq!(channel.acknowledge(Receipt::Duplicate).body, r#"{"status":"duplicate"}"#);
    assert_eq!(channel.challenge(&[], NOW).unwrap(), None);
}
