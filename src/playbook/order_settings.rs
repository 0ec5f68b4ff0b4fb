//! The `orders:` part of `shop.yaml`: where a shop's orders are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Stage;

/// Where a shop's orders are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Written")]
pub enum OrdersSettings {
    /// A file in the shop's folder.
    File {
        /// Relative to the shop's folder.
        path: String,
    },
    /// The shop's own HTTP interface.
    Http(HttpOrders),
}

/// How a shop's own interface is asked, and where its answers keep what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpOrders {
    /// The address of one order, with `{number}` in it. 404 means that there is none.
    pub by_number: String,
    /// The address of a customer's orders, with any of `{customer_id}`, `{phone}` and `{email}`. It is not asked for a
    /// customer of whom one of those is unknown.
    #[serde(default)]
    pub of_customer: Option<String>,
    /// Sent with every request. Values may name secrets (`env:NAME`); whoever builds the source resolves them.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// For the whole of one request, from connecting to the last byte.
    #[serde(default = "two_seconds")]
    pub timeout_ms: u64,
    /// How long an answer is used again. 0: never.
    #[serde(default = "half_a_minute")]
    pub cache_ms: i64,
    /// The path of the order in the answer to `by_number`. Without it the answer is the order.
    #[serde(default)]
    pub order_at: Option<String>,
    /// The path of the list in the answer to `of_customer`. Without it the answer is the list.
    #[serde(default)]
    pub orders_at: Option<String>,
    /// Where an order keeps what: `data.order_no`, `items[].title`, `parcels[].traces[].text`, `lines.0.price`.
    pub fields: BTreeMap<OrderField, String>,
    /// What the source's status words mean. A word that isn't listed says nothing.
    #[serde(default)]
    pub states: BTreeMap<String, Stage>,
    /// In what the source counts money.
    #[serde(default)]
    pub money: MoneyUnit,
    /// The time zone of times without one, such as `Asia/Shanghai`; without it the shop's.
    #[serde(default)]
    pub zone: Option<String>,
}

/// The settings as they are written. Serde reads a tagged enum through a buffer that takes `no` for false and the
/// status `2` for a number, and forgets the line; this form does neither.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Kind,
    path: Option<String>,
    by_number: Option<String>,
    of_customer: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    timeout_ms: Option<u64>,
    cache_ms: Option<i64>,
    order_at: Option<String>,
    orders_at: Option<String>,
    fields: Option<BTreeMap<OrderField, String>>,
    states: Option<BTreeMap<String, Stage>>,
    money: Option<MoneyUnit>,
    zone: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    File,
    Http,
}

impl Written {
    /// Something that only an HTTP interface has.
    fn of_http(&self) -> Option<&'static str> {
        let given = [
            ("by_number", self.by_number.is_some()),
            ("of_customer", self.of_customer.is_some()),
            ("headers", self.headers.is_some()),
            ("timeout_ms", self.timeout_ms.is_some()),
            ("cache_ms", self.cache_ms.is_some()),
            ("order_at", self.order_at.is_some()),
            ("orders_at", self.orders_at.is_some()),
            ("fields", self.fields.is_some()),
            ("states", self.states.is_some()),
            ("money", self.money.is_some()),
            ("zone", self.zone.is_some()),
        ];
        given.into_iter().find_map(|(key, is_given)| is_given.then_some(key))
    }
}

impl TryFrom<Written> for OrdersSettings {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        if let Kind::File = written.kind {
            return match (written.of_http(), written.path) {
                (Some(key), _) => Err(format!("`{key}` belongs to orders of `kind: http`")),
                (None, Some(path)) => Ok(Self::File { path }),
                (None, None) => Err("orders of `kind: file` need `path`".to_owned()),
            };
        }
        if written.path.is_some() {
            return Err("`path` belongs to orders of `kind: file`".to_owned());
        }
        Ok(Self::Http(HttpOrders {
            by_number: written.by_number.ok_or("orders of `kind: http` need `by_number`")?,
            of_customer: written.of_customer,
            headers: written.headers.unwrap_or_default(),
            timeout_ms: written.timeout_ms.unwrap_or_else(two_seconds),
            cache_ms: written.cache_ms.unwrap_or_else(half_a_minute),
            order_at: written.order_at,
            orders_at: written.orders_at,
            fields: written.fields.ok_or("orders of `kind: http` need `fields`")?,
            states: written.states.unwrap_or_default(),
            money: written.money.unwrap_or_default(),
            zone: written.zone,
        }))
    }
}

fn two_seconds() -> u64 {
    2_000
}

fn half_a_minute() -> i64 {
    30_000
}

/// In what a source counts money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyUnit {
    /// 59.90 is fifty-nine yuan ninety.
    #[default]
    Whole,
    /// 5990 is fifty-nine yuan ninety.
    Hundredth,
}

/// The values that can be read from a source's answer, each as `orders.yaml` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the value of the same name in domain::Order")]
pub enum OrderField {
    Number,
    /// The source's status word; `states` says what it means.
    State,
    BuyerId,
    BuyerName,
    BuyerPhone,
    BuyerEmail,
    BuyerAddress,
    ItemName,
    ItemProduct,
    ItemQuantity,
    ItemPrice,
    Paid,
    PlacedAt,
    PaidAt,
    ShipBy,
    BalanceDue,
    CancelledAt,
    AllShipped,
    AddressChanged,
    Carrier,
    Tracking,
    ShippedAt,
    SignedAt,
    Station,
    EventAt,
    EventText,
    RefundAmount,
    RefundRequestedAt,
    RefundDoneAt,
}

impl OrderField {
    /// Every value.
    pub const ALL: [Self; 29] = [
        Self::Number,
        Self::State,
        Self::BuyerId,
        Self::BuyerName,
        Self::BuyerPhone,
        Self::BuyerEmail,
        Self::BuyerAddress,
        Self::ItemName,
        Self::ItemProduct,
        Self::ItemQuantity,
        Self::ItemPrice,
        Self::Paid,
        Self::PlacedAt,
        Self::PaidAt,
        Self::ShipBy,
        Self::BalanceDue,
        Self::CancelledAt,
        Self::AllShipped,
        Self::AddressChanged,
        Self::Carrier,
        Self::Tracking,
        Self::ShippedAt,
        Self::SignedAt,
        Self::Station,
        Self::EventAt,
        Self::EventText,
        Self::RefundAmount,
        Self::RefundRequestedAt,
        Self::RefundDoneAt,
    ];

    /// As the settings write it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::State => "state",
            Self::BuyerId => "buyer_id",
            Self::BuyerName => "buyer_name",
            Self::BuyerPhone => "buyer_phone",
            Self::BuyerEmail => "buyer_email",
            Self::BuyerAddress => "buyer_address",
            Self::ItemName => "item_name",
            Self::ItemProduct => "item_product",
            Self::ItemQuantity => "item_quantity",
            Self::ItemPrice => "item_price",
            Self::Paid => "paid",
            Self::PlacedAt => "placed_at",
            Self::PaidAt => "paid_at",
            Self::ShipBy => "ship_by",
            Self::BalanceDue => "balance_due",
            Self::CancelledAt => "cancelled_at",
            Self::AllShipped => "all_shipped",
            Self::AddressChanged => "address_changed",
            Self::Carrier => "carrier",
            Self::Tracking => "tracking",
            Self::ShippedAt => "shipped_at",
            Self::SignedAt => "signed_at",
            Self::Station => "station",
            Self::EventAt => "event_at",
            Self::EventText => "event_text",
            Self::RefundAmount => "refund_amount",
            Self::RefundRequestedAt => "refund_requested_at",
            Self::RefundDoneAt => "refund_done_at",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_says_where_its_orders_are() {
        let file: OrdersSettings = serde_saphyr::from_str("{kind: file, path: orders.yaml}").unwrap();
        assert_eq!(file, OrdersSettings::File { path: "orders.yaml".to_owned() });

        let http = "kind: http\nby_number: https://erp.example/orders/{number}\nfields: {number: no, item_name: 'lines[].title'}\nstates: {WAIT_SEND: paid, 2: shipped}\nheaders: {x-app: 77}\n";
        let OrdersSettings::Http(http) = serde_saphyr::from_str(http).unwrap() else { panic!("not http") };
        assert_eq!((http.timeout_ms, http.cache_ms, http.money), (2_000, 30_000, MoneyUnit::Whole));
        assert_eq!((http.states["WAIT_SEND"], http.states["2"]), (Stage::Paid, Stage::Shipped));
        assert_eq!((http.headers["x-app"].as_str(), http.fields[&OrderField::Number].as_str()), ("77", "no"));
        assert_eq!(http.fields[&OrderField::ItemName], "lines[].title");
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        for wrong in [
            "{kind: file, path: orders.yaml, pass: 1}",
            "{kind: ftp, path: orders.yaml}",
            "{kind: file}",
            "{kind: file, path: orders.yaml, zone: UTC}",
            "{kind: http, fields: {number: no}}",
            "{kind: http, path: orders.yaml, by_number: 'https://a/{number}', fields: {number: no}}",
            "{kind: http, by_number: 'https://a/{number}', fields: {nummer: no}}",
            "{kind: http, by_number: 'https://a/{number}', fields: {number: no}, states: {x: overdue}}",
            "{kind: http, by_number: 'https://a/{number}', fields: {number: no}, time_out: 3}",
        ] {
            assert!(serde_saphyr::from_str::<OrdersSettings>(wrong).is_err(), "{wrong}");
        }
    }
}
