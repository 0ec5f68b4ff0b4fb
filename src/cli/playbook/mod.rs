//! `xiaoer playbook`: published versions against files.

mod diff;
mod log;
mod pull;
mod push;
mod rollback;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;

use super::common::{DataOptions, ShopOptions};
use crate::domain::{Language, PlaybookHash, ShopId};
use crate::shops::{self, Named, Sources, Standing};
use crate::store::{FROM_FILES, PlaybookVersion, Store};

/// Whatever is served was published: kept for ever under its hash, with its author and the version it was made from. A
/// running service publishes edited files by itself; these commands look back, and put things right.
#[derive(Args, Debug)]
pub(super) struct PlaybookCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// What was in force when, and who put it there.
    Log(log::Log),
    /// What differs between the folder and a version, or between two versions.
    Diff(diff::Diff),
    /// Write a version's files into the folder.
    Pull(pull::Pull),
    /// Put the folder in force.
    Push(push::Push),
    /// Put an older version in force again.
    Rollback(rollback::Rollback),
}

impl PlaybookCommand {
    pub(super) async fn run(self, language: Language) -> anyhow::Result<ExitCode> {
        match self.what {
            What::Log(log) => log.run(language).await,
            What::Diff(diff) => diff.run(language).await,
            What::Pull(pull) => pull.run(language).await,
            What::Push(push) => push.run(language).await,
            What::Rollback(rollback) => rollback.run(language).await,
        }
    }
}

/// Which shop, and where it is kept.
#[derive(Args, Clone, Debug)]
struct Common {
    #[command(flatten)]
    shops: ShopOptions,
    #[command(flatten)]
    data: DataOptions,
}

/// Who does it.
#[derive(Args, Clone, Debug)]
struct Author {
    /// Who is doing this, for the log; by default who is signed in to this machine.
    #[arg(long, value_name = "NAME", env = "USER", hide_env = true, default_value = "cli")]
    by: String,
}

impl Author {
    fn name(&self, language: Language) -> anyhow::Result<&str> {
        match self.by.trim() {
            "" => Ok("cli"),
            FROM_FILES => bail!(say(
                language,
                "`files` 是服务自己从文件发布时的署名，请换一个名字",
                "`files` is what the service signs with when it publishes files; take another name"
            )),
            name if name.chars().any(char::is_control) => {
                bail!("{}", say(language, "名字里有控制字符", "the name holds control characters"))
            }
            name => Ok(name),
        }
    }
}

/// The words in the reader's language.
fn say<'t>(language: Language, zh: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// One shop's folder beside the store.
struct Bench {
    store: Store,
    shop: ShopId,
    folder: PathBuf,
    language: Language,
}

impl Common {
    async fn open(&self, language: Language) -> anyhow::Result<Bench> {
        let (shop, folder) = match &self.shops.shop {
            // A folder that isn't there yet may be pulled.
            Some(shop) => (shop.clone(), self.shops.shops.join(shop.as_str())),
            None => match &self.shops.folders()?[..] {
                [(shop, folder)] => (shop.clone(), folder.clone()),
                several => {
                    let names: Vec<String> = several.iter().map(|(id, _)| format!("--shop {id}")).collect();
                    bail!("{}: {}", say(language, "请指定店铺", "say which shop"), names.join(", "));
                }
            },
        };
        let store = self.data.open().await?;
        Ok(Bench { store, shop, folder, language })
    }
}

impl Bench {
    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        say(self.language, zh, en)
    }

    /// The command as it is to be typed for this shop.
    fn command(&self, command: &str) -> String {
        format!("xiaoer playbook {command} --shop {}", self.shop)
    }

    /// What the folder says.
    fn sources(&self) -> anyhow::Result<Sources> {
        let layers = shops::layers(&self.folder).with_context(|| self.folder.display().to_string())?;
        if let Some(unreadable) = layers.unreadable().first() {
            bail!("{}", unreadable.render(self.language));
        }
        Ok(Sources::of(&layers))
    }

    async fn standing(&self, sources: &Sources) -> anyhow::Result<Standing> {
        Ok(shops::standing(&self.store, &self.shop, &self.folder, sources).await?)
    }

    /// The version in force.
    async fn current(&self) -> anyhow::Result<PlaybookVersion> {
        let current = self.store.latest_playbook(&self.shop).await?;
        current.with_context(|| match self.language {
            Language::Zh => format!("店铺 {} 还没有发布过版本：先运行服务，或 `{}`", self.shop, self.command("push")),
            Language::En => {
                format!("nothing of {} was published yet: run the service, or `{}`", self.shop, self.command("push"))
            }
        })
    }

    /// A version by the first characters of its hash.
    async fn version(&self, said: &str) -> anyhow::Result<PlaybookVersion> {
        let list = |hashes: &[PlaybookHash]| {
            let shown: Vec<&str> = hashes.iter().take(10).map(shops::short).collect();
            shown.join(", ") + if hashes.len() > 10 { ", …" } else { "" }
        };
        let hash = match shops::version_named(&self.store, &self.shop, said).await? {
            Named::One(hash) => hash,
            Named::Several(several) => {
                bail!("{} `{said}`: {}", self.say("有多个版本的开头是", "several versions begin with"), list(&several));
            }
            Named::None(all) if all.is_empty() => return self.current().await,
            Named::None(all) => {
                let (none, there_are) =
                    (self.say("没有版本的开头是", "no version begins with"), self.say("现有", "there are"));
                bail!("{none} `{said}`; {there_are}: {}", list(&all));
            }
        };
        self.store.playbook(&self.shop, &hash).await?.context("the version is gone")
    }

    /// How far the shop's history has come.
    async fn seq(&self) -> anyhow::Result<i64> {
        Ok(self.store.playbook_moves(&self.shop, 1).await?.first().map_or(0, |last| last.seq))
    }

    /// The zone in which the shop's people read times.
    fn zone(&self) -> TimeZone {
        let loaded = shops::load_playbook(&self.shop, &self.folder).ok();
        loaded.and_then(|loaded| loaded.playbook).map_or(TimeZone::UTC, |playbook| playbook.settings.time_zone.clone())
    }

    async fn done(self) -> anyhow::Result<ExitCode> {
        self.store.close().await;
        Ok(ExitCode::SUCCESS)
    }

    /// Nothing was done, and the reader was told why.
    async fn refused(self) -> anyhow::Result<ExitCode> {
        self.store.close().await;
        Ok(ExitCode::FAILURE)
    }
}
