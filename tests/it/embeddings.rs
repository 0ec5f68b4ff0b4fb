//! An embeddings endpoint helps where the bot is unsure; down, slow or lying, it changes nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, body::Bytes};
use clap::Parser;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use xiaoer::cli::replay::Replay;
use xiaoer::domain::{IntentId, Language, Message, OrdersFound, Rung, TurnInput, TurnOutcome};
use xiaoer::engine::{Engine, Recorded};
use xiaoer::nearness::{Endpoints, NearExamples, Readiness};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::embeddings::EmbeddingsSettings;
use xiaoer::playbook::layer::Layer;

use crate::service::{Running, ShopFiles, http};

/// What customers write in words that no file of the pack has, and what they mean.
const PARAPHRASES: &[(&str, &str)] = &[
    ("这东西寄到我手上还要另外掏跑腿钱吗", "logistics/shipping_fee"),
    ("会不会是山寨货啊", "product/authenticity"),
    ("外壳都裂开了，一看就是路上摔的", "aftersale/damaged_item"),
    ("钱怎么还没打回我卡里", "aftersale/refund_status"),
    ("do I have to pay extra to get it posted to me", "logistics/shipping_fee"),
];
/// What the learnt model guesses, but not surely enough to answer.
const GUESSED: &[(&str, &str)] = &[
    ("我想把之前写的那条评论删掉", "aftersale/review_help"),
    ("坏了能寄回去修修吗，修一次多少钱", "aftersale/repair"),
    ("坏了能寄回去修修吗", "aftersale/repair"),
    ("我写过的那条评论想去掉", "aftersale/review_help"),
    ("货发出来的地方是哪个省", "logistics/ships_from"),
    ("票据的抬头写错了想换一个", "invoice/change"),
];
const SURE: &str = "请问包邮吗？";

/// How an endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
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
struct Endpoint {
    url: String,
    manner: Arc<Mutex<Manner>>,
    meanings: Arc<BTreeMap<String, usize>>,
    /// How many texts each request had.
    requests: Arc<Mutex<Vec<usize>>>,
    texts: Arc<Mutex<Vec<String>>>,
    keys: Arc<Mutex<Vec<String>>>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

fn base() -> Playbook {
    Playbook::load("test".into(), &[Layer::base()]).playbook.unwrap()
}

impl Endpoint {
    async fn start() -> Self {
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

    fn is(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn settings(&self) -> String {
        format!("embeddings: {{url: \"{}\", model: test-model, timeout: 300ms}}\n", self.url)
    }

    fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// Texts that it had to compute since the last call.
    fn computed(&self) -> usize {
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

/// A shop with an endpoint, once its examples are ready.
async fn shop_with(endpoint: &Endpoint) -> Running {
    let shop = Running::with(&ShopFiles { settings: &endpoint.settings(), ..ShopFiles::default() }, None).await;
    assert_eq!(settled(&shop).await, Readiness::Ready);
    shop
}

async fn settled(shop: &Running) -> Readiness {
    shop.shops.get(&"test".into()).unwrap().near_examples().unwrap().settled().await
}

/// What an agent is offered for a message, and the intent of the first of it.
async fn suggested(shop: &Running, text: &str) -> (Value, String) {
    let (status, answer) = shop.post("/suggest", &json!({ "messages": [{ "from": "customer", "text": text }] })).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let first = answer["suggestions"][0]["intent"].as_str().unwrap_or_default().to_owned();
    let mut suggestions = answer["suggestions"].clone();
    // Ids hold the turn's, which is another each time.
    suggestions.as_array_mut().unwrap().iter_mut().for_each(|one| one["id"] = Value::Null);
    (json!([answer["intents"], suggestions]), first)
}

/// Decided by the base pack alone, without an endpoint.
async fn alone(engine: &Engine, text: &str) -> (TurnInput, TurnOutcome) {
    let input = TurnInput {
        id: "t-1".into(),
        shop: "test".into(),
        channel: "web".into(),
        conversation: "c-1".into(),
        customer: Default::default(),
        messages: vec![Message::plain("m-1".into(), text, Default::default())],
        state: Default::default(),
        mode: Default::default(),
        intent_modes: Default::default(),
        neighbours: None,
        now: Default::default(),
    };
    let outcome = engine.decide(&input, &Recorded(OrdersFound::default())).await;
    (input, outcome)
}

/// The paraphrases that the engine is unsure of and whose intent it does not suggest first.
async fn not_understood() -> Vec<(&'static str, &'static str)> {
    let engine = Engine::compile(base()).unwrap();
    let mut found = Vec::new();
    for (text, meant) in PARAPHRASES {
        let (_, outcome) = alone(&engine, text).await;
        if outcome.decision.rung == Rung::Unsure && outcome.suggestions[0].intent.as_str() != *meant {
            found.push((*text, *meant));
        }
    }
    assert!(found.len() >= 2, "the paraphrases are understood by now; think of others");
    found
}

/// A sentence that the model guesses right and not surely.
async fn half_understood() -> (&'static str, &'static str) {
    let engine = Engine::compile(base()).unwrap();
    for (text, meant) in GUESSED {
        let (_, outcome) = alone(&engine, text).await;
        let guess = outcome.classification.requests().next().filter(|guess| guess.intent.as_str() == *meant);
        let is_one = outcome.classification.requests().count() == 1;
        if outcome.decision.rung == Rung::Unsure && is_one && guess.is_some_and(|guess| guess.confidence >= 0.55) {
            return (text, meant);
        }
    }
    panic!("nothing is half understood any more; think of other sentences");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsure_turn_gets_the_right_first_suggestion_and_is_decided_the_same_again() {
    let (endpoint, (text, meant)) = (Endpoint::start().await, not_understood().await[0]);
    let shop = shop_with(&endpoint).await;
    let before = endpoint.requests();
    let wang = shop.customer("wang");
    let outcome = wang.says(text).await;
    assert_eq!(outcome.decision(), "hand_off · unsure");
    let told = shop.platform.hears("conversation.handed_off").await;
    assert_eq!(told["data"]["suggestions"][0]["intent"], meant, "{told:#}");
    assert_eq!(endpoint.requests(), before + 1, "one request for the turn");
    let reason = outcome.view["turns"][0]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains(&format!("≈ {meant}")), "{reason}");

    // The endpoint is gone; the turn holds what it said.
    endpoint.is(Manner::Error500);
    let report = replay(&shop).await;
    assert_eq!((report.turns, report.changes.len(), report.undecided.len()), (1, 0, 0));
    assert_eq!(endpoint.requests(), before + 1, "nobody asks again");
    shop.stop().await;
}

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    replay: Replay,
}

async fn replay(shop: &Running) -> xiaoer::cli::replay::Report {
    let (shops, data) = (shop.folder.path().join("shops"), shop.folder.path());
    let words = ["replay", "--shops", shops.to_str().unwrap(), "--data", data.to_str().unwrap()];
    Command::try_parse_from(words).unwrap().replay.play(Language::En).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_is_answered_only_if_the_neighbours_say_the_same() {
    let (endpoint, (text, meant)) = (Endpoint::start().await, half_understood().await);
    let shop = shop_with(&endpoint).await;
    let outcome = shop.customer("agreed").says(text).await;
    assert_ne!(outcome.rung, "unsure", "{text}: {outcome:#?}");
    let (found, first) = suggested(&shop, text).await;
    assert_eq!(first, meant);
    let kinds: Vec<&str> =
        found[0][0]["evidence"].as_array().unwrap().iter().filter_map(|piece| piece["kind"].as_str()).collect();
    assert_eq!(kinds, ["model", "near"], "{found:#}");

    // As sure as it likes of another intent, the endpoint makes the bot say nothing.
    endpoint.is(Manner::Misleading);
    let outcome = shop.customer("misled").says(text).await;
    assert_eq!(outcome.decision(), "hand_off · unsure");
    for (number, (text, _)) in not_understood().await.into_iter().enumerate() {
        assert_eq!(shop.customer(&format!("misled-{number}")).says(text).await.act, "hand_off", "{text}");
    }
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_changes_nothing_and_the_next_truth_is_heard() {
    let (endpoint, (text, meant)) = (Endpoint::start().await, not_understood().await[0]);
    let without = Running::start().await;
    let (as_without, _) = suggested(&without, text).await;
    without.stop().await;
    let shop = shop_with(&endpoint).await;
    for lie in [
        Manner::WrongWidth,
        Manner::NaN,
        Manner::Endless,
        Manner::Zero,
        Manner::TooFew,
        Manner::TooMany,
        Manner::OneIndexTwice,
        Manner::Error500,
        Manner::Html,
        Manner::Flood,
        Manner::BreaksOff,
        Manner::Hangs,
        Manner::Slow,
    ] {
        endpoint.is(lie);
        let asked = (endpoint.requests(), Instant::now());
        assert_eq!(suggested(&shop, text).await.0, as_without, "{lie:?}");
        assert_eq!(endpoint.requests(), asked.0 + 1, "{lie:?}: asked once, not again");
        assert!(asked.1.elapsed() < Duration::from_millis(1_300), "{lie:?} took {:?}", asked.1.elapsed());
        endpoint.is(Manner::Honest);
        assert_eq!(suggested(&shop, text).await.1, meant, "after {lie:?}");
    }
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_endpoint_holds_nobody_up() {
    let (endpoint, unsure) = (Endpoint::start().await, not_understood().await);
    let shop = shop_with(&endpoint).await;
    endpoint.is(Manner::Unhurried);
    join_all((0..40).map(|n| suggested(&shop, unsure[n % unsure.len()].0))).await;
    let most = endpoint.most_at_once.load(Ordering::SeqCst);
    assert!((2..=8).contains(&most), "{most} at once");
    endpoint.is(Manner::Slow);
    let before = endpoint.requests();
    let asks = |text: &'static str| async {
        let started = Instant::now();
        suggested(&shop, text).await;
        started.elapsed()
    };
    let (unsure, sure) = tokio::join!(
        join_all((0..40).map(|n| asks(unsure[n % unsure.len()].0))),
        join_all((0..10).map(|_| asks(SURE)))
    );
    let (slowest, others) = (unsure.iter().max().unwrap(), sure.iter().max().unwrap());
    println!("unsure turns took {slowest:?} at most, others {others:?}");
    assert!(*slowest < Duration::from_millis(1_500), "{slowest:?}");
    let first_round = endpoint.requests() - before;
    // One or two may slip in between the first time-outs and the breaker's opening.
    assert!(first_round <= 12, "{first_round} requests");
    // It rests now: turns don't even wait for the time-out.
    let rested = asks(PARAPHRASES[0].0).await;
    assert!(rested < Duration::from_millis(290), "{rested:?}");
    assert_eq!(endpoint.requests() - before, first_round);
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_down_or_means_nothing_is_done_without() {
    let (text, _) = not_understood().await[0];
    let without = Running::start().await;
    let (as_without, _) = suggested(&without, text).await;
    without.stop().await;
    for manner in [Manner::AllTheSame, Manner::Chance, Manner::Html, Manner::Error500, Manner::OneIndexTwice] {
        let endpoint = Endpoint::start().await;
        endpoint.is(manner);
        let shop = Running::with(&ShopFiles { settings: &endpoint.settings(), ..ShopFiles::default() }, None).await;
        let state = settled(&shop).await;
        assert!(matches!(state, Readiness::Failing(_)), "{manner:?}: {state:?}");
        endpoint.computed();
        assert_eq!(suggested(&shop, text).await.0, as_without, "{manner:?}");
        assert!(!endpoint.texts.lock().unwrap().iter().any(|asked| asked == text), "{manner:?}: no turn asks it");
        shop.stop().await;
    }
    let settings = "embeddings: {url: \"http://127.0.0.1:1\", model: m, key: env:XIAOER_TEST_UNSET}\n";
    let shop = Running::with(&ShopFiles { settings, ..ShopFiles::default() }, None).await;
    assert_eq!(suggested(&shop, text).await.0, as_without, "without its key");
    shop.stop().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = format!("embeddings: {{url: \"http://{}\", model: m}}\n", listener.local_addr().unwrap());
    drop(listener);
    let shop = Running::with(&ShopFiles { settings: &settings, ..ShopFiles::default() }, None).await;
    assert!(matches!(settled(&shop).await, Readiness::Failing(_)));
    assert_eq!(suggested(&shop, text).await.0, as_without);
    assert_eq!(shop.customer("wang").says(SURE).await.decision(), "answer · sure");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_unsure_turns_ask_and_a_customers_numbers_stay_here() {
    let (endpoint, (text, _)) = (Endpoint::start().await, not_understood().await[0]);
    std::fs::write(std::env::temp_dir().join("xiaoer-test-embeddings-key"), "k-123\n").unwrap();
    let key = std::env::temp_dir().join("xiaoer-test-embeddings-key");
    let settings = endpoint.settings().replace("model:", &format!("key: \"file:{}\", model:", key.display()));
    let shop = Running::with(&ShopFiles { settings: &settings, ..ShopFiles::default() }, None).await;
    assert_eq!(settled(&shop).await, Readiness::Ready);
    let before = endpoint.requests();
    for sure in [SURE, "你好", "谢谢", "转人工", "？？"] {
        suggested(&shop, sure).await;
    }
    assert_eq!(endpoint.requests(), before);
    suggested(&shop, &format!("{text}，我的订单 202688130047125601，手机 13812345678")).await;
    let asked = endpoint.texts.lock().unwrap().last().cloned().unwrap();
    assert!(asked.contains(text) && !asked.contains("2026") && !asked.contains("138"), "{asked}");
    assert!(endpoint.keys.lock().unwrap().iter().all(|key| key == "Bearer k-123"));
    shop.stop().await;
    std::fs::remove_file(key).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_no_request_is_made() {
    let (endpoint, (text, _)) = (Endpoint::start().await, not_understood().await[0]);
    let shop = Running::start().await;
    assert!(shop.shops.get(&"test".into()).unwrap().nearness().is_none());
    assert_eq!(shop.customer("wang").says(text).await.decision(), "hand_off · unsure");
    assert_eq!(endpoint.requests(), 0);
    shop.stop().await;
}

/// Starts a playbook's examples as a process would that has just begun.
async fn started(endpoint: &Endpoint, data: &std::path::Path, playbook: &Playbook) -> NearExamples {
    let settings =
        EmbeddingsSettings { url: endpoint.url.clone(), model: "test-model".to_owned(), key: None, timeout_ms: 300 };
    let endpoints = Endpoints::new(http(), data);
    let within = Duration::from_millis(300);
    let runtime = tokio::runtime::Handle::current();
    let near = NearExamples::start(endpoints.of(&settings, None).unwrap(), playbook, within, &runtime);
    assert_eq!(near.settled().await, Readiness::Ready);
    near
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_are_computed_once_and_anew_for_another_model() {
    let (endpoint, data, playbook) = (Endpoint::start().await, tempfile::tempdir().unwrap(), base());
    let intents: Vec<&IntentId> = playbook.intents.keys().collect();
    assert!(intents.len() > 100);
    drop(started(&endpoint, data.path(), &playbook).await);
    let all = endpoint.computed();
    assert!(all > 4_000, "{all}");
    drop(started(&endpoint, data.path(), &playbook).await);
    assert!(endpoint.computed() <= 8, "a few are tried again to see that it is the same model");
    for manner in [Manner::OtherModel, Manner::NoIndexes, Manner::Backwards] {
        endpoint.is(manner);
        drop(started(&endpoint, data.path(), &playbook).await);
        let computed = endpoint.computed();
        let expected = if manner == Manner::Backwards { 0..=8 } else { all..=all + 8 };
        assert!(expected.contains(&computed), "{manner:?}: {computed}");
    }
    let fresh = tempfile::tempdir().unwrap();
    endpoint.is(Manner::AtMostTen);
    drop(started(&endpoint, fresh.path(), &playbook).await);
    assert!(endpoint.requests.lock().unwrap().iter().skip(3).all(|texts| *texts <= 10));
}
