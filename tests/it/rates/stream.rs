//! Two transactions of one conversation that stand in the stream the other way round than they happened: PostgreSQL alone
//! can do that. The stream is in the order of transactions, which are numbered when they begin to write.

use serde_json::json;
use sqlx::{Connection, PgConnection};
use xiaoer::domain::*;
use xiaoer::report::Follower;
use xiaoer::store::{Store, TallyRow};

use super::player::{Player, shop};
use super::script::{Block, Chat, Line};

/// A node whose transaction began before another's and ends when we say.
struct Slow {
    link: PgConnection,
}

impl Slow {
    async fn begin(url: &str) -> Self {
        let mut link = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql("BEGIN; SELECT pg_current_xact_id()").execute(&mut link).await.unwrap();
        Self { link }
    }

    async fn note(&mut self, conversation: &ConversationId, episode: &EpisodeId, at: At, what: Happening) {
        let body = serde_json::to_value(Event { at, what }).unwrap();
        sqlx::query("INSERT INTO event (shop, conversation, episode, at, type, body) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(shop().as_str())
            .bind(conversation.as_str())
            .bind(episode.as_str())
            .bind(at.0)
            .bind(body["type"].as_str().unwrap())
            .bind(body.to_string())
            .execute(&mut self.link)
            .await
            .unwrap();
    }

    async fn commit(mut self) {
        sqlx::raw_sql("COMMIT").execute(&mut self.link).await.unwrap();
    }
}

fn block() -> Block {
    let chat = Chat { customer: "wang".to_owned(), channel: "web".to_owned(), has_phone: false };
    Block { number: 1, chats: vec![chat], lines: vec![line(0, "hears")], ..Block::default() }
}

fn line(millis: i64, words: &str) -> Line {
    Line {
        at: At(1_800_000_000_000 + millis),
        chat: 0,
        words: words.split(' ').map(str::to_owned).collect(),
        options: [("sent".to_owned(), "never".to_owned())].into(),
        place: words.to_owned(),
    }
}

async fn numbers_fall(store: &Store) -> bool {
    let stream = store.stream_after(xiaoer::store::StreamPlace::default(), 1_000).await.unwrap();
    stream.windows(2).any(|two| two[0].event.seq > two[1].event.seq)
}

async fn row(store: &Store, episode: &EpisodeId) -> TallyRow {
    Follower::new(store.clone()).catch_up(|_| {}).await.unwrap();
    store.tallies(&shop(), std::slice::from_ref(episode)).await.unwrap().remove(0)
}

/// The same from the first event on, in one go: the fold itself, without the order of their coming.
async fn rebuilt(store: &Store, episode: &EpisodeId) -> TallyRow {
    Follower::new(store.clone()).rebuild(|_| {}).await.unwrap();
    row(store, episode).await
}

#[tokio::test]
async fn a_sending_that_stands_before_its_turn_in_the_stream_is_counted() {
    let url = crate::postgres::database().await;
    let store = Store::open(&url, "node-1".into()).await.unwrap();
    let block = block();
    let mut player = Player::new(&store, &block);
    player.play(&line(0, "hears")).await;
    let (conversation, episode) = (player.conversation(&block.lines[0]), player.episodes().await.remove(0));
    row(&store, &episode).await;
    // It begins before the turn is committed, and tells of the turn's words after.
    let mut slow = Slow::begin(&url).await;
    player.play(&line(1_000, "decides logistics/shipping_fee answer")).await;
    let reply = format!("turn-{conversation}-1-words").into();
    slow.note(&conversation, &episode, line(2_000, "").at, Happening::ReplySent { reply }).await;
    slow.commit().await;
    assert!(numbers_fall(&store).await, "nothing stands the other way round");
    let counted = row(&store, &episode).await;
    let facts: serde_json::Value = serde_json::from_str(&counted.facts).unwrap();
    assert_eq!(facts["r"], json!([{"f": line(0, "").at.0, "t": 2_000}]), "the wait ended with the sending");
    assert_eq!(rebuilt(&store, &episode).await, counted);
    store.close().await;
}

#[tokio::test]
async fn an_event_that_shows_after_a_later_one_was_counted_has_the_episode_counted_anew() {
    let url = crate::postgres::database().await;
    let store = Store::open(&url, "node-1".into()).await.unwrap();
    let block = block();
    let mut player = Player::new(&store, &block);
    player.play(&line(0, "hears")).await;
    let (conversation, episode) = (player.conversation(&block.lines[0]), player.episodes().await.remove(0));
    let (mut early, mut late) = (Slow::begin(&url).await, Slow::begin(&url).await);
    // A person replies twice, and takes the first back; the taking back shows first.
    let replied = |key: &str| Happening::PersonReplied {
        by: "li".into(),
        reply: Some(key.into()),
        suggestion: None,
        edit_share: None,
        script: None,
        passive: false,
        asks_order: false,
    };
    late.note(&conversation, &episode, line(500, "").at, replied("first")).await;
    late.note(&conversation, &episode, line(700, "").at, replied("second")).await;
    let undone = Happening::ReplyCancelled { reply: "first".into(), why: "its writer took it back".to_owned() };
    early.note(&conversation, &episode, line(900, "").at, undone).await;
    early.commit().await;
    row(&store, &episode).await;
    late.commit().await;
    assert!(numbers_fall(&store).await, "nothing stands the other way round");
    let counted = row(&store, &episode).await;
    let facts: serde_json::Value = serde_json::from_str(&counted.facts).unwrap();
    let start = line(0, "").at.0;
    assert_eq!(facts["a"], json!([{"p": "li", "t": start + 700}]), "the second reply alone");
    assert_eq!(facts["r"], json!([{"f": start, "t": 700, "p": "li", "h": true}]), "which ended the wait");
    assert_eq!(rebuilt(&store, &episode).await, counted);
    store.close().await;
}
