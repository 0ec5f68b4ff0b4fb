//! Cross-validation with a bar that moves.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::check::held_out::HeldOut;
use crate::classify::Classifier;
use crate::domain::{Language, ShopId};
use crate::playbook::Playbook;
use crate::shops;

/// The playbook of a shop that has no error.
pub(super) fn sound(id: &ShopId, folder: &Path, language: Language) -> anyhow::Result<Playbook> {
    let loaded = shops::load_playbook(id, folder).with_context(|| folder.display().to_string())?;
    match loaded.playbook {
        Some(playbook) => Ok(playbook),
        None if language == Language::Zh => bail!("{id} 的文件里有错误，先运行：xiaoer check --shop {id}"),
        None => bail!("there are errors in the files of {id}; first run: xiaoer check --shop {id}"),
    }
}

/// Tries every example of a playbook out. The bar draws nothing where standard error is no terminal.
pub(super) fn run(playbook: &Playbook) -> anyhow::Result<HeldOut<'_>> {
    let size = HeldOut::size(playbook);
    let style = ProgressStyle::with_template("{elapsed_precise} {bar:40} {pos}/{len}")?;
    let bar = ProgressBar::new(size as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    // The first time, what all the examples teach is learnt here.
    let classifier = Classifier::compile(playbook)?;
    let held_out = HeldOut::of(playbook, &classifier, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(held_out)
}
