//! What people say of the bot's work afterwards.

use serde::{Deserialize, Serialize};

/// How an answer of the bot's was, in the eyes of whoever read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It answered what was asked, truly.
    Right,
    /// It did not.
    Wrong,
}

/// Why an episode counts in no rate. It is listed all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// No customer wrote it.
    Spam,
    /// The shop tried its bot.
    Test,
    /// A person of the shop wrote first.
    AgentBegan,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: &[Self] = &[Self::Spam, Self::Test, Self::AgentBegan];

    /// The word in tables, reports and the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Test => "test",
            Self::AgentBegan => "agent_began",
        }
    }
}
