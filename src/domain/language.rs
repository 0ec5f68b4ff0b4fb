//! The languages a shop can speak.

use serde::{Deserialize, Serialize};

/// A language that scripts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order of the files' keys.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The key in the files: `zh` or `en`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Reads a file's key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.key() == key)
    }
}
