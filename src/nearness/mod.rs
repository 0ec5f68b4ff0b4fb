//! Which examples of a playbook lie near a text, by the vectors of an embeddings endpoint. It is a help and no more: a shop
//! without one, or with one that is down, slow or wrong, decides as if this room were not there.

mod answer;
mod endpoint;
mod examples;
mod index;
mod vectors;

use async_trait::async_trait;

use crate::domain::{At, Classification, Message, Neighbours, SlotKind};

pub use endpoint::{BadEndpoint, Endpoint, Endpoints};
pub use examples::{NearExamples, Readiness};

/// Finds the examples near a text.
#[async_trait]
pub trait Nearness: Send + Sync {
    /// The neighbours of a text. `None`: there are none to be had in time. Never takes longer than the shop allows, and
    /// asks the endpoint once at most.
    async fn near(&self, text: &str, now: At) -> Option<Neighbours>;
}

/// More characters of a turn than these aren't sent.
const LONGEST: usize = 300;
/// So many digits in a row are somebody's number, whatever the shop's own numbers look like.
const NUMBER: usize = 6;

/// The text that neighbours are looked for of: a turn's words, without the numbers that belong to one customer. `None`:
/// there are no words.
#[must_use]
pub fn question(messages: &[Message], understood: &Classification) -> Option<String> {
    let mut words = String::new();
    for (number, message) in messages.iter().enumerate() {
        let private =
            |kind| matches!(kind, SlotKind::OrderNumber | SlotKind::Tracking | SlotKind::Phone | SlotKind::LastFour);
        let slots = understood.slots.iter().filter(|slot| slot.span.message == number && private(slot.kind));
        let mut spans: Vec<_> = slots.map(|slot| slot.span.start..slot.span.end).collect();
        spans.sort_by_key(|span| span.start);
        let mut at = 0;
        for span in spans {
            words.push_str(message.text.get(at..span.start).unwrap_or_default());
            at = at.max(span.end);
        }
        words.push_str(message.text.get(at..).unwrap_or_default());
        words.push('\n');
    }
    let words: String = without_numbers(&words).trim().chars().take(LONGEST).collect();
    words.chars().any(char::is_alphabetic).then_some(words)
}

fn without_numbers(words: &str) -> String {
    let characters: Vec<char> = words.chars().collect();
    let runs = characters.chunk_by(|a, b| a.is_numeric() == b.is_numeric());
    runs.filter(|run| !run[0].is_numeric() || run.len() < NUMBER).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Slot, Span};

    #[test]
    fn a_customers_numbers_are_not_sent() {
        let text = "我的订单202688130047125601，电话13812345678，怎么退";
        let slot = |kind, value: &str| {
            let start = text.find(value).unwrap();
            Slot { kind, value: value.to_owned(), span: Span { message: 1, start, end: start + value.len() } }
        };
        let slots = vec![slot(SlotKind::Phone, "13812345678"), slot(SlotKind::OrderNumber, "202688130047125601")];
        let understood = Classification { slots, ..Classification::default() };
        let messages = ["在吗", text].map(|text| Message::plain("m".into(), text, At(0)));
        assert_eq!(question(&messages, &understood).unwrap(), "在吗\n我的订单，电话，怎么退");
        // A shop that doesn't say what its numbers look like has no slots for them.
        let plain = [Message::plain("m".into(), "单号２０２６８８１３，身高165，EX20240601", At(0))];
        assert_eq!(question(&plain, &Classification::default()).unwrap(), "单号，身高165，EX");
        assert_eq!(question(&[Message::plain("m".into(), "？？ 👍", At(0))], &Classification::default()), None);
    }
}
