//! The order summary in words: the same lines for the hand-off, `/suggest`, the page and the desk.

use serde::{Deserialize, Serialize};

use crate::domain::{Customer, Language, OrderSummary, OrderValue, SourceKind};
use crate::playbook::Playbook;
use crate::playbook::template::Variable;

use super::values::Values;

/// One order, said in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCard {
    /// In which language.
    pub language: Language,
    /// The state in one line, with what is unusual.
    pub headline: String,
    /// Label, value, and where and how long ago it was read.
    pub lines: Vec<OrderLine>,
}

/// One line of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Where and how long ago it was read: 订单文件 · 2分钟前.
    pub origin: String,
}

/// Says an order's summary in one language.
#[must_use]
pub fn order_card(playbook: &Playbook, order: &OrderSummary, language: Language) -> OrderCard {
    let customer = Customer::default();
    let values = Values::of_order(playbook, language, &customer, Some(order));
    let words = &playbook.words;
    let get = |name: &str| values.get(&Variable::Named(format!("order.{name}").into()));
    let unusual: Vec<String> = order.unusual.iter().map(|what| unusual(playbook, *what, language)).collect();
    let state = get("state").unwrap_or_default();
    let unusual = (!unusual.is_empty()).then(|| words.list(language, &unusual));
    let until = order.until.map(|at| words.date_time(language, at, &playbook.settings.time_zone));
    let last_event = get("last_event").map(|text| match get("last_event_at") {
        Some(at) => format!("{at} {text}"),
        None => text,
    });
    let refund = get("refund_state").map(|state| match get("refund_amount") {
        Some(amount) => format!("{state} {amount}"),
        None => state,
    });
    let receiver = [&order.receiver.name, &order.receiver.phone, &order.receiver.address];
    let receiver: Vec<&str> = receiver.into_iter().flatten().map(String::as_str).collect();
    let receiver = (!receiver.is_empty()).then(|| receiver.join(" "));
    let rows = [
        ("number", get("number"), OrderValue::State),
        ("placed_at", get("placed_at"), OrderValue::PlacedAt),
        ("item", get("item"), OrderValue::Items),
        ("paid", get("paid"), OrderValue::Paid),
        ("state", Some(state.clone()), OrderValue::State),
        ("next", get("next_step"), OrderValue::State),
        ("until", until, OrderValue::State),
        ("unusual", unusual.clone(), OrderValue::State),
        ("carrier", get("carrier"), OrderValue::Parcel),
        ("tracking", get("tracking"), OrderValue::Parcel),
        ("last_event", last_event, OrderValue::Parcel),
        ("refund", refund, OrderValue::Refund),
        ("receiver", receiver, OrderValue::Receiver),
    ];
    let lines = rows.into_iter().filter_map(|(label, value, origin)| {
        Some(OrderLine {
            label: words.say(language, &format!("label.{label}")).to_owned(),
            value: value?,
            origin: origin_of(playbook, order, origin, language),
        })
    });
    let headline = [Some(state), unusual].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    OrderCard { language, headline, lines: lines.collect() }
}

fn unusual(playbook: &Playbook, what: crate::domain::Unusual, language: Language) -> String {
    let (key, length) = what.key();
    let value = length.map(|millis| playbook.words.duration(language, millis)).unwrap_or_default();
    playbook.words.fill(language, &format!("unusual.{key}"), &[("value", &value)])
}

fn origin_of(playbook: &Playbook, order: &OrderSummary, value: OrderValue, language: Language) -> String {
    let words = &playbook.words;
    let source = match order.origin(value).source {
        SourceKind::File => "file",
        SourceKind::Http => "http",
        SourceKind::Webhook => "webhook",
    };
    let minutes = order.age_of(value).max(0) / crate::domain::MINUTE;
    if minutes == 0 {
        return format!("{} · {}", words.say(language, &format!("source.{source}")), words.say(language, "ago.now"));
    }
    let (unit, n) = match minutes {
        0..60 => ("minutes", minutes),
        60..2880 => ("hours", minutes / 60),
        _ => ("days", minutes / 1440),
    };
    let ago = words.fill(language, &format!("ago.{unit}"), &[("n", &n.to_string())]);
    format!("{} · {ago}", words.say(language, &format!("source.{source}")))
}
