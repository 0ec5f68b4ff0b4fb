//! An order as its source tells it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{At, ExternalId, OrderNumber, ProductId};

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
