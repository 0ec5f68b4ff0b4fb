//! What the generic channel makes of every kind of receiver: each is a real one on this machine.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use xiaoer::channels::{Author, Channel, Notice, Outgoing, ReplyCreated, SendOutcome, SendUrlError, Standard};
use xiaoer::channels::{HttpClient, next_attempt};
use xiaoer::domain::{At, HOUR};

use super::{NOW, secrets, standard};

type Seen = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

fn on_its_way() -> Outgoing {
    Outgoing {
        key: "r-1".into(),
        notice: Notice::ReplyCreated(ReplyCreated {
            reply_id: "r-1".into(),
            conversation_id: "c-1".into(),
            customer_id: Some("u-1".into()),
            text: "您的订单已由中通发出，单号 78123456789012。".to_owned(),
            attachments: Vec::new(),
            author: Author::Bot,
            in_reply_to: vec!["m-1".into()],
            intents: vec!["logistics/track_parcel".into()],
            turn_id: Some("t-1".into()),
        }),
    }
}

/// A receiver that keeps what it saw; returns its address.
async fn receiver(routes: Router<Seen>) -> (String, Seen) {
    let seen = Seen::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = routes.with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (address, seen)
}

async fn keep(State(seen): State<Seen>, headers: HeaderMap, body: Bytes) {
    seen.lock().unwrap().push((headers, body));
}

async fn send_to(address: &str) -> SendOutcome {
    standard(Some(address)).send(&on_its_way(), NOW).await
}

async fn answered(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> SendOutcome {
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let response = Arc::new(Mutex::new(Some(response)));
    let answer = move || async move { response.lock().unwrap().take().unwrap() };
    let (address, _) = receiver(Router::new().route("/", post(answer))).await;
    send_to(&address).await
}

#[tokio::test]
async fn what_arrives_is_signed_and_the_same_at_every_attempt() {
    let (address, seen) = receiver(Router::new().route("/hook", post(keep))).await;
    let channel = standard(Some(&format!("{address}/hook?token=x")));
    for now in [NOW, NOW.plus(90_000)] {
        assert_eq!(channel.send(&on_its_way(), now).await, SendOutcome::Sent);
    }
    let seen = seen.lock().unwrap();
    for ((headers, body), now) in seen.iter().zip([NOW, NOW.plus(90_000)]) {
        assert_eq!(headers["content-type"], "application/json");
        let verified = secrets().verify(headers, body, now).unwrap();
        assert_eq!(verified.signed_id(), "r-1");
    }
    assert_eq!((seen.len(), &seen[0].1), (2, &seen[1].1));
    let body: serde_json::Value = serde_json::from_slice(&seen[0].1).unwrap();
    assert_eq!(body["type"], "reply.created");
    assert_eq!(body["data"]["author"], "bot");
}

#[tokio::test]
async fn each_answer_has_its_outcome() {
    use SendOutcome::{Final, NotSent, Sent, Unknown, Wait};
    assert_eq!(answered(200, &[], "ok").await, Sent);
    assert_eq!(answered(202, &[], "").await, Sent);
    let slower = answered(429, &[("retry-after", "7")], "slow down").await;
    assert_eq!(slower, Wait { millis: Some(7000), why: "status 429: slow down".to_owned() });
    // Half an hour after NOW.
    let date = [("retry-after", "Wed, 11 Nov 2026 00:30:05 GMT")];
    assert_eq!(answered(503, &date, "").await, Wait { millis: Some(HOUR / 2), why: "status 503".to_owned() });
    assert_eq!(answered(503, &[], "").await, Wait { millis: None, why: "status 503".to_owned() });
    assert_eq!(answered(400, &[], "no such chat\n").await, Final { why: "status 400: no such chat".to_owned() });
    assert_eq!(answered(410, &[], "").await, Final { why: "status 410".to_owned() });
    assert_eq!(answered(500, &[], "").await, Unknown { why: "status 500".to_owned() });
    assert!(matches!(answered(302, &[("location", "/")], "").await, NotSent { .. }));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = || async { (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]) };
    let routes = Router::new().route("/", post(moved)).route("/elsewhere", post(keep));
    let (address, seen) = receiver(routes).await;
    let SendOutcome::NotSent { why } = send_to(&address).await else { panic!("followed") };
    assert_eq!(why, "status 307: redirects are not followed");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_there_is_surely_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/?token=hush", listener.local_addr().unwrap());
    drop(listener);
    let SendOutcome::NotSent { why } = send_to(&address).await else { panic!("sent to nobody") };
    assert!(why.contains("refused") && !why.contains("hush"), "{why}");
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_may_have_it() {
    let hang = || async {
        std::future::pending::<()>().await;
    };
    let (address, _) = receiver(Router::new().route("/", post(hang))).await;
    let began = Instant::now();
    assert_eq!(send_to(&address).await, SendOutcome::Unknown { why: "no answer in time".to_owned() });
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_receiver_that_hangs_up_may_have_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut begun = [0; 64];
        assert!(stream.read(&mut begun).await.unwrap() > 0);
    });
    assert!(matches!(send_to(&address).await, SendOutcome::Unknown { .. }));
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let endless = |status| {
        move || async move {
            let chunks =
                futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 512])));
            (status, Body::from_stream(chunks)).into_response()
        }
    };
    let slow = || async {
        let begun = futures_util::stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{")) });
        let never = futures_util::stream::pending();
        Response::new(Body::from_stream(futures_util::StreamExt::chain(begun, never)))
    };
    let routes = Router::new()
        .route("/good", post(endless(StatusCode::OK)))
        .route("/bad", post(endless(StatusCode::BAD_REQUEST)))
        .route("/slow", post(slow));
    let (address, _) = receiver(routes).await;
    assert_eq!(send_to(&format!("{address}/good")).await, SendOutcome::Sent);
    let SendOutcome::Final { why } = send_to(&format!("{address}/bad")).await else { panic!("not final") };
    assert_eq!(why.chars().filter(|c| *c == 'x').count(), 200);
    assert_eq!(send_to(&format!("{address}/slow")).await, SendOutcome::Sent);
}

#[tokio::test]
async fn a_channel_without_an_address_keeps_its_replies_for_the_api() {
    assert_eq!(standard(None).send(&on_its_way(), NOW).await, SendOutcome::Sent);
    let client = HttpClient::new(Duration::from_secs(1)).unwrap();
    for wrong in ["ftp://example.com", "example.com/hook", ""] {
        let refused = Standard::new(secrets(), Some(wrong), client.clone()).unwrap_err();
        assert_eq!(refused, SendUrlError::NotALink, "{wrong}");
    }
}

#[test]
fn a_platform_that_is_down_all_night_gets_no_storm() {
    let mut now = At(0);
    let mut attempts = 0;
    while let Some(wait) = next_attempt(attempts, 0.5) {
        (now, attempts) = (now.plus(wait), attempts + 1);
    }
    assert_eq!(attempts, 20);
    assert!((HOUR / 2..=HOUR).contains(&now.0), "{now:?}");
}
