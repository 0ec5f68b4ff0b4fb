//! Orders from a shop's `orders.yaml`: for demos, for tests, and for shops whose system has no interface.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use jiff::tz::TimeZone;

use super::file_form::{OrderForm, OrdersForm, Reading, line};
use super::source::{OrderSource, SourceDown};
use super::theirs::bare_number;
use super::values;
use crate::domain::{At, Customer, ExternalId, Order, OrderNumber};

/// A mistake in `orders.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct OrdersFileError {
    /// From 1; 0 if the file as a whole is meant.
    pub line: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// The orders of one file, found by number, buyer's id, phone and e-mail.
pub struct FileSource {
    forms: Vec<OrderForm>,
    zone: TimeZone,
    read_at: Option<At>,
    by_number: HashMap<String, usize>,
    by_customer: HashMap<Known, Vec<usize>>,
}

/// What a buyer is known by, written so that equal means the same person.
#[derive(PartialEq, Eq, Hash)]
enum Known {
    Id(String),
    Phone(String),
    Email(String),
}

impl Known {
    fn all(id: Option<&str>, phone: Option<&str>, email: Option<&str>) -> Vec<Self> {
        let id = id.filter(|id| !id.is_empty()).map(|id| Self::Id(id.to_owned()));
        let phone = phone.map(values::phone_digits).filter(|digits| !digits.is_empty()).map(Self::Phone);
        let email = email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()).map(Self::Email);
        id.into_iter().chain(phone).chain(email).collect()
    }
}

impl FileSource {
    /// Reads the file's text. Times without a zone are in `zone`. Values that can't be read are all reported; a mistake
    /// of form (an unknown key, a missing number) is reported alone, for nothing behind it can be trusted.
    pub fn read(text: &str, zone: TimeZone) -> Result<Self, Vec<OrdersFileError>> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! { max_aliases: 0, max_anchors: 0 },
            merge_keys: serde_saphyr::MergeKeyPolicy::Error,
            with_snippet: false,
        };
        let form: OrdersForm =
            serde_saphyr::from_str_with_options(text, options).map_err(|error| vec![of_form(&error)])?;

        let (mut by_number, mut by_customer) = (HashMap::new(), HashMap::<Known, Vec<usize>>::new());
        // What a time is counted from doesn't matter here: only whether it can be read.
        let mut reading = Reading { zone: &zone, now: At(0), errors: Vec::new() };
        for (place, form) in form.orders.iter().enumerate() {
            let order = reading.order(form, At(0));
            let buyer = &order.buyer;
            let id = buyer.id.as_ref().map(ExternalId::as_str);
            for known in Known::all(id, buyer.phone.as_deref(), buyer.email.as_deref()) {
                by_customer.entry(known).or_default().push(place);
            }
            if by_number.insert(bare_number(&order.number), place).is_some() {
                let message = format!("order {} is in the file twice", form.number.value);
                reading.errors.push(OrdersFileError { line: line(&form.number), message });
            }
        }
        let errors = reading.errors;
        if errors.is_empty() {
            Ok(Self { forms: form.orders, zone, read_at: None, by_number, by_customer })
        } else {
            Err(errors)
        }
    }

    /// Says when the file was read, which is how old its orders are. Without it they are as old as the look-up.
    #[must_use]
    pub fn as_of(mut self, read_at: At) -> Self {
        self.read_at = Some(read_at);
        self
    }

    /// How many orders there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    fn order(&self, place: usize, now: At) -> Option<Order> {
        let mut reading = Reading { zone: &self.zone, now, errors: Vec::new() };
        self.forms.get(place).map(|form| reading.order(form, self.read_at.unwrap_or(now)))
    }
}

fn of_form(error: &serde_saphyr::Error) -> OrdersFileError {
    let error = error.without_snippet();
    let line = error.location().map_or(0, |place| usize::try_from(place.line()).unwrap_or_default());
    OrdersFileError { line, message: error.to_string() }
}

#[async_trait]
impl OrderSource for FileSource {
    async fn by_number(&self, number: &OrderNumber, now: At) -> Result<Option<Order>, SourceDown> {
        Ok(self.by_number.get(&bare_number(number)).and_then(|place| self.order(*place, now)))
    }

    async fn of_customer(&self, customer: &Customer, now: At) -> Result<Vec<Order>, SourceDown> {
        let id = customer.id.as_ref().map(ExternalId::as_str);
        let places: BTreeSet<usize> = Known::all(id, customer.phone.as_deref(), customer.email.as_deref())
            .iter()
            .filter_map(|known| self.by_customer.get(known))
            .flatten()
            .copied()
            .collect();
        Ok(places.into_iter().filter_map(|place| self.order(place, now)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{HOUR, Money};

    const NOW: At = At(1_794_291_600_000);

    fn read(text: &str) -> Result<FileSource, Vec<OrdersFileError>> {
        FileSource::read(text, TimeZone::get("Asia/Shanghai").unwrap())
    }

    fn mistakes(text: &str) -> Vec<OrdersFileError> {
        read(text).err().unwrap_or_default()
    }

    const ORDERS: &str = r#"
orders:
  - number: 202611100000000001
    buyer: {id: demo-wang, name: 王小明, phone: 138 1234 5678, email: Wang@Example.com}
    items:
      - {name: 无绳电钻, product: drill-20v, quantity: 2, price: 59.90}
    paid: 119.80
    placed_at: -36h
    paid_at: "2026-11-10 14:20"
    parcels:
      - carrier: 中通快递
        tracking: 78901234567890
        events:
          - {at: -2h, text: 已到达杭州转运中心}
          - {at: -9h, text: 已揽收}
  - number: "202611100000000002"
    buyer: {phone: "+8613812345678"}
"#;

    #[tokio::test]
    async fn an_order_is_found_by_its_number() {
        let source = read(ORDERS).unwrap();
        let order = source.by_number(&"202611100000000001".into(), NOW).await.unwrap().unwrap();
        assert_eq!(order.placed_at, Some(NOW.plus(-36 * HOUR)));
        assert_eq!(order.paid_at, Some(NOW));
        assert_eq!((order.paid, order.items[0].price), (Some(Money(11_980)), Some(Money(5_990))));
        assert_eq!(order.parcels[0].tracking.as_deref(), Some("78901234567890"));
        assert_eq!(order.parcels[0].events[0].text, "已揽收", "the oldest first");
        assert_eq!(order.as_of, NOW);
        assert_eq!(source.by_number(&"202611100000000009".into(), NOW).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_customer_is_known_by_id_phone_or_e_mail() {
        let source = read(ORDERS).unwrap().as_of(NOW.plus(-HOUR));
        let found = async |customer: Customer| {
            let orders = source.of_customer(&customer, NOW).await.unwrap();
            orders.iter().map(|order| order.number.as_str().chars().last().unwrap()).collect::<String>()
        };
        let nobody = Customer::default();
        assert_eq!(found(Customer { id: Some("demo-wang".into()), ..nobody.clone() }).await, "1");
        assert_eq!(found(Customer { phone: Some("13812345678".into()), ..nobody.clone() }).await, "12");
        assert_eq!(found(Customer { email: Some("wang@example.com".into()), ..nobody.clone() }).await, "1");
        assert_eq!(found(Customer { id: Some("".into()), phone: Some(" ".into()), ..nobody.clone() }).await, "");
        assert_eq!(found(nobody).await, "");
        assert_eq!(source.order(0, NOW).unwrap().as_of, NOW.plus(-HOUR));
    }

    #[test]
    fn every_value_that_cannot_be_read_is_reported_with_its_line() {
        let found = mistakes(
            "orders:\n- number: a\n  paid: 很多\n  placed_at: 昨天\n- number: b\n  items:\n  - name: 电钻\n    price: free\n- number: a\n",
        );
        let lines: Vec<usize> = found.iter().map(|error| error.line).collect();
        assert_eq!(lines, [3, 4, 8, 9], "{found:?}");
        assert!(found[1].message.contains("昨天") && found[1].message.contains("-36h"), "{found:?}");
    }

    #[test]
    fn what_a_person_cannot_have_meant_is_refused() {
        for (text, line, word) in [
            ("orders:\n- number: a\n  payed: 3\n", 3, "payed"),
            ("orders:\n- number: &a x\n- number: *a\n", 2, "anchor"),
            ("orders:\n- number: a\n  number: b\n", 3, "number"),
            ("orders:\n- paid: 3\n", 2, "number"),
            ("orders:\n- number: a\n  items:\n  - name: x\n    quantity: many\n", 5, ""),
            ("orders:\n- number: a\n   paid: 3\n", 3, ""),
        ] {
            let found = mistakes(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].line, line, "{text}: {found:?}");
            assert!(found[0].message.to_lowercase().contains(word), "{text}: {found:?}");
        }
    }

    #[tokio::test]
    async fn the_demo_shop_has_an_order_in_every_state() {
        use crate::domain::{Customer, OrderState as S};
        use crate::orders::{SummaryRules, summarise};

        let source = read(include_str!("../../shops/demo/orders.yaml")).unwrap();
        let rules =
            SummaryRules { ship_within_ms: Some(48 * HOUR), refund_within_ms: Some(48 * HOUR), ..Default::default() };
        let mut states = Vec::new();
        for place in 0..source.len() {
            let order = source.order(place, NOW).unwrap();
            assert!(order.number.as_str().len() == 18 && order.number.as_str().starts_with("2026"));
            let summary = summarise(&order, &rules, NOW);
            assert!(summary.receiver.address.is_some() && summary.receiver.phone.is_some(), "{:?}", summary.receiver);
            states.push(summary.state);
        }
        #[rustfmt::skip]
        let expected = [
            S::Shipped, S::Paid, S::Signed, S::Signed, S::Overdue, S::Refunding, S::Unpaid, S::Cancelled, S::Presale,
            S::PartShipped, S::Stuck, S::AtStation, S::Refunded, S::Paid, S::Refunding, S::Shipped, S::Paid, S::Shipped,
        ];
        assert_eq!(states, expected);
        let wang = Customer { id: Some("demo-wang".into()), ..Customer::default() };
        assert_eq!(source.of_customer(&wang, NOW).await.unwrap().len(), 4);
    }
}
