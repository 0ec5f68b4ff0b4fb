//! `xiaoer playbook pull`: a version's files into the folder.

use std::process::ExitCode;

use clap::Args;

use super::super::common::clockwork;
use super::{Bench, Common};
use crate::domain::Language;
use crate::shops::{Marker, Plan, Sources, short, sources_of};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer playbook pull                 # what is in force\n  \
                        xiaoer playbook pull 77ab --shop demo\n  xiaoer playbook pull --force\n\n\
                        Edits that were never published are not overwritten without --force, which keeps them\n\
                        in .xiaoer-kept/TIME/ below the shop's folder.")]
pub(super) struct Pull {
    /// A version, by the first characters of its hash; by default the one in force.
    #[arg(value_name = "HASH")]
    hash: Option<String>,
    /// Overwrite edits that were never published, and keep them aside.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    common: Common,
}

impl Pull {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let bench = self.common.open(language).await?;
        let current = bench.current().await?;
        let version = match &self.hash {
            Some(said) => bench.version(said).await?,
            None => current.clone(),
        };
        let sources = sources_of(&version)?;
        let plan = plan(&bench, &sources).await?;
        if !plan.lost.is_empty() && !self.force {
            refuse(&bench, &plan);
            return bench.refused().await;
        }
        std::fs::create_dir_all(&bench.folder)?;
        if !plan.lost.is_empty() {
            let name = clockwork().now().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
            let kept = plan.keep(&bench.folder, &name)?;
            println!("{} {}", bench.say("您的改动保存在", "your edits are kept in"), kept.display());
        }
        plan.apply(&bench.folder)?;
        Marker { version: version.hash.clone(), seq: bench.seq().await? }.write(&bench.folder)?;
        plan.write.keys().for_each(|path| println!("{} {path}", bench.say("写入", "wrote  ")));
        plan.remove.iter().for_each(|path| println!("{} {path}", bench.say("删除", "removed")));
        let (hash, folder) = (short(&version.hash), bench.folder.display());
        println!(
            "{}",
            match language {
                Language::Zh => format!("{folder} 现在是版本 {hash}"),
                Language::En => format!("{folder} holds version {hash}"),
            }
        );
        let groups =
            |sources: Sources| sources.groups.into_iter().map(|group| group.name).collect::<Vec<_>>().join(", ");
        if bench.sources()?.groups != sources.groups {
            println!(
                "{}",
                match language {
                    Language::Zh => format!("它所继承的 {} 没有动，其内容与这个版本里的不同", groups(sources)),
                    Language::En =>
                        format!("{} is left alone, and says something else than in this version", groups(sources)),
                }
            );
        }
        if version.hash != current.hash {
            let (now, rollback) = (short(&current.hash), bench.command(&format!("rollback {hash}")));
            println!(
                "{}",
                match language {
                    Language::Zh => format!("生效的仍是版本 {now}；要让 {hash} 生效：`{rollback}`"),
                    Language::En => format!("version {now} is in force still; to put {hash} in force: `{rollback}`"),
                }
            );
        }
        bench.done().await
    }
}

/// What would happen to the folder.
async fn plan(bench: &Bench, version: &Sources) -> anyhow::Result<Plan> {
    if !bench.folder.exists() {
        return Ok(Plan::new(&Sources::default().files, None, &version.files));
    }
    let folder = bench.sources()?;
    let origin = match bench.standing(&folder).await?.origin {
        Some(origin) => Some(sources_of(&origin)?.files),
        None => None,
    };
    Ok(Plan::new(&folder.files, origin.as_ref(), &version.files))
}

fn refuse(bench: &Bench, plan: &Plan) {
    let (push, force) = (bench.command("push"), bench.command("pull --force"));
    match bench.language {
        Language::Zh => eprintln!("这些文件的改动还没有发布过，取回会覆盖它们："),
        Language::En => eprintln!("edits of these files were never published, and would be overwritten:"),
    }
    plan.lost.iter().for_each(|path| eprintln!("  {path}"));
    match bench.language {
        Language::Zh => eprintln!("先发布：`{push}`；或者覆盖，改动另存到 .xiaoer-kept/：`{force}`"),
        Language::En => eprintln!("publish them: `{push}`; or overwrite them, with a copy in .xiaoer-kept/: `{force}`"),
    }
}
