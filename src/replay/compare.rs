//! What another playbook would have done about a stored turn, beside what was done.

use serde::Serialize;

use crate::domain::{Act, Candidate, Decision, IntentId, Span, Turn, TurnOutcome};

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Answered now, and not then.
    NewlyAnswered,
    /// A person gets it now, and did not then.
    NewlyHandedOff,
    /// In other words.
    AnotherAnswer,
    /// The bot asks back now, and did not then.
    NewlyAsked,
    /// Anything else that somebody would notice: silence, another rung, intent, queue, urgency or suggestion.
    Other,
}

impl Kind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::NewlyAnswered, Self::NewlyHandedOff, Self::AnotherAnswer, Self::NewlyAsked, Self::Other];

    /// The word in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NewlyAnswered => "newly_answered",
            Self::NewlyHandedOff => "newly_handed_off",
            Self::AnotherAnswer => "another_answer",
            Self::NewlyAsked => "newly_asked",
            Self::Other => "other",
        }
    }
}

/// One side of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// `answer`, `ask`, `hand_off`, `silent`.
    pub decision: &'static str,
    /// In shadow and suggest mode: what would have been done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<&'static str>,
    /// The rung it stands on.
    pub rung: &'static str,
    /// What was understood.
    pub intents: Vec<IntentId>,
    /// What is said.
    pub reply: Option<String>,
    /// What a person is offered, the best first.
    pub suggestions: Vec<String>,
    /// Whose it is, for a hand-off.
    pub queue: Option<String>,
    #[serde(skip)]
    act: Act,
    #[serde(skip)]
    urgency: crate::domain::Urgency,
}

impl Side {
    fn of(outcome: &TurnOutcome) -> Self {
        let Decision { act, rung, reply, held_back, queue, urgency, .. } = &outcome.decision;
        let candidates = outcome.classification.intents.iter();
        Self {
            decision: act.key(),
            held_back: held_back.map(Act::key),
            rung: rung.key(),
            intents: candidates.map(|Candidate { intent, .. }| intent.clone()).collect(),
            reply: reply.as_ref().map(|reply| reply.text.clone()),
            suggestions: outcome.suggestions.iter().map(|offered| offered.text.clone()).collect(),
            queue: queue.as_ref().map(ToString::to_string),
            act: held_back.unwrap_or(*act),
            urgency: *urgency,
        }
    }
}

/// A turn that would be decided differently.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Which turn.
    pub turn_id: String,
    /// In which conversation; ours.
    pub conversation_id: String,
    /// When it was decided, in milliseconds.
    pub at: i64,
    /// Of which kind.
    pub kind: Kind,
    /// What the customer wrote.
    pub messages: Vec<String>,
    /// As it was.
    pub before: Side,
    /// As it would be.
    pub after: Side,
    /// An order would be looked up, and none was then: it counts as not found.
    pub order_not_looked_up: bool,
}

/// Whether anybody would notice the difference, and how it is called. In shadow and suggest mode what counts is what the
/// bot would have done.
#[must_use]
pub fn compare(turn: &Turn, again: &TurnOutcome) -> Option<Change> {
    let (before, after) = (Side::of(&turn.outcome), Side::of(again));
    if before == after {
        return None;
    }
    let kind = match (before.act, after.act) {
        (then, Act::Answer) if then != Act::Answer => Kind::NewlyAnswered,
        (then, Act::HandOff) if then != Act::HandOff => Kind::NewlyHandedOff,
        (then, Act::Ask) if then != Act::Ask => Kind::NewlyAsked,
        (then, now) if then == now && before.reply != after.reply => Kind::AnotherAnswer,
        _ => Kind::Other,
    };
    Some(Change {
        turn_id: turn.input.id.to_string(),
        conversation_id: turn.input.conversation.to_string(),
        at: turn.input.now.0,
        kind,
        messages: turn.input.messages.iter().map(|message| message.text.clone()).collect(),
        before,
        after,
        order_not_looked_up: false,
    })
}

/// Whether a text of the turn is gone: it can't be decided again. An erased message is empty, or shorter than what was
/// read out of it.
#[must_use]
pub fn is_erased(turn: &Turn) -> bool {
    let messages = &turn.input.messages;
    let is_bare = messages.iter().any(|message| {
        message.text.is_empty()
            && message.attachments.is_empty()
            && message.order_numbers.is_empty()
            && message.product.is_none()
    });
    let understood = &turn.outcome.classification;
    let evidence = understood.intents.iter().flat_map(|candidate| &candidate.evidence).flat_map(|piece| &piece.spans);
    let slots = understood.slots.iter().map(|slot| &slot.span);
    let mentions = understood.mentions.iter().map(|mention| &mention.span);
    let reaches_beyond =
        |span: &Span| messages.get(span.message).is_none_or(|message| message.text.get(..span.end).is_none());
    is_bare || evidence.chain(slots).chain(mentions).any(reaches_beyond)
}
