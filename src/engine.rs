//! THE PATH, on one screen: normalise → classify → look up → decide.

use async_trait::async_trait;

use crate::classify::{Classifier, CompileError};
use crate::decide::{self, Moment};
use crate::domain::{ConversationState, Message, OrderQuestion, OrdersFound, TurnInput, TurnOutcome, talk};
use crate::playbook::Playbook;
use crate::text::Text;

/// Where a turn's orders are looked up.
#[async_trait]
pub trait Orders: Send + Sync {
    /// What this customer may know of the orders in question. Never takes longer than a customer would wait.
    async fn look_up(&self, question: &OrderQuestion, input: &TurnInput) -> OrdersFound;
}

/// A playbook with its classifier: all that a decision needs besides the turn. Immutable and shared.
#[derive(Debug)]
pub struct Engine {
    /// The words and the settings.
    pub playbook: Playbook,
    /// Compiled from the playbook.
    pub classifier: Classifier,
}

impl Engine {
    /// Compiles a playbook.
    ///
    /// # Errors
    /// [`CompileError`]: a pattern of the shop's that is none.
    pub fn compile(playbook: Playbook) -> Result<Self, CompileError> {
        Ok(Self { classifier: Classifier::compile(&playbook)?, playbook })
    }

    /// Decides a turn.
    pub async fn decide(&self, input: &TurnInput, orders: &dyn Orders) -> TurnOutcome {
        let texts: Vec<Text<'_>> = input.messages.iter().map(|message| Text::of(&message.text)).collect();
        let classification = self.classifier.classify(&input.messages, &texts);
        let moment = Moment::new(&self.playbook, input, &classification);
        let found = match moment.order_question() {
            Some(question) => orders.look_up(&question, input).await,
            None => OrdersFound::default(),
        };
        let decided = decide::decide(&moment, &found);
        TurnOutcome {
            playbook: self.playbook.hash.clone(),
            orders: found,
            decision: decided.decision,
            suggestions: decided.suggestions,
            state: decided.state,
            classification,
        }
    }

    /// Whether these messages ask for something, call for a person, or answer what the bot asked, so that nothing more
    /// need be waited for.
    #[must_use]
    pub fn is_whole(&self, messages: &[Message], state: &ConversationState) -> bool {
        let texts: Vec<Text<'_>> = messages.iter().map(|message| Text::of(&message.text)).collect();
        let understood = self.classifier.classify(messages, &texts);
        let calls_for_a_person = [talk::ASK_FOR_HUMAN, talk::WRONG_ANSWER, talk::NOT_SOLVED, talk::ABUSE]
            .iter()
            .any(|id| understood.has(id));
        let answers = state.pending.is_some() && !understood.slots.is_empty();
        calls_for_a_person || answers || understood.alarm.is_some() || understood.requests().next().is_some()
    }
}

/// Orders as they were found when a turn was decided: for deciding it again.
pub struct Recorded(pub OrdersFound);

#[async_trait]
impl Orders for Recorded {
    async fn look_up(&self, _: &OrderQuestion, _: &TurnInput) -> OrdersFound {
        self.0.clone()
    }
}
