//! Whose an order is. Everything that shows orders asks here.

use subtle::ConstantTimeEq;

use super::values::phone_digits;
use crate::domain::{Customer, Order, OrderNumber};

/// Fewer digits than this name nobody: service numbers, or what a source left of a hidden number.
const SHORTEST_PHONE: usize = 7;

/// Whether the platform vouches that the customer is the order's buyer.
pub(super) fn is_theirs(order: &Order, customer: &Customer) -> bool {
    let buyer = &order.buyer;
    let same_id = matches!((&buyer.id, &customer.id), (Some(a), Some(b)) if !a.as_str().is_empty() && a == b);
    customer.verified
        && (same_id
            || same(buyer.phone.as_deref(), customer.phone.as_deref(), whole_phone)
            || same(buyer.email.as_deref(), customer.email.as_deref(), whole_email))
}

/// Whether two ways of writing a number mean the same order.
pub(super) fn same_number(one: &OrderNumber, other: &OrderNumber) -> bool {
    bare_number(one) == bare_number(other)
}

/// A number as its shop counts: without the mark in front and in one case.
pub(super) fn bare_number(number: &OrderNumber) -> String {
    number.as_str().trim().trim_start_matches(['#', '＃']).to_lowercase()
}

/// Whether these are the last four digits of the phone on the order. The work is the same with and without an order, so
/// that a wrong guess takes as long as a number that doesn't exist.
pub(super) fn proves(order: Option<&Order>, digits: &str) -> bool {
    let phone = order.and_then(|order| order.buyer.phone.as_deref()).map(phone_digits).unwrap_or_default();
    let known = phone.len() >= SHORTEST_PHONE;
    let mut expected = [0_u8; 4];
    let mut given = [0_u8; 4];
    for (to, from) in expected.iter_mut().rev().zip(phone.bytes().rev()) {
        *to = from;
    }
    for (to, from) in given.iter_mut().zip(digits.bytes()) {
        *to = from;
    }
    let equal = bool::from(expected.ct_eq(&given));
    equal & known & is_last_four(digits)
}

/// Whether this is a try at all.
pub(super) fn is_last_four(digits: &str) -> bool {
    digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

fn same(one: Option<&str>, other: Option<&str>, written_out: fn(&str) -> Option<String>) -> bool {
    let one = one.and_then(written_out);
    one.is_some() && one == other.and_then(written_out)
}

/// A phone that is written out; two hidden ones (`138****5678`) may be of two people.
fn whole_phone(text: &str) -> Option<String> {
    let digits = phone_digits(text);
    (!text.contains('*') && digits.len() >= SHORTEST_PHONE).then_some(digits)
}

fn whole_email(text: &str) -> Option<String> {
    (!text.contains('*') && text.contains('@')).then(|| text.trim().to_lowercase())
}
