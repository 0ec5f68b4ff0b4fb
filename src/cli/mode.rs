//! `xiaoer mode`: the kill switch.

use std::process::ExitCode;

use clap::Args;

use super::common::{DataOptions, ShopOptions, clockwork};
use crate::domain::{self, IntentId};

/// Sets how much the bot may do: in force within a second on every node. Without a mode, prints what is set.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer mode suggest               # every shop: suggest, never speak\n  \
                        xiaoer mode auto --shop demo\n  xiaoer mode suggest --shop demo --intent logistics/ship_time\n  \
                        xiaoer mode")]
pub(super) struct Mode {
    /// auto: speaks when it may; suggest: never speaks; shadow: decides and records, does nothing.
    #[arg(value_parser = ["auto", "suggest", "shadow"])]
    mode: Option<String>,
    #[command(flatten)]
    shops: ShopOptions,
    #[command(flatten)]
    data: DataOptions,
    /// For one intent alone.
    #[arg(long)]
    intent: Option<IntentId>,
}

impl Mode {
    pub(super) async fn run(&self) -> anyhow::Result<ExitCode> {
        let store = self.data.open().await?;
        if let Some(mode) = self.mode.as_deref().and_then(domain::Mode::parse) {
            for (shop, _) in self.shops.folders()? {
                store.set_mode(&shop, self.intent.as_ref(), mode, "command line", clockwork().now()).await?;
            }
        }
        for row in store.modes().await? {
            let scope = row.intent.map_or_else(|| "*".to_owned(), |intent| intent.to_string());
            println!("{}\t{scope}\t{}\t{}", row.shop, row.mode.key(), row.by);
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
