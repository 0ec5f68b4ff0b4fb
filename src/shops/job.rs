//! One shop is opened: its folder beside the store decides what is served.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::fingerprint::{Fingerprint, fingerprint};
use super::layers::{Layers, layers, parts};
use super::open::{OPEN_FAILED, ORDERS_FAILED, broken};
use super::reload::Known;
use super::sources::Sources;
use super::standing::{Edits, Settled, Standing, VersionError, short, sources_of, standing_since};
use super::{Opening, Shop};
use crate::domain::{PlaybookHash, ShopId};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::store::{FROM_FILES, PlaybookVersion, Published, Store, StoreError};

/// Files that change while they are read are read again after this time, so often.
const READ_AGAIN: (Duration, u32) = (Duration::from_millis(200), 10);
/// Another node may publish at the same moment; then everything is looked at anew.
const TRIES: u32 = 5;

/// Whether the folder may be published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Publishing {
    Allowed,
    /// Something else than the folder changed.
    NotNow,
}

/// What came of opening a shop.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) shop: Option<Shop>,
    pub(super) mistakes: Vec<Diagnostic>,
    pub(super) print: Option<Fingerprint>,
    pub(super) settled: Option<Settled>,
}

/// The shop that is to be opened.
pub(super) struct Job<'a> {
    pub(super) opening: &'a Opening,
    pub(super) id: &'a ShopId,
    pub(super) known: &'a Known,
    pub(super) publishing: Publishing,
    /// What was wrong before.
    pub(super) before: Vec<Diagnostic>,
}

impl Job<'_> {
    pub(super) async fn open(&self) -> Opened {
        let (layers, print) = match self.read().await {
            Ok(read) => read,
            Err(error) => return self.failed(&error.into()),
        };
        let Some(store) = &self.opening.store else {
            return match self.build(layers, None).await {
                Ok(shop) => Opened { shop: Some(shop), print: Some(print), ..Opened::default() },
                Err(mistakes) => Opened { print: remembered(&mistakes, print), mistakes, ..Opened::default() },
            };
        };
        let sources = Sources::of(&layers);
        for _ in 0..TRIES {
            match self.beside(store, &layers, &sources, print).await {
                Ok(Some(opened)) => return opened,
                Ok(None) => {}
                Err(error) => return self.failed(&error.into()),
            }
        }
        self.failed(&anyhow::anyhow!("others publish this shop at the same moment, again and again"))
    }

    /// Opens the folder or what is in force, whichever is to be served. `None`: another node published meanwhile.
    async fn beside(
        &self,
        store: &Store,
        layers: &Layers,
        sources: &Sources,
        print: Fingerprint,
    ) -> Result<Option<Opened>, VersionError> {
        let settled = self.known.settled.as_ref();
        let standing = standing_since(store, self.id, &self.known.folder, sources, settled).await?;
        let seq = standing.last.as_ref().map_or(0, |last| last.seq);
        let settle = |version: &PlaybookHash, seq| Settled { version: version.clone(), digest: sources.digest(), seq };
        let mut mistakes = layers.unreadable();
        match standing.edits {
            Edits::None => {
                let at =
                    standing.origin.as_ref().or(standing.current.as_ref()).map(|version| settle(&version.hash, seq));
                let opened = self.in_force(store, &standing, mistakes, print).await?;
                return Ok(Some(Opened { settled: at, ..opened }));
            }
            Edits::Ahead if self.publishing == Publishing::Allowed => {
                match self.build(layers.clone(), standing.current.as_ref().map(|version| version.hash.clone())).await {
                    Ok(shop) => return self.publish(store, shop, &standing, sources, print).await,
                    Err(wrong) => mistakes = errors(wrong),
                }
            }
            Edits::Ahead => mistakes.clone_from(&self.before),
            Edits::Behind => {
                let (zone, errors) = self.examine(layers.clone()).await;
                mistakes.push(standing.behind(self.id, &self.known.folder, &zone));
                mistakes.extend(errors);
            }
        }
        Ok(Some(self.in_force(store, &standing, mistakes, print).await?))
    }

    /// Publishes the folder, then gives the shop that was built from it.
    async fn publish(
        &self,
        store: &Store,
        shop: Shop,
        standing: &Standing,
        sources: &Sources,
        print: Fingerprint,
    ) -> Result<Option<Opened>, VersionError> {
        let hash = shop.engine.playbook.hash.clone();
        let parent = standing.current.as_ref().map(|version| version.hash.clone());
        let version = sources.version(hash.clone(), parent, FROM_FILES, self.opening.clockwork.now());
        if let Published::Behind { .. } = store.publish_playbook(self.id, version).await? {
            return Ok(None);
        }
        let seq = store.playbook_moves(self.id, 1).await?.first().map_or(0, |last| last.seq);
        let settled = Some(Settled { version: hash.clone(), digest: sources.digest(), seq });
        let shop = Some(Shop { version: Some(hash), ..shop });
        Ok(Some(Opened { shop, print: Some(print), settled, ..Opened::default() }))
    }

    /// The version in force, with what is wrong with the folder.
    async fn in_force(
        &self,
        store: &Store,
        standing: &Standing,
        mut mistakes: Vec<Diagnostic>,
        print: Fingerprint,
    ) -> Result<Opened, VersionError> {
        let mut shop = None;
        if let Some(current) = &standing.current {
            let sources = sources_of(current)?;
            match self.build(sources.layers(self.id), Some(current.hash.clone())).await {
                Ok(built) => {
                    self.keep_stand_in(store, current, sources, &built).await?;
                    shop = Some(built);
                }
                Err(wrong) => {
                    // Where a secret or the orders are missing, the version is not to blame.
                    if wrong.iter().any(|wrong| ![OPEN_FAILED, ORDERS_FAILED].contains(&wrong.code)) {
                        mistakes.push(self.unusable(&current.hash));
                    }
                    mistakes.extend(errors(wrong));
                }
            }
        }
        mistakes.dedup();
        Ok(Opened { shop, print: remembered(&mistakes, print), mistakes, settled: None })
    }

    /// Over another base pack the same files come to another hash. That too is a version, for the turns that name it;
    /// what is in force stays as it is, or two programs would take it from each other for ever.
    async fn keep_stand_in(
        &self,
        store: &Store,
        current: &PlaybookVersion,
        sources: Sources,
        built: &Shop,
    ) -> Result<(), StoreError> {
        let hash = built.engine.playbook.hash.clone();
        if hash == current.hash {
            return Ok(());
        }
        let stands_for = Some(current.hash.clone());
        let sources = Sources { stands_for: stands_for.clone(), ..sources.over_this_pack() };
        let version = sources.version(hash, stands_for, &current.author, self.opening.clockwork.now());
        store.keep_playbook(self.id, version).await
    }

    /// The folder's files as they are at one moment.
    async fn read(&self) -> io::Result<(Layers, Fingerprint)> {
        let folder = self.known.folder.clone();
        let reading = blocking(move || {
            let parts = parts(&folder);
            let (pause, times) = READ_AGAIN;
            let mut before = fingerprint(&parts);
            for _ in 0..times {
                let layers = layers(&folder)?;
                let after = fingerprint(&parts);
                if after == before {
                    return Ok((layers, after));
                }
                before = after;
                std::thread::sleep(pause);
            }
            Err(io::Error::other("the files change without a pause"))
        });
        reading.await.unwrap_or_else(|error| Err(io::Error::other(error.to_string())))
    }

    async fn build(&self, layers: Layers, version: Option<PlaybookHash>) -> Result<Shop, Vec<Diagnostic>> {
        let (opening, id, folder) = (self.opening.clone(), self.id.clone(), self.known.folder.clone());
        let built = blocking(move || opening.shop(&id, &folder, layers, version)).await;
        built.unwrap_or_else(|error| Err(vec![broken(&self.known.folder, &error.into())]))
    }

    /// The zone in which the shop's people read times, and what is wrong with the folder besides being behind.
    async fn examine(&self, layers: Layers) -> (TimeZone, Vec<Diagnostic>) {
        let id = self.id.clone();
        let Ok(loaded) = blocking(move || Playbook::load(id, &layers.stack())).await else {
            return (TimeZone::UTC, Vec::new());
        };
        let zone = loaded.playbook.map_or(TimeZone::UTC, |playbook| playbook.settings.time_zone.clone());
        (zone, errors(loaded.mistakes))
    }

    /// What is in force elsewhere can't be served here; the mistakes that follow say why.
    fn unusable(&self, hash: &PlaybookHash) -> Diagnostic {
        let hash = short(hash);
        let message = Bilingual::new(
            format!("生效的版本 {hash} 在这个节点上用不了，原因见下；能用的旧版本继续用"),
            format!(
                "version {hash} is in force and can't be used on this node, for what follows; an older one is served on"
            ),
        );
        Diagnostic { code: "version", message, ..broken(&self.known.folder, &anyhow::anyhow!("")) }
    }

    /// Nothing could be opened, and not for the sake of the files: it is tried again at the next look.
    fn failed(&self, error: &anyhow::Error) -> Opened {
        Opened { mistakes: vec![broken(&self.known.folder, error)], ..Opened::default() }
    }
}

/// What keeps files from being used.
fn errors(mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.into_iter().filter(|mistake| mistake.severity == Severity::Error).collect()
}

/// A folder that fails for the world's sake, as a secret that isn't set yet, is read again at the next look.
fn remembered(mistakes: &[Diagnostic], print: Fingerprint) -> Option<Fingerprint> {
    let codes: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.code).collect();
    (!codes.contains(OPEN_FAILED)).then_some(print)
}

/// Runs what takes long beside the threads that answer customers.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    tokio::task::spawn_blocking(work).await
}
