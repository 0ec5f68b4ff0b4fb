//! Words that wait to be sent: what becomes of them, and of those who wait for them.

use serde::{Deserialize, Serialize};

use super::facts::{PersonReply, Run, SetFacts};
use super::fold::{OpenRun, Tally};
use crate::domain::{At, PrincipalId, ReplyKey};

/// Words that wait to be sent, and the run that they end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct UnderWay {
    pub(super) key: ReplyKey,
    pub(super) run: Option<OpenRun>,
    pub(super) whose: Whose,
    /// They were reported as lost and may have arrived all the same; who waited for them waits on.
    #[serde(default)]
    pub(super) is_doubtful: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Whose {
    /// The bot's, of the turn at this place.
    Bot(usize),
    /// A person's.
    Person(PersonReply),
}

impl Tally {
    fn finished(&mut self, key: &ReplyKey) -> Option<UnderWay> {
        let place = self.open.under_way.iter().position(|words| words.key == *key)?;
        Some(self.open.under_way.remove(place))
    }

    pub(super) fn sent(&mut self, key: &ReplyKey, at: At) {
        let Some(words) = self.finished(key) else { return };
        let run = if words.is_doubtful { self.take_back(words.run) } else { words.run };
        match words.whose {
            Whose::Bot(place) => {
                if let Some(turn) = self.facts.turns.get_mut(place) {
                    turn.sent = Some(at);
                }
                if let Some(run) = run.filter(|run| run.needs) {
                    let took = Some(at.since(run.since).max(0));
                    self.facts.runs.push(Run { since: run.since, took, by: None, is_a_persons: false });
                }
            }
            Whose::Person(said) => {
                let set = said.set;
                if words.is_doubtful {
                    self.said_after_all(said, run);
                }
                self.with_set(set, |set| set.sent = true);
            }
        }
    }

    /// The wait that was given back when the words seemed lost, if it goes on still.
    fn take_back(&mut self, run: Option<OpenRun>) -> Option<OpenRun> {
        let run = run?;
        self.open.run.take_if(|open| open.since == run.since)
    }

    fn said_after_all(&mut self, said: PersonReply, run: Option<OpenRun>) {
        if let Some(run) = run {
            self.ends(run, Some(said.at), Some(said.by.clone()));
        }
        if let Some(hand_off) = self.facts.hand_offs.last_mut() {
            hand_off.answered.get_or_insert(said.at);
        }
        self.with_set(said.set, |set| (set.used, set.edit) = (said.script.clone(), said.edit));
        self.facts.replies.push(said);
    }

    /// They may have arrived after all: then the platform tells later.
    pub(super) fn not_delivered(&mut self, key: &ReplyKey) {
        let doubtful = self.open.under_way.iter().find(|words| words.key == *key).cloned();
        self.not_sent(key);
        self.open.under_way.extend(doubtful.map(|words| UnderWay { is_doubtful: true, ..words }));
    }

    /// The words never went out: who waited for them still does.
    pub(super) fn not_sent(&mut self, key: &ReplyKey) {
        let Some(words) = self.finished(key) else { return };
        match &words.whose {
            Whose::Person(said) => self.unsay(said),
            Whose::Bot(_) => self.leave_to_people(),
        }
        let Some(run) = words.run else { return };
        if matches!(words.whose, Whose::Person(_)) {
            self.facts.runs.retain(|told| told.since != run.since);
        }
        let since = self.open.run.map_or(run.since, |newer| newer.since.min(run.since));
        let run = OpenRun { since, needs: run.needs };
        if let Some((at, by)) = self.replied_since(since) {
            self.ends(run, Some(at), Some(by));
        } else if self.facts.closed.is_none() {
            self.open.run = Some(run);
        } else if run.needs {
            self.ends(run, None, None);
        }
    }

    /// What a person said next, and who.
    fn replied_since(&self, since: At) -> Option<(At, PrincipalId)> {
        let replies = self.facts.replies.iter().filter(|reply| reply.at >= since);
        replies.min_by_key(|reply| reply.at).map(|reply| (reply.at, reply.by.clone()))
    }

    /// What the bot can't say while it holds the chat, people have to.
    fn leave_to_people(&mut self) {
        if !self.open.is_with_people && self.facts.closed.is_none() {
            self.facts.undelivered += 1;
            self.open.is_with_people = true;
        }
    }

    fn unsay(&mut self, said: &PersonReply) {
        self.facts.replies.retain(|reply| (&reply.by, reply.at) != (&said.by, said.at));
        let handed_off = self.facts.hand_offs.last().map(|one| one.at);
        let next = handed_off.and_then(|since| self.replied_since(since)).map(|(at, _)| at);
        if let Some(hand_off) = self.facts.hand_offs.last_mut().filter(|one| one.answered == Some(said.at)) {
            hand_off.answered = next;
        }
        self.with_set(said.set, |set| (set.used, set.edit) = (None, None));
    }

    /// Does something to the set of the turn of this number.
    fn with_set(&mut self, seq: Option<i64>, with: impl FnOnce(&mut SetFacts)) {
        let turn = seq.and_then(|seq| self.facts.turns.iter_mut().find(|turn| turn.seq == seq));
        if let Some(set) = turn.and_then(|turn| turn.set.as_mut()) {
            with(set);
        }
    }
}
