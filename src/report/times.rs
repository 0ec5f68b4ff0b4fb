//! Response times: how long customers waited for the first valid reply.

/// Durations in milliseconds, as many as were measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times(Vec<i64>);

impl Times {
    /// One more.
    pub fn add(&mut self, millis: i64) {
        self.0.push(millis);
    }

    /// All of another's.
    pub fn add_all(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The arithmetic mean.
    #[must_use]
    pub fn mean(&self) -> Option<i64> {
        let count = i64::try_from(self.0.len()).ok().filter(|count| *count > 0)?;
        Some((self.0.iter().sum::<i64>() + count / 2) / count)
    }

    /// The durations that so many of a hundred did not exceed, by the nearest rank: of ten the ninth is the p90.
    pub fn percentiles<const N: usize>(&mut self, of_a_hundred: [usize; N]) -> Option<[i64; N]> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_unstable();
        Some(of_a_hundred.map(|percent| {
            let rank = (self.0.len() * percent).div_ceil(100).max(1);
            self.0[rank.min(self.0.len()) - 1]
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let mut times = Times((1..=10).rev().map(|n| n * 1_000).collect());
        assert_eq!(times.percentiles([50, 90, 99]), Some([5_000, 9_000, 10_000]));
        assert_eq!(times.mean(), Some(5_500));
        let mut one = Times(vec![7]);
        assert_eq!((one.percentiles([50, 99]), Times::default().percentiles([50])), (Some([7, 7]), None));
    }
}
