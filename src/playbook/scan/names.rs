//! Which keys there are, where in a file each belongs, and what each holds.

use super::super::keys::english;
use crate::domain::Situation;

/// What a file is for, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Intent,
    Reply,
    /// `replies/system/…`: situations of other names too.
    System,
    Other,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// One phrase or veto a line.
    Lines,
    /// One whole message a line; the same words typed in another way are another one.
    Messages,
    /// What is said to customers.
    Words,
    /// What agents are offered, parted by `---`.
    Scripts,
    Anything,
}

impl Wants {
    pub(super) fn is_block(self) -> bool {
        self != Self::Anything
    }

    /// Whether its text has variables in it.
    pub(super) fn is_template(self) -> bool {
        matches!(self, Self::Words | Self::Scripts)
    }
}

/// How far in a key belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// Not indented.
    Top,
    /// Below a language.
    Wording,
}

const LANGUAGES: &[&str] = &["zh", "en"];
const WORDING: &[&str] = &["phrases", "whole", "together", "unless", "examples", "should_match", "should_not_match"];
const MESSAGES: &[&str] = &["examples", "should_match", "should_not_match"];
const OF_INTENTS: &[&str] = &["means", "answer", "hand_off_to", "urgency", "needs", "gather", "off"];
const OF_REPLIES: &[&str] = &["title", "category"];

impl Kind {
    pub(super) fn of(path: &str) -> Self {
        match path.split_once('/') {
            Some(("intents", _)) => Self::Intent,
            Some(("replies", rest)) if rest.starts_with("system/") => Self::System,
            Some(("replies", rest)) if !rest.starts_with("words.") => Self::Reply,
            _ => Self::Other,
        }
    }

    /// Where a key belongs in files of this kind. `None`: it is not known, or may stand in several places.
    pub(super) fn home(self, key: &str) -> Option<Home> {
        let own = match self {
            Self::Intent => OF_INTENTS,
            Self::Reply | Self::System => OF_REPLIES,
            Self::Other => return None,
        };
        if LANGUAGES.contains(&key) || own.contains(&key) {
            return Some(Home::Top);
        }
        self.is_wording(key).then_some(Home::Wording)
    }

    /// Whether a key stands below a language and holds a block.
    pub(super) fn is_wording(self, key: &str) -> bool {
        match self {
            Self::Intent => WORDING.contains(&english(key)),
            Self::Reply | Self::System => key == "suggest" || is_situation(key),
            Self::Other => WORDING.contains(&english(key)) || key == "suggest" || is_situation(key),
        }
    }

    /// What a key holds, by the key above it.
    pub(super) fn wants(self, above: Option<&str>, key: &str) -> Wants {
        if self == Self::Intent && key == "remove" {
            return Wants::Messages;
        }
        if !above.is_some_and(|above| LANGUAGES.contains(&above)) {
            return Wants::Anything;
        }
        match self {
            Self::Reply | Self::System if key == "remove" => Wants::Messages,
            Self::Intent | Self::Other if MESSAGES.contains(&english(key)) => Wants::Messages,
            Self::Intent | Self::Other if WORDING.contains(&english(key)) => Wants::Lines,
            Self::Reply | Self::System | Self::Other if key == "suggest" => Wants::Scripts,
            Self::Reply | Self::Other if is_situation(key) => Wants::Words,
            Self::System => Wants::Words,
            _ => Wants::Anything,
        }
    }

    /// Whether a line of a block that reads `key: value` is a key of the file's first level that slipped into it.
    pub(super) fn is_own_line(self, key: &str, value: &str) -> bool {
        let plain = !value.is_empty() && value.bytes().all(|c| c.is_ascii_lowercase() || b"_[], ".contains(&c));
        self == Self::Intent && (key == "means" || plain && OF_INTENTS.contains(&key))
    }
}

/// A language's key.
pub(super) fn is_language(key: &str) -> bool {
    LANGUAGES.contains(&key)
}

fn is_situation(key: &str) -> bool {
    Situation::parse(key.split_once('.').map_or(key, |(situation, _)| situation)).is_some()
}
