//! What a platform tells of an order between two look-ups (`order.updated`), laid over what the source said.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::theirs::same_number;
use super::values;
use crate::domain::{
    At, Money, Order, OrderNumber, OrderValue, Origin, Parcel, ParcelEvent, Refund, SourceKind, Stage,
};

/// Lays the updates of this order that are newer than its source over it, the oldest first. Each is the moment it
/// happened and the `data` of its webhook: `order_number`, and any of `state` (a [`Stage`]), `paid`, `placed_at`,
/// `paid_at`, `ship_by`, `balance_due`, `cancelled_at`, `all_shipped`, `address_changed`, `carrier`, `tracking`,
/// `shipped_at`, `signed_at`, `station`, `last_event`, `refund_amount`, `refund_requested_at`, `refund_done_at`.
/// Times without a zone are in `zone`. What can't be read is passed over.
pub fn overlay(order: &mut Order, updates: &[(At, Value)], zone: &TimeZone) {
    let mut news: Vec<News<'_>> = updates
        .iter()
        .filter(|(at, data)| *at > order.as_of && is_about(data, &order.number))
        .map(|(at, data)| News { at: *at, data, zone })
        .collect();
    news.sort_by_key(|news| news.at);
    for news in news {
        news.apply(order);
    }
}

fn is_about(data: &Value, number: &OrderNumber) -> bool {
    let told = data.get("order_number").and_then(|value| values::text_of(value).ok().flatten());
    told.is_some_and(|told| same_number(&OrderNumber::from(told), number))
}

/// Writes what was told. Whether something was.
fn set<T>(place: &mut Option<T>, told: Option<T>) -> bool {
    let is_told = told.is_some();
    if is_told {
        *place = told;
    }
    is_told
}

/// One update.
struct News<'a> {
    at: At,
    data: &'a Value,
    zone: &'a TimeZone,
}

impl News<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.data.get(key).and_then(|value| values::text_of(value).ok().flatten())
    }

    fn time(&self, key: &str) -> Option<At> {
        self.data.get(key).and_then(|value| values::instant_of(value, self.zone).ok().flatten())
    }

    fn money(&self, key: &str) -> Option<Money> {
        self.data.get(key).and_then(|value| values::money_of(value).ok().flatten())
    }

    fn truth(&self, key: &str) -> Option<bool> {
        self.data.get(key).and_then(|value| values::truth_of(value).ok().flatten())
    }

    fn stage(&self) -> Option<Stage> {
        self.data.get("state").and_then(|word| serde_json::from_value(word.clone()).ok())
    }

    fn apply(&self, order: &mut Order) {
        if set(&mut order.paid, self.money("paid")) {
            self.mark(order, &[OrderValue::Paid]);
        }
        if set(&mut order.placed_at, self.time("placed_at")) {
            self.mark(order, &[OrderValue::PlacedAt]);
        }
        if set(&mut order.ship_by, self.time("ship_by")) {
            self.mark(order, &[OrderValue::ShipBy, OrderValue::State]);
        }
        if set(&mut order.paid_at, self.time("paid_at")) {
            self.mark(order, &[OrderValue::ShipBy, OrderValue::State]);
        }
        let moved = set(&mut order.balance_due, self.time("balance_due"))
            | set(&mut order.cancelled_at, self.time("cancelled_at"))
            | set(&mut order.all_shipped, self.truth("all_shipped"));
        if let Some(changed) = self.truth("address_changed") {
            order.address_changed = changed;
        }
        if moved || self.data.get("address_changed").is_some() {
            self.mark(order, &[OrderValue::State]);
        }
        if self.apply_parcel(order) {
            self.mark(order, &[OrderValue::Parcel, OrderValue::State]);
        }
        if self.apply_refund(order) {
            self.mark(order, &[OrderValue::Refund, OrderValue::State]);
        }
        if let Some(stage) = self.stage() {
            self.apply_stage(order, stage);
            self.mark(order, &[OrderValue::State]);
        }
    }

    fn mark(&self, order: &mut Order, values: &[OrderValue]) {
        for value in values {
            order.origins.insert(*value, Origin { source: SourceKind::Webhook, as_of: self.at });
        }
    }

    fn apply_parcel(&self, order: &mut Order) -> bool {
        const OF_PARCELS: [&str; 6] = ["carrier", "tracking", "shipped_at", "signed_at", "station", "last_event"];
        if OF_PARCELS.iter().all(|key| self.data.get(key).is_none_or(Value::is_null)) {
            return false;
        }
        let tracking = self.text("tracking");
        let place = parcel_meant(&order.parcels, tracking.as_deref()).unwrap_or_else(|| {
            order.parcels.push(Parcel::default());
            order.parcels.len() - 1
        });
        let Some(parcel) = order.parcels.get_mut(place) else { return false };
        set(&mut parcel.tracking, tracking);
        set(&mut parcel.carrier, self.text("carrier"));
        set(&mut parcel.shipped_at, self.time("shipped_at"));
        set(&mut parcel.signed_at, self.time("signed_at"));
        set(&mut parcel.station, self.text("station"));
        if let Some(text) = self.text("last_event") {
            parcel.events.push(ParcelEvent { at: self.at, text });
        }
        true
    }

    fn apply_refund(&self, order: &mut Order) -> bool {
        let told = Refund {
            amount: self.money("refund_amount"),
            requested_at: self.time("refund_requested_at"),
            done_at: self.time("refund_done_at"),
        };
        if told == (Refund { amount: None, requested_at: None, done_at: None }) {
            return false;
        }
        let refund = order.refund.get_or_insert(Refund { amount: None, requested_at: None, done_at: None });
        set(&mut refund.amount, told.amount);
        set(&mut refund.requested_at, told.requested_at);
        set(&mut refund.done_at, told.done_at);
        true
    }

    /// The news is younger than the times of the source: it takes back a refund or a cancellation, and where a time is
    /// missing it is when the news happened.
    fn apply_stage(&self, order: &mut Order, stage: Stage) {
        order.stage = Some(stage);
        if !matches!(stage, Stage::Refunding | Stage::Refunded) {
            if order.refund.take_if(|refund| refund.done_at.is_none()).is_some() {
                self.mark(order, &[OrderValue::Refund]);
            }
            if stage != Stage::Cancelled {
                order.cancelled_at = None;
            }
        }
        match stage {
            Stage::Unpaid | Stage::Presale => {}
            Stage::Paid => {
                if order.paid_at.is_none() {
                    order.paid_at = Some(self.at);
                    self.mark(order, &[OrderValue::ShipBy]);
                }
            }
            Stage::PartShipped | Stage::Shipped | Stage::AtStation => {
                order.all_shipped = Some(stage != Stage::PartShipped);
                if order.parcels.is_empty() {
                    order.parcels.push(Parcel { shipped_at: Some(self.at), ..Parcel::default() });
                    self.mark(order, &[OrderValue::Parcel]);
                }
            }
            Stage::Signed => {
                order.all_shipped = Some(true);
                for parcel in &mut order.parcels {
                    parcel.signed_at.get_or_insert(self.at);
                }
                self.mark(order, &[OrderValue::Parcel]);
            }
            Stage::Cancelled => _ = order.cancelled_at.get_or_insert(self.at),
            Stage::Refunding | Stage::Refunded => {
                let refund = order.refund.get_or_insert(Refund { amount: None, requested_at: None, done_at: None });
                let time = if stage == Stage::Refunding { &mut refund.requested_at } else { &mut refund.done_at };
                time.get_or_insert(self.at);
                self.mark(order, &[OrderValue::Refund]);
            }
        }
    }
}

/// The parcel of that tracking number, else the one that has none yet; without a number the latest on its way.
fn parcel_meant(parcels: &[Parcel], tracking: Option<&str>) -> Option<usize> {
    match tracking {
        Some(_) => parcels
            .iter()
            .position(|parcel| parcel.tracking.as_deref() == tracking)
            .or_else(|| parcels.iter().position(|parcel| parcel.tracking.is_none())),
        None => parcels.iter().rposition(|parcel| parcel.signed_at.is_none()).or(parcels.len().checked_sub(1)),
    }
}
