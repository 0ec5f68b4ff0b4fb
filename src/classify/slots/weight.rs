//! Weights, of people or things.

use regex::Regex;

use super::Reader;
use super::numerals::hundredths;
use super::page::{Found, Page};
use super::pattern::{BadPattern, own};
use crate::domain::SlotKind;

/// Weights in kilograms, jin (half a kilogram) and pounds. Grams are left out: `5g` is a network, `128g` a memory; and
/// pounds are money unless somebody weighs them.
pub(super) struct Weights {
    weight: Regex,
}

impl Weights {
    pub(super) fn new() -> Result<Self, BadPattern> {
        let units = "(?<kg>公斤|千克|kgs?›)|(?<jin>斤)|lbs?›|(?<pounds>pounds?›)";
        Ok(Self { weight: own(&format!(r"‹(?<number>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?) ?(?:{units})"))? })
    }
}

impl Reader for Weights {
    fn signs(&self) -> &'static [&'static str] {
        &["斤", "千克", "kg", "lb", "pound"]
    }

    fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        for hit in self.weight.captures_iter(page.normal) {
            let range = hit.get_match().range();
            if hit.name("pounds").is_some() && !page.before(range.start).contains("weigh") {
                continue;
            }
            let Some(hundredths) = hit.name("number").and_then(|number| hundredths(number.as_str())) else { continue };
            let grams = if hit.name("kg").is_some() {
                hundredths * 10
            } else if hit.name("jin").is_some() {
                hundredths * 5
            } else {
                // A pound is 453.592 g.
                (hundredths * 453_592 + 50_000) / 100_000
            };
            if !page.is_inside_a_number(&range) {
                found.push(Found::new(SlotKind::Weight, grams.to_string(), range));
            }
        }
    }
}
