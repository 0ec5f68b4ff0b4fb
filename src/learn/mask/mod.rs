//! Personal data in old chats, replaced by gaps of our template language: what an order knows becomes `{order.number}`,
//! what only a person knows `{…phone}`.
//!
//! Rather too much than too little: a gap too many costs an edit, a number too few a person's privacy. Service numbers
//! (400…, 95…, 1-800…) are nobody's and stay. Names can only be told by what stands around them; a name alone is not seen.

mod places;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::Language;
use crate::text::is_han;

/// What a piece of personal data was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person's name.
    Name,
    /// The name of somebody who answers customers, or their number.
    Agent,
    /// Of a mobile or a fixed line.
    Phone,
    /// An e-mail address.
    Email,
    /// A street, a house; with a city or without.
    Address,
    /// WeChat, QQ, a user name.
    Account,
    /// An identity card.
    Identity,
    /// A bank card.
    BankCard,
    /// An order.
    Order,
    /// A parcel.
    Tracking,
    /// A company that an invoice is made out to, and its tax number.
    Company,
    /// A code to prove something by.
    Code,
    /// A link: it may lead to one person's order.
    Link,
    /// Another long number.
    Number,
    /// A value that was taken out before we saw the text: money, a day, an hour, a count.
    Removed,
    /// A sign for a picture or an emoticon; it leaves nothing.
    Sign,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Name,
        Self::Agent,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::Account,
        Self::Identity,
        Self::BankCard,
        Self::Order,
        Self::Tracking,
        Self::Company,
        Self::Code,
        Self::Link,
        Self::Number,
        Self::Removed,
        Self::Sign,
    ];

    /// The word in tables and JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Agent => "agent",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::Account => "account",
            Self::Identity => "identity",
            Self::BankCard => "bank_card",
            Self::Order => "order",
            Self::Tracking => "tracking",
            Self::Company => "company",
            Self::Code => "code",
            Self::Link => "link",
            Self::Number => "number",
            Self::Removed => "removed",
            Self::Sign => "sign",
        }
    }

    /// What managers call it.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Zh, Self::Name) => "姓名",
            (Language::Zh, Self::Agent) => "客服",
            (Language::Zh, Self::Phone) => "电话",
            (Language::Zh, Self::Email) => "邮箱",
            (Language::Zh, Self::Address) => "地址",
            (Language::Zh, Self::Account) => "账号",
            (Language::Zh, Self::Identity) => "身份证号",
            (Language::Zh, Self::BankCard) => "银行卡号",
            (Language::Zh, Self::Order) => "订单号",
            (Language::Zh, Self::Tracking) => "快递单号",
            (Language::Zh, Self::Company) => "公司和税号",
            (Language::Zh, Self::Code) => "验证码",
            (Language::Zh, Self::Link) => "链接",
            (Language::Zh, Self::Number) => "号码",
            (Language::Zh, Self::Removed) => "已脱敏的内容",
            (Language::Zh, Self::Sign) => "表情",
            (Language::En, Self::Identity) => "identity card",
            (Language::En, Self::BankCard) => "bank card",
            (Language::En, Self::Removed) => "removed before",
            (Language::En, other) => other.key(),
        }
    }

    /// The gap that is left: ours where an order or the desk knows the value, else one for a person, with what belongs there.
    fn gap(self, is_chinese: bool) -> String {
        match self {
            Self::Name => "{customer.name}".to_owned(),
            Self::Agent => "{agent.name}".to_owned(),
            Self::Order => "{order.number}".to_owned(),
            Self::Tracking => "{order.tracking}".to_owned(),
            Self::Removed => "{…}".to_owned(),
            Self::Sign => String::new(),
            other if is_chinese => format!("{{…{}}}", other.name(Language::Zh)),
            other => format!("{{…{}}}", other.name(Language::En)),
        }
    }
}

/// A text without personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// With gaps.
    pub text: String,
    /// How many pieces of each kind were replaced.
    pub pieces: BTreeMap<Kind, usize>,
}

/// A piece of personal data, in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    kind: Kind,
    at: Range<usize>,
}

/// Replaces personal data by gaps. Braces of the text itself become parentheses, so that no gap is there by accident.
#[must_use]
pub fn mask(text: &str) -> Masked {
    let text = text.replace(['{', '｛'], "(").replace(['}', '｝'], ")");
    let is_chinese = text.chars().any(is_han);
    let mut masked = Masked::default();
    let mut done = 0;
    for piece in pieces(&text) {
        masked.text.push_str(&text[done..piece.at.start]);
        masked.text.push_str(&piece.kind.gap(is_chinese));
        *masked.pieces.entry(piece.kind).or_default() += 1;
        done = piece.at.end;
    }
    masked.text.push_str(&text[done..]);
    masked.text = tidy(&masked.text);
    masked
}

/// Every piece, in order. Of two that overlap the one found by the earlier rule counts; the other's rest is left to later
/// rules, which end with every long number.
fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for piece in rules::pieces(text).chain(places::pieces(text)) {
        let is_free = found.iter().all(|other| other.at.end <= piece.at.start || piece.at.end <= other.at.start);
        if is_free && !piece.at.is_empty() {
            found.push(piece);
        }
    }
    for number in rules::long_numbers(text) {
        let is_free = found.iter().all(|other| other.at.end <= number.at.start || number.at.end <= other.at.start);
        if is_free {
            found.push(number);
        }
    }
    found.sort_by_key(|piece| piece.at.start);
    found
}

/// One gap where the same one stood twice in a row, and no blanks where signs were.
fn tidy(text: &str) -> String {
    let mut out = text.to_owned();
    for gap in ["{…}", "{customer.name}", "{order.number}"] {
        while let Some(at) = out.find(&format!("{gap}{gap}")) {
            out.replace_range(at..at + gap.len(), "");
        }
    }
    let lines: Vec<String> =
        out.lines().map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n").trim().to_owned()
}
