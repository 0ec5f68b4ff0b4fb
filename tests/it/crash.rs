//! `kill -9` under load, again and again: what was answered with 2xx is stored once and decided once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use xiaoer::domain::{ConversationId, MessageId, ShopId};
use xiaoer::store::{ReplyState, Store};

use crate::binary::Run;
use crate::postgres;
use crate::service::{Platform, ShopFiles, http, signed, write_shop};

const KILLS: u64 = 20;
const CLIENTS: usize = 16;
/// A dead node's leases lapse after 15 s at most; then the rest has to be decided and sent.
const DRAINED_WITHIN: Duration = Duration::from_secs(40);

/// What the clients have done.
#[derive(Default)]
struct Load {
    base: Mutex<String>,
    over: AtomicBool,
    /// Every message that was tried: its conversation.
    tried: Mutex<BTreeMap<String, String>>,
    /// Those that got a 2xx.
    accepted: Mutex<BTreeSet<String>>,
}

impl Load {
    /// Writes until the end, and tries again what wasn't answered, a few times, as a platform does.
    async fn client(&self, number: usize) {
        let http = http();
        let words = ["你好", "请问包邮吗？", "我的快递到哪了", "几天能到", "我要投诉你们"];
        for count in 0.. {
            if self.over.load(Ordering::SeqCst) {
                return;
            }
            // Some conversations go on through every crash, others are new.
            let place = if number.is_multiple_of(2) { count % 12 } else { count / 3 };
            let (message, conversation) = (format!("m-{number}-{count}"), format!("c-{number}-{place}"));
            self.tried.lock().unwrap().insert(message.clone(), conversation.clone());
            let body = json!({"type": "message.created", "data": {"message_id": message, "conversation_id": conversation,
                "text": words[count % words.len()], "customer": {"id": conversation, "verified": true}}});
            for _ in 0..5 {
                let base = self.base.lock().unwrap().clone();
                let answer = signed(&http, &base, "test", &message, body.to_string().into_bytes()).send().await;
                if answer.is_ok_and(|answer| answer.status().is_success()) {
                    self.accepted.lock().unwrap().insert(message);
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            tokio::time::sleep(Duration::from_millis(40 + (number as u64 * 7 + count as u64 * 13) % 40)).await;
        }
    }
}

async fn survives_every_kill(database: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    write_shop(folder.path(), &platform.url, &ShopFiles::default());
    let load = Arc::new(Load::default());
    let mut running = Run::new(folder.path(), database.as_deref()).start().await;
    load.base.lock().unwrap().clone_from(&running.base);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let load = load.clone();
            tokio::spawn(async move { load.client(number).await })
        })
        .collect();
    for kill in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(300 + kill * 7919 % 900)).await;
        running.kill().await;
        running = Run::new(folder.path(), database.as_deref()).start().await;
        load.base.lock().unwrap().clone_from(&running.base);
    }
    load.over.store(true, Ordering::SeqCst);
    for ended in join_all(clients).await {
        ended.unwrap();
    }
    let own = format!("sqlite://{}", folder.path().join("data/xiaoer.db").display());
    let store = Store::open(database.as_deref().unwrap_or(&own), "judge".into()).await.unwrap();
    drained(&store).await;
    let (status, _, log) = running.stop().await;
    assert!(status.success(), "{status}");
    assert!(!log.contains("panicked"), "{log}");
    judge(&load, &store).await;
    judge_replies(&platform);
    store.close().await;
}

async fn drained(store: &Store) {
    let begun = Instant::now();
    loop {
        let counts = store.counts().await.unwrap();
        let under_way = |(state, _): &&(ReplyState, i64)| matches!(state, ReplyState::Queued | ReplyState::Sending);
        if counts.undecided == 0 && !counts.outbox.iter().any(|row| under_way(&row)) {
            return;
        }
        assert!(begun.elapsed() < DRAINED_WITHIN, "not all is decided and sent: {counts:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Every message that got a 2xx is stored once and stands in one turn; the rest is stored once or not at all.
async fn judge(load: &Load, store: &Store) {
    let shop = ShopId::from("test");
    let (tried, accepted) = (load.tried.lock().unwrap().clone(), load.accepted.lock().unwrap().clone());
    let mut stored: HashMap<String, usize> = HashMap::new();
    let mut turns_in_all = 0;
    for conversation in tried.values().collect::<BTreeSet<_>>() {
        let row = store.conversation_by_external(&shop, &"web".into(), &conversation.as_str().into()).await.unwrap();
        let Some(row) = row else { continue };
        let decided = turns_of(store, &shop, &row.id).await;
        turns_in_all += decided.len();
        let seqs: Vec<i64> = decided.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(seqs, (1..=row.turn_seq).collect::<Vec<_>>(), "{conversation}: a turn is missing");
        for (message, turn) in store.messages(&shop, &row.id).await.unwrap() {
            let external = message.external_id.expect("a platform's id").to_string();
            let turns = decided.iter().filter(|(_, messages)| messages.contains(&message.id)).count();
            assert_eq!(turns, 1, "{external} stands in {turns} turns");
            assert!(turn.is_some(), "{external} is undecided");
            assert_eq!(tried.get(&external), Some(conversation), "{external} is in another conversation");
            *stored.entry(external).or_default() += 1;
        }
    }
    let lost: Vec<_> = accepted.iter().filter(|message| !stored.contains_key(*message)).collect();
    assert!(lost.is_empty(), "{} of {} accepted messages are lost: {lost:?}", lost.len(), accepted.len());
    let twice: Vec<_> = stored.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "stored twice: {twice:?}");
    let unanswered = tried.len() - accepted.len();
    println!("{} accepted, {unanswered} never answered, {} stored, {turns_in_all} turns", accepted.len(), stored.len());
    assert!(accepted.len() > 300 && turns_in_all > 50, "no load: {} accepted", accepted.len());
}

async fn turns_of(store: &Store, shop: &ShopId, id: &ConversationId) -> Vec<(i64, BTreeSet<MessageId>)> {
    let turns = store.turns(shop, id).await.unwrap();
    turns.into_iter().map(|turn| (turn.seq, turn.input.messages.into_iter().map(|m| m.id).collect())).collect()
}

/// One key, one body; one turn, one reply. This channel has no keys, so nothing goes out twice.
fn judge_replies(platform: &Platform) {
    let mut by_key: HashMap<String, Value> = HashMap::new();
    let mut keys_of_turn: HashMap<String, String> = HashMap::new();
    for (key, body) in platform.received() {
        if body["type"] == "reply.created"
            && let Some(turn) = body["data"]["turn_id"].as_str()
        {
            let first = keys_of_turn.entry(turn.to_owned()).or_insert_with(|| key.clone());
            assert_eq!(*first, key, "turn {turn} was answered under two keys");
        }
        let again = by_key.insert(key.clone(), body.clone());
        assert_eq!(again, None, "{key} was sent twice");
    }
    println!("{} deliveries to the platform", by_key.len());
    assert!(by_key.len() > 20, "the platform heard next to nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_by_kills_on_sqlite() {
    survives_every_kill(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_by_kills_on_postgres() {
    survives_every_kill(Some(postgres::database().await)).await;
}
