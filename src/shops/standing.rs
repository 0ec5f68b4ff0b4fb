//! What a shop's folder is to the store: published as it stands, edited, or edited over a version that is no longer in
//! force.

use std::path::Path;

use jiff::tz::TimeZone;
use thiserror::Error;

use super::sources::{FilesDigest, Marker, Sources};
use crate::domain::{PlaybookHash, ShopId};
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place};
use crate::store::{FROM_FILES, Move, PlaybookMove, PlaybookVersion, Store, StoreError};

/// Why it can't be said.
#[derive(Debug, Error)]
pub enum VersionError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A version was written by something else than this program.
    #[error("version {hash} can't be read: {error}")]
    Unreadable {
        /// Which.
        hash: PlaybookHash,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// Whether a folder holds anything that was never published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// Nothing: the version in force is served, whatever the folder says.
    None,
    /// Edited over the version in force, or the first of all: it may be published.
    Ahead,
    /// Edited over a version that is no longer in force: publishing it would lose what came since.
    Behind,
}

/// A folder beside the store.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whether there is anything to publish.
    pub edits: Edits,
    /// What is in force.
    pub current: Option<PlaybookVersion>,
    /// The version that the folder's files come from.
    pub origin: Option<PlaybookVersion>,
    /// The last change of what is in force.
    pub last: Option<PlaybookMove>,
}

/// What a running service knows of a folder: when its files were last those of a version, and of which.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) version: PlaybookHash,
    pub(super) digest: FilesDigest,
    /// How far the shop's history had come.
    pub(super) seq: i64,
}

/// The files of a version.
///
/// # Errors
/// They can't be read.
pub fn sources_of(version: &PlaybookVersion) -> Result<Sources, VersionError> {
    Sources::read(version).map_err(|error| VersionError::Unreadable { hash: version.hash.clone(), error })
}

/// What a folder is to the store.
///
/// # Errors
/// The store does not answer, or holds what can't be read.
pub async fn standing(
    store: &Store,
    shop: &ShopId,
    folder: &Path,
    sources: &Sources,
) -> Result<Standing, VersionError> {
    standing_since(store, shop, folder, sources, None).await
}

pub(super) async fn standing_since(
    store: &Store,
    shop: &ShopId,
    folder: &Path,
    sources: &Sources,
    settled: Option<&Settled>,
) -> Result<Standing, VersionError> {
    let last = store.playbook_moves(shop, 1).await?.into_iter().next();
    let Some(current) = store.latest_playbook(shop).await? else {
        return Ok(Standing { edits: Edits::Ahead, current: None, origin: None, last });
    };
    let digest = sources.digest();
    let origin = origin(store, shop, folder, settled, &current).await?;
    let mut same = settled.is_some_and(|settled| settled.digest == digest);
    for version in [Some(&current), origin.as_ref()].into_iter().flatten() {
        same = same || sources_of(version)?.digest() == digest;
    }
    let edits = match &origin {
        _ if same => Edits::None,
        Some(origin) if origin.hash == current.hash => Edits::Ahead,
        _ => Edits::Behind,
    };
    Ok(Standing { edits, current: Some(current), origin, last })
}

/// The version that a folder's files come from: what the marker says, or what a service last made of them, whichever is
/// later.
async fn origin(
    store: &Store,
    shop: &ShopId,
    folder: &Path,
    settled: Option<&Settled>,
    current: &PlaybookVersion,
) -> Result<Option<PlaybookVersion>, VersionError> {
    let known = match settled {
        Some(settled) => Some((settled.seq, settled.version.clone())),
        None => store.last_published_from_files(shop).await?.map(|published| (published.seq, published.to)),
    };
    if let Some(marker) = Marker::read(folder)
        && known.as_ref().is_none_or(|(seq, _)| marker.seq >= *seq)
        && let Some(version) = store.playbook(shop, &marker.version).await?
    {
        return Ok(Some(version));
    }
    match known {
        Some((_, hash)) => Ok(store.playbook(shop, &hash).await?),
        // A store from before moves were noted.
        None => Ok(Some(current.clone()).filter(|current| current.author == FROM_FILES)),
    }
}

/// The first characters of a hash, as people are shown it.
#[must_use]
pub fn short(hash: &PlaybookHash) -> &str {
    hash.as_str().get(..8).unwrap_or(hash.as_str())
}

/// A time as people are shown it.
#[must_use]
pub fn shown_time(at: crate::domain::At, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Standing {
    /// Why the folder isn't in force, who put what in force instead, and what to run.
    #[must_use]
    pub fn behind(&self, shop: &ShopId, folder: &Path, zone: &TimeZone) -> Diagnostic {
        let (zh, en) = self.told(zone);
        let over = self.origin.as_ref().map(|origin| short(&origin.hash));
        let (zh_over, en_over) = match over {
            Some(over) => (format!("是在版本 {over} 上改的"), format!("were made over version {over}")),
            None => ("不是在它上面改的".to_owned(), "were not made over it".to_owned()),
        };
        let message = Bilingual::new(
            format!("{zh}；本文件夹的内容{zh_over}，所以没有生效"),
            format!("{en}; the edits in this folder {en_over}, so they are not in force"),
        );
        let run = |command: &str| format!("`xiaoer playbook {command} --shop {shop}`");
        let (diff, pull, push) = (run("diff"), run("pull"), run("push --replace"));
        let help = Bilingual::new(
            format!("先看差别：{diff}；取回线上版本：{pull}；用本文件夹覆盖：{push}"),
            format!("see what differs: {diff}; take what is in force: {pull}; put this folder over it: {push}"),
        );
        let place = Place { file: folder.join("shop.yaml").to_string_lossy().into(), ..Place::default() };
        Diagnostic::error("behind", place, message).with_help(help)
    }

    /// Who put what in force, and when.
    fn told(&self, zone: &TimeZone) -> (String, String) {
        let Some(current) = &self.current else { return Default::default() };
        let hash = short(&current.hash);
        let (at, by, how) = match self.last.as_ref().filter(|last| last.to == current.hash) {
            Some(last) => (last.at, last.by.as_str(), last.how),
            None => (current.at, current.author.as_str(), Move::Published),
        };
        let at = shown_time(at, zone);
        let (zh, en) = match how {
            Move::Published if by == FROM_FILES => {
                return (
                    format!("{at} 另一处的文件发布了版本 {hash}"),
                    format!("version {hash} was published from files elsewhere on {at}"),
                );
            }
            Move::Published => ("发布了版本", "published"),
            Move::Pushed => ("推送了版本", "pushed"),
            Move::RolledBack => ("回退到版本", "rolled back to"),
        };
        (format!("{by} 于 {at} {zh} {hash}"), format!("{by} {en} version {hash} on {at}"))
    }
}
