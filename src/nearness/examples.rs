//! A playbook's examples at an endpoint. Their vectors are computed in the background once the playbook is in force; until
//! then, and whenever the endpoint fails, there are no neighbours.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::Nearness;
use super::answer::{Vector, cosine};
use super::endpoint::{Endpoint, NoVectors};
use super::index::{Example, Index, Useless};
use super::vectors::{Key, key};
use crate::domain::{At, IntentId, Neighbours};
use crate::playbook::Playbook;

/// So many examples are sent at once, unless the endpoint takes fewer.
const BATCH: usize = 32;
/// So many known vectors are computed again, to see that the same model still answers …
const PROBES: usize = 8;
/// … now and then …
const PROBED_EVERY: Duration = Duration::from_secs(600);
/// … and are the same if they lie nearer than this.
const SAME: f32 = 0.99;
/// After a failure it is tried again, later each time.
const AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));

/// How far the examples are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Their vectors are being computed.
    Computing,
    /// They can be asked.
    Ready,
    /// The endpoint fails, or its vectors are of no use: why.
    Failing(String),
}

#[derive(Clone)]
enum State {
    Computing,
    Ready(Arc<Index>),
    Failing(String),
}

/// The examples of one playbook.
pub struct NearExamples {
    endpoint: Arc<Endpoint>,
    state: watch::Receiver<State>,
    /// In milliseconds.
    within: Duration,
    work: AbortHandle,
}

impl NearExamples {
    /// Begins to compute what isn't known yet, on a runtime's threads. It ends with this value.
    #[must_use]
    pub fn start(endpoint: Arc<Endpoint>, playbook: &Playbook, within: Duration, runtime: &Handle) -> Self {
        let lines = Lines::of(playbook);
        let (tell, state) = watch::channel(State::Computing);
        let work = Work { endpoint: endpoint.clone(), lines, shop: playbook.shop.to_string(), tell };
        let work = runtime.spawn(work.run()).abort_handle();
        Self { endpoint, state, within, work }
    }

    /// How far they are, once they are ready or the endpoint has failed.
    pub async fn settled(&self) -> Readiness {
        let mut state = self.state.clone();
        let _ = state.wait_for(|state| !matches!(state, State::Computing)).await;
        self.readiness()
    }

    /// How far they are.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        match &*self.state.borrow() {
            State::Computing => Readiness::Computing,
            State::Ready(_) => Readiness::Ready,
            State::Failing(why) => Readiness::Failing(why.clone()),
        }
    }
}

impl Drop for NearExamples {
    fn drop(&mut self) {
        self.work.abort();
    }
}

#[async_trait]
impl Nearness for NearExamples {
    async fn near(&self, text: &str, now: At) -> Option<Neighbours> {
        let State::Ready(index) = self.state.borrow().clone() else { return None };
        let found = self.endpoint.turn(text, index.width(), self.within, now).await;
        let outcome = found.as_ref().map_or_else(NoVectors::key, |_| "ok");
        metrics::counter!("xiaoer_embeddings_total", "outcome" => outcome).increment(1);
        match found {
            Ok(vector) => Some(index.neighbours(&vector)),
            Err(error) => {
                tracing::debug!(%error, "decided without neighbours");
                None
            }
        }
    }
}

/// The examples as they are written.
#[derive(Clone, Default)]
struct Lines {
    intents: Vec<IntentId>,
    lines: Vec<(u32, String)>,
}

impl Lines {
    /// Those in the shop's languages.
    fn of(playbook: &Playbook) -> Self {
        let mut all = Self::default();
        for (number, (id, intent)) in (0u32..).zip(playbook.intents.iter()) {
            all.intents.push(id.clone());
            let spoken = playbook.settings.languages.iter().filter_map(|language| intent.wording.get(language));
            let lines = spoken.flat_map(|wording| &wording.examples).filter(|line| !line.clauses.is_empty());
            all.lines.extend(lines.map(|line| (number, line.text.clone())));
        }
        all
    }
}

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
enum NoIndex {
    #[error(transparent)]
    NoVectors(#[from] NoVectors),
    #[error(transparent)]
    Useless(#[from] Useless),
    #[error("laying the examples out broke off: {0}")]
    Broke(#[from] tokio::task::JoinError),
}

struct Work {
    endpoint: Arc<Endpoint>,
    lines: Lines,
    shop: String,
    tell: watch::Sender<State>,
}

impl Work {
    async fn run(self) {
        let mut pause = AGAIN.0;
        loop {
            match self.index().await {
                Ok(index) => {
                    let (shop, right) = (&self.shop, index.right());
                    tracing::info!(%shop, examples = self.lines.lines.len(), right, "neighbours are ready");
                    let _ = self.tell.send(State::Ready(Arc::new(index)));
                    pause = AGAIN.0;
                    self.watch().await;
                    tracing::warn!(%shop, "another model answers; the examples' vectors are computed anew");
                    let _ = self.tell.send(State::Computing);
                }
                Err(error) => {
                    let is_known =
                        matches!(&*self.tell.borrow(), State::Failing(before) if *before == error.to_string());
                    if !is_known {
                        tracing::warn!(shop = %self.shop, %error, "there are no neighbours; turns are decided without");
                    }
                    let _ = self.tell.send(State::Failing(error.to_string()));
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(AGAIN.1);
                }
            }
        }
    }

    /// Waits until another model answers.
    async fn watch(&self) {
        loop {
            tokio::time::sleep(PROBED_EVERY).await;
            if matches!(self.probe(&self.known().await).await, Ok(false)) {
                return self.endpoint.vectors.forget();
            }
        }
    }

    /// What is known of the examples.
    async fn known(&self) -> HashMap<Key, Vector> {
        let (endpoint, wanted) = (self.endpoint.clone(), self.lines.lines.iter().map(|(_, text)| key(text)).collect());
        let read = tokio::task::spawn_blocking(move || endpoint.vectors.known(&wanted));
        read.await.unwrap_or_default()
    }

    /// Whether the vectors that are known are those of the model that answers.
    async fn probe(&self, known: &HashMap<Key, Vector>) -> Result<bool, NoVectors> {
        let texts = self.lines.lines.iter().map(|(_, text)| text.as_str());
        let probes: Vec<(&str, &Vector)> =
            texts.filter_map(|text| Some((text, known.get(&key(text))?))).take(PROBES).collect();
        if probes.is_empty() {
            return Ok(true);
        }
        let texts: Vec<&str> = probes.iter().map(|(text, _)| *text).collect();
        let now = self.endpoint.batch(&texts, None).await?;
        let is_same =
            |(now, (_, then)): (&Vector, &(&str, &Vector))| now.len() == then.len() && cosine(now, then) > SAME;
        Ok(now.iter().zip(&probes).all(is_same))
    }

    async fn index(&self) -> Result<Index, NoIndex> {
        let mut known = self.known().await;
        if !self.probe(&known).await? {
            self.endpoint.vectors.forget();
            known.clear();
        }
        let mut seen: HashSet<Key> = known.keys().copied().collect();
        let texts = self.lines.lines.iter().map(|(_, text)| text.as_str());
        let missing: Vec<(Key, &str)> =
            texts.map(|text| (key(text), text)).filter(|(key, _)| seen.insert(*key)).collect();
        let mut width = known.values().next().map(|vector| vector.len());
        let (mut missing, mut size) = (missing.as_slice(), BATCH);
        while !missing.is_empty() {
            let batch = &missing[..size.min(missing.len())];
            let texts: Vec<&str> = batch.iter().map(|(_, text)| *text).collect();
            match self.endpoint.batch(&texts, width).await {
                Ok(vectors) => {
                    let new: Vec<(Key, Vector)> = batch.iter().map(|(key, _)| *key).zip(vectors).collect();
                    width = new.first().map(|(_, vector)| vector.len());
                    self.endpoint.vectors.add(&new);
                    known.extend(new);
                    missing = &missing[batch.len()..];
                }
                Err(error) if error.is_of_size() && size > 1 => size /= 2,
                Err(error) => return Err(error.into()),
            }
        }
        let Lines { intents, lines } = self.lines.clone();
        let examples = lines.into_iter().filter_map(move |(intent, text)| {
            let vector = known.get(&key(&text))?.clone();
            Some(Example { intent, text, vector })
        });
        let examples: Vec<Example> = examples.collect();
        Ok(tokio::task::spawn_blocking(move || Index::new(intents, examples)).await??)
    }
}
