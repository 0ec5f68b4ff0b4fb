//! From folders to shops: load, compile, open the channels and the order source, publish the version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context as _, anyhow};
use serde_json::json;
use thiserror::Error;

use super::orders::ShopOrders;
use super::{Clockwork, Inner, Problem, Secrets, Shop, Shops, TRY_CHANNEL};
use crate::channels::{self, Channel, HttpClient, SigningSecret, Standard, TryPage};
use crate::domain::{ChannelName, ShopId};
use crate::engine::{Engine, Orders};
use crate::orders::{FileSource, HttpSource, OrderSource};
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place};
use crate::playbook::layer::Layer;
use crate::playbook::order_settings::OrdersSettings;
use crate::playbook::settings::{ChannelSettings, SecretSource};
use crate::playbook::{Loaded, Playbook};
use crate::store::{PlaybookVersion, Store};

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

/// The folders of shops below a folder, by name: each that holds a `shop.yaml`.
///
/// # Errors
/// The folder can't be listed.
pub fn folders(shops: &Path) -> Result<Vec<(ShopId, PathBuf)>, OpenError> {
    let failed = |error| OpenError::Folder { path: shops.to_owned(), error };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shops).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("shop.yaml").is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            found.push((ShopId::from(name), path.clone()));
        }
    }
    found.sort();
    Ok(found)
}

/// Loads one shop's playbook over the base pack and the groups it extends.
///
/// # Errors
/// The folder can't be listed.
pub fn load_playbook(id: &ShopId, folder: &Path) -> std::io::Result<Loaded> {
    Ok(Playbook::load(id.clone(), &Layer::stack(folder)?))
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
    /// The clock.
    pub clockwork: Clockwork,
}

impl Shops {
    /// Opens every shop below a folder. A shop with mistakes is left out and told in `problems`.
    ///
    /// # Errors
    /// The folder can't be listed.
    pub async fn open(folder: &Path, opening: &Opening) -> Result<Self, OpenError> {
        let shops = Self { inner: RwLock::default(), modes: RwLock::default() };
        shops.reload(folder, opening).await?;
        Ok(shops)
    }

    /// Opens every shop again, secrets included. One that can't be opened as it stands now is served on as it was.
    ///
    /// # Errors
    /// The folder can't be listed.
    pub async fn reload(&self, folder: &Path, opening: &Opening) -> Result<(), OpenError> {
        let before = self.read().clone();
        let mut fresh = Inner::default();
        for (id, path) in folders(folder)? {
            match opening.shop(&id, &path).await {
                Ok(shop) => {
                    fresh.by_id.insert(id, Arc::new(shop));
                }
                Err(mistakes) => {
                    if let Some(old) = before.by_id.get(&id) {
                        fresh.by_id.insert(id.clone(), old.clone());
                    }
                    fresh.problems.push(Problem { shop: id, mistakes });
                }
            }
        }
        *self.inner.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

impl Opening {
    /// One shop, ready to serve.
    async fn shop(&self, id: &ShopId, folder: &Path) -> Result<Shop, Vec<Diagnostic>> {
        let layer = Layer::folder(folder).map_err(|error| vec![broken(&error.into())])?;
        let engine = engine(id, &layer)?;
        self.publish(&engine.playbook, &layer).await.map_err(|error| vec![broken(&error)])?;
        let channels = self.channels(&engine.playbook, folder).map_err(|error| vec![broken(&error)])?;
        let try_page = self.try_page(&engine.playbook).map_err(|error| vec![broken(&error)])?;
        let orders = self.orders(&engine.playbook, folder).map_err(|error| vec![broken(&error)])?;
        let mut channels: BTreeMap<ChannelName, Arc<dyn Channel>> = channels;
        if let Some(page) = &try_page {
            channels.insert(ChannelName::from(TRY_CHANNEL), Arc::new(page.clone()));
        }
        Ok(Shop {
            id: id.clone(),
            folder: folder.to_owned(),
            engine: RwLock::new(Arc::new(engine)),
            channels,
            try_page,
            orders,
        })
    }

    /// A shop's engine and its orders alone: for explaining, without channels, secrets or a store.
    ///
    /// # Errors
    /// Every mistake of its files.
    pub fn offline(&self, id: &ShopId, folder: &Path) -> Result<(Engine, Arc<dyn Orders>), Vec<Diagnostic>> {
        let layer = Layer::folder(folder).map_err(|error| vec![broken(&error.into())])?;
        let engine = engine(id, &layer)?;
        let orders = self.orders(&engine.playbook, folder).map_err(|error| vec![broken(&error)])?;
        Ok((engine, orders))
    }

    /// Stores what the folder came to as an immutable version; turns pin its hash.
    async fn publish(&self, playbook: &Playbook, layer: &Layer) -> anyhow::Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let current = store.latest_playbook(&playbook.shop).await?;
        let files: BTreeMap<&str, &str> = layer.files.iter().map(|file| (&*file.path, &*file.text)).collect();
        let version = PlaybookVersion {
            hash: playbook.hash.clone(),
            parent: current.map(|version| version.hash),
            author: "files".to_owned(),
            at: self.clockwork.now(),
            sources: json!({ "base": env!("CARGO_PKG_VERSION"), "files": files }).to_string(),
        };
        store.publish_playbook(&playbook.shop, version).await?;
        Ok(())
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

    fn orders(&self, playbook: &Playbook, folder: &Path) -> anyhow::Result<Arc<dyn Orders>> {
        let zone = playbook.settings.time_zone.clone();
        let source: Option<Arc<dyn OrderSource>> = match &playbook.settings.orders {
            None => None,
            Some(OrdersSettings::File { path }) => {
                let path = folder.join(path);
                let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let source = FileSource::read(&text, zone.clone()).map_err(|errors| {
                    let lines = errors.iter().map(|error| format!("line {}: {}", error.line, error.message));
                    anyhow!("{}: {}", path.display(), lines.collect::<Vec<_>>().join("; "))
                })?;
                Some(Arc::new(source.as_of(self.clockwork.now())))
            }
            Some(OrdersSettings::Http(settings)) => {
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
                Some(Arc::new(HttpSource::new(settings, &headers, self.plain_client.clone(), zone)?))
            }
        };
        Ok(Arc::new(ShopOrders::new(source, playbook, self.store.clone())))
    }
}

fn engine(id: &ShopId, layer: &Layer) -> Result<Engine, Vec<Diagnostic>> {
    let loaded = Playbook::load(id.clone(), &[Layer::base(), layer.clone()]);
    Engine::compile(loaded.playbook.ok_or(loaded.mistakes)?).map_err(|error| vec![broken(&error.into())])
}

/// What stands in the way besides the words: a secret that isn't set, an orders file that can't be read.
fn broken(error: &anyhow::Error) -> Diagnostic {
    let place = Place { file: "shop.yaml".into(), ..Place::default() };
    let said = format!("{error:#}");
    Diagnostic::error("shop", place, Bilingual::new(said.clone(), said))
}
