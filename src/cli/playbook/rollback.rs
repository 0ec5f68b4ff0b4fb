//! `xiaoer playbook rollback`: an older version comes in force again.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::super::common::clockwork;
use super::{Author, Bench, Common};
use crate::domain::Language;
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Severity;
use crate::shops::{Sources, in_force_before, short, sources_of};
use crate::store::{PlaybookVersion, Published};

/// Far more than anybody goes back.
const MOVES: i64 = 10_000;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer playbook rollback             # the version before the one in force\n  \
                        xiaoer playbook rollback 77ab --shop demo --by chen\n\n\
                        Asks nothing. The folder stays as it is; `xiaoer playbook pull` takes the version into it.")]
pub(super) struct Rollback {
    /// A version, by the first characters of its hash; by default the one before.
    #[arg(value_name = "HASH")]
    hash: Option<String>,
    #[command(flatten)]
    author: Author,
    #[command(flatten)]
    common: Common,
}

impl Rollback {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let author = self.author.name(language)?.to_owned();
        let bench = self.common.open(language).await?;
        let current = bench.current().await?;
        let version = self.wanted(&bench).await?;
        let sources = sources_of(&version)?;
        let (to, from) = (short(&version.hash), short(&current.hash));
        if version.hash == current.hash {
            println!("{} {to}", bench.say("生效的就是", "in force already is"));
            return bench.done().await;
        }
        if !loads(&bench, &sources) {
            eprintln!(
                "{}",
                bench.say("这个版本在本程序里有错误，没有回退", "not rolled back: this program can't use it")
            );
            return bench.refused().await;
        }
        let (store, at) = (&bench.store, clockwork().now());
        let done = store.roll_back_playbook(&bench.shop, &version.hash, Some(&current.hash), &author, at).await?;
        if let Published::Behind { .. } = done {
            bail!("{}", bench.say("就在刚才有人发布了别的版本，请再试一次", "somebody published just now; try again"));
        }
        let changed = sources.changed_files(&sources_of(&current)?);
        let pull = bench.command("pull");
        println!(
            "{}",
            match language {
                Language::Zh => format!(
                    "已从 {from} 回退到 {to}，涉及文件 {changed} 个；运行中的服务一秒内用上它\n文件夹没有动；取回这个版本之前，对它的改动不会生效：`{pull}`"
                ),
                Language::En => format!(
                    "version {to} is in force again in place of {from}, files changed: {changed}; a running service takes it \
                 up within a second\nthe folder is as it was; until it takes this version in, edits of it are refused: `{pull}`"
                ),
            }
        );
        bench.done().await
    }

    async fn wanted(&self, bench: &Bench) -> anyhow::Result<PlaybookVersion> {
        let version = match &self.hash {
            Some(said) => bench.version(said).await?,
            None => {
                let moves = bench.store.playbook_moves(&bench.shop, MOVES).await?;
                let before = in_force_before(&moves);
                let before =
                    before.with_context(|| bench.say("没有更早的版本", "there is no version before this one"))?;
                bench.store.playbook(&bench.shop, &before).await?.context("the version is gone")?
            }
        };
        // What only stands for another is that other's files; the other is what people know.
        match sources_of(&version)?.stands_for {
            Some(original) => Ok(bench.store.playbook(&bench.shop, &original).await?.unwrap_or(version)),
            None => Ok(version),
        }
    }
}

/// Whether this program can serve it; what is wrong is printed.
fn loads(bench: &Bench, sources: &Sources) -> bool {
    let loaded = Playbook::load(bench.shop.clone(), &sources.layers(&bench.shop).stack());
    let errors = loaded.mistakes.iter().filter(|mistake| mistake.severity == Severity::Error);
    errors.for_each(|mistake| eprintln!("{}", mistake.render(bench.language)));
    loaded.playbook.is_some()
}
