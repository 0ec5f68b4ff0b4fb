//! The composition root: the only place that knows every room, and the only one that reads the clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::channels::{HttpClient, SEND_TIMEOUT};
use crate::domain::{At, Language, ShopId};
use crate::engine::{Engine, Orders};
use crate::inbox::Inbox;
use crate::nearness::{Endpoints, NearExamples};
use crate::outbox::Outbox;
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::kept;
use crate::report::{Cabinet, Follower};
use crate::server::{self, Limits, Service};
use crate::shops::{Clockwork, Keeper, Opening, Secrets, Shops};
use crate::store::Store;

/// The time, in Unix milliseconds.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> At {
    jiff::Timestamp::now().into()
}

/// Keeps what is learnt in this folder, or else in the user's own cache folder.
pub fn keep_models(folder: Option<PathBuf>) {
    let own = || std::env::home_dir().map(|home| home.join(".cache").join("xiaoer"));
    if let Some(folder) = folder.or_else(own) {
        kept::keep_in(folder);
    }
}

/// What the service is started with.
pub struct Start<'a> {
    /// Where it listens.
    pub listener: TcpListener,
    /// Where everything is kept.
    pub store: Store,
    /// The folder of shops.
    pub shops: &'a Path,
    /// The folder of the data.
    pub data: &'a Path,
    /// The clock.
    pub clockwork: Clockwork,
    /// Ends the service.
    pub stop: CancellationToken,
}

/// A service that is ready: its shops open, its port taken, nothing running yet.
pub struct App {
    listener: TcpListener,
    service: Service,
    opening: Opening,
    limits: Limits,
}

impl App {
    /// Opens the shops and puts the rooms together.
    ///
    /// # Errors
    /// The shops folder can't be read, or TLS isn't ready.
    pub async fn prepare(start: Start<'_>) -> anyhow::Result<Self> {
        let opening = opening(Some(start.store.clone()), start.data, start.clockwork.clone())?;
        let shops = Shops::open(start.shops, &opening).await?;
        shops.refresh_modes(&start.store).await?;
        // A second service in one process (tests) finds the recorder installed; its own page stays empty then.
        let recorder = PrometheusBuilder::new().build_recorder();
        let metrics = recorder.handle();
        let _ = metrics::set_global_recorder(recorder);
        let service = Service {
            cabinet: Arc::new(Cabinet::new(start.store.clone())),
            store: start.store,
            shops: Arc::new(shops),
            clockwork: start.clockwork,
            outbox: Arc::new(Notify::new()),
            metrics,
            live: Arc::default(),
            libraries: Arc::default(),
            throttle: Arc::default(),
            stop: start.stop,
        };
        Ok(Self { listener: start.listener, service, opening, limits: Limits::default() })
    }

    /// With other limits for clients than the usual ones.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The shops that are served.
    #[must_use]
    pub fn shops(&self) -> &Arc<Shops> {
        &self.service.shops
    }

    /// Opens the shops again, secrets included, while they are served.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        Keeper { shops: self.service.shops.clone(), opening: self.opening.clone() }
    }

    /// Serves until it is stopped: first no new requests, then the workers finish what they hold.
    pub async fn run(self) {
        let keeper = self.keeper();
        let Self { listener, service, limits, .. } = self;
        let stop = service.stop.clone();
        let inbox = Inbox {
            store: service.store.clone(),
            shops: service.shops.clone(),
            clockwork: service.clockwork.clone(),
            outbox: service.outbox.clone(),
            given: Arc::default(),
            began: service.clockwork.now(),
        };
        let outbox = Outbox {
            store: service.store.clone(),
            shops: service.shops.clone(),
            clockwork: service.clockwork.clone(),
            knock: service.outbox.clone(),
        };
        let store = service.store.clone();
        let inbox = tokio::spawn(inbox.run(stop.clone()));
        let outbox = tokio::spawn(outbox.run(stop.clone()));
        let keeper = tokio::spawn(keeper.run(stop.clone()));
        let live = tokio::spawn(server::follow(service.clone(), stop.clone()));
        let counting = tokio::spawn(Follower::new(store.clone()).run(stop.clone()));
        server::serve(listener, server::router(service), limits, stop).await;
        let _ = tokio::join!(inbox, outbox, keeper, live, counting);
        store.close().await;
    }
}

/// A shop's engine and orders without a service around them: for explaining one message.
///
/// # Errors
/// Every mistake of the shop's files.
pub fn offline(shop: &ShopId, folder: &Path, language: Language) -> anyhow::Result<(Engine, Arc<dyn Orders>)> {
    let opening = opening(None, Path::new("."), Clockwork::new(Arc::new(now)))?;
    opening.offline(shop, folder).map_err(|mistakes| unusable(shop.as_str(), &mistakes, language))
}

/// The examples of like meaning of a shop that was opened offline; vectors are kept below the data folder if there is one.
///
/// # Errors
/// The endpoint's key can't be had, or its address is none.
pub fn near_examples(engine: &Engine, folder: &Path, data: &Path) -> anyhow::Result<Option<NearExamples>> {
    opening(None, data, Clockwork::new(Arc::new(now)))?.near_examples(&engine.playbook, folder)
}

/// What is told of a shop or a folder whose files can't be used as they stand.
#[must_use]
pub fn unusable(what: &str, mistakes: &[Diagnostic], language: Language) -> anyhow::Error {
    let shown: Vec<String> = mistakes.iter().map(|mistake| mistake.render(language)).collect();
    let why = match language {
        Language::Zh => "的文件有错，现在不能用",
        Language::En => "can't be used as it stands",
    };
    anyhow::anyhow!("{what} {why}\n\n{}", shown.join("\n"))
}

fn opening(store: Option<Store>, data: &Path, clockwork: Clockwork) -> anyhow::Result<Opening> {
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let plain_client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(2))
        .build()
        .context("the HTTP client for orders and embeddings")?;
    let client = HttpClient::new(SEND_TIMEOUT)?;
    let endpoints = Arc::new(Endpoints::new(plain_client.clone(), data));
    Ok(Opening { store, secrets: Secrets::below(data), client, plain_client, endpoints, clockwork })
}
