//! An embeddings endpoint helps where the bot is unsure; down, slow or lying, it changes nothing.

mod endpoint;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use clap::Parser;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use xiaoer::cli::replay::Replay;
use xiaoer::domain::{
    Asked, At, IntentId, Language, Message, Neighbours, OrdersFound, Pending, Rung, TurnInput, TurnOutcome, Vote,
};
use xiaoer::engine::{Engine, Recorded};
use xiaoer::nearness::{Endpoints, NearExamples, Readiness};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::embeddings::EmbeddingsSettings;
use xiaoer::playbook::layer::Layer;

use crate::service::{Running, ShopFiles, http};
use endpoint::{Endpoint, GUESSED, Manner, PARAPHRASES};

const SURE: &str = "请问包邮吗？";

fn base() -> Playbook {
    Playbook::load("test".into(), &[Layer::base()]).playbook.unwrap()
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

/// A turn of one message, in a talk that has just begun.
fn turn(text: &str) -> TurnInput {
    TurnInput {
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
    }
}

async fn decided(engine: &Engine, input: &TurnInput) -> TurnOutcome {
    engine.decide(input, &Recorded(OrdersFound::default())).await
}

/// All examples near lie with one intent, and such votes are right.
fn all_for(intent: &str) -> Option<Neighbours> {
    let vote = Vote { intent: intent.into(), share: 1.0, similarity: 0.9, example: "…".to_owned() };
    Some(Neighbours { votes: vec![vote], closeness: 0.9, right: 0.99 })
}

/// The paraphrases that the engine is unsure of and whose intent it does not suggest first.
async fn not_understood() -> Vec<(&'static str, &'static str)> {
    let engine = Engine::compile(base()).unwrap();
    let mut found = Vec::new();
    for (text, meant) in PARAPHRASES {
        let outcome = decided(&engine, &turn(text)).await;
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
        let outcome = decided(&engine, &turn(text)).await;
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
    assert_eq!((report.again.turns, report.again.changes.len(), report.again.undecided.len()), (1, 0, 0));
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
    let texts = not_understood().await.into_iter().map(|(text, _)| text).chain([text]);
    let told = texts.enumerate().map(async |(number, text)| {
        let outcome = shop.customer(&format!("misled-{number}")).says(text).await;
        assert_eq!(outcome.decision(), "hand_off · unsure", "{text}");
    });
    join_all(told).await;
    shop.stop().await;
}

#[tokio::test]
async fn neighbours_name_a_queue_only_where_no_words_name_a_request() {
    let engine = Engine::compile(base()).unwrap();
    let queue = async |text: &str, neighbours: Option<Neighbours>| {
        let outcome = decided(&engine, &TurnInput { neighbours, ..turn(text) }).await;
        assert_eq!(outcome.decision.rung, Rung::Unsure, "{text}");
        outcome.decision.queue.unwrap().to_string()
    };
    let (broken, elsewhere) = ("aftersale/damaged_item", "包邮吗？你们老板的猫叫什么名字？");
    assert_eq!(queue("隔壁老王家的那个", None).await, "default");
    assert_eq!(queue("隔壁老王家的那个", all_for(broken)).await, "after_sales");
    assert_eq!(queue(elsewhere, None).await, "pre_sales");
    assert_eq!(queue(elsewhere, all_for(broken)).await, "pre_sales");
}

#[tokio::test]
async fn what_answers_a_question_of_the_bots_stays_no_request_however_near_its_examples() {
    const CHOICES: [&str; 2] = ["logistics/shipping_fee", "invoice/request"];
    let (engine, (text, meant)) = (Engine::compile(base()).unwrap(), half_understood().await);
    let mut input = turn("第二个");
    input.messages.push(Message::plain("m-2".into(), text, Default::default()));
    input.state.pending = Some(Pending {
        asked: Asked::WhichQuestion,
        intents: CHOICES.map(Into::into).to_vec(),
        choices: CHOICES.map(Into::into).to_vec(),
        attributes: Vec::new(),
        turn: "t-0".into(),
        expires: At(1),
    });
    let without = decided(&engine, &input).await;
    assert!(without.classification.has(meant), "{without:#?}");
    input.neighbours = all_for(meant);
    let with = decided(&engine, &input).await;
    assert!(with.classification.intents[0].confidence > without.classification.intents[0].confidence, "{with:#?}");
    assert_eq!((with.decision.rung, &with.decision), (Rung::Answered, &without.decision));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_changes_nothing_and_the_next_truth_is_heard() {
    let (endpoint, (text, meant)) = (Endpoint::start().await, not_understood().await[0]);
    let without = Running::start().await;
    let (as_without, _) = suggested(&without, text).await;
    let turn_without = without.customer("wang").says(text).await;
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
    endpoint.is(Manner::TooFew);
    let lied_to = shop.customer("wang").says(text).await;
    assert_eq!(lied_to.view["turns"][0]["reason"], turn_without.view["turns"][0]["reason"]);
    assert_eq!((lied_to.decision(), lied_to.reply), (turn_without.decision(), turn_without.reply));
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
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "k-123\n").unwrap();
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
