//! Reads orders out of a source's answer, as the settings say where it keeps what.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::HttpOrdersError;
use super::path::JsonPath;
use crate::domain::{
    At, Buyer, ExternalId, Item, Money, Order, OrderNumber, Parcel, ParcelEvent, ProductId, Refund, SourceKind, Stage,
};
use crate::orders::source::SourceDown;
use crate::orders::values::{self, Unreadable};
use crate::playbook::order_settings::{HttpOrders, MoneyUnit, OrderField};

/// More elements of one list than this aren't read.
const MOST_ELEMENTS: usize = 200;

/// Where an answer keeps what, read from the settings.
pub(super) struct Reader {
    order_at: JsonPath,
    orders_at: JsonPath,
    fields: BTreeMap<OrderField, JsonPath>,
    states: BTreeMap<String, Stage>,
    money: MoneyUnit,
    zone: TimeZone,
}

impl Reader {
    pub(super) fn new(settings: &HttpOrders, zone: TimeZone) -> Result<Self, HttpOrdersError> {
        let path = |text: &str| JsonPath::parse(text).ok_or_else(|| HttpOrdersError::Path(text.to_owned()));
        let mut fields = BTreeMap::new();
        for (field, text) in &settings.fields {
            fields.insert(*field, path(text)?);
        }
        Ok(Self {
            order_at: path(settings.order_at.as_deref().unwrap_or_default())?,
            orders_at: path(settings.orders_at.as_deref().unwrap_or_default())?,
            fields,
            states: settings.states.iter().map(|(word, stage)| (word.to_lowercase(), *stage)).collect(),
            money: settings.money,
            zone,
        })
    }

    /// The order in an answer to `by_number`. `None`: the answer holds none.
    pub(super) fn one(&self, answer: &Value, asked: &OrderNumber, now: At) -> Result<Option<Order>, SourceDown> {
        let Some(root) = self.order_at.get(answer, &[]) else { return Ok(None) };
        self.order(root, Some(asked), now)
    }

    /// The orders in an answer to `of_customer`.
    pub(super) fn many(&self, answer: &Value, now: At) -> Result<Vec<Order>, SourceDown> {
        let Some(list) = self.orders_at.get(answer, &[]) else { return Ok(Vec::new()) };
        let list = list.as_array().ok_or_else(|| SourceDown::Garbage("the orders are no list".to_owned()))?;
        let orders = list.iter().take(MOST_ELEMENTS).map(|root| self.order(root, None, now));
        Ok(orders.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// `None` where there is no number: an empty answer, or a note that there is none.
    fn order(&self, root: &Value, asked: Option<&OrderNumber>, now: At) -> Result<Option<Order>, SourceDown> {
        use OrderField as F;
        if !root.is_object() {
            return Err(SourceDown::Garbage("an order is no object".to_owned()));
        }
        let look = Look { reader: self, root };
        let number = match (self.fields.contains_key(&F::Number), asked) {
            (false, Some(asked)) => Some(asked.clone()),
            _ => look.text(F::Number, &[])?.map(OrderNumber::from),
        };
        let Some(number) = number else { return Ok(None) };
        Ok(Some(Order {
            number,
            buyer: look.buyer()?,
            items: look.items()?,
            paid: look.money(F::Paid, &[])?,
            placed_at: look.time(F::PlacedAt, &[])?,
            paid_at: look.time(F::PaidAt, &[])?,
            ship_by: look.time(F::ShipBy, &[])?,
            balance_due: look.time(F::BalanceDue, &[])?,
            cancelled_at: look.time(F::CancelledAt, &[])?,
            parcels: look.parcels()?,
            all_shipped: look.truth(F::AllShipped)?,
            refund: look.refund()?,
            address_changed: look.truth(F::AddressChanged)?.unwrap_or_default(),
            stage: look.stage()?,
            source: SourceKind::Http,
            as_of: now,
            origins: BTreeMap::new(),
        }))
    }
}

/// One order of an answer.
struct Look<'a> {
    reader: &'a Reader,
    root: &'a Value,
}

impl Look<'_> {
    fn read<T>(
        &self,
        field: OrderField,
        picks: &[usize],
        read: impl Fn(&Value) -> Result<Option<T>, Unreadable>,
    ) -> Result<Option<T>, SourceDown> {
        let path = self.reader.fields.get(&field);
        let Some(value) = path.and_then(|path| path.get(self.root, picks)) else { return Ok(None) };
        read(value).map_err(|Unreadable| SourceDown::Garbage(format!("{} can't be read", field.key())))
    }

    fn text(&self, field: OrderField, picks: &[usize]) -> Result<Option<String>, SourceDown> {
        self.read(field, picks, values::text_of)
    }

    fn time(&self, field: OrderField, picks: &[usize]) -> Result<Option<At>, SourceDown> {
        self.read(field, picks, |value| values::instant_of(value, &self.reader.zone))
    }

    fn truth(&self, field: OrderField) -> Result<Option<bool>, SourceDown> {
        self.read(field, &[], values::truth_of)
    }

    fn money(&self, field: OrderField, picks: &[usize]) -> Result<Option<Money>, SourceDown> {
        let sum = self.read(field, picks, values::money_of)?;
        Ok(sum.map(|sum| match self.reader.money {
            MoneyUnit::Whole => sum,
            MoneyUnit::Hundredth => Money(sum.0 / 100),
        }))
    }

    fn stage(&self) -> Result<Option<Stage>, SourceDown> {
        let word = self.text(OrderField::State, &[])?;
        Ok(word.and_then(|word| self.reader.states.get(&word.to_lowercase()).copied()))
    }

    fn buyer(&self) -> Result<Buyer, SourceDown> {
        Ok(Buyer {
            id: self.text(OrderField::BuyerId, &[])?.map(ExternalId::from),
            name: self.text(OrderField::BuyerName, &[])?,
            phone: self.text(OrderField::BuyerPhone, &[])?,
            email: self.text(OrderField::BuyerEmail, &[])?,
            address: self.text(OrderField::BuyerAddress, &[])?,
        })
    }

    fn items(&self) -> Result<Vec<Item>, SourceDown> {
        use OrderField as F;
        let mut items = Vec::new();
        for place in 0..self.count(&[F::ItemName, F::ItemProduct, F::ItemQuantity, F::ItemPrice], &[]) {
            let product = self.text(F::ItemProduct, &[place])?;
            let Some(name) = self.text(F::ItemName, &[place])?.or_else(|| product.clone()) else { continue };
            let quantity = self.text(F::ItemQuantity, &[place])?.map(|text| text.parse::<f64>());
            let quantity =
                quantity.transpose().map_err(|_| SourceDown::Garbage("item_quantity can't be read".into()))?;
            items.push(Item {
                name,
                product: product.map(ProductId::from),
                quantity: quantity.map_or(1, |quantity| quantity as u32),
                price: self.money(F::ItemPrice, &[place])?,
            });
        }
        Ok(items)
    }

    fn parcels(&self) -> Result<Vec<Parcel>, SourceDown> {
        use OrderField as F;
        let of_parcels = [F::Carrier, F::Tracking, F::ShippedAt, F::SignedAt, F::Station];
        let are_listed =
            of_parcels.iter().filter_map(|field| self.reader.fields.get(field)).any(|path| path.lists() > 0);
        let mut parcels = Vec::new();
        for place in 0..self.count(&of_parcels, &[]) {
            let picks = [place];
            let parcel = Parcel {
                carrier: self.text(F::Carrier, &picks)?,
                tracking: self.text(F::Tracking, &picks)?,
                shipped_at: self.time(F::ShippedAt, &picks)?,
                signed_at: self.time(F::SignedAt, &picks)?,
                station: self.text(F::Station, &picks)?,
                events: self.events(if are_listed { &picks } else { &[] })?,
            };
            // Systems fill the carrier in before anything is sent.
            let only_a_carrier = Parcel { carrier: parcel.carrier.clone(), ..Parcel::default() };
            if parcel != only_a_carrier {
                parcels.push(parcel);
            }
        }
        Ok(parcels)
    }

    fn events(&self, of_parcel: &[usize]) -> Result<Vec<ParcelEvent>, SourceDown> {
        use OrderField as F;
        let mut events = Vec::new();
        for place in 0..self.count(&[F::EventAt, F::EventText], of_parcel) {
            let picks = [of_parcel, &[place]].concat();
            if let (Some(at), Some(text)) = (self.time(F::EventAt, &picks)?, self.text(F::EventText, &picks)?) {
                events.push(ParcelEvent { at, text });
            }
        }
        events.sort_by_key(|event| event.at);
        Ok(events)
    }

    fn refund(&self) -> Result<Option<Refund>, SourceDown> {
        let refund = Refund {
            amount: self.money(OrderField::RefundAmount, &[])?,
            requested_at: self.time(OrderField::RefundRequestedAt, &[])?,
            done_at: self.time(OrderField::RefundDoneAt, &[])?,
        };
        // Systems write a refund of 0 on every order.
        let is_one = refund.requested_at.is_some() || refund.done_at.is_some() || refund.amount > Some(Money(0));
        Ok(is_one.then_some(refund))
    }

    /// How many elements the longest of these fields' lists has. A field without a list counts as one.
    fn count(&self, fields: &[OrderField], picks: &[usize]) -> usize {
        let counts = fields
            .iter()
            .filter_map(|field| self.reader.fields.get(field))
            .map(|path| if path.lists() > picks.len() { path.count(self.root, picks) } else { 1 });
        counts.max().unwrap_or_default().min(MOST_ELEMENTS)
    }
}
