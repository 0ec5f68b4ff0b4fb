//! The small words that values are made of (`replies/words.yaml`): states, units, separators. No wording stands in the code.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::keys;
use super::tree::{Node, SourceFile};
use crate::domain::{At, DAY, HOUR, Language, MINUTE, Money};

/// The words by language and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    by_language: BTreeMap<Language, BTreeMap<String, String>>,
}

impl Words {
    /// Reads `replies/words.yaml`; a later layer's words replace those of the same key.
    pub(super) fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (language, _, words) in keys::known(file, node, &["zh", "en"], mistakes) {
            let Some(language) = Language::parse(language) else { continue };
            let known = self.by_language.entry(language).or_default();
            for (key, value) in words.entries() {
                known.insert(key.name.clone(), value.text().unwrap_or_default().to_owned());
            }
        }
    }

    /// The words under a key.
    #[must_use]
    pub fn get(&self, language: Language, key: &str) -> Option<&str> {
        self.by_language.get(&language)?.get(key).map(String::as_str)
    }

    /// The words under a key; the key itself where there are none, so that a gap is seen and not swallowed.
    #[must_use]
    pub fn say<'w>(&'w self, language: Language, key: &'w str) -> &'w str {
        self.get(language, key).unwrap_or(key)
    }

    /// The words under a key with `{name}`s filled in.
    #[must_use]
    pub fn fill(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.say(language, key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Several things in a row.
    #[must_use]
    pub fn list<S: AsRef<str>>(&self, language: Language, items: &[S]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(self.say(language, "list.separator"))
    }

    /// A number with its unit: `hour`, `day`, `month`, `year`, `minute`.
    #[must_use]
    pub fn count(&self, language: Language, number: i64, unit: &str) -> String {
        let plural = if number == 1 { String::new() } else { "s".to_owned() };
        format!("{number}{}", self.say(language, &format!("unit.{unit}{plural}")))
    }

    /// A length of time, in milliseconds, rounded to what people say.
    #[must_use]
    pub fn duration(&self, language: Language, millis: i64) -> String {
        let millis = millis.max(0);
        match millis {
            0..HOUR => self.count(language, (millis / MINUTE).max(1), "minute"),
            HOUR..=TWO_DAYS => self.count(language, millis / HOUR, "hour"),
            _ => self.count(language, millis / DAY, "day"),
        }
    }

    /// A sum.
    #[must_use]
    pub fn money(&self, language: Language, amount: Money) -> String {
        self.fill(language, "money", &[("amount", &amount.to_string())])
    }

    /// A day and time in the shop's zone.
    #[must_use]
    pub fn date_time(&self, language: Language, at: At, zone: &jiff::tz::TimeZone) -> String {
        self.date_in(language, "date_time", at, zone)
    }

    /// A day in the shop's zone.
    #[must_use]
    pub fn date(&self, language: Language, at: At, zone: &jiff::tz::TimeZone) -> String {
        self.date_in(language, "date", at, zone)
    }

    fn date_in(&self, language: Language, key: &str, at: At, zone: &jiff::tz::TimeZone) -> String {
        let format = self.get(language, key).unwrap_or("%Y-%m-%d %H:%M");
        let when = at.timestamp().to_zoned(zone.clone());
        jiff::fmt::strtime::format(format, &when).unwrap_or_else(|_| when.date().to_string())
    }
}

const TWO_DAYS: i64 = 2 * DAY;
