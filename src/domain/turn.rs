//! A turn: all that a decision saw and all that it came to. The records only grow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Act, At, ChannelName, Classification, ConversationId, ConversationState, Customer, Decision, EpisodeId, IntentId,
    Message, Mode, Neighbours, OrdersFound, Phase, PlaybookHash, Rung, ShopId, Suggestion, TurnId, Urgency,
};

/// What a decision is made from. The same input under the same playbook decides the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnInput {
    /// Of the turn that is to be.
    pub id: TurnId,
    /// Whose customer it is.
    pub shop: ShopId,
    /// Through which channel.
    pub channel: ChannelName,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Who writes.
    pub customer: Customer,
    /// What was written, in order. The texts are stored once, with the messages.
    pub messages: Vec<Message>,
    /// The conversation before this turn.
    pub state: ConversationState,
    /// How much the bot may do here.
    pub mode: Mode,
    /// How much it may do about single intents, where somebody turned that down.
    #[serde(default)]
    pub intent_modes: BTreeMap<IntentId, Mode>,
    /// The examples that lie near, where an embeddings endpoint was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<Neighbours>,
    /// The clock's reading when it was decided.
    pub now: At,
}

/// What a decision came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnOutcome {
    /// The playbook that decided.
    pub playbook: PlaybookHash,
    /// What was understood.
    pub classification: Classification,
    /// The orders used or missing.
    pub orders: OrdersFound,
    /// What is done.
    pub decision: Decision,
    /// What a person is offered.
    pub suggestions: Vec<Suggestion>,
    /// The conversation after this turn.
    pub state: ConversationState,
}

impl TurnOutcome {
    /// In doubt, hand off: the outcome where none could be reached. A person gets the chat, without words of the bot.
    #[must_use]
    pub fn without_decision(input: &TurnInput, playbook: PlaybookHash, why: &str) -> Self {
        let mut state = input.state.clone();
        let waits = state.phase == Phase::Bot;
        if waits {
            state.phase = Phase::Waiting;
            state.waiting_since = Some(input.now);
        }
        let decision = Decision {
            act: if waits { Act::HandOff } else { Act::Silent },
            rung: Rung::Unsure,
            reason: why.to_owned(),
            reply: None,
            urgency: Urgency::High,
            queue: Some("default".into()),
            held_back: None,
        };
        Self {
            playbook,
            classification: Classification::default(),
            orders: OrdersFound::default(),
            decision,
            suggestions: Vec::new(),
            state,
        }
    }
}

/// A decided turn, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Its episode.
    pub episode: EpisodeId,
    /// Its place in the conversation, from 1.
    pub seq: i64,
    /// When the window in which messages were gathered ended; latencies count from here.
    pub window_end: At,
    /// How long that window was, in milliseconds.
    pub window: i64,
    /// What it was decided from.
    pub input: TurnInput,
    /// What it came to.
    pub outcome: TurnOutcome,
}
