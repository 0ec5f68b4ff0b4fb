//! One connection to either database: a statement is written once and its values and rows look the same.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Decode, Postgres, Row as _, Sqlite, Type};

use super::dialect::Dialect;
use super::error::StoreError;
use crate::domain::{
    At, ChannelName, ConversationId, CustomerId, EpisodeId, ExternalId, MessageId, NodeId, OrderNumber, PhraseId,
    PlaybookHash, PrincipalId, PromiseId, QueueName, ReplyKey, ShopId, TurnId,
};

/// A connection lent by a pool.
pub(super) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A value bound to `$n`. Each kind has its own null, because PostgreSQL wants to know a null's type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'q> {
    Text(Option<&'q str>),
    Int(Option<i64>),
    Bool(Option<bool>),
}

/// A row that came back.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// PostgreSQL refuses NUL in text; a customer's stray one must not cost the message.
fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

macro_rules! bound {
    ($sql:expr, $values:expr) => {
        $values.iter().fold(sqlx::query(AssertSqlSafe($sql)), |query, value| match value {
            Value::Text(text) => query.bind(text.map(clean)),
            Value::Int(number) => query.bind(*number),
            Value::Bool(flag) => query.bind(*flag),
        })
    };
}

impl Link {
    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let sql = self.dialect().say(sql);
        Ok(match self {
            Self::Sqlite(connection) => bound!(sql, values).execute(&mut **connection).await?.rows_affected(),
            Self::Postgres(connection) => bound!(sql, values).execute(&mut **connection).await?.rows_affected(),
        })
    }

    /// Runs a statement and takes all its rows.
    pub(super) async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let sql = self.dialect().say(sql);
        Ok(match self {
            Self::Sqlite(connection) => {
                bound!(sql, values).fetch_all(&mut **connection).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(connection) => {
                bound!(sql, values).fetch_all(&mut **connection).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a statement and takes its first row.
    pub(super) async fn row(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs statements without values, as they stand in a file.
    pub(super) async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let query = sqlx::raw_sql(AssertSqlSafe(self.dialect().say(sql)));
        match self {
            Self::Sqlite(connection) => query.execute(&mut **connection).await.map(|_| ())?,
            Self::Postgres(connection) => query.execute(&mut **connection).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Gives the connection up for good: whatever it had begun is rolled back, and the pool opens a new one.
    pub(super) fn discard(mut self) {
        match &mut self {
            Self::Sqlite(connection) => connection.close_on_drop(),
            Self::Postgres(connection) => connection.close_on_drop(),
        }
    }
}

impl Row {
    /// A column's value; the type says whether it may be null.
    pub(super) fn get<'r, T>(&'r self, column: &str) -> Result<T, StoreError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn id<T: From<String>>(&self, column: &str) -> Result<T, StoreError> {
        self.get::<String>(column).map(T::from)
    }

    pub(super) fn maybe_id<T: From<String>>(&self, column: &str) -> Result<Option<T>, StoreError> {
        Ok(self.get::<Option<String>>(column)?.map(T::from))
    }

    pub(super) fn at(&self, column: &str) -> Result<At, StoreError> {
        self.get(column).map(At)
    }

    pub(super) fn maybe_at(&self, column: &str) -> Result<Option<At>, StoreError> {
        Ok(self.get::<Option<i64>>(column)?.map(At))
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        let text: &str = self.get(column)?;
        serde_json::from_str(text)
            .map_err(|error| StoreError::Unreadable { column: column.to_owned(), why: error.to_string() })
    }

    /// A word of a closed list.
    pub(super) fn word<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let text: &str = self.get(column)?;
        parse(text).ok_or_else(|| StoreError::Unreadable { column: column.to_owned(), why: format!("`{text}`") })
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(text: &'q String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Bool(Some(flag))
    }
}

impl From<At> for Value<'_> {
    fn from(at: At) -> Self {
        Self::Int(Some(at.0))
    }
}

impl From<Option<At>> for Value<'_> {
    fn from(at: Option<At>) -> Self {
        Self::Int(at.map(|at| at.0))
    }
}

macro_rules! bindable {
    ($($id:ident)*) => {$(
        impl<'q> From<&'q $id> for Value<'q> {
            fn from(id: &'q $id) -> Self {
                Self::Text(Some(id.as_str()))
            }
        }

        impl<'q> From<&'q Option<$id>> for Value<'q> {
            fn from(id: &'q Option<$id>) -> Self {
                Self::Text(id.as_ref().map($id::as_str))
            }
        }

        impl<'q> From<Option<&'q $id>> for Value<'q> {
            fn from(id: Option<&'q $id>) -> Self {
                Self::Text(id.map($id::as_str))
            }
        }
    )*};
}

bindable! {
    ShopId ChannelName ConversationId ExternalId CustomerId MessageId EpisodeId TurnId PrincipalId ReplyKey QueueName
    PlaybookHash NodeId OrderNumber PromiseId PhraseId
}
