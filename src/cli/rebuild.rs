//! `xiaoer rebuild`: counts every episode anew, from the first event.

use std::process::ExitCode;

use clap::Args;

use super::common::DataOptions;
use super::report::{counting, must_be_there};
use crate::report::Follower;

/// Throws the figures of all episodes away and counts them anew from turns and events. It comes to the same: nothing is
/// kept that the records don't hold. The service may run meanwhile; its report is incomplete until this is done.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer rebuild\n  xiaoer rebuild --database postgres://xiaoer@localhost/xiaoer")]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataOptions,
}

impl Rebuild {
    pub(super) async fn run(&self) -> anyhow::Result<ExitCode> {
        must_be_there(&self.data)?;
        let store = self.data.open().await?;
        let bar = counting()?;
        let events = Follower::new(store.clone()).rebuild(|events| bar.inc(events as u64)).await;
        bar.finish_and_clear();
        store.close().await;
        println!("{} events counted", events?);
        Ok(ExitCode::SUCCESS)
    }
}
