//! As much of a stored turn as the rates read: most of its text is skipped.

use serde::Deserialize;

use super::facts::{Looked, SetFacts, TurnFacts};
use crate::domain::{
    Act, At, Decision, IntentId, OrderLookup, OrderNumber, PlaybookHash, ProductId, Rung, SlotKind, talk,
};

/// A stored turn's part.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct TurnPart {
    pub(super) seq: i64,
    window_end: At,
    window: i64,
    input: InputPart,
    outcome: OutcomePart,
}

#[derive(Clone, Debug, Deserialize)]
struct InputPart {
    now: At,
    messages: Vec<MessagePart>,
}

#[derive(Clone, Debug, Deserialize)]
struct MessagePart {
    #[serde(default)]
    order_numbers: Vec<OrderNumber>,
}

#[derive(Clone, Debug, Deserialize)]
struct SlotPart {
    kind: SlotKind,
}

#[derive(Clone, Debug, Deserialize)]
struct OutcomePart {
    playbook: PlaybookHash,
    classification: UnderstoodPart,
    orders: OrdersPart,
    decision: Decision,
    suggestions: Vec<SuggestionPart>,
    state: StatePart,
}

#[derive(Clone, Debug, Deserialize)]
struct UnderstoodPart {
    intents: Vec<CandidatePart>,
    slots: Vec<SlotPart>,
    unexplained: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct CandidatePart {
    intent: IntentId,
}

#[derive(Clone, Debug, Deserialize)]
struct OrdersPart {
    lookup: OrderLookup,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct SuggestionPart {
    pub(super) intent: IntentId,
}

#[derive(Clone, Debug, Deserialize)]
struct StatePart {
    order: Option<OrderNumber>,
    product: Option<ProductId>,
}

impl TurnPart {
    pub(super) fn suggestions(&self) -> &[SuggestionPart] {
        &self.outcome.suggestions
    }

    /// Whether the bot was to say something.
    pub(super) fn has_words(&self) -> bool {
        self.outcome.decision.reply.is_some()
    }

    /// When its first message came.
    pub(super) fn heard(&self) -> At {
        self.window_end.plus(-self.window)
    }

    /// Orders that the customer was shown or asked about.
    pub(super) fn orders(&self) -> impl Iterator<Item = &OrderNumber> {
        let found = match &self.outcome.orders.lookup {
            OrderLookup::One(order) => std::slice::from_ref(&**order),
            OrderLookup::Several(orders) => orders,
            _ => &[],
        };
        found.iter().map(|order| &order.number).chain(&self.outcome.state.order)
    }

    /// The playbook that decided.
    pub(super) fn playbook(&self) -> &PlaybookHash {
        &self.outcome.playbook
    }

    /// `version`: the place of its playbook among the episode's.
    pub(super) fn facts(&self, version: u8) -> TurnFacts {
        let decision = &self.outcome.decision;
        let understood = &self.outcome.classification.intents;
        let parts = decision.reply.iter().flat_map(|reply| &reply.parts);
        let is_script = |intent: &&IntentId| !intent.is_talk() && intent.area() != "system";
        let needs = self.needs();
        let eligible = needs && !matches!(decision.act, Act::Answer | Act::Ask);
        let offered = u8::try_from(self.outcome.suggestions.len()).unwrap_or(u8::MAX);
        TurnFacts {
            seq: self.seq,
            at: self.input.now,
            act: decision.act,
            rung: decision.rung,
            needs,
            solved: understood.iter().any(|candidate| candidate.intent.as_str() == talk::SOLVED),
            spam: !understood.is_empty() && understood.iter().all(|one| one.intent.as_str() == talk::SPAM),
            intents: understood.iter().map(|one| &one.intent).filter(|id| !id.is_talk()).cloned().collect(),
            scripts: parts.map(|part| &part.intent).filter(is_script).cloned().collect(),
            order: self.outcome.state.order.clone(),
            looked: self.looked(),
            products: self.products(),
            version,
            sent: None,
            verdict: None,
            set: eligible.then(|| SetFacts { eligible, offered, ..SetFacts::default() }),
        }
    }

    /// Whether it asked for something, whoever was to answer.
    fn needs(&self) -> bool {
        let decision = &self.outcome.decision;
        match decision.rung {
            Rung::NothingToAnswer | Rung::Talk | Rung::OrderCard => false,
            Rung::Held | Rung::Waiting => self.is_more_than_talk(),
            Rung::Mode => match decision.held_back {
                None | Some(Act::Silent) => false,
                // Small talk would have been answered too.
                Some(Act::Answer) => self.is_more_than_talk(),
                Some(Act::Ask | Act::HandOff) => true,
            },
            _ => decision.act != Act::Silent,
        }
    }

    fn is_more_than_talk(&self) -> bool {
        let understood = &self.outcome.classification;
        understood.unexplained || understood.intents.iter().any(|candidate| !candidate.intent.is_talk())
    }

    fn looked(&self) -> Looked {
        match &self.outcome.orders.lookup {
            OrderLookup::NotAsked => Looked::NotAsked,
            OrderLookup::None if self.names_an_order() => Looked::Missing,
            OrderLookup::None => Looked::NotAsked,
            OrderLookup::One(_) => Looked::Found,
            OrderLookup::ProofNeeded(_) | OrderLookup::Several(_) => Looked::Unclear,
            OrderLookup::SourceDown => Looked::Down,
        }
    }

    /// Whether the customer says which order they mean.
    fn names_an_order(&self) -> bool {
        let sent_along = self.input.messages.iter().any(|message| !message.order_numbers.is_empty());
        sent_along || self.outcome.classification.slots.iter().any(|slot| slot.kind == SlotKind::OrderNumber)
    }

    fn products(&self) -> Vec<ProductId> {
        let mut products: Vec<ProductId> = self.outcome.state.product.iter().cloned().collect();
        if let OrderLookup::One(order) = &self.outcome.orders.lookup {
            products.extend(order.items.iter().filter_map(|item| item.product.clone()));
        }
        products.dedup();
        products
    }
}
