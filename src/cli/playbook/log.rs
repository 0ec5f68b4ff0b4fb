//! `xiaoer playbook log`: what was in force when.

use std::collections::HashMap;
use std::process::ExitCode;

use clap::Args;
use unicode_width::UnicodeWidthStr as _;

use super::{Bench, Common};
use crate::domain::{At, Language, PlaybookHash};
use crate::shops::{self, Sources, short};
use crate::store::{Move, PlaybookVersion};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer playbook log\n  xiaoer playbook log --shop demo -n 50\n\n\
                        The star marks what is in force.")]
pub(super) struct Log {
    #[command(flatten)]
    common: Common,
    /// So many lines at most.
    #[arg(short = 'n', long = "lines", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    lines: u16,
}

/// One line of the table.
struct Line {
    at: At,
    hash: PlaybookHash,
    what: String,
    by: String,
    /// What it was compared with to count files.
    before: Option<PlaybookHash>,
    in_force: bool,
}

impl Log {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let bench = self.common.open(language).await?;
        let current = bench.current().await?.hash;
        let versions = versions(&bench).await?;
        let mut lines = moves(&bench, &current, i64::from(self.lines)).await?;
        lines.extend(others(&bench, &versions, &lines, &current));
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        lines.truncate(usize::from(self.lines));
        let zone = bench.zone();
        let heads = [
            "",
            bench.say("版本", "version"),
            bench.say("时间", "when"),
            bench.say("何事", "what"),
            bench.say("何人", "who"),
            bench.say("此前", "before"),
            bench.say("改动文件", "files changed"),
        ];
        let mut table = vec![heads.map(str::to_owned)];
        table.extend(lines.iter().map(|line| {
            [
                if line.in_force { "*".to_owned() } else { String::new() },
                short(&line.hash).to_owned(),
                shops::shown_time(line.at, &zone),
                line.what.clone(),
                line.by.clone(),
                line.before.as_ref().map_or("-", |hash| short(hash)).to_owned(),
                changed(&versions, line).map_or_else(|| "?".to_owned(), |count| count.to_string()),
            ]
        }));
        print_table(&table);
        bench.done().await
    }
}

/// Every version with its files.
async fn versions(bench: &Bench) -> anyhow::Result<HashMap<PlaybookHash, (PlaybookVersion, Sources)>> {
    let rows = bench.store.playbooks(&bench.shop, 1_000).await?;
    let read = rows.into_iter().filter_map(|row| {
        let sources = Sources::read(&row).ok()?;
        Some((row.hash.clone(), (row, sources)))
    });
    Ok(read.collect())
}

async fn moves(bench: &Bench, current: &PlaybookHash, limit: i64) -> anyhow::Result<Vec<Line>> {
    let moves = bench.store.playbook_moves(&bench.shop, limit).await?;
    let line = |(place, step): (usize, crate::store::PlaybookMove)| Line {
        in_force: place == 0 && step.to == *current,
        at: step.at,
        what: match step.how {
            Move::Published => bench.say("文件发布", "published"),
            Move::Pushed => bench.say("推送", "pushed"),
            Move::RolledBack => bench.say("回退", "rolled back"),
        }
        .to_owned(),
        hash: step.to,
        by: step.by,
        before: step.from,
    };
    Ok(moves.into_iter().enumerate().map(line).collect())
}

/// Versions that no move tells of: the same files over another program's pack, and what was published before moves were
/// noted.
fn others(
    bench: &Bench,
    versions: &HashMap<PlaybookHash, (PlaybookVersion, Sources)>,
    moved: &[Line],
    current: &PlaybookHash,
) -> Vec<Line> {
    let oldest = moved.last().map(|line| line.at);
    let untold = versions.values().filter(|(version, sources)| {
        let told = moved.iter().any(|line| line.hash == version.hash);
        // What is older than the oldest line shown would be told by lines that aren't.
        !told && (sources.stands_for.is_some() || moved.is_empty() || oldest.is_some_and(|oldest| version.at <= oldest))
    });
    let line = |(version, sources): &(PlaybookVersion, Sources)| Line {
        at: version.at,
        hash: version.hash.clone(),
        what: match &sources.stands_for {
            Some(original) => format!("= {} + {}", short(original), sources.base),
            None => bench.say("发布", "published").to_owned(),
        },
        by: version.author.clone(),
        before: version.parent.clone(),
        in_force: version.hash == *current && moved.is_empty(),
    };
    untold.map(line).collect()
}

fn changed(versions: &HashMap<PlaybookHash, (PlaybookVersion, Sources)>, line: &Line) -> Option<usize> {
    let (_, sources) = versions.get(&line.hash)?;
    match &line.before {
        Some(before) => Some(sources.changed_files(&versions.get(before)?.1)),
        None => Some(sources.shown().len()),
    }
}

fn print_table<const N: usize>(table: &[[String; N]]) {
    let widths: Vec<usize> =
        (0..N).map(|column| table.iter().map(|row| row[column].width()).max().unwrap_or_default()).collect();
    for row in table {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            format!("{cell}{pad}")
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
