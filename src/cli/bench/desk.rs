//! `xiaoer bench desk`: from a platform's webhook to the screens of many desks that look on at once.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::ensure;
use clap::Args;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::common::{DataOptions, clockwork};
use super::ground::{Ground, SECRET};
use super::load::request;
use crate::channels::{Secrets, SigningSecret};
use crate::domain::{DAY, PrincipalId, Role, ShopId};
use crate::server::{new_token, token_hash};
use crate::store::{Membership, Presence, Store};

#[derive(Args, Debug)]
pub(super) struct Desk {
    /// Desks that look on.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    desks: u32,
    /// Messages a second.
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// Chats that wait, over which the messages are spread.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=5_000))]
    chats: u64,
    /// How long messages come.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// A database to bench on, which is written to; by default SQLite in a folder of its own.
    #[arg(long)]
    database: Option<String>,
}

const SHOP: &str = "name: Bench\nlanguages: [zh]\nwhile_waiting: silent\nchannels:\n  \
                    web: {kind: standard, secret: \"file:secret\", send_url: none}\n";
/// So many desks are timed; the others only listen. Reading every frame of all would measure this program.
const TIMED: u32 = 20;
/// What begins the number of a message in its text.
const MARK: &str = "第";
const END: &str = "条";

/// When each message was sent, and how long after that the timed desks heard of it.
#[derive(Default)]
struct Timing {
    sent: Mutex<HashMap<u64, Instant>>,
    heard: Mutex<Vec<Duration>>,
}

impl Timing {
    fn sent(&self, number: u64) {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(number, Instant::now());
    }

    fn heard(&self, number: u64, at: Instant) {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner).get(&number).copied();
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).extend(sent.map(|sent| at - sent));
    }
}

impl Desk {
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        let ground = Ground::new(SHOP)?;
        let store = DataOptions { data: ground.data(), database: self.database.clone() }.open().await?;
        let mut cookies = Vec::new();
        for number in 0..self.desks {
            cookies.push(seat(&store, number).await?);
        }
        store.close().await;
        let (_service, target) = ground.serve(self.database.as_deref()).await?;
        // Whoever was first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        println!("machine's load before: {}", machine_load());
        self.send(target, 0..self.chats, None, "转人工").await?;
        sleep(Duration::from_secs(5)).await;

        let timing = Arc::<Timing>::default();
        let listening: Vec<_> = cookies
            .into_iter()
            .enumerate()
            .map(|(number, cookie)| {
                let timed = (number as u32) < TIMED;
                tokio::spawn(listen(target, cookie, timed.then(|| timing.clone())))
            })
            .collect();
        sleep(Duration::from_secs(3)).await;
        let numbers = self.chats..self.chats + (self.rate * self.seconds as f64) as u64;
        let count = numbers.end - numbers.start;
        self.send(target, numbers, Some(timing.clone()), "还在吗").await?;
        println!("machine's load after {} s: {}", self.seconds, machine_load());
        sleep(Duration::from_secs(3)).await;
        for desk in listening {
            ensure!(!desk.is_finished(), "a desk's stream broke");
            desk.abort();
        }
        let heard = std::mem::take(&mut *timing.heard.lock().unwrap_or_else(PoisonError::into_inner));
        self.tell(heard, count)
    }

    fn tell(&self, mut waits: Vec<Duration>, count: u64) -> anyhow::Result<()> {
        waits.sort_unstable();
        let wanted = count * u64::from(TIMED.min(self.desks));
        ensure!(!waits.is_empty(), "no desk heard anything");
        let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        println!("{} desks, {} messages a second over {} chats that wait", self.desks, self.rate, self.chats);
        println!("heard {} of {wanted} (the rest of a chat's messages came together with a later one)", waits.len());
        println!(
            "webhook sent to stream read: p50 {:.0} ms, p90 {:.0}, p99 {:.0}, longest {:.0}",
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
        Ok(())
    }

    /// Signed messages at the rate, spread over the chats.
    async fn send(
        &self,
        target: SocketAddr,
        numbers: std::ops::Range<u64>,
        timing: Option<Arc<Timing>>,
        words: &str,
    ) -> anyhow::Result<()> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let secrets = Arc::new(Secrets::new(vec![SigningSecret::parse(SECRET)?])?);
        let begun = Instant::now();
        let mut posting = tokio::task::JoinSet::new();
        for (turn, number) in numbers.enumerate() {
            sleep_until(begun + Duration::from_secs_f64(turn as f64 / self.rate)).await;
            let chat = number % self.chats;
            let (id, text) = (format!("m-{number}"), format!("{words}{MARK}{number}{END}"));
            let (headers, body) = request(&secrets, &id, &format!("c-{chat}"), &text);
            if let Some(timing) = &timing {
                timing.sent(number);
            }
            let post = http.post(format!("http://{target}/webhooks/bench/web")).headers(headers).body(body);
            posting.spawn(async move { post.send().await.map(|answer| answer.status().is_success()) });
        }
        while let Some(posted) = posting.join_next().await {
            ensure!(posted??, "a message was refused");
        }
        Ok(())
    }
}

/// Somebody who sits at a desk; the cookie of their session.
async fn seat(store: &Store, number: u32) -> anyhow::Result<String> {
    let (person, now) = (PrincipalId::from(format!("agent-{number}")), clockwork().now());
    store.add_principal(&person, person.as_str(), now).await?;
    let place = Membership { shop: ShopId::from("bench"), role: Role::Agent, outsourced: false };
    store.set_place(&person, place).await?;
    store.set_presence(&person, Presence::Online, now).await?;
    let secret = new_token()?;
    store.create_session(&token_hash(&secret), &person, now, now.plus(DAY)).await?;
    Ok(format!("xiaoer_session={secret}"))
}

/// Reads a desk's stream until it is cut off; with `timing` it times what it hears.
async fn listen(target: SocketAddr, cookie: String, timing: Option<Arc<Timing>>) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut answer = http.get(format!("http://{target}/api/v1/events")).header("cookie", cookie).send().await?;
    ensure!(answer.status().is_success(), "a desk got {}", answer.status());
    let (mut text, mut known) = (String::new(), HashSet::new());
    while let Some(piece) = answer.chunk().await? {
        let Some(timing) = &timing else { continue };
        text.push_str(&String::from_utf8_lossy(&piece));
        let Some(end) = text.rfind("\n\n") else { continue };
        let now = Instant::now();
        for number in numbers_in(&text[..end]) {
            // A chat's item is told again when it changes otherwise; its last words are timed once.
            if known.insert(number) {
                timing.heard(number, now);
            }
        }
        text.drain(..end + 2);
    }
    Ok(())
}

fn numbers_in(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(MARK).skip(1).filter_map(|rest| rest.split(END).next()?.parse().ok())
}

/// The load averages of the last 1, 5 and 15 minutes, where the system tells them.
fn machine_load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let told: Vec<&str> = told.split(' ').take(3).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{} on {cores} cores", told.join(" "))
}
