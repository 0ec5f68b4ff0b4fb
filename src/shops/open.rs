//! From layers of files to a shop that is ready to serve: load, compile, open the channels and the order source.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use thiserror::Error;

use super::layers::{Layers, layers};
use super::orders::ShopOrders;
use super::{Clockwork, Secrets, Shop, TRY_CHANNEL};
use crate::channels::{self, Channel, HttpClient, SigningSecret, Standard, TryPage};
use crate::domain::{ChannelName, PlaybookHash, ShopId};
use crate::engine::{Engine, Orders};
use crate::nearness::{Endpoints, NearExamples};
use crate::orders::{FileSource, HttpSource, OrderSource, OrdersFileError};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place};
use crate::playbook::order_settings::{HttpOrders, OrdersSettings};
use crate::playbook::settings::{ChannelSettings, SecretSource};
use crate::store::Store;

/// The code of what stands in the way besides the words.
pub(super) const OPEN_FAILED: &str = "shop";
/// The code of a mistake in a file of orders.
pub(super) const ORDERS_FAILED: &str = "orders";

/// Why no shops could be opened at all.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder of shops can't be listed.
    #[error("the shops folder {path} can't be read: {error} (make one with `xiaoer init {path}/my-shop`)")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// What shops are opened with.
#[derive(Clone)]
pub struct Opening {
    /// Where versions are published and webhooks' news of orders is read; `None`: offline.
    pub store: Option<Store>,
    /// Where generated secrets are kept.
    pub secrets: Secrets,
    /// For the channels.
    pub client: HttpClient,
    /// For order sources.
    pub plain_client: reqwest::Client,
    /// For examples of like meaning.
    pub endpoints: Arc<Endpoints>,
    /// The clock.
    pub clockwork: Clockwork,
}

impl Opening {
    /// One shop, ready to serve. Takes the time of compiling: called on a thread that may be blocked.
    pub(super) fn shop(
        &self,
        id: &ShopId,
        folder: &Path,
        layers: Layers,
        version: Option<PlaybookHash>,
    ) -> Result<Shop, Vec<Diagnostic>> {
        let engine = engine(id, layers)?;
        let playbook = &engine.playbook;
        let mut channels = self.channels(playbook, folder).map_err(|error| vec![broken(folder, &error)])?;
        let try_page = self.try_page(playbook).map_err(|error| vec![broken(folder, &error)])?;
        let orders = self.orders(playbook, folder)?;
        // It helps and no more: a key that isn't there must not keep the shop from being served.
        let near = self.near_examples(playbook, folder).unwrap_or_else(|error| {
            tracing::error!(shop = %id, "{error:#}; turns are decided without");
            None
        });
        if let Some(page) = &try_page {
            channels.insert(ChannelName::from(TRY_CHANNEL), Arc::new(page.clone()));
        }
        let (id, folder) = (id.clone(), folder.to_owned());
        Ok(Shop { id, folder, version, engine: Arc::new(engine), channels, try_page, orders, near })
    }

    /// A shop's engine and its orders alone: for explaining, without channels, secrets or a store.
    ///
    /// # Errors
    /// Every mistake of its files.
    pub fn offline(&self, id: &ShopId, folder: &Path) -> Result<(Engine, Arc<dyn Orders>), Vec<Diagnostic>> {
        let layers = layers(folder).map_err(|error| vec![broken(folder, &error.into())])?;
        let engine = engine(id, layers)?;
        let orders = self.orders(&engine.playbook, folder)?;
        Ok((engine, orders))
    }

    /// A playbook's examples at the endpoint that the shop names, which are made ready on a runtime's threads. `None`: it
    /// names none.
    ///
    /// # Errors
    /// Its key can't be had, or its address is none.
    pub fn near_examples(&self, playbook: &Playbook, folder: &Path) -> anyhow::Result<Option<NearExamples>> {
        let Some(settings) = &playbook.settings.embeddings else { return Ok(None) };
        let key = settings.key.as_ref().map(|source| self.secrets.read(source, "", folder)).transpose();
        let endpoint = key.map_err(anyhow::Error::from).and_then(|key| Ok(self.endpoints.of(settings, key)?));
        let endpoint = endpoint.context("embeddings")?;
        let runtime = tokio::runtime::Handle::try_current()?;
        let within = Duration::from_millis(settings.timeout_ms);
        Ok(Some(NearExamples::start(endpoint, playbook, within, &runtime)))
    }

    fn channels(&self, playbook: &Playbook, folder: &Path) -> anyhow::Result<BTreeMap<ChannelName, Arc<dyn Channel>>> {
        let mut channels: BTreeMap<ChannelName, Arc<dyn Channel>> = BTreeMap::new();
        for (name, settings) in &playbook.settings.channels {
            let channel = self.channel(playbook, name, settings, folder).with_context(|| format!("channels.{name}"))?;
            channels.insert(name.clone(), channel);
        }
        Ok(channels)
    }

    fn channel(
        &self,
        playbook: &Playbook,
        name: &ChannelName,
        settings: &ChannelSettings,
        folder: &Path,
    ) -> anyhow::Result<Arc<dyn Channel>> {
        match settings.kind.as_str() {
            "standard" => {
                let source = settings.secret.as_ref().unwrap_or(&SecretSource::Generated);
                let secret = self.secrets.read(source, &format!("{}.{name}", playbook.shop), folder)?;
                // Several, parted by spaces, while a secret is being changed: the first signs, all are believed.
                let secrets = secret.split_whitespace().map(SigningSecret::parse).collect::<Result<Vec<_>, _>>()?;
                let secrets = channels::Secrets::new(secrets)?;
                let standard = Standard::new(secrets, settings.send_to.url(), self.client.clone())?;
                Ok(Arc::new(standard))
            }
            other => Err(anyhow!("kind `{other}` is not known; this version knows `standard`")),
        }
    }

    fn try_page(&self, playbook: &Playbook) -> anyhow::Result<Option<TryPage>> {
        if !playbook.settings.try_page {
            return Ok(None);
        }
        let secret = self.secrets.generated(&format!("{}.{TRY_CHANNEL}", playbook.shop))?;
        Ok(Some(TryPage::new(playbook.shop.clone(), SigningSecret::parse(&secret)?)))
    }

    fn orders(&self, playbook: &Playbook, folder: &Path) -> Result<Arc<dyn Orders>, Vec<Diagnostic>> {
        let source = match &playbook.settings.orders {
            None => None,
            Some(OrdersSettings::File { path }) => Some(self.orders_file(playbook, folder, path)?),
            Some(OrdersSettings::Http(settings)) => {
                let source = self.orders_interface(playbook, folder, settings);
                Some(source.map_err(|error| vec![broken(folder, &error)])?)
            }
        };
        Ok(Arc::new(ShopOrders::new(source, playbook, self.store.clone())))
    }

    fn orders_file(
        &self,
        playbook: &Playbook,
        folder: &Path,
        path: &str,
    ) -> Result<Arc<dyn OrderSource>, Vec<Diagnostic>> {
        let read = std::fs::read_to_string(folder.join(path)).with_context(|| path.to_owned());
        let text = read.map_err(|error| vec![broken(folder, &error)])?;
        let file: Arc<str> = folder.join(path).to_string_lossy().into();
        let source = FileSource::read(&text, playbook.settings.time_zone.clone()).map_err(|errors| {
            let mistake = |error: OrdersFileError| {
                let line = u32::try_from(error.line).unwrap_or_default();
                let place = Place { file: file.clone(), line, ..Place::default() };
                Diagnostic::error(ORDERS_FAILED, place, Bilingual::new(error.message.clone(), error.message))
            };
            errors.into_iter().map(mistake).collect::<Vec<_>>()
        })?;
        Ok(Arc::new(source.as_of(self.clockwork.now())))
    }

    fn orders_interface(
        &self,
        playbook: &Playbook,
        folder: &Path,
        settings: &HttpOrders,
    ) -> anyhow::Result<Arc<dyn OrderSource>> {
        let mut headers = BTreeMap::new();
        for (name, value) in &settings.headers {
            let value = match value.strip_prefix("env:") {
                Some(variable) => {
                    let source = SecretSource::Environment(variable.to_owned());
                    self.secrets.read(&source, "", folder)?
                }
                None => value.clone(),
            };
            headers.insert(name.clone(), value);
        }
        let zone = playbook.settings.time_zone.clone();
        Ok(Arc::new(HttpSource::new(settings, &headers, self.plain_client.clone(), zone)?))
    }
}

/// Loads and compiles.
pub(super) fn engine(id: &ShopId, layers: Layers) -> Result<Engine, Vec<Diagnostic>> {
    let loaded = Playbook::load(id.clone(), &layers.stack());
    let place = Path::new("");
    Engine::compile(loaded.playbook.ok_or(loaded.mistakes)?).map_err(|error| vec![broken(place, &error.into())])
}

/// What stands in the way besides the words: a secret that isn't set, an orders file that can't be read.
pub(super) fn broken(folder: &Path, error: &anyhow::Error) -> Diagnostic {
    let place = Place { file: folder.join("shop.yaml").to_string_lossy().into(), ..Place::default() };
    let said = format!("{error:#}");
    Diagnostic::error(OPEN_FAILED, place, Bilingual::new(said.clone(), said))
}
