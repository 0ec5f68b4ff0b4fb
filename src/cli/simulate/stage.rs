//! What all players share, and the course of a run: open the ways back first, play, listen a little longer, look at
//! what was stored, add up.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::access::Access;
use super::board::Board;
use super::dialogues::Dialogue;
use super::pace::Pace;
use super::record::Record;
use super::report::Report;
use super::service::Service;
use super::{AfterHandoff, Simulate, player, receiver, stream};
use crate::channels::Secrets;
use crate::cli::common::clockwork;

/// A reply that is delivered twice comes again within this time.
const LISTEN_ON: Duration = Duration::from_secs(2);

/// What all players share.
pub(super) struct Stage {
    pub(super) service: Service,
    pub(super) secrets: Secrets,
    pub(super) board: Board,
    pub(super) pace: Pace,
    /// Whether replies come to a receiver of ours; else the API is asked for them.
    pub(super) receives: bool,
    pub(super) after_handoff: AfterHandoff,
    pub(super) redeliver: Option<u64>,
    pub(super) patience: Duration,
    /// Begins every id of this run.
    pub(super) run: String,
    pub(super) bar: ProgressBar,
    /// Messages that were written so far.
    pub(super) written: AtomicU64,
    /// Deliveries that were not signed, or could not be read.
    pub(super) unbelieved: AtomicU64,
}

impl Stage {
    fn new(options: &Simulate, access: &Access, messages: u64) -> anyhow::Result<Self> {
        Ok(Self {
            service: Service::new(access)?,
            secrets: access.secrets.clone(),
            board: Board::default(),
            pace: Pace::new(options.rate),
            receives: access.receive.is_some(),
            after_handoff: options.after_handoff,
            redeliver: options.redeliver,
            patience: options.patience(),
            run: format!("sim-{}", clockwork().id::<String>()),
            // Draws nothing where standard error is no terminal.
            bar: ProgressBar::new(messages).with_style(style()?),
            written: AtomicU64::new(0),
            unbelieved: AtomicU64::new(0),
        })
    }
}

fn style() -> anyhow::Result<ProgressStyle> {
    Ok(ProgressStyle::with_template("{elapsed_precise} {bar:40} {pos}/{len} messages, {per_sec}, {eta} left")?)
}

/// Plays every dialogue.
pub(super) async fn play(options: &Simulate, access: &Access, dialogues: Vec<Dialogue>) -> anyhow::Result<Report> {
    let messages = dialogues.iter().flat_map(|dialogue| &dialogue.bursts).map(|burst| burst.said.len() as u64).sum();
    let stage = Arc::new(Stage::new(options, access, messages)?);
    let _listening = match access.receive {
        Some(address) => Some(receiver::listen(stage.clone(), address).await?),
        None => None,
    };
    let _following = stream::follow(stage.clone()).await?;
    let began = Instant::now();
    let slots = Arc::new(Semaphore::new(options.parallel as usize));
    let mut playing = JoinSet::new();
    for (place, dialogue) in dialogues.into_iter().enumerate() {
        let (stage, slots) = (stage.clone(), slots.clone());
        playing.spawn(async move {
            let _slot = slots.acquire_owned().await;
            (place, player::play(stage, dialogue).await)
        });
    }
    let mut records = playing.join_all().await;
    let took = began.elapsed();
    tokio::time::sleep(LISTEN_ON).await;
    records.sort_by_key(|(place, _)| *place);
    let mut records: Vec<Record> = records.into_iter().map(|(_, record)| record).collect();
    for record in &mut records {
        record.look(&stage).await;
    }
    stage.bar.finish_and_clear();
    Ok(Report::of(&records, &stage, messages, took))
}
