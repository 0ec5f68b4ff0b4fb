//! Money. The currency is the shop's; what the customer calls it isn't kept.

use regex::{Captures, Regex};

use super::Reader;
use super::numerals::hundredths;
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use crate::domain::SlotKind;

/// Sums with a mark before them or a unit after.
pub(super) struct Amounts {
    marked: Regex,
    counted: Regex,
}

impl Amounts {
    pub(super) fn new() -> Result<Self, BadPattern> {
        // A comma parts clauses, so `1,299` has a line feed in its normal form.
        let sum = r"((?:[0-9]{1,3}(?:\n[0-9]{3}){1,2}|[0-9]{1,7})(?:\.[0-9]{1,2})?)";
        let words = "yuan|rmb|cny|usd|dollars?|bucks?|euros?|eur|kuai";
        Ok(Self {
            marked: own(&format!(r"(?:[¥$€£]|‹(?:rmb|cny|usd|eur)) ?{sum}›"))?,
            counted: own(&format!(r"‹{sum} ?(?:[元块圆](?:([0-9])(?:毛|角|(?m:$)))?|(?:{words})›)"))?,
        })
    }
}

impl Reader for Amounts {
    fn signs(&self) -> &'static [&'static str] {
        &["¥", "$", "€", "£", "rmb", "cny", "usd", "eur", "元", "块", "圆", "yuan", "kuai", "dollar", "buck"]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.marked.captures_iter(page.normal) {
            read_one(page, &hit, Cut::After, found);
        }
        for hit in self.counted.captures_iter(page.normal) {
            read_one(page, &hit, Cut::Before, found);
        }
    }
}

/// Which side of a comma stays, where it parts two numbers: the one with the mark or the unit.
#[derive(Clone, Copy)]
enum Cut {
    /// `$1, 299 pieces`
    After,
    /// `满300，200元`
    Before,
}

fn read_one(page: &Page<'_>, hit: &Captures<'_>, cut: Cut, found: &mut Vec<Found>) {
    let Some(number) = hit.get(1) else { return };
    let (mut range, mut sum) = (hit.get_match().range(), number.as_str());
    if !page.is_one_number(&number.range()) {
        match cut {
            Cut::After => {
                sum = sum.split('\n').next().unwrap_or(sum);
                range.end = number.start() + sum.len();
            }
            Cut::Before => {
                sum = sum.rsplit('\n').next().unwrap_or(sum);
                range.start = number.end() - sum.len();
            }
        }
    }
    let tenths = hit.get(2).and_then(|digit| digit.as_str().parse::<u64>().ok()).unwrap_or(0);
    if let Some(sum) = hundredths(sum)
        && !page.is_inside_a_number(&range)
    {
        found.push(Found::new(SlotKind::Amount, (sum + tenths * 10).to_string(), range));
    }
}
