//! What the form of a message says: a bare order number, a card, a picture; signs of anger; questions nobody explained.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Message, Slot, SlotKind, talk};
use crate::text::{Text, is_han};

/// Words that stand around a number on an order card.
const CARD_LABELS: &[&str] = &[
    "咨询",
    "订单编号",
    "订单号码",
    "订单号",
    "订单",
    "商品编号",
    "商品id",
    "商品",
    "编号",
    "单号",
    "order number",
    "order no",
    "order id",
    "order",
    "number",
    "item",
    "product",
    "no",
    "id",
];

/// The small-talk intent that a message is by its form alone.
pub(super) fn form(message: &Message, text: &Text<'_>, slots: &[Slot]) -> Option<&'static str> {
    let numbers: Vec<&Slot> = slots.iter().filter(|slot| slot.kind == SlotKind::OrderNumber).collect();
    let has_number = !numbers.is_empty() || !message.order_numbers.is_empty();
    if text.clauses().is_empty() {
        return match () {
            () if !message.order_numbers.is_empty() => Some(talk::ORDER_CARD),
            () if !message.attachments.is_empty() => Some(talk::ATTACHMENT),
            () if message.product.is_some() && message.text.trim().is_empty() => Some(talk::PRODUCT_CARD),
            () => None,
        };
    }
    if has_number && only_labels_beside(text, &numbers) {
        return Some(talk::ORDER_CARD);
    }
    is_link(message.text.trim()).then_some(talk::PRODUCT_CARD)
}

fn is_link(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// Whether nothing but labels stands beside the numbers.
fn only_labels_beside(text: &Text<'_>, numbers: &[&Slot]) -> bool {
    let outside = |at: usize| !numbers.iter().any(|slot| slot.span.start <= at && at < slot.span.end);
    let rest: String = text.original().char_indices().filter(|(at, _)| outside(*at)).map(|(_, c)| c).collect();
    let rest = Text::of(&rest);
    let mut left = rest.normal().replace('\n', " ");
    for label in CARD_LABELS {
        left = left.replace(label, " ");
    }
    !left.chars().any(|c| is_han(c) || c.is_alphabetic())
}

static SO_MANY_TIMES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"第(?:[三四五六七八九十]|[3-9]|\d{2,})(?:天|次|遍|回)了").ok());

/// !!! or 第三天了.
pub(super) fn sounds_angry(text: &Text<'_>) -> bool {
    let mut run = 0;
    for c in text.original().chars() {
        run = if matches!(c, '!' | '！') { run + 1 } else { 0 };
        if run == 3 {
            return true;
        }
    }
    text.normal().contains('第') && SO_MANY_TIMES.as_ref().is_some_and(|pattern| pattern.is_match(text.normal()))
}

/// Whether a clause is too short to be a request that anyone could miss.
pub(super) fn is_fragment(clause: &str) -> bool {
    let han = clause.chars().filter(|c| is_han(*c)).count();
    let words = clause.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).count();
    han < 4 && words < 3
}

/// Whether a clause says more than small talk does.
pub(super) fn tells_something(clause: &str) -> bool {
    let han = clause.chars().filter(|c| is_han(*c)).count();
    let words = clause.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).count();
    han >= 6 || words >= 5
}

/// Whether a question mark follows a place of the original.
pub(super) fn is_asked(original: &str, end: usize) -> bool {
    original.get(end..).is_some_and(|rest| rest.trim_start().starts_with(['?', '？']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{At, MessageId, Span};

    fn shape(text: &str, number: Option<&str>) -> Option<&'static str> {
        let message = Message::plain(MessageId::from("m"), text, At(0));
        let slots: Vec<Slot> = number
            .and_then(|number| {
                let start = text.find(number)?;
                let span = Span { message: 0, start, end: start + number.len() };
                Some(Slot { kind: SlotKind::OrderNumber, value: number.to_owned(), span })
            })
            .into_iter()
            .collect();
        form(&message, &Text::of(text), &slots)
    }

    #[test]
    fn a_number_alone_is_a_card_and_with_a_question_it_is_not() {
        let number = "202411110001234567";
        for (text, expected) in [
            (number.to_owned(), Some(talk::ORDER_CARD)),
            (format!("订单编号：{number}"), Some(talk::ORDER_CARD)),
            (format!("[订单号 {number}] 商品ID:4896014"), Some(talk::ORDER_CARD)),
            (format!("Order #{number}"), Some(talk::ORDER_CARD)),
            (format!("{number} 到哪了"), None),
            ("https://shop.example/p/1".to_owned(), Some(talk::PRODUCT_CARD)),
            ("看 https://shop.example/p/1".to_owned(), None),
        ] {
            assert_eq!(shape(&text, text.contains(number).then_some(number)), expected, "{text}");
        }
    }

    #[test]
    fn anger_shows_in_marks_and_days() {
        for (text, angry) in [
            ("到底发不发！！！", true),
            ("这都第三天了", true),
            ("第12天了", true),
            ("好的!!", false),
            ("第二天了", false),
            ("第一次买", false),
        ] {
            assert_eq!(sounds_angry(&Text::of(text)), angry, "{text}");
        }
    }
}
