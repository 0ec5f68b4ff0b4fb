//! Shops are opened, and opened again: when their files change, when another version comes in force, when somebody asks.
//!
//! The folder speaks first: what was edited over the version in force is published. Otherwise the store's version is
//! served, also by a node whose own files are broken or behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::tz::TimeZone;

use super::fingerprint::{Fingerprint, fingerprint};
use super::layers::{Layers, folders, layers, parts};
use super::open::{OPEN_FAILED, broken};
use super::sources::Sources;
use super::standing::{Edits, Settled, Standing, VersionError, short, sources_of, standing_since};
use super::{OpenError, Opening, Shop, Shops};
use crate::domain::{PlaybookHash, ShopId};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Diagnostic, Severity};
use crate::store::{FROM_FILES, PlaybookVersion, Published, Store, StoreError};

/// Opened side by side.
const AT_ONCE: usize = 4;
/// A folder that is missing is looked for once more after this time: whoever replaces one moves it away first.
const GONE_FOR: Duration = Duration::from_millis(500);
/// Files that change while they are read are read again after this time, so often.
const READ_AGAIN: (Duration, u32) = (Duration::from_millis(200), 10);
/// Another node may publish at the same moment; then everything is looked at anew.
const TRIES: u32 = 5;

/// What is known of the folders, by shop.
#[derive(Default)]
pub(super) struct Watched {
    shops: BTreeMap<ShopId, Known>,
    /// Why the folder of shops could not be listed when it was last tried.
    unlisted: Option<String>,
}

/// What is known of one folder.
#[derive(Clone, Default)]
struct Known {
    folder: PathBuf,
    /// As it was read last; `None`: it is read again at the next look.
    print: Option<Fingerprint>,
    settled: Option<Settled>,
    /// A version that can't be served here.
    unusable: Option<PlaybookHash>,
}

/// Which shops are opened again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Changed,
}

/// Whether the folder may be published.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Publishing {
    Allowed,
    /// Something else than the folder changed.
    NotNow,
}

/// What came of opening a shop.
#[derive(Default)]
struct Opened {
    shop: Option<Shop>,
    mistakes: Vec<Diagnostic>,
    print: Option<Fingerprint>,
    settled: Option<Settled>,
}

/// The shop that is to be opened.
struct Job<'a> {
    opening: &'a Opening,
    id: &'a ShopId,
    known: &'a Known,
    publishing: Publishing,
    /// What was wrong before.
    before: Vec<Diagnostic>,
}

impl Shops {
    /// Opens every shop below a folder. What is wrong is told in [`Shops::problems`].
    ///
    /// # Errors
    /// The folder can't be listed.
    pub async fn open(folder: &Path, opening: &Opening) -> Result<Self, OpenError> {
        let (folder, watched) = (folder.to_owned(), tokio::sync::Mutex::default());
        let shops = Self { folder, inner: RwLock::default(), modes: RwLock::default(), watched };
        shops.look(opening, Which::All).await?;
        Ok(shops)
    }

    /// Where the shops' folders are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens every shop again, secrets included. One that can't be opened as it stands now is served on as it was.
    ///
    /// # Errors
    /// The folder can't be listed.
    pub async fn reload(&self, opening: &Opening) -> Result<(), OpenError> {
        self.look(opening, Which::All).await
    }

    /// Opens the shops again whose files changed; new folders are served, folders that are gone are served no more.
    ///
    /// # Errors
    /// The folder can't be listed; everything is served on as it was.
    pub async fn reload_changed(&self, opening: &Opening) -> Result<(), OpenError> {
        self.look(opening, Which::Changed).await
    }

    /// Whether any file is another than when it was read last.
    pub async fn is_changed(&self) -> bool {
        let watched = self.watched.lock().await;
        let Ok(found) = self.list().await else { return false };
        let now: BTreeMap<&ShopId, &Fingerprint> = found.iter().map(|(id, (_, print))| (id, print)).collect();
        now.len() != watched.shops.len()
            || watched.shops.iter().any(|(id, known)| known.print.as_ref() != now.get(id).copied())
    }

    async fn look(&self, opening: &Opening, which: Which) -> Result<(), OpenError> {
        let mut watched = self.watched.lock().await;
        let found = self.list_twice(&mut watched).await?;
        let gone: Vec<ShopId> = watched.shops.keys().filter(|id| !found.contains_key(*id)).cloned().collect();
        for id in gone {
            watched.shops.remove(&id);
            self.forget(&id);
        }
        let mut due = Vec::new();
        for (id, (folder, print)) in found {
            let known = watched.shops.entry(id.clone()).or_default();
            known.folder = folder;
            if which == Which::All || known.print != Some(print) {
                due.push((id, known.clone()));
            }
        }
        let opened = stream::iter(due).map(|(id, known)| async move {
            let opened = self.job(opening, &id, &known, Publishing::Allowed).open().await;
            (id, opened)
        });
        let mut opened = opened.buffer_unordered(AT_ONCE);
        while let Some((id, opened)) = opened.next().await {
            self.take_in(&mut watched, &id, opened);
        }
        Ok(())
    }

    /// Opens the shops again for which another version came in force than the one that is served.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn follow(&self, opening: &Opening) -> Result<(), StoreError> {
        let Some(store) = &opening.store else { return Ok(()) };
        let in_force = store.playbooks_in_force().await?;
        if !in_force.iter().any(|(id, hash)| self.is_other(id, hash)) {
            return Ok(());
        }
        let mut watched = self.watched.lock().await;
        for (id, hash) in in_force.into_iter().filter(|(id, hash)| self.is_other(id, hash)) {
            let Some(known) = watched.shops.get(&id).filter(|known| known.unusable.as_ref() != Some(&hash)) else {
                continue;
            };
            let opened = self.job(opening, &id, known, Publishing::NotNow).open().await;
            if opened.shop.is_none()
                && let Some(known) = watched.shops.get_mut(&id)
            {
                // Not at every beat: the next look at the files tries it again.
                known.unusable = Some(hash);
                known.print = None;
            }
            self.take_in(&mut watched, &id, Opened { print: None, ..opened });
        }
        Ok(())
    }

    /// Whether a shop of ours is served by another version.
    fn is_other(&self, id: &ShopId, hash: &PlaybookHash) -> bool {
        let inner = self.read();
        match inner.by_id.get(id) {
            Some(shop) => shop.version.as_ref() != Some(hash),
            None => inner.problems.contains_key(id),
        }
    }

    fn job<'a>(&'a self, opening: &'a Opening, id: &'a ShopId, known: &'a Known, publishing: Publishing) -> Job<'a> {
        let before = self.read().problems.get(id).map(|(_, mistakes)| mistakes.clone()).unwrap_or_default();
        Job { opening, id, known, publishing, before }
    }

    async fn list(&self) -> Result<BTreeMap<ShopId, (PathBuf, Fingerprint)>, OpenError> {
        let shops = self.folder.clone();
        let listing = blocking(move || {
            let found = folders(&shops)?.into_iter();
            Ok(found.map(|(id, folder)| (id, (folder.clone(), fingerprint(&parts(&folder))))).collect())
        });
        listing.await.unwrap_or_else(|error| {
            Err(OpenError::Folder { path: self.folder.clone(), error: io::Error::other(error.to_string()) })
        })
    }

    /// The folders there are; one that is missing is looked for once more.
    async fn list_twice(&self, watched: &mut Watched) -> Result<BTreeMap<ShopId, (PathBuf, Fingerprint)>, OpenError> {
        let mut found = self.list().await;
        let missing = |found: &BTreeMap<_, _>| watched.shops.keys().any(|id| !found.contains_key(id));
        if found.as_ref().is_ok_and(missing) {
            tokio::time::sleep(GONE_FOR).await;
            found = self.list().await;
        }
        let unlisted = found.as_ref().err().map(ToString::to_string);
        if unlisted != watched.unlisted
            && let Some(why) = &unlisted
        {
            tracing::error!("{why}");
        }
        watched.unlisted = unlisted;
        found
    }

    fn forget(&self, id: &ShopId) {
        let mut inner = self.write();
        inner.problems.remove(id);
        if inner.by_id.remove(id).is_some() {
            tracing::warn!(shop = %id, "the shop's folder is gone; it is served no more");
        }
    }

    /// Puts what was opened in place, and says what is new about it.
    fn take_in(&self, watched: &mut Watched, id: &ShopId, opened: Opened) {
        let Some(known) = watched.shops.get_mut(id) else { return };
        known.print = opened.print.or(known.print);
        known.settled = opened.settled.or_else(|| known.settled.take());
        let mut inner = self.write();
        let before = inner.problems.remove(id).map(|(_, mistakes)| mistakes).unwrap_or_default();
        for mistake in opened.mistakes.iter().filter(|mistake| !before.contains(mistake)) {
            let (file, line, code) = (&mistake.place.file, mistake.place.line, mistake.code);
            tracing::error!(shop = %id, %file, line, code, "{}", mistake.message.en);
        }
        if !before.is_empty() && opened.mistakes.is_empty() {
            tracing::info!(shop = %id, "the shop's files are mended");
        }
        if !opened.mistakes.is_empty() {
            inner.problems.insert(id.clone(), (known.folder.clone(), opened.mistakes));
        }
        if let Some(shop) = opened.shop {
            known.unusable = None;
            let hash = &shop.engine.playbook.hash;
            let old = inner.by_id.get(id).map(|shop| shop.engine.playbook.hash.clone());
            if old.as_ref() != Some(hash) {
                tracing::info!(shop = %id, playbook = %hash, before = old.as_ref().map(short), "a playbook is in force");
            }
            inner.by_id.insert(id.clone(), Arc::new(shop));
        }
    }
}

impl Job<'_> {
    async fn open(&self) -> Opened {
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
        let version = PlaybookVersion {
            hash: hash.clone(),
            parent: standing.current.as_ref().map(|version| version.hash.clone()),
            author: FROM_FILES.to_owned(),
            at: self.opening.clockwork.now(),
            sources: sources.to_json(),
        };
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
                Err(wrong) => mistakes.extend(errors(wrong)),
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
        let base = env!("CARGO_PKG_VERSION").to_owned();
        let sources = Sources { base, stands_for: Some(current.hash.clone()), ..sources };
        let version = PlaybookVersion {
            hash,
            parent: Some(current.hash.clone()),
            author: current.author.clone(),
            at: self.opening.clockwork.now(),
            sources: sources.to_json(),
        };
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
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, tokio::task::JoinError> {
    tokio::task::spawn_blocking(work).await
}
