//! Keeps the shops of a running service up to date: with their files, and with the versions that others put in force.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{OpenError, Opening, Shops};

/// Files are read once nobody has written for this time …
const QUIET: Duration = Duration::from_millis(300);
/// … or after this one, if somebody writes on and on.
const AT_MOST: Duration = Duration::from_secs(2);
/// Another version is noticed within this time.
const FOLLOW: Duration = Duration::from_millis(400);
/// All files are looked at this often, for folders whose changes the system doesn't tell of.
const LOOK: Duration = Duration::from_secs(10);

/// The one who keeps the shops up to date.
#[derive(Clone)]
pub struct Keeper {
    /// Which.
    pub shops: Arc<Shops>,
    /// What they are opened with.
    pub opening: Opening,
}

impl Keeper {
    /// Works until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let quiet = Arc::new(Notify::new());
        let watching = Watching::start(self.shops.folder(), quiet.clone()).await;
        let (mut follow, mut look) = (interval(FOLLOW), interval(LOOK));
        follow.set_missed_tick_behavior(MissedTickBehavior::Delay);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut store_answers = true;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = quiet.notified() => self.read_changed().await,
                _ = look.tick() => self.look_for_changes().await,
                _ = follow.tick() => {
                    let followed = self.shops.follow(&self.opening).await;
                    if let Err(error) = &followed && store_answers {
                        tracing::error!(%error, "versions that others publish can't be read");
                    }
                    store_answers = followed.is_ok();
                }
            }
        }
        drop(watching);
    }

    /// Reads everything again, secrets included.
    pub async fn reload(&self) {
        match self.shops.reload(&self.opening).await {
            Ok(()) => tracing::info!("the shops were read again"),
            Err(OpenError::Folder { .. }) => {} // told where it was found
        }
    }

    /// What the system didn't tell of may be half written.
    async fn look_for_changes(&self) {
        if self.shops.is_changed().await {
            tokio::time::sleep(QUIET).await;
            self.read_changed().await;
        }
    }

    async fn read_changed(&self) {
        match self.shops.reload_changed(&self.opening).await {
            Ok(()) | Err(OpenError::Folder { .. }) => {} // told where it was found
        }
    }
}

/// Ends with its value.
struct Watching {
    _watcher: Option<RecommendedWatcher>,
}

impl Watching {
    /// Tells `quiet` whenever something below the folder changed and nobody writes any more.
    async fn start(folder: &Path, quiet: Arc<Notify>) -> Self {
        let (told, hears) = mpsc::channel(1);
        let folder = folder.to_owned();
        let starting = tokio::task::spawn_blocking(move || {
            let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // Full means that somebody is being told already.
                if event.map_or(true, |event| is_change(event.kind)) {
                    let _ = told.try_send(());
                }
            })?;
            watcher.watch(&folder, RecursiveMode::Recursive)?;
            notify::Result::Ok(watcher)
        });
        tokio::spawn(debounce(hears, quiet));
        let started = starting.await.map_err(|error| notify::Error::generic(&error.to_string()));
        match started.and_then(|started| started) {
            Ok(watcher) => Self { _watcher: Some(watcher) },
            Err(error) => {
                tracing::warn!(%error, "files can't be watched; they are looked at every {} s", LOOK.as_secs());
                Self { _watcher: None }
            }
        }
    }
}

/// Reading is none, or reading what changed would be a change.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

async fn debounce(mut changes: mpsc::Receiver<()>, quiet: Arc<Notify>) {
    while changes.recv().await.is_some() {
        let end = Instant::now() + AT_MOST;
        while let Ok(change) = timeout_at(end.min(Instant::now() + QUIET), changes.recv()).await {
            if change.is_none() || Instant::now() >= end {
                break;
            }
        }
        quiet.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_changes_are_told_once_and_an_endless_row_of_them_too() {
        let (told, hears) = mpsc::channel(1);
        let quiet = Arc::new(Notify::new());
        tokio::spawn(debounce(hears, quiet.clone()));
        let began = Instant::now();
        for _ in 0..5 {
            let _ = told.try_send(());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        quiet.notified().await;
        assert!(began.elapsed() >= QUIET + Duration::from_millis(200), "it waited for the last of them");
        assert!(tokio::time::timeout(2 * QUIET, quiet.notified()).await.is_err(), "told twice");

        let began = Instant::now();
        let writing = tokio::spawn(async move {
            loop {
                let _ = told.try_send(());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        quiet.notified().await;
        assert!(began.elapsed() >= AT_MOST && began.elapsed() < AT_MOST + QUIET);
        writing.abort();
    }
}
