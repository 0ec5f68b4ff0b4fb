//! A conversation's state: who holds it, what the bot asked last, what it said.

use serde::{Deserialize, Serialize};

use super::{
    At, ExternalId, IntentId, Language, OrderLookup, OrderNumber, OrderState, PrincipalId, ProductId, Situation, TurnId,
};

/// Who holds a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The bot answers.
    #[default]
    Bot,
    /// Handed off; nobody has taken it.
    Waiting,
    /// A person holds it.
    Agent,
    /// Over. A new message begins a new episode.
    Closed,
}

impl Phase {
    /// Whether a conversation may go from here to there.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use Phase::{Agent, Bot, Closed, Waiting};
        matches!(
            (self, next),
            (Bot, Waiting | Agent | Closed)
                | (Waiting, Agent | Bot | Closed)
                | (Agent, Bot | Waiting | Closed | Agent)
                | (Closed, Bot | Agent)
        )
    }

    /// The word in tables and in the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Waiting => "waiting",
            Self::Agent => "agent",
            Self::Closed => "closed",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Bot, Self::Waiting, Self::Agent, Self::Closed].into_iter().find(|phase| phase.key() == key)
    }
}

/// What is known of a conversation between two turns; the input and, changed, the output of a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConversationState {
    /// Who holds it.
    #[serde(default)]
    pub phase: Phase,
    /// Which person, while one does.
    pub holder: Option<PrincipalId>,
    /// The language of the last reply.
    pub language: Option<Language>,
    /// What the bot asked and has no answer to yet.
    pub pending: Option<Pending>,
    /// A turn of this episode was decided before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub underway: bool,
    /// The last words of a person asked the customer something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub person_asked: bool,
    /// Orders the customer may see: bound by a verified identity or by proof.
    #[serde(default)]
    pub orders: Vec<OrderNumber>,
    /// The order in question.
    pub order: Option<OrderNumber>,
    /// The product in question.
    pub product: Option<ProductId>,
    /// Failed proofs of an order in this episode; three end it.
    #[serde(default)]
    pub failed_proofs: u8,
    /// What the bot said lately, the latest last.
    #[serde(default)]
    pub said: Vec<Said>,
    /// How often each thing was asked for in this episode.
    #[serde(default)]
    pub asked: Vec<(Asked, u8)>,
    /// Complaints and angry turns in this episode.
    #[serde(default)]
    pub complaints: u8,
    /// A person held it in this episode: the bot doesn't speak up again by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_held: bool,
    /// Since when its holder holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_since: Option<At>,
    /// Where the customer stands with their orders, as far as one was looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<BuyerStage>,
    /// Since when the customer waits for an answer that the bot did not give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered_since: Option<At>,
    /// When a person last answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<At>,
    /// Since when the customer had waited for that answer: should it be undone, they still do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_from: Option<At>,
    /// When the conversation was handed off, while it waits.
    pub waiting_since: Option<At>,
    /// Which of the waiting words were said: 0 none, 1 after 60 s, 2 after 180 s.
    #[serde(default)]
    pub waiting_words: u8,
}

impl ConversationState {
    /// A person answered: nobody waits any more.
    pub fn answer(&mut self, at: At) {
        self.answered_from = self.unanswered_since.take();
        self.answered_at = Some(at);
    }

    /// Whether nothing was said in this episode, so that the customer's words can lean on nothing.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        !self.underway && !self.person_asked && self.pending.is_none() && self.said.is_empty()
    }

    /// How often a thing was asked for in this episode.
    #[must_use]
    pub fn times_asked(&self, what: Asked) -> u8 {
        self.asked.iter().find(|(asked, _)| *asked == what).map_or(0, |(_, times)| *times)
    }

    /// Counts one more question.
    pub fn count_question(&mut self, what: Asked) {
        match self.asked.iter_mut().find(|(asked, _)| *asked == what) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.asked.push((what, 1)),
        }
    }

    /// What stays when an episode is over: the language, and the orders the customer may see.
    #[must_use]
    pub fn next_episode(&self) -> Self {
        Self { language: self.language, orders: self.orders.clone(), ..Self::default() }
    }
}

/// Where a customer stands with their orders; the tabs of the desk (未下单 · 未付款 · 已付款 · 售后).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyerStage {
    /// Known, and without an order.
    NoOrder,
    /// The latest order waits for its payment.
    Unpaid,
    /// The latest order is paid, sent or received.
    Paid,
    /// Money goes back, or the order was called off.
    AfterSales,
}

impl BuyerStage {
    /// What a look-up says of it; `None`: nothing.
    #[must_use]
    pub fn of(lookup: &OrderLookup, customer_is_known: bool) -> Option<Self> {
        let order = match lookup {
            OrderLookup::One(order) => order,
            OrderLookup::Several(orders) => orders.first()?,
            OrderLookup::None if customer_is_known => return Some(Self::NoOrder),
            _ => return None,
        };
        Some(match order.state {
            OrderState::Unpaid => Self::Unpaid,
            OrderState::Cancelled | OrderState::Refunding | OrderState::Refunded => Self::AfterSales,
            _ => Self::Paid,
        })
    }

    /// The word in the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NoOrder => "no_order",
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::AfterSales => "after_sales",
        }
    }
}

/// A question of the bot that waits for its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// What was asked.
    pub asked: Asked,
    /// The intents that go on once it is answered.
    pub intents: Vec<IntentId>,
    /// What the customer can choose from, in the order shown.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The attributes of a product that the customer wants to know, by their ids in the lexicon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The turn that asked.
    pub turn: TurnId,
    /// After this the question is forgotten.
    pub expires: At,
}

/// What the bot can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// An order's number.
    Order,
    /// Which of several orders.
    WhichOrder,
    /// The last four digits of the phone on an order.
    Proof,
    /// Which product.
    Product,
    /// Which of two questions was meant.
    WhichQuestion,
    /// What is wanted of an order that was sent bare.
    WhatAboutOrder,
}

/// One thing the bot said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// About which intent; `system/…` for the system's own words.
    pub intent: IntentId,
    /// In which situation.
    pub situation: Situation,
    /// The text's hash: the same words with the same facts.
    pub hash: u64,
    /// When.
    pub at: At,
}

/// Which conversation a platform means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Through which channel.
    pub channel: super::ChannelName,
    /// The platform's id of the conversation.
    pub conversation: ExternalId,
    /// The platform's id of the customer.
    pub customer: ExternalId,
}

#[cfg(test)]
mod tests {
    use super::Phase::{Agent, Bot, Closed, Waiting};

    #[test]
    fn only_legal_moves() {
        let all = [Bot, Waiting, Agent, Closed];
        let legal: Vec<_> =
            all.iter().flat_map(|a| all.iter().filter(|b| a.may_become(**b)).map(|b| (*a, *b))).collect();
        assert_eq!(
            legal,
            [
                (Bot, Waiting),
                (Bot, Agent),
                (Bot, Closed),
                (Waiting, Bot),
                (Waiting, Agent),
                (Waiting, Closed),
                (Agent, Bot),
                (Agent, Waiting),
                (Agent, Agent),
                (Agent, Closed),
                (Closed, Bot),
                (Closed, Agent),
            ]
        );
    }
}
