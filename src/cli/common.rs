//! Options that several commands share.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::app;
use crate::domain::{Language, NodeId, ShopId};
use crate::shops::{self, Clockwork};
use crate::store::Store;

/// Where the shops are, and which is meant.
#[derive(Args, Clone, Debug)]
pub(super) struct ShopOptions {
    /// The folder that holds the shops' folders.
    #[arg(long, default_value = "shops", env = "XIAOER_SHOPS")]
    pub(super) shops: PathBuf,
    /// Which shop; not needed if there is only one.
    #[arg(long)]
    pub(super) shop: Option<ShopId>,
}

impl ShopOptions {
    /// The shop that is meant; the first where none is named.
    pub(super) fn one_or_first(&self) -> anyhow::Result<(ShopId, PathBuf)> {
        self.folders()?.into_iter().next().context("no shop")
    }

    /// The shops that are meant: the one named, else all.
    pub(super) fn folders(&self) -> anyhow::Result<Vec<(ShopId, PathBuf)>> {
        let mut folders = shops::folders(&self.shops)?;
        if let Some(wanted) = &self.shop {
            let names: Vec<String> = folders.iter().map(|(id, _)| id.to_string()).collect();
            folders.retain(|(id, _)| id == wanted);
            if folders.is_empty() {
                bail!("there is no shop `{wanted}` in {}; there are: {}", self.shops.display(), names.join(", "));
            }
        }
        if folders.is_empty() {
            bail!("no shop in {}: make one with `xiaoer init {}/my-shop`", self.shops.display(), self.shops.display());
        }
        Ok(folders)
    }

    /// The one shop that is meant: the one named, else the only one.
    pub(super) fn only(&self) -> anyhow::Result<(ShopId, PathBuf)> {
        let folders = self.folders()?;
        let [one] = &folders[..] else {
            let names: Vec<&str> = folders.iter().map(|(id, _)| id.as_str()).collect();
            bail!("which shop? name one with --shop: {}", names.join(", "));
        };
        Ok(one.clone())
    }
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(super) struct DataOptions {
    /// The folder of the data: the SQLite database and the generated secrets.
    #[arg(long, default_value = "data", env = "XIAOER_DATA")]
    pub(super) data: PathBuf,
    /// sqlite://PATH or postgres://USER@HOST/NAME; by default SQLite in the data folder.
    #[arg(long, env = "XIAOER_DATABASE", hide_env_values = true)]
    pub(super) database: Option<String>,
}

impl DataOptions {
    pub(super) fn url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite://{}", self.data.join("xiaoer.db").display()))
    }

    /// Opens the store, creating the data folder.
    pub(super) async fn open(&self) -> anyhow::Result<Store> {
        std::fs::create_dir_all(&self.data).with_context(|| self.data.display().to_string())?;
        let node: NodeId = clockwork().id();
        Ok(Store::open(&self.url(), node).await?)
    }
}

/// The real clock.
pub(super) fn clockwork() -> Clockwork {
    Clockwork::new(Arc::new(app::now))
}

/// `zh_CN.UTF-8` is Chinese; anything else English.
pub(super) fn language(lang: &str) -> Language {
    if lang.to_ascii_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
}
