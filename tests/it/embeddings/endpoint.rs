//! An embeddings endpoint on loopback, honest or not.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, body::Bytes};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::base;

/// What customers write in words that no file of the pack has, and what they mean.
pub const PARAPHRASES: &[(&str, &str)] = &[
    ("这东西寄到我手上还要另外掏跑腿钱吗", "logistics/shipping_fee"),
    ("会不会是山寨货啊", "product/authenticity"),
    ("外壳都裂开了，一看就是路上摔的", "aftersale/damaged_item"),
    ("钱怎么还没打回我卡里", "aftersale/refund_status"),
    ("do I have to pay extra to get it posted to me", "logistics/shipping_fee"),
];
/// What the learnt model guesses, but not surely enough to answer.
pub const GUESSED: &[(&str, &str)] = &[
    ("what time is the pickup", "aftersale/pickup"),
    ("地址是不是广州的", "order/confirm_address"),
    ("我想把之前写的那条评论删掉", "aftersale/review_help"),
    ("坏了能寄回去修修吗，修一次多少钱", "aftersale/repair"),
    ("坏了能寄回去修修吗", "aftersale/repair"),
    ("我写过的那条评论想去掉", "aftersale/review_help"),
    ("货发出来的地方是哪个省", "logistics/ships_from"),
    ("票据的抬头写错了想换一个", "invoice/change"),
];

/// How an endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Honest,
    /// Takes a while, within the time.
    Unhurried,
    /// Takes two seconds.
    Slow,
    Hangs,
    WrongWidth,
    NaN,
    Endless,
    Zero,
    TooFew,
    TooMany,
    OneIndexTwice,
    NoIndexes,
    Backwards,
    Error500,
    Html,
    Flood,
    BreaksOff,
    /// Every text gets the same vector.
    AllTheSame,
    /// Every text gets a vector by chance.
    Chance,
    /// Right for the examples; for everything else an intent that was not meant.
    Misleading,
    /// Another model under the same name.
    OtherModel,
    /// No more than ten texts at once.
    AtMostTen,
}

/// A real endpoint on a port of its own: it knows what the pack's examples mean, and what [`PARAPHRASES`] and [`GUESSED`] do.
#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    meanings: Arc<BTreeMap<String, usize>>,
    /// How many texts each request had.
    pub requests: Arc<Mutex<Vec<usize>>>,
    pub texts: Arc<Mutex<Vec<String>>>,
    pub keys: Arc<Mutex<Vec<String>>>,
    at_once: Arc<AtomicUsize>,
    pub most_at_once: Arc<AtomicUsize>,
}

impl Endpoint {
    pub async fn start() -> Self {
        let playbook = base();
        let mut meanings = BTreeMap::new();
        for (number, (id, intent)) in playbook.intents.iter().enumerate() {
            let lines = intent.wording.values().flat_map(|wording| &wording.examples);
            meanings.extend(lines.map(|line| (line.text.clone(), number)));
            let own = PARAPHRASES.iter().chain(GUESSED).filter(|(_, of)| *of == id.as_str());
            meanings.extend(own.map(|(text, _)| ((*text).to_owned(), number)));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            manner: Arc::new(Mutex::new(Manner::Honest)),
            meanings: Arc::new(meanings),
            requests: Arc::default(),
            texts: Arc::default(),
            keys: Arc::default(),
            at_once: Arc::default(),
            most_at_once: Arc::default(),
        };
        let router = Router::new().route("/v1/embeddings", post(answer)).with_state(endpoint.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        endpoint
    }

    pub fn is(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn settings(&self) -> String {
        format!("embeddings: {{url: \"{}\", model: test-model, timeout: 300ms}}\n", self.url)
    }

    pub fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// Texts that it had to compute since the last call.
    pub fn computed(&self) -> usize {
        self.requests.lock().unwrap().drain(..).sum()
    }

    /// A direction for each intent, and for each text a little of its own.
    fn vector(&self, text: &str, manner: Manner) -> Vec<f32> {
        let own = text.chars().fold(17u32, |seed, c| seed.wrapping_mul(31).wrapping_add(c as u32));
        let meaning = self.meanings.get(text).copied();
        let meaning = match manner {
            Manner::AllTheSame => return vec![0.5; 32],
            Manner::Chance => None,
            Manner::Misleading if PARAPHRASES.iter().chain(GUESSED).any(|(known, _)| *known == text) => {
                meaning.map(|number| (number + 7) % 50)
            }
            _ => meaning,
        };
        let turned = if manner == Manner::OtherModel { 5_000 } else { 0 };
        let meant = |d: u32| meaning.map_or(0.0, |number| 4.0 * noise(number as u32 * 64 + d + turned));
        (0..32).map(|d| meant(d) + noise(own.wrapping_add(d).wrapping_add(turned))).collect()
    }
}

/// Numbers that nobody would guess, the same each time.
fn noise(seed: u32) -> f32 {
    let mixed = seed.wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519) ^ (seed >> 3);
    (mixed.wrapping_mul(3_266_489_917) >> 8) as f32 / (1u32 << 24) as f32 - 0.5
}

/// A request that ends, or is given up.
struct Leaves(Arc<AtomicUsize>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn answer(State(endpoint): State<Endpoint>, headers: HeaderMap, Json(asked): Json<Value>) -> Response {
    let texts: Vec<String> = serde_json::from_value(asked["input"].clone()).unwrap();
    assert_eq!(asked["model"], "test-model");
    endpoint.requests.lock().unwrap().push(texts.len());
    endpoint.texts.lock().unwrap().extend(texts.clone());
    let key = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    endpoint.keys.lock().unwrap().push(key.to_owned());
    let now = endpoint.at_once.fetch_add(1, Ordering::SeqCst) + 1;
    endpoint.most_at_once.fetch_max(now, Ordering::SeqCst);
    let _leaves = Leaves(endpoint.at_once.clone());
    let manner = *endpoint.manner.lock().unwrap();
    match manner {
        Manner::Unhurried => tokio::time::sleep(Duration::from_millis(30)).await,
        Manner::Slow => tokio::time::sleep(Duration::from_secs(2)).await,
        Manner::Hangs => tokio::time::sleep(Duration::from_secs(600)).await,
        _ => {}
    }
    let row = |number: usize, vector: Value| json!({ "object": "embedding", "index": number, "embedding": vector });
    let rows = texts.iter().enumerate().map(|(number, text)| row(number, json!(endpoint.vector(text, manner))));
    let mut rows: Vec<Value> = rows.collect();
    let body = |rows: &[Value]| json!({ "object": "list", "model": "test-model", "data": rows }).to_string();
    let last = rows.len() - 1;
    match manner {
        Manner::WrongWidth => rows[last]["embedding"] = json!(vec![0.1; 31]),
        Manner::Zero => rows[last]["embedding"] = json!(vec![0.0; 32]),
        Manner::TooFew => drop(rows.pop()),
        Manner::TooMany => rows.push(rows[0].clone()),
        Manner::OneIndexTwice => rows.iter_mut().for_each(|row| row["index"] = json!(1)),
        Manner::NoIndexes => rows.iter_mut().for_each(|row| _ = row.as_object_mut().unwrap().remove("index")),
        Manner::Backwards => rows.reverse(),
        Manner::NaN => return body(&rows).replacen("\"embedding\":[", "\"embedding\":[NaN,", 1).into_response(),
        Manner::Endless => return body(&rows).replacen("\"embedding\":[", "\"embedding\":[1e39,", 1).into_response(),
        Manner::Error500 => return (StatusCode::INTERNAL_SERVER_ERROR, body(&rows)).into_response(),
        Manner::AtMostTen if rows.len() > 10 => return (StatusCode::BAD_REQUEST, "too many").into_response(),
        Manner::Html => return "<html>login</html>".into_response(),
        Manner::Flood | Manner::BreaksOff => {
            let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'['; 8192])));
            let broken =
                futures_util::stream::iter([Ok(Bytes::from("{\"data\":[")), Err(std::io::Error::other("gone"))]);
            let body = if manner == Manner::Flood { Body::from_stream(endless) } else { Body::from_stream(broken) };
            return body.into_response();
        }
        _ => {}
    }
    body(&rows).into_response()
}
