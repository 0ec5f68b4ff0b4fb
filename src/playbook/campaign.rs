//! `campaigns/<name>.yaml`: facts, words and phrases that come and go by themselves.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Playbook;
use super::diagnostic::{Bilingual, Diagnostic};
use super::facts::Local;
use super::intent;
use super::keys;
use super::section::Section;
use super::tree::{Node, SourceFile};
use crate::domain::At;

pub(super) const KEYS: &[&str] = &["title", "from", "to", "facts", "intents", "replies"];

/// One campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The file's name.
    pub name: String,
    /// What managers call it.
    pub title: Option<Local>,
    /// Its first moment.
    pub from: At,
    /// The first moment after it.
    pub to: At,
    file: Arc<SourceFile>,
    tree: Arc<Node>,
}

impl Campaign {
    /// Reads when it is; the words are read over the playbook's in [`Campaign::join`].
    pub(super) fn read(
        name: &str,
        zone: &TimeZone,
        file: &SourceFile,
        tree: &Node,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let (mut title, mut from, mut to) = (None, None, None);
        for (key, _, value) in keys::known(file, tree, KEYS, mistakes) {
            match key {
                "title" => title = Local::read(value),
                "from" | "to" => {
                    let at =
                        value.text().and_then(|text| if key == "from" { start(text, zone) } else { end(text, zone) });
                    if at.is_none() {
                        mistakes.push(keys::bad_value(file, value, key, "2026-11-01 · 2026-11-01 20:00"));
                    }
                    *(if key == "from" { &mut from } else { &mut to }) = at.map(|at| (at, value));
                }
                _ => {}
            }
        }
        let (Some((from, _)), Some((to, last))) = (from, to) else {
            if tree.get("from").is_none() || tree.get("to").is_none() {
                let message = Bilingual::new(
                    "缺少 from 或 to：活动从什么时候到什么时候",
                    "`from` or `to` is missing: when does the campaign begin and end?",
                );
                mistakes.push(Diagnostic::error("missing-key", file.place(1, 0, 0), message));
            }
            return None;
        };
        if to <= from {
            let place = file.place(last.line, last.column, last.text().map_or(1, |text| text.chars().count()));
            let message = Bilingual::new("活动还没开始就结束了", "the campaign ends before it begins");
            mistakes.push(keys::with_line(file, Diagnostic::error("bad-value", place, message)));
            return None;
        }
        let (file, tree) = (Arc::new(file.clone()), Arc::new(tree.clone()));
        Some(Self { name: name.to_owned(), title, from, to, file, tree })
    }

    /// Whether it runs at a time.
    #[must_use]
    pub fn runs(&self, now: At) -> bool {
        self.from <= now && now < self.to
    }

    /// Puts its facts and words over a playbook's.
    pub(super) fn join(&self, playbook: &mut Playbook, level: u8, mistakes: &mut Vec<Diagnostic>) {
        let file = &self.file;
        if let Some(facts) = self.tree.get("facts") {
            playbook.facts.read(file, facts, mistakes);
        }
        if let Some(intents) = self.tree.get("intents") {
            let known = playbook.intents.clone();
            let mut section = Section { file, level, facts: &playbook.facts, known: &known, mistakes };
            let changed = Arc::make_mut(&mut playbook.intents);
            section.read_intents(changed, intents);
            intent::settle(changed);
            playbook.digest.add(level, file);
        }
        if let Some(replies) = self.tree.get("replies") {
            let known = playbook.intents.clone();
            let mut section = Section { file, level, facts: &playbook.facts, known: &known, mistakes };
            section.read_replies(Arc::make_mut(&mut playbook.replies), replies);
        }
    }
}

/// `2026-11-01` begins with the day.
fn start(text: &str, zone: &TimeZone) -> Option<At> {
    match text.trim().parse::<Date>() {
        Ok(date) if is_a_date(text) => at(date.to_datetime(jiff::civil::Time::midnight()), zone),
        _ => at(text.trim().parse().ok()?, zone),
    }
}

/// `2026-11-11` ends with the day.
fn end(text: &str, zone: &TimeZone) -> Option<At> {
    match text.trim().parse::<Date>() {
        Ok(date) if is_a_date(text) => start(&date.tomorrow().ok()?.to_string(), zone),
        _ => at(text.trim().parse().ok()?, zone),
    }
}

/// A parser of dates takes a date with a time as well.
fn is_a_date(text: &str) -> bool {
    text.trim().len() == "2026-11-01".len()
}

fn at(time: DateTime, zone: &TimeZone) -> Option<At> {
    Some(zone.to_ambiguous_zoned(time).compatible().ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DAY, HOUR};

    #[test]
    fn days_and_hours_are_of_the_shop() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let midnight = start("2026-11-11", &zone).unwrap();
        assert_eq!(midnight.timestamp().to_string(), "2026-11-10T16:00:00Z");
        assert_eq!(end("2026-11-11", &zone), Some(midnight.plus(DAY)));
        for text in ["2026-11-11 20:00", "2026-11-11T20:00", "2026-11-11 20:00:00"] {
            assert_eq!(start(text, &zone), Some(midnight.plus(20 * HOUR)), "{text}");
            assert_eq!(end(text, &zone), start(text, &zone));
        }
        assert_eq!((start("11.11", &zone), end("tomorrow", &zone)), (None, None));
    }
}
