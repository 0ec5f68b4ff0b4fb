//! One-time links: for the first manager, and for people who are to set a password. Only the link's hash is kept.

use super::Store;
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::{At, PrincipalId};

/// A link that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Whose password it sets; `None`: whoever comes becomes the first manager.
    pub principal: Option<PrincipalId>,
}

enum Word {
    Create { principal: Option<PrincipalId>, expires_at: At },
    Use,
}

struct Change {
    hash: String,
    word: Word,
    at: At,
}

impl Write for Change {
    /// Whether it changed anything.
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let hash = &self.hash;
        let rows = match &self.word {
            Word::Create { principal, expires_at } => {
                // The last link is the only one: of two for the same person the older is worth nothing.
                let sql = "UPDATE invitation SET used_at = $2 WHERE used_at IS NULL AND COALESCE(principal, '') = $1";
                let of = principal.as_ref().map_or("", PrincipalId::as_str);
                link.execute(sql, &[of.into(), self.at.into()]).await?;
                let sql = "INSERT INTO invitation (hash, principal, created_at, expires_at) VALUES ($1, $2, $3, $4)";
                link.execute(sql, &[hash.into(), principal.into(), self.at.into(), (*expires_at).into()]).await?
            }
            Word::Use => {
                let sql = "UPDATE invitation SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
                link.execute(sql, &[hash.into(), self.at.into()]).await?
            }
        };
        Ok(rows > 0)
    }
}

impl Store {
    /// Keeps a link; an older one for the same person is worth nothing from now on.
    pub async fn create_invitation(
        &self,
        hash: &str,
        principal: Option<&PrincipalId>,
        at: At,
        expires_at: At,
    ) -> Result<(), StoreError> {
        let word = Word::Create { principal: principal.cloned(), expires_at };
        self.write(Change { hash: hash.to_owned(), word, at }).await.map(drop)
    }

    /// A link that is neither used nor over.
    pub async fn find_invitation(&self, hash: &str, now: At) -> Result<Option<InvitationRow>, StoreError> {
        let sql = "SELECT principal FROM invitation WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
        let row = self.read().await?.row(sql, &[hash.into(), now.into()]).await?;
        row.map(|row| Ok(InvitationRow { principal: row.maybe_id("principal")? })).transpose()
    }

    /// Uses a link up; false if somebody was quicker.
    pub async fn use_invitation(&self, hash: &str, at: At) -> Result<bool, StoreError> {
        self.write(Change { hash: hash.to_owned(), word: Word::Use, at }).await
    }

    /// Whether anybody could sign in by a password.
    pub async fn has_people(&self) -> Result<bool, StoreError> {
        let sql = "SELECT p.id FROM principal p JOIN membership m ON m.person = p.id \
                   WHERE p.password_hash IS NOT NULL AND p.disabled = $1 LIMIT 1";
        Ok(self.read().await?.row(sql, &[false.into()]).await?.is_some())
    }
}
