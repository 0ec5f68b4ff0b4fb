//! The few words in which the two databases differ. Every statement is written once, with these placeholders.

use std::borrow::Cow;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// Placeholder, SQLite, PostgreSQL.
///
/// SQLite has one writer at a time (`BEGIN IMMEDIATE`), so its rows need no locks and its events are numbered in the
/// order of their commits. PostgreSQL has several: rows are locked, workers skip what others hold, and an event is
/// shown once no older transaction runs any more.
const WORDS: &[(&str, &str, &str)] = &[
    ("{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    ("{{transaction}}", "0", "(pg_current_xact_id()::text::bigint)"),
    ("{{settled}}", "1 = 1", "tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
    ("{{lock c}}", "", "FOR UPDATE OF c"),
    ("{{lock o, c}}", "", "FOR UPDATE OF o, c"),
    ("{{skip c}}", "", "FOR UPDATE OF c SKIP LOCKED"),
    ("{{skip o, c}}", "", "FOR UPDATE OF o, c SKIP LOCKED"),
    // An event's body with another time, and with $1 before the ids in it that its reader follows.
    (
        "{{earlier by $2}}",
        "json_set(REPLACE(REPLACE(REPLACE(body, '\"turn\":\"', '\"turn\":\"' || $1), '\"episode\":\"', '\"episode\":\"' || $1), \
         '\"customer\":\"', '\"customer\":\"' || $1), '$.at', at - $2)",
        "jsonb_set(REPLACE(REPLACE(REPLACE(body, '\"turn\":\"', '\"turn\":\"' || $1), '\"episode\":\"', '\"episode\":\"' || $1), \
         '\"customer\":\"', '\"customer\":\"' || $1)::jsonb, '{at}', to_jsonb(at - $2))::text",
    ),
    ("{{tab}}", "CHAR(9)", "CHR(9)"),
    ("{{newline}}", "CHAR(10)", "CHR(10)"),
    ("{{listed $2}}", "SELECT value FROM json_each($2)", "SELECT jsonb_array_elements_text($2::jsonb)"),
];

impl Dialect {
    /// The statement in this database's words.
    pub(super) fn say(self, sql: &'static str) -> Cow<'static, str> {
        if !sql.contains("{{") {
            return Cow::Borrowed(sql);
        }
        let text = WORDS.iter().fold(sql.to_owned(), |text, (placeholder, sqlite, postgres)| {
            text.replace(
                placeholder,
                match self {
                    Self::Sqlite => sqlite,
                    Self::Postgres => postgres,
                },
            )
        });
        Cow::Owned(text)
    }

    /// Begins a transaction that will write. SQLite takes its write lock at once: a later upgrade could fail.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Keeps other nodes from migrating at the same time, until the transaction ends.
    pub(super) fn lock_migrations(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT 1",
            Self::Postgres => "SELECT pg_advisory_xact_lock(8787)",
        }
    }

    /// Whether a table of this name ($1) is there.
    pub(super) fn has_table(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
            Self::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1",
        }
    }

    /// What must hold at open, so that a commit outlives a power cut: (how to ask, what may be answered, in words).
    pub(super) fn promises(self) -> &'static [(&'static str, &'static [&'static str], &'static str)] {
        match self {
            Self::Sqlite => &[
                ("SELECT journal_mode AS answer FROM pragma_journal_mode", &["wal"], "journal_mode must be WAL"),
                (
                    "SELECT CAST(synchronous AS TEXT) AS answer FROM pragma_synchronous",
                    &["2", "3"],
                    "synchronous must be FULL",
                ),
                (
                    "SELECT CAST(foreign_keys AS TEXT) AS answer FROM pragma_foreign_keys",
                    &["1"],
                    "foreign_keys must be on",
                ),
            ],
            Self::Postgres => &[
                ("SELECT current_setting('fsync') AS answer", &["on"], "fsync must be on"),
                (
                    "SELECT current_setting('synchronous_commit') AS answer",
                    &["on", "remote_apply", "remote_write", "local"],
                    "synchronous_commit must not be off",
                ),
            ],
        }
    }

    /// The oldest SQLite whose write-ahead log is known to lose nothing.
    pub(super) const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_spoken() {
        let all = "{{earlier by $2}} {{tab}} {{newline}} {{listed $2}} {{serial}} {{transaction}} {{settled}} {{lock c}} {{lock o, c}} {{skip c}} {{skip o, c}}";
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            assert!(!dialect.say(all).contains("{{"), "{dialect:?} left a placeholder standing");
            assert!(matches!(dialect.say("SELECT 1"), Cow::Borrowed(_)));
        }
    }
}
