//! Work on drafts, beside the threads that answer customers, and not much of it at once.

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::last::Last;
use super::{AmendedDraft, Changes, Draft, DraftError, Known};
use crate::domain::{At, PlaybookHash};
use crate::engine::Engine;
use crate::playbook::amend::Amendment;
use crate::playbook::diagnostic::Diagnostic;
use crate::replay::{self, Replayed, Stretch};
use crate::shops::job::blocking;
use crate::shops::sources::FilesDigest;
use crate::store::{FROM_FILES, Published, Store};

/// Drafts that are looked at or compiled at once.
const AT_ONCE: usize = 2;
/// Of a stretch, so many of the newest turns are decided again.
const TURNS_AT_MOST: u32 = 20_000;

/// What is worked on at this node.
pub struct Drafts {
    working: Arc<Semaphore>,
    /// A replay keeps a core busy for seconds; others go on meanwhile.
    replaying: Arc<Semaphore>,
    /// The last draft of a shop that was compiled.
    compiled: Last<(PlaybookHash, FilesDigest), Arc<Engine>>,
    /// What is said of the version that is edited.
    known: Last<PlaybookHash, Arc<Known>>,
}

impl Default for Drafts {
    fn default() -> Self {
        let [working, replaying] = [AT_ONCE, 1].map(|permits| Arc::new(Semaphore::new(permits)));
        Self { working, replaying, compiled: Last::default(), known: Last::default() }
    }
}

impl Drafts {
    /// What is said of a draft while somebody types: every error, and every warning that is new or stands in a changed
    /// file. Cases aren't run.
    ///
    /// # Errors
    /// The work broke off.
    pub async fn lint(&self, draft: Draft) -> Result<Vec<Diagnostic>, DraftError> {
        let (shop, parent) = (draft.shop.clone(), draft.parent.clone());
        let known = self.known.get(&shop, &parent);
        let permit = permit(&self.working).await;
        let linting = blocking(move || {
            let _permit = permit;
            let known = known.unwrap_or_else(|| Arc::new(draft.known()));
            (draft.lint(&known), known)
        });
        let (told, known) = linting.await?;
        self.known.put(&shop, parent, known);
        Ok(told)
    }

    /// Makes amendments, one after the other, over a draft with these changes; then what is said of it, as of [`Drafts::lint`].
    ///
    /// # Errors
    /// The work broke off.
    pub async fn amend(
        &self,
        draft: Draft,
        files: Changes,
        amendments: Vec<Amendment>,
    ) -> Result<(AmendedDraft, Vec<Diagnostic>), DraftError> {
        let permit = permit(&self.working).await;
        let amending = blocking(move || {
            let _permit = permit;
            draft.amend(files, &amendments)
        });
        let (draft, made) = amending.await?;
        Ok((made, self.lint(draft).await?))
    }

    /// A draft, ready to decide at a time. The last one of each shop is kept.
    ///
    /// # Errors
    /// Every error in it.
    pub async fn engine(&self, draft: &Draft, now: At) -> Result<Arc<Engine>, DraftError> {
        let name = draft.name();
        if let Some(engine) = self.compiled.get(&draft.shop, &name) {
            return Ok(engine);
        }
        let permit = permit(&self.working).await;
        let work = draft.clone();
        let compiling = blocking(move || {
            let _permit = permit;
            let engine = work.compile()?;
            // Campaigns that run now are compiled here too, and not while somebody waits for the reply.
            let _compiled = engine.at(now);
            Ok(Arc::new(engine))
        });
        let engine = compiling.await?.map_err(DraftError::Mistakes)?;
        self.compiled.put(&draft.shop, name, engine.clone());
        Ok(engine)
    }

    /// Decides the shop's turns from an instant until before another again by a draft: the newest 20,000 at most. Ends early with what it came to
    /// when `stop` is cancelled.
    ///
    /// # Errors
    /// Every error in the draft; the store does not answer.
    pub async fn replay(
        &self,
        draft: &Draft,
        store: &Store,
        (from, to): (At, At),
        keep: usize,
        stop: CancellationToken,
    ) -> Result<Replayed, DraftError> {
        let permit = permit(&self.replaying).await;
        let engine = self.engine(draft, to).await?;
        let (from, after) = match store.before_the_newest(TURNS_AT_MOST, &draft.shop, from, to).await? {
            Some((at, turn)) => (at, Some(turn)),
            None => (from, None),
        };
        let (store, runtime) = (store.clone(), Handle::current());
        let replaying = blocking(move || {
            let _permit = permit;
            let stretch = Stretch { from, after, to, keep };
            runtime.block_on(replay::again(&store, &engine, stretch, |_, _| match stop.is_cancelled() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }))
        });
        Ok(replaying.await??)
    }

    /// Puts a draft in force, if `parent` is still the version in force: every check is run first. Gives the version that
    /// is then in force; where no file changed, that is the same as before.
    ///
    /// # Errors
    /// Every error in it; another version is in force; the store does not answer.
    pub async fn publish(
        &self,
        draft: Draft,
        store: &Store,
        parent: &PlaybookHash,
        author: &str,
        at: At,
    ) -> Result<PlaybookHash, DraftError> {
        if author == FROM_FILES {
            return Err(DraftError::NobodysName(author.to_owned()));
        }
        if draft.parent != *parent {
            return Err(DraftError::Behind { current: Some(draft.parent) });
        }
        if draft.refused.is_empty() && draft.changed().is_empty() {
            return Ok(draft.parent);
        }
        let permit = permit(&self.working).await;
        let judging = blocking(move || {
            let _permit = permit;
            (draft.sound(), draft)
        });
        let (hash, draft) = judging.await?;
        let hash = hash.map_err(DraftError::Mistakes)?;
        let version = draft.after.version(hash.clone(), Some(draft.parent.clone()), author, at);
        match store.publish_playbook(&draft.shop, version).await? {
            Published::Done | Published::Already => Ok(hash),
            Published::Behind { current } => Err(DraftError::Behind { current }),
        }
    }
}

/// Given back when the work is done, also where nobody waits for it any more.
async fn permit(of: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    // These are never closed.
    of.clone().acquire_owned().await.ok()
}
