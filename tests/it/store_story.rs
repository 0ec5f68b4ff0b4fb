//! The store's story, in chapters; each is told on SQLite and on PostgreSQL, in a fresh database, to two nodes.

mod customers;
mod desk;
mod outbox;
mod shop;
mod signals;
mod speed;
mod turns;
mod upkeep;

use serde_json::json;
use xiaoer::domain::*;
use xiaoer::store::*;

/// Two nodes on one database.
struct Scene {
    url: String,
    store: Store,
    other: Store,
}

const NOON: At = At(1_800_000_000_000);

/// So many milliseconds after noon.
fn after(millis: i64) -> At {
    NOON.plus(millis)
}

fn shop() -> ShopId {
    "dahan".into()
}

/// A delivery of one message in conversation `chat`; it is due 1 s later.
fn says(chat: &str, message: &str, text: &str, at: At) -> Delivery {
    let stored = Message {
        external_id: None,
        id: format!("{chat}-{message}").into(),
        text: text.into(),
        attachments: vec![],
        order_numbers: vec![],
        product: None,
        sent_at: at,
    };
    Delivery {
        shop: shop(),
        address: Address { channel: "web".into(), conversation: chat.into(), customer: format!("u-{chat}").into() },
        customer: Customer {
            id: Some(format!("u-{chat}").into()), name: Some("王小姐".into()), ..Customer::default()
        },
        messages: vec![Incoming { external_id: format!("{chat}/{message}").into(), message: stored }],
        at,
        due_at: at.plus(SECOND),
        ids: NewIds {
            conversation: format!("conv-{chat}-{message}").into(),
            episode: format!("ep-{chat}-{message}").into(),
            customer: format!("cust-{chat}-{message}").into(),
        },
    }
}

/// What the bot says, or an agent.
fn reply(key: &str, author: Author, delivery: DeliveryMode) -> NewReply {
    NewReply {
        key: key.into(),
        kind: ReplyKind::Reply,
        author,
        body: json!({"text": "您的订单已由中通发出"}),
        delivery,
        hold_ms: 0,
    }
}

fn bot_says(key: &str) -> NewReply {
    reply(key, Author::Bot, DeliveryMode::AtMostOnce)
}

/// A turn that answers, and leaves the conversation in this phase.
fn turn(claim: &ClaimedConversation, phase: Phase, at: At) -> CommitTurn {
    let id: TurnId = format!("turn-{}-{}", claim.id, claim.next_seq).into();
    let act = if phase == Phase::Waiting { Act::HandOff } else { Act::Answer };
    let decision = Decision {
        act,
        rung: Rung::Sure,
        reason: "logistics/track_parcel".into(),
        reply: None,
        urgency: Urgency::High,
        queue: Some("after_sales".into()),
        held_back: None,
    };
    let turn = Turn {
        episode: claim.episode.clone(),
        seq: claim.next_seq,
        window_end: claim.due_at,
        window: SECOND,
        input: TurnInput {
            intent_modes: std::collections::BTreeMap::new(),
            neighbours: None,
            id: id.clone(),
            shop: claim.shop.clone(),
            channel: claim.address.channel.clone(),
            conversation: claim.id.clone(),
            customer: claim.customer.clone(),
            messages: claim.messages.clone(),
            state: claim.state.clone(),
            mode: Mode::Auto,
            now: at,
        },
        outcome: TurnOutcome {
            playbook: "hash-1".into(),
            classification: Classification::default(),
            orders: OrdersFound::default(),
            decision,
            suggestions: vec![],
            state: ConversationState { phase, language: Some(Language::Zh), ..claim.state.clone() },
        },
    };
    let events = vec![Event { at, what: Happening::TurnDecided { turn: id, act, rung: Rung::Sure, reply: None } }];
    CommitTurn { turn, epoch: claim.epoch, events, replies: vec![], promises: vec![], at }
}

impl Scene {
    /// A customer writes, and it is accepted.
    async fn hear(&self, delivery: Delivery) -> ConversationId {
        match self.store.accept(delivery).await.unwrap().remove(0) {
            Acceptance::Accepted { conversation } => conversation,
            other => panic!("not accepted: {other:?}"),
        }
    }

    /// The one conversation that is due.
    async fn claim(&self, now: At) -> ClaimedConversation {
        let mut claimed = self.store.claim_conversations(now, 5 * SECOND, 10).await.unwrap();
        assert_eq!(claimed.len(), 1, "one conversation is due at {now:?}");
        claimed.remove(0)
    }

    /// A customer writes at noon; 2 s later the bot has decided to send these.
    async fn answered(&self, chat: &str, replies: Vec<NewReply>) -> ConversationId {
        let conversation = self.hear(says(chat, "m1", "快递到哪了", NOON)).await;
        let claim = self.claim(after(2 * SECOND)).await;
        let commit = CommitTurn { replies, ..turn(&claim, Phase::Bot, after(2 * SECOND)) };
        assert_eq!(self.store.commit_turn(commit).await.unwrap(), Committed::Done);
        conversation
    }

    async fn conversation(&self, id: &ConversationId) -> ConversationRow {
        self.store.conversation(&shop(), id).await.unwrap().expect("a conversation")
    }

    async fn phase(&self, id: &ConversationId) -> Phase {
        self.conversation(id).await.state.phase
    }

    async fn reply_states(&self, id: &ConversationId) -> Vec<ReplyState> {
        self.store.replies(&shop(), id).await.unwrap().iter().map(|row| row.state).collect()
    }

    /// The kinds of everything that happened in a conversation, in order.
    async fn happenings(&self, id: &ConversationId) -> Vec<String> {
        let events = self.store.events(&shop(), id).await.unwrap();
        let kind = |row: &EventRow| serde_json::to_value(&row.event).unwrap()["type"].as_str().unwrap().to_owned();
        events.iter().map(kind).collect()
    }
}

/// Tells every chapter, each in a database of its own.
macro_rules! tell {
    ($url:expr; $($chapter:path,)*) => {$(
        let url: String = $url;
        let scene = Scene {
            store: Store::open(&url, "node-1".into()).await.unwrap(),
            other: Store::open(&url, "node-2".into()).await.unwrap(),
            url,
        };
        println!("chapter {}", stringify!($chapter));
        $chapter(&scene).await;
        scene.store.close().await;
        scene.other.close().await;
    )*};
}

macro_rules! the_story {
    ($url:expr) => {
        tell! { $url;
            turns::a_message_is_stored_once,
            turns::a_burst_is_one_turn,
            turns::one_turn_at_a_time,
            turns::each_is_claimed_once_by_many_nodes,
            turns::a_turn_is_committed_whole,
            turns::a_stale_turn_leaves_nothing,
            turns::what_comes_meanwhile_is_next,
            turns::a_closed_chat_begins_anew,
            turns::a_restart_keeps_everything,
            turns::one_failure_harms_no_neighbour,
            turns::texts_can_go_and_keys_stay,
            outbox::replies_go_out_in_order,
            outbox::a_refused_reply_goes_to_a_person,
            outbox::a_late_reply_is_not_sent,
            outbox::a_cut_short_send,
            outbox::an_old_report_changes_nothing,
            desk::a_takeover_silences_the_bot,
            desk::a_reply_under_way_is_waited_for,
            desk::an_agent_at_work,
            desk::illegal_moves_are_refused,
            desk::waiting_words_are_said_once,
            desk::the_queue_by_pages,
            upkeep::the_queue_tells_of_each_chat,
            upkeep::chats_that_people_leave_wait_again,
            upkeep::promises_are_told_once,
            upkeep::what_people_keep,
            upkeep::words_are_taken_back,
            upkeep::one_stream_over_all_shops,
            upkeep::who_answers_at_once_owes_nothing,
            signals::a_person_replies_on_the_platform,
            signals::echoes_take_nothing_over,
            signals::older_signals_are_kept,
            signals::orders_and_ratings,
            customers::one_customer_on_two_channels,
            customers::strangers_stay_apart,
            shop::events_are_a_stream,
            shop::people_and_roles,
            shop::tokens_and_sessions,
            shop::modes_and_playbooks,
            shop::playbooks_come_and_go,
            shop::figures,
        }
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    the_story!({
        number += 1;
        format!("sqlite://{}/{number}.db", folder.path().display())
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_on_postgres() {
    the_story!(crate::postgres::database().await);
}

#[tokio::test]
async fn a_careless_database_is_refused() {
    let url = crate::postgres::database().await;
    let careless = format!("{url}&options=-c%20synchronous_commit%3Doff");
    let error = Store::open(&careless, "node".into()).await.expect_err("a commit could be lost");
    assert!(error.to_string().contains("synchronous_commit must not be off"), "{error}");
    assert_eq!(
        Store::migrate_dry_run(&url).await.unwrap(),
        ["0001_first", "0002_playbook_moves", "0003_desk", "0004_report"],
        "nothing was applied"
    );
    Store::open(&url, "node".into()).await.unwrap().close().await;
    assert!(Store::migrate_dry_run(&url).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_cut_connection_costs_nothing() {
    let url = crate::postgres::database().await;
    let store = Store::open(&url, "node".into()).await.unwrap();
    for n in 0..3 {
        let message = format!("m{n}");
        store.accept(says("c1", &message, "在吗", NOON)).await.unwrap();
        store.ping().await.unwrap();
        crate::postgres::cut_connections(&url).await;
    }
    assert_eq!(store.claim_conversations(after(2_000), 5_000, 10).await.unwrap()[0].messages.len(), 3);
    store.close().await;
}

#[tokio::test]
async fn a_dry_run_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/xiaoer.db");
    let url = format!("sqlite:{}", path.display());
    assert_eq!(
        Store::migrate_dry_run(&url).await.unwrap(),
        ["0001_first", "0002_playbook_moves", "0003_desk", "0004_report"]
    );
    assert!(!path.exists());
    let store = Store::open(&url, "node".into()).await.unwrap();
    store.ping().await.unwrap();
    assert!(Store::migrate_dry_run(&url).await.unwrap().is_empty());
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));
    assert!(matches!(store.accept(says("c", "m", "在吗", NOON)).await, Err(StoreError::Closed)));
}
