//! `xiaoer serve`: the service.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::common::{DataOptions, clockwork};
use crate::app::{App, Start};
use crate::domain::Language;
use crate::playbook::settings::SecretSource;
use crate::server;
use crate::shops::{Keeper, Secrets, Shop};

/// Runs the service. With no arguments: SQLite in ./data, the shops of ./shops, 127.0.0.1:8787.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  xiaoer serve\n  xiaoer serve --listen 0.0.0.0:8787 --shops /etc/xiaoer/shops --data /var/lib/xiaoer\n  \
                        xiaoer serve --database postgres://xiaoer@localhost/xiaoer\n\n\
                        SIGTERM and Ctrl-C finish what is under way and exit with 0. Edited files are in force within 2 s;\n\
                        SIGHUP reads everything again, secrets too."
)]
pub(super) struct Serve {
    /// A TOML file with any of: listen, data, database, shops. The command line comes first.
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// Where to listen.
    #[arg(long, env = "XIAOER_LISTEN")]
    listen: Option<SocketAddr>,
    /// The folder that holds the shops' folders.
    #[arg(long, env = "XIAOER_SHOPS")]
    shops: Option<std::path::PathBuf>,
    /// The folder of the data.
    #[arg(long, env = "XIAOER_DATA")]
    data: Option<std::path::PathBuf>,
    /// sqlite://PATH or postgres://USER@HOST/NAME.
    #[arg(long, env = "XIAOER_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

/// The settings file.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    listen: Option<SocketAddr>,
    shops: Option<std::path::PathBuf>,
    data: Option<std::path::PathBuf>,
    database: Option<String>,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        start_log();
        let config = self.config()?;
        let listen = self.listen.or(config.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8787)));
        let shops = self.shops.or(config.shops).unwrap_or_else(|| "shops".into());
        let data = DataOptions {
            data: self.data.or(config.data).unwrap_or_else(|| "data".into()),
            database: self.database.or(config.database),
        };
        let store = data.open().await?;
        let store_of_people = store.clone();
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("{listen} can't be listened on; is another xiaoer running? (choose another with --listen)")
        })?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let start =
            Start { listener, store, shops: &shops, data: &data.data, clockwork: clockwork(), stop: stop.clone() };
        let app = App::prepare(start).await?;
        for problem in app.shops().problems() {
            for mistake in &problem.mistakes {
                eprintln!("{}", mistake.render(Language::En));
            }
            let so = if problem.served { "is served as it was published last" } else { "is not served" };
            eprintln!("shop `{}` {so} until this is mended (`xiaoer check`)\n", problem.shop);
        }
        println!("xiaoer {} listens on http://{address}", env!("CARGO_PKG_VERSION"));
        if !store_of_people.has_people().await? {
            let token = server::invite(&store_of_people, None, clockwork().now()).await?;
            println!("\nnobody can sign in yet; the first manager sets a password here (good once, for 3 days):\n");
            println!("  http://{address}/welcome#{token}");
        }
        for shop in app.shops().all() {
            print!("{}", welcome(&shop, address, &Secrets::below(&data.data)));
        }
        tokio::spawn(listen_for_signals(stop, app.keeper()));
        app.run().await;
        Ok(ExitCode::SUCCESS)
    }

    fn config(&self) -> anyhow::Result<Config> {
        let Some(path) = &self.config else { return Ok(Config::default()) };
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}

/// JSON lines on standard error. Message texts and secrets are in no event.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("XIAOER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,hyper=warn,notify=warn"));
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

async fn listen_for_signals(stop: CancellationToken, keeper: Keeper) {
    let (Ok(mut term), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        return;
    };
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = tokio::signal::ctrl_c() => break,
            _ = hangup.recv() => keeper.reload().await,
        }
    }
    stop.cancel();
}

/// What to open, and a command that works as pasted.
fn welcome(shop: &Shop, address: SocketAddr, secrets: &Secrets) -> String {
    let engine = shop.engine();
    let settings = &engine.playbook.settings;
    let mut text = format!("\n{}  {}\n", shop.id, settings.name.of(Language::Zh));
    text.push_str(&format!("  desk   http://{address}/desk\n"));
    if shop.try_page.is_some() {
        text.push_str(&format!(
            "  open   http://{address}/try/{}   the customer's side and the bot's reasons\n",
            shop.id
        ));
    }
    let standard = settings.channels.iter().find(|(_, channel)| channel.kind == "standard");
    let Some((name, channel)) = standard else { return text };
    text.push_str(&format!("  send   http://{address}/webhooks/{}/{name}\n", shop.id));
    // Only a secret that we made ourselves is printed, and only on this machine.
    let generated = matches!(channel.secret, None | Some(SecretSource::Generated));
    if generated
        && address.ip().is_loopback()
        && let Ok(secret) = secrets.generated(&format!("{}.{name}", shop.id))
    {
        text.push_str(&curl(shop, name.as_str(), address, &secret));
    }
    text
}

/// A signed delivery, for a shell with curl and openssl.
fn curl(shop: &Shop, channel: &str, address: SocketAddr, secret: &str) -> String {
    let key = secret.trim_start_matches("whsec_");
    let body = r#"{"type":"message.created","data":{"message_id":"'$id'","conversation_id":"c-1","text":"我的快递到哪了","customer":{"id":"demo-wang","verified":true}}}"#;
    format!(
        "  try    (paste into a shell; the answer shows on the page above)\n\n\
         id=m-$(date +%s%N); at=$(date +%s); body='{body}'\n\
         sign=$(printf '%s' \"$id.$at.$body\" | openssl dgst -sha256 -binary -mac HMAC -macopt hexkey:$(printf %s '{key}' | base64 -d | od -An -vtx1 | tr -d ' \\n') | base64)\n\
         curl -sS http://{address}/webhooks/{}/{channel} -H 'content-type: application/json' -H \"webhook-id: $id\" -H \"webhook-timestamp: $at\" -H \"webhook-signature: v1,$sign\" -d \"$body\"\n\n",
        shop.id
    )
}
