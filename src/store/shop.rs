//! What a shop keeps besides conversations: modes, published playbooks, news of orders.

use super::Store;
use super::error::StoreError;
use super::event::{self, Place};
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{At, Happening, IntentId, Mode, OrderNumber, PlaybookHash, ShopId};

/// How much the bot may do in a shop or for one intent, as somebody set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeRow {
    /// Where.
    pub shop: ShopId,
    /// For one intent alone.
    pub intent: Option<IntentId>,
    /// How much.
    pub mode: Mode,
    /// Since when.
    pub at: At,
    /// Who set it.
    pub by: String,
}

/// News of an order, as the platform told it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderUpdateRow {
    /// By the platform's clock.
    pub occurred_at: At,
    /// As it was told.
    pub update: serde_json::Value,
}

/// A published playbook. Never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaybookVersion {
    /// Of what it says.
    pub hash: PlaybookHash,
    /// The version it was made from.
    pub parent: Option<PlaybookHash>,
    /// Who published it.
    pub author: String,
    /// When it was published first.
    pub at: At,
    /// All its files, in one text.
    pub sources: String,
}

/// What became of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is in force.
    Done,
    /// It was in force before; nothing changed.
    Already,
    /// It was made from another version than the one in force; nothing changed.
    Behind {
        /// The one in force, if any.
        current: Option<PlaybookHash>,
    },
}

struct SetMode {
    shop: ShopId,
    intent: Option<IntentId>,
    mode: Mode,
    by: String,
    at: At,
}

impl Write for SetMode {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        link.execute(
            "INSERT INTO mode (shop, scope, mode, at, set_by) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (shop, scope) DO UPDATE SET mode = excluded.mode, at = excluded.at, set_by = excluded.set_by",
            &[
                (&self.shop).into(),
                self.intent.as_ref().map_or("", IntentId::as_str).into(),
                self.mode.key().into(),
                self.at.into(),
                (&self.by).into(),
            ],
        )
        .await?;
        let set = Happening::ModeSet { mode: self.mode, intent: self.intent.clone(), by: self.by.clone() };
        event::note(link, Place { shop: &self.shop, conversation: None, episode: None }, self.at, set).await
    }
}

struct Publish {
    shop: ShopId,
    version: PlaybookVersion,
}

impl Write for Publish {
    type Answer = Published;

    async fn run(&self, link: &mut Link) -> Result<Published, StoreError> {
        let version = &self.version;
        let row = link.row("SELECT hash FROM playbook_current WHERE shop = $1", &[(&self.shop).into()]).await?;
        let current: Option<PlaybookHash> = row.map(|row| row.id("hash")).transpose()?;
        if current.as_ref() == Some(&version.hash) {
            return Ok(Published::Already);
        }
        if current != version.parent {
            return Ok(Published::Behind { current });
        }
        link.execute(
            "INSERT INTO playbook_version (shop, hash, parent, author, at, sources) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (shop, hash) DO NOTHING",
            &[
                (&self.shop).into(),
                (&version.hash).into(),
                (&version.parent).into(),
                (&version.author).into(),
                version.at.into(),
                (&version.sources).into(),
            ],
        )
        .await?;
        // Conditional, so that of two nodes that publish at the same moment one finds itself behind.
        let moved = link
            .execute(
                "INSERT INTO playbook_current (shop, hash, at) VALUES ($1, $2, $3) ON CONFLICT (shop) DO UPDATE \
                 SET hash = excluded.hash, at = excluded.at WHERE playbook_current.hash = $4",
                &[
                    (&self.shop).into(),
                    (&version.hash).into(),
                    version.at.into(),
                    version.parent.as_ref().map_or("", PlaybookHash::as_str).into(),
                ],
            )
            .await?;
        Ok(if moved > 0 { Published::Done } else { Published::Behind { current } })
    }
}

impl Store {
    /// Sets how much the bot may do in a shop, or for one intent of it.
    pub async fn set_mode(
        &self,
        shop: &ShopId,
        intent: Option<&IntentId>,
        mode: Mode,
        by: &str,
        at: At,
    ) -> Result<(), StoreError> {
        self.write(SetMode { shop: shop.clone(), intent: intent.cloned(), mode, by: by.to_owned(), at }).await
    }

    /// Every mode that was set, of all shops.
    pub async fn modes(&self) -> Result<Vec<ModeRow>, StoreError> {
        let sql = "SELECT shop, scope, mode, at, set_by FROM mode ORDER BY shop, scope";
        let rows = self.read().await?.rows(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                let scope: String = row.get("scope")?;
                Ok(ModeRow {
                    shop: row.id("shop")?,
                    intent: Some(scope).filter(|scope| !scope.is_empty()).map(IntentId::from),
                    mode: row.word("mode", Mode::parse)?,
                    at: row.at("at")?,
                    by: row.get("set_by")?,
                })
            })
            .collect()
    }

    /// Puts a playbook in force, if it was made from the one that is. A hash from before comes back in force under its
    /// first author and parent.
    pub async fn publish_playbook(&self, shop: &ShopId, version: PlaybookVersion) -> Result<Published, StoreError> {
        self.write(Publish { shop: shop.clone(), version }).await
    }

    /// The playbook in force.
    pub async fn latest_playbook(&self, shop: &ShopId) -> Result<Option<PlaybookVersion>, StoreError> {
        let sql = "SELECT v.hash, v.parent, v.author, v.at, v.sources FROM playbook_current n \
                   JOIN playbook_version v ON v.shop = n.shop AND v.hash = n.hash WHERE n.shop = $1";
        self.read().await?.row(sql, &[shop.into()]).await?.map(|row| read_version(&row)).transpose()
    }

    /// One playbook.
    pub async fn playbook(&self, shop: &ShopId, hash: &PlaybookHash) -> Result<Option<PlaybookVersion>, StoreError> {
        let sql = "SELECT hash, parent, author, at, sources FROM playbook_version WHERE shop = $1 AND hash = $2";
        self.read().await?.row(sql, &[shop.into(), hash.into()]).await?.map(|row| read_version(&row)).transpose()
    }

    /// A shop's playbooks, the latest first.
    pub async fn playbooks(&self, shop: &ShopId, limit: i64) -> Result<Vec<PlaybookVersion>, StoreError> {
        let sql = "SELECT hash, parent, author, at, sources FROM playbook_version WHERE shop = $1 \
                   ORDER BY at DESC, hash LIMIT $2";
        let rows = self.read().await?.rows(sql, &[shop.into(), limit.into()]).await?;
        rows.iter().map(read_version).collect()
    }

    /// What a platform told of an order, the oldest first.
    pub async fn order_updates(&self, shop: &ShopId, number: &OrderNumber) -> Result<Vec<OrderUpdateRow>, StoreError> {
        let sql = "SELECT occurred_at, body FROM order_update WHERE shop = $1 AND number = $2 ORDER BY occurred_at";
        let rows = self.read().await?.rows(sql, &[shop.into(), number.into()]).await?;
        rows.iter()
            .map(|row| Ok(OrderUpdateRow { occurred_at: row.at("occurred_at")?, update: row.json("body")? }))
            .collect()
    }
}

fn read_version(row: &Row) -> Result<PlaybookVersion, StoreError> {
    Ok(PlaybookVersion {
        hash: row.id("hash")?,
        parent: row.maybe_id("parent")?,
        author: row.get("author")?,
        at: row.at("at")?,
        sources: row.get("sources")?,
    })
}
