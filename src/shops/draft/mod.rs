//! A draft: the version in force with files that somebody edits at the desk. It is made from what was published, never
//! from a folder, so that every node makes the same of it.

mod amend;
mod difference;
mod last;
mod limits;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::examine::{examine, examine_words};
use super::open;
use super::sources::{Files, FilesDigest, Sources, differing};
use super::standing::{VersionError, sources_of};
use crate::domain::{PlaybookHash, ShopId};
use crate::engine::Engine;
use crate::playbook::Loaded;
use crate::playbook::diagnostic::{Diagnostic, Severity};
use crate::playbook::tree::SourceFile;
use crate::store::{Store, StoreError};

pub use amend::{AmendedDraft, ChangedFile};
pub use work::Drafts;

/// Files by path, below the shop's folder: a new text, or `None` for one that is taken away.
pub type Changes = BTreeMap<String, Option<String>>;

/// What became of working on a draft.
#[derive(Debug, Error)]
pub enum DraftError {
    /// Nothing of the shop was published yet.
    #[error("nothing of this shop was published yet")]
    Unpublished,
    /// What stands in the way, all of it.
    #[error("the draft has mistakes")]
    Mistakes(Vec<Diagnostic>),
    /// Another version came in force meanwhile.
    #[error("another version is in force")]
    Behind {
        /// Which.
        current: Option<PlaybookHash>,
    },
    /// Services sign with this name what they read from files.
    #[error("the name `{0}` is not a person's")]
    NobodysName(String),
    /// The store does not answer, or holds what can't be read.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The work broke off.
    #[error("the draft could not be worked on: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

impl From<StoreError> for DraftError {
    fn from(error: StoreError) -> Self {
        Self::Version(error.into())
    }
}

/// The version in force with changed files.
#[derive(Clone, Debug)]
pub struct Draft {
    shop: ShopId,
    parent: PlaybookHash,
    before: Sources,
    after: Sources,
    /// Changes that don't belong here.
    refused: Vec<Diagnostic>,
}

impl Draft {
    /// Over the version that is in force now.
    ///
    /// # Errors
    /// There is none, or it can't be read.
    pub async fn over_current(store: &Store, shop: &ShopId, changes: Changes) -> Result<Self, DraftError> {
        let current = store.latest_playbook(shop).await?.ok_or(DraftError::Unpublished)?;
        let before = sources_of(&current)?;
        Ok(Self::new(shop, current.hash, before, changes))
    }

    fn new(shop: &ShopId, parent: PlaybookHash, before: Sources, changes: Changes) -> Self {
        let mut after = before.over_this_pack();
        let mut refused = Vec::new();
        for (path, text) in changes {
            let shown = file(shop, &path, "");
            match text {
                _ if !limits::is_edited_here(&path) => refused.push(limits::not_here(&shown)),
                // As a folder is read.
                Some(text) => drop(after.files.insert(path, without_mark(&text))),
                None if path == "shop.yaml" => refused.push(limits::not_without(&shown)),
                None => drop(after.files.remove(&path)),
            }
        }
        Self { shop: shop.clone(), parent, before, after, refused }
    }

    /// The files that say something else than in that version.
    fn changed(&self) -> BTreeSet<&str> {
        differing(&self.before.files, &self.after.files).collect()
    }

    /// What is said of the version that it was made from.
    fn known(&self) -> Known {
        examine_words(&self.shop, &self.before.layers(&self.shop).stack()).iter().map(named).collect()
    }

    /// What is said of it while somebody types: every error, and every warning that isn't known or that stands in a
    /// changed file. Cases aren't run.
    fn lint(&self, known: &Known) -> Vec<Diagnostic> {
        let changed: BTreeSet<String> =
            self.changed().into_iter().map(|path| format!("{}/{path}", self.shop)).collect();
        let mut told = self.not_from_here();
        told.extend(examine_words(&self.shop, &self.after.layers(&self.shop).stack()));
        told.retain(|told| {
            let stands_in_a_changed_file = changed.contains(&*told.place.file);
            told.severity == Severity::Error || stands_in_a_changed_file || !known.contains(&named(told))
        });
        told.sort_by(|a, b| a.place.cmp(&b.place));
        told
    }

    /// What can't be changed here.
    fn not_from_here(&self) -> Vec<Diagnostic> {
        let of = |files: &Files, path: &str| files.get(path).map(|text| file(&self.shop, path, text));
        let kept = self.changed().into_iter().filter_map(|path| {
            let now = of(&self.after.files, path)?;
            Some(limits::kept(&now, of(&self.before.files, path).as_ref()))
        });
        self.refused.iter().cloned().chain(kept.flatten()).collect()
    }

    /// Nothing, unless something in it can't be changed here; then every error is told that is seen without compiling.
    fn is_from_here(&self) -> Result<(), Vec<Diagnostic>> {
        let refused = self.not_from_here();
        if refused.is_empty() {
            return Ok(());
        }
        let written = examine_words(&self.shop, &self.after.layers(&self.shop).stack());
        Err(errors([refused, written].concat()))
    }

    /// Ready to decide with.
    fn compile(&self) -> Result<Engine, Vec<Diagnostic>> {
        self.is_from_here()?;
        open::engine(&self.shop, self.after.layers(&self.shop)).map_err(errors)
    }

    /// The hash that it comes to, if it may come in force.
    fn sound(&self) -> Result<PlaybookHash, Vec<Diagnostic>> {
        self.is_from_here()?;
        let Loaded { playbook, mistakes } = examine(&self.shop, &self.after.layers(&self.shop).stack())
            .map_err(|error| vec![open::broken(Path::new(self.shop.as_str()), &error.into())])?;
        let mistakes = errors(mistakes);
        playbook.filter(|_| mistakes.is_empty()).map(|playbook| playbook.hash).ok_or(mistakes)
    }

    /// Equal for equal files over the same version.
    fn name(&self) -> (PlaybookHash, FilesDigest) {
        (self.parent.clone(), self.after.digest())
    }
}

/// Mistakes by file, code and message: lines move while somebody edits.
type Known = BTreeSet<(Arc<str>, &'static str, String)>;

fn named(mistake: &Diagnostic) -> (Arc<str>, &'static str, String) {
    (mistake.place.file.clone(), mistake.code, mistake.message.en.clone())
}

fn errors(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.retain(|mistake| mistake.severity == Severity::Error);
    mistakes
}

fn file(shop: &ShopId, path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), shown: format!("{shop}/{path}").into(), text: text.to_owned() }
}

fn without_mark(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()
}
