//! `xiaoer confusions`: which intents are mixed up, by which messages, and what to write about it.

mod json;
mod shown;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::common::ShopOptions;
use super::held_out;
use crate::check::confusions::Confusions;
use crate::domain::{IntentId, Language};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::nearest;

use shown::Shown;

/// Tries each example of a shop's playbook out on a classifier that has not learnt it, and lists which intents were mixed
/// up, the messages with their places, and for each the phrase to add or the veto that helps.
///
/// All the advice together was tried out as well: with it, every message that it is given for comes right.
#[derive(Args, Debug)]
#[command(
    after_help = "The worst stand first: what the shop's threshold would have let the bot answer wrongly (marked with !).\n\n\
                        Examples:\n  xiaoer confusions\n  xiaoer confusions --shop demo --lang zh\n  \
                        xiaoer confusions --intent order/cancel\n  xiaoer confusions --json | jq '.pairs[0]'"
)]
pub(super) struct ConfusionsCommand {
    #[command(flatten)]
    shops: ShopOptions,
    /// Only what is mixed up with this intent.
    #[arg(long, value_name = "ID")]
    intent: Option<IntentId>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl ConfusionsCommand {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (id, folder) = self.shops.one_or_first()?;
        let playbook = held_out::sound(&id, &folder, language)?;
        if let Some(intent) = &self.intent {
            known(&playbook, intent, language)?;
        }
        let mut confusions = Confusions::of(&held_out::run(&playbook)?)?;
        if let Some(intent) = &self.intent {
            confusions.pairs.retain(|pair| pair.intent == intent || pair.taken_for == intent);
            confusions.twins.retain(|twins| twins.lines.iter().any(|(id, _)| *id == intent));
        }
        // Colours where a terminal shows them, and NO_COLOR is unset.
        let mut out = anstream::stdout().lock();
        if self.json {
            writeln!(out, "{}", json::of(&playbook, &confusions))?;
        } else {
            write!(out, "{}", Shown { confusions: &confusions, language }.write())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn known(playbook: &Playbook, intent: &IntentId, language: Language) -> anyhow::Result<()> {
    if playbook.intents.contains_key(intent) {
        return Ok(());
    }
    let near = nearest(intent.as_str(), playbook.intents.keys().map(IntentId::as_str));
    match (language, near) {
        (Language::Zh, Some(near)) => bail!("没有 {intent} 这个意图；是不是 {near}？"),
        (Language::Zh, None) => bail!("没有 {intent} 这个意图"),
        (Language::En, Some(near)) => bail!("there is no intent {intent}; did you mean {near}?"),
        (Language::En, None) => bail!("there is no intent {intent}"),
    }
}
