//! The script library at an agent's fingertips: everything that may be said, found by a few letters.
//!
//! 发货时间 is found by 发货, fhsj, fahuo, fahsj and 时间 发货; "Refund status" by rs, refund st, refnud. Built once for a
//! playbook; what people keep for themselves is prepared once too ([`Phrases`]) and searched with it.

mod key;
mod matching;
mod spelling;

use crate::domain::{IntentId, Language, Situation};
use crate::playbook::Playbook;
use crate::playbook::reply::Replies;
use crate::playbook::template::Template;

use super::passive::Parts;
use key::Key;
use matching::{How, Query};

pub(super) use key::closed_up;

/// One script of the shop's.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `intent#language#place`, where the place is a situation (`shipped`) or the number of a script for agents
    /// (`suggest.1`, from 1). The same as long as the file keeps its order.
    pub id: String,
    /// What it is about.
    pub intent: IntentId,
    /// What agents call it.
    pub title: String,
    /// Its folder in the library; may be empty.
    pub category: String,
    /// Its words.
    pub text: Template,
    /// In which language.
    pub language: Language,
}

/// A phrase of a person's or a team's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub title: String,
    /// Its words.
    pub text: String,
}

/// Phrases, prepared for searching.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    phrases: Vec<(Phrase, Key)>,
}

impl Phrases {
    /// Prepares them; they keep their order.
    #[must_use]
    pub fn of(phrases: impl IntoIterator<Item = Phrase>) -> Self {
        let keyed = phrases.into_iter().map(|phrase| {
            let key = Key::of(&phrase.title, &phrase.text);
            (phrase, key)
        });
        Self { phrases: keyed.collect() }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum Found<'l> {
    /// A script of the shop's.
    Script(&'l Entry),
    /// A phrase of a person's or a team's own.
    Own(&'l Phrase),
}

impl<'l> Found<'l> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'l str {
        match self {
            Self::Script(entry) => &entry.id,
            Self::Own(phrase) => &phrase.id,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'l str {
        match self {
            Self::Script(entry) => &entry.title,
            Self::Own(phrase) => &phrase.title,
        }
    }
}

/// A script that was found, and by which characters of its title.
#[derive(Clone, Debug)]
pub struct Hit<'l> {
    /// What was found.
    pub found: Found<'l>,
    /// Stretches of the title, from and to, in UTF-16 units; none where the text was found.
    pub hits: Vec<(usize, usize)>,
}

/// The shop's scripts, prepared for searching.
#[derive(Clone, Debug, Default)]
pub struct Library {
    pub(super) entries: Vec<Kept>,
}

/// A script with what it is found and known by.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) entry: Entry,
    key: Key,
    pub(super) parts: Parts,
}

impl Kept {
    fn of(entry: Entry) -> Self {
        let text = |gap: &str| entry.text.fill_known(&mut |_| Some(gap.to_owned()));
        Self { key: Key::of(&entry.title, &text(" ")), parts: Parts::of(&text("{}")), entry }
    }
}

impl Library {
    /// All that agents and the bot may say of every intent; the system's own words are none of it.
    #[must_use]
    pub fn of(playbook: &Playbook) -> Self {
        let mut entries = Vec::new();
        for (intent, replies) in playbook.replies.iter().filter(|(intent, _)| intent.area() != "system") {
            for language in &playbook.settings.languages {
                of_intent(playbook, intent, replies, *language, &mut entries);
            }
        }
        // What says most without knowing anything comes first where nothing else decides.
        entries.sort_by_key(|entry: &Entry| (entry.text.variables().count() > 0, !entry.intent.is_talk()));
        Self { entries: entries.into_iter().map(Kept::of).collect() }
    }

    /// Every script, the most general first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|kept| &kept.entry)
    }

    /// A script by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries().find(|entry| entry.id == id)
    }

    /// The scripts of a language that a query finds, the best first, `most` of them.
    #[must_use]
    pub fn search(&self, query: &str, language: Language, most: usize) -> Vec<Hit<'_>> {
        self.found(&[], query, language, most)
    }

    /// The same together with phrases of people's own, which come first among equals. Nothing typed: these, then the most
    /// general scripts.
    #[must_use]
    pub fn search_among<'l>(&'l self, own: &'l Phrases, query: &str, language: Language, most: usize) -> Vec<Hit<'l>> {
        self.found(&own.phrases, query, language, most)
    }

    fn found<'l>(&'l self, own: &'l [(Phrase, Key)], query: &str, language: Language, most: usize) -> Vec<Hit<'l>> {
        let own = own.iter().map(|(phrase, key)| (Found::Own(phrase), key));
        let scripts = self.entries.iter().filter(|kept| kept.entry.language == language);
        let all = own.chain(scripts.map(|kept| (Found::Script(&kept.entry), &kept.key)));
        let Some(query) = Query::of(query) else {
            return all.take(most).map(|(found, _)| Hit { found, hits: Vec::new() }).collect();
        };
        let mut ranked: Vec<(How, usize, usize, usize, Hit<'l>)> = Vec::new();
        for (place, (found, key)) in all.enumerate() {
            if let Some(matched) = query.find(key) {
                let hit = Hit { found, hits: key.shown(&matched.hits) };
                ranked.push((matched.how, matched.from, key.units.len(), place, hit));
            }
        }
        ranked.sort_by_key(|(how, from, length, place, _)| (*how, *from, *length, *place));
        ranked.into_iter().take(most).map(|(.., hit)| hit).collect()
    }
}

fn of_intent(playbook: &Playbook, intent: &IntentId, replies: &Replies, language: Language, entries: &mut Vec<Entry>) {
    let local = |text: &Option<crate::playbook::facts::Local>| text.as_ref().map(|text| text.of(language).to_owned());
    let name = local(&replies.title).unwrap_or_else(|| intent.to_string());
    let category = local(&replies.category).unwrap_or_default();
    let mut add = |place: String, title: String, text: &Template| {
        let id = format!("{intent}#{}#{place}", language.key());
        let (intent, category, text) = (intent.clone(), category.clone(), text.clone());
        entries.push(Entry { id, intent, title, category, text, language });
    };
    for (number, script) in (1..).zip(replies.suggest(language)) {
        add(format!("suggest.{number}"), script.title.clone().unwrap_or_else(|| name.clone()), &script.text);
    }
    let situations: Vec<Situation> = replies.situations(language).collect();
    for situation in situations {
        if let Some(words) = replies.find(language, situation, &playbook.settings.tone) {
            let state = playbook.words.get(language, &format!("state.{}", situation.key()));
            let title = state.map_or_else(|| name.clone(), |state| format!("{name} · {state}"));
            add(situation.key().to_owned(), title, words.template);
        }
    }
}

#[cfg(test)]
mod tests;
