//! `xiaoer replay`: stored turns decided anew with another playbook, and what would change.

mod compare;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::common::{DataOptions, ShopOptions, clockwork};
use super::period::Period;
use crate::app;
use crate::domain::{At, Language, OrderLookup, OrderQuestion, OrdersFound, Rung, ShopId, Turn, TurnId, TurnInput};
use crate::engine::{Engine, Orders};
use crate::shops;
use crate::store::Store;

pub use compare::{Change, Kind, Side};
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
        let mut report = Report::new(&engine, (from, to));
        let done = again(&store, &engine, (from, to), &mut report).await;
        store.close().await;
        done.map(|()| report)
    }
}

fn engine(shop: &ShopId, folder: &Path, language: Language) -> anyhow::Result<Engine> {
    let loaded = shops::load_playbook(shop, folder).with_context(|| folder.display().to_string())?;
    let Some(playbook) = loaded.playbook else {
        return Err(app::unusable(&folder.display().to_string(), &loaded.mistakes, language));
    };
    Ok(Engine::compile(playbook)?)
}

async fn again(store: &Store, engine: &Engine, (from, to): (At, At), report: &mut Report) -> anyhow::Result<()> {
    let shop = &engine.playbook.shop;
    let bar = ProgressBar::new(days(from, to))
        .with_style(ProgressStyle::with_template("{elapsed_precise} {bar:40} day {pos}/{len}, {msg} turns")?);
    let mut after: (At, Option<TurnId>) = (from, None);
    loop {
        let turns = store.turns_between(shop, (after.0, after.1.as_ref()), to).await?;
        let Some(last) = turns.last() else { break };
        after = (last.input.now, Some(last.input.id.clone()));
        for turn in &turns {
            decide(engine, turn, report).await;
        }
        bar.set_position(days(from, after.0));
        bar.set_message(report.turns.to_string());
    }
    bar.finish_and_clear();
    Ok(())
}

fn days(from: At, to: At) -> u64 {
    u64::try_from(to.since(from) / crate::domain::DAY).unwrap_or(0)
}

async fn decide(engine: &Engine, turn: &Turn, report: &mut Report) {
    report.turns += 1;
    if compare::is_erased(turn) {
        report.erased += 1;
        return;
    }
    let orders = AsFound { found: turn.outcome.orders.clone(), asked: AtomicBool::new(false) };
    let outcome = engine.decide(&turn.input, &orders).await;
    let not_looked_up = orders.found.lookup == OrderLookup::NotAsked && orders.asked.into_inner();
    let is_same_playbook = turn.outcome.playbook == engine.playbook.hash;
    report.same_playbook += u64::from(is_same_playbook);
    let Some(mut change) = compare::compare(turn, &outcome) else { return };
    change.order_not_looked_up = not_looked_up;
    if was_not_decided(turn) {
        report.undecided.push(change);
        return;
    }
    report.same_playbook_changed += u64::from(is_same_playbook);
    report.changes.push(change);
}

/// A defect or a broken playbook cost this turn its decision: a person got the chat, and nothing was understood.
fn was_not_decided(turn: &Turn) -> bool {
    let outcome = &turn.outcome;
    outcome.decision.rung == Rung::Unsure
        && outcome.decision.reply.is_none()
        && outcome.suggestions.is_empty()
        && outcome.classification == Default::default()
}

/// Orders as they were found when the turn was decided; notes whether they are asked for now.
struct AsFound {
    found: OrdersFound,
    asked: AtomicBool,
}

#[async_trait]
impl Orders for AsFound {
    async fn look_up(&self, _: &OrderQuestion, _: &TurnInput) -> OrdersFound {
        self.asked.store(true, Ordering::Relaxed);
        match self.found.lookup {
            // Nobody looked then; the customer's orders of that time aren't known any more.
            OrderLookup::NotAsked => OrdersFound { lookup: OrderLookup::None, ..self.found.clone() },
            _ => self.found.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Message, TurnOutcome};
    use crate::playbook::Playbook;
    use crate::playbook::layer::Layer;

    #[tokio::test]
    async fn a_turn_that_broke_then_is_told_apart() {
        let playbook = Playbook::load("test".into(), &[Layer::base()]).playbook.unwrap();
        let engine = Engine::compile(playbook).unwrap();
        let mut report = Report::new(&engine, (At(0), At(1)));
        let input = TurnInput {
            id: "t-1".into(),
            shop: "test".into(),
            channel: "web".into(),
            conversation: "c-1".into(),
            customer: Default::default(),
            messages: vec![Message::plain("m-1".into(), "你好", At(0))],
            state: Default::default(),
            mode: Default::default(),
            intent_modes: Default::default(),
            neighbours: None,
            now: At(0),
        };
        let outcome = TurnOutcome::without_decision(&input, engine.playbook.hash.clone(), "internal error");
        let mut turn = Turn { episode: "e-1".into(), seq: 1, window_end: At(0), window: 0, input, outcome };
        decide(&engine, &turn, &mut report).await;
        assert_eq!((report.changes.len(), report.undecided.len()), (0, 1));
        assert_eq!(report.undecided[0].kind, Kind::NewlyAnswered);
        assert!(report.text(Language::En, 9).contains("not decided then · 1"));

        turn.input.messages[0].text.clear();
        decide(&engine, &turn, &mut report).await;
        assert_eq!((report.turns, report.erased, report.undecided.len()), (2, 1, 1));
    }
}
