//! `xiaoer simulate`: recorded dialogues played through a running service, as a platform and its customers would.
//!
//! A [`player`] plays one dialogue: it writes the customer's messages to the webhook, then waits for the outcome before it
//! goes on. What happens reaches it as [`board::News`]: turns from the shop's event stream, replies from a receiver on
//! the shop's `send_url`. The [`report`] adds everything up and names each promise that was broken.

mod access;
mod board;
pub(super) mod dialogues;
mod pace;
mod player;
mod receiver;
mod record;
mod report;
mod service;
mod stage;
mod stream;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::common::{DataOptions, ShopOptions};

use access::Access;
use dialogues::{Dialogue, Part};
pub use report::{Counted, Report, Spread};

/// Plays recorded dialogues through the webhook of a running service and counts what became of them. A customer's rows
/// without an agent's answer join the next one: they are sent as one burst. The next burst of a dialogue waits for the
/// outcome of the last.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer serve --shops tests/shops --data /tmp/sim &\n  \
                        xiaoer simulate --dialogues dialogues.tsv --shops tests/shops --data /tmp/sim --shop jddc\n  \
                        xiaoer simulate --dialogues dialogues.tsv --shop demo --after-handoff agent --limit 20\n  \
                        xiaoer simulate --dialogues dialogues.tsv --shop demo --skip-test --answers answers.tsv\n\n\
                        The file has tab-separated columns named dialog, turn, customer and agent; others are not read.\n\
                        Replies are counted at the channel's send_url where that is an address of this machine (this\n\
                        command listens there), else by what the API says of them. Give the --shops, --data and --database\n\
                        of the service: the channel's secret is read there, and a token is made and revoked.\n\n\
                        Exits with 1 if a promise is broken: a 5xx, a message not accepted or not stored once, a turn not\n\
                        decided in time, a reply delivered twice or never.")]
pub struct Simulate {
    /// The dialogues: tab-separated, with the columns dialog, turn, customer, agent.
    #[arg(long, value_name = "FILE.tsv")]
    dialogues: PathBuf,
    #[command(flatten)]
    shops: ShopOptions,
    #[command(flatten)]
    data: DataOptions,
    /// Where the service listens.
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    url: String,
    /// Listen here for replies, where `send_url` reaches this machine by another name or through a proxy.
    #[arg(long, value_name = "ADDR")]
    receive: Option<SocketAddr>,
    /// Messages a second, over all dialogues.
    #[arg(long, default_value_t = 50.0, value_parser = a_rate)]
    rate: f64,
    /// Dialogues at once.
    #[arg(long, default_value_t = 330, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    parallel: u32,
    /// After a hand-off: `release` gives the conversation back to the bot; `agent` takes it and says what the recorded
    /// agent said, to the end of the dialogue.
    #[arg(long, value_enum, default_value_t = AfterHandoff::Release)]
    after_handoff: AfterHandoff,
    /// Deliver every N-th message a second time, as platforms do; it must be taken for a duplicate.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    redeliver: Option<u64>,
    /// Play the test part alone: dialogues whose number is divisible by 5.
    #[arg(long, conflicts_with = "skip_test")]
    only_test: bool,
    /// Leave the test part out.
    #[arg(long)]
    skip_test: bool,
    /// Play so many dialogues at most.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Write every turn that was answered or asked about, for people to judge: dialog, turn, customer, rung, intents,
    /// reply, and what the recorded agent said.
    #[arg(long, value_name = "FILE.tsv")]
    answers: Option<PathBuf>,
    /// Seconds until a message that is not decided, or a reply that has not come, is given up.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    patience: u64,
}

/// What is done about a conversation that the bot has handed off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AfterHandoff {
    /// Given back to the bot.
    Release,
    /// Taken, and answered with the recorded agent's words.
    Agent,
}

impl Simulate {
    pub(super) async fn run(&self) -> anyhow::Result<ExitCode> {
        let report = self.play().await?;
        println!("{report}");
        if let Some(path) = &self.answers {
            std::fs::write(path, report.answers()).with_context(|| path.display().to_string())?;
            println!("answered and asked turns: {}", path.display());
        }
        Ok(if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Plays the dialogues and reports.
    ///
    /// # Errors
    /// It could not begin: no such file or shop, no service there, no channel to write to; or it was stopped by Ctrl-C.
    pub async fn play(&self) -> anyhow::Result<Report> {
        let dialogues = self.read()?;
        let access = Access::open(self).await?;
        let played = tokio::select! {
            report = stage::play(self, &access, dialogues) => report,
            _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("stopped before the end; nothing is reported")),
        };
        access.revoke(self).await?;
        played
    }

    fn read(&self) -> anyhow::Result<Vec<Dialogue>> {
        let named = || self.dialogues.display().to_string();
        let text = std::fs::read_to_string(&self.dialogues).with_context(named)?;
        let part = match (self.only_test, self.skip_test) {
            (true, _) => Part::Test,
            (_, true) => Part::Rest,
            _ => Part::All,
        };
        let mut dialogues = dialogues::read(&text, part).with_context(named)?;
        dialogues.truncate(self.limit.unwrap_or(usize::MAX));
        anyhow::ensure!(!dialogues.is_empty(), "{}: there is no dialogue to play", named());
        Ok(dialogues)
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }
}

fn a_rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "a number of messages a second".to_owned())?;
    if (0.01..=100_000.0).contains(&rate) { Ok(rate) } else { Err("between 0.01 and 100000".to_owned()) }
}
