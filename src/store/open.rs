//! From an address to pools whose databases keep their word.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use super::dialect::Dialect;
use super::error::StoreError;
use super::link::Link;

/// How long a write waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept prepared; more than the store has.
const STATEMENTS: usize = 256;

/// Connections to one database.
#[derive(Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What a pool is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// One connection, which creates the file if need be.
    Write,
    /// A few, which can't change anything (SQLite holds them to it).
    Read,
}

/// An address, taken apart.
pub(super) enum Location {
    Sqlite(String),
    Postgres(Box<PgConnectOptions>),
}

impl Location {
    /// Reads `sqlite://PATH`, `sqlite:PATH` or `postgres://…`. The error doesn't repeat the address: it may hold a
    /// password.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            return match path {
                "" | ":memory:" => Err(StoreError::Refused("SQLite needs a file: sqlite://PATH".to_owned())),
                path => Ok(Self::Sqlite(path.to_owned())),
            };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| StoreError::Refused("the postgres:// address can't be read".to_owned()))?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err(StoreError::Refused("a database is sqlite://PATH or postgres://…".to_owned()))
    }

    /// A pool of this kind; connects at first use.
    pub(super) fn pool(&self, purpose: Use) -> Pool {
        let connections = if purpose == Use::Write { 1 } else { 4 };
        match self {
            Self::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .busy_timeout(BUSY_TIMEOUT)
                    .foreign_keys(true)
                    .synchronous(SqliteSynchronous::Full)
                    .statement_cache_capacity(STATEMENTS);
                let options = match purpose {
                    Use::Write => options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal),
                    Use::Read => options.read_only(true),
                };
                Pool::Sqlite(
                    SqlitePoolOptions::new()
                        .max_connections(connections)
                        .acquire_timeout(ACQUIRE_TIMEOUT)
                        .idle_timeout(None)
                        .max_lifetime(None)
                        .test_before_acquire(false)
                        .connect_lazy_with(options),
                )
            }
            Self::Postgres(options) => {
                // A node that froze within a transaction must not hold the others up for long.
                let options = options
                    .as_ref()
                    .clone()
                    .statement_cache_capacity(STATEMENTS)
                    .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "10s")]);
                let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
                Pool::Postgres(pool.connect_lazy_with(options))
            }
        }
    }
}

impl Pool {
    /// Borrows a connection.
    pub(super) async fn link(&self) -> Result<Link, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Link::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        })
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Refuses a database that would lose what it has committed.
pub(super) async fn check_promises(link: &mut Link) -> Result<(), StoreError> {
    if link.dialect() == Dialect::Sqlite {
        let row = link.row("SELECT sqlite_version() AS answer", &[]).await?;
        let version: String = row.map_or(Ok(String::new()), |row| row.get("answer"))?;
        if !is_recent(&version) {
            return Err(StoreError::Refused(format!("SQLite {version} is older than 3.51.3, whose log is safe")));
        }
    }
    for (question, answers, demand) in link.dialect().promises() {
        let row = link.row(question, &[]).await?;
        let answer: String = row.map_or(Ok(String::new()), |row| row.get("answer"))?;
        if !answers.contains(&answer.as_str()) {
            return Err(StoreError::Refused(format!("{demand}, but is {answer}: a committed message could be lost")));
        }
    }
    Ok(())
}

fn is_recent(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    numbers.len() >= 3 && numbers.as_slice() >= Dialect::OLDEST_SQLITE.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["sqlite://data/x.db", "sqlite:x.db", "sqlite:///var/x.db", "postgres://u:p@h/db"] {
            assert!(Location::parse(good).is_ok(), "{good} is an address");
        }
        for bad in ["", "sqlite://", "sqlite::memory:", "mysql://h/db", "postgres://u:hunter2@h:port/db"] {
            let error = Location::parse(bad).err().map(|error| error.to_string());
            assert!(error.as_ref().is_some_and(|text| !text.contains("hunter2")), "{bad} gave {error:?}");
        }
    }

    #[test]
    fn old_sqlite_is_refused() {
        for (version, recent) in [("3.51.3", true), ("3.52.0", true), ("4.0.0", true), ("3.51.2", false), ("", false)] {
            assert_eq!(is_recent(version), recent, "{version}");
        }
    }
}
