//! Clients that take their time: none of them holds the service.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use xiaoer::server::Limits;

use super::{Sent, answers_a_good_message, confidential, rows};
use crate::service::{Running, ShopFiles};

/// Short, so that the test is.
fn limits() -> Limits {
    Limits {
        head: Duration::from_millis(600),
        body: Duration::from_millis(900),
        write: Duration::from_millis(700),
        connections: 64,
        ..Limits::default()
    }
}

async fn impatient() -> Running {
    Running::limited(&ShopFiles::default(), None, limits()).await
}

async fn connect(shop: &Running) -> TcpStream {
    TcpStream::connect(shop.base.trim_start_matches("http://")).await.unwrap()
}

/// All that comes until the other side ends the connection; it must do so within 5 s.
async fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    let read = async {
        // A reset is an end as well.
        while let Ok(read @ 1..) = stream.read(&mut piece).await {
            answer.extend_from_slice(&piece[..read]);
        }
    };
    timeout(Duration::from_secs(5), read).await.expect("the connection is left open");
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

/// The head of a signed delivery, without the empty line that ends it.
fn head(sent: &Sent) -> String {
    let mut head = format!("POST /webhooks/test/web HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n", sent.body.len());
    for (name, value) in sent.headers() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_is_given_up() {
    let shop = impatient().await;
    let mut silent = connect(&shop).await;
    let (_, waited) = until_closed(&mut silent).await;
    assert!(waited >= limits().head / 2, "closed after {waited:?} without a chance");

    let mut half = connect(&shop).await;
    half.write_all(b"POST /webhooks/test/web HTTP/1.1\r\nhost: x\r\nwebhook-").await.unwrap();
    until_closed(&mut half).await;

    // A byte now and then is no better.
    let (mut read, mut write) = connect(&shop).await.into_split();
    let dripping = tokio::spawn(async move {
        for byte in head(&Sent::good(confidential("m-1"))).into_bytes() {
            if write.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut rest = Vec::new();
    let end = timeout(Duration::from_secs(3), read.read_to_end(&mut rest)).await;
    assert!(end.is_ok(), "a head that drips in is read for ever");
    dripping.abort();
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_next_request_is_closed() {
    let shop = impatient().await;
    let mut kept = connect(&shop).await;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let (answer, _) = until_closed(&mut kept).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_in_is_given_up() {
    let shop = impatient().await;
    let before = rows(&shop).await;
    let sent = Sent::good(confidential("m-1"));
    let mut stream = connect(&shop).await;
    stream.write_all(format!("{}\r\n", head(&sent)).as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let body = sent.body;
    let dripping = tokio::spawn(async move {
        for byte in body {
            if write.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = vec![0; 4096];
    let read = timeout(Duration::from_secs(3), read.read(&mut answer)).await.expect("still reading").unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    dripping.abort();
    assert_eq!(rows(&shop).await, before);

    // Behind a token it is no other.
    let mut stream = connect(&shop).await;
    let head = format!(
        "POST /api/v1/shops/test/suggest HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        shop.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (answer, _) = until_closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

/// Asks and asks, and reads none of the answers.
#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_answer_is_given_up() {
    let shop = impatient().await;
    let (read, mut write) = connect(&shop).await.into_split();
    let asking = async {
        let request = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
        // What was sent is taken until both sides' buffers are full; then the connection has to end under our hands.
        while write.write_all(&request).await.is_ok() {}
    };
    timeout(Duration::from_secs(20), asking).await.expect("the connection is left open");
    drop(read);
    answers_a_good_message(&shop, "u-good").await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_idle_connections_keep_nobody_out() {
    let shop = Running::start().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(connect(&shop).await);
    }
    let begun = Instant::now();
    shop.customer("u-1").write("你好").await;
    assert!(begun.elapsed() < Duration::from_secs(1), "a good client waited {:?}", begun.elapsed());
    drop(idle);
    shop.stop().await;

    // Also where there are fewer places than idlers.
    let shop = impatient().await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(connect(&shop).await);
    }
    let begun = Instant::now();
    answers_a_good_message(&shop, "u-2").await;
    assert!(begun.elapsed() < Duration::from_secs(8), "a good client waited {:?}", begun.elapsed());
    drop(idle);
    shop.stop().await;
}
