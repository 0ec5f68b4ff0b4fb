//! Sums of money that are promised: which of them go beyond what the writer may decide on.
//!
//! A sum in a chat is mostly no promise: a price, a threshold, the refund of an order that is under way. So a sum counts
//! only where the words around it offer it (给您退50元, "I'll refund you $50"), and doesn't where they tell what was done
//! (退款98元已到账), what follows from sending goods back, what others pay, or what cannot be.

use std::ops::Range;

use super::{amount_en, amount_zh};
use crate::desk::clauses::{Clause, clauses};
use crate::domain::Money;
use crate::playbook::limits::Limit;
use crate::text::is_han;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Money back: a refund, a compensation.
    Refund,
    /// Money off: a coupon, a red packet, a lower price.
    Coupon,
}

/// A promise of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) kind: Kind,
    pub(super) sum: Money,
    /// The words, in bytes of the clause.
    pub(super) at: Range<usize>,
}

/// The promises of a line (in the form that the guard reads) beyond a limit, in bytes, with the limit.
pub(super) fn beyond(line: &str, limit: Limit) -> Vec<(Range<usize>, Money)> {
    if limit == Limit::default() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (clause, offer) in offers(line) {
        let most = match offer.kind {
            Kind::Refund => limit.refund,
            Kind::Coupon => limit.coupon,
        };
        if let Some(most) = most.filter(|most| offer.sum > *most) {
            found.push((clause.start + offer.at.start..clause.start + offer.at.end, most));
        }
    }
    found
}

/// Every promise of money in a line, with its clause.
fn offers(line: &str) -> Vec<(Clause<'_>, Offer)> {
    let clauses = clauses(line);
    let each = clauses.into_iter().flat_map(|clause| {
        let offers =
            if clause.text.chars().any(is_han) { amount_zh::offers(&clause) } else { amount_en::offers(&clause) };
        offers.into_iter().map(move |offer| (clause, offer))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Vec<(Kind, i64, &str)> {
        let found = offers(line).into_iter();
        found.map(|(clause, offer)| (offer.kind, offer.sum.0, clause.text.get(offer.at).unwrap())).collect()
    }

    #[test]
    fn every_offer_of_a_line_is_told_with_its_sum() {
        assert_eq!(
            said("给您退50元,再送您一张满100减20的券"),
            [(Kind::Refund, 5000, "给您退50元"), (Kind::Coupon, 2000, "送您一张满100减20的券")]
        );
        assert_eq!(
            said("i'll refund you $50 and give you a $20 coupon"),
            [(Kind::Refund, 5000, "refund you $50"), (Kind::Coupon, 2000, "give you a $20 coupon")]
        );
    }
}
