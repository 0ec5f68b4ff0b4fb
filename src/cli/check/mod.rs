//! `xiaoer check`: every mistake of every playbook at once; and how much its confidence is worth.

mod report;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::common::ShopOptions;
use super::held_out;
use crate::check::reliability::Reliability;
use crate::domain::{Language, ShopId};
use crate::playbook::Loaded;
use crate::playbook::diagnostic::{Diagnostic, Severity};
use crate::playbook::encoding::to_utf8;
use crate::playbook::layer::Layer;
use crate::playbook::mend::Change;
use crate::playbook::scan::mended;
use crate::playbook::secret::hidden;
use crate::shops;

use report::Report;

/// Reads every playbook as the service would, runs the cases inside it, and prints every mistake at once.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer check\n  xiaoer check --fix\n  \
                        xiaoer check --report --shop demo\n  xiaoer check --shops /etc/xiaoer/shops --shop demo --lang zh\n\n\
                        Exits with 1 if there is an error; warnings alone exit with 0.")]
pub(super) struct Check {
    #[command(flatten)]
    shops: ShopOptions,
    /// Print errors alone.
    #[arg(long)]
    quiet: bool,
    /// Mend what can surely be mended, and print each edit. What it can't mend it leaves as it is.
    #[arg(long)]
    fix: bool,
    /// Afterwards, try each example out on a classifier that has not learnt it: is a confidence of 0.9 right nine times
    /// in ten? A table by tenths of confidence, and what was right in each area.
    #[arg(long)]
    report: bool,
    /// Print the mistakes as a JSON list, for editors; with --report an object of `mistakes` and `reports`.
    #[arg(long)]
    json: bool,
}

/// What was found in a shop.
struct Found {
    mistakes: Vec<Diagnostic>,
    intents: usize,
}

impl Check {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let folders = self.shops.folders()?;
        let (mut mistakes, mut intents) = (Vec::new(), 0);
        for (id, folder) in &folders {
            if self.fix {
                self.mend(folder, language)?;
            }
            let found = found(id, folder)?;
            mistakes.extend(found.mistakes);
            intents += found.intents;
        }
        // Shops share the base pack: what is wrong with it is told once.
        let mut told = HashSet::new();
        mistakes.retain(|mistake| told.insert((mistake.place.clone(), mistake.code, mistake.message.en.clone())));
        let count = |severity| mistakes.iter().filter(|mistake| mistake.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        mistakes.retain(|mistake| mistake.severity == Severity::Error || !self.quiet);
        if self.json && !self.report {
            println!("{}", serde_json::to_string_pretty(&mistakes)?);
        } else if !self.json {
            mistakes.iter().for_each(|mistake| println!("{}", mistake.render(language)));
            println!("{}", summary(language, folders.len(), intents, errors, warnings));
            let can_fix = mistakes.iter().filter(|mistake| is_mendable(mistake)).count();
            if can_fix > 0 {
                println!("{}", offer(language, can_fix));
            }
        }
        if self.report {
            let reports = reports(&folders, language)?;
            if self.json {
                let reports: Vec<_> = reports.iter().map(Report::json).collect();
                let both = serde_json::json!({ "mistakes": mistakes, "reports": reports });
                println!("{}", serde_json::to_string_pretty(&both)?);
            } else {
                reports.iter().for_each(|report| print!("{}", report.write(language)));
            }
        }
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Mends a shop's files as far as they surely can be.
    fn mend(&self, folder: &Path, language: Language) -> anyhow::Result<()> {
        for file in Layer::folder(folder)?.files {
            let path = Path::new(&*file.shown);
            let before = std::fs::read(path).with_context(|| file.shown.to_string())?;
            let (text, changes) = mended(&file);
            let mark = if before.starts_with("\u{feff}".as_bytes()) { "\u{feff}" } else { "" };
            let after = format!("{mark}{text}");
            if after.as_bytes() == before {
                continue;
            }
            if let Some((encoding, _)) = to_utf8(&before).filter(|_| std::str::from_utf8(&before).is_err()) {
                self.say(&format!("{}: {encoding} → UTF-8", file.shown));
            }
            self.say_changes(&file.shown, &changes, language);
            replace(path, after.as_bytes()).with_context(|| file.shown.to_string())?;
        }
        Ok(())
    }

    fn say_changes(&self, shown: &str, changes: &[Change], language: Language) {
        for change in changes {
            let after = match (&change.after, language) {
                (Some(after), _) => after.replace('\n', " ⏎ "),
                (None, Language::Zh) => "（删掉这一行）".to_owned(),
                (None, Language::En) => "(line removed)".to_owned(),
            };
            self.say(&hidden(&format!("{shown}:{}: {} → {after}", change.line, change.before)));
        }
    }

    /// Beside a JSON list the edits go where they don't spoil it.
    fn say(&self, line: &str) {
        if self.json { eprintln!("{line}") } else { println!("{line}") }
    }
}

fn found(id: &ShopId, folder: &Path) -> anyhow::Result<Found> {
    let Loaded { playbook, mistakes } = shops::examine(id, &Layer::stack(folder)?)?;
    Ok(Found { mistakes, intents: playbook.map_or(0, |playbook| playbook.intents.len()) })
}

/// One a shop. A shop whose files have errors has none; they were told.
fn reports(folders: &[(ShopId, PathBuf)], language: Language) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for (id, folder) in folders {
        let Ok(playbook) = held_out::sound(id, folder, language) else { continue };
        let reliability = Reliability::of(&held_out::run(&playbook)?);
        reports.push(Report { shop: id.clone(), reliability });
    }
    Ok(reports)
}

fn is_mendable(mistake: &Diagnostic) -> bool {
    !mistake.fix.is_empty() || mistake.code == "not-utf8"
}

/// A new file beside it that takes its place: whoever reads meanwhile reads the old one or the new one.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().context("no file")?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::set_permissions(&beside, std::fs::metadata(path)?.permissions()))
        .and_then(|()| std::fs::File::open(&beside)?.sync_all())
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // Nothing was lost: the old file still stands.
        let _ = std::fs::remove_file(&beside);
    }
    Ok(written?)
}

fn summary(language: Language, shops: usize, intents: usize, errors: usize, warnings: usize) -> String {
    match language {
        Language::Zh => format!("{shops} 个店铺，{intents} 个意图：{errors} 个错误，{warnings} 个提醒"),
        Language::En => format!("shops: {shops}, intents: {intents}, errors: {errors}, warnings: {warnings}"),
    }
}

fn offer(language: Language, count: usize) -> String {
    match language {
        Language::Zh => format!("其中 {count} 个可以自动改好：xiaoer check --fix"),
        Language::En => format!("{count} of them can be mended: xiaoer check --fix"),
    }
}
