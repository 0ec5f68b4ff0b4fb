//! `xiaoer report`: the rates of a shop, as a table, JSON or CSV.

mod table;

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::common::{DataOptions, ShopOptions, clockwork};
use super::period::Period;
use crate::domain::{At, HOUR, Language, Rung};
use crate::report::{self, Cabinet, Cut, FiguresView, Filter, Follower, Hours, Lasting, USUAL_HOURS, Wanted};
use crate::shops;

/// Prints the rates of a shop with their numerators and denominators. An episode counts on the day on which it began;
/// what is younger than the hours an answer has to last stands as pending.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer report                                     # the last seven days\n  \
                  xiaoer report --from 2026-11-01 --to 2026-11-11 --by day\n  \
                  xiaoer report --days 30 --by intent --channel web\n  \
                  xiaoer report --by agent --csv > agents.csv\n  \
                  xiaoer report --json | jq .figures.rates.durable\n\n\
                  Dates are days in the shop's time zone; the last one counts in full. The same figures stand at\n\
                  /desk/report, where each opens the episodes behind it.")]
pub(super) struct Report {
    #[command(flatten)]
    shops: ShopOptions,
    #[command(flatten)]
    period: Period,
    /// Cut by day, hour, week_hour, channel, intent, product, script, agent, version or rung; several with commas.
    #[arg(long, value_delimiter = ',', value_parser = cut)]
    by: Vec<Cut>,
    /// Only episodes that came through this channel.
    #[arg(long)]
    channel: Option<String>,
    /// Only episodes that asked this.
    #[arg(long)]
    intent: Option<String>,
    /// Only episodes about this product.
    #[arg(long)]
    product: Option<String>,
    /// Only episodes answered with this script.
    #[arg(long)]
    script: Option<String>,
    /// Only episodes that this person replied in.
    #[arg(long)]
    agent: Option<String>,
    /// Only episodes that this playbook decided.
    #[arg(long, value_name = "HASH")]
    playbook: Option<String>,
    /// Only episodes handed off first on this rung.
    #[arg(long, value_parser = rung)]
    rung: Option<Rung>,
    /// How long an answer has to last, in hours.
    #[arg(long, default_value_t = USUAL_HOURS, value_parser = clap::value_parser!(i64).range(1..=8784))]
    hours: i64,
    /// One JSON object.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// One line a figure: cut, group, name, numerator, denominator, share.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    data: DataOptions,
}

fn cut(word: &str) -> Result<Cut, String> {
    let words = || Cut::ALL.iter().map(|cut| cut.key()).collect::<Vec<_>>().join(", ");
    Cut::parse(word).ok_or_else(|| format!("it is one of {}", words()))
}

fn rung(word: &str) -> Result<Rung, String> {
    let words = || Rung::ALL.iter().map(|rung| rung.key()).collect::<Vec<_>>().join(", ");
    Rung::ALL.iter().copied().find(|rung| rung.key() == word).ok_or_else(|| format!("it is one of {}", words()))
}

/// Data that a service has written.
pub(super) fn must_be_there(data: &DataOptions) -> anyhow::Result<()> {
    if data.database.is_none() && !data.data.join("xiaoer.db").is_file() {
        bail!("there are no data in {}; name the --data or --database of the service", data.data.display());
    }
    Ok(())
}

/// Shows how many events were counted.
pub(super) fn counting() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{elapsed_precise} {human_pos} events counted, {per_sec}")?;
    Ok(ProgressBar::no_length().with_style(style))
}

impl Report {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (shop, folder) = self.shops.only()?;
        let loaded = shops::load_playbook(&shop, &folder).with_context(|| folder.display().to_string())?;
        let Some(playbook) = loaded.playbook else {
            return Err(crate::app::unusable(shop.as_str(), &loaded.mistakes, language));
        };
        must_be_there(&self.data)?;
        let now = clockwork().now();
        let zone = playbook.settings.time_zone.clone();
        let (from, to) = self.period.between(now, &zone)?;
        let hours = Hours { hours: playbook.settings.human_hours.clone(), zone };
        let lasting = Lasting { window: self.hours * HOUR, now };
        let wanted = Wanted { from, to, filter: self.filter(), lasting, hours };
        let store = self.data.open().await?;
        let bar = counting()?;
        Follower::new(store.clone()).catch_up(|events| bar.inc(events as u64)).await?;
        bar.finish_and_clear();
        let made =
            Cabinet::new(store.clone()).open(&shop, from, now).await.map(|shelf| wanted.report(&shelf, &self.by));
        store.close().await;
        self.print(&table::Titles::new(&playbook, language), shop.as_str(), &wanted, &made?)?;
        Ok(ExitCode::SUCCESS)
    }

    fn filter(&self) -> Filter {
        fn id<T: From<String>>(text: Option<&String>) -> Option<T> {
            text.cloned().map(T::from)
        }
        Filter {
            channel: id(self.channel.as_ref()),
            intent: id(self.intent.as_ref()),
            product: id(self.product.as_ref()),
            script: id(self.script.as_ref()),
            agent: id(self.agent.as_ref()),
            version: id(self.playbook.as_ref()),
            rung: self.rung,
            hour: None,
            weekday: None,
        }
    }

    fn print(
        &self,
        titles: &table::Titles<'_>,
        shop: &str,
        wanted: &Wanted,
        made: &report::Report,
    ) -> anyhow::Result<()> {
        let day = |at: At| at.timestamp().to_zoned(wanted.hours.zone.clone()).date().to_string();
        let (from, to) = (day(wanted.from), day(wanted.to.plus(-1)));
        if self.json {
            let cuts = made.cuts.iter().map(|(cut, groups)| {
                let group = |group: &report::Group| {
                    json!({"name": group.name, "title": titles.of(*cut, &group.name),
                        "figures": FiguresView::brief(&group.figures)})
                };
                (cut.key().to_owned(), groups.iter().map(group).collect::<serde_json::Value>())
            });
            let cuts: serde_json::Map<_, _> = cuts.collect();
            let told = json!({"shop": shop, "from": from, "to": to, "hours": self.hours, "now": wanted.lasting.now,
                "figures": FiguresView::whole(&made.all), "cuts": cuts});
            println!("{told:#}");
        } else if self.csv {
            print!("{}", table::csv(made)?);
        } else {
            print!("{}", titles.text(&format!("{shop}  {from} – {to}"), self.hours, made));
        }
        Ok(())
    }
}
