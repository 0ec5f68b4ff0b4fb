//! The order summary: what it is, where it is, who acts next, until when, what is unusual; and what looking up came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{At, Item, Money, OrderNumber, OrderValue, Origin, Parcel, Refund, Situation, SourceKind};

/// The twelve states an order is spoken of in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the situation of the same name, described there")]
pub enum OrderState {
    Unpaid,
    Presale,
    Paid,
    Overdue,
    PartShipped,
    Shipped,
    Stuck,
    AtStation,
    Signed,
    Cancelled,
    Refunding,
    Refunded,
}

impl OrderState {
    /// The situation that replies are written for.
    #[must_use]
    pub fn situation(self) -> Situation {
        match self {
            Self::Unpaid => Situation::Unpaid,
            Self::Presale => Situation::Presale,
            Self::Paid => Situation::Paid,
            Self::Overdue => Situation::Overdue,
            Self::PartShipped => Situation::PartShipped,
            Self::Shipped => Situation::Shipped,
            Self::Stuck => Situation::Stuck,
            Self::AtStation => Situation::AtStation,
            Self::Signed => Situation::Signed,
            Self::Cancelled => Situation::Cancelled,
            Self::Refunding => Situation::Refunding,
            Self::Refunded => Situation::Refunded,
        }
    }

    /// The key of its name in `replies/words.yaml`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.situation().key()
    }
}

/// Who has to act for the order to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// The order waits for its payment.
    CustomerPays,
    /// The balance of a pre-order is due.
    CustomerPaysBalance,
    /// The shop is to send it.
    ShopShips,
    /// The shop is to send what is missing.
    ShopShipsRest,
    /// The carrier is on its way.
    CarrierDelivers,
    /// The carrier is asked why nothing moves.
    CarrierChecks,
    /// It waits at a station.
    CustomerCollects,
    /// Received; nothing presses.
    CustomerConfirms,
    /// The money is to go back.
    ShopRefunds,
    /// It is over.
    Nobody,
}

impl NextStep {
    /// The key of its words in `replies/words.yaml`, after `next.`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::CustomerPays => "customer_pays",
            Self::CustomerPaysBalance => "customer_pays_balance",
            Self::ShopShips => "shop_ships",
            Self::ShopShipsRest => "shop_ships_rest",
            Self::CarrierDelivers => "carrier_delivers",
            Self::CarrierChecks => "carrier_checks",
            Self::CustomerCollects => "customer_collects",
            Self::CustomerConfirms => "customer_confirms",
            Self::ShopRefunds => "shop_refunds",
            Self::Nobody => "nobody",
        }
    }
}

/// What an agent should notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "millis")]
pub enum Unusual {
    /// Not sent in time; by how long, in milliseconds.
    Overdue(i64),
    /// No movement; for how long, in milliseconds.
    Stuck(i64),
    /// Only a part was sent.
    PartShipped,
    /// The refund takes longer than the shop says; by how long, in milliseconds.
    RefundLate(i64),
    /// The customer changed the address after paying.
    AddressChanged,
    /// Said to be on its way, but no tracking number is known.
    NoTracking,
}

impl Unusual {
    /// The key of its words in `replies/words.yaml` after `unusual.`, and the length of time they speak of.
    #[must_use]
    pub fn key(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Overdue(late) => ("overdue", Some(late)),
            Self::Stuck(still) => ("stuck", Some(still)),
            Self::PartShipped => ("part_shipped", None),
            Self::RefundLate(late) => ("refund_late", Some(late)),
            Self::AddressChanged => ("address_changed", None),
            Self::NoTracking => ("no_tracking", None),
        }
    }
}

/// The order summary: what it is, where it is, who acts next, until when, what is unusual. One value for replies,
/// hand-offs, `/suggest` and the desk. Names, phones and addresses in it are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSummary {
    /// The shop's number of it.
    pub number: OrderNumber,
    /// What was bought.
    pub items: Vec<Item>,
    /// What was paid in all.
    pub paid: Option<Money>,
    /// When it was placed.
    pub placed_at: Option<At>,
    /// Where it stands.
    pub state: OrderState,
    /// Who has to act.
    pub next: NextStep,
    /// Until when, if it is known.
    pub until: Option<At>,
    /// By when the shop means to send it.
    pub ship_by: Option<At>,
    /// What an agent should notice, the worst first.
    pub unusual: Vec<Unusual>,
    /// The parcel that matters: the latest that has not been received, else the latest.
    pub parcel: Option<Parcel>,
    /// Money going back.
    pub refund: Option<Refund>,
    /// Who receives it, masked.
    pub receiver: MaskedReceiver,
    /// Where the values were read.
    pub source: SourceKind,
    /// When they were read there.
    pub as_of: At,
    /// How old the values were when the summary was made, in milliseconds.
    pub age: i64,
    /// The values that were read elsewhere or later than the rest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub origins: BTreeMap<OrderValue, Origin>,
}

impl OrderSummary {
    /// Where and when a value was read.
    #[must_use]
    pub fn origin(&self, value: OrderValue) -> Origin {
        self.origins.get(&value).copied().unwrap_or(Origin { source: self.source, as_of: self.as_of })
    }

    /// How old a value was when the summary was made, in milliseconds.
    #[must_use]
    pub fn age_of(&self, value: OrderValue) -> i64 {
        self.as_of.plus(self.age).since(self.origin(value).as_of)
    }
}

/// What may be shown of a receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedReceiver {
    /// 王**
    pub name: Option<String>,
    /// 138****5678
    pub phone: Option<String>,
    /// Province and city; the rest is hidden.
    pub address: Option<String>,
}

/// What looking up orders came to for one turn; stored with it, so that the turn can be decided again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "found", content = "orders")]
pub enum OrderLookup {
    /// No intent of the turn needed one.
    #[default]
    NotAsked,
    /// None that this customer may see. "Not yours" reads exactly so.
    None,
    /// An order by that number can be shown once the customer proves it to be theirs.
    ProofNeeded(OrderNumber),
    /// The one.
    One(Box<OrderSummary>),
    /// Several, the newest first.
    Several(Vec<OrderSummary>),
    /// The source did not answer in time, or with nonsense.
    SourceDown,
}

impl OrderLookup {
    /// The one order in question.
    #[must_use]
    pub fn one(&self) -> Option<&OrderSummary> {
        match self {
            Self::One(summary) => Some(summary),
            _ => None,
        }
    }
}

/// Which orders a turn is about: what the customer named, and what may prove an order to be theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderQuestion {
    /// Named in the turn, sent as a card, or chosen from a list, in this order.
    pub numbers: Vec<OrderNumber>,
    /// The last four digits of a phone, given as proof.
    pub last_four: Option<String>,
    /// The order that the proof is for, if it isn't among `numbers`.
    pub proof_of: Option<OrderNumber>,
}

/// What looking up came to, and what it changes about the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersFound {
    /// The orders, or why there are none.
    pub lookup: OrderLookup,
    /// Proven in this turn: the customer may see these from now on.
    #[serde(default)]
    pub newly_bound: Vec<OrderNumber>,
    /// A proof was offered and did not hold.
    #[serde(default)]
    pub failed_proof: bool,
}
