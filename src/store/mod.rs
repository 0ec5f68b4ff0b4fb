//! The store, in the service's words: messages are accepted, conversations claimed, turns committed, replies sent.
//!
//! SQLite (default) or PostgreSQL, by the address. Every statement is written once and runs on both; what differs
//! stands in `dialect.rs`. Reads use a few connections of their own. Every write goes through one task, which commits
//! up to 256 of them together and answers each only once that commit is on disk.
//!
//! Two numbers keep the bot and people apart. A **lease** says which node decides a conversation's turn, or sends a
//! reply, and until when. The **epoch** of a conversation rises whenever anything but a turn moves it; a turn or a
//! bot's reply from before is stale and comes to nothing.

mod accept;
mod claim;
mod commit;
mod conversation;
mod counts;
mod customer;
mod desk;
mod dialect;
mod episode;
mod error;
mod event;
mod invitation;
mod link;
mod migrate;
mod multiply;
mod newest;
mod open;
mod outbox;
mod people;
mod phrase;
mod picture;
mod playbook;
mod presence;
mod promise;
mod queue;
mod read;
mod said;
mod send;
mod shop;
mod signal;
mod signin;
mod stream;
mod takeover;
mod tally;
mod undo;
mod upkeep;
mod writer;

use std::sync::Arc;

use crate::domain::NodeId;

pub use accept::{Acceptance, Delivery, Incoming, NewIds};
pub use claim::ClaimedConversation;
pub use commit::{CommitTurn, Committed};
pub use conversation::ConversationRow;
pub use counts::Counts;
pub use desk::{Close, Destination, Queued};
pub use error::StoreError;
pub use event::EventRow;
pub use invitation::InvitationRow;
pub use outbox::{Author, DeliveryMode, NewReply, ReplyKind, ReplyRow, ReplyState};
pub use people::{MemberRow, Membership, PrincipalRow};
pub use phrase::{PhraseMove, PhraseRow};
pub use picture::PictureRow;
pub use playbook::{FROM_FILES, Move, PlaybookMove, PlaybookVersion, Published};
pub use presence::{GONE_AFTER, Presence, PresenceRow};
pub use promise::{NewPromise, PromiseMove, PromiseRow};
pub use queue::QueueRow;
pub use read::{ConversationPage, EpisodeRow, SignalRow};
pub use said::{AskedRow, RepliedRow};
pub use send::ClaimedReply;
pub use shop::{ModeRow, OrderUpdateRow};
pub use signal::{Signal, SignalKind};
pub use signin::{SessionRow, TokenRow};
pub use stream::{StreamPlace, StreamRow};
pub use takeover::Taken;
pub use tally::{TallyBatch, TallyPlace, TallyRow};
pub use undo::TakenBack;
pub use upkeep::{OFFLINE, SILENT, Upkeep};

use link::Link;
use open::{Location, Pool, Use};
use writer::{Desk, Lane, Write};

/// Everything that is kept. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    node: NodeId,
    writer: Desk,
    writes: Pool,
    reads: Pool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("Store").field("node", &self.inner.node).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens `sqlite://PATH`, `sqlite:PATH` or `postgres://…`, brings it up to date, and makes sure that it keeps what
    /// it commits. `node` names this process in leases; two processes never share one.
    pub async fn open(url: &str, node: NodeId) -> Result<Self, StoreError> {
        let location = Location::parse(url)?;
        if let Location::Sqlite(path) = &location
            && let Some(folder) = std::path::Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            let made = tokio::fs::create_dir_all(folder).await;
            made.map_err(|error| StoreError::Refused(format!("{}: {error}", folder.display())))?;
        }
        let writes = location.pool(Use::Write);
        let mut link = writes.link().await?;
        open::check_promises(&mut link).await?;
        migrate::apply(&mut link).await?;
        drop(link);
        let inner = Inner { node, writer: Desk::start(writes.clone()), writes, reads: location.pool(Use::Read) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The names of the migrations that opening this address would apply. Changes nothing.
    pub async fn migrate_dry_run(url: &str) -> Result<Vec<&'static str>, StoreError> {
        let location = Location::parse(url)?;
        if let Location::Sqlite(path) = &location
            && !tokio::fs::try_exists(path).await.unwrap_or(false)
        {
            return Ok(migrate::all());
        }
        let pool = location.pool(Use::Read);
        let missing = migrate::missing(&mut pool.link().await?).await;
        pool.close().await;
        missing
    }

    /// Commits what was posted, then closes every connection. Later calls get [`StoreError::Closed`].
    pub async fn close(&self) {
        self.inner.writer.stop().await;
        self.inner.reads.close().await;
        self.inner.writes.close().await;
    }

    /// Whether the database can be read, and the writer commits.
    pub async fn ping(&self) -> Result<(), StoreError> {
        struct Nothing;
        impl Write for Nothing {
            type Answer = ();
            async fn run(&self, _: &mut Link) -> Result<(), StoreError> {
                Ok(())
            }
        }
        self.read().await?.row("SELECT 1 AS one", &[]).await?;
        self.write(Nothing).await
    }

    /// The name under which this store leases.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        &self.inner.node
    }

    async fn write<W: Write>(&self, work: W) -> Result<W::Answer, StoreError> {
        self.inner.writer.write(Lane::Then, work).await
    }

    /// Ahead of everything else: a platform waits for it.
    async fn write_first<W: Write>(&self, work: W) -> Result<W::Answer, StoreError> {
        self.inner.writer.write(Lane::First, work).await
    }

    async fn read(&self) -> Result<Link, StoreError> {
        match self.inner.reads.link().await {
            Err(StoreError::Database(error)) if matches!(*error, sqlx::Error::PoolClosed) => Err(StoreError::Closed),
            outcome => outcome,
        }
    }
}
