//! Shops are opened, and opened again: when their files change, when another version comes in force, when somebody asks.
//!
//! The folder speaks first: what was edited over the version in force is published. Otherwise the store's version is
//! served, also by a node whose own files are broken or behind.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use super::fingerprint::{Fingerprint, fingerprint};
use super::job::{Job, Opened, Publishing, blocking};
use super::layers::{folders, parts};
use super::standing::{Settled, short};
use super::{Drafts, OpenError, Opening, Shops};
use crate::domain::{PlaybookHash, ShopId};
use crate::store::StoreError;

/// Opened side by side: compiling takes a core and some memory each.
const AT_ONCE: usize = 2;
/// A folder that is missing is looked for once more after this time: whoever replaces one moves it away first.
const GONE_FOR: Duration = Duration::from_millis(500);

/// What is known of the folders, by shop.
#[derive(Default)]
pub(super) struct Watched {
    shops: BTreeMap<ShopId, Known>,
    /// Why the folder of shops could not be listed when it was last tried.
    unlisted: Option<String>,
}

/// What is known of one folder.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) folder: PathBuf,
    /// As it was read last; `None`: it is read again at the next look.
    print: Option<Fingerprint>,
    pub(super) settled: Option<Settled>,
    /// A version that can't be served here.
    unusable: Option<PlaybookHash>,
}

/// Which shops are opened again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Changed,
}

impl Shops {
    /// Opens every shop below a folder. What is wrong is told in [`Shops::problems`].
    ///
    /// # Errors
    /// The folder can't be listed.
    pub async fn open(folder: &Path, opening: &Opening) -> Result<Self, OpenError> {
        let (folder, watched) = (folder.to_owned(), tokio::sync::Mutex::default());
        let (inner, modes, drafts) = (RwLock::default(), RwLock::default(), Drafts::default());
        let shops = Self { folder, inner, modes, watched, drafts };
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
