//! Learning, with a bar that shows how far it is, and what it costs.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::classify::learnt::{Example, Learnt, PIECES, Piece, Progress};

/// What was learnt, and what it cost.
#[derive(Debug)]
pub(super) struct Learning {
    pub(super) learnt: Learnt,
    /// From beginning to end.
    pub(super) seconds: f64,
    /// Of all cores together. `None` where the system doesn't tell.
    pub(super) cpu_seconds: Option<f64>,
    /// Of the model alone, without what its confidence is learnt from.
    pub(super) fit_cpu_seconds: Option<f64>,
}

impl Learning {
    /// Learns on every core.
    pub(super) fn of(examples: &[Example<'_>], classes: usize) -> Self {
        let bar = bar(examples.len(), classes);
        let spent: Mutex<Spent> = Mutex::default();
        let watch = |progress: Progress| {
            if let Ok(mut spent) = spent.lock() {
                spent.note(progress);
            }
            if matches!(progress, Progress::Done(_)) {
                bar.inc(1);
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let started = Instant::now();
        let learnt = Learnt::learn_watched(examples, classes, threads, &watch);
        let seconds = started.elapsed().as_secs_f64();
        bar.finish_and_clear();
        let spent = spent.into_inner().unwrap_or_default();
        let fit_cpu_seconds = spent.seconds(|piece| piece == Piece::Model);
        Self { learnt, seconds, cpu_seconds: spent.seconds(|_| true), fit_cpu_seconds }
    }
}

fn bar(messages: usize, labels: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}  {bar:24} {pos}/{len}  {elapsed}");
    let bar = ProgressBar::new(PIECES as u64).with_message(format!("{messages} messages, {labels} labels"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Processor time of the pieces of learning.
#[derive(Debug, Default)]
struct Spent {
    begun: HashMap<ThreadId, Option<f64>>,
    pieces: Vec<(Piece, Option<f64>)>,
}

impl Spent {
    /// To be called on the thread that does the piece.
    fn note(&mut self, progress: Progress) {
        let (thread, now) = (std::thread::current().id(), thread_cpu_seconds());
        match progress {
            Progress::Begins(_) => {
                self.begun.insert(thread, now);
            }
            Progress::Done(piece) => {
                let begun = self.begun.remove(&thread).flatten();
                self.pieces.push((piece, now.zip(begun).map(|(now, begun)| now - begun)));
            }
        }
    }

    fn seconds(&self, counts: impl Fn(Piece) -> bool) -> Option<f64> {
        self.pieces.iter().filter(|(piece, _)| counts(*piece)).map(|(_, seconds)| *seconds).sum()
    }
}

/// Seconds that this thread has had a processor so far: Linux alone tells.
fn thread_cpu_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_cost_is_counted_over_all_threads() {
        let examples: Vec<Example<'_>> =
            (0..400).map(|n| Example { text: ["a parcel", "a refund"][n % 2], class: n as u32 % 2 }).collect();
        let learning = Learning::of(&examples, 2);
        assert!(learning.seconds > 0.0);
        let told = learning.cpu_seconds.zip(learning.fit_cpu_seconds);
        assert_eq!(told.is_some(), cfg!(target_os = "linux"), "Linux tells");
        assert!(told.is_none_or(|(all, fit)| 0.0 <= fit && fit <= all), "{told:?}");
    }
}
