//! The words behind a figure: a turn's messages, what the bot said, and why.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{ConversationId, EvidenceKind, ShopId, Turn};
use crate::orders::mask_phones;
use crate::store::{Store, StoreError};

/// Why the bot took a turn for an intent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Because {
    pub(super) intent: String,
    /// The line in the playbook.
    pub(super) line: String,
    /// phrase, whole, together, example, model, form or near.
    #[schema(value_type = String)]
    pub(super) kind: EvidenceKind,
}

/// A turn for people to read.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) turn: Turn,
    pub(super) said: Vec<String>,
    pub(super) answer: Option<String>,
}

impl Words {
    /// A conversation's turn, without phones for those who are to see none. `None`: there is none.
    pub(super) async fn find(
        store: &Store,
        shop: &ShopId,
        (conversation, seq): (&ConversationId, i64),
        masked: bool,
    ) -> Result<Option<Self>, StoreError> {
        let Some(turn) = store.turn_at(shop, conversation, seq).await? else { return Ok(None) };
        let shown = |text: &str| if masked { mask_phones(text) } else { text.to_owned() };
        let said = turn.input.messages.iter().map(|message| shown(&message.text)).filter(|text| !text.is_empty());
        let answer = turn.outcome.decision.reply.as_ref().map(|reply| shown(&reply.text));
        Ok(Some(Self { said: said.collect(), answer, turn }))
    }

    pub(super) fn intents(&self) -> Vec<String> {
        self.turn.outcome.classification.requests().map(|candidate| candidate.intent.to_string()).collect()
    }

    /// The scripts that were said.
    pub(super) fn scripts(&self) -> Vec<String> {
        let reply = self.turn.outcome.decision.reply.iter().flat_map(|reply| &reply.parts);
        reply.map(|part| part.intent.to_string()).collect()
    }

    pub(super) fn because(&self) -> Vec<Because> {
        let understood = &self.turn.outcome.classification.intents;
        let of = |candidate: &crate::domain::Candidate| {
            let intent = candidate.intent.to_string();
            let because = move |evidence: &crate::domain::Evidence| Because {
                intent: intent.clone(),
                line: evidence.line.clone(),
                kind: evidence.kind,
            };
            candidate.evidence.iter().map(because).collect::<Vec<_>>()
        };
        understood.iter().flat_map(of).collect()
    }

    /// The turn's words as one line of a playbook; `None`: it has none, or too many.
    pub(super) fn line(&self) -> Option<String> {
        let line = self.said.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty() && line.chars().count() <= LONGEST_LINE).then_some(line)
    }
}

/// Longer lines belong in no playbook.
const LONGEST_LINE: usize = 200;
