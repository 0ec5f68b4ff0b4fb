//! `xiaoer bench report`: what counting costs beside a turn, and how long a report takes over many turns.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::super::common::{DataOptions, clockwork};
use super::ground::{Ground, SECRET};
use super::load::{Load, Writing};
use crate::domain::{DAY, PrincipalId, Role, ShopId};
use crate::report::Follower;
use crate::server::{new_token, token_hash};
use crate::store::{Membership, Store, TokenRow};

#[derive(Args, Debug)]
pub(super) struct Report {
    /// Turns in the store while pages are asked for.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..=5_000_000))]
    turns: u64,
    /// Days over which they are spread.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=730))]
    days: i64,
    /// A database to bench on, which is written to; by default SQLite in a folder of its own.
    #[arg(long)]
    database: Option<String>,
}

const SHOP: &str = "name: Bench\nlanguages: [zh]\nidle_close: 1m\nchannels:\n  \
                    web: {kind: standard, secret: \"file:secret\", send_url: none}\n\
                    facts: {free_shipping_from: 59, shipping_fee: 8, ship_within: 48h, return_days: 7, ships_from: 杭州}\n";
/// What customers write: each so often, by as many as there are conversations.
const WRITTEN: [(&str, &str); 6] = [
    ("a", "请问包邮吗"),
    ("b", "什么时候发货"),
    ("c", "我要退货，怎么退"),
    ("d", "这个坏了，怎么办"),
    ("e", "转人工"),
    ("f", "从哪里发货呀，几天能到"),
];
const CONVERSATIONS: u64 = 100;
/// Each conversation writes again after so long: its turn is decided by then.
const BETWEEN: Duration = Duration::from_secs(5);
/// So long is measured what an idle service uses.
const IDLE: Duration = Duration::from_secs(10);
const SAID: &str = "您好，这边马上为您查看。";

impl Report {
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        // Whoever was first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ground = Ground::new(SHOP)?;
        let data = DataOptions { data: ground.data(), database: self.database.clone() };
        let token = seat(&data.open().await?).await?;
        let (mut service, target) = ground.serve(self.database.as_deref()).await?;
        let worked = work(target, &token, &service).await?;
        service.kill().await?;

        let store = data.open().await?;
        let turns = store.turn_count().await?;
        ensure!(turns > 0, "nothing was decided");
        let before = cpu("self")?;
        let events = Follower::new(store.clone()).rebuild(|_| {}).await?;
        let counting = (cpu("self")? - before).as_secs_f64() / turns as f64;
        let whole = worked.as_secs_f64() / turns as f64;
        println!("{turns} turns, {events} events");
        println!("a turn, from webhook to sent, with its counting: {:.0} us of a core", whole * 1e6);
        println!(
            "counting, once more and alone: {:.1} us a turn, {:.1} % of the rest",
            counting * 1e6,
            counting / (whole - counting) * 100.0
        );

        self.multiply(&store, turns).await?;
        store.close().await;
        let (_service, target) = ground.serve(self.database.as_deref()).await?;
        pages(target, &token).await
    }

    async fn multiply(&self, store: &Store, turns: u64) -> anyhow::Result<()> {
        let copies = (self.turns / turns).saturating_sub(1);
        let started = Instant::now();
        for copy in 1..=copies {
            let earlier = self.days * DAY * i64::try_from(copy)? / i64::try_from(copies)?;
            store.copy_all(&ShopId::from("bench"), &format!("copy{copy}"), earlier).await?;
        }
        println!("\n{} turns in the store after {:.0} s", turns * (copies + 1), started.elapsed().as_secs_f64());
        let started = Instant::now();
        let events = Follower::new(store.clone()).catch_up(|_| {}).await?;
        let took = started.elapsed().as_secs_f64();
        println!("{events} events counted in {took:.0} s, {:.0} a second", events as f64 / took);
        Ok(())
    }
}

/// A manager's token.
async fn seat(store: &Store) -> anyhow::Result<String> {
    let now = clockwork().now();
    let (person, shop) = (PrincipalId::from("manager"), ShopId::from("bench"));
    store.add_principal(&person, "manager", now).await?;
    store.set_place(&person, Membership { shop: shop.clone(), role: Role::Manager, outsourced: false }).await?;
    let token = new_token()?;
    let row = TokenRow { principal: person, shop, role: Role::Manager };
    store.create_token(&token_hash(&token), row, now, None).await?;
    store.close().await;
    Ok(token)
}

/// Customers write, people answer what is handed off, quiet chats end. How much of a core the service used.
async fn work(target: SocketAddr, token: &str, service: &tokio::process::Child) -> anyhow::Result<Duration> {
    let pid = service.id().context("the service ended")?.to_string();
    // What it does when nobody writes is no turn's.
    let idle = cpu(&pid)?;
    sleep(IDLE).await;
    let (before, started) = (cpu(&pid)?, Instant::now());
    let idle = (before - idle).div_f64(IDLE.as_secs_f64());
    for _ in 0..3 {
        for (name, text) in WRITTEN {
            let writing = Writing { name, text, conversations: CONVERSATIONS };
            let load = Load {
                target,
                secret: SECRET.to_owned(),
                connections: 4,
                length: Duration::from_secs(1),
                rate: Some(CONVERSATIONS as f64),
                writing,
            };
            load.run().await?;
        }
        sleep(BETWEEN).await;
        answer(target, token).await?;
    }
    let worked = cpu(&pid)?.saturating_sub(before).saturating_sub(idle.mul_f64(started.elapsed().as_secs_f64()));
    // Until the quiet ones are closed.
    sleep(Duration::from_secs(80)).await;
    Ok(worked)
}

/// A person takes what waits, replies and closes.
async fn answer(target: SocketAddr, token: &str) -> anyhow::Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let base = format!("http://{target}/api/v1/shops/bench/conversations");
    let waiting: Value =
        client.get(format!("{base}?state=waiting&limit=60")).bearer_auth(token).send().await?.json().await?;
    for one in waiting["conversations"].as_array().into_iter().flatten() {
        let Some(id) = one["id"].as_str() else { continue };
        for (act, body) in [("take", json!({})), ("reply", json!({"text": SAID})), ("close", json!({}))] {
            let call = client.post(format!("{base}/{id}/{act}")).bearer_auth(token).json(&body);
            let answer = call.send().await?;
            if !answer.status().is_success() {
                bail!("{act} answered {}: {}", answer.status(), answer.text().await?);
            }
        }
    }
    Ok(())
}

/// What is asked for, as the report's page asks for it.
const PAGES: [&str; 10] = [
    "report?from=-1d",
    "report?from=-7d&by=day,week_hour,intent,product,script,agent,version,rung,channel",
    "report?from=-30d&by=day,week_hour,intent,product,script,agent,version,rung,channel",
    "report?from=-400d",
    "report?from=-400d&by=day,week_hour",
    "report?from=-400d&by=day,week_hour,intent,product,script,agent,version,rung,channel",
    "report?from=-400d&intent=logistics/shipping_fee&by=day,agent",
    "report/episodes?from=-400d&of=durable",
    "report/ledger?from=-400d",
    "report/sample",
];

async fn pages(target: SocketAddr, token: &str) -> anyhow::Result<()> {
    let client = Client::builder().no_proxy().build()?;
    println!("\n{:<100} {:>9} {:>9} {:>9}", "a page, in ms", "first", "median", "longest");
    for page in PAGES {
        let mut waits = Vec::new();
        for _ in 0..7 {
            let started = Instant::now();
            let call = client.get(format!("http://{target}/api/v1/shops/bench/{page}")).bearer_auth(token);
            let answer = call.send().await?;
            ensure!(answer.status().is_success(), "{page} answered {}", answer.status());
            answer.bytes().await?;
            waits.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        let first = waits.remove(0);
        waits.sort_by(f64::total_cmp);
        println!("{page:<100} {first:>9.0} {:>9.0} {:>9.0}", waits[waits.len() / 2], waits[waits.len() - 1]);
    }
    Ok(())
}

/// How much of a core a process has used, from the kernel's count in hundredths of a second.
fn cpu(process: &str) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("this bench needs Linux")?;
    // The name stands in brackets and may hold anything; user and system time are the 14th and 15th field.
    let (_, rest) = stat.rsplit_once(')').context("/proc speaks otherwise")?;
    let mut fields = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let mut next = || fields.next().and_then(Result::ok).context("/proc speaks otherwise");
    Ok(Duration::from_millis((next()? + next()?) * 10))
}
