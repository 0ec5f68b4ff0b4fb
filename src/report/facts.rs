//! What the rates read of an episode. Kept as JSON, many of them at once in memory: short keys, and nothing that is empty.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Act, At, ChannelName, ConversationId, CustomerId, EpisodeId, Exclusion, IntentId, OrderNumber, PlaybookHash,
    PrincipalId, ProductId, Rung, Verdict,
};

/// An episode, as the rates read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Which; kept beside.
    #[serde(skip, default = "nobody")]
    pub id: EpisodeId,
    /// With whom; kept beside.
    #[serde(skip, default = "nobody")]
    pub customer: CustomerId,
    /// When it began; kept beside.
    #[serde(skip)]
    pub started: At,
    /// In which conversation.
    #[serde(rename = "v")]
    pub conversation: ConversationId,
    /// Through which channel.
    #[serde(rename = "h")]
    pub channel: ChannelName,
    /// The person who began it; `None`: the customer.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub begun_by: Option<PrincipalId>,
    /// When the customer wrote.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<At>,
    /// When it ended, and who ended it.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<(At, By)>,
    /// What a person said about counting it: why not, or that it counts after all.
    #[serde(rename = "x", default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub judged: Option<Option<Exclusion>>,
    /// Its turns, in order.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<TurnFacts>,
    /// The playbooks that decided, each once.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<PlaybookHash>,
    /// How long the customer waited, each time.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// How often the bot gave it to people.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub hand_offs: Vec<HandOff>,
    /// What people replied.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<PersonReply>,
    /// What the customer thought of it, 1 to 5.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<(At, u8)>,
    /// When money went back.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<At>,
    /// Orders that it was about.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderNumber>,
    /// How often somebody who held it lost it.
    #[serde(rename = "b", default, skip_serializing_if = "is_zero")]
    pub returned: u16,
    /// How often it was passed on.
    #[serde(rename = "g", default, skip_serializing_if = "is_zero")]
    pub passed_on: u16,
    /// How often words of the bot's did not go out while it held the chat: people were to answer instead.
    #[serde(rename = "u", default, skip_serializing_if = "is_zero")]
    pub undelivered: u16,
    /// Promises made, kept, and overdue.
    #[serde(rename = "k", default, skip_serializing_if = "no_promises")]
    pub promises: [u16; 3],
}

/// Who ended an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum By {
    /// The customer, on the platform.
    #[serde(rename = "c")]
    Customer,
    /// A person of the shop.
    #[serde(rename = "a")]
    Agent,
    /// The bot.
    #[serde(rename = "b")]
    Bot,
    /// Nobody: it was quiet for long. That confirms nothing.
    #[serde(rename = "i")]
    Idle,
}

/// A turn, as the rates read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnFacts {
    /// Its number in the conversation.
    #[serde(rename = "q")]
    pub seq: i64,
    /// When it was decided.
    #[serde(rename = "t")]
    pub at: At,
    /// What was done.
    #[serde(rename = "a")]
    pub act: Act,
    /// Where on the ladder.
    #[serde(rename = "r")]
    pub rung: Rung,
    /// It asked for something.
    #[serde(rename = "n", default, skip_serializing_if = "is_false")]
    pub needs: bool,
    /// The customer said in it that their matter is solved.
    #[serde(rename = "d", default, skip_serializing_if = "is_false")]
    pub solved: bool,
    /// It is nothing but spam.
    #[serde(rename = "m", default, skip_serializing_if = "is_false")]
    pub spam: bool,
    /// What was understood, small talk left out.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<IntentId>,
    /// The scripts in the bot's answer; small talk and the system's words are none.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<IntentId>,
    /// The order in question afterwards.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderNumber>,
    /// What came of looking for orders.
    #[serde(rename = "l", default, skip_serializing_if = "Looked::is_nothing")]
    pub looked: Looked,
    /// The products in question.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ProductId>,
    /// The playbook that decided: its place in the episode's `versions`.
    #[serde(rename = "h", default, skip_serializing_if = "is_first")]
    pub version: u8,
    /// When the bot's words reached the platform.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<At>,
    /// How a person judged the answer.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What people were offered.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub set: Option<SetFacts>,
}

impl TurnFacts {
    /// Whether the bot really answered: words of a script, that went out.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.act == Act::Answer && !self.scripts.is_empty() && self.sent.is_some()
    }

    /// Whether the bot was to answer: something was asked, and no person held or was waited for.
    #[must_use]
    pub fn needs_the_bot(&self) -> bool {
        self.needs && !matches!(self.rung, Rung::Held | Rung::Waiting)
    }

    /// Whether the customer says in it that the answer before was none.
    #[must_use]
    pub fn complains_of_the_answer(&self) -> bool {
        matches!(self.rung, Rung::WrongAnswer | Rung::NotSolved | Rung::Repeated)
    }
}

/// What came of looking for a turn's orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Looked {
    /// None was needed, or none was named.
    #[default]
    #[serde(rename = "-")]
    NotAsked,
    /// One was found.
    #[serde(rename = "1")]
    Found,
    /// Several were found, or one that wants a proof.
    #[serde(rename = "s")]
    Unclear,
    /// The customer named one, and there is none that they may see.
    #[serde(rename = "0")]
    Missing,
    /// The source did not answer.
    #[serde(rename = "d")]
    Down,
}

impl Looked {
    fn is_nothing(&self) -> bool {
        *self == Self::NotAsked
    }
}

/// A set of suggestions for a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetFacts {
    /// A person was to answer the turn.
    #[serde(rename = "e", default, skip_serializing_if = "is_false")]
    pub eligible: bool,
    /// How many it holds.
    #[serde(rename = "n", default, skip_serializing_if = "is_first")]
    pub offered: u8,
    /// It was on somebody's screen.
    #[serde(rename = "s", default, skip_serializing_if = "is_false")]
    pub shown: bool,
    /// On whose, as far as that is known.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<PrincipalId>,
    /// The script that was used.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub used: Option<IntentId>,
    /// How much of it was changed: 0 nothing, 1 all.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<f32>,
    /// What was made of it went out.
    #[serde(rename = "w", default, skip_serializing_if = "is_false")]
    pub sent: bool,
    /// It was waved away.
    #[serde(rename = "x", default, skip_serializing_if = "is_false")]
    pub dismissed: bool,
}

/// From the first message that needed an answer to the first valid reply: an answer or a question of the bot's, or a
/// person's words. The words of a hand-off and of waiting are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The first message.
    #[serde(rename = "f")]
    pub since: At,
    /// How long it took, in milliseconds; `None`: it was never answered.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub took: Option<i64>,
    /// The person who answered; `None`: the bot.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PrincipalId>,
    /// It was a person's to answer.
    #[serde(rename = "h", default, skip_serializing_if = "is_false")]
    pub is_a_persons: bool,
}

/// The bot gave the chat to people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandOff {
    /// When.
    #[serde(rename = "t")]
    pub at: At,
    /// Where on the ladder.
    #[serde(rename = "r")]
    pub rung: Rung,
    /// The first reply of a person after it.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<At>,
    /// The customer asked the same again after a person had replied.
    #[serde(rename = "g", default, skip_serializing_if = "is_false")]
    pub had_to_repeat: bool,
    /// A person asked for the order that was known.
    #[serde(rename = "c", default, skip_serializing_if = "is_false")]
    pub context_lost: bool,
}

/// A person replied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonReply {
    /// Who.
    #[serde(rename = "p")]
    pub by: PrincipalId,
    /// When.
    #[serde(rename = "t")]
    pub at: At,
    /// The script that it began with, or is equal to.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub script: Option<IntentId>,
    /// The number of the turn whose set it began with.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub set: Option<i64>,
    /// How much of the suggestion was changed.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<f32>,
    /// Typed by hand, though a script says the same.
    #[serde(rename = "y", default, skip_serializing_if = "is_false")]
    pub passive: bool,
}

/// `null` is a word too: it counts after all.
fn said<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Option<Option<Exclusion>>, D::Error> {
    Option::deserialize(text).map(Some)
}

fn nobody<T: From<String>>() -> T {
    T::from(String::new())
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u16) -> bool {
    *count == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_first(number: &u8) -> bool {
    *number == 0
}

fn no_promises(promises: &[u16; 3]) -> bool {
    promises == &[0; 3]
}
