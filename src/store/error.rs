//! What can go wrong in the store.

use std::sync::Arc;

use crate::domain::{Phase, PrincipalId};

/// Why the store did not do what was asked. Not found is an `Option`, never an error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much waits to be written; nothing was stored, try again shortly.
    #[error("the store's queue is full")]
    Busy,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A conversation can't go that way; nothing was changed.
    #[error("a conversation can't go from {} to {}", from.key(), to.key())]
    IllegalMove {
        /// Where it is.
        from: Phase,
        /// Where it was to go.
        to: Phase,
    },
    /// Another person holds the conversation; nothing was changed.
    #[error("somebody else holds this conversation")]
    Held(PrincipalId),
    /// The database at this address can't keep what the service promises, or isn't one of ours.
    #[error("{0}")]
    Refused(String),
    /// The database failed. Whether a commit was reached is unknown if the connection broke during it.
    #[error("the database failed")]
    Database(#[source] Arc<sqlx::Error>),
    /// A stored value isn't what its column promises.
    #[error("column {column} holds something unreadable: {why}")]
    Unreadable {
        /// Which.
        column: String,
        /// What is wrong with it.
        why: String,
    },
    /// A value can't be written as JSON.
    #[error("not to be written as JSON: {0}")]
    Json(#[source] Arc<serde_json::Error>),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(Arc::new(error))
    }
}

impl StoreError {
    /// Whether the whole transaction is lost with this error, and a second try may well succeed:
    /// a deadlock, a serialization failure, a lock waited for too long, a broken connection.
    pub(super) fn loses_the_transaction(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error.as_ref() {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| is_transient(&code)),
            _ => false,
        }
    }
}

/// SQLSTATEs of PostgreSQL, and result codes of SQLite with their extended forms.
fn is_transient(code: &str) -> bool {
    match code.parse::<i64>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6),
        _ => matches!(code, "40001" | "40P01" | "55P03") || code.starts_with("08") || code.starts_with("57P"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_transient;

    #[test]
    fn what_is_tried_again() {
        for code in ["40001", "40P01", "55P03", "08006", "57P01", "5", "6", "517", "261"] {
            assert!(is_transient(code), "{code} is worth a second try");
        }
        for code in ["23505", "22021", "42601", "19", "2067", "13"] {
            assert!(!is_transient(code), "{code} fails the same way again");
        }
    }
}
