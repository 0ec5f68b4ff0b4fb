//! What each variable of a script stands for at this moment. A value that isn't known is `None`, and blocks a send.

use jiff::tz::TimeZone;

use crate::domain::{At, Customer, Language, OrderState, OrderSummary};
use crate::playbook::Playbook;
use crate::playbook::product::Product;
use crate::playbook::sizes;
use crate::playbook::template::Variable;

/// What scripts can speak of.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// Words, facts and the shop's name.
    pub playbook: &'a Playbook,
    /// In which language they are said.
    pub language: Language,
    /// Who is spoken to.
    pub customer: &'a Customer,
    /// The order in question.
    pub order: Option<&'a OrderSummary>,
    /// The product in question.
    pub product: Option<&'a Product>,
    /// The attributes asked about, by their ids.
    pub attributes: &'a [String],
    /// How tall the customer is, in centimetres.
    pub height: Option<f32>,
    /// What the customer weighs, in kilograms.
    pub weight: Option<f32>,
    /// When a promise falls due.
    pub due: Option<At>,
    /// Values of the system's own words.
    pub system: &'a [(&'a str, String)],
}

impl<'a> Values<'a> {
    /// What can be said to a customer of an order, where no message is in hand.
    #[must_use]
    pub fn of_order(
        playbook: &'a Playbook,
        language: Language,
        customer: &'a Customer,
        order: Option<&'a OrderSummary>,
    ) -> Self {
        Self {
            playbook,
            language,
            customer,
            order,
            product: None,
            attributes: &[],
            height: None,
            weight: None,
            due: None,
            system: &[],
        }
    }

    /// A variable's value, in words.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<String> {
        match variable {
            // What holds for the product goes before what holds for the shop.
            Variable::Fact(path) => {
                let own = self.product.and_then(|product| product.facts.say(path, self.language, &self.playbook.words));
                own.or_else(|| self.playbook.facts.say(path, self.language, &self.playbook.words))
            }
            Variable::Named(name) => self.named(name),
        }
    }

    fn zone(&self) -> &TimeZone {
        &self.playbook.settings.time_zone
    }

    fn named(&self, name: &str) -> Option<String> {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        match (group, field) {
            ("order", field) => self.order_value(self.order?, field),
            ("product", field) => self.product_value(self.product?, field),
            ("customer", "name") => self.customer.name.clone(),
            ("shop", "name") => Some(self.playbook.settings.name.of(self.language).to_owned()),
            ("shop", "human_hours") => self.playbook.settings.human_hours.as_ref().map(|hours| hours.text().to_owned()),
            ("promise", "due") => Some(self.playbook.words.date_time(self.language, self.due?, self.zone())),
            _ => self.system.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()),
        }
    }

    fn order_value(&self, order: &OrderSummary, field: &str) -> Option<String> {
        let words = &self.playbook.words;
        let language = self.language;
        let time = |at: At| words.date_time(language, at, self.zone());
        let parcel = order.parcel.as_ref();
        let last = parcel.and_then(|parcel| parcel.events.last());
        match field {
            "number" => Some(order.number.to_string()),
            "item" => self.items(order),
            "paid" => order.paid.map(|paid| words.money(language, paid)),
            "placed_at" => order.placed_at.map(|at| words.date(language, at, self.zone())),
            "state" => Some(words.say(language, &format!("state.{}", order.state.key())).to_owned()),
            "carrier" => parcel?.carrier.clone(),
            "tracking" => parcel?.tracking.clone(),
            "last_event" => last.map(|event| event.text.clone()),
            "last_event_at" => last.map(|event| time(event.at)),
            "station" => parcel?.station.clone(),
            "refund_state" => {
                let done = order.refund.as_ref()?.done_at.is_some();
                let state = if done { OrderState::Refunded } else { OrderState::Refunding };
                Some(words.say(language, &format!("state.{}", state.key())).to_owned())
            }
            "refund_amount" => Some(words.money(language, order.refund.as_ref()?.amount?)),
            "next_step" => Some(words.say(language, &format!("next.{}", order.next.key())).to_owned()),
            "ship_by" => order.ship_by.map(time),
            _ => None,
        }
    }

    /// The first item, and how many pieces there are where more lines follow: 角磨机等3件.
    fn items(&self, order: &OrderSummary) -> Option<String> {
        let first = order.items.first()?;
        if order.items.len() == 1 {
            return Some(first.name.clone());
        }
        let pieces: u32 = order.items.iter().map(|item| item.quantity).sum();
        let n = match self.language {
            Language::Zh => pieces,
            Language::En => pieces - first.quantity,
        };
        let more = self.playbook.words.fill(self.language, "item.more", &[("n", &n.to_string())]);
        Some(format!("{}{more}", first.name))
    }

    fn product_value(&self, product: &Product, field: &str) -> Option<String> {
        let words = &self.playbook.words;
        match field {
            "name" => Some(product.name.of(self.language).to_owned()),
            "price" => product.price.map(|price| words.money(self.language, price)),
            "stock" => {
                let key = if product.stock? > 0 { "stock.yes" } else { "stock.no" };
                Some(words.say(self.language, key).to_owned())
            }
            "in_box" => product.in_box.as_ref().map(|text| text.of(self.language).to_owned()),
            "attribute" => self.attributes(product),
            "size" => sizes::fitting(&product.sizes, self.height, self.weight).map(|size| size.name.clone()),
            _ => None,
        }
    }

    /// The attributes that were asked about: 功率：800W.
    fn attributes(&self, product: &Product) -> Option<String> {
        let words = &self.playbook.words;
        let mut said: Vec<String> = Vec::new();
        for id in self.attributes {
            // An attribute's id is its name in the files; the twin stands at the same place in the other language.
            let place = product.attributes.values().find_map(|list| list.iter().position(|a| a.name == *id))?;
            let attribute = product.attributes.get(&self.language)?.get(place)?;
            let values = [("name", attribute.name.as_str()), ("value", attribute.value.as_str())];
            let shown = words.fill(self.language, "attribute", &values);
            if !said.contains(&shown) {
                said.push(shown);
            }
        }
        (!said.is_empty()).then(|| said.join(words.say(self.language, "attribute.separator")))
    }
}
