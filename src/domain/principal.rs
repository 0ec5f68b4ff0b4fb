//! What a person or a service may do in a shop.

use serde::{Deserialize, Serialize};

/// A role in one shop; each may do what the one before may, except `service`, which is for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Talks with customers.
    Agent,
    /// Looks after agents: higher limits, any chat.
    Lead,
    /// Edits the playbook, sets modes, gives out roles.
    Manager,
    /// A program that calls the API.
    Service,
}

impl Role {
    /// Whether this one may do what `other` may.
    #[must_use]
    pub fn is_at_least(self, other: Self) -> bool {
        let rank = |role| match role {
            Self::Agent => 0,
            Self::Lead => 1,
            Self::Manager | Self::Service => 2,
        };
        rank(self) >= rank(other)
    }

    /// The word in tables and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Lead => "lead",
            Self::Manager => "manager",
            Self::Service => "service",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Agent, Self::Lead, Self::Manager, Self::Service].into_iter().find(|role| role.key() == key)
    }
}
