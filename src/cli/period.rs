//! `--from`, `--to`, `--days`.

use clap::Args;
use jiff::tz::TimeZone;

use crate::domain::{At, period};

/// From when to when, as it was written.
#[derive(Args, Clone, Debug, Default)]
pub struct Period {
    /// The first day: 2026-11-01, 2026-11-01T09:30, or -7d (days), -12h, -30m before now. Seven days ago without it.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The last day, all of it; or a time. Now without it.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// The last so many days: the same as `--from -Nd`.
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "to"], value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub days: Option<u32>,
}

impl Period {
    /// The first instant, and the one after the last.
    ///
    /// # Errors
    /// What can't be read as a date, or lies the wrong way round.
    pub fn between(&self, now: At, zone: &TimeZone) -> anyhow::Result<(At, At)> {
        let back = self.days.map(|days| format!("-{days}d"));
        let from = back.as_deref().or(self.from.as_deref());
        Ok(period(from, self.to.as_deref(), now, zone)?)
    }
}
