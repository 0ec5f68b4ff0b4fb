//! Quick phrases: an agent's own, and those that became the team's. Their history is told by events.

use super::Store;
use super::error::StoreError;
use super::event::{self, Place};
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{At, Event, Happening, PhraseId, PrincipalId, ShopId};

/// A quick phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseRow {
    /// Ours.
    pub id: PhraseId,
    /// Whose; `None`: the team's.
    pub owner: Option<PrincipalId>,
    /// Who wrote it first.
    pub author: PrincipalId,
    /// What it is found by.
    pub title: String,
    /// What is said.
    pub text: String,
    /// When it last changed.
    pub updated_at: At,
}

/// What happens to a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhraseMove {
    /// Written or written anew.
    Save {
        /// What it is found by.
        title: String,
        /// What is said.
        text: String,
    },
    /// Becomes the team's.
    Promote,
    /// Thrown away.
    Remove,
}

struct Change {
    shop: ShopId,
    id: PhraseId,
    by: PrincipalId,
    what: PhraseMove,
    at: At,
}

impl Write for Change {
    /// Whether it changed anything.
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let (shop, id, by) = (&self.shop, &self.id, &self.by);
        let (rows, happening) = match &self.what {
            PhraseMove::Save { title, text } => {
                let sql = "INSERT INTO phrase (shop, id, owner, author, title, body, created_at, updated_at) \
                           VALUES ($1, $2, $3, $3, $4, $5, $6, $6) ON CONFLICT (shop, id) DO UPDATE SET \
                           title = excluded.title, body = excluded.body, updated_at = excluded.updated_at";
                let values = [shop.into(), id.into(), by.into(), title.into(), text.into(), self.at.into()];
                let saved = Happening::PhraseSaved {
                    phrase: id.clone(),
                    by: by.clone(),
                    title: title.clone(),
                    text: text.clone(),
                };
                (link.execute(sql, &values).await?, saved)
            }
            PhraseMove::Promote => {
                let sql = "UPDATE phrase SET owner = NULL, updated_at = $3 WHERE shop = $1 AND id = $2 \
                           AND owner IS NOT NULL AND removed_at IS NULL";
                let rows = link.execute(sql, &[shop.into(), id.into(), self.at.into()]).await?;
                (rows, Happening::PhrasePromoted { phrase: id.clone(), by: by.clone() })
            }
            PhraseMove::Remove => {
                let sql = "UPDATE phrase SET removed_at = $3 WHERE shop = $1 AND id = $2 AND removed_at IS NULL";
                let rows = link.execute(sql, &[shop.into(), id.into(), self.at.into()]).await?;
                (rows, Happening::PhraseRemoved { phrase: id.clone(), by: by.clone() })
            }
        };
        if rows == 0 {
            return Ok(false);
        }
        event::note(link, Place { shop, conversation: None, episode: None }, self.at, happening).await?;
        Ok(true)
    }
}

impl Store {
    /// Changes a phrase, or makes it; false if there is none to change. Who may is the caller's to know.
    pub async fn change_phrase(
        &self,
        shop: &ShopId,
        id: &PhraseId,
        by: &PrincipalId,
        what: PhraseMove,
        at: At,
    ) -> Result<bool, StoreError> {
        self.write(Change { shop: shop.clone(), id: id.clone(), by: by.clone(), what, at }).await
    }

    /// One phrase.
    pub async fn find_phrase(&self, shop: &ShopId, id: &PhraseId) -> Result<Option<PhraseRow>, StoreError> {
        let sql = "SELECT id, owner, author, title, body, updated_at FROM phrase \
                   WHERE shop = $1 AND id = $2 AND removed_at IS NULL";
        self.read().await?.row(sql, &[shop.into(), id.into()]).await?.map(|row| read(&row)).transpose()
    }

    /// How a shop's phrases came to be: which, when, by whom, and whether it was promoted or written; the latest first.
    pub async fn phrase_history(&self, shop: &ShopId) -> Result<Vec<Event>, StoreError> {
        let sql = "SELECT body FROM event WHERE shop = $1 AND type IN ('phrase_saved', 'phrase_promoted') \
                   ORDER BY seq DESC LIMIT 2000";
        let rows = self.read().await?.rows(sql, &[shop.into()]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The team's phrases and a person's own, the latest changed first.
    pub async fn phrases(&self, shop: &ShopId, person: &PrincipalId) -> Result<Vec<PhraseRow>, StoreError> {
        let sql = "SELECT id, owner, author, title, body, updated_at FROM phrase WHERE shop = $1 \
                   AND (owner IS NULL OR owner = $2) AND removed_at IS NULL ORDER BY updated_at DESC, id LIMIT 2000";
        self.read().await?.rows(sql, &[shop.into(), person.into()]).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<PhraseRow, StoreError> {
    Ok(PhraseRow {
        id: row.id("id")?,
        owner: row.maybe_id("owner")?,
        author: row.id("author")?,
        title: row.get("title")?,
        text: row.get("body")?,
        updated_at: row.at("updated_at")?,
    })
}
