//! Everything that happens besides turns. Events only grow.

use serde::{Deserialize, Serialize};

use super::{
    At, CustomerId, EpisodeId, Mode, OrderNumber, PlaybookHash, PrincipalId, Rung, SuggestionId, TurnId, Urgency,
};

/// One thing that happened in a conversation, or in a shop where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When, by our clock.
    pub at: At,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

/// The kinds of things that happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Happening {
    /// The first message of an episode.
    EpisodeBegan {
        /// Which.
        episode: EpisodeId,
    },
    /// A customer wrote.
    MessageReceived {
        /// How many were stored at once.
        messages: u32,
    },
    /// A turn was decided.
    TurnDecided {
        /// Which.
        turn: TurnId,
        /// `answer`, `ask`, `hand_off`, `silent`.
        act: super::Act,
        /// Where on the ladder.
        rung: Rung,
    },
    /// The bot gave the chat to people.
    HandedOff {
        /// Where on the ladder.
        rung: Rung,
        /// How soon.
        urgency: Urgency,
        /// To which queue.
        queue: String,
    },
    /// A person took the chat.
    Taken {
        /// Who; on the platform itself perhaps only its id.
        by: PrincipalId,
    },
    /// The chat went back to the bot.
    Released {
        /// By whom.
        by: PrincipalId,
    },
    /// The chat went to another person or queue.
    Transferred {
        /// By whom.
        by: PrincipalId,
        /// To whom.
        to: String,
        /// What the next one should know.
        note: String,
    },
    /// A person replied.
    PersonReplied {
        /// Who.
        by: PrincipalId,
        /// The suggestion it began with, if any.
        suggestion: Option<SuggestionId>,
        /// Levenshtein distance to that suggestion over the longer length; 0 is unchanged.
        edit_share: Option<f32>,
    },
    /// The bot's or a person's words reached the platform.
    ReplySent {
        /// The idempotency key.
        reply: super::ReplyKey,
    },
    /// A reply was not sent, and why.
    ReplyCancelled {
        /// The idempotency key.
        reply: super::ReplyKey,
        /// Why.
        why: String,
    },
    /// A reply can't be delivered; a person has to look.
    DeliveryFailed {
        /// The idempotency key.
        reply: super::ReplyKey,
        /// What the platform said, without secrets.
        why: String,
    },
    /// The episode is over.
    Closed {
        /// customer, agent, bot or idle.
        by: String,
        /// In the agent's words.
        reason: Option<String>,
    },
    /// The customer rated the service.
    Rated {
        /// 1 to 5.
        rating: u8,
    },
    /// The customer took a message back.
    Recalled {
        /// The platform's id of it.
        message: String,
    },
    /// The platform told news of an order.
    OrderUpdated {
        /// Which.
        order: OrderNumber,
        /// As it was told.
        update: serde_json::Value,
    },
    /// A set of suggestions was on a person's screen.
    SuggestionShown {
        /// One of the set.
        suggestion: SuggestionId,
    },
    /// A suggestion was used in a desk that isn't ours.
    SuggestionUsed {
        /// Which.
        suggestion: SuggestionId,
        /// 0 is unchanged; none where the suggestion's text wasn't kept.
        edit_share: Option<f32>,
    },
    /// A set of suggestions was waved away.
    SuggestionDismissed {
        /// One of the set.
        suggestion: SuggestionId,
    },
    /// Somebody said that something will be done by a time.
    PromiseMade {
        /// What, in the words said.
        what: String,
        /// By when.
        due: At,
    },
    /// Two customers turned out to be one.
    Merged {
        /// The one that is no more.
        from: CustomerId,
        /// The one that stays.
        into: CustomerId,
    },
    /// The kill switch was turned.
    ModeSet {
        /// To what.
        mode: Mode,
        /// For one intent alone.
        intent: Option<super::IntentId>,
        /// By whom.
        by: String,
    },
    /// The shop's files came in force as a playbook.
    PlaybookPublished {
        /// What was in force before.
        from: Option<PlaybookHash>,
        /// What is in force now.
        to: PlaybookHash,
        /// Who.
        by: String,
    },
    /// Somebody put a playbook in force that the service's own files don't hold.
    PlaybookPushed {
        /// What was in force before.
        from: Option<PlaybookHash>,
        /// What is in force now.
        to: PlaybookHash,
        /// Who.
        by: String,
    },
    /// Somebody put a playbook from before in force again.
    PlaybookRolledBack {
        /// What was in force before.
        from: Option<PlaybookHash>,
        /// What is in force now.
        to: PlaybookHash,
        /// Who.
        by: String,
    },
}
