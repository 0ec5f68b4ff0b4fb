//! The facts of shops' episodes in memory, read from the store once and then as they change: a report is made of a few
//! hundred thousand of them while somebody waits.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use super::facts::Facts;
use super::follow::Follower;
use super::lasting::{Fate, Lasting};
use crate::domain::{
    At, CustomerId, DAY, EpisodeId, HOUR, IntentId, OrderNumber, PlaybookHash, PrincipalId, ProductId, ShopId,
};
use crate::store::{Store, StoreError};

/// A shop that nobody asked about for so long is forgotten.
const FORGOTTEN_AFTER: i64 = HOUR;
/// So long before an episode its customer's others may have begun that are looked at beside it: they may have gone on, and
/// name orders. What began before is not looked at, though it be in memory, so that a figure is the same whatever
/// was asked for before.
const BEFORE: i64 = 14 * DAY;

/// So many events behind, a report lacks something.
const MANY: i64 = 500;
/// So long a report waits for events to be counted; the rest is counted meanwhile and stands in the next one.
const PATIENCE: Duration = Duration::from_secs(2);

/// The shops' facts.
pub struct Cabinet {
    store: Store,
    follower: Follower,
    shelves: Mutex<HashMap<ShopId, Shared>>,
}

#[derive(Clone)]
struct Shared {
    shelf: Arc<RwLock<Shelf>>,
    used: At,
}

/// One shop's.
#[derive(Default)]
pub struct Shelf {
    /// Everything that began from then on is here.
    from: Option<At>,
    /// Everything that was written up to this batch is here.
    batch: i64,
    episodes: Vec<Facts>,
    places: FxHashMap<EpisodeId, usize>,
    by_customer: FxHashMap<CustomerId, Vec<usize>>,
    refunds: FxHashMap<OrderNumber, Vec<At>>,
    words: Words,
}

impl Cabinet {
    /// Of this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { follower: Follower::new(store.clone()), store, shelves: Mutex::default() }
    }

    /// A shop's facts from an instant on, as they stand now.
    ///
    /// # Errors
    /// The store does not answer, or holds what can't be read.
    pub async fn open(&self, shop: &ShopId, from: At, now: At) -> Result<OwnedRwLockReadGuard<Shelf>, StoreError> {
        // Counted to the end, unless there is so much that nobody would wait for it: after an upgrade, say.
        if let Ok(counted) = tokio::time::timeout(PATIENCE, self.follower.catch_up(|_| {})).await {
            counted?;
        }
        let shared = self.shared(shop, now);
        let from = from.plus(-BEFORE);
        let place = self.store.tally_place().await?;
        {
            let shelf = shared.clone().read_owned().await;
            if shelf.batch >= place.batch && shelf.from.is_some_and(|begins| begins <= from) {
                return Ok(shelf);
            }
        }
        let mut shelf = shared.clone().write_owned().await;
        shelf.bring_up(&self.store, shop, from, place.batch).await?;
        Ok(shelf.downgrade())
    }

    /// Whether everything that has happened is counted.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn is_complete(&self) -> Result<bool, StoreError> {
        let place = self.store.tally_place().await?.place;
        Ok(self.store.stream_after(place, MANY).await?.len() < usize::try_from(MANY).unwrap_or(usize::MAX))
    }

    fn shared(&self, shop: &ShopId, now: At) -> Arc<RwLock<Shelf>> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        shelves.retain(|_, shared| now.since(shared.used) < FORGOTTEN_AFTER);
        let shared = shelves.entry(shop.clone()).or_insert_with(|| Shared { shelf: Arc::default(), used: now });
        shared.used = now;
        shared.shelf.clone()
    }
}

impl Shelf {
    /// The episodes, in no order.
    #[must_use]
    pub fn episodes(&self) -> &[Facts] {
        &self.episodes
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, episode: &EpisodeId) -> Option<&Facts> {
        self.places.get(episode).map(|place| &self.episodes[*place])
    }

    /// What became of one of them by now.
    pub(super) fn fate(&self, facts: &Facts, lasting: Lasting) -> Fate {
        let same = self.by_customer.get(&facts.customer).map_or(&[][..], Vec::as_slice);
        let since = facts.started.plus(-BEFORE);
        let others = same.iter().map(|place| &self.episodes[*place]);
        let others = others.filter(|other| other.id != facts.id && other.started >= since);
        lasting.fate(facts, others, |order| self.refunds.get(order).map_or(&[][..], Vec::as_slice))
    }

    async fn bring_up(&mut self, store: &Store, shop: &ShopId, from: At, batch: i64) -> Result<(), StoreError> {
        let lines = match self.from {
            Some(begins) => {
                let mut lines = store.tally_changes(shop, self.batch).await?;
                if from < begins {
                    lines.extend(store.tally_lines(shop, (from, begins)).await?);
                }
                lines
            }
            None => store.tally_lines(shop, (from, At(i64::MAX))).await?,
        };
        let words = std::mem::take(&mut self.words);
        let (read, words) = read(lines, words).await?;
        self.words = words;
        self.put(read);
        let from = self.from.map_or(from, |begins| begins.min(from));
        self.from = Some(from);
        self.batch = batch;
        self.refunds.clear();
        for (order, at) in store.refunds(shop, (from, At(i64::MAX))).await? {
            self.refunds.entry(order).or_default().push(at);
        }
        Ok(())
    }

    fn put(&mut self, facts: Vec<Facts>) {
        let mut is_moved = false;
        for facts in facts {
            match self.places.get(&facts.id) {
                Some(place) => {
                    is_moved |= self.episodes[*place].customer != facts.customer;
                    self.episodes[*place] = facts;
                }
                None => {
                    self.places.insert(facts.id.clone(), self.episodes.len());
                    self.by_customer.entry(facts.customer.clone()).or_default().push(self.episodes.len());
                    self.episodes.push(facts);
                }
            }
        }
        if is_moved {
            self.by_customer.clear();
            for (place, facts) in self.episodes.iter().enumerate() {
                self.by_customer.entry(facts.customer.clone()).or_default().push(place);
            }
        }
    }
}

/// Reads the lines, on all cores that are there, beside the threads that answer customers.
async fn read(lines: Vec<String>, words: Words) -> Result<(Vec<Facts>, Words), StoreError> {
    let broken = |error: tokio::task::JoinError| StoreError::Refused(error.to_string());
    tokio::task::spawn_blocking(move || {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(lines.len().max(1));
        let share = lines.len().div_ceil(workers).max(1);
        let read = std::thread::scope(|scope| {
            let started: Vec<_> =
                lines.chunks(share).map(|lines| scope.spawn(move || read_some(lines, Words::default()))).collect();
            started
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|broken| resume_unwind(broken)))
                .collect::<Vec<_>>()
        });
        let mut words = words;
        let mut all = Vec::new();
        for some in read {
            all.extend(some?.into_iter().map(|facts| words.share(facts)));
        }
        Ok((all, words))
    })
    .await
    .map_err(broken)?
}

fn read_some(lines: &[String], mut words: Words) -> Result<Vec<Facts>, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable { column: "facts".to_owned(), why: why.to_owned() };
    let mut read = Vec::new();
    for line in lines.iter().flat_map(|text| text.lines()) {
        let mut columns = line.splitn(4, '\t');
        let mut next = || columns.next().ok_or_else(|| unreadable("a line is cut short"));
        let (episode, customer, started, facts) = (next()?, next()?, next()?, next()?);
        let mut facts: Facts = serde_json::from_str(facts)?;
        facts.id = episode.into();
        facts.customer = customer.into();
        facts.started = At(started.parse().map_err(|_| unreadable("a start is no number"))?);
        read.push(words.share(facts));
    }
    Ok(read)
}

/// Ids that many episodes have in common, each kept once.
#[derive(Default)]
struct Words {
    intents: FxHashSet<IntentId>,
    versions: FxHashSet<PlaybookHash>,
    products: FxHashSet<ProductId>,
    people: FxHashSet<PrincipalId>,
    channels: FxHashSet<crate::domain::ChannelName>,
    customers: FxHashSet<CustomerId>,
    conversations: FxHashSet<crate::domain::ConversationId>,
}

fn once<T: Clone + Eq + std::hash::Hash>(known: &mut FxHashSet<T>, one: &mut T) {
    match known.get(one) {
        Some(same) => *one = same.clone(),
        None => drop(known.insert(one.clone())),
    }
}

impl Words {
    fn share(&mut self, mut facts: Facts) -> Facts {
        once(&mut self.channels, &mut facts.channel);
        once(&mut self.customers, &mut facts.customer);
        once(&mut self.conversations, &mut facts.conversation);
        facts.versions.iter_mut().for_each(|id| once(&mut self.versions, id));
        for turn in &mut facts.turns {
            turn.intents.iter_mut().chain(&mut turn.scripts).for_each(|id| once(&mut self.intents, id));
            turn.products.iter_mut().for_each(|id| once(&mut self.products, id));
            turn.set.iter_mut().filter_map(|set| set.used.as_mut()).for_each(|id| once(&mut self.intents, id));
        }
        facts.runs.iter_mut().filter_map(|run| run.by.as_mut()).for_each(|id| once(&mut self.people, id));
        for reply in &mut facts.replies {
            once(&mut self.people, &mut reply.by);
            reply.script.iter_mut().for_each(|id| once(&mut self.intents, id));
        }
        facts.shrink();
        facts
    }
}
