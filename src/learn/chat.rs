//! Old chats as they are read from a table, and what is learnt from: replies and what customers had said before them,
//! without personal data.

use std::collections::BTreeMap;

use super::mask::{Kind, mask};
use crate::classify::asks_back;

/// A recorded conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// Whatever the table calls it.
    pub id: String,
    /// In order.
    pub said: Vec<Said>,
}

/// A message of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who wrote it.
    pub who: Who,
    /// As it was written.
    pub text: String,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The customer.
    Customer,
    /// A person of the shop's; their name, empty if the table doesn't say.
    Agent(String),
}

/// What a customer wrote before somebody answered, masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Burst {
    /// Which chat, from 0.
    pub chat: usize,
    /// Message by message; at least one, none of them empty.
    pub said: Vec<String>,
    /// The agent had asked something: it may be no wish but an answer.
    pub is_answer: bool,
}

/// A reply of an agent, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Which chat, from 0.
    pub chat: usize,
    /// Whose, from 0; agents without a name are one.
    pub agent: usize,
    /// Never empty.
    pub text: String,
    /// The burst that it answers; `None`: the agent wrote first.
    pub answers: Option<usize>,
    /// How many messages after that burst it came, from 0.
    pub after: usize,
}

/// Chats, ready to be learnt from. Holds no personal data that masking knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corpus {
    /// How many chats there are.
    pub chats: usize,
    /// In the order of the chats.
    pub replies: Vec<Reply>,
    /// In the order of the chats.
    pub bursts: Vec<Burst>,
    /// How many pieces of personal data of each kind were masked.
    pub pieces: BTreeMap<Kind, usize>,
    /// Messages with nothing but signs or blanks; they are left out.
    pub empty: usize,
}

impl Corpus {
    /// Masks and orders chats.
    #[must_use]
    pub fn of(chats: &[Chat]) -> Self {
        let mut corpus = Self { chats: chats.len(), ..Self::default() };
        let mut agents: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, chat) in chats.iter().enumerate() {
            let (mut burst, mut after, mut is_open, mut is_asked) = (None, 0, false, false);
            for said in &chat.said {
                let Some(text) = corpus.masked(&said.text) else { continue };
                match &said.who {
                    Who::Customer if is_open => {
                        corpus.bursts.last_mut().into_iter().for_each(|burst| burst.said.push(text.clone()));
                    }
                    Who::Customer => {
                        (burst, after, is_open) = (Some(corpus.bursts.len()), 0, true);
                        corpus.bursts.push(Burst { chat: number, said: vec![text], is_answer: is_asked });
                    }
                    Who::Agent(name) => {
                        is_asked = asks_back(&text);
                        let next = agents.len();
                        let agent = *agents.entry(name).or_insert(next);
                        corpus.replies.push(Reply { chat: number, agent, text, answers: burst, after });
                        (after, is_open) = (after + 1, false);
                    }
                }
            }
        }
        corpus
    }

    fn masked(&mut self, text: &str) -> Option<String> {
        let masked = mask(text);
        for (kind, number) in masked.pieces {
            *self.pieces.entry(kind).or_default() += number;
        }
        let says_something = masked.text.chars().any(char::is_alphanumeric);
        self.empty += usize::from(!says_something);
        says_something.then_some(masked.text)
    }
}

/// The messages in a cell that holds several: exports that keep one row a turn join them by line ends or, between Chinese
/// words, by blanks.
#[must_use]
pub fn parted(cell: &str) -> Vec<&str> {
    let mut messages = Vec::new();
    for line in cell.lines() {
        let mut from = 0;
        for (at, _) in line.match_indices(' ') {
            let ends = line[from..at].chars().next_back().is_some_and(is_chinese);
            let begins = line[at + 1..].chars().next().is_some_and(is_chinese);
            if ends && begins {
                messages.push(line[from..at].trim());
                from = at + 1;
            }
        }
        messages.push(line[from..].trim());
    }
    messages.retain(|message| !message.is_empty());
    messages
}

/// A Han character, a Chinese mark, or what stands for a picture or a value in brackets.
fn is_chinese(c: char) -> bool {
    crate::text::is_han(c)
        || matches!(c, '，' | '。' | '！' | '？' | '～' | '~' | '!' | '?' | '…' | '[' | ']' | '#' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(said: &[(&str, &str)]) -> Chat {
        let said = said.iter().map(|(who, text)| Said {
            who: if *who == "c" { Who::Customer } else { Who::Agent((*who).to_owned()) },
            text: (*text).to_owned(),
        });
        Chat { id: "1".to_owned(), said: said.collect() }
    }

    #[test]
    fn replies_know_what_they_answer() {
        let corpus = Corpus::of(&[
            chat(&[
                ("a", "您好"),
                ("c", "在吗"),
                ("c", "订单75663281094呢"),
                ("a", "在的"),
                ("b", "#E-s[数字x]"),
                ("b", "已发出"),
            ]),
            chat(&[("c", "好的"), ("a", "再见")]),
        ]);
        let replies: Vec<_> =
            corpus.replies.iter().map(|r| (r.chat, r.agent, r.text.as_str(), r.answers, r.after)).collect();
        assert_eq!(
            replies,
            [
                (0, 0, "您好", None, 0),
                (0, 0, "在的", Some(0), 0),
                (0, 1, "已发出", Some(0), 1),
                (1, 0, "再见", Some(1), 0)
            ]
        );
        assert_eq!(corpus.bursts[0].said, ["在吗", "订单{order.number}呢"]);
        assert_eq!((corpus.empty, corpus.pieces.get(&Kind::Order)), (1, Some(&1)));
    }

    #[test]
    fn a_cell_with_several_messages_is_parted_between_chinese_words_alone() {
        for (cell, messages) in [
            (
                "好的 亲亲您需要等订单完成~ 请问还有其他吗?#E-s[数字x] 再见",
                &["好的", "亲亲您需要等订单完成~", "请问还有其他吗?#E-s[数字x]", "再见"][..],
            ),
            ("打开 APP 看一下", &["打开 APP 看一下"]),
            ("Hello there, one moment please\nIt has shipped", &["Hello there, one moment please", "It has shipped"]),
            ("  ", &[]),
        ] {
            assert_eq!(parted(cell), messages, "{cell}");
        }
    }
}
