//! What the classifier made of a turn, with the evidence for it.

use serde::{Deserialize, Serialize};

use super::{IntentId, Language, Span};

/// What was understood of one turn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// The language to reply in, as far as this turn shows it.
    pub language: Option<Language>,
    /// The intents that stand, in the order of the customer's words.
    pub intents: Vec<Candidate>,
    /// The intents that had evidence and lost, with the reason.
    pub lost: Vec<Lost>,
    /// Numbers, dates and the like.
    pub slots: Vec<Slot>,
    /// Products, carriers and places that were named.
    pub mentions: Vec<Mention>,
    /// Whether words stand in the turn that no evidence explains and that are more than a fragment.
    pub unexplained: bool,
    /// Signs that the customer needs a person.
    pub alarm: Option<Alarm>,
    /// Words that were typed with slips and read as what was meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<Mended>,
}

/// Words that were read as others: 快第 as 快递, `refnud` as refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// Where in the original text.
    pub span: Span,
    /// What was read there, in normal form.
    pub read_as: String,
}

impl Classification {
    /// The intent that stands under this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.intents.iter().any(|candidate| candidate.intent.as_str() == id)
    }

    /// What asks for something: everything but small talk.
    pub fn requests(&self) -> impl Iterator<Item = &Candidate> {
        self.intents.iter().filter(|candidate| !candidate.intent.is_talk())
    }

    /// The values of one kind of slot, in order.
    pub fn slots_of(&self, kind: SlotKind) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.kind == kind)
    }
}

/// An intent with the evidence for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which.
    pub intent: IntentId,
    /// 0 to 1: how often such evidence is right.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// An intent that is about as likely for the very same words.
    pub rival: Option<IntentId>,
}

impl Candidate {
    /// Whether it only looks like examples: no words or rules of the playbook speak for it.
    #[must_use]
    pub fn is_guess(&self) -> bool {
        self.evidence.iter().all(|evidence| matches!(evidence.kind, EvidenceKind::Model | EvidenceKind::Near))
    }
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Of which kind.
    pub kind: EvidenceKind,
    /// The line in the playbook, as its writer wrote it.
    pub line: String,
    /// Where in the original text; for `together`, one span a word.
    pub spans: Vec<Span>,
    /// 0 to 1: how sure this piece makes by itself. 0 in turns that were stored before it was kept.
    #[serde(default)]
    pub confidence: f32,
}

/// The kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A clause contains the phrase.
    Phrase,
    /// A clause is the phrase.
    Whole,
    /// A clause has all the words.
    Together,
    /// The message is an example, to the letter after normalising.
    Example,
    /// The example classifier.
    Model,
    /// The form of the message: a bare order number, a card, a picture.
    Form,
    /// Examples that an embeddings endpoint finds near the message.
    Near,
}

/// The examples that an embeddings endpoint finds near a turn, as they vote for their intents. The numbers are relative to
/// how near the examples lie to each other, so that they mean the same under any model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neighbours {
    /// The intents they belong to, the most voted for first.
    pub votes: Vec<Vote>,
    /// 0 to 1: the share of examples whose own nearest neighbour lies farther from them than the nearest lies from the turn.
    pub closeness: f32,
    /// 0 to 1: how often a clear vote is right, tried on the examples themselves.
    pub right: f32,
}

/// What near examples say for one intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Which.
    pub intent: IntentId,
    /// Its share of the votes, 0 to 1.
    pub share: f32,
    /// The cosine of its nearest example.
    pub similarity: f32,
    /// That example, as its writer wrote it.
    pub example: String,
}

/// An intent that had evidence and does not stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lost {
    /// Which.
    pub intent: IntentId,
    /// Why it does not stand.
    pub why: LostWhy,
    /// The line that spoke for it.
    pub line: String,
}

/// Why an intent with evidence does not stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "because", content = "by")]
pub enum LostWhy {
    /// An `unless` line of its own stood in the clause.
    Unless(String),
    /// Its words lie inside the longer words of that intent.
    Inside(IntentId),
    /// Other evidence for the same words was stronger.
    Weaker(IntentId),
    /// Small talk beside a request.
    BesideARequest,
    /// These words before it say that it is not wanted: 不要退款.
    Negated(String),
}

/// A value read out of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Of which kind.
    pub kind: SlotKind,
    /// In its normal form: digits, ISO dates, hundredths, centimetres, grams.
    pub value: String,
    /// Where.
    pub span: Span,
}

/// The kinds of values that are read out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// By the shop's patterns.
    OrderNumber,
    /// By the carriers' patterns.
    Tracking,
    /// A mobile number.
    Phone,
    /// Four digits alone: a phone's last four, when asked for.
    LastFour,
    /// A day, `--MM-DD` or `YYYY-MM-DD`, or `today`, `tomorrow`, `yesterday`, `day_after_tomorrow`, `day_before_yesterday`.
    Date,
    /// Money, in hundredths.
    Amount,
    /// A size: XL, 42.
    Size,
    /// Height in centimetres.
    Height,
    /// Weight in grams.
    Weight,
    /// A choice out of a numbered list, from 1; -1 is the last.
    Choice,
}

/// Something named in the text that the lexicon knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Of which kind.
    pub kind: MentionKind,
    /// Its id in the lexicon.
    pub id: String,
    /// Where.
    pub span: Span,
    /// It was spelt with a slip.
    pub fuzzy: bool,
}

/// The kinds of things the lexicon knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// A product of the shop.
    Product,
    /// An attribute of a product: 功率, material.
    Attribute,
    /// A carrier.
    Carrier,
    /// A province.
    Province,
    /// A city.
    City,
}

/// Signs that a person should take over, whatever was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Law, injury, the press, the authorities.
    Risk,
    /// !!!, 第三天了, a string of complaints.
    Anger,
}
