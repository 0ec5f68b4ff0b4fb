//! The ladder, rung by rung, from the top. The first that has something to say decides.

use crate::domain::{
    Act, Alarm, AnswerPolicy, Asked, At, ConversationState, Decision, IntentId, MINUTE, Need, OrderLookup, OrdersFound,
    Pending, Phase, QueueName, Reply, ReplyPart, Rung, Situation, Urgency, talk,
};
use crate::playbook::settings::WhileWaiting;

use super::compose::{Speaker, Words, remember};
use super::moment::{Moment, Request};

/// The bot asks for the same thing so often in an episode; then a person goes on.
const QUESTIONS_AT_MOST: u8 = 2;
/// A customer may try so often to prove an order theirs.
const PROOFS_AT_MOST: u8 = 3;
/// More bot messages than this in [`SAID_WITHIN`] and a person takes over.
const MESSAGES_AT_MOST: usize = 6;
/// The same answer within this time is no answer.
const SAID_WITHIN: i64 = 10 * MINUTE;
/// A question that is older is forgotten.
const QUESTION_LASTS: i64 = 30 * MINUTE;

/// Where a decision is made: the moment, its orders, and the conversation as it will be.
pub(super) struct Ladder<'a> {
    pub(super) moment: &'a Moment<'a>,
    pub(super) found: &'a OrdersFound,
    pub(super) state: ConversationState,
}

impl<'a> Ladder<'a> {
    /// The rungs in order. (`mode` stands around the ladder, `waiting` behind it: see [`super::decide`].)
    pub(super) const RUNGS: &'a [fn(&mut Self) -> Option<Decision>] = &[
        Self::held,
        Self::asked_for_person,
        Self::risk_or_anger,
        Self::wrong_answer,
        Self::nothing_to_answer,
        Self::order_card,
        Self::talk,
        Self::never,
        Self::which_question,
        Self::missing,
        Self::sure,
        Self::unsure,
    ];

    fn now(&self) -> At {
        self.moment.input.now
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { moment: self.moment, lookup: &self.found.lookup, due: None }
    }

    fn has(&self, id: &str) -> bool {
        self.moment.understood.has(id)
    }

    // 2. A person holds the chat, or closed it after this was written.
    fn held(&mut self) -> Option<Decision> {
        matches!(self.state.phase, Phase::Agent | Phase::Closed).then(|| silent(Rung::Held, ""))
    }

    // 3. The customer asks for a person, …
    fn asked_for_person(&mut self) -> Option<Decision> {
        self.has(talk::ASK_FOR_HUMAN).then(|| self.hand_off(Rung::AskedForPerson, Urgency::High, talk::ASK_FOR_HUMAN))
    }

    // … or says a risk word, or is angrier by the turn.
    fn risk_or_anger(&mut self) -> Option<Decision> {
        let alarm = self.moment.understood.alarm?;
        self.state.complaints = self.state.complaints.saturating_add(1);
        let (rung, reason) = match alarm {
            Alarm::Risk => (Rung::Risk, "risk"),
            Alarm::Anger => (Rung::Anger, "anger"),
        };
        Some(self.hand_off(rung, Urgency::High, reason))
    }

    // 4. 答非所问, 还是不行. (The same answer twice is seen when there is an answer: `say`.)
    fn wrong_answer(&mut self) -> Option<Decision> {
        for (id, rung) in [(talk::WRONG_ANSWER, Rung::WrongAnswer), (talk::NOT_SOLVED, Rung::NotSolved)] {
            if self.has(id) {
                self.state.complaints = self.state.complaints.saturating_add(1);
                return Some(self.hand_off(rung, Urgency::Normal, id));
            }
        }
        None
    }

    // 6. Nothing to answer. (5, the answer to the bot's question, was read before: its intents are among the requests.)
    fn nothing_to_answer(&mut self) -> Option<Decision> {
        if !self.moment.requests.is_empty() {
            return None;
        }
        let texts_are_empty =
            self.moment.understood.intents.is_empty() && self.moment.input.messages.iter().all(is_blank);
        let still =
            [talk::ACKNOWLEDGEMENT, talk::HOLD_ON, talk::NUDGE, talk::YES, talk::NO, talk::SPAM, talk::PRODUCT_CARD];
        let reason = || self.moment.understood.intents.first().map_or("", |candidate| candidate.intent.as_str());
        (texts_are_empty || self.moment.is_only(&still)).then(|| silent(Rung::NothingToAnswer, reason()))
    }

    // A bare order card: bind it, say once which order it is, ask what is wanted.
    fn order_card(&mut self) -> Option<Decision> {
        if !self.has(talk::ORDER_CARD) || !self.moment.requests.is_empty() {
            return None;
        }
        match &self.found.lookup {
            OrderLookup::SourceDown => Some(self.hand_off(Rung::SourceDown, Urgency::Normal, talk::ORDER_CARD)),
            OrderLookup::One(order) => {
                let seen = Asked::WhatAboutOrder;
                let number = order.number.to_string();
                let words = self.speaker().system("order_card_received", &[]);
                Some(self.ask(Rung::OrderCard, seen, Vec::new(), vec![number], words))
            }
            _ => Some(self.ask_for_order(Vec::new(), None)),
        }
    }

    // Small talk that has an answer of its own; never two running.
    fn talk(&mut self) -> Option<Decision> {
        let only = [talk::GREETING, talk::THANKS, talk::GOODBYE, talk::SOLVED, talk::ATTACHMENT, "talk/are_you_a_bot"];
        if !self.moment.requests.is_empty() || !self.moment.is_only(&[&only[..], STILL].concat()) {
            return None;
        }
        let said_talk_last = self.state.said.last().is_some_and(|said| is_talk(&said.intent));
        let candidate = self.moment.understood.intents.iter().find(|c| only.contains(&c.intent.as_str()))?;
        let id = candidate.intent.clone();
        if id.as_str() == talk::ATTACHMENT && said_talk_last {
            return Some(self.hand_off(Rung::Unsure, Urgency::Normal, talk::ATTACHMENT));
        }
        if said_talk_last {
            return Some(silent(Rung::NothingToAnswer, id.as_str()));
        }
        let first = self.state.said.is_empty();
        let speaker = self.speaker();
        let words = match id.as_str() {
            talk::ATTACHMENT => speaker.system("attachment_received", &[]),
            talk::GREETING if first => {
                speaker.system("welcome", &[]).or_else(|| speaker.exactly(&id, Situation::Default))
            }
            _ => speaker.exactly(&id, Situation::Default),
        };
        Some(match words {
            Some(words) => self.say(Rung::Talk, id.as_str(), vec![words]),
            None => silent(Rung::NothingToAnswer, id.as_str()),
        })
    }

    // 7. The bot may not answer: hand off, gathering what the intent names.
    fn never(&mut self) -> Option<Decision> {
        let request = self.moment.requests.iter().find(|request| request.intent.answer == AnswerPolicy::Never);
        let abuse = self.has(talk::ABUSE).then(|| self.moment.playbook.intents.get(&IntentId::from(talk::ABUSE)));
        let intent = request.map(|request| request.intent).or(abuse.flatten())?;
        self.state.complaints = self.state.complaints.saturating_add(1);
        let mut decision = self.hand_off(Rung::Never, intent.urgency, intent.id.as_str());
        self.gather(&intent.gather, &mut decision);
        Some(decision)
    }

    /// Adds to the hand-off's words what the person will need and isn't there yet.
    fn gather(&self, wanted: &[String], decision: &mut Decision) {
        let has_photo = self.moment.input.messages.iter().any(|message| !message.attachments.is_empty());
        let words = &self.moment.playbook.words;
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|item| !(item.as_str() == "order" && self.found.lookup.one().is_some()))
            .filter(|item| !(item.as_str() == "photo" && has_photo))
            .filter_map(|item| words.get(self.moment.language, &format!("gather.{item}")))
            .collect();
        if missing.is_empty() {
            return;
        }
        let items = words.list(self.moment.language, &missing);
        let gather = self.speaker().system("gather", &[("gather.items", items)]);
        if let (Some(reply), Some((text, part))) = (&mut decision.reply, gather) {
            reply.text.push('\n');
            reply.text.push_str(&text);
            reply.parts.push(part);
        }
    }

    // 8. Two rivals are close: ask which, once.
    fn which_question(&mut self) -> Option<Decision> {
        let (request, rival) = self.moment.requests.iter().find_map(|request| Some((request, request.rival?)))?;
        let choices = [&request.intent.id, rival];
        if self.state.times_asked(Asked::WhichQuestion) > 0 {
            return Some(self.hand_off(Rung::TooManyQuestions, Urgency::Normal, rival.as_str()));
        }
        let list = self.speaker().question_choices(&choices);
        let words = self.speaker().system("ask_which_question", &[("choices", list)]);
        let choices = choices.iter().map(ToString::to_string).collect();
        Some(self.ask(Rung::WhichQuestion, Asked::WhichQuestion, self.wanted(), choices, words))
    }

    // 9. Something needed is missing: ask, at most twice an episode.
    fn missing(&mut self) -> Option<Decision> {
        if !self.moment.is_sure_of_all() {
            return None;
        }
        let requests = &self.moment.requests;
        let needs = |need: Need| requests.iter().find(|request| request.intent.needs.contains(&need));
        let named = self.moment.order_question().is_some_and(|question| !question.numbers.is_empty());
        let wants_order = needs(Need::Order).or_else(|| needs(Need::OrderIfAny).filter(|_| named));
        if let Some(request) = wants_order {
            let asked = match &self.found.lookup {
                OrderLookup::Several(orders) if request.intent.needs.contains(&Need::Order) => {
                    Some(self.ask_which_order(orders.iter().map(|o| o.number.to_string()).collect()))
                }
                OrderLookup::None | OrderLookup::NotAsked | OrderLookup::ProofNeeded(_) => {
                    let own = self.speaker().exactly(&request.intent.id, Situation::OrderUnknown);
                    Some(self.ask_for_order(self.wanted(), own))
                }
                _ => None,
            };
            if asked.is_some() {
                return asked;
            }
        }
        if let Some(request) = needs(Need::Product).filter(|_| self.moment.product.is_none()) {
            let own = self.speaker().exactly(&request.intent.id, Situation::ProductUnknown);
            let words = own.or_else(|| self.speaker().system("ask_product", &[]));
            return Some(self.ask(Rung::Missing, Asked::Product, self.wanted(), Vec::new(), words));
        }
        None
    }

    fn ask_which_order(&mut self, numbers: Vec<String>) -> Decision {
        let OrderLookup::Several(orders) = &self.found.lookup else {
            return self.hand_off(Rung::Unsure, Urgency::Normal, "order");
        };
        let list = self.speaker().order_choices(orders);
        let words = self.speaker().system("ask_which_order", &[("choices", list)]);
        self.ask(Rung::Missing, Asked::WhichOrder, self.wanted(), numbers, words)
    }

    /// Asks for an order's number, or for the proof that a named one is theirs. "Not yours" reads like "not found".
    fn ask_for_order(&mut self, intents: Vec<IntentId>, own: Option<(String, ReplyPart)>) -> Decision {
        let speaker = self.speaker();
        match &self.found.lookup {
            OrderLookup::ProofNeeded(number) if self.state.failed_proofs < PROOFS_AT_MOST => {
                let name = if self.found.failed_proof { "proof_failed" } else { "proof_needed" };
                let words = speaker.system(name, &[]);
                let number = number.to_string();
                self.ask(Rung::Missing, Asked::Proof, intents, vec![number], words)
            }
            OrderLookup::None | OrderLookup::NotAsked
                if self.moment.order_question().is_none_or(|q| q.numbers.is_empty()) =>
            {
                let words = own.or_else(|| speaker.system("ask_order", &[]));
                self.ask(Rung::Missing, Asked::Order, intents, Vec::new(), words)
            }
            _ => {
                let words = speaker.system("proof_failed", &[]);
                self.ask(Rung::Missing, Asked::Order, intents, Vec::new(), words)
            }
        }
    }

    // 10. Sure of every request, each with its facts: answer all of them in one message.
    fn sure(&mut self) -> Option<Decision> {
        if self.moment.requests.is_empty() || !self.moment.is_sure_of_all() {
            return None;
        }
        let mut pieces = Vec::new();
        for request in &self.moment.requests {
            if self.speaker().situation(request) == Situation::SourceDown {
                return Some(self.hand_off(Rung::SourceDown, Urgency::Normal, request.intent.id.as_str()));
            }
            match self.speaker().answer(request) {
                Words::Ready(text, part) => pieces.push((text, part)),
                Words::Missing(rung, what) => return Some(self.hand_off(rung, Urgency::Normal, &what)),
            }
        }
        let reason = self.reason();
        let rung = if self.moment.answered.is_some() { Rung::Answered } else { Rung::Sure };
        Some(self.say(rung, &reason, pieces))
    }

    // 11. Anything else: a person.
    fn unsure(&mut self) -> Option<Decision> {
        let urgency = self.moment.requests.iter().map(|request| request.intent.urgency).max().unwrap_or_default();
        let reason = self.reason();
        Some(self.hand_off(Rung::Unsure, urgency, &reason))
    }

    fn wanted(&self) -> Vec<IntentId> {
        self.moment.requests.iter().map(|request| request.intent.id.clone()).collect()
    }

    fn reason(&self) -> String {
        let said = |request: &Request<'_>| format!("{} {:.2}", request.intent.id, request.confidence);
        self.moment.requests.iter().map(said).collect::<Vec<_>>().join(" · ")
    }

    /// Answers, unless the same was answered a moment ago or the bot has talked enough.
    fn say(&mut self, rung: Rung, reason: &str, pieces: Vec<(String, ReplyPart)>) -> Decision {
        let Some(reply) = self.speaker().reply(pieces) else {
            return self.hand_off(Rung::NoWords, Urgency::Normal, reason);
        };
        let lately = |at: At| self.now().since(at) < SAID_WITHIN;
        let new = remember(&reply, self.now());
        let repeats =
            self.state.said.iter().any(|said| {
                lately(said.at) && new.iter().any(|part| part.hash == said.hash && part.intent == said.intent)
            });
        if repeats && rung != Rung::Talk {
            return self.hand_off(Rung::Repeated, Urgency::Normal, reason);
        }
        if self.has_talked_enough() {
            return self.hand_off(Rung::BotLimit, Urgency::Normal, reason);
        }
        self.state.said.extend(new);
        decided(Act::Answer, rung, reason, Some(reply))
    }

    /// Asks, unless this was asked often enough. The next turn is read as the answer first.
    fn ask(
        &mut self,
        rung: Rung,
        asked: Asked,
        intents: Vec<IntentId>,
        choices: Vec<String>,
        words: Option<(String, ReplyPart)>,
    ) -> Decision {
        let reason = self.reason();
        let most = if asked == Asked::Proof { PROOFS_AT_MOST } else { QUESTIONS_AT_MOST };
        if self.state.times_asked(asked) >= most {
            return self.hand_off(Rung::TooManyQuestions, Urgency::Normal, &reason);
        }
        let Some(reply) = words.and_then(|words| self.speaker().reply(vec![words])) else {
            return self.hand_off(Rung::NoWords, Urgency::Normal, &reason);
        };
        if self.has_talked_enough() {
            return self.hand_off(Rung::BotLimit, Urgency::Normal, &reason);
        }
        self.state.count_question(asked);
        self.state.said.extend(remember(&reply, self.now()));
        let expires = self.now().plus(QUESTION_LASTS);
        self.state.pending = Some(Pending { asked, intents, choices, turn: self.moment.input.id.clone(), expires });
        decided(Act::Ask, rung, &reason, Some(reply))
    }

    fn has_talked_enough(&self) -> bool {
        let mut times: Vec<At> =
            self.state.said.iter().map(|said| said.at).filter(|at| self.now().since(*at) < SAID_WITHIN).collect();
        times.dedup();
        times.len() >= MESSAGES_AT_MOST
    }

    /// Gives the chat to people, in words that fit the hour.
    fn hand_off(&mut self, rung: Rung, urgency: Urgency, reason: &str) -> Decision {
        let settings = &self.moment.playbook.settings;
        let name = if settings.people_are_there(self.now()) { "handed_off" } else { "handed_off_closed" };
        let due = settings.human_hours.as_ref().map(|hours| hours.next_opening(self.now(), &settings.time_zone));
        let speaker = Speaker { due, ..self.speaker() };
        let words = speaker.system(name, &[]).or_else(|| speaker.system("handed_off", &[]));
        let reply: Option<Reply> = words.and_then(|words| speaker.reply(vec![words]));
        let asked_of = self.moment.requests.iter().find_map(|request| request.intent.hand_off_to.clone());
        if self.state.phase == Phase::Bot {
            self.state.phase = Phase::Waiting;
            self.state.waiting_since = Some(self.now());
            self.state.waiting_words = 0;
        }
        self.state.pending = None;
        Decision {
            urgency,
            queue: Some(asked_of.unwrap_or_else(|| QueueName::from("default"))),
            ..decided(Act::HandOff, rung, reason, reply)
        }
    }

    /// Whether the bot may speak although the chat waits for a person: sure and harmless answers alone.
    pub(super) fn may_speak_while_waiting(&self, decision: &Decision) -> bool {
        let answers = matches!(decision.rung, Rung::Sure | Rung::Answered) && decision.act == Act::Answer;
        answers && self.moment.playbook.settings.while_waiting == WhileWaiting::Answer
    }
}

const STILL: &[&str] = &[talk::ACKNOWLEDGEMENT, talk::HOLD_ON, talk::NUDGE, talk::YES, talk::NO, talk::PRODUCT_CARD];

fn is_talk(intent: &IntentId) -> bool {
    intent.is_talk() || matches!(intent.as_str(), "system/welcome" | "system/attachment_received")
}

/// A message without a word in it: emoji, invisible characters. A picture is something.
fn is_blank(message: &crate::domain::Message) -> bool {
    message.attachments.is_empty() && !message.text.chars().any(char::is_alphanumeric)
}

pub(super) fn silent(rung: Rung, reason: &str) -> Decision {
    decided(Act::Silent, rung, reason, None)
}

fn decided(act: Act, rung: Rung, reason: &str, reply: Option<Reply>) -> Decision {
    Decision { act, rung, reason: reason.to_owned(), reply, urgency: Urgency::Normal, queue: None, held_back: None }
}
