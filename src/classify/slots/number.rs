//! The shop's order numbers and the carriers' tracking numbers.

use std::ops::Range;

use regex::Regex;

use super::label::naming;
use super::page::{Found, Page};
use super::pattern::{BadPattern, any_of};
use crate::domain::SlotKind;

/// The patterns of one shop.
#[derive(Debug)]
pub(super) struct Numbers {
    orders: Option<Regex>,
    tracking: Option<Regex>,
}

impl Numbers {
    pub(super) fn compile(orders: &[String], tracking: &[String]) -> Result<Self, BadPattern> {
        Ok(Self { orders: any_of(orders)?, tracking: any_of(tracking)? })
    }

    pub(super) fn read(&self, page: &Page<'_>, found: &mut Vec<Found>) {
        let kinds = [(SlotKind::OrderNumber, &self.orders), (SlotKind::Tracking, &self.tracking)];
        for (kind, pattern) in kinds {
            for hit in pattern.iter().flat_map(|pattern| pattern.find_iter(page.normal)) {
                let range = hit.range();
                let is_number = hit.as_str().bytes().any(|byte| byte.is_ascii_digit()) && !hit.as_str().contains('\n');
                if is_number && !page.is_inside_a_number(&range) {
                    let naming = naming(page.normal, range.start, kind);
                    found.push(Found { naming, ..Found::new(kind, value(page, &range), range) });
                }
            }
        }
    }
}

/// As it was typed, letters in upper case: the normal form would have shortened `AAA1` to `aa1`.
fn value(page: &Page<'_>, range: &Range<usize>) -> String {
    let written = page.written(range);
    let taken = if written.is_ascii() { written } else { &page.normal[range.clone()] };
    taken.trim().to_ascii_uppercase()
}
