//! Intents and replies that stand inside another file: a campaign's, a product's.

use super::diagnostic::{Bilingual, Diagnostic, nearest};
use super::facts::Facts;
use super::intent::{self, Intents};
use super::keys;
use super::reply::{self, ReplyBook};
use super::tree::{Key, Node, SourceFile};
use crate::domain::IntentId;

/// What a section is read with.
pub(super) struct Section<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) level: u8,
    /// What replies may speak of.
    pub(super) facts: &'a Facts,
    /// The intents there are.
    pub(super) known: &'a Intents,
    pub(super) mistakes: &'a mut Vec<Diagnostic>,
}

impl Section<'_> {
    /// `intents:` with intents by id, each as in a file of its own.
    pub(super) fn read_intents(&mut self, intents: &mut Intents, node: &Node) {
        for (key, value) in node.entries() {
            let mut reading = intent::Reading { file: self.file, level: self.level, mistakes: self.mistakes };
            reading.read(intents, &IntentId::from(key.name.as_str()), value, Some(key));
        }
    }

    /// `replies:` with words by intent, each as in a file of its own.
    pub(super) fn read_replies(&mut self, book: &mut ReplyBook, node: &Node) {
        for (key, value) in node.entries() {
            let id = IntentId::from(key.name.as_str());
            if !self.known.contains_key(&id) && id.area() != "system" {
                self.mistakes.push(self.unknown(key));
                continue;
            }
            let mut reading = reply::Reading { file: self.file, facts: self.facts, mistakes: self.mistakes };
            reading.read(book, &id, value);
        }
    }

    fn unknown(&self, key: &Key) -> Diagnostic {
        let name = &key.name;
        let place = self.file.place(key.line, key.column, name.chars().count());
        let message = Bilingual::new(format!("没有 {name} 这个意图"), format!("there is no intent {name}"));
        let mistake = Diagnostic::error("unknown-intent", place, message);
        let near = nearest(name, self.known.keys().map(IntentId::as_str));
        keys::with_line(
            self.file,
            match near {
                Some(near) => {
                    mistake.with_help(Bilingual::new(format!("是不是 {near}？"), format!("did you mean {near}?")))
                }
                None => mistake,
            },
        )
    }
}
