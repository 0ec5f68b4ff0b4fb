//! What became of one dialogue: what was written, decided and delivered, and what was broken.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::board::{Decided, Delivered, Delivery, News};
use super::dialogues::Burst;
use super::report::Counted;
use super::service::Shown;
use super::stage::Stage;
use crate::domain::{Act, ExternalId, ReplyKey, TurnId};

/// All that is known of one dialogue.
pub(super) struct Record {
    pub(super) dialog: String,
    pub(super) mail: UnboundedReceiver<News>,
    /// Those that were begun.
    pub(super) bursts: Vec<Burst>,
    pub(super) turns: Vec<Decided>,
    pub(super) accepted: u64,
    pub(super) duplicates: u64,
    /// Messages that the service has.
    pub(super) stored: u64,
    pub(super) acknowledged: Vec<Duration>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) broken: Vec<String>,
    written: HashMap<ExternalId, Written>,
    /// Of an agent's replies.
    agent: Vec<ReplyKey>,
}

/// A message that was sent.
struct Written {
    burst: usize,
    decided: u32,
}

impl Decided {
    pub(super) fn act(&self) -> Act {
        self.turn.outcome.decision.act
    }

    /// Milliseconds from the end of its window to its decision.
    pub(super) fn took(&self) -> i64 {
        self.at.since(self.turn.window_end)
    }
}

impl Record {
    pub(super) fn new(dialog: String, mail: UnboundedReceiver<News>) -> Self {
        Self {
            dialog,
            mail,
            bursts: Vec::new(),
            turns: Vec::new(),
            accepted: 0,
            duplicates: 0,
            stored: 0,
            acknowledged: Vec::new(),
            deliveries: Vec::new(),
            broken: Vec::new(),
            written: HashMap::new(),
            agent: Vec::new(),
        }
    }

    /// Begins a burst; its place.
    pub(super) fn open(&mut self, burst: Burst) -> usize {
        self.bursts.push(burst);
        self.bursts.len() - 1
    }

    pub(super) fn wrote(&mut self, message: ExternalId, burst: usize) {
        self.written.insert(message, Written { burst, decided: 0 });
    }

    pub(super) fn accepted(&mut self, took: Duration) {
        self.accepted += 1;
        self.acknowledged.push(took);
    }

    pub(super) fn known(&mut self, took: Duration) {
        self.accepted(took);
        self.duplicates += 1;
    }

    pub(super) fn said(&mut self, key: ReplyKey) {
        self.agent.push(key);
    }

    pub(super) fn hear(&mut self, news: News) {
        match news {
            News::Delivery(delivery) => self.deliveries.push(delivery),
            // The stream begins anew after a cut: the same event may come twice.
            News::Decided(decided) if self.has(&decided.turn.input.id) => {}
            News::Decided(decided) => {
                for id in decided.turn.input.messages.iter().filter_map(|message| message.external_id.as_ref()) {
                    if let Some(written) = self.written.get_mut(id) {
                        written.decided += 1;
                    }
                }
                self.turns.push(*decided);
            }
        }
    }

    fn has(&self, turn: &TurnId) -> bool {
        self.turns.iter().any(|played| played.turn.input.id == *turn)
    }

    /// Messages that no turn has decided.
    pub(super) fn undecided(&self) -> usize {
        self.written.values().filter(|written| written.decided == 0).count()
    }

    /// The burst that a turn ended with.
    pub(super) fn burst_of(&self, played: &Decided) -> Option<&Burst> {
        let last = played.turn.input.messages.last()?.external_id.as_ref()?;
        self.bursts.get(self.written.get(last)?.burst)
    }

    /// What should have been delivered and has not come.
    pub(super) fn awaited(&self) -> u64 {
        self.replies().missing + self.news().missing
    }

    /// Words for the customer, the bot's and the agent's.
    pub(super) fn replies(&self) -> Counted {
        let speaking = self.turns.iter().filter(|played| played.turn.outcome.decision.reply.is_some());
        let mut counted: Counted = speaking.map(|played| self.times(played, Delivered::Reply)).collect();
        for key in &self.agent {
            counted.add(self.deliveries.iter().filter(|delivery| delivery.key == *key).count());
        }
        // Words that no turn decided, such as those for people who wait: only coming twice is wrong.
        let mut others: BTreeMap<&ReplyKey, usize> = BTreeMap::new();
        for delivery in &self.deliveries {
            if delivery.turn.is_none() && !self.agent.contains(&delivery.key) {
                *others.entry(&delivery.key).or_default() += 1;
            }
        }
        others.into_values().for_each(|times| counted.add(times));
        counted
    }

    /// The news of hand-offs, for the platform's own desk.
    pub(super) fn news(&self) -> Counted {
        let handed_off = self.turns.iter().filter(|played| played.act() == Act::HandOff);
        handed_off.map(|played| self.times(played, Delivered::HandedOff)).collect()
    }

    /// How often a turn's words or news came: under one key or under several.
    fn times(&self, played: &Decided, what: Delivered) -> usize {
        let turn = Some(&played.turn.input.id);
        self.deliveries.iter().filter(|delivery| delivery.what == what && delivery.turn.as_ref() == turn).count()
    }

    /// At the end: what came late, and what the service has stored.
    pub(super) async fn look(&mut self, stage: &Stage) {
        while let Ok(news) = self.mail.try_recv() {
            self.hear(news);
        }
        let Some(first) = self.turns.first() else { return };
        match stage.service.conversation(&first.turn.input.conversation).await {
            Ok(shown) => self.compare(&shown, stage.receives),
            Err(error) => self.broken.push(format!("dialogue {}: {error:#}", self.dialog)),
        }
        let twice = self.written.values().filter(|written| written.decided > 1).count();
        if twice > 0 {
            self.broken.push(format!("dialogue {}: {twice} messages were decided twice", self.dialog));
        }
    }

    fn compare(&mut self, shown: &Shown, receives: bool) {
        let said = shown.lines.iter().filter(|line| line.from == "customer");
        self.stored = said.count() as u64;
        if self.stored != self.accepted {
            let Self { dialog, accepted, stored, .. } = self;
            self.broken.push(format!("dialogue {dialog}: {accepted} messages were accepted, {stored} are stored"));
        }
        // Why a turn's words did not come, as the outbox knows it.
        for line in &shown.lines {
            let stuck = line.state.as_deref().filter(|state| *state != "sent");
            let (Some(turn), Some(state)) = (&line.turn_id, stuck) else { continue };
            if self.has(turn) {
                self.broken.push(format!("dialogue {}: a reply stands as `{state}` in the outbox", self.dialog));
            }
        }
        if receives {
            return;
        }
        // The lines don't show keys; an agent's come in the order in which they were said.
        let mut agent = self.agent.clone().into_iter();
        for (number, line) in shown.lines.iter().enumerate() {
            let key = if line.from.starts_with("agent:") { agent.next() } else { None };
            if line.state.as_deref() == Some("sent") {
                let key = key.unwrap_or_else(|| ReplyKey::from(format!("line {number}")));
                let (turn, what, at) = (line.turn_id.clone(), Delivered::Reply, line.at);
                self.deliveries.push(Delivery { key, turn, what, at });
            }
        }
    }
}
