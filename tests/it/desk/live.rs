//! The stream of a desk: what changes is heard at once, by those whom it concerns, and nothing is missed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xiaoer::domain::Role;

use super::{Seat, hire};
use crate::service::{PATIENCE, Running};

/// A stream that is read piece by piece.
pub struct Stream {
    response: reqwest::Response,
    rest: String,
    /// Where it would go on.
    pub last_id: Option<String>,
}

impl Stream {
    pub async fn open(seat: &Seat, after: Option<&str>) -> Self {
        let url = format!("{}/api/v1/events", seat.base);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(url).header("cookie", &seat.cookie);
        let request = after.into_iter().fold(request, |request, id| request.header("last-event-id", id));
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: String::new(), last_id: None }
    }

    /// The next event: its kind and its data.
    pub async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some(end) = self.rest.find("\n\n") {
                let event: String = self.rest.drain(..end + 2).collect();
                let field = |name: &str| {
                    let lines = event.lines();
                    lines.filter_map(|line| line.strip_prefix(name)).map(|v| v.trim().to_owned()).next()
                };
                self.last_id = field("id:").or(self.last_id.take());
                if let (Some(kind), Some(data)) = (field("event:"), field("data:")) {
                    return (kind, serde_json::from_str(&data).unwrap());
                }
                continue;
            }
            let piece = tokio::time::timeout(PATIENCE * 2, self.response.chunk()).await.expect("nothing came");
            self.rest.push_str(&String::from_utf8_lossy(&piece.unwrap().expect("the stream goes on")));
        }
    }

    /// The next chat that is told of and is so.
    pub async fn item(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (kind, data) = self.next().await;
            if kind == "items"
                && let Some(item) = data["items"].as_array().unwrap().iter().find(|item| is(item))
            {
                return item.clone();
            }
        }
    }

    /// Waits until a chat is told to be gone.
    pub async fn gone(&mut self, id: &str) {
        loop {
            let (kind, data) = self.next().await;
            if kind == "items" && data["gone"].as_array().unwrap().iter().any(|gone| gone["id"] == id) {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_heard_by_those_whom_it_concerns() {
    let service = Running::start().await;
    for (id, name) in [("li", "小李"), ("wang", "小王")] {
        hire(&service, id, name, "test", Role::Agent).await;
    }
    let (li, wang) = (Seat::take(&service, "li").await, Seat::take(&service, "wang").await);
    let (mut one, mut other) = (Stream::open(&li, None).await, Stream::open(&wang, None).await);
    let customer = service.customer("zhang");
    customer.says("转人工").await;
    let id = customer.conversation().await.unwrap();
    one.item(|item| item["id"] == id.as_str() && item["state"] == "waiting").await;
    other.item(|item| item["id"] == id.as_str() && item["state"] == "waiting").await;

    li.does(&format!("/shops/test/conversations/{id}/take"), json!({})).await;
    one.item(|item| item["state"] == "agent" && item["holder"]["id"] == "li").await;
    other.gone(&id).await;
    // A message in a held chat: from the platform's webhook to the screen.
    let mut slowest = Duration::ZERO;
    for n in 0..10 {
        let text = format!("在吗{n}");
        let begun = Instant::now();
        customer.write(&text).await;
        one.item(|item| item["last"]["text"] == text.as_str()).await;
        slowest = slowest.max(begun.elapsed());
    }
    println!("the slowest of ten messages was heard after {slowest:?}");
    assert!(slowest < Duration::from_millis(1_500), "{slowest:?}");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_broke_goes_on_where_it_was() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let cursor = li.read("/desk").await["cursor"].as_str().unwrap().to_owned();
    let mut ids = Vec::new();
    for n in 0..5 {
        let customer = service.customer(&format!("c{n}"));
        customer.says("转人工").await;
        ids.push(customer.conversation().await.unwrap());
    }
    // Opened after all of it happened, from the place before.
    let mut stream = Stream::open(&li, Some(&cursor)).await;
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < 5 {
        let (kind, data) = stream.next().await;
        if kind == "items" {
            heard.extend(data["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        }
    }
    assert!(ids.iter().all(|id| heard.contains(id)));
    // Cut off, and one closed meanwhile.
    while stream.last_id.is_none() {
        stream.next().await;
    }
    let last = stream.last_id.clone().unwrap();
    drop(stream);
    li.does(&format!("/shops/test/conversations/{}/close", ids[0]), json!({})).await;
    let mut stream = Stream::open(&li, Some(&last)).await;
    stream.gone(&ids[0]).await;
    service.stop().await;
}
