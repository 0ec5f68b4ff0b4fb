//! The form of `orders.yaml`, and how it is read into orders.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::file::OrdersFileError;
use super::values;
use crate::domain::{
    At, Buyer, DAY, ExternalId, HOUR, Item, MINUTE, Money, Order, OrderNumber, Parcel, ParcelEvent, ProductId, Refund,
    SourceKind,
};

/// A scalar as it was written, and where.
type Text = Spanned<String>;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrdersForm {
    pub(super) orders: Vec<OrderForm>,
}

/// One order. Times stay as they were written: relative ones are counted from each look-up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderForm {
    pub(super) number: Text,
    #[serde(default)]
    buyer: BuyerForm,
    #[serde(default)]
    items: Vec<ItemForm>,
    paid: Option<Text>,
    placed_at: Option<Text>,
    paid_at: Option<Text>,
    ship_by: Option<Text>,
    balance_due: Option<Text>,
    cancelled_at: Option<Text>,
    #[serde(default)]
    address_changed: bool,
    all_shipped: Option<bool>,
    #[serde(default)]
    parcels: Vec<ParcelForm>,
    refund: Option<RefundForm>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BuyerForm {
    id: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    name: String,
    product: Option<String>,
    #[serde(default = "one")]
    quantity: u32,
    price: Option<Text>,
}

fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParcelForm {
    carrier: Option<String>,
    tracking: Option<String>,
    shipped_at: Option<Text>,
    signed_at: Option<Text>,
    station: Option<String>,
    #[serde(default)]
    events: Vec<EventForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventForm {
    at: Text,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundForm {
    amount: Option<Text>,
    requested_at: Option<Text>,
    done_at: Option<Text>,
}

/// Reads forms; gathers every mistake.
pub(super) struct Reading<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) now: At,
    pub(super) errors: Vec<OrdersFileError>,
}

impl Reading<'_> {
    /// The order that a form describes at `now`; `as_of` is when its file was read.
    pub(super) fn order(&mut self, form: &OrderForm, as_of: At) -> Order {
        if form.number.value.trim().is_empty() {
            self.mistake(&form.number, "an order needs a number".to_owned());
        }
        Order {
            number: OrderNumber::from(form.number.value.trim()),
            buyer: Buyer {
                id: form.buyer.id.as_deref().map(ExternalId::from),
                name: form.buyer.name.clone(),
                phone: form.buyer.phone.clone(),
                email: form.buyer.email.clone(),
                address: form.buyer.address.clone(),
            },
            items: form.items.iter().map(|item| self.item(item)).collect(),
            paid: self.money(form.paid.as_ref()),
            placed_at: self.time(form.placed_at.as_ref()),
            paid_at: self.time(form.paid_at.as_ref()),
            ship_by: self.time(form.ship_by.as_ref()),
            balance_due: self.time(form.balance_due.as_ref()),
            cancelled_at: self.time(form.cancelled_at.as_ref()),
            parcels: form.parcels.iter().map(|parcel| self.parcel(parcel)).collect(),
            all_shipped: form.all_shipped,
            refund: form.refund.as_ref().map(|refund| Refund {
                amount: self.money(refund.amount.as_ref()),
                requested_at: self.time(refund.requested_at.as_ref()),
                done_at: self.time(refund.done_at.as_ref()),
            }),
            address_changed: form.address_changed,
            stage: None,
            source: SourceKind::File,
            as_of,
            origins: BTreeMap::new(),
        }
    }

    fn item(&mut self, form: &ItemForm) -> Item {
        Item {
            name: form.name.clone(),
            product: form.product.as_deref().map(ProductId::from),
            quantity: form.quantity,
            price: self.money(form.price.as_ref()),
        }
    }

    fn parcel(&mut self, form: &ParcelForm) -> Parcel {
        let mut events: Vec<ParcelEvent> = form
            .events
            .iter()
            .filter_map(|event| Some(ParcelEvent { at: self.time(Some(&event.at))?, text: event.text.clone() }))
            .collect();
        events.sort_by_key(|event| event.at);
        Parcel {
            carrier: form.carrier.clone(),
            tracking: form.tracking.clone(),
            shipped_at: self.time(form.shipped_at.as_ref()),
            signed_at: self.time(form.signed_at.as_ref()),
            station: form.station.clone(),
            events,
        }
    }

    fn money(&mut self, written: Option<&Text>) -> Option<Money> {
        let written = written?;
        let sum = values::money(&written.value);
        if sum.is_none() {
            self.mistake(written, format!("`{}` is no sum of money; write 59.90", written.value));
        }
        sum
    }

    fn time(&mut self, written: Option<&Text>) -> Option<At> {
        let written = written?;
        let time = match relative(&written.value) {
            Some(offset) => Some(self.now.plus(offset)),
            None => values::instant(&written.value, self.zone),
        };
        if time.is_none() {
            let help = "write \"2026-11-10 14:20\", or -36h counted from now";
            self.mistake(written, format!("`{}` is no time; {help}", written.value));
        }
        time
    }

    fn mistake(&mut self, written: &Text, message: String) {
        self.errors.push(OrdersFileError { line: line(written), message });
    }
}

/// Where a value stands, from 1.
pub(super) fn line(written: &Text) -> usize {
    usize::try_from(written.referenced.line()).unwrap_or_default()
}

/// `-36h`, `-2d`, `+3h`, `-1d12h30m` in milliseconds.
fn relative(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let mut sum = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let unit = match rest[digits..].chars().next()? {
            'm' => MINUTE,
            'h' => HOUR,
            'd' => DAY,
            _ => return None,
        };
        sum = sum.checked_add(rest[..digits].parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (sum > 0).then_some(sign * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_counted_from_now() {
        assert_eq!(relative("-36h"), Some(-36 * HOUR));
        assert_eq!(relative("-2d"), Some(-2 * DAY));
        assert_eq!(relative("+3h"), Some(3 * HOUR));
        assert_eq!(relative("-1d12h30m"), Some(-(DAY + 12 * HOUR + 30 * MINUTE)));
        for no in ["", "-", "+", "36h", "-h", "-36", "-36s", "-99999999999999999d", "-3小时", "-0h"] {
            assert_eq!(relative(no), None, "{no}");
        }
    }
}
