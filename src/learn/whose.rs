//! Which intent a group of replies belongs to: what the customers had asked, as the playbook understands it.

use std::collections::BTreeMap;

use super::chat::{Burst, Corpus};
use crate::classify::Classifier;
use crate::domain::{At, Classification, IntentId, Message};
use crate::text::Text;

/// A request counts from this confidence on.
const COUNTS: f32 = 0.5;
/// An intent is clear if so many of the replies' bursts ask for it …
const CLEAR: f32 = 0.3;
/// … it is so many times as frequent as among all bursts …
const LIFT: f32 = 2.0;
/// … and so many times as frequent as the next.
const AHEAD: f32 = 1.5;
/// … and at least so many of the replies follow on it.
const REPLIES: usize = 2;
/// So many bursts back a request is still what a reply is about: 好的 and 在吗 ask for nothing.
const BACK: usize = 2;
/// What the reply itself reads like counts as much as so large a share of the bursts.
const OWN_WORDS: f32 = 0.25;

/// What each burst asks for.
#[derive(Debug)]
pub struct Understood {
    by_burst: Vec<Asks>,
    /// In how many bursts each intent is asked for.
    held: BTreeMap<IntentId, usize>,
}

/// What one burst asks for.
#[derive(Clone, Debug, Default)]
struct Asks {
    requests: Vec<IntentId>,
    /// It asks for nothing that is known, and is more than small talk.
    is_strange: bool,
}

impl Understood {
    /// Has the classifier read every burst; `tick` is called after each.
    #[must_use]
    pub fn of(corpus: &Corpus, classifier: &Classifier, tick: &dyn Fn()) -> Self {
        let mut held: BTreeMap<IntentId, usize> = BTreeMap::new();
        let mut by_burst = Vec::with_capacity(corpus.bursts.len());
        for burst in &corpus.bursts {
            let asks = asks(classifier, burst);
            for request in &asks.requests {
                *held.entry(request.clone()).or_default() += 1;
            }
            by_burst.push(asks);
            tick();
        }
        Self { by_burst, held }
    }

    /// What a burst asks for.
    #[must_use]
    pub fn requests(&self, burst: usize) -> &[IntentId] {
        self.by_burst.get(burst).map(|asks| asks.requests.as_slice()).unwrap_or_default()
    }

    /// What is being asked for when a burst ends: what it asks for itself, else what the bursts right before it did.
    #[must_use]
    pub fn at_issue(&self, corpus: &Corpus, burst: usize) -> &[IntentId] {
        let chat = corpus.bursts.get(burst).map(|burst| burst.chat);
        let back = (0..=burst).rev().take(1 + BACK);
        let mut same = back.filter(|at| corpus.bursts.get(*at).map(|burst| burst.chat) == chat);
        same.find(|at| !self.requests(*at).is_empty()).map(|at| self.requests(at)).unwrap_or_default()
    }

    /// Whether the playbook understands nothing of a burst.
    #[must_use]
    pub fn is_strange(&self, burst: usize) -> bool {
        self.by_burst.get(burst).is_some_and(|asks| asks.is_strange)
    }

    /// The intent that replies with these words, said after these bursts, clearly belong to.
    #[must_use]
    pub fn owner(&self, corpus: &Corpus, bursts: &[usize], own: &[IntentId]) -> Option<IntentId> {
        let all = bursts.len().max(1) as f32;
        let mut shares: BTreeMap<&IntentId, f32> = BTreeMap::new();
        for request in bursts.iter().flat_map(|burst| self.at_issue(corpus, *burst)) {
            *shares.entry(request).or_default() += 1.0 / all;
        }
        shares.retain(|intent, share| *share >= LIFT * self.usual(intent) && *share * all >= REPLIES as f32 - 0.5);
        for intent in own {
            *shares.entry(intent).or_default() += OWN_WORDS;
        }
        let mut ranked: Vec<(&IntentId, f32)> = shares.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let (first, share) = *ranked.first()?;
        let next = ranked.get(1).map_or(0.0, |(_, share)| *share);
        let is_clear = share >= CLEAR && share >= AHEAD * next;
        is_clear.then(|| first.clone())
    }

    /// An intent's share among all bursts.
    fn usual(&self, intent: &IntentId) -> f32 {
        self.held.get(intent).copied().unwrap_or(0) as f32 / self.by_burst.len().max(1) as f32
    }
}

fn asks(classifier: &Classifier, burst: &Burst) -> Asks {
    let understood = classify(classifier, &burst.said);
    let requests = understood.requests().filter(|request| request.confidence >= COUNTS);
    let requests: Vec<IntentId> = requests.map(|request| request.intent.clone()).collect();
    let is_strange = requests.is_empty() && (understood.intents.is_empty() || understood.unexplained);
    Asks { is_strange, requests }
}

/// The requests of a text.
#[must_use]
pub fn requests_of(classifier: &Classifier, text: &str) -> Vec<IntentId> {
    let understood = classify(classifier, &[text.to_owned()]);
    let found = understood.requests().filter(|request| request.confidence >= COUNTS);
    found.map(|request| request.intent.clone()).collect()
}

/// Reads messages as one turn. No time plays a part in it.
pub(super) fn classify(classifier: &Classifier, said: &[String]) -> Classification {
    let texts: Vec<Text<'_>> = said.iter().map(|text| Text::of(text)).collect();
    let message = |(number, text): (usize, &String)| Message::plain(format!("m-{number}").as_str().into(), text, At(0));
    let messages: Vec<Message> = said.iter().enumerate().map(message).collect();
    classifier.classify(&messages, &texts)
}
