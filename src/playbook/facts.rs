//! A shop's facts: the few numbers and names that the base replies speak of.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::Diagnostic;
use super::keys;
use super::tree::{Node, SourceFile, Value};
use super::words::Words;
use crate::domain::{DAY, HOUR, Language, MINUTE, Money};

/// The facts the base pack speaks of, and how each is written. A shop may add its own as texts.
pub(super) const KNOWN: &[(&str, Kind)] = &[
    ("ship_within", Kind::Duration),
    ("ship_cutoff", Kind::Text),
    ("ships_from", Kind::Text),
    ("carriers", Kind::List),
    ("carrier_choice", Kind::Clause),
    ("free_shipping_from", Kind::Money),
    ("shipping_fee", Kind::Money),
    ("remote_areas", Kind::List),
    ("no_delivery", Kind::List),
    ("delivery_days", Kind::Days),
    ("return_days", Kind::Days),
    ("return_opened", Kind::Clause),
    ("return_fee.quality", Kind::Payer),
    ("return_fee.no_reason", Kind::Payer),
    ("freight_insurance", Kind::Clause),
    ("return_address", Kind::Text),
    ("warranty", Kind::Duration),
    ("price_protection", Kind::Duration),
    ("refund_within", Kind::Duration),
    ("stuck_after", Kind::Duration),
    ("invoice.kinds", Kind::List),
    ("invoice.within", Kind::Duration),
    ("gifts", Kind::Text),
    ("coupon_where", Kind::Text),
    ("payment_methods", Kind::List),
    ("instalments", Kind::Text),
    ("promotion", Kind::Text),
    ("points", Kind::Text),
    ("subsidy", Kind::Text),
    ("gift_wrap", Kind::Text),
    ("purchase_limit", Kind::Text),
    ("phone", Kind::Text),
    ("store_address", Kind::Text),
    ("self_pickup", Kind::Text),
    ("installation", Kind::Text),
    ("repair", Kind::Text),
    ("certificate", Kind::Text),
    ("shelf_life", Kind::Text),
    ("restock", Kind::Text),
    ("manual_where", Kind::Text),
    ("size_guide", Kind::Text),
    ("hold_at_most", Kind::Duration),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    List,
    Duration,
    Money,
    Days,
    /// true or false; said as a clause out of the words.
    Clause,
    /// shop or customer.
    Payer,
}

/// A text by language; one text alone serves all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local(BTreeMap<Option<Language>, String>);

impl Local {
    /// Reads `text` or `{zh: …, en: …}`.
    #[must_use]
    pub fn read(node: &Node) -> Option<Self> {
        let texts: BTreeMap<_, _> = match &node.value {
            Value::Text(text) => [(None, text.trim().to_owned())].into(),
            Value::Map(entries) => entries
                .iter()
                .filter_map(|(key, value)| Some((Some(Language::parse(&key.name)?), value.text()?.trim().to_owned())))
                .collect(),
            _ => return None,
        };
        (!texts.is_empty()).then_some(Self(texts))
    }

    /// The same text for every language.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self([(None, text.to_owned())].into())
    }

    /// The text in this language, else the one for all, else any.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        let found = self.0.get(&Some(language)).or_else(|| self.0.get(&None)).or_else(|| self.0.values().next());
        found.map(String::as_str).unwrap_or_default()
    }

    /// Every text.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

/// A length of time as it was written: `48h`, `15d`, `1y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    number: i64,
    unit: &'static str,
    millis: i64,
}

impl Length {
    /// Reads a number with `m`, `h`, `d`, `mo` or `y`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = text.trim()[..digits].parse().ok()?;
        let (unit, one) = match text.trim()[digits..].trim() {
            "m" | "min" => ("minute", MINUTE),
            "h" => ("hour", HOUR),
            "d" => ("day", DAY),
            "mo" => ("month", 30 * DAY),
            "y" => ("year", 365 * DAY),
            _ => return None,
        };
        Some(Self { number, unit, millis: number.checked_mul(one)? })
    }

    /// In milliseconds; months and years by 30 and 365 days.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.millis
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Text(Local),
    List(Vec<Local>),
    Duration(Length),
    Money(Money),
    Days(i64, Option<i64>),
    Clause(bool),
    Payer(String),
}

/// The facts that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    by_path: BTreeMap<String, Fact>,
    /// Facts of the shop's own that only some products or campaigns set.
    declared: BTreeSet<String>,
}

impl Facts {
    /// Reads a `facts:` section over those already known.
    pub(super) fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        self.read_under("", file, node, mistakes);
    }

    fn read_under(&mut self, above: &str, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (key, value) in node.entries() {
            let path = if above.is_empty() { key.name.clone() } else { format!("{above}.{}", key.name) };
            let is_group = KNOWN.iter().any(|(known, _)| known.starts_with(&format!("{path}.")));
            let kind = KNOWN.iter().find(|(known, _)| *known == path).map(|(_, kind)| *kind);
            match (&value.value, kind) {
                (Value::Nothing, _) => {}
                (Value::Map(_), None) if is_group => self.read_under(&path, file, value, mistakes),
                _ => match Fact::read(kind.unwrap_or(Kind::Text), value) {
                    Some(fact) => {
                        self.by_path.insert(path, fact);
                    }
                    None => mistakes.push(keys::bad_value(file, value, &path, kind.unwrap_or(Kind::Text).form())),
                },
            }
        }
    }

    /// Whether a reply may speak of such a fact: one of the base pack's, or one this shop has set.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        KNOWN.iter().any(|(known, _)| *known == path) || self.by_path.contains_key(path) || self.declared.contains(path)
    }

    /// Lets replies speak of what these facts set, without setting it.
    pub(super) fn declare(&mut self, others: &Self) {
        self.declared.extend(others.by_path.keys().cloned());
    }

    /// Whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// The names a reply may use, for "did you mean".
    #[must_use]
    pub fn known() -> Vec<String> {
        KNOWN.iter().map(|(name, _)| format!("facts.{name}")).collect()
    }

    /// Whether a fact is set.
    #[must_use]
    pub fn is_set(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// A fact in words. `None`: unset.
    #[must_use]
    pub fn say(&self, path: &str, language: Language, words: &Words) -> Option<String> {
        Some(match self.by_path.get(path)? {
            Fact::Text(text) => text.of(language).to_owned(),
            Fact::List(items) => words.list(language, &items.iter().map(|item| item.of(language)).collect::<Vec<_>>()),
            Fact::Duration(length) => words.count(language, length.number, length.unit),
            Fact::Money(amount) => words.money(language, *amount),
            Fact::Days(days, None) => words.count(language, *days, "day"),
            Fact::Days(from, Some(to)) => {
                words.fill(language, "days.range", &[("from", &from.to_string()), ("to", &to.to_string())])
            }
            Fact::Clause(value) => words.get(language, &format!("fact.{path}.{value}"))?.to_owned(),
            Fact::Payer(who) => words.get(language, &format!("fact.return_fee.{who}"))?.to_owned(),
        })
    }

    /// A fact that is a length of time, in milliseconds.
    #[must_use]
    pub fn millis(&self, path: &str) -> Option<i64> {
        match self.by_path.get(path)? {
            Fact::Duration(length) => Some(length.millis()),
            _ => None,
        }
    }
}

impl Fact {
    fn read(kind: Kind, node: &Node) -> Option<Self> {
        match kind {
            Kind::Text => Local::read(node).map(Self::Text),
            Kind::List => match &node.value {
                Value::List(items) => items.iter().map(Local::read).collect::<Option<_>>().map(Self::List),
                _ => Local::read(node).map(|one| Self::List(vec![one])),
            },
            Kind::Duration => Length::parse(node.text()?).map(Self::Duration),
            Kind::Money => money(node.text()?).map(Self::Money),
            Kind::Days => {
                let text = node.text()?.trim().trim_end_matches('d');
                match text.split_once('-') {
                    Some((from, to)) => Some(Self::Days(from.trim().parse().ok()?, Some(to.trim().parse().ok()?))),
                    None => Some(Self::Days(text.parse().ok()?, None)),
                }
            }
            Kind::Clause => node.text()?.parse().ok().map(Self::Clause),
            Kind::Payer => match node.text()? {
                who @ ("shop" | "customer") => Some(Self::Payer(who.to_owned())),
                _ => None,
            },
        }
    }
}

impl Kind {
    fn form(self) -> &'static str {
        match self {
            Self::Text => "text · {zh: …, en: …}",
            Self::List => "[a, b]",
            Self::Duration => "30m · 48h · 7d · 6mo · 1y",
            Self::Money => "59 · 59.90",
            Self::Days => "7 · 2-4",
            Self::Clause => "true · false",
            Self::Payer => "shop · customer",
        }
    }
}

/// Reads `59` or `59.90` as hundredths.
#[must_use]
pub fn money(text: &str) -> Option<Money> {
    let (whole, cents) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let cents = match cents.len() {
        0 => 0,
        1 => cents.parse::<i64>().ok()? * 10,
        2 => cents.parse().ok()?,
        _ => return None,
    };
    Some(Money(whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_and_wrong_ones_told() {
        let text = "ship_within: 48h\nfree_shipping_from: 59\nreturn_fee: {quality: shop, no_reason: nobody}\n\
                    delivery_days: 2-4\nships_from: {zh: 杭州, en: Hangzhou}\nship_cutoff: \"16:00\"\nwarranty: soon\nmotto: 匠心\n";
        let file = SourceFile::new("shop.yaml", text);
        let (mut facts, mut mistakes) = (Facts::default(), Vec::new());
        facts.read(&file, &file.parse().unwrap(), &mut mistakes);
        let told: Vec<_> = mistakes.iter().map(|mistake| (mistake.code, mistake.place.line)).collect();
        assert_eq!(told, [("bad-value", 3), ("bad-value", 7)]);
        assert_eq!(facts.millis("ship_within"), Some(48 * HOUR));
        assert_eq!(facts.say("ships_from", Language::En, &Words::default()).as_deref(), Some("Hangzhou"));
        assert!(facts.exists("motto") && facts.exists("gifts") && !facts.is_set("gifts") && !facts.exists("giftz"));
    }

    #[test]
    fn money_is_exact() {
        for (text, hundredths) in
            [("59", Some(5900)), ("59.9", Some(5990)), ("0.05", Some(5)), ("5.999", None), ("x", None)]
        {
            assert_eq!(money(text).map(|m| m.0), hundredths, "{text}");
        }
    }
}
