//! Figures as they are told: in the API and, as JSON, on the command line.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::counts::Figures;
use super::names::{Count, Rate};
use super::times::Times;

/// The figures of a period or a group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FiguresView {
    /// How many, by the count's name. In a group those that are 0 are left out.
    #[schema(value_type = Object)]
    pub counts: BTreeMap<&'static str, u32>,
    /// By the rate's name. In a group those of nothing are left out.
    #[schema(value_type = Object)]
    pub rates: BTreeMap<&'static str, RateView>,
    /// How long customers waited for the first valid reply: `human`, `human_first`, `bot`, `bot_first`.
    #[schema(value_type = Object)]
    pub times: BTreeMap<&'static str, Option<TimesView>>,
    /// How much of used suggestions was changed, 0 to 1.
    pub edit_share: Option<f64>,
}

/// A rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateView {
    /// How many.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
    /// The count that the numerator is.
    pub of: &'static str,
    /// The count that the denominator is.
    pub all: &'static str,
    /// Their quotient; of nothing there is none.
    pub share: Option<f64>,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end of its interval.
    pub high: Option<f64>,
}

/// Durations, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimesView {
    /// How many.
    pub count: usize,
    /// The arithmetic mean.
    pub mean: i64,
    /// Half of them took no longer.
    pub p50: i64,
    /// Nine of ten took no longer.
    pub p90: i64,
    /// 99 of a hundred took no longer.
    pub p99: i64,
}

impl RateView {
    /// A rate of some figures.
    #[must_use]
    pub fn of(rate: Rate, figures: &Figures) -> Self {
        let (of, all) = rate.counts();
        Self::counted(rate, figures.get(of), figures.get(all))
    }

    /// A rate whose numerator and denominator were counted elsewhere.
    #[must_use]
    pub fn counted(rate: Rate, numerator: u32, denominator: u32) -> Self {
        let (of, all) = rate.counts();
        let interval = interval(numerator, denominator);
        Self {
            numerator,
            denominator,
            of: of.key(),
            all: all.key(),
            share: (denominator > 0).then(|| f64::from(numerator) / f64::from(denominator)),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
        }
    }
}

/// The 95 % interval of a share by Wilson's score (E. B. Wilson, "Probable inference, the law of succession, and
/// statistical inference", 1927); it holds for small numbers too. Of nothing there is none.
#[must_use]
pub fn interval(numerator: u32, denominator: u32) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_964;
    if denominator == 0 {
        return None;
    }
    let n = f64::from(denominator);
    let share = f64::from(numerator) / n;
    let middle = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    // At the ends rounding would leave a trace of nothing.
    let low = if numerator == 0 { 0.0 } else { (middle - spread) / whole };
    let high = if numerator == denominator { 1.0 } else { (middle + spread) / whole };
    Some((low, high))
}

impl TimesView {
    fn of(times: &Times) -> Option<Self> {
        let mut times = times.clone();
        let [p50, p90, p99] = times.percentiles([50, 90, 99])?;
        Some(Self { count: times.len(), mean: times.mean()?, p50, p90, p99 })
    }
}

impl FiguresView {
    /// All of them.
    #[must_use]
    pub fn whole(figures: &Figures) -> Self {
        Self::with(figures, true)
    }

    /// Without what is 0.
    #[must_use]
    pub fn brief(figures: &Figures) -> Self {
        Self::with(figures, false)
    }

    fn with(figures: &Figures, all: bool) -> Self {
        let counts = Count::ALL.iter().map(|count| (count.key(), figures.get(*count)));
        let rates = Rate::ALL.iter().map(|rate| (rate.key(), RateView::of(*rate, figures)));
        let times = [
            ("human", &figures.human),
            ("human_first", &figures.human_first),
            ("bot", &figures.bot),
            ("bot_first", &figures.bot_first),
        ];
        let times = times.into_iter().map(|(name, times)| (name, TimesView::of(times)));
        Self {
            counts: counts.filter(|(_, count)| all || *count > 0).collect(),
            rates: rates.filter(|(_, rate)| all || rate.denominator > 0).collect(),
            times: times.filter(|(_, times)| all || times.is_some()).collect(),
            edit_share: figures.edit_share(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn wilsons_interval_is_the_books() {
        // 10 of 20, 0 of 10, 1 of 29: R's `binom::binom.wilson`.
        for (of, all, low, high) in [(10, 20, 0.2993, 0.7007), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)] {
            let (found_low, found_high) = interval(of, all).unwrap();
            assert!(
                (found_low - low).abs() < 5e-4 && (found_high - high).abs() < 5e-4,
                "{of}/{all}: {found_low} {found_high}"
            );
        }
        assert_eq!(interval(0, 0), None);
    }
}
