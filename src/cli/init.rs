//! `xiaoer init`: a commented shop folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/init/"]
struct Template;

/// Writes a shop's folder with everything it may hold, commented, and what VS Code needs to complete it. Nothing that is
/// there is overwritten.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  xiaoer init shops/my-shop\n  xiaoer check --shop my-shop\n  xiaoer serve")]
pub(super) struct Init {
    /// The folder to write; its name is the shop's id.
    folder: PathBuf,
}

impl Init {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if self.folder.join("shop.yaml").exists() {
            bail!("{} is a shop already", self.folder.display());
        }
        for name in Template::iter() {
            let path = self.folder.join(name.as_ref());
            let Some(file) = Template::get(&name) else { continue };
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
            }
            if !path.exists() {
                std::fs::write(&path, file.data).with_context(|| path.display().to_string())?;
                println!("{}", path.display());
            }
        }
        for path in super::schema::write(&self.folder)? {
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}
