//! Versions come in force one after another while customers write: every answer is of one piece.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use xiaoer::app;
use xiaoer::domain::{PlaybookHash, TurnId};
use xiaoer::playbook::Playbook;
use xiaoer::shops::{Files, Sources};
use xiaoer::store::{PlaybookVersion, Published};

use super::{FEE, fee};
use crate::service::{Running, ShopFiles};

/// The second of two questions that a customer asks at once.
const INVOICE: &str = "replies/invoice/request.yaml";
const QUESTIONS: &str = "请问包邮吗？可以开发票吗？";
/// Messages a second.
const RATE: u32 = 100;
/// Without publications, and then with them.
const CALM: Duration = Duration::from_secs(3);
const BUSY: Duration = Duration::from_secs(8);
/// So many of them, half from files and half pushed.
const PUBLICATIONS: u32 = 20;

/// Both answers of a version carry its number.
fn words(number: u32) -> [(&'static str, String); 2] {
    [(FEE, fee(&format!("运费说明第{number}版。"))), (INVOICE, fee(&format!("发票说明第{number}版。")))]
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<u32> {
    let number = |part: &str| part.split('版').next()?.parse().ok();
    text.split('第').skip(1).filter_map(number).collect()
}

async fn publish(shop: &Running, number: u32) {
    if number <= PUBLICATIONS / 2 {
        // Two files, one after the other: never in force apart.
        words(number).iter().for_each(|(path, text)| shop.save(path, text));
        return;
    }
    let test = "test".into();
    let current = shop.store.latest_playbook(&test).await.unwrap().unwrap();
    let mut sources = Sources::read(&current).unwrap();
    sources.files.extend(words(number).map(|(path, text)| (path.to_owned(), text)));
    let layers = sources.layers(&test).stack();
    let load =
        tokio::task::spawn_blocking(move || Playbook::load("test".into(), &layers).playbook.unwrap().hash.clone());
    let (hash, parent) = (load.await.unwrap(), Some(current.hash));
    let version = PlaybookVersion { hash, parent, author: "chen".into(), at: app::now(), sources: sources.to_json() };
    // What was last saved may come in force at the same moment; then the next number is pushed.
    let published = shop.store.publish_playbook(&test, version).await.unwrap();
    assert!(matches!(published, Published::Done | Published::Behind { .. }));
}

/// Customers write at an even pace, each once; gives how many did.
async fn customers(shop: &Running, name: &str, length: Duration) -> u32 {
    let (began, count) = (Instant::now(), RATE * u32::try_from(length.as_secs()).unwrap());
    let writing = (0..count).map(|n| async move {
        sleep_until(began + Duration::from_secs(1) * n / RATE).await;
        shop.customer(&format!("{name}-{n}")).write(QUESTIONS).await;
    });
    join_all(writing).await;
    count
}

/// Of the end of the customer's window to the arrival of the answer: the median, and what one in a hundred waits longer
/// than.
fn show(name: &str, mut waits: Vec<i64>) {
    waits.sort_unstable();
    let at = |share: usize| waits.get(waits.len() * share / 100).copied().unwrap_or_default();
    println!("{name}: {} answers, p50 {} ms, p99 {} ms", waits.len(), at(50), at(99));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_of_one_piece_while_versions_change() {
    let first = words(0);
    let files: Vec<(&str, &str)> = first.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let shop = Arc::new(Running::with(&ShopFiles { files: &files, ..ShopFiles::default() }, None).await);
    let clock = (std::time::Instant::now(), app::now());

    let calm = customers(&shop, "calm", CALM).await;
    let publishing = tokio::spawn({
        let shop = shop.clone();
        async move {
            let began = Instant::now();
            for number in 1..=PUBLICATIONS {
                sleep_until(began + BUSY / PUBLICATIONS * (number - 1)).await;
                publish(&shop, number).await;
            }
        }
    });
    let busy = customers(&shop, "busy", BUSY).await;
    publishing.await.unwrap();
    let arrived = || shop.platform.received().iter().filter(|(_, body)| body["type"] == "reply.created").count();
    let deadline = Instant::now() + Duration::from_secs(30);
    while arrived() < (calm + busy) as usize {
        assert!(Instant::now() < deadline, "{} of {} were answered", arrived(), calm + busy);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let mut versions: BTreeMap<PlaybookHash, u32> = BTreeMap::new();
    let (mut calm_waits, mut busy_waits) = (Vec::new(), Vec::new());
    for (_, body, at) in shop.platform.arrivals() {
        let Value::String(text) = &body["data"]["text"] else { continue };
        let id = TurnId::from(body["data"]["turn_id"].as_str().unwrap());
        let turn = shop.store.turn(&"test".into(), &id).await.unwrap().expect("the turn was committed first");
        let hash = &turn.outcome.playbook;
        if !versions.contains_key(hash) {
            let row = shop.store.playbook(&"test".into(), hash).await.unwrap();
            let files: Files = Sources::read(&row.expect("a turn without a version")).unwrap().files;
            assert_eq!(numbers(&files[FEE]), numbers(&files[INVOICE]), "half a version was published");
            versions.insert(hash.clone(), numbers(&files[FEE])[0]);
        }
        assert_eq!(numbers(text), [versions[hash]; 2], "{text}");
        let waited = clock.1.plus(i64::try_from((at - clock.0).as_millis()).unwrap()).since(turn.window_end);
        let waits = if body["data"]["conversation_id"].as_str().unwrap().starts_with("c-calm") {
            &mut calm_waits
        } else {
            &mut busy_waits
        };
        waits.push(waited);
    }
    show("calm", calm_waits);
    show("while versions change", busy_waits);
    println!("{} versions answered", versions.len());
    assert!(versions.len() > 8, "versions hardly changed: {versions:?}");
    assert_eq!(json!(shop.playbook().await), json!(versions.iter().max_by_key(|(_, number)| **number).unwrap().0));
    Arc::into_inner(shop).unwrap().stop().await;
}
