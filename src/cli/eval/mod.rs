//! `xiaoer eval`: how well messages are understood, on messages whose meaning is known.

mod chats;
mod labelled;
mod labels;
mod learning;
mod messages;
mod seen;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::ShopOptions;
use crate::domain::Language;

use chats::Chats;
use messages::Messages;

/// Trains the example classifier on labelled messages and measures it on others; or measures a shop's playbook on
/// labelled chats.
#[derive(Args, Debug)]
#[command(
    after_help = "Files of messages are lines of TEXT<TAB>LABEL. With --valid and --valid-oos the threshold is chosen there,\n\
                        never on the test: where the most messages are treated rightly. With --valid alone it lets 95 of 100 of its\n\
                        messages through. Without either it is a confidence of one half: what that means is learnt from the\n\
                        examples, by holding a fifth of the labels out in turn.\n\n\
                        --predictions writes a line LABEL<TAB>TAKEN FOR<TAB>CONFIDENCE for each message of --test and then of\n\
                        --oos, in their order and without their words.\n\n\
                        Examples:\n  xiaoer eval --train banking77.train.tsv --test banking77.test.tsv\n  \
                        xiaoer eval --train a.train.tsv --test a.test.tsv --oos a.oos.tsv --valid a.valid.tsv --json\n  \
                        xiaoer eval --dialogues chats.tsv --labels labels.tsv --shop demo --list"
)]
pub(super) struct Eval {
    /// What is learnt.
    #[arg(long, value_name = "F.tsv", required_unless_present = "dialogues", requires = "test")]
    train: Option<PathBuf>,
    /// What it is measured on.
    #[arg(long, value_name = "F.tsv", requires = "train")]
    test: Option<PathBuf>,
    /// Messages of no label at all, to be rejected.
    #[arg(long, value_name = "F.tsv", requires = "train")]
    oos: Option<PathBuf>,
    /// Where the threshold is chosen.
    #[arg(long, value_name = "F.tsv", requires = "train")]
    valid: Option<PathBuf>,
    /// Messages of no label, where the threshold is chosen.
    #[arg(long, value_name = "F.tsv", requires = "valid")]
    valid_oos: Option<PathBuf>,
    /// Learn from the first N messages of each label alone.
    #[arg(long, value_name = "N", requires = "train")]
    first: Option<usize>,
    /// Write what each message was taken for, and how surely.
    #[arg(long, value_name = "FILE", requires = "train")]
    predictions: Option<PathBuf>,
    /// Recorded chats: a table with the columns dialog, turn, customer, agent.
    #[arg(long, value_name = "F.tsv", requires = "labels", conflicts_with = "train")]
    dialogues: Option<PathBuf>,
    /// What their turns mean: a table with the columns dialog, turn, intents, clear, safe.
    #[arg(long, value_name = "F.tsv", requires = "dialogues")]
    labels: Option<PathBuf>,
    /// Print each turn that was answered wrongly, or should have been answered.
    #[arg(long, requires = "dialogues")]
    list: bool,
    #[command(flatten)]
    shops: ShopOptions,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Eval {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        if let (Some(dialogues), Some(labels)) = (&self.dialogues, &self.labels) {
            let chats = Chats { dialogues, labels, list: self.list, json: self.json };
            return chats.run(&self.shops, language).await;
        }
        let (Some(train), Some(test)) = (&self.train, &self.test) else {
            anyhow::bail!("--train and --test, or --dialogues and --labels");
        };
        let messages = Messages {
            train,
            test,
            oos: self.oos.as_deref(),
            valid: self.valid.as_deref(),
            valid_oos: self.valid_oos.as_deref(),
            first: self.first,
            predictions: self.predictions.as_deref(),
            json: self.json,
        };
        messages.run(language)
    }
}
