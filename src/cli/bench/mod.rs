//! `xiaoer bench`: ceilings of this machine, and our share of them, in one run.

mod bare;
mod desk;
mod ground;
mod load;
mod reload;
mod report;
mod webhook;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Measures on this machine, over loopback, against a ceiling in the same run.
#[derive(Args, Debug)]
pub(super) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Acknowledging webhooks: under a steady rate, and at the peak beside a bare axum route with the same signature
    /// check.
    #[command(
        after_help = "Examples:\n  xiaoer bench webhook\n  xiaoer bench webhook --rate 500 --seconds 10 --connections 64\n  \
                            xiaoer bench webhook --database postgres://xiaoer@localhost/bench"
    )]
    Webhook(webhook::Webhook),
    /// Putting versions in force while customers write: what it costs them, and whether every answer is of one piece.
    #[command(
        after_help = "Examples:\n  xiaoer bench reload\n  xiaoer bench reload --publishes 20 --seconds 10 --rate 100"
    )]
    Reload(reload::Reload),
    /// From a webhook to the screens of many desks that look on at once.
    #[command(after_help = "Examples:\n  xiaoer bench desk\n  xiaoer bench desk --desks 200 --rate 50 --seconds 60")]
    Desk(desk::Desk),
    /// Counting episodes beside deciding turns, and reports over many turns.
    #[command(
        after_help = "Examples:\n  xiaoer bench report --turns 100000\n  xiaoer bench report --database postgres://xiaoer@localhost/bench"
    )]
    Report(report::Report),
    /// The bare route that `webhook` measures against.
    #[command(hide = true)]
    Bare(bare::Bare),
}

impl Bench {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.what {
            What::Webhook(webhook) => webhook.run().await?,
            What::Reload(reload) => reload.run().await?,
            What::Desk(desk) => desk.run().await?,
            What::Report(report) => report.run().await?,
            What::Bare(bare) => bare.run().await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
