//! `xiaoer fmt`: the canonical form of the files that people edit.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::common::ShopOptions;
use crate::domain::Language;
use crate::playbook::format::{self, Unformatted};
use crate::playbook::layer::Layer;

/// Lays out intents, replies, products, campaigns and shop.yaml: order of keys, two spaces, blocks as `|`, no blanks at
/// line ends, one line feed at the end. Words and comments are never touched; a file that can't be laid out without
/// changing what it says is left as it is.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer fmt                       # every shop\n  xiaoer fmt --shop my-shop\n  \
                        xiaoer fmt shops/my-shop/intents/shop/example.yaml\n  xiaoer fmt --check\n\n\
                        --check changes nothing, lists the files that would change, and exits with 1 if there are any.")]
pub(super) struct Fmt {
    #[command(flatten)]
    shops: ShopOptions,
    /// List what would change, and change nothing.
    #[arg(long)]
    check: bool,
    /// These files and folders instead of the shops'.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Fmt {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let zh = language == Language::Zh;
        let (mut changed, mut left) = (0, 0);
        let files = self.files()?;
        for path in &files {
            let shown = path.display();
            let bytes = std::fs::read(path).with_context(|| shown.to_string())?;
            let Ok(text) = String::from_utf8(bytes) else {
                left += 1;
                eprintln!(
                    "{shown}: {}",
                    if zh { "不是 UTF-8，先另存为 UTF-8" } else { "it isn't UTF-8; save it as UTF-8 first" }
                );
                continue;
            };
            match format::format(&below_a_shop(path), &text) {
                Ok(laid_out) if laid_out == text => {}
                Ok(laid_out) => {
                    changed += 1;
                    println!("{shown}");
                    if !self.check {
                        super::whole::write(path, laid_out.as_bytes())?;
                    }
                }
                Err(why) => {
                    left += 1;
                    eprintln!("{shown}: {}", if zh { said(&why) } else { why.to_string() });
                }
            }
        }
        let count = files.len();
        let done = match (zh, self.check) {
            (true, true) => format!("{count} 个文件：{changed} 个需要整理，{left} 个不动"),
            (true, false) => format!("{count} 个文件：整理了 {changed} 个，{left} 个不动"),
            (false, true) => format!("files: {count}, would change: {changed}, left alone: {left}"),
            (false, false) => format!("files: {count}, changed: {changed}, left alone: {left}"),
        };
        println!("{done}");
        Ok(if self.check && changed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut roots = self.files.clone();
        if roots.is_empty() {
            roots.extend(self.shops.folders()?.into_iter().map(|(_, folder)| folder));
        }
        let mut files = Vec::new();
        for root in roots {
            if root.is_dir() {
                let layer = Layer::folder(&root).with_context(|| root.display().to_string())?;
                files.extend(layer.files.iter().map(|file| root.join(&*file.path)));
            } else {
                files.push(root);
            }
        }
        Ok(files)
    }
}

/// What a file is for stands in its path: from the last folder that holds such files.
fn below_a_shop(path: &Path) -> String {
    let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let is_folder = |part: &String| matches!(part.as_str(), "intents" | "replies" | "products" | "campaigns");
    let from = parts.iter().rposition(is_folder).unwrap_or(parts.len().saturating_sub(1));
    parts[from..].join("/")
}

fn said(why: &Unformatted) -> String {
    match why {
        Unformatted::Unreadable(line) => format!("第 {line} 行读不懂，`xiaoer check` 会说明原因"),
        Unformatted::Form(line) => format!("第 {line} 行的写法不整理，保持原样"),
        Unformatted::Meaning => "整理会改变内容，保持原样".to_owned(),
    }
}
