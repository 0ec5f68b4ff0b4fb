//! Everything that happens besides turns. Events only grow.

use serde::{Deserialize, Serialize};

use super::{
    At, ChannelName, CustomerId, EpisodeId, Exclusion, IntentId, Mode, OrderNumber, PhraseId, PlaybookHash,
    PrincipalId, PromiseId, ReplyKey, Rung, SuggestionId, TurnId, Urgency, Verdict,
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
    /// A customer's first message, or the first move of a person in a closed chat.
    EpisodeBegan {
        /// Which.
        episode: EpisodeId,
        /// With whom, as we knew them then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// Through which channel.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelName>,
        /// The person who began it; none: the customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PrincipalId>,
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
        /// The idempotency key of the words that go out because of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<ReplyKey>,
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
    /// The desk gave the chat to a person who has room for it.
    Assigned {
        /// To whom.
        to: PrincipalId,
    },
    /// A person's chat went back to waiting: they left, or let the customer wait too long.
    Returned {
        /// Who held it.
        from: PrincipalId,
        /// offline or silent.
        why: String,
    },
    /// Nobody took a hand-off in time: it is urgent now.
    Escalated,
    /// A person left a word for their colleagues.
    Noted {
        /// Who.
        by: PrincipalId,
        /// What.
        text: String,
    },
    /// A person flagged the chat, or took the flag away.
    Flagged {
        /// Who.
        by: PrincipalId,
        /// Which of the shop's flags.
        flag: Option<String>,
    },
    /// A person replied.
    PersonReplied {
        /// Who.
        by: PrincipalId,
        /// The idempotency key; none for words written on the platform itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<ReplyKey>,
        /// The suggestion it began with, if any.
        suggestion: Option<SuggestionId>,
        /// Levenshtein distance to that suggestion over the longer length; 0 is unchanged.
        edit_share: Option<f32>,
        /// The script that was taken from the library, or that words typed by hand are equal to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        script: Option<String>,
        /// Typed by hand, though a script says the same: a passive match.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        passive: bool,
        /// It asks the customer which order it is about.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asks_order: bool,
    },
    /// A text was held back, or sent in spite of a warning.
    Guarded {
        /// Who wrote it: `bot` or `agent:ID`.
        by: String,
        /// Which rule spoke.
        rule: String,
        /// The words it spoke of.
        said: String,
        /// Whether it was sent all the same.
        sent: bool,
    },
    /// A person asked the platform to take a message back.
    ReplyRecalled {
        /// Who.
        by: PrincipalId,
        /// Which.
        reply: ReplyKey,
    },
    /// The bot's or a person's words reached the platform.
    ReplySent {
        /// The idempotency key.
        reply: ReplyKey,
    },
    /// A reply was not sent, and why.
    ReplyCancelled {
        /// The idempotency key.
        reply: ReplyKey,
        /// Why.
        why: String,
    },
    /// A reply can't be delivered; a person has to look.
    DeliveryFailed {
        /// The idempotency key.
        reply: ReplyKey,
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
        /// On whose screen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PrincipalId>,
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
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promise: Option<PromiseId>,
        /// What, in the words said.
        what: String,
        /// By when.
        due: At,
        /// Who is to keep it; nobody yet for one made out of hours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<PrincipalId>,
    },
    /// It was done.
    PromiseKept {
        /// Which.
        promise: PromiseId,
        /// Who says so.
        by: PrincipalId,
    },
    /// It won't be done.
    PromiseDropped {
        /// Which.
        promise: PromiseId,
        /// Who says so.
        by: PrincipalId,
        /// Why.
        why: String,
    },
    /// Somebody else is to keep it.
    PromisePassed {
        /// Which.
        promise: PromiseId,
        /// By whom.
        by: PrincipalId,
        /// To whom.
        to: PrincipalId,
    },
    /// Its owner was reminded.
    PromiseReminded {
        /// Which.
        promise: PromiseId,
    },
    /// Its time is over and it wasn't kept.
    PromiseOverdue {
        /// Which.
        promise: PromiseId,
    },
    /// A quick phrase was written or changed.
    PhraseSaved {
        /// Which.
        phrase: PhraseId,
        /// By whom.
        by: PrincipalId,
        /// Its title from now on.
        title: String,
        /// Its text from now on.
        text: String,
    },
    /// A quick phrase became the team's.
    PhrasePromoted {
        /// Which.
        phrase: PhraseId,
        /// By whom.
        by: PrincipalId,
    },
    /// A quick phrase was thrown away.
    PhraseRemoved {
        /// Which.
        phrase: PhraseId,
        /// By whom.
        by: PrincipalId,
    },
    /// Somebody read an answer of the bot's and judged it.
    Judged {
        /// The turn that was answered.
        turn: TurnId,
        /// How it was.
        verdict: Verdict,
        /// What should have been answered, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        should: Option<IntentId>,
        /// Who says so.
        by: PrincipalId,
    },
    /// Somebody took an episode out of the rates, or back in.
    Excluded {
        /// Why; none: it counts after all.
        why: Option<Exclusion>,
        /// Who says so.
        by: PrincipalId,
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
        intent: Option<IntentId>,
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
