//! The one task that writes. It takes what waits, up to 256 pieces of work, into one transaction, each inside its own
//! savepoint; it answers after the commit, so that an answer means "on disk". Messages that platforms wait for come first.

use std::future::Future;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::error::StoreError;
use super::link::Link;
use super::open::Pool;

/// How many pieces of work may wait; beyond, the store is [`StoreError::Busy`].
const QUEUE: usize = 4096;
/// How many share one commit.
const BATCH: usize = 256;
/// How much of the work that platforms don't wait for shares one commit: a turn costs ten times a message, and a
/// message must not wait for a hundred of them.
const BEHIND: usize = 4;

/// A piece of work that is done wholly or not at all. It may be run twice (after a deadlock) and so keeps nothing.
pub(super) trait Write: Send + Sync + 'static {
    type Answer: Send + 'static;

    fn run(&self, link: &mut Link) -> impl Future<Output = Result<Self::Answer, StoreError>> + Send;
}

/// Where work is posted.
pub(super) struct Desk {
    /// What a platform waits for: its messages.
    first: mpsc::Sender<Post>,
    /// Everything else.
    then: mpsc::Sender<Post>,
}

/// Which work comes first.
#[derive(Clone, Copy)]
pub(super) enum Lane {
    /// A platform waits for it.
    First,
    /// Behind what platforms wait for, a few in every commit.
    Then,
}

enum Post {
    Work(Box<dyn Item>),
    Stop(oneshot::Sender<()>),
}

/// Work of any kind, with the one who waits for its answer.
trait Item: Send {
    fn run<'a>(&'a mut self, link: &'a mut Link) -> BoxFuture<'a, Result<(), StoreError>>;
    fn answer(self: Box<Self>, fate: Result<(), StoreError>);
}

struct Posted<W: Write> {
    work: W,
    outcome: Option<W::Answer>,
    reply: oneshot::Sender<Result<W::Answer, StoreError>>,
}

impl<W: Write> Item for Posted<W> {
    fn run<'a>(&'a mut self, link: &'a mut Link) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.outcome = Some(self.work.run(link).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, fate: Result<(), StoreError>) {
        let outcome = self.outcome;
        // Nobody waits any more if the caller went away; what is committed stays so.
        drop(self.reply.send(fate.and_then(|()| outcome.ok_or(StoreError::Closed))));
    }
}

impl Desk {
    /// Starts the task.
    pub(super) fn start(pool: Pool) -> Self {
        let ((first, from_first), (then, from_then)) = (mpsc::channel(QUEUE), mpsc::channel(QUEUE));
        let lanes = Lanes { first: from_first, then: from_then };
        drop(tokio::spawn(Writer { pool, link: None }.work(lanes)));
        Self { first, then }
    }

    /// Posts work and waits until it is committed.
    pub(super) async fn write<W: Write>(&self, lane: Lane, work: W) -> Result<W::Answer, StoreError> {
        let (reply, answer) = oneshot::channel();
        let lane = match lane {
            Lane::First => &self.first,
            Lane::Then => &self.then,
        };
        lane.try_send(Post::Work(Box::new(Posted { work, outcome: None, reply }))).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Commits what was posted before this, and ends the task.
    pub(super) async fn stop(&self) {
        let (reply, done) = oneshot::channel();
        if self.then.send(Post::Stop(reply)).await.is_ok() {
            drop(done.await);
        }
    }
}

fn done(reply: oneshot::Sender<()>) {
    // Whoever asked for the end may have gone.
    reply.send(()).unwrap_or_default();
}

struct Writer {
    pool: Pool,
    link: Option<Link>,
}

/// How a batch was lost.
enum Lost {
    /// Nothing was committed.
    Before(StoreError),
    /// It may or may not have been committed.
    AtCommit(StoreError),
}

/// Where work is fetched.
struct Lanes {
    first: mpsc::Receiver<Post>,
    then: mpsc::Receiver<Post>,
}

impl Lanes {
    /// Waits for work, and takes what shares a commit. False: there will be none any more.
    async fn next(&mut self, posts: &mut Vec<Post>) -> bool {
        let one = tokio::select! {
            biased;
            Some(post) = self.first.recv() => post,
            Some(post) = self.then.recv() => post,
            else => return false,
        };
        posts.push(one);
        take(&mut self.first, BATCH, posts);
        take(&mut self.then, BEHIND, posts);
        true
    }

    fn close(&mut self) {
        self.first.close();
        self.then.close();
    }
}

/// What is there now, `most` pieces of it.
fn take(lane: &mut mpsc::Receiver<Post>, most: usize, posts: &mut Vec<Post>) {
    posts.extend(std::iter::from_fn(|| lane.try_recv().ok()).take(most));
}

impl Writer {
    async fn work(mut self, mut lanes: Lanes) {
        let mut posts = Vec::with_capacity(BATCH);
        while lanes.next(&mut posts).await {
            let (mut items, mut stops) = (Vec::with_capacity(posts.len()), Vec::new());
            for post in posts.drain(..) {
                match post {
                    Post::Work(item) => items.push(item),
                    Post::Stop(reply) => stops.push(reply),
                }
            }
            if !stops.is_empty() {
                lanes.close();
            }
            self.commit(items).await;
            if !stops.is_empty() {
                self.drain(lanes).await;
                drop(self.link.take());
                return stops.into_iter().for_each(done);
            }
        }
    }

    async fn drain(&mut self, mut lanes: Lanes) {
        let mut posts = Vec::new();
        while lanes.next(&mut posts).await {
            for post in posts.drain(..) {
                match post {
                    Post::Work(item) => self.commit(vec![item]).await,
                    Post::Stop(reply) => done(reply),
                }
            }
        }
    }

    /// Commits the items together; after a deadlock or a broken connection, one by one.
    async fn commit(&mut self, mut items: Vec<Box<dyn Item>>) {
        if items.is_empty() {
            return;
        }
        match self.attempt(&mut items).await {
            Ok(fates) => items.into_iter().zip(fates).for_each(|(item, fate)| item.answer(fate)),
            Err(Lost::Before(error)) if error.loses_the_transaction() => {
                tracing::warn!(%error, items = items.len(), "a batch was lost and is tried again item by item");
                for item in items {
                    self.commit_alone(item).await;
                }
            }
            Err(Lost::Before(error) | Lost::AtCommit(error)) => {
                tracing::error!(%error, items = items.len(), "a batch was lost");
                items.into_iter().for_each(|item| item.answer(Err(error.clone())));
            }
        }
    }

    async fn commit_alone(&mut self, item: Box<dyn Item>) {
        let mut items = [item];
        let fate = match self.attempt(&mut items).await {
            Ok(fates) => fates.into_iter().next().unwrap_or(Err(StoreError::Closed)),
            Err(Lost::Before(error) | Lost::AtCommit(error)) => Err(error),
        };
        let [item] = items;
        item.answer(fate);
    }

    /// One transaction. After a failure the connection is given up, so that the next one starts clean.
    async fn attempt(&mut self, items: &mut [Box<dyn Item>]) -> Result<Vec<Result<(), StoreError>>, Lost> {
        let mut link = match self.link.take() {
            Some(link) => link,
            None => self.pool.link().await.map_err(Lost::Before)?,
        };
        let outcome = match in_transaction(&mut link, items).await {
            Ok(fates) => match link.script("COMMIT").await {
                Ok(()) => Ok(fates),
                Err(error) => Err(Lost::AtCommit(error)),
            },
            Err(error) => Err(Lost::Before(error)),
        };
        match outcome {
            Ok(fates) => {
                self.link = Some(link);
                Ok(fates)
            }
            Err(lost) => {
                link.discard();
                Err(lost)
            }
        }
    }
}

/// Runs each item inside its savepoint; an error of one is its own, unless it costs the whole transaction.
async fn in_transaction(
    link: &mut Link,
    items: &mut [Box<dyn Item>],
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    link.script(link.dialect().begin()).await?;
    link.script("SAVEPOINT item").await?;
    let mut fates = Vec::with_capacity(items.len());
    for item in items {
        let fate = item.run(link).await;
        match &fate {
            Ok(()) => link.script("RELEASE SAVEPOINT item; SAVEPOINT item").await?,
            Err(error) if error.loses_the_transaction() => return Err(error.clone()),
            Err(_) => link.script("ROLLBACK TO SAVEPOINT item").await?,
        }
        fates.push(fate);
    }
    Ok(fates)
}
