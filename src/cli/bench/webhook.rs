//! `xiaoer bench webhook`: acknowledging deliveries, stored and synced, beside a route that stores nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::ground::{Ground, SECRET};
use super::load::{Load, Measured, Writing};

#[derive(Args, Debug)]
pub(super) struct Webhook {
    /// Deliveries a second for the steady part.
    #[arg(long, default_value_t = 500.0)]
    rate: f64,
    /// Length of each part.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=120))]
    seconds: u64,
    /// Connections at once for the peaks.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=512))]
    connections: u64,
    /// A database to bench on, which is written to; by default SQLite in a folder of its own.
    #[arg(long)]
    database: Option<String>,
}

const SHOP: &str = "name: Bench\nlanguages: [zh]\nchannels:\n  web: {kind: standard, secret: \"file:secret\", send_url: none}\n\
                    facts: {free_shipping_from: 59, shipping_fee: 8}\n";

impl Webhook {
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        let ground = Ground::new(SHOP)?;
        let (_service, service) = ground.serve(self.database.as_deref()).await?;
        let (_bare, bare) = start(&["bench", "bare", "--secret", SECRET]).await?;
        let load = |target, rate| Load {
            target,
            secret: SECRET.to_owned(),
            connections: self.connections as usize,
            length: Duration::from_secs(self.seconds),
            rate,
            writing: Writing { name: "bench", text: "请问包邮吗", conversations: 2_000 },
        };
        println!("{:<42} {:>10} {:>10} {:>10} {:>8}", "", "a second", "p50 ms", "p99 ms", "refused");
        let steady = load(service, Some(self.rate)).run().await?;
        row(&format!("stored and synced, {} a second", self.rate), &steady);
        let peak = load(service, None).run().await?;
        row(&format!("stored and synced, {} connections", self.connections), &peak);
        let ceiling = load(bare, None).run().await?;
        row(&format!("bare axum route, {} connections", self.connections), &ceiling);
        println!("\npeak / bare route: {:.3}", peak.per_second() / ceiling.per_second());
        Ok(())
    }
}

pub(super) fn path(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the temporary folder's name is not UTF-8")
}

fn row(name: &str, measured: &Measured) {
    let millis = |share| measured.at(share).as_secs_f64() * 1000.0;
    let (p50, p99) = (millis(0.5), millis(0.99));
    println!("{name:<42} {:>10.0} {p50:>10.2} {p99:>10.2} {:>8}", measured.per_second(), measured.refused);
}

/// Starts this very binary as a process of its own, and reads the address it prints. It ends with this process.
pub(super) async fn start(arguments: &[&str]) -> anyhow::Result<(Child, SocketAddr)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .env("XIAOER_LOG", "error")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, address)) = line.split_once("listens on http://") {
            let address = address.trim().parse()?;
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((child, address));
        }
    }
    bail!("`xiaoer {}` ended at once", arguments.join(" "))
}
