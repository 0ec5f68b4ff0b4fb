//! Which shops there are: their playbooks compiled, their channels, their orders, and how much the bot may do in each.

mod clockwork;
mod draft;
mod examine;
mod fingerprint;
mod history;
mod job;
mod layers;
mod open;
mod orders;
mod pull;
mod reload;
mod secrets;
mod sources;
mod standing;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::channels::{Channel, TryPage};
use crate::domain::{ChannelName, IntentId, Mode, PlaybookHash, ShopId};
use crate::engine::{Engine, Orders};
use crate::nearness::{NearExamples, Nearness};
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::settings::Delivery;
use crate::store::{DeliveryMode, Store, StoreError};

pub use clockwork::{Clock, Clockwork};
pub use draft::{AmendedDraft, ChangedFile, Changes, Draft, DraftError, Drafts};
pub use examine::examine;
pub use history::{Named, in_force_before, version_named};
pub use layers::{Layers, folders, layers, load_playbook, parts};
pub use open::{OpenError, Opening};
pub use orders::ShopOrders;
pub use pull::{KEPT, Plan, PullError};
pub use secrets::{SecretError, Secrets};
pub use sources::{Files, GroupFiles, MARKER, Marker, Sources, differing};
pub use standing::{Edits, Standing, VersionError, short, shown_time, sources_of, standing};
pub use watch::Keeper;

/// The name of the channel that `/try/{shop}` writes through.
pub const TRY_CHANNEL: &str = "try";

/// One shop, ready to serve. Never changed: another version is another value, so that whoever holds one has its words,
/// channels and orders of one piece.
pub struct Shop {
    /// The name of its folder.
    pub id: ShopId,
    /// Where its files are.
    pub folder: PathBuf,
    /// The version that was in force in the store when it was opened. Its playbook has another hash where the version was
    /// made over another base pack than this program's. `None`: without a store.
    pub version: Option<PlaybookHash>,
    engine: Arc<Engine>,
    channels: BTreeMap<ChannelName, Arc<dyn Channel>>,
    /// The channel of its own page, if it has one.
    pub try_page: Option<TryPage>,
    orders: Arc<dyn Orders>,
    near: Option<NearExamples>,
}

impl Shop {
    /// Its playbook, compiled. A turn holds on to the one it began with.
    #[must_use]
    pub fn engine(&self) -> Arc<Engine> {
        self.engine.clone()
    }

    /// A channel by its name in `shop.yaml`.
    #[must_use]
    pub fn channel(&self, name: &ChannelName) -> Option<&Arc<dyn Channel>> {
        self.channels.get(name)
    }

    /// Where its orders are looked up.
    #[must_use]
    pub fn orders(&self) -> &dyn Orders {
        self.orders.as_ref()
    }

    /// Who finds examples of like meaning, if it has one.
    #[must_use]
    pub fn nearness(&self) -> Option<&dyn Nearness> {
        self.near.as_ref().map(|near| near as &dyn Nearness)
    }

    /// The same, to see how far it is.
    #[must_use]
    pub fn near_examples(&self) -> Option<&NearExamples> {
        self.near.as_ref()
    }

    /// What is done about a send on this channel whose result is unknown.
    #[must_use]
    pub fn delivery(&self, channel: &ChannelName) -> DeliveryMode {
        match self.engine().playbook.settings.channels.get(channel).map(|settings| settings.delivery) {
            Some(Delivery::AtLeastOnce) => DeliveryMode::AtLeastOnce,
            _ => DeliveryMode::AtMostOnce,
        }
    }
}

/// A shop whose files can't be put in force as they stand.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which.
    pub shop: ShopId,
    /// Where its files are.
    pub folder: PathBuf,
    /// What is wrong, all of it.
    pub mistakes: Vec<Diagnostic>,
    /// Whether the shop is served all the same, by the version that is in force.
    pub served: bool,
}

/// All shops of this node.
pub struct Shops {
    folder: PathBuf,
    inner: RwLock<Inner>,
    modes: RwLock<BTreeMap<(ShopId, Option<IntentId>), Mode>>,
    /// Held while shops are opened, so that one thing happens to them at a time.
    watched: tokio::sync::Mutex<reload::Watched>,
    drafts: Drafts,
}

#[derive(Default)]
struct Inner {
    by_id: BTreeMap<ShopId, Arc<Shop>>,
    problems: BTreeMap<ShopId, (PathBuf, Vec<Diagnostic>)>,
}

impl Shops {
    /// A shop by its id.
    #[must_use]
    pub fn get(&self, id: &ShopId) -> Option<Arc<Shop>> {
        self.read().by_id.get(id).cloned()
    }

    /// Every shop, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Shop>> {
        self.read().by_id.values().cloned().collect()
    }

    /// Shops whose files can't be put in force as they stand; `/readyz` names them.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let inner = self.read();
        let problem = |(shop, (folder, mistakes)): (&ShopId, &(PathBuf, Vec<Diagnostic>))| Problem {
            shop: shop.clone(),
            folder: folder.clone(),
            mistakes: mistakes.clone(),
            served: inner.by_id.contains_key(shop),
        };
        inner.problems.iter().map(problem).collect()
    }

    /// What people edit at the desk.
    #[must_use]
    pub fn drafts(&self) -> &Drafts {
        &self.drafts
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much the bot may do on a channel of a shop, and about single intents: the least of what the files and the
    /// kill switch say.
    #[must_use]
    pub fn mode(&self, shop: &Shop, channel: &ChannelName) -> (Mode, BTreeMap<IntentId, Mode>) {
        let modes = self.modes.read().unwrap_or_else(PoisonError::into_inner);
        let settings = &shop.engine().playbook.settings;
        let switched = modes.get(&(shop.id.clone(), None)).copied();
        let written = settings.mode_of(channel);
        // The switch of the whole shop overrides the file, so that a shop in `suggest` can be set to `auto` and back.
        let of_channel = settings.channels.get(channel).and_then(|channel| channel.mode).unwrap_or(Mode::Auto);
        let mode = switched.map_or(written, |switched| switched.min(of_channel));
        let of_intents = modes.iter().filter(|((of, _), _)| *of == shop.id);
        let of_intents = of_intents.filter_map(|((_, intent), mode)| Some((intent.clone()?, *mode)));
        (mode, of_intents.collect())
    }

    /// Reads the kill switch again. Called twice a second, so that a turn of it is in force on every node within one.
    ///
    /// # Errors
    /// The store does not answer; the modes stay as they were.
    pub async fn refresh_modes(&self, store: &Store) -> Result<(), StoreError> {
        let rows = store.modes().await?;
        let fresh = rows.into_iter().map(|row| ((row.shop, row.intent), row.mode)).collect();
        *self.modes.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}
