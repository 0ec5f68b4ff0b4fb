//! Who sits at the desk: online, busy, away; and offline once nothing was heard of them.

use super::Store;
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::{At, PrincipalId, SECOND};

/// A desk that wasn't heard of for so long is gone. A reload or a short break of the line is none.
pub const GONE_AFTER: i64 = 45 * SECOND;

/// What somebody at the desk says of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Takes chats.
    Online,
    /// Goes on with their chats and gets no new ones.
    Busy,
    /// Not there for a while.
    Away,
    /// Not at the desk.
    Offline,
}

impl Presence {
    /// The word in tables and in the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Busy => "busy",
            Self::Away => "away",
            Self::Offline => "offline",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Online, Self::Busy, Self::Away, Self::Offline].into_iter().find(|presence| presence.key() == key)
    }
}

/// Somebody who sat at the desk at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceRow {
    /// Who.
    pub person: PrincipalId,
    /// What they are called.
    pub name: String,
    /// What holds now.
    pub presence: Presence,
    /// Since when they said so.
    pub since: At,
    /// When they were last heard of.
    pub seen_at: At,
}

enum Word {
    Set(Presence),
    Arrive,
    Seen(Vec<PrincipalId>),
}

struct Change {
    person: Option<PrincipalId>,
    word: Word,
    at: At,
}

impl Write for Change {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        match (&self.word, &self.person) {
            (Word::Set(presence), Some(person)) => {
                let sql = "INSERT INTO presence (person, state, since, seen_at) VALUES ($1, $2, $3, $3) \
                           ON CONFLICT (person) DO UPDATE SET since = CASE WHEN presence.state = excluded.state \
                           THEN presence.since ELSE excluded.since END, state = excluded.state, \
                           seen_at = excluded.seen_at";
                link.execute(sql, &[person.into(), presence.key().into(), self.at.into()]).await?;
            }
            (Word::Arrive, Some(person)) => {
                let sql = "INSERT INTO presence (person, state, since, seen_at) VALUES ($1, 'online', $2, $2) \
                           ON CONFLICT (person) DO UPDATE SET since = CASE WHEN presence.state = 'offline' \
                           THEN excluded.since ELSE presence.since END, state = CASE WHEN presence.state = 'offline' \
                           THEN 'online' ELSE presence.state END, seen_at = excluded.seen_at";
                link.execute(sql, &[person.into(), self.at.into()]).await?;
            }
            (Word::Seen(people), _) => {
                for person in people {
                    let sql = "UPDATE presence SET seen_at = $2 WHERE person = $1 AND seen_at < $2";
                    link.execute(sql, &[person.into(), self.at.into()]).await?;
                }
            }
            (Word::Set(_) | Word::Arrive, None) => {}
        }
        Ok(())
    }
}

impl Store {
    /// What somebody says of themselves; `Offline` when they sign out.
    pub async fn set_presence(&self, person: &PrincipalId, presence: Presence, at: At) -> Result<(), StoreError> {
        self.write(Change { person: Some(person.clone()), word: Word::Set(presence), at }).await
    }

    /// Somebody's desk is there again: who was busy or away still is.
    pub async fn arrive(&self, person: &PrincipalId, at: At) -> Result<(), StoreError> {
        self.write(Change { person: Some(person.clone()), word: Word::Arrive, at }).await
    }

    /// Notes whose desks are connected to this node.
    pub async fn see_people(&self, people: Vec<PrincipalId>, at: At) -> Result<(), StoreError> {
        self.write(Change { person: None, word: Word::Seen(people), at }).await
    }

    /// Everybody who ever sat at the desk, and what holds of them now.
    pub async fn presences(&self, now: At) -> Result<Vec<PresenceRow>, StoreError> {
        let sql = "SELECT r.person, p.name, r.state, r.since, r.seen_at FROM presence r \
                   JOIN principal p ON p.id = r.person WHERE p.disabled = $1 ORDER BY r.person";
        let rows = self.read().await?.rows(sql, &[false.into()]).await?;
        rows.iter()
            .map(|row| {
                let seen_at = row.at("seen_at")?;
                let said = row.word("state", Presence::parse)?;
                let presence = if now.since(seen_at) > GONE_AFTER { Presence::Offline } else { said };
                Ok(PresenceRow {
                    person: row.id("person")?,
                    name: row.get("name")?,
                    presence,
                    since: row.at("since")?,
                    seen_at,
                })
            })
            .collect()
    }
}
