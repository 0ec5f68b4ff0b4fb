//! The ladder, rung by rung, from the top. The first that has something to say decides.

use crate::domain::{
    Act, Alarm, AnswerPolicy, Asked, ConversationState, Decision, IntentId, Need, OrderLookup, OrdersFound, Pending,
    Phase, QueueName, ReplyPart, Rung, Situation, Urgency, talk,
};
use crate::playbook::settings::WhileWaiting;

use super::compose::{Speaker, Words};
use super::moment::{Moment, Request};
use super::speak::{PROOFS_AT_MOST, silent};

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
        Self::no_answer,
        Self::nothing_to_answer,
        Self::order_card,
        Self::talk,
        Self::never,
        Self::which_question,
        Self::missing,
        Self::sure,
        Self::unsure,
    ];

    pub(super) fn speaker(&self) -> Speaker<'_> {
        Speaker::new(self.moment, &self.found.lookup)
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

    // … or says a risk word, or is angrier by the turn: a second complaint is more than a complaint.
    fn risk_or_anger(&mut self) -> Option<Decision> {
        let complained = self.moment.input.state.complaints > 0;
        let (rung, reason) = match self.moment.understood.alarm {
            Some(Alarm::Risk) => (Rung::Risk, "risk"),
            Some(Alarm::Anger) => (Rung::Anger, "anger"),
            None if complained && self.moment.complains() => (Rung::Anger, "a second complaint"),
            None => return None,
        };
        Some(self.hand_off(rung, Urgency::High, reason))
    }

    // 4. 答非所问, 还是不行. (The same answer twice is seen when there is an answer: `say`.)
    fn wrong_answer(&mut self) -> Option<Decision> {
        let said = [(talk::WRONG_ANSWER, Rung::WrongAnswer), (talk::NOT_SOLVED, Rung::NotSolved)];
        let (id, rung) = said.into_iter().find(|(id, _)| self.has(id))?;
        Some(self.hand_off(rung, Urgency::Normal, id))
    }

    // 5. The bot asked and the customer has no answer (没有订单号, 都不是): a person goes on. (An answer was read before:
    // its intents are among the requests.)
    fn no_answer(&mut self) -> Option<Decision> {
        let pending = self.moment.open.filter(|_| self.moment.answered.is_none() && self.moment.requests.is_empty())?;
        let rung = if pending.asked == Asked::WhichQuestion { Rung::WhichQuestion } else { Rung::Missing };
        self.has(talk::NO).then(|| self.hand_off(rung, Urgency::Normal, talk::NO))
    }

    // 6. Nothing to answer.
    fn nothing_to_answer(&mut self) -> Option<Decision> {
        if !self.moment.requests.is_empty() {
            return None;
        }
        let intents = &self.moment.understood.intents;
        let is_empty = intents.is_empty() && self.moment.input.messages.iter().all(is_blank);
        // Whoever sends advertising may be as polite as they like.
        let is_spam = self.has(talk::SPAM) && self.moment.is_only(&[STILL, PLEASANT, &[talk::SPAM]].concat());
        let is_still = self.moment.is_only(STILL) && !self.nudges_first();
        let reason = intents.first().map_or("", |candidate| candidate.intent.as_str());
        (is_empty || is_spam || is_still).then(|| silent(Rung::NothingToAnswer, reason))
    }

    /// 人呢 as the first word of a chat is a greeting.
    fn nudges_first(&self) -> bool {
        self.has(talk::NUDGE) && self.state.said.is_empty() && self.state.phase == Phase::Bot
    }

    // A bare order card, or an order proven or chosen after one: bind it, say once which order it is, ask what is wanted.
    fn order_card(&mut self) -> Option<Decision> {
        let is_order = |pending: &&Pending| matches!(pending.asked, Asked::Order | Asked::WhichOrder | Asked::Proof);
        let answers_one = self.moment.answered.as_ref().is_some_and(is_order);
        if !self.moment.requests.is_empty() || !(self.has(talk::ORDER_CARD) || answers_one) {
            return None;
        }
        match &self.found.lookup {
            OrderLookup::SourceDown => Some(self.hand_off(Rung::SourceDown, Urgency::Normal, talk::ORDER_CARD)),
            OrderLookup::One(order) => {
                let seen = Asked::WhatAboutOrder;
                let number = vec![order.number.to_string()];
                if self.state.pending.as_ref().is_some_and(|open| open.asked == seen && open.choices == number) {
                    return Some(silent(Rung::OrderCard, talk::ORDER_CARD));
                }
                let words = self.speaker().system("order_card_received", &[]);
                Some(self.ask(Rung::OrderCard, seen, Vec::new(), number, words))
            }
            OrderLookup::Several(_) => Some(self.ask_which_order()),
            _ => Some(self.ask_for_order(Vec::new(), None)),
        }
    }

    // Small talk that has an answer of its own; never two pleasantries running.
    fn talk(&mut self) -> Option<Decision> {
        if !self.moment.requests.is_empty() || !self.moment.is_only(&[ANSWERED, STILL].concat()) {
            return None;
        }
        let greets = |id: &str| id == talk::GREETING || (id == talk::NUDGE && self.nudges_first());
        let said = self.moment.understood.intents.iter().map(|candidate| &candidate.intent);
        // 谢谢，你是机器人吗: what asks for an answer goes before what is only polite.
        let id = said
            .filter(|id| ANSWERED.contains(&id.as_str()) || greets(id.as_str()))
            .min_by_key(|id| PLEASANT.contains(&id.as_str()))?
            .clone();
        let last = self.state.said.last().map(|said| &said.intent).filter(|said| is_talk(said));
        match id.as_str() {
            talk::ATTACHMENT if last.is_some() => {
                return Some(self.hand_off(Rung::Unsure, Urgency::Normal, talk::ATTACHMENT));
            }
            // Who asks twice whether we are a machine wants a person.
            talk::ARE_YOU_A_BOT if last == Some(&id) => {
                return Some(self.hand_off(Rung::AskedForPerson, Urgency::Normal, talk::ARE_YOU_A_BOT));
            }
            talk::ARE_YOU_A_BOT => {}
            _ if last.is_some() => return Some(silent(Rung::NothingToAnswer, id.as_str())),
            _ => {}
        }
        let first = self.state.said.is_empty();
        let speaker = self.speaker();
        let greeting = || speaker.exactly(&IntentId::from(talk::GREETING), Situation::Default);
        let words = match id.as_str() {
            talk::ATTACHMENT => speaker.system("attachment_received", &[]),
            greeted if greets(greeted) && first => speaker.system("welcome", &[]).or_else(greeting),
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
        let intent = request.map(|request| request.intent).or(abuse.flatten().map(AsRef::as_ref))?;
        let mut decision = self.hand_off(Rung::Never, intent.urgency, intent.id.as_str());
        decision.queue = intent.hand_off_to.clone().or(decision.queue);
        self.gather(&intent.gather, &mut decision);
        Some(decision)
    }

    // 8. Two rivals are close: ask which, once.
    fn which_question(&mut self) -> Option<Decision> {
        let (request, rival) = self.moment.requests.iter().find_map(|request| Some((request, request.rival?)))?;
        let choices = [&request.intent.id, rival];
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
        let named = self.moment.names_order();
        let wants_order = needs(Need::Order).or_else(|| needs(Need::OrderIfAny).filter(|_| named));
        if let Some(request) = wants_order {
            let asked = match &self.found.lookup {
                OrderLookup::Several(_) if request.intent.needs.contains(&Need::Order) => Some(self.ask_which_order()),
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

    fn ask_which_order(&mut self) -> Decision {
        let OrderLookup::Several(orders) = &self.found.lookup else {
            return self.hand_off(Rung::Unsure, Urgency::Normal, "order");
        };
        let numbers = orders.iter().map(|order| order.number.to_string()).collect();
        let list = self.speaker().order_choices(orders);
        let words = self.speaker().system("ask_which_order", &[("choices", list)]);
        self.ask(Rung::Missing, Asked::WhichOrder, self.wanted(), numbers, words)
    }

    /// Asks for an order's number, or for the proof that a named one is theirs. "Not yours" reads like "not found".
    fn ask_for_order(&mut self, intents: Vec<IntentId>, own: Option<(String, ReplyPart)>) -> Decision {
        if self.state.failed_proofs >= PROOFS_AT_MOST {
            return self.hand_off(Rung::TooManyQuestions, Urgency::Normal, "proof");
        }
        let speaker = self.speaker();
        match &self.found.lookup {
            OrderLookup::ProofNeeded(number) => {
                let name = if self.found.failed_proof { "proof_failed" } else { "proof_needed" };
                let words = speaker.system(name, &[]);
                let number = number.to_string();
                self.ask(Rung::Missing, Asked::Proof, intents, vec![number], words)
            }
            _ => {
                let words = own.or_else(|| speaker.system("ask_order", &[]));
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
        let mut decision = self.hand_off(Rung::Unsure, urgency, &self.reason());
        if let Some((guess, share)) = self.moment.guess() {
            if self.moment.is_guessed() {
                decision.queue = guess.hand_off_to.clone().or_else(|| Some(QueueName::from("default")));
            }
            let parting = if decision.reason.is_empty() { "" } else { " · " };
            decision.reason.push_str(&format!("{parting}≈ {} {share:.2}", guess.id));
        }
        Some(decision)
    }

    fn wanted(&self) -> Vec<IntentId> {
        self.moment.requests.iter().map(|request| request.intent.id.clone()).collect()
    }

    pub(super) fn reason(&self) -> String {
        let said = |request: &Request<'_>| format!("{} {:.2}", request.intent.id, request.confidence);
        self.moment.requests.iter().map(said).collect::<Vec<_>>().join(" · ")
    }

    /// Whether the customer now waits for an answer: something was asked, and the bot doesn't speak.
    pub(super) fn leaves_unanswered(&self, decision: &Decision) -> bool {
        let is_blank = self.moment.understood.intents.is_empty() && self.moment.input.messages.iter().all(is_blank);
        let asks_nothing = is_blank || self.moment.requests.is_empty() && self.moment.is_only(NEEDS_NO_REPLY);
        !matches!(decision.act, Act::Answer | Act::Ask) && !asks_nothing
    }

    /// Whether the bot may speak although the chat waits for a person: sure and harmless answers alone, and not where a
    /// person spoke before.
    pub(super) fn may_speak_while_waiting(&self, decision: &Decision) -> bool {
        let answers = matches!(decision.rung, Rung::Sure | Rung::Answered) && decision.act == Act::Answer;
        let is_the_bots = !self.moment.input.state.was_held;
        answers && is_the_bots && self.moment.playbook.settings.while_waiting == WhileWaiting::Answer
    }
}

/// Small talk that nobody waits for an answer to.
const STILL: &[&str] = &[talk::ACKNOWLEDGEMENT, talk::HOLD_ON, talk::NUDGE, talk::YES, talk::NO, talk::PRODUCT_CARD];
/// What a person may leave without a word.
const NEEDS_NO_REPLY: &[&str] =
    &[talk::ACKNOWLEDGEMENT, talk::HOLD_ON, talk::THANKS, talk::GOODBYE, talk::SOLVED, talk::SPAM];
/// Small talk that is polite and no more.
const PLEASANT: &[&str] = &[talk::GREETING, talk::THANKS, talk::GOODBYE, talk::SOLVED];
/// Small talk that has an answer.
const ANSWERED: &[&str] =
    &[talk::GREETING, talk::THANKS, talk::GOODBYE, talk::SOLVED, talk::ATTACHMENT, talk::ARE_YOU_A_BOT];

fn is_talk(intent: &IntentId) -> bool {
    intent.is_talk() || matches!(intent.as_str(), "system/welcome" | "system/attachment_received")
}

/// A message without a word in it: emoji, invisible characters. A picture is something.
fn is_blank(message: &crate::domain::Message) -> bool {
    message.attachments.is_empty() && !message.text.chars().any(char::is_alphanumeric)
}
