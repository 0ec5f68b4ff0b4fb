//! `xiaoer scripts`: a script library out to a table and in from one, as customer-service programs keep them.

mod columns;
mod home;
mod judge;
mod placeholders;
pub(in crate::cli) mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::common::ShopOptions;
use crate::app;
use crate::domain::{IntentId, Language, ShopId};
use crate::playbook::diagnostic::Severity;
use crate::playbook::layer::Layer;
use crate::playbook::reply::Replies;
use crate::playbook::template::Template;
use crate::playbook::tree::SourceFile;
use crate::playbook::{Loaded, Playbook};

use columns::Columns;
use judge::{Fate, Judge, Judged};

/// A script library out to a table, and in from one.
#[derive(Args, Debug)]
pub(super) struct Scripts {
    #[command(subcommand)]
    does: Does,
}

#[derive(Subcommand, Debug)]
enum Does {
    Export(Export),
    Import(Import),
}

/// Writes the bot's words and the agents' scripts as a table: group, title, text, intent, situation, tone, use_when,
/// avoid. Rows without a situation are agents' scripts.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer scripts export scripts.xlsx --shop my-shop\n  \
                        xiaoer scripts export scripts.csv --lang-of en")]
struct Export {
    /// The file to write: .xlsx for Excel, anything else is CSV. One that exists is left alone.
    file: PathBuf,
    #[command(flatten)]
    shops: ShopOptions,
    /// Which of the shop's languages; its first without it.
    #[arg(long, value_name = "zh|en", value_parser = of_language)]
    lang_of: Option<Language>,
}

/// Adds the scripts of a table to a shop: CSV (UTF-8, UTF-16 or GBK; commas, tabs or semicolons), XLSX, XLS or ODS.
/// Columns are known by their names in Chinese or English, or as 千牛 exports quick phrases; without a header: the text
/// alone, group and text, or group, title and text. Rows that name an intent become its scripts, the others go to
/// replies/library/, where agents find them and the bot never says them. Nothing that is there is overwritten; each row
/// that can't be taken is named.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer scripts import 快捷短语.csv --shop my-shop --dry-run\n  \
                        xiaoer scripts import scripts.xlsx --shop my-shop")]
struct Import {
    /// The table.
    file: PathBuf,
    #[command(flatten)]
    shops: ShopOptions,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// The language of every row; without it each is told by its words.
    #[arg(long, value_name = "zh|en", value_parser = of_language)]
    lang_of: Option<Language>,
}

fn of_language(key: &str) -> Result<Language, String> {
    Language::parse(key).ok_or_else(|| "write zh or en".to_owned())
}

impl Scripts {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        match &self.does {
            Does::Export(export) => export.run(language),
            Does::Import(import) => import.run(language),
        }
    }
}

impl Export {
    fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (shop, folder) = self.shops.only()?;
        let playbook = load(&shop, &stack(&folder, &BTreeMap::new())?, language)?;
        if self.file.exists() {
            bail!("{} exists; choose another name", self.file.display());
        }
        let of = self.lang_of.or(playbook.settings.languages.first().copied()).unwrap_or_default();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (id, replies) in playbook.replies.iter() {
            rows.extend(rows_of(id, replies, of));
        }
        let mut header = columns::header(language);
        // Pictures have a column where there are any.
        if rows.iter().all(|row| row.last().is_none_or(String::is_empty)) {
            header.pop();
            rows.iter_mut().for_each(|row| drop(row.pop()));
        }
        table::write(&self.file, &header, &rows)?;
        let (count, file) = (rows.len(), self.file.display());
        println!(
            "{}",
            match language {
                Language::Zh => format!("{count} 条话术写进了 {file}"),
                Language::En => format!("{count} scripts were written to {file}"),
            }
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// The bot's words, then the agents' scripts.
fn rows_of(id: &IntentId, replies: &Replies, language: Language) -> Vec<Vec<String>> {
    let local = |text: &Option<crate::playbook::facts::Local>| {
        text.as_ref().map(|text| text.of(language).to_owned()).unwrap_or_default()
    };
    let group =
        Some(local(&replies.category)).filter(|group| !group.is_empty()).unwrap_or_else(|| id.area().to_owned());
    let intent = if id.area() == "library" { String::new() } else { id.to_string() };
    let raw = |template: &Template| template.fill_known(&mut |_| None);
    let mut rows = Vec::new();
    for (situation, tone, template) in replies.words(language) {
        let tone = if tone == "plain" { "" } else { tone };
        rows.push(
            [&group, &local(&replies.title), &raw(template), &intent, situation, tone, "", "", ""].map(str::to_owned),
        );
    }
    for script in replies.suggest(language) {
        let of = |text: &Option<String>| text.clone().unwrap_or_default();
        let images = script.images.join(" ");
        rows.push([
            group.clone(),
            of(&script.title),
            raw(&script.text),
            intent.clone(),
            String::new(),
            String::new(),
            of(&script.use_when),
            of(&script.avoid),
            images,
        ]);
    }
    rows.into_iter().map(Vec::from).collect()
}

impl Import {
    fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (shop, folder) = self.shops.only()?;
        let playbook = load(&shop, &stack(&folder, &BTreeMap::new())?, language)?;
        let rows = table::read(&self.file)?;
        let columns = Columns::of(&rows);
        let before = own_replies(&folder)?;
        let mut judge = Judge::new(&playbook, self.lang_of, before.clone());
        let skipped = usize::from(columns.has_header);
        let judged: Vec<Judged> = rows.iter().skip(skipped).map(|row| judge.judge(&columns, row)).collect();
        let (after, judged) = judge.finish(judged);
        let changed: BTreeMap<String, String> =
            after.into_iter().filter(|(path, text)| before.get(path) != Some(text)).collect();
        // All of it is read as the service would before anything is written.
        load(&shop, &stack(&folder, &changed)?, language)
            .context("nothing was written: the shop could not be read afterwards")?;
        if !self.dry_run {
            write(&folder, &changed)?;
        }
        print!("{}", self.told(&judged, &columns, &changed, language));
        Ok(ExitCode::SUCCESS)
    }

    fn told(
        &self,
        judged: &[Judged],
        columns: &Columns,
        changed: &BTreeMap<String, String>,
        language: Language,
    ) -> String {
        let zh = language == Language::Zh;
        let mut out = String::new();
        let mut say = |line: String| {
            out.push_str(&line);
            out.push('\n');
        };
        for column in &columns.unknown {
            say(if zh {
                format!("没有用到的列：{column}")
            } else {
                format!("a column that isn't used: {column}")
            });
        }
        let (mut taken, mut there, mut refused) = (0, 0, 0);
        for row in judged {
            let line = row.line;
            match &row.fate {
                Fate::Taken { .. } => taken += 1,
                Fate::There { at } => {
                    there += 1;
                    if there <= NAMED {
                        let text = short(&row.text);
                        say(match language {
                            Language::Zh => format!("第 {line} 行  已经有了（{at}）：{text}"),
                            Language::En => format!("line {line}  is there already ({at}): {text}"),
                        });
                    }
                }
                Fate::Refused { why } => {
                    refused += 1;
                    let (why, text) = (why.of(language), short(&row.text));
                    say(if zh {
                        format!("第 {line} 行  没有导入，{why}：{text}")
                    } else {
                        format!("line {line}  not taken, {why}: {text}")
                    });
                }
            }
        }
        let files: BTreeSet<&String> = changed.keys().collect();
        for file in files {
            let into = judged.iter().filter(|row| matches!(&row.fate, Fate::Taken { at } if at.path == *file)).count();
            say(format!("{file}  +{into}"));
        }
        let rows = judged.len();
        say(match (language, self.dry_run) {
            (Language::Zh, false) => format!("{rows} 行：导入 {taken}，已有 {there}，没有导入 {refused}"),
            (Language::Zh, true) => {
                format!("{rows} 行：会导入 {taken}，已有 {there}，不能导入 {refused}（--dry-run，什么都没有写）")
            }
            (Language::En, false) => format!("{rows} rows: {taken} taken, {there} there already, {refused} not taken"),
            (Language::En, true) => {
                format!(
                    "{rows} rows: {taken} would be taken, {there} there already, {refused} not (--dry-run: nothing was written)"
                )
            }
        });
        out
    }
}

/// Rows that are there already are no loss; so many are named.
const NAMED: usize = 20;

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.replace('\n', " ⏎ ");
    let cut: String = line.chars().take(MOST).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { cut }
}

/// A shop's layers, with some of its own files as they would be.
fn stack(folder: &Path, changed: &BTreeMap<String, String>) -> anyhow::Result<Vec<Layer>> {
    let mut layers = Layer::stack(folder).with_context(|| folder.display().to_string())?;
    if let Some(own) = layers.last_mut() {
        for (path, text) in changed {
            own.files.retain(|file| *file.path != **path);
            own.files.push(SourceFile::new(path.as_str(), text.as_str()));
        }
        own.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    Ok(layers)
}

fn load(shop: &ShopId, layers: &[Layer], language: Language) -> anyhow::Result<Playbook> {
    let Loaded { playbook, mut mistakes } = Playbook::load(shop.clone(), layers);
    mistakes.retain(|mistake| mistake.severity == Severity::Error);
    playbook.ok_or_else(|| app::unusable(shop.as_str(), &mistakes, language))
}

/// The shop's own reply files, by path below its folder.
fn own_replies(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let own = Layer::folder(folder).with_context(|| folder.display().to_string())?;
    let replies = own.files.into_iter().filter(|file| file.path.starts_with("replies/"));
    Ok(replies.map(|file| (file.path.to_string(), file.text)).collect())
}

/// All files beside their places first, so that a full disk leaves none half done.
fn write(folder: &Path, changed: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let mut ready = Vec::new();
    for (path, text) in changed {
        let path = folder.join(path);
        ready.push((super::whole::prepare(&path, text.as_bytes())?, path));
    }
    for (beside, path) in ready {
        std::fs::rename(&beside, &path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
