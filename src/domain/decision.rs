//! What was decided, on which rung of the ladder, and in which words.

use serde::{Deserialize, Serialize};

use super::{IntentId, Language, QueueName, Situation, SuggestionId, Urgency};

macro_rules! rungs {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// The rung of the ladder a decision stands on; the name in the turn, on the desk and in the reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rung { $($(#[$doc])* $name,)* }

        impl Rung {
            /// Every rung, from the top.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in tables, reports and the API.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

rungs! {
    /// The mode is shadow or suggest: recorded, not spoken.
    Mode = "mode";
    /// A person holds the chat.
    Held = "held";
    /// The customer asks for a person.
    AskedForPerson = "asked_for_person";
    /// A risk word: law, injury, the press.
    Risk = "risk";
    /// Anger that grows.
    Anger = "anger";
    /// The customer says that the answer was beside the question.
    WrongAnswer = "wrong_answer";
    /// The customer says that it still does not work.
    NotSolved = "not_solved";
    /// The same answer to the same facts within ten minutes.
    Repeated = "repeated";
    /// More bot messages in ten minutes than a person would bear.
    BotLimit = "bot_limit";
    /// The turn answers what the bot asked.
    Answered = "answered";
    /// Nothing to answer.
    NothingToAnswer = "nothing_to_answer";
    /// A bare order card.
    OrderCard = "order_card";
    /// Small talk alone.
    Talk = "talk";
    /// The bot may not answer this.
    Never = "never";
    /// Two readings are close.
    WhichQuestion = "which_question";
    /// Something needed is missing.
    Missing = "missing";
    /// Asked as often as may be; a person goes on.
    TooManyQuestions = "too_many_questions";
    /// Sure of every request.
    Sure = "sure";
    /// The order source did not answer.
    SourceDown = "source_down";
    /// There are no words for the situation.
    NoWords = "no_words";
    /// A reply would need a fact that the shop hasn't set.
    FactUnknown = "fact_unknown";
    /// Not sure enough.
    Unsure = "unsure";
    /// The conversation waits for a person; the bot keeps still.
    Waiting = "waiting";
}

/// What is done about a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The bot answers.
    Answer,
    /// The bot asks.
    Ask,
    /// A person is to answer.
    HandOff,
    /// Nothing is said.
    Silent,
}

impl Act {
    /// The word in tables, reports and the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Ask => "ask",
            Self::HandOff => "hand_off",
            Self::Silent => "silent",
        }
    }
}

/// The outcome of the ladder for one turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What is done.
    pub act: Act,
    /// On which rung.
    pub rung: Rung,
    /// In a few words for the desk: the intents, the word that rang the bell.
    pub reason: String,
    /// What is said, if anything; hand-offs have words too.
    pub reply: Option<Reply>,
    /// For a hand-off: how soon.
    pub urgency: Urgency,
    /// For a hand-off: to whom.
    pub queue: Option<QueueName>,
    /// In shadow and suggest mode: what would have been done.
    pub held_back: Option<Act>,
}

/// Text to be sent, and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// As it goes out.
    pub text: String,
    /// Pictures that belong to it.
    #[serde(default)]
    pub images: Vec<String>,
    /// In which language.
    pub language: Language,
    /// The scripts in it, in order.
    pub parts: Vec<ReplyPart>,
}

/// One script within a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyPart {
    /// The intent it answers, or `system/…`.
    pub intent: IntentId,
    /// The situation whose words were used (after falling back).
    pub situation: Situation,
    /// The tone whose words were used.
    pub tone: Option<String>,
    /// Facts, order and product values that it spoke.
    pub used: Vec<String>,
}

/// A scripted reply offered to a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Ours.
    pub id: SuggestionId,
    /// With the facts filled in; gaps that only a person can fill stay as `{…}`.
    pub text: String,
    /// Which intent's script it is.
    pub intent: IntentId,
    /// What the script is called.
    pub title: Option<String>,
    /// When it fits, in the writer's words.
    pub use_when: Option<String>,
    /// When it does not.
    pub avoid: Option<String>,
    /// Pictures that belong to it.
    #[serde(default)]
    pub images: Vec<String>,
    /// 0 to 1, the best first.
    pub score: f32,
}

/// How much the bot may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Decides and records; does nothing.
    Shadow,
    /// Suggests; never speaks.
    Suggest,
    /// Speaks when it may.
    #[default]
    Auto,
}

impl Mode {
    /// The word in files and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Shadow => "shadow",
            Self::Suggest => "suggest",
            Self::Auto => "auto",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Shadow, Self::Suggest, Self::Auto].into_iter().find(|mode| mode.key() == key)
    }
}
