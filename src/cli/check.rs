//! `xiaoer check`: every mistake of every playbook at once.

use std::process::ExitCode;

use clap::Args;

use super::common::ShopOptions;
use crate::check;
use crate::classify::Classifier;
use crate::domain::Language;
use crate::playbook::diagnostic::Severity;
use crate::shops;

/// Reads every playbook as the service would, runs the cases inside it, and prints every mistake at once.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer check\n  xiaoer check --shops /etc/xiaoer/shops --shop demo --lang zh\n\n\
                        Exits with 1 if there is an error; warnings alone exit with 0.")]
pub(super) struct Check {
    #[command(flatten)]
    shops: ShopOptions,
    /// Print errors alone.
    #[arg(long)]
    quiet: bool,
}

impl Check {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (mut errors, mut warnings, mut intents) = (0, 0, 0);
        let folders = self.shops.folders()?;
        for (id, folder) in &folders {
            let loaded = shops::load_playbook(id, folder)?;
            let mut mistakes = loaded.mistakes;
            if let Some(playbook) = loaded.playbook {
                intents += playbook.intents.len();
                mistakes.extend(check::check(&playbook, &Classifier::compile(&playbook)?));
            }
            for mistake in &mistakes {
                match mistake.severity {
                    Severity::Error => errors += 1,
                    Severity::Warning => warnings += 1,
                }
                if mistake.severity == Severity::Error || !self.quiet {
                    println!("{}", mistake.render(language));
                }
            }
        }
        let shops = folders.len();
        println!(
            "{}",
            match language {
                Language::Zh => format!("{shops} 个店铺，{intents} 个意图：{errors} 个错误，{warnings} 个提醒"),
                Language::En => format!("shops: {shops}, intents: {intents}, errors: {errors}, warnings: {warnings}"),
            }
        );
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
