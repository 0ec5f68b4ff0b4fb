//! All that the ladder may look at, made ready: the requests of the turn, resumed ones among them.

use crate::domain::{
    AnswerPolicy, Asked, BuyerStage, Candidate, Classification, ConversationState, IntentId, Language, MentionKind,
    OrderQuestion, OrdersFound, Pending, ProductId, SlotKind, TurnInput, Urgency, talk,
};
use crate::playbook::Playbook;
use crate::playbook::intent::Intent;
use crate::playbook::product::Product;

/// Near examples name a guess with so many of their votes.
const GUESSED: f32 = 0.7;

/// Something the customer wants in this turn.
#[derive(Clone, Debug)]
pub(super) struct Request<'a> {
    pub(super) intent: &'a Intent,
    pub(super) confidence: f32,
    pub(super) rival: Option<&'a IntentId>,
}

/// What is read of a turn before its orders are looked up.
#[derive(Debug)]
pub struct Moment<'a> {
    pub(super) playbook: &'a Playbook,
    pub(super) input: &'a TurnInput,
    pub(super) understood: &'a Classification,
    pub(super) requests: Vec<Request<'a>>,
    /// The bot's open question.
    pub(super) open: Option<&'a Pending>,
    /// The same, if the turn answers it.
    pub(super) answered: Option<&'a Pending>,
    pub(super) language: Language,
    pub(super) product: Option<&'a Product>,
    /// The attributes asked about in this turn, or in the one whose question it answers.
    pub(super) attributes: Vec<String>,
}

impl<'a> Moment<'a> {
    /// Reads the turn as the answer to the bot's question first, then for requests of its own.
    #[must_use]
    pub fn new(playbook: &'a Playbook, input: &'a TurnInput, understood: &'a Classification) -> Self {
        let open = input.state.pending.as_ref().filter(|pending| input.now < pending.expires);
        let mut moment = Self {
            playbook,
            input,
            understood,
            requests: Vec::new(),
            open,
            answered: None,
            language: language(playbook, input, understood),
            product: None,
            attributes: Vec::new(),
        };
        moment.product = moment.product_in_question();
        moment.answered = open.filter(|pending| moment.answers(pending));
        moment.requests = moment.read_requests();
        moment.attributes = moment.read_attributes();
        moment
    }

    fn read_requests(&self) -> Vec<Request<'a>> {
        let mut requests: Vec<Request<'a>> = Vec::new();
        let mut add = |id: &IntentId, confidence: f32, rival: Option<&'a IntentId>| {
            if let Some(intent) = self.playbook.intents.get(id)
                && !requests.iter().any(|request| request.intent.id == *id)
            {
                requests.push(Request { intent, confidence, rival });
            }
        };
        if let Some(pending) = self.answered {
            for id in self.resumed(pending) {
                add(&id, 1.0, None);
            }
        }
        // What answers a question and only looks like a request is no request.
        // Beside words that ask for something a guess may be a second request: the turn stays unsure.
        let asks_nothing = || self.understood.requests().all(Candidate::is_guess);
        let answers = self.answered.is_some() || (self.input.state.person_asked && asks_nothing());
        for candidate in self.understood.requests().filter(|candidate| !(answers && candidate.is_guess())) {
            add(&candidate.intent, candidate.confidence, candidate.rival.as_ref());
        }
        requests
    }

    fn read_attributes(&self) -> Vec<String> {
        let named = self.understood.mentions.iter().filter(|mention| mention.kind == MentionKind::Attribute);
        let mut attributes: Vec<String> = named.map(|mention| mention.id.clone()).collect();
        attributes.extend(self.answered.iter().flat_map(|pending| pending.attributes.iter().cloned()));
        attributes
    }

    /// The intents that an answered question lets go on.
    fn resumed(&self, pending: &Pending) -> Vec<IntentId> {
        match pending.asked {
            // The other choices are what the customer did not mean; what was asked beside them still waits.
            Asked::WhichQuestion => {
                let beside = pending.intents.iter().filter(|id| !pending.choices.iter().any(|one| one == id.as_str()));
                self.choice(pending).map(IntentId::from).into_iter().chain(beside.cloned()).collect()
            }
            _ => pending.intents.clone(),
        }
    }

    /// Whether the turn holds what was asked for.
    fn answers(&self, pending: &Pending) -> bool {
        let has = |kind| self.understood.slots_of(kind).next().is_some();
        let has_number = has(SlotKind::OrderNumber) || self.cards().next().is_some();
        match pending.asked {
            Asked::Order => has_number,
            Asked::WhichOrder => has_number || self.choice(pending).is_some(),
            Asked::Proof => has(SlotKind::LastFour) || has(SlotKind::Phone) || has_number,
            Asked::Product => self.names_product(),
            Asked::WhichQuestion => self.choice(pending).is_some(),
            Asked::WhatAboutOrder => false,
        }
    }

    /// What the customer chose from a numbered list.
    fn choice(&self, pending: &'a Pending) -> Option<&'a str> {
        let number: i64 = self.understood.slots_of(SlotKind::Choice).next()?.value.parse().ok()?;
        let index = if number < 0 { pending.choices.len().checked_sub(1) } else { usize::try_from(number - 1).ok() };
        pending.choices.get(index?).map(String::as_str)
    }

    fn cards(&self) -> impl Iterator<Item = &'a crate::domain::OrderNumber> {
        self.input.messages.iter().flat_map(|message| &message.order_numbers)
    }

    /// Which orders to look up. `None`: the turn is small talk and needs none.
    #[must_use]
    pub fn order_question(&self) -> Option<OrderQuestion> {
        let mut question = OrderQuestion::default();
        question.numbers.extend(self.cards().cloned());
        let named = self.understood.slots_of(SlotKind::OrderNumber);
        question.numbers.extend(named.map(|slot| slot.value.as_str().into()));
        if let Some(pending) = self.answered {
            match pending.asked {
                Asked::WhichOrder => question.numbers.extend(self.choice(pending).map(Into::into)),
                Asked::Proof => {
                    question.proof_of = pending.choices.first().map(|number| number.as_str().into());
                }
                _ => {}
            }
        }
        if question.proof_of.is_some() || !question.numbers.is_empty() {
            question.last_four = self.last_four();
        }
        let is_talk_alone = self.requests.is_empty() && self.understood.alarm.is_none();
        let asks_for_person = self.understood.has(talk::ASK_FOR_HUMAN) || self.understood.has(talk::NOT_SOLVED);
        let unknown = self.understood.intents.is_empty();
        let names_one = !question.numbers.is_empty() || question.proof_of.is_some();
        let wanted = !is_talk_alone || asks_for_person || unknown || names_one;
        wanted.then_some(question)
    }

    /// Whether the turn says which order it is about.
    pub(super) fn names_order(&self) -> bool {
        self.order_question().is_some_and(|question| !question.numbers.is_empty())
    }

    /// Whether the customer is dissatisfied with more than a parcel.
    pub(super) fn complains(&self) -> bool {
        let is_complaint = |request: &Request<'_>| {
            request.intent.answer == AnswerPolicy::Never && request.intent.urgency == Urgency::High
        };
        let said = [talk::WRONG_ANSWER, talk::NOT_SOLVED, talk::ABUSE];
        self.understood.alarm.is_some()
            || said.iter().any(|id| self.understood.has(id))
            || self.requests.iter().any(is_complaint)
    }

    /// A measure the customer named in this turn.
    pub(super) fn measure(&self, kind: SlotKind) -> Option<f32> {
        self.understood.slots_of(kind).next()?.value.parse().ok()
    }

    fn last_four(&self) -> Option<String> {
        let digits =
            self.understood.slots_of(SlotKind::LastFour).chain(self.understood.slots_of(SlotKind::Phone)).next()?;
        let digits: String = digits.value.chars().filter(char::is_ascii_digit).collect();
        digits.len().checked_sub(4).map(|from| digits[from..].to_owned())
    }

    /// The products named in the turn, each once; a card counts where no words name one.
    fn named_products(&self) -> Vec<ProductId> {
        let mut named: Vec<ProductId> = Vec::new();
        for mention in self.understood.mentions.iter().filter(|mention| mention.kind == MentionKind::Product) {
            if !named.iter().any(|id| id.as_str() == mention.id) {
                named.push(ProductId::from(mention.id.as_str()));
            }
        }
        if named.is_empty() {
            named.extend(self.input.messages.iter().rev().find_map(|message| message.product.clone()));
        }
        named
    }

    /// The product that is meant. Of two named at once it isn't clear which, and the one spoken of before isn't either.
    fn product_in_question(&self) -> Option<&'a Product> {
        let named = self.named_products();
        let id = match &named[..] {
            [] => self.input.state.product.as_ref(),
            [one] => Some(one),
            _ => None,
        };
        self.playbook.products.get(id?).map(AsRef::as_ref)
    }

    fn names_product(&self) -> bool {
        matches!(&self.named_products()[..], [one] if self.playbook.products.contains_key(one))
    }

    /// Whether every request is one the bot may answer and is sure of.
    pub(super) fn is_sure_of_all(&self) -> bool {
        let threshold = self.playbook.settings.answer_threshold;
        !self.understood.unexplained
            && self.requests.iter().all(|request| match request.intent.answer {
                AnswerPolicy::Always => true,
                AnswerPolicy::WhenSure => request.confidence >= threshold,
                AnswerPolicy::Never => false,
            })
    }

    /// Whether it is clear what was asked, whoever is to answer.
    pub(super) fn is_understood(&self) -> bool {
        let threshold = self.playbook.settings.answer_threshold;
        let is_clear = |request: &Request<'_>| {
            request.rival.is_none()
                && (request.confidence >= threshold || request.intent.answer == AnswerPolicy::Always)
        };
        !self.understood.unexplained && !self.understood.intents.is_empty() && self.requests.iter().all(is_clear)
    }

    /// Whether no words of the turn, and no question that it answers, say what is wanted.
    pub(super) fn is_guessed(&self) -> bool {
        self.answered.is_none() && self.understood.requests().all(Candidate::is_guess)
    }

    /// The request that the near examples take the turn for, with its share of their votes.
    pub(super) fn guess(&self) -> Option<(&'a Intent, f32)> {
        let vote = self.input.neighbours.as_ref()?.votes.first().filter(|vote| vote.share >= GUESSED)?;
        let intent = self.playbook.intents.get(&vote.intent).filter(|intent| !intent.id.is_talk())?;
        Some((intent, vote.share))
    }

    /// Whether the turn is nothing but small talk of these kinds.
    pub(super) fn is_only(&self, ids: &[&str]) -> bool {
        !self.understood.intents.is_empty()
            && !self.understood.unexplained
            && self.understood.intents.iter().all(|candidate| ids.contains(&candidate.intent.as_str()))
    }
}

/// The last turn with Han characters or two Latin words, else the previous reply's, else the shop's first; always one of the shop's.
fn language(playbook: &Playbook, input: &TurnInput, understood: &Classification) -> Language {
    let spoken = &playbook.settings.languages;
    let is_spoken = |language: &Language| spoken.contains(language);
    let first = spoken.first().copied().unwrap_or_default();
    understood.language.filter(is_spoken).or(input.state.language.filter(is_spoken)).unwrap_or(first)
}

/// The conversation with what this turn brought: orders proven, the one in question, the product.
pub(super) fn learn(moment: &Moment<'_>, found: &OrdersFound) -> ConversationState {
    let mut state = moment.input.state.clone();
    state.language = Some(moment.language);
    state.underway = true;
    state.person_asked = false;
    for number in &found.newly_bound {
        if !state.orders.contains(number) {
            state.orders.push(number.clone());
        }
    }
    if moment.complains() {
        state.complaints = state.complaints.saturating_add(1);
    }
    if found.failed_proof {
        state.failed_proofs = state.failed_proofs.saturating_add(1);
    }
    if let Some(summary) = found.lookup.one() {
        state.order = Some(summary.number.clone());
    }
    state.stage = BuyerStage::of(&found.lookup, moment.input.customer.verified).or(state.stage);
    if let Some(product) = moment.product {
        state.product = Some(product.id.clone());
    }
    // An open question is answered, dropped by a new request, or out of date.
    let is_over = state.pending.as_ref().is_some_and(|pending| moment.input.now >= pending.expires);
    if moment.answered.is_some() || !moment.requests.is_empty() || is_over {
        state.pending = None;
    }
    state
}
