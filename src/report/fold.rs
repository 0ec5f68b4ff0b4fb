//! An episode's facts as a fold over its events, in the order of their numbers.

use serde::{Deserialize, Serialize};

use super::facts::{By, Facts, HandOff, PersonReply, Run, SetFacts};
use super::turn::TurnPart;
use super::under_way::{UnderWay, Whose};
use crate::domain::{
    Act, At, ChannelName, ConversationId, CustomerId, EpisodeId, Happening, IntentId, PlaybookHash, PrincipalId,
    ReplyKey, Stage, SuggestionId, TurnId,
};

/// An episode that is being counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tally {
    pub(super) facts: Facts,
    pub(super) open: Open,
}

/// What is needed to go on counting, and nothing that is reported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    /// The turns, in order; `facts.turns` says more of each.
    #[serde(default)]
    turns: Vec<OpenTurn>,
    /// The customer waits for an answer.
    #[serde(default)]
    pub(super) run: Option<OpenRun>,
    /// Words that are under way.
    #[serde(default)]
    pub(super) under_way: Vec<UnderWay>,
    /// People are to answer: it waits for them, or one holds it.
    #[serde(default)]
    pub(super) is_with_people: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OpenTurn {
    id: TurnId,
    /// The scripts that were suggested, in order.
    suggested: Vec<IntentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct OpenRun {
    pub(super) since: At,
    /// A turn said that something was asked; else nobody has looked yet.
    pub(super) needs: bool,
}

impl Tally {
    pub(super) fn begin(
        id: EpisodeId,
        started: At,
        conversation: ConversationId,
        (customer, channel): (CustomerId, ChannelName),
        begun_by: Option<PrincipalId>,
    ) -> Self {
        let facts = Facts {
            id,
            customer,
            started,
            conversation,
            channel,
            begun_by,
            contacts: Vec::new(),
            closed: None,
            judged: None,
            turns: Vec::new(),
            versions: Vec::new(),
            runs: Vec::new(),
            hand_offs: Vec::new(),
            replies: Vec::new(),
            ratings: Vec::new(),
            refunds: Vec::new(),
            orders: Vec::new(),
            returned: 0,
            passed_on: 0,
            undelivered: 0,
            promises: [0; 3],
        };
        Self { facts, open: Open::default() }
    }

    /// Counts one event in. `turn` is the turn that it tells of, where it tells of one.
    pub(super) fn count(&mut self, at: At, what: &Happening, turn: Option<&TurnPart>) {
        self.look_who_holds(what);
        let facts = &mut self.facts;
        match what {
            Happening::MessageReceived { .. } => self.hear(at),
            Happening::TurnDecided { turn: id, reply, .. } => {
                if let Some(turn) = turn {
                    self.decide(id, turn, reply.as_ref());
                }
            }
            Happening::HandedOff { rung, .. } => {
                facts.hand_offs.push(HandOff {
                    at,
                    rung: *rung,
                    answered: None,
                    had_to_repeat: false,
                    context_lost: false,
                });
            }
            Happening::PersonReplied { by, reply, suggestion, edit_share, script, passive, asks_order } => {
                self.look_for_lost_context(*asks_order);
                let set = suggestion.as_ref().and_then(|id| self.used(id, *edit_share, false));
                let script = script.as_deref().map(intent_of).or_else(|| set.as_ref().map(|(_, used)| used.clone()));
                let set = set.map(|(seq, _)| seq);
                let edit = *edit_share;
                let words = PersonReply { by: by.clone(), at, script, set, edit, passive: *passive };
                self.person_replies(words, reply.as_ref());
            }
            Happening::ReplySent { reply } => self.sent(reply, at),
            Happening::ReplyCancelled { reply, .. } => self.not_sent(reply),
            Happening::DeliveryFailed { reply, .. } => self.not_delivered(reply),
            Happening::Returned { .. } => facts.returned += 1,
            Happening::Transferred { .. } => facts.passed_on += 1,
            Happening::Closed { by, .. } => self.close(at, by),
            Happening::Rated { rating } => facts.ratings.push((at, *rating)),
            Happening::OrderUpdated { update, .. } if is_refund(update) => facts.refunds.push(at),
            Happening::SuggestionShown { suggestion, by } => {
                self.set_of(suggestion, |set, _| {
                    set.shown = true;
                    set.seen_by.extend(by.iter().filter(|by| !set.seen_by.contains(by)).cloned().collect::<Vec<_>>());
                });
            }
            Happening::SuggestionUsed { suggestion, edit_share } => drop(self.used(suggestion, *edit_share, true)),
            Happening::SuggestionDismissed { suggestion } => {
                self.set_of(suggestion, |set, _| set.dismissed = true);
            }
            Happening::PromiseMade { .. } => facts.promises[0] += 1,
            Happening::PromiseKept { .. } => facts.promises[1] += 1,
            Happening::PromiseOverdue { .. } => facts.promises[2] += 1,
            Happening::Judged { turn, verdict, .. } => {
                if let Some(place) = self.place_of(turn) {
                    self.facts.turns[place].verdict = Some(*verdict);
                }
            }
            Happening::Excluded { why, .. } => facts.judged = Some(*why),
            _ => {}
        }
    }

    fn look_who_holds(&mut self, what: &Happening) {
        match what {
            Happening::HandedOff { .. }
            | Happening::Taken { .. }
            | Happening::Assigned { .. }
            | Happening::Transferred { .. }
            | Happening::Returned { .. }
            | Happening::PersonReplied { .. } => self.open.is_with_people = true,
            Happening::Released { .. } => self.open.is_with_people = false,
            _ => {}
        }
    }

    fn hear(&mut self, at: At) {
        self.facts.contacts.push(at);
        self.open.run.get_or_insert(OpenRun { since: at, needs: false });
    }

    fn decide(&mut self, id: &TurnId, turn: &TurnPart, reply: Option<&ReplyKey>) {
        let mut facts = turn.facts(self.version(turn.playbook()));
        for order in turn.orders() {
            if !self.facts.orders.contains(order) {
                self.facts.orders.push(order.clone());
            }
        }
        self.look_for_repetition(&facts.intents, facts.needs);
        let run = match self.open.run {
            Some(run) if facts.needs => Some(OpenRun { needs: true, ..run }),
            // It came while the turn before was being decided.
            None if facts.needs && !self.is_answered_since(turn.heard()) => {
                Some(OpenRun { since: turn.heard(), needs: true })
            }
            run => run.filter(|run| run.needs),
        };
        self.open.run = run;
        let ends = matches!(facts.act, Act::Answer | Act::Ask);
        if let Some(key) = reply {
            let run = if ends { self.open.run.take() } else { None };
            let whose = Whose::Bot(self.facts.turns.len());
            self.open.under_way.push(UnderWay { key: key.clone(), run, whose, is_doubtful: false });
        } else if turn.has_words() {
            // Stored before the key was told: taken for sent at once.
            facts.sent = Some(facts.at);
            if let Some(run) = self.open.run.take_if(|run| ends && run.needs) {
                let took = Some(facts.at.since(run.since).max(0));
                self.facts.runs.push(Run { since: run.since, took, by: None, is_a_persons: false });
            }
        }
        let suggested = turn.suggestions().iter().map(|suggestion| suggestion.intent.clone()).collect();
        self.open.turns.push(OpenTurn { id: id.clone(), suggested });
        self.facts.turns.push(facts);
    }

    /// The place of a playbook among those that decided.
    fn version(&mut self, playbook: &PlaybookHash) -> u8 {
        let versions = &mut self.facts.versions;
        let place = versions.iter().position(|known| known == playbook).unwrap_or_else(|| {
            versions.push(playbook.clone());
            versions.len() - 1
        });
        u8::try_from(place).unwrap_or(u8::MAX)
    }

    /// A person was quicker than the window.
    fn is_answered_since(&self, heard: At) -> bool {
        self.facts.replies.last().is_some_and(|reply| reply.at >= heard)
    }

    /// Whether a customer who was answered by a person says again what the bot had handed off.
    fn look_for_repetition(&mut self, intents: &[IntentId], needs: bool) {
        let handed_off = self.facts.turns.iter().rev().find(|turn| turn.act == Act::HandOff);
        let is_the_same = handed_off.is_some_and(|turn| turn.intents.iter().any(|intent| intents.contains(intent)));
        if let Some(hand_off) = self.facts.hand_offs.last_mut()
            && needs
            && is_the_same
            && hand_off.answered.is_some()
        {
            hand_off.had_to_repeat = true;
        }
    }

    fn look_for_lost_context(&mut self, asks_order: bool) {
        let is_known = self.facts.turns.iter().any(|turn| turn.order.is_some());
        if let Some(hand_off) = self.facts.hand_offs.last_mut() {
            hand_off.context_lost |= asks_order && is_known;
        }
    }

    fn person_replies(&mut self, words: PersonReply, key: Option<&ReplyKey>) {
        // What the bot says after this ends no run any more.
        self.take_back_from_the_bot();
        let run = self.open.run.take();
        if let Some(run) = run {
            self.ends(run, Some(words.at), Some(words.by.clone()));
        }
        if let Some(hand_off) = self.facts.hand_offs.last_mut() {
            hand_off.answered.get_or_insert(words.at);
        }
        if let Some(key) = key {
            let whose = Whose::Person(words.clone());
            self.open.under_way.push(UnderWay { key: key.clone(), run, whose, is_doubtful: false });
        }
        self.facts.replies.push(words);
    }

    fn take_back_from_the_bot(&mut self) {
        let bots = self.open.under_way.iter_mut().filter(|words| matches!(words.whose, Whose::Bot(_)));
        let since = bots.filter_map(|words| words.run.take()).map(|run| run.since).min();
        if let Some(since) = since {
            let since = self.open.run.map_or(since, |run| run.since.min(since));
            self.open.run = Some(OpenRun { since, needs: true });
        }
    }

    pub(super) fn ends(&mut self, run: OpenRun, at: Option<At>, by: Option<PrincipalId>) {
        let is_a_persons = by.is_some() || self.open.is_with_people;
        let took = at.map(|at| at.since(run.since).max(0));
        self.facts.runs.push(Run { since: run.since, took, by, is_a_persons });
    }

    fn close(&mut self, at: At, by: &str) {
        let by = match by {
            "customer" => By::Customer,
            "bot" => By::Bot,
            "idle" => By::Idle,
            _ => By::Agent,
        };
        self.facts.closed = Some((at, by));
        if let Some(run) = self.open.run.take().filter(|run| run.needs) {
            self.ends(run, None, None);
        }
    }

    fn place_of(&self, turn: &TurnId) -> Option<usize> {
        self.open.turns.iter().position(|open| open.id == *turn)
    }

    /// Does something to the set that a suggestion is of; the turn's number, and the script that was suggested.
    fn set_of(
        &mut self,
        suggestion: &SuggestionId,
        with: impl FnOnce(&mut SetFacts, &IntentId),
    ) -> Option<(i64, IntentId)> {
        // A suggestion is named by its turn and its place, from 1.
        let (turn, number) = suggestion.as_str().rsplit_once('.')?;
        let place = self.place_of(&TurnId::from(turn))?;
        let suggested = &self.open.turns[place].suggested;
        let script = suggested.get(number.parse::<usize>().ok()?.checked_sub(1)?)?.clone();
        let offered = u8::try_from(suggested.len()).unwrap_or(u8::MAX);
        let turn = &mut self.facts.turns[place];
        // Somebody takes over what the bot had answered: then this is a person's turn too.
        let set = turn.set.get_or_insert(SetFacts { eligible: true, offered, ..SetFacts::default() });
        with(set, &script);
        Some((turn.seq, script))
    }

    fn used(&mut self, suggestion: &SuggestionId, edit: Option<f32>, is_sent: bool) -> Option<(i64, IntentId)> {
        self.set_of(suggestion, |set, script| {
            set.shown = true;
            set.used = Some(script.clone());
            set.edit = edit;
            // Other desks tell of words that they send themselves.
            set.sent |= is_sent;
        })
    }
}

/// The script's file: of `logistics/track_parcel#zh#suggest.1` the part before the first `#`.
fn intent_of(script: &str) -> IntentId {
    IntentId::from(script.split('#').next().unwrap_or(script))
}

/// Whether news of an order say that money goes back.
pub(super) fn is_refund(update: &serde_json::Value) -> bool {
    let state = update.get("state").and_then(|word| serde_json::from_value(word.clone()).ok());
    matches!(state, Some(Stage::Refunding | Stage::Refunded))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_of_a_turn_that_names_no_key_is_taken_for_sent() {
        let part = json!({"intent": "logistics/shipping_fee", "situation": "default", "tone": null, "used": []});
        let reply = json!({"text": "满59元包邮", "language": "zh", "parts": [part]});
        let decision = json!({"act": "answer", "rung": "sure", "reason": "", "reply": reply, "urgency": "normal",
            "queue": null, "held_back": null});
        let understood = json!({"intents": [{"intent": "logistics/shipping_fee"}], "slots": [], "unexplained": false});
        let lookup = serde_json::to_value(crate::domain::OrderLookup::NotAsked).unwrap();
        let turn = json!({"seq": 1, "window_end": 2_000, "window": 1_000, "input": {"now": 2_000, "messages": []},
            "outcome": {"playbook": "v1", "classification": understood, "orders": {"lookup": lookup},
                "decision": decision, "suggestions": [], "state": {"order": null, "product": null}}});
        let turn: TurnPart = serde_json::from_value(turn).unwrap();
        let decided = |reply: Option<&str>| {
            let with = ("c".into(), "web".into());
            let mut tally = Tally::begin("e".into(), At(1_000), "v".into(), with, None);
            tally.count(At(1_000), &Happening::MessageReceived { messages: 1 }, None);
            let (turn_id, act, rung) = (TurnId::from("t"), Act::Answer, crate::domain::Rung::Sure);
            let what = Happening::TurnDecided { turn: turn_id, act, rung, reply: reply.map(ReplyKey::from) };
            tally.count(At(2_000), &what, Some(&turn));
            (tally.facts.is_involved(), tally.facts.runs.first().and_then(|run| run.took))
        };
        assert_eq!(decided(None), (true, Some(1_000)));
        assert_eq!(decided(Some("k")), (false, None), "under way");
    }
}
