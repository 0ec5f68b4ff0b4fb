//! `xiaoer replay`: stored turns decided anew with another playbook, and what would change.

mod report;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::common::{DataOptions, ShopOptions, clockwork};
use super::period::Period;
use crate::app;
use crate::domain::{At, Language, ShopId};
use crate::engine::Engine;
use crate::replay::{self, Replayed, Stretch};
use crate::shops;
use crate::store::Store;

pub use crate::replay::{Change, Kind, Side};
pub use report::Report;

/// Decides stored turns anew and prints what would change, by kind, with each message. Nothing is sent or stored. Each
/// turn is decided by itself: in the state its conversation was in, in the mode of that time, with the orders that were
/// found then.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  xiaoer replay --days 7                              # what the files as they stand now would change\n  \
                  xiaoer replay --from 2026-11-01 --to 2026-11-11 --playbook drafts/my-shop\n  \
                  xiaoer replay --shop demo --from -12h --json > changes.json\n\n\
                  Dates are days in the shop's time zone; the last one counts in full. Turns whose texts were erased can't\n\
                  be decided again: they are counted and left out."
)]
pub struct Replay {
    #[command(flatten)]
    shops: ShopOptions,
    #[command(flatten)]
    period: Period,
    /// The folder of the playbook to decide with; the shop's own folder without it.
    #[arg(long, value_name = "DIR")]
    playbook: Option<PathBuf>,
    /// One JSON object with every change.
    #[arg(long)]
    json: bool,
    /// Print so many changes of each kind; all are counted. [default: 20, with --json all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    data: DataOptions,
}

/// So many changes of a kind are printed where nothing is said.
const SHOWN: usize = 20;

impl Replay {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let report = self.play(language).await?;
        if self.json {
            println!("{}", report.json(self.limit)?);
        } else {
            print!("{}", report.text(language, self.limit.unwrap_or(SHOWN)));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Decides every turn of the period again.
    ///
    /// # Errors
    /// No such shop, mistakes in its files, dates that are none, or data that can't be read.
    pub async fn play(&self, language: Language) -> anyhow::Result<Report> {
        let (shop, folder) = self.shops.only()?;
        let engine = engine(&shop, self.playbook.as_deref().unwrap_or(&folder), language)?;
        let zone = engine.playbook.settings.time_zone.clone();
        let (from, to) = self.period.between(clockwork().now(), &zone)?;
        if self.data.database.is_none() && !self.data.data.join("xiaoer.db").is_file() {
            bail!("there are no data in {}; name the --data or --database of the service", self.data.data.display());
        }
        let store = self.data.open().await?;
        let replayed = again(&store, &engine, (from, to)).await;
        store.close().await;
        Ok(Report::new(&engine, (from, to), replayed?))
    }
}

fn engine(shop: &ShopId, folder: &Path, language: Language) -> anyhow::Result<Engine> {
    let loaded = shops::load_playbook(shop, folder).with_context(|| folder.display().to_string())?;
    let Some(playbook) = loaded.playbook else {
        return Err(app::unusable(&folder.display().to_string(), &loaded.mistakes, language));
    };
    Ok(Engine::compile(playbook)?)
}

async fn again(store: &Store, engine: &Engine, (from, to): (At, At)) -> anyhow::Result<Replayed> {
    let bar = ProgressBar::new(days(from, to))
        .with_style(ProgressStyle::with_template("{elapsed_precise} {bar:40} day {pos}/{len}, {msg} turns")?);
    let stretch = Stretch { from, after: None, to, keep: usize::MAX };
    let replayed = replay::again(store, engine, stretch, |at, so_far| {
        bar.set_position(days(from, at));
        bar.set_message(so_far.turns.to_string());
        ControlFlow::Continue(())
    });
    let replayed = replayed.await?;
    bar.finish_and_clear();
    Ok(replayed)
}

fn days(from: At, to: At) -> u64 {
    u64::try_from(to.since(from) / crate::domain::DAY).unwrap_or(0)
}
