//! Published playbooks: versions that never change, which of them is in force, and how that came about.

use super::Store;
use super::error::StoreError;
use super::event::{self, Place};
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{At, Event, Happening, PlaybookHash, ShopId};

/// The author of what a service published from its shops folder.
pub const FROM_FILES: &str = "files";

/// A published playbook. Never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaybookVersion {
    /// Of what it says.
    pub hash: PlaybookHash,
    /// The version it was made from.
    pub parent: Option<PlaybookHash>,
    /// Who published it; [`FROM_FILES`] for a service that read them.
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

/// How a version came in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A service read it from the shop's files.
    Published,
    /// Somebody sent it.
    Pushed,
    /// It had been in force before, and somebody wanted it back.
    RolledBack,
}

/// One change of the version in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaybookMove {
    /// Its place among the shop's events; later moves of a shop have higher ones.
    pub seq: i64,
    /// When.
    pub at: At,
    /// How.
    pub how: Move,
    /// Who.
    pub by: String,
    /// What was in force before.
    pub from: Option<PlaybookHash>,
    /// What came in force.
    pub to: PlaybookHash,
}

impl PlaybookMove {
    fn read(row: &Row) -> Result<Option<Self>, StoreError> {
        let (seq, event): (i64, Event) = (row.get("seq")?, row.json("body")?);
        let (how, from, to, by) = match event.what {
            Happening::PlaybookPublished { from, to, by } => (Move::Published, from, to, by),
            Happening::PlaybookPushed { from, to, by } => (Move::Pushed, from, to, by),
            Happening::PlaybookRolledBack { from, to, by } => (Move::RolledBack, from, to, by),
            _ => return Ok(None),
        };
        Ok(Some(Self { seq, at: event.at, how, by, from, to }))
    }

    fn happening(how: Move, from: Option<PlaybookHash>, to: PlaybookHash, by: String) -> Happening {
        match how {
            Move::Published => Happening::PlaybookPublished { from, to, by },
            Move::Pushed => Happening::PlaybookPushed { from, to, by },
            Move::RolledBack => Happening::PlaybookRolledBack { from, to, by },
        }
    }
}

/// A new version comes in force.
struct Publish {
    shop: ShopId,
    version: PlaybookVersion,
}

impl Write for Publish {
    type Answer = Published;

    async fn run(&self, link: &mut Link) -> Result<Published, StoreError> {
        let version = &self.version;
        let how = if version.author == FROM_FILES { Move::Published } else { Move::Pushed };
        let step = Step { how, from: &version.parent, to: &version.hash, by: &version.author, at: version.at };
        step.take(link, &self.shop, Some(version)).await
    }
}

/// A version from before comes in force again.
struct RollBack {
    shop: ShopId,
    to: PlaybookHash,
    from: Option<PlaybookHash>,
    by: String,
    at: At,
}

impl Write for RollBack {
    type Answer = Published;

    async fn run(&self, link: &mut Link) -> Result<Published, StoreError> {
        let step = Step { how: Move::RolledBack, from: &self.from, to: &self.to, by: &self.by, at: self.at };
        step.take(link, &self.shop, None).await
    }
}

/// A version is kept for the turns that name it; what is in force stays so.
struct Keep {
    shop: ShopId,
    version: PlaybookVersion,
}

impl Write for Keep {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        keep(link, &self.shop, &self.version).await
    }
}

/// From one version in force to another.
struct Step<'a> {
    how: Move,
    from: &'a Option<PlaybookHash>,
    to: &'a PlaybookHash,
    by: &'a str,
    at: At,
}

impl Step<'_> {
    async fn take(
        &self,
        link: &mut Link,
        shop: &ShopId,
        new: Option<&PlaybookVersion>,
    ) -> Result<Published, StoreError> {
        let row = link.row("SELECT hash FROM playbook_current WHERE shop = $1", &[shop.into()]).await?;
        let current: Option<PlaybookHash> = row.map(|row| row.id("hash")).transpose()?;
        if current.as_ref() == Some(self.to) {
            return Ok(Published::Already);
        }
        if current != *self.from {
            return Ok(Published::Behind { current });
        }
        if let Some(version) = new {
            keep(link, shop, version).await?;
        }
        // Conditional, so that of two nodes that publish at the same moment one finds itself behind.
        let expected = self.from.as_ref().map_or("", PlaybookHash::as_str);
        let sql = "INSERT INTO playbook_current (shop, hash, at) VALUES ($1, $2, $3) ON CONFLICT (shop) DO UPDATE \
                   SET hash = excluded.hash, at = excluded.at WHERE playbook_current.hash = $4";
        if link.execute(sql, &[shop.into(), self.to.into(), self.at.into(), expected.into()]).await? == 0 {
            return Ok(Published::Behind { current });
        }
        let what = PlaybookMove::happening(self.how, self.from.clone(), self.to.clone(), self.by.to_owned());
        event::note(link, Place { shop, conversation: None, episode: None }, self.at, what).await?;
        Ok(Published::Done)
    }
}

async fn keep(link: &mut Link, shop: &ShopId, version: &PlaybookVersion) -> Result<(), StoreError> {
    link.execute(
        "INSERT INTO playbook_version (shop, hash, parent, author, at, sources) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (shop, hash) DO NOTHING",
        &[
            shop.into(),
            (&version.hash).into(),
            (&version.parent).into(),
            (&version.author).into(),
            version.at.into(),
            (&version.sources).into(),
        ],
    )
    .await?;
    Ok(())
}

impl Store {
    /// Puts a playbook in force, if it was made from the one that is, and notes who did. A hash from before comes back
    /// in force under its first author and parent.
    pub async fn publish_playbook(&self, shop: &ShopId, version: PlaybookVersion) -> Result<Published, StoreError> {
        self.write(Publish { shop: shop.clone(), version }).await
    }

    /// Puts a version that is kept in force again, in place of `from`.
    pub async fn roll_back_playbook(
        &self,
        shop: &ShopId,
        to: &PlaybookHash,
        from: Option<&PlaybookHash>,
        by: &str,
        at: At,
    ) -> Result<Published, StoreError> {
        let (shop, to, from, by) = (shop.clone(), to.clone(), from.cloned(), by.to_owned());
        self.write(RollBack { shop, to, from, by, at }).await
    }

    /// Keeps a version, for the turns that name it, without putting it in force.
    pub async fn keep_playbook(&self, shop: &ShopId, version: PlaybookVersion) -> Result<(), StoreError> {
        self.write(Keep { shop: shop.clone(), version }).await
    }

    /// The playbook in force.
    pub async fn latest_playbook(&self, shop: &ShopId) -> Result<Option<PlaybookVersion>, StoreError> {
        let sql = "SELECT v.hash, v.parent, v.author, v.at, v.sources FROM playbook_current n \
                   JOIN playbook_version v ON v.shop = n.shop AND v.hash = n.hash WHERE n.shop = $1";
        self.read().await?.row(sql, &[shop.into()]).await?.map(|row| read_version(&row)).transpose()
    }

    /// Which playbook is in force in each shop.
    pub async fn playbooks_in_force(&self) -> Result<Vec<(ShopId, PlaybookHash)>, StoreError> {
        let rows = self.read().await?.rows("SELECT shop, hash FROM playbook_current", &[]).await?;
        rows.iter().map(|row| Ok((row.id("shop")?, row.id("hash")?))).collect()
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

    /// The names of all of a shop's playbooks, the latest first.
    pub async fn playbook_hashes(&self, shop: &ShopId) -> Result<Vec<PlaybookHash>, StoreError> {
        let sql = "SELECT hash FROM playbook_version WHERE shop = $1 ORDER BY at DESC, hash";
        self.read().await?.rows(sql, &[shop.into()]).await?.iter().map(|row| row.id("hash")).collect()
    }

    /// How the playbook in force changed, the last change first.
    pub async fn playbook_moves(&self, shop: &ShopId, limit: i64) -> Result<Vec<PlaybookMove>, StoreError> {
        // The list repeats the index's condition word for word: SQLite wants it so.
        let sql = "SELECT seq, body FROM event WHERE shop = $1 \
                   AND type IN ('playbook_published', 'playbook_pushed', 'playbook_rolled_back') \
                   ORDER BY seq DESC LIMIT $2";
        let rows = self.read().await?.rows(sql, &[shop.into(), limit.into()]).await?;
        rows.iter().filter_map(|row| PlaybookMove::read(row).transpose()).collect()
    }

    /// The last time that a service put its files in force.
    pub async fn last_published_from_files(&self, shop: &ShopId) -> Result<Option<PlaybookMove>, StoreError> {
        let sql = "SELECT seq, body FROM event WHERE shop = $1 \
                   AND type IN ('playbook_published', 'playbook_pushed', 'playbook_rolled_back') \
                   AND type = 'playbook_published' ORDER BY seq DESC LIMIT 1";
        let row = self.read().await?.row(sql, &[shop.into()]).await?;
        row.and_then(|row| PlaybookMove::read(&row).transpose()).transpose()
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
