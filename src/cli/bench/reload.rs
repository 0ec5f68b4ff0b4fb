//! `xiaoer bench reload`: versions come in force one after another while customers write at a steady rate.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use clap::Args;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::common::{DataOptions, clockwork};
use super::ground::{Ground, SECRET};
use super::load::{Load, Writing};
use crate::app;
use crate::domain::{At, PlaybookHash, ShopId, Turn};
use crate::shops::{Files, Sources};
use crate::store::Store;

#[derive(Args, Debug)]
pub(super) struct Reload {
    /// Versions to put in force, evenly over the second part.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    publishes: u32,
    /// Length of each part: first without publications, then with them.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Messages a second.
    #[arg(long, default_value_t = 300.0)]
    rate: f64,
    /// A database to bench on, which is written to; by default SQLite in a folder of its own.
    #[arg(long)]
    database: Option<String>,
}

/// Two questions at once; each answer carries its version's number.
const QUESTIONS: &str = "请问包邮吗？可以开发票吗？";
const ANSWERS: [(&str, &str); 2] =
    [("replies/logistics/shipping_fee.yaml", "运费说明"), ("replies/invoice/request.yaml", "发票说明")];
const CONNECTIONS: usize = 64;
/// What is still under way when the last message was sent has this time.
const AFTERWARDS: Duration = Duration::from_secs(20);

/// An answer as a customer's platform got it.
struct Arrival {
    turn: String,
    text: String,
    at: At,
}

type Arrivals = Arc<Mutex<Vec<Arrival>>>;

/// What came of one part.
#[derive(Default)]
struct Part {
    waits: Vec<i64>,
    versions: std::collections::BTreeSet<PlaybookHash>,
    unversioned: usize,
    halves: usize,
}

impl Reload {
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        let (arrivals, platform) = platform().await?;
        let ground = Ground::new(&settings(platform))?;
        let (shop, data) = (ground.shop(), ground.data());
        write_version(&shop, 0)?;
        let (_service, target) = ground.serve(self.database.as_deref()).await?;
        let load = |name| Load {
            target,
            secret: SECRET.to_owned(),
            connections: CONNECTIONS,
            length: Duration::from_secs(self.seconds),
            rate: Some(self.rate),
            writing: Writing { name, text: QUESTIONS, conversations: u64::MAX },
        };
        let calm = load("calm").run().await?.done;
        wait_for(&arrivals, calm).await;
        let began = app::now();
        let publishing = tokio::spawn(publish(shop, self.publishes, Duration::from_secs(self.seconds)));
        let busy = load("busy").run().await?.done;
        publishing.await.context("publishing broke")??;
        wait_for(&arrivals, calm + busy).await;
        let store = DataOptions { data, database: self.database.clone() }.open().await?;
        let arrived = std::mem::take(&mut *arrivals.lock().unwrap_or_else(PoisonError::into_inner));
        let parts = judge(&store, &arrived, began).await?;
        let published = store.playbook_moves(&ShopId::from("bench"), i64::from(self.publishes) + 10).await?.len() - 1;
        store.close().await;
        self.print([calm, busy], &parts, published);
        Ok(())
    }

    fn print(&self, asked: [usize; 2], parts: &[Part; 2], published: usize) {
        println!("{} messages a second, each of two questions, in conversations of their own", self.rate);
        println!("from the end of the customer's window to the answer at the platform:\n");
        let heads = ["", "messages", "answered", "p50 ms", "p99 ms", "versions", "without", "half"];
        println!("{:<26}{}", heads[0], heads[1..].iter().map(|head| format!("{head:>10}")).collect::<String>());
        let with = format!("with {published} publications");
        for ((name, asked), part) in ["without publications", &with].iter().zip(asked).zip(parts) {
            let (p50, p99) = (part.at(0.5), part.at(0.99));
            let (answered, versions) = (part.waits.len(), part.versions.len());
            let (without, half) = (part.unversioned, part.halves);
            println!("{name:<26}{asked:>10}{answered:>10}{p50:>10}{p99:>10}{versions:>10}{without:>10}{half:>10}");
        }
        println!(
            "\nwithout: turns whose version the store doesn't have; half: answers of two versions, or of another than\nthe turn names"
        );
    }
}

impl Part {
    fn at(&self, share: f64) -> i64 {
        let last = self.waits.len().saturating_sub(1);
        self.waits.get((last as f64 * share) as usize).copied().unwrap_or_default()
    }
}

fn settings(platform: SocketAddr) -> String {
    format!(
        "name: Bench\nlanguages: [zh]\nchannels:\n  web: {{kind: standard, secret: \"file:secret\", \
         send_url: \"http://{platform}/replies\", delivery: at_least_once}}\n"
    )
}

/// Two files, one after the other, as a deployment writes them.
fn write_version(shop: &Path, number: u32) -> std::io::Result<()> {
    for (path, words) in ANSWERS {
        let path = shop.join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, format!("zh:\n  default: |\n    {words}第{number}版。\n"))?;
    }
    Ok(())
}

async fn publish(shop: PathBuf, count: u32, length: Duration) -> anyhow::Result<()> {
    let began = Instant::now();
    for number in 1..=count {
        sleep_until(began + length / count * (number - 1)).await;
        write_version(&shop, number)?;
    }
    Ok(())
}

/// Where the answers go.
async fn platform() -> anyhow::Result<(Arrivals, SocketAddr)> {
    let arrivals = Arrivals::default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/replies", post(receive)).with_state(arrivals.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((arrivals, address))
}

async fn receive(State(arrivals): State<Arrivals>, Json(body): Json<Value>) -> StatusCode {
    let text = |key: &str| body["data"][key].as_str().unwrap_or_default().to_owned();
    if body["type"] == "reply.created" {
        let arrival = Arrival { turn: text("turn_id"), text: text("text"), at: app::now() };
        arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
    }
    StatusCode::OK
}

async fn wait_for(arrivals: &Arrivals, count: usize) {
    let deadline = Instant::now() + AFTERWARDS;
    while arrivals.lock().unwrap_or_else(PoisonError::into_inner).len() < count && Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
    }
}

/// Every turn beside its answer and its version: those before and those after a time.
async fn judge(store: &Store, arrived: &[Arrival], began: At) -> anyhow::Result<[Part; 2]> {
    let turns = turns(store).await?;
    let mut numbers_of: BTreeMap<PlaybookHash, Option<Vec<u32>>> = BTreeMap::new();
    let mut parts = [Part::default(), Part::default()];
    for arrival in arrived {
        let Some(turn) = turns.get(arrival.turn.as_str()) else { continue };
        let part = &mut parts[usize::from(turn.window_end >= began)];
        part.waits.push(arrival.at.since(turn.window_end));
        let hash = &turn.outcome.playbook;
        if !numbers_of.contains_key(hash) {
            let row = store.playbook(&turn.input.shop, hash).await?;
            let written = row.and_then(|row| Sources::read(&row).ok()).map(|sources| written(&sources.files));
            numbers_of.insert(hash.clone(), written);
        }
        part.versions.insert(hash.clone());
        match numbers_of.get(hash).and_then(Option::as_ref) {
            None => part.unversioned += 1,
            Some(written) if *written != numbers(&arrival.text) || written.first() != written.last() => {
                part.halves += 1;
            }
            Some(_) => {}
        }
    }
    parts.iter_mut().for_each(|part| part.waits.sort_unstable());
    Ok(parts)
}

/// Every turn there is, by its id.
async fn turns(store: &Store) -> anyhow::Result<HashMap<String, Turn>> {
    let (shop, end) = (ShopId::from("bench"), clockwork().now().plus(1));
    let mut turns = HashMap::new();
    let mut from = (At(0), None);
    loop {
        let page = store.turns_between(&shop, (from.0, from.1.as_ref()), end).await?;
        let Some(last) = page.last() else { return Ok(turns) };
        from = (last.input.now, Some(last.input.id.clone()));
        turns.extend(page.into_iter().map(|turn| (turn.input.id.to_string(), turn)));
    }
}

/// The numbers that a version's files carry, in the order in which they are answered.
fn written(files: &Files) -> Vec<u32> {
    ANSWERS.iter().flat_map(|(path, _)| files.get(*path)).flat_map(|text| numbers(text)).collect()
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<u32> {
    text.split('第').skip(1).filter_map(|part| part.split('版').next()?.parse().ok()).collect()
}
