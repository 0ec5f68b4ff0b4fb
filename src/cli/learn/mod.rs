//! `xiaoer learn`: old chats in, a proposed script library out. Nothing of it is live before a person has read it.

mod columns;
mod judge;
mod read;
mod shown;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::app;
use crate::classify::Classifier;
use crate::domain::{Language, ShopId};
use crate::learn::chat::{Chat, Corpus};
use crate::learn::draft::{self, Draft};
use crate::learn::library::{Library, Shop};
use crate::learn::whose::Understood;
use crate::playbook::diagnostic::Severity;
use crate::playbook::layer::Layer;
use crate::playbook::{Loaded, Playbook};
use crate::text::is_han;

/// Reads old chats and proposes a script library (话术库) out of what the agents replied, with drafts of intents for what
/// customers asked and the playbook doesn't know. Personal data is masked. Nothing is live before a person has read it: all
/// goes into a folder of its own.
///
/// The table is CSV, TSV or XLSX (UTF-8 or GBK); its first line names the columns. One message a line: conversation, role,
/// text (also time, agent_name); or one turn a line: conversation, customer, agent. Chinese names do as well: 会话, 角色,
/// 内容, 顾客, 客服. Lines that can't be read are named and left out.
#[derive(Args, Debug)]
#[command(
    after_help = "Writes library.csv (the scripts), left-out.csv (with reasons), intents/ and replies/ (drafts), and \
                        READ-ME-FIRST.txt.\nIn library.csv write `accepted` under state beside each script that may be used, \
                        then bring them in.\n\nExamples:\n  xiaoer learn chats.csv\n  \
                        xiaoer learn 聊天记录.csv --shop shops/my-shop --out learnt --least 5\n  \
                        xiaoer scripts import learnt/library.csv --shop my-shop --dry-run\n  \
                        xiaoer learn chats.csv --judge"
)]
pub(super) struct Learn {
    /// The chats.
    transcripts: PathBuf,
    /// The folder of a shop: its intents, categories, language and settings count. Without it the base pack's do.
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
    /// Where to write. A folder that exists is left alone.
    #[arg(long, default_value = "learnt", value_name = "DIR")]
    out: PathBuf,
    /// What is said in fewer chats isn't proposed.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    least: u32,
    /// Write nothing; learn from four fifths of the chats and say how many replies of the others it covers, beside the
    /// replies said most often. WHICH fifth is held out: 0, the default, to 4.
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "0", value_parser = clap::value_parser!(u32).range(0..5))]
    judge: Option<u32>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Everything that was learnt.
struct Learnt {
    corpus: Corpus,
    library: Library,
    drafts: Vec<Draft>,
}

impl Learn {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        if self.judge.is_none() {
            free(&self.out, language)?;
        }
        let read = read::read(&self.transcripts, language)?;
        for line in shown::bad(&read, language) {
            eprintln!("{line}");
        }
        if read.chats.is_empty() {
            bail!(
                "{}: {}",
                self.transcripts.display(),
                if language == Language::Zh { "没有可用的聊天" } else { "no chat in it" }
            );
        }
        let playbook = self.playbook(language)?;
        let classifier = Classifier::compile(&playbook)?;
        let of_shop = self.shop.is_some().then(|| playbook.settings.languages.first().copied()).flatten();
        let shop = Shop {
            playbook: &playbook,
            classifier: &classifier,
            language: of_shop.unwrap_or_else(|| language_of(&read.chats)),
        };
        if let Some(fifth) = self.judge {
            let judged = judge::judge(&read.chats, fifth as usize, &shop, self.least as usize)?;
            print!("{}", if self.json { judged.json() } else { judged.table(language) });
            return Ok(ExitCode::SUCCESS);
        }
        let learnt = learn(&read.chats, &shop, self.least as usize)?;
        write::write(&self.out, &learnt, &read, &shop)?;
        if self.json {
            println!("{}", shown::json(&learnt, &read));
        } else {
            print!("{}", shown::table(&learnt, &read, &self.out, language));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The base pack with the shop's files over it.
    fn playbook(&self, language: Language) -> anyhow::Result<Playbook> {
        let (name, layers) = match &self.shop {
            None => ("base".to_owned(), vec![Layer::base()]),
            Some(folder) => {
                if !folder.join("shop.yaml").is_file() {
                    bail!("{} is no shop's folder: there is no shop.yaml in it", folder.display());
                }
                let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (name, Layer::stack(folder).with_context(|| folder.display().to_string())?)
            }
        };
        let Loaded { playbook, mut mistakes } = Playbook::load(ShopId::from(name.as_str()), &layers);
        mistakes.retain(|mistake| mistake.severity == Severity::Error);
        playbook.ok_or_else(|| app::unusable(&name, &mistakes, language))
    }
}

fn learn(chats: &[Chat], shop: &Shop<'_>, least: usize) -> anyhow::Result<Learnt> {
    let corpus = Corpus::of(chats);
    let style = ProgressStyle::with_template("{elapsed_precise} {bar:40} {pos}/{len}")?;
    // It draws nothing where standard error is no terminal.
    let bar = ProgressBar::new(corpus.bursts.len() as u64).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    let understood = Understood::of(&corpus, shop.classifier, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut library = Library::of(&corpus, &understood, shop, least);
    let drafts = draft::drafts(&corpus, &understood, shop, least);
    library.belong_to(&corpus, &drafts);
    Ok(Learnt { corpus, library, drafts })
}

/// Whether a folder can be written: it isn't there, and lies in no shop.
fn free(out: &Path, language: Language) -> anyhow::Result<()> {
    let zh = language == Language::Zh;
    if out.exists() {
        let shown = out.display();
        bail!(
            "{}",
            if zh {
                format!("{shown} 已经存在，请用 --out 换一个")
            } else {
                format!("{shown} exists; choose another folder with --out")
            }
        );
    }
    let whole = std::path::absolute(out).with_context(|| out.display().to_string())?;
    if let Some(shop) = whole.ancestors().find(|folder| folder.join("shop.yaml").exists()) {
        let shown = shop.display();
        bail!(
            "{}",
            if zh {
                format!("{shown} 是店铺的文件夹：草稿不写进去")
            } else {
                format!("{shown} is a shop's folder: drafts don't go there")
            }
        );
    }
    Ok(())
}

/// The language that most messages are in.
fn language_of(chats: &[Chat]) -> Language {
    let said = || chats.iter().flat_map(|chat| &chat.said);
    let chinese = said().filter(|said| said.text.chars().any(is_han)).count();
    if 2 * chinese >= said().count() { Language::Zh } else { Language::En }
}

/// Share of all replies that stand behind proposed scripts.
fn covered(learnt: &Learnt) -> f64 {
    let behind: usize = learnt.library.scripts.iter().map(|script| script.count).sum();
    behind as f64 / learnt.corpus.replies.len().max(1) as f64
}
