//! Tokens of the API and sessions of the desk, by the hash of their secret; the secret itself is never kept.

use super::Store;
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::{At, PrincipalId, Role, ShopId};

/// What a token lets its bearer do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// On whose behalf.
    pub principal: PrincipalId,
    /// In which shop.
    pub shop: ShopId,
    /// As what.
    pub role: Role,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Who.
    pub principal: PrincipalId,
    /// When they signed in.
    pub created_at: At,
    /// When they last did something, as far as was noted.
    pub seen_at: At,
    /// When it ends.
    pub expires_at: At,
}

enum Change {
    CreateToken { token: TokenRow, at: At, expires_at: Option<At> },
    RevokeToken { at: At },
    CreateSession { principal: PrincipalId, at: At, expires_at: At },
    SeeSession { at: At },
    EndSession { at: At },
}

struct Secret {
    hash: String,
    change: Change,
}

impl Write for Secret {
    /// Whether it changed anything.
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let hash = &self.hash;
        let rows = match &self.change {
            Change::CreateToken { token, at, expires_at } => {
                let sql = "INSERT INTO token (hash, principal, shop, role, created_at, expires_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let (principal, shop, role) = (&token.principal, &token.shop, token.role.key());
                let values =
                    [hash.into(), principal.into(), shop.into(), role.into(), (*at).into(), (*expires_at).into()];
                link.execute(sql, &values).await?
            }
            Change::RevokeToken { at } => {
                let sql = "UPDATE token SET revoked_at = $2 WHERE hash = $1 AND revoked_at IS NULL";
                link.execute(sql, &[hash.into(), (*at).into()]).await?
            }
            Change::CreateSession { principal, at, expires_at } => {
                let sql = "INSERT INTO session (hash, principal, created_at, seen_at, expires_at) \
                           VALUES ($1, $2, $3, $3, $4)";
                link.execute(sql, &[hash.into(), principal.into(), (*at).into(), (*expires_at).into()]).await?
            }
            Change::SeeSession { at } => {
                let sql = "UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2";
                link.execute(sql, &[hash.into(), (*at).into()]).await?
            }
            Change::EndSession { at } => {
                let sql = "UPDATE session SET revoked_at = $2 WHERE hash = $1 AND revoked_at IS NULL";
                link.execute(sql, &[hash.into(), (*at).into()]).await?
            }
        };
        Ok(rows > 0)
    }
}

impl Store {
    /// Keeps a token. The principal must exist.
    pub async fn create_token(
        &self,
        hash: &str,
        token: TokenRow,
        at: At,
        expires_at: Option<At>,
    ) -> Result<(), StoreError> {
        self.secret(hash, Change::CreateToken { token, at, expires_at }).await.map(drop)
    }

    /// A token that is valid now: not expired, not revoked, its principal not disabled.
    pub async fn find_token(&self, hash: &str, now: At) -> Result<Option<TokenRow>, StoreError> {
        let sql = "SELECT t.principal, t.shop, t.role FROM token t JOIN principal p ON p.id = t.principal \
                   WHERE t.hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
                   AND p.disabled = $3";
        let row = self.read().await?.row(sql, &[hash.into(), now.into(), false.into()]).await?;
        row.map(|row| {
            Ok(TokenRow {
                principal: row.id("principal")?,
                shop: row.id("shop")?,
                role: row.word("role", Role::parse)?,
            })
        })
        .transpose()
    }

    /// Makes a token worthless; false if it was, or there is none.
    pub async fn revoke_token(&self, hash: &str, at: At) -> Result<bool, StoreError> {
        self.secret(hash, Change::RevokeToken { at }).await
    }

    /// Keeps a session. The principal must exist.
    pub async fn create_session(
        &self,
        hash: &str,
        principal: &PrincipalId,
        at: At,
        expires_at: At,
    ) -> Result<(), StoreError> {
        self.secret(hash, Change::CreateSession { principal: principal.clone(), at, expires_at }).await.map(drop)
    }

    /// A session that is valid now.
    pub async fn find_session(&self, hash: &str, now: At) -> Result<Option<SessionRow>, StoreError> {
        let sql = "SELECT s.principal, s.created_at, s.seen_at, s.expires_at FROM session s \
                   JOIN principal p ON p.id = s.principal \
                   WHERE s.hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND p.disabled = $3";
        let row = self.read().await?.row(sql, &[hash.into(), now.into(), false.into()]).await?;
        row.map(|row| {
            Ok(SessionRow {
                principal: row.id("principal")?,
                created_at: row.at("created_at")?,
                seen_at: row.at("seen_at")?,
                expires_at: row.at("expires_at")?,
            })
        })
        .transpose()
    }

    /// Notes that a session is in use; to be called once in a while, not at every request.
    pub async fn see_session(&self, hash: &str, at: At) -> Result<bool, StoreError> {
        self.secret(hash, Change::SeeSession { at }).await
    }

    /// Signs out.
    pub async fn end_session(&self, hash: &str, at: At) -> Result<bool, StoreError> {
        self.secret(hash, Change::EndSession { at }).await
    }

    async fn secret(&self, hash: &str, change: Change) -> Result<bool, StoreError> {
        self.write(Secret { hash: hash.to_owned(), change }).await
    }
}
