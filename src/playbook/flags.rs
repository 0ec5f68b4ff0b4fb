//! The `flags:` part of `shop.yaml`: what the shop means by the colours that a chat can be marked with.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::facts::Local;
use super::keys;
use super::tree::{Node, SourceFile};

/// Its keys.
pub(super) const KEYS: [&str; 6] = ["red", "orange", "yellow", "green", "blue", "purple"];

/// A colour that a chat can be marked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// `red`
    Red,
    /// `orange`
    Orange,
    /// `yellow`
    Yellow,
    /// `green`
    Green,
    /// `blue`
    Blue,
    /// `purple`
    Purple,
}

/// The colours that a shop uses, with the name it gives each.
pub type Flags = BTreeMap<Flag, Local>;

impl Flag {
    /// Every colour, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Red, Self::Orange, Self::Yellow, Self::Green, Self::Blue, Self::Purple];

    /// The word in files, tables and the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        KEYS[self as usize]
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.key() == key)
    }
}

/// Reads the section over what the layers below say; what is wrong in it is told.
pub(super) fn read(flags: &mut Flags, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
    for (colour, value) in node.entries() {
        match (Flag::parse(&colour.name), Local::read(value)) {
            (None, _) => mistakes.push(keys::unknown(file, colour, &KEYS)),
            (Some(flag), Some(name)) if name.all().all(|text| !text.is_empty()) => {
                flags.insert(flag, name);
            }
            (Some(_), _) => mistakes.push(keys::bad_value(file, value, &colour.name, "text · {zh: …, en: …}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn colours_have_names_and_others_are_told() {
        let text = "red: 加急\nblue: {zh: 改地址, en: New address}\npink: 粉\ngreen:\n";
        let file = SourceFile::new("shop.yaml", text);
        let (mut flags, mut mistakes) = (Flags::new(), Vec::new());
        read(&mut flags, &file, &file.parse().unwrap(), &mut mistakes);
        let named: Vec<_> = flags.iter().map(|(flag, name)| (flag.key(), name.of(Language::En))).collect();
        assert_eq!(named, [("red", "加急"), ("blue", "New address")]);
        let told: Vec<_> = mistakes.iter().map(|mistake| (mistake.code, mistake.place.line)).collect();
        assert_eq!(told, [("unknown-key", 3), ("bad-value", 4)]);
        assert!(Flag::ALL.into_iter().all(|flag| Flag::parse(flag.key()) == Some(flag)));
    }
}
