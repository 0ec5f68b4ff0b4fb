//! An order as its source tells it, and the summary that everyone reads.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{At, ExternalId, OrderNumber, ProductId, Situation};

/// A sum of money in the hundredth part of the shop's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match cents {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{cents:02}"),
        }
    }
}

/// Everything a source can say of one order. What it doesn't say stays empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The shop's number of it.
    pub number: OrderNumber,
    /// Whose it is.
    #[serde(default)]
    pub buyer: Buyer,
    /// What was bought.
    #[serde(default)]
    pub items: Vec<Item>,
    /// What was paid in all.
    pub paid: Option<Money>,
    /// When it was placed.
    pub placed_at: Option<At>,
    /// When it was paid.
    pub paid_at: Option<At>,
    /// By when the shop has promised to send it; else counted from `facts.ship_within`.
    pub ship_by: Option<At>,
    /// A deposit is paid and the balance is due by then.
    pub balance_due: Option<At>,
    /// When it was called off.
    pub cancelled_at: Option<At>,
    /// What is on its way.
    #[serde(default)]
    pub parcels: Vec<Parcel>,
    /// Whether every item is in some parcel. `None`: the source doesn't say; then one parcel counts as all.
    pub all_shipped: Option<bool>,
    /// Money going back.
    pub refund: Option<Refund>,
    /// The customer changed the address after paying.
    #[serde(default)]
    pub address_changed: bool,
    /// The source's own word for where it stands. It counts where the times above don't tell as much.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// Where this was read.
    pub source: SourceKind,
    /// When it was read there.
    pub as_of: At,
    /// The values that were read elsewhere or later than the rest.
    #[serde(default)]
    pub origins: BTreeMap<OrderValue, Origin>,
}

/// Who an order belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// The platform's id.
    pub id: Option<ExternalId>,
    /// In full; never shown unmasked.
    pub name: Option<String>,
    /// In full; never shown unmasked.
    pub phone: Option<String>,
    /// In full; never shown.
    pub email: Option<String>,
    /// In full; never shown unmasked.
    pub address: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// As the shop calls it.
    pub name: String,
    /// The shop's id of it.
    pub product: Option<ProductId>,
    /// How many.
    #[serde(default = "one")]
    pub quantity: u32,
    /// Of one piece.
    pub price: Option<Money>,
}

fn one() -> u32 {
    1
}

/// One parcel and what its carrier said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// When it left.
    pub shipped_at: Option<At>,
    /// When it was received.
    pub signed_at: Option<At>,
    /// The station or locker where it waits.
    pub station: Option<String>,
    /// Oldest first.
    #[serde(default)]
    pub events: Vec<ParcelEvent>,
}

/// One line of a parcel's track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelEvent {
    /// When.
    pub at: At,
    /// The carrier's words.
    pub text: String,
}

/// Money going back to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// How much.
    pub amount: Option<Money>,
    /// When it was asked for.
    pub requested_at: Option<At>,
    /// When it was paid back.
    pub done_at: Option<At>,
}

/// Where a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The shop's `orders.yaml`.
    File,
    /// The shop's own HTTP interface.
    Http,
    /// An `order.updated` webhook.
    Webhook,
}

/// The values of a summary that can have an origin of their own. What an agent is to do (`next`, `until`, `unusual`)
/// is computed with the state and as old as it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderValue {
    /// What was bought.
    Items,
    /// What was paid.
    Paid,
    /// When it was placed.
    PlacedAt,
    /// Where it stands, who acts next and what is unusual.
    State,
    /// By when it is to be sent.
    ShipBy,
    /// What is on its way.
    Parcel,
    /// Money going back.
    Refund,
    /// Who receives it.
    Receiver,
}

/// Where and when a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Where.
    pub source: SourceKind,
    /// When it was read there, or, for a webhook, when it happened.
    pub as_of: At,
}

/// A source's own word for where an order stands. What depends on the clock or on the shop's promises (`overdue`,
/// `stuck`) is no source's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Ordered, not paid.
    Unpaid,
    /// The deposit is paid, the balance is not.
    Presale,
    /// Paid, nothing sent.
    Paid,
    /// A part was sent.
    PartShipped,
    /// Sent.
    Shipped,
    /// Waits at a station or locker.
    AtStation,
    /// Received.
    Signed,
    /// Called off.
    Cancelled,
    /// The money is to go back.
    Refunding,
    /// The money went back.
    Refunded,
}

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
