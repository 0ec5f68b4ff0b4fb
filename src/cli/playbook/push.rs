//! `xiaoer playbook push`: the folder comes in force.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::super::common::clockwork;
use super::{Author, Bench, Common};
use crate::domain::{Language, PlaybookHash};
use crate::playbook::Loaded;
use crate::playbook::diagnostic::Severity;
use crate::playbook::layer::Layer;
use crate::shops::{Edits, Marker, Sources, Standing, examine, short, sources_of};
use crate::store::Published;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer playbook push\n  xiaoer playbook push --shop demo --by chen\n  \
                        xiaoer playbook push --replace       # although others published meanwhile\n\n\
                        Errors that `xiaoer check` finds refuse it. A running service has it in force within a second.")]
pub(super) struct Push {
    /// Publish although the folder was edited over a version that is no longer in force; what came since is then no
    /// longer in force.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    author: Author,
    #[command(flatten)]
    common: Common,
}

impl Push {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let author = self.author.name(language)?.to_owned();
        let bench = self.common.open(language).await?;
        let sources = bench.sources()?;
        let Some(hash) = lint(&bench)? else { return bench.refused().await };
        let standing = bench.standing(&sources).await?;
        let is_current = match &standing.current {
            Some(current) => sources_of(current)?.digest() == sources.digest(),
            None => false,
        };
        match (&standing.current, standing.edits) {
            (Some(current), _) if is_current => {
                mark(&bench, &current.hash).await?;
                let (nothing, hash) =
                    (bench.say("没有可推送的：生效的就是", "nothing to push: in force is"), short(&current.hash));
                println!("{nothing} {hash}");
                return bench.done().await;
            }
            (Some(_), Edits::Behind | Edits::None) if !self.replace => {
                eprint!("{}", standing.behind(&bench.shop, &bench.folder, &bench.zone()).render(language));
                return bench.refused().await;
            }
            _ => {}
        }
        publish(&bench, &hash, &standing, &sources, &author).await?;
        bench.done().await
    }
}

/// Every error of the folder is printed; without any, the hash that it comes to.
fn lint(bench: &Bench) -> anyhow::Result<Option<PlaybookHash>> {
    let Loaded { playbook, mut mistakes } = examine(&bench.shop, &Layer::stack(&bench.folder)?)?;
    mistakes.retain(|mistake| mistake.severity == Severity::Error);
    mistakes.iter().for_each(|mistake| eprintln!("{}", mistake.render(bench.language)));
    if !mistakes.is_empty() {
        eprintln!("{}", bench.say("有错误，没有推送", "not pushed: these errors come first"));
    }
    Ok(playbook.filter(|_| mistakes.is_empty()).map(|playbook| playbook.hash))
}

async fn publish(
    bench: &Bench,
    hash: &PlaybookHash,
    standing: &Standing,
    sources: &Sources,
    author: &str,
) -> anyhow::Result<()> {
    let parent = standing.current.as_ref().map(|current| current.hash.clone());
    let version = sources.version(hash.clone(), parent, author, clockwork().now());
    if let Published::Behind { .. } = bench.store.publish_playbook(&bench.shop, version).await? {
        let (meanwhile, diff) =
            (bench.say("就在刚才有人发布了别的版本", "somebody published just now"), bench.command("diff"));
        bail!("{meanwhile}: `{diff}`");
    }
    mark(bench, hash).await?;
    let changed = match &standing.current {
        Some(current) => sources.changed_files(&sources_of(current)?),
        None => sources.shown().len(),
    };
    let hash = short(hash);
    println!(
        "{}",
        match bench.language {
            Language::Zh => format!("版本 {hash} 已生效，改动文件 {changed} 个；运行中的服务一秒内用上它"),
            Language::En => format!(
                "version {hash} is in force, files changed: {changed}; a running service takes it up within a second"
            ),
        }
    );
    Ok(())
}

/// From now on edits of the folder are edits over this version.
async fn mark(bench: &Bench, hash: &PlaybookHash) -> anyhow::Result<()> {
    Ok(Marker { version: hash.clone(), seq: bench.seq().await? }.write(&bench.folder)?)
}
