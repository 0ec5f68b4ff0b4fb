//! The rates against a set of episodes made by hand, with each figure worked out by hand beside it:
//! `tests/data/episodes/`. What the program says must be exactly that, on both databases.

mod checks;
mod counted;
mod people;
mod player;
mod script;
mod stream;
mod turn;

use std::collections::BTreeMap;

use player::Player;
use script::Block;
use xiaoer::domain::{At, DAY, EpisodeId, Event, Happening};
use xiaoer::report::{Cabinet, Follower};
use xiaoer::store::{Store, TallyRow};

/// When the report is asked for.
fn now() -> At {
    script::instant("2027-03-10T12:00:00+08:00", "here")
}

/// What came of playing.
struct Played {
    store: Store,
    blocks: Vec<Block>,
    /// The episodes of each block.
    episodes: Vec<Vec<EpisodeId>>,
}

/// Plays every block, one after the other; with a follower, it counts after every single step.
async fn play(store: Store, follower: Option<&Follower>) -> Played {
    let blocks = script::all();
    let mut episodes = Vec::new();
    for block in &blocks {
        let mut player = Player::new(&store, block);
        for line in &block.lines {
            player.play(line).await;
            if let Some(follower) = follower {
                follower.catch_up(|_| {}).await.unwrap();
            }
        }
        episodes.push(player.episodes().await);
        assert_nothing_is_left(&store, block).await;
    }
    Played { store, blocks, episodes }
}

/// What one block leaves to be sent or decided would go into the next one.
async fn assert_nothing_is_left(store: &Store, block: &Block) {
    let later = At(i64::MAX / 2);
    let replies = store.claim_replies(later, 1, 10).await.unwrap();
    assert!(replies.is_empty(), "{}: “{}” leaves words unsent: {replies:?}", block.file, block.name);
    let chats = store.claim_conversations(later, 1, 10).await.unwrap();
    assert!(chats.is_empty(), "{}: “{}” leaves messages undecided: {chats:?}", block.file, block.name);
}

impl Played {
    async fn rows(&self) -> BTreeMap<EpisodeId, TallyRow> {
        let all: Vec<EpisodeId> = self.episodes.iter().flatten().cloned().collect();
        let rows = self.store.tallies(&player::shop(), &all).await.unwrap();
        rows.into_iter().map(|row| (row.episode.clone(), row)).collect()
    }
}

/// Everything that is said about the set, on one database.
async fn the_program_agrees(url: &str) -> BTreeMap<EpisodeId, TallyRow> {
    let played = play(Store::open(url, "node-1".into()).await.unwrap(), None).await;
    let shelf = counted::shelf(&played.store, At(0)).await;
    counted::each_episode(&played, &shelf);
    counted::each_list(&played, &shelf);
    counted::each_rate(&shelf);
    counted::each_group_is_its_filter(&shelf);
    checks::each_block(&played, &shelf);
    drop(shelf);
    let rows = played.rows().await;
    Follower::new(played.store.clone()).rebuild(|_| {}).await.unwrap();
    assert_eq!(played.rows().await, rows, "a rebuild gives other rows");
    played.store.close().await;
    rows
}

/// Numbers of events may have gaps that differ; nothing else may.
fn without_numbers(rows: BTreeMap<EpisodeId, TallyRow>) -> Vec<TallyRow> {
    rows.into_values().map(|row| TallyRow { seq: 0, ..row }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_agrees_with_what_was_worked_out_by_hand_on_both_databases() {
    let folder = tempfile::tempdir().unwrap();
    let on_sqlite = the_program_agrees(&format!("sqlite://{}/shop.db", folder.path().display())).await;
    let on_postgres = the_program_agrees(&crate::postgres::database().await).await;
    assert_eq!(without_numbers(on_sqlite), without_numbers(on_postgres));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_after_every_step_comes_to_the_same_as_counting_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let at_once = play(Store::open(&url("once"), "node-1".into()).await.unwrap(), None).await;
    Follower::new(at_once.store.clone()).catch_up(|_| {}).await.unwrap();
    let store = Store::open(&url("steps"), "node-1".into()).await.unwrap();
    let follower = Follower::new(store.clone());
    let by_steps = play(store, Some(&follower)).await;
    follower.catch_up(|_| {}).await.unwrap();
    assert_eq!(by_steps.rows().await, at_once.rows().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_the_last_days_forgets_no_refund_of_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display()), "node-1".into()).await.unwrap();
    let played = play(store, None).await;
    let cabinet = Cabinet::new(played.store.clone());
    let all = async || {
        counted::wanted("Asia/Shanghai").report(&cabinet.open(&player::shop(), At(0), now()).await.unwrap(), &[]).all
    };
    let before = all().await;
    // Something happens, and somebody asks for today; then somebody asks for everything again.
    let what = Happening::Excluded { why: None, by: "boss".into() };
    let event = Event { at: now(), what };
    assert!(played.store.remark(&player::shop(), &played.episodes[0][0], vec![event]).await.unwrap());
    cabinet.open(&player::shop(), now().plus(-DAY), now()).await.unwrap();
    assert_eq!(counted::told(&all().await), counted::told(&before));
}

#[test]
fn the_set_is_large_enough_and_leaves_no_count_out() {
    let blocks = script::all();
    let expected: Vec<_> = blocks.iter().flat_map(|block| block.expected.values()).collect();
    assert!(expected.len() >= 60, "{} episodes", expected.len());
    for count in xiaoer::report::Count::ALL {
        let is_there = expected.iter().any(|counts| counts.get(count.key()).is_some_and(|n| *n > 0));
        assert!(is_there, "no episode shows {}", count.key());
    }
}
