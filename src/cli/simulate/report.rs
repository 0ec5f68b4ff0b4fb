//! The closing table: what was counted, and every promise that was broken.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::board::Delivered;
use super::record::Record;
use super::stage::Stage;
use crate::domain::{Act, Rung};

/// Broken promises that are printed; the rest is counted.
const SHOWN: usize = 20;

/// What a run came to.
#[derive(Debug)]
pub struct Report {
    /// Dialogues that were played.
    pub dialogues: u64,
    /// Messages in them.
    pub messages: u64,
    /// Messages that were acknowledged.
    pub accepted: u64,
    /// Deliveries that were taken for known ones.
    pub duplicates: u64,
    /// Messages that the service shows afterwards.
    pub stored: u64,
    /// Turns that were decided.
    pub turns: u64,
    /// Turns by what was done: answer, ask, hand_off, silent.
    pub acts: BTreeMap<&'static str, u64>,
    /// Turns by rung and by what was done there.
    pub rungs: BTreeMap<(Rung, &'static str), u64>,
    /// From sending a message to its acknowledgement.
    pub acknowledged: Spread,
    /// How long the service waited for the end of a burst.
    pub windows: Spread,
    /// From the end of that window to the decision.
    pub decided: Spread,
    /// From the end of that window to a reply's arrival; empty without a receiver.
    pub delivered: Spread,
    /// Answers of 500 and above.
    pub server_errors: u64,
    /// Deliveries that had to be tried again.
    pub attempts_again: u64,
    /// Words for customers.
    pub replies: Counted,
    /// News of hand-offs; none are counted without a receiver.
    pub news: Counted,
    /// Whether replies were counted by a receiver; else the API was asked.
    pub received: bool,
    /// How long it took to play.
    pub took: Duration,
    /// Every promise that was broken, in words.
    pub broken: Vec<String>,
    answers: String,
}

/// How often what should be delivered came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// As it should be.
    pub once: u64,
    /// Twice or more often.
    pub twice: u64,
    /// Never.
    pub missing: u64,
}

impl Counted {
    pub(super) fn add(&mut self, times: usize) {
        match times {
            0 => self.missing += 1,
            1 => self.once += 1,
            _ => self.twice += 1,
        }
    }

    fn join(self, other: Self) -> Self {
        let Self { once, twice, missing } = other;
        Self { once: self.once + once, twice: self.twice + twice, missing: self.missing + missing }
    }
}

impl FromIterator<usize> for Counted {
    fn from_iter<I: IntoIterator<Item = usize>>(times: I) -> Self {
        let mut counted = Self::default();
        times.into_iter().for_each(|times| counted.add(times));
        counted
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "once {}, twice {}, missing {}", self.once, self.twice, self.missing)
    }
}

/// How times are spread, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// Half are no longer.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// Ninety-nine of a hundred.
    pub p99: f64,
    /// The longest.
    pub longest: f64,
}

impl Spread {
    fn of(times: impl IntoIterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.into_iter().collect();
        times.sort_by(f64::total_cmp);
        // Nearest rank: a time that was really measured.
        let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).max(1) - 1).copied();
        let at = |percent| rank(percent).unwrap_or_default();
        Self { count: times.len(), p50: at(50), p90: at(90), p99: at(99), longest: at(100) }
    }
}

impl Report {
    pub(super) fn of(records: &[Record], stage: &Stage, messages: u64, took: Duration) -> Self {
        let turns = || records.iter().flat_map(|record| &record.turns);
        let sum = |number: fn(&Record) -> u64| records.iter().map(number).sum();
        let (mut acts, mut rungs) = (BTreeMap::new(), BTreeMap::new());
        for act in [Act::Answer, Act::Ask, Act::HandOff, Act::Silent] {
            acts.insert(act.key(), 0);
        }
        for played in turns() {
            *acts.entry(played.act().key()).or_default() += 1;
            *rungs.entry((played.turn.outcome.decision.rung, played.act().key())).or_default() += 1;
        }
        let mut report = Self {
            dialogues: records.len() as u64,
            messages,
            accepted: sum(|record| record.accepted),
            duplicates: sum(|record| record.duplicates),
            stored: sum(|record| record.stored),
            turns: turns().count() as u64,
            acts,
            rungs,
            acknowledged: Spread::of(
                records.iter().flat_map(|record| &record.acknowledged).map(|took| took.as_secs_f64() * 1000.0),
            ),
            windows: Spread::of(turns().map(|played| millis(played.turn.window))),
            decided: Spread::of(turns().map(|played| millis(played.took()))),
            delivered: Spread::of(if stage.receives { arrivals(records) } else { Vec::new() }),
            server_errors: stage.service.server_errors(),
            attempts_again: stage.service.attempts_again(),
            replies: records.iter().map(Record::replies).fold(Counted::default(), Counted::join),
            // Without a receiver nobody sees them.
            news: match stage.receives {
                true => records.iter().map(Record::news).fold(Counted::default(), Counted::join),
                false => Counted::default(),
            },
            received: stage.receives,
            took,
            broken: records.iter().flat_map(|record| record.broken.clone()).collect(),
            answers: answers(records),
        };
        report.judge(stage.unbelieved.load(std::sync::atomic::Ordering::Relaxed));
        report
    }

    /// What only the sums show.
    fn judge(&mut self, unbelieved: u64) {
        for (count, what) in [
            (self.server_errors, "answers of 500 and above"),
            (self.messages.saturating_sub(self.accepted), "messages were not accepted, or not sent after a break"),
            (self.replies.twice, "replies were delivered twice"),
            (self.replies.missing, "replies were never delivered"),
            (self.news.twice, "hand-offs were told twice"),
            (self.news.missing, "hand-offs were never told"),
            (unbelieved, "deliveries were not signed as they should be, or could not be read"),
        ] {
            if count > 0 {
                self.broken.push(format!("{count} {what}"));
            }
        }
    }

    /// The turns that were answered or asked about, as a table for people to judge.
    #[must_use]
    pub fn answers(&self) -> &str {
        &self.answers
    }
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of one turn")]
fn millis(time: i64) -> f64 {
    time as f64
}

/// From the window's end to the first arrival of each turn's reply.
fn arrivals(records: &[Record]) -> Vec<f64> {
    let mut times = Vec::new();
    for record in records {
        for played in &record.turns {
            let turn = Some(&played.turn.input.id);
            let mut came = record.deliveries.iter().filter(|delivery| delivery.turn.as_ref() == turn);
            let first = came.find(|delivery| delivery.what == Delivered::Reply);
            times.extend(first.map(|delivery| millis(delivery.at.since(played.turn.window_end))));
        }
    }
    times
}

fn answers(records: &[Record]) -> String {
    let mut table = String::from("dialog\tturn\tcustomer\trung\tintents\treply\tagent\n");
    for record in records {
        for played in record.turns.iter().filter(|played| matches!(played.act(), Act::Answer | Act::Ask)) {
            let burst = record.burst_of(played);
            let said: Vec<&str> = played.turn.input.messages.iter().map(|message| message.text.as_str()).collect();
            let outcome = &played.turn.outcome;
            let intents: Vec<&str> =
                outcome.classification.intents.iter().map(|candidate| candidate.intent.as_str()).collect();
            let row = [
                record.dialog.as_str(),
                burst.map_or("", |burst| burst.turn.as_str()),
                &said.join(" ⏐ "),
                outcome.decision.rung.key(),
                &intents.join(","),
                outcome.decision.reply.as_ref().map_or("", |reply| reply.text.as_str()),
                burst.and_then(|burst| burst.agent.as_deref()).unwrap_or(""),
            ];
            table.push_str(&row.map(|cell| cell.trim().replace(['\t', '\n', '\r'], " ")).join("\t"));
            table.push('\n');
        }
    }
    table
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = if self.took.is_zero() { 0.0 } else { per_second(self.accepted, self.took) };
        writeln!(
            f,
            "dialogues   {}, in {:.0} s, {rate:.1} messages a second",
            self.dialogues,
            self.took.as_secs_f64()
        )?;
        writeln!(
            f,
            "messages    {}: accepted {}, duplicates {}, stored {}",
            self.messages, self.accepted, self.duplicates, self.stored
        )?;
        writeln!(f, "turns       {}", self.turns)?;
        for (act, count) in &self.acts {
            writeln!(f, "  {act:<29}{count:>7}{:>7.1} %", share(*count, self.turns))?;
        }
        writeln!(f, "decisions by rung")?;
        for ((rung, act), count) in &self.rungs {
            writeln!(f, "  {:<20}{act:<9}{count:>7}{:>7.1} %", rung.key(), share(*count, self.turns))?;
        }
        writeln!(f, "times, ms                      p50     p90     p99 longest")?;
        for (name, spread) in [
            ("acknowledged", &self.acknowledged),
            ("window", &self.windows),
            ("decided after window", &self.decided),
            ("delivered after window", &self.delivered),
        ] {
            if spread.count > 0 {
                let Spread { p50, p90, p99, longest, .. } = spread;
                writeln!(f, "  {name:<24}{p50:>8.1}{p90:>8.1}{p99:>8.1}{longest:>8.1}")?;
            }
        }
        writeln!(f, "5xx         {}; deliveries tried again: {}", self.server_errors, self.attempts_again)?;
        let seen_by = if self.received { "at send_url" } else { "by the API's word: no send_url on this machine" };
        writeln!(f, "replies     {} ({seen_by})", self.replies)?;
        if self.received {
            writeln!(f, "hand-offs   {} (the news of them)", self.news)?;
        }
        if self.broken.is_empty() {
            return write!(f, "every promise was kept");
        }
        write!(f, "BROKEN:")?;
        self.broken.iter().rev().take(SHOWN).try_for_each(|why| write!(f, "\n  {why}"))?;
        match self.broken.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of messages")]
fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

#[allow(clippy::cast_precision_loss, reason = "counts of turns")]
fn share(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { 100.0 * count as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let spread = Spread::of((1..=200).rev().map(f64::from));
        assert_eq!((spread.p50, spread.p90, spread.p99, spread.longest), (100.0, 180.0, 198.0, 200.0));
        assert_eq!(Spread::of([7.0]).p99, 7.0);
        assert_eq!(Spread::of([]), Spread::default());
    }

    #[test]
    fn once_is_once() {
        let counted: Counted = [1, 1, 0, 2, 3].into_iter().collect();
        assert_eq!(counted, Counted { once: 2, twice: 2, missing: 1 });
    }
}
