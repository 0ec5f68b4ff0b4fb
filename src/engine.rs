//! THE PATH, on one screen: normalise → classify → look up → decide, and the guard behind it.

use std::sync::OnceLock;

use async_trait::async_trait;

use crate::classify::{Classifier, CompileError, near, opening};
use crate::decide::{self, Moment};
use crate::desk::guard::{self, Action, Speaker};
use crate::domain::{
    At, ConversationState, Decision, Message, OrderQuestion, OrdersFound, Rung, TurnInput, TurnOutcome, talk,
};
use crate::nearness::{self, Nearness};
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
    /// The words and the settings, without those of campaigns.
    pub playbook: Playbook,
    /// Compiled from the playbook.
    pub classifier: Classifier,
    /// For every set of campaigns that run together at some time.
    seasons: Vec<Season>,
}

/// A playbook while campaigns run.
#[derive(Debug)]
struct Season {
    running: Vec<usize>,
    playbook: Playbook,
    /// Compiled when it is first needed: most campaigns are over or still to come.
    classifier: OnceLock<Classifier>,
}

impl Engine {
    /// Compiles a playbook.
    ///
    /// # Errors
    /// [`CompileError`]: a pattern of the shop's that is none.
    pub fn compile(playbook: Playbook) -> Result<Self, CompileError> {
        let classifier = Classifier::compile(&playbook)?;
        let season = |running: Vec<usize>| {
            let playbook = playbook.during(&running);
            Season { running, playbook, classifier: OnceLock::new() }
        };
        let seasons = seasons(&playbook).into_iter().map(season).collect();
        Ok(Self { classifier, seasons, playbook })
    }

    /// The words and the classifier in force at a time. The first call in a new season compiles what is new in it.
    #[must_use]
    pub fn at(&self, now: At) -> (&Playbook, &Classifier) {
        let running = self.playbook.running(now);
        let Some(season) = self.seasons.iter().find(|season| season.running == running) else {
            return (&self.playbook, &self.classifier);
        };
        // A campaign too large for an automaton is refused when it is checked; its phrases are left out then.
        let compile = || self.classifier.for_words_of(&season.playbook).unwrap_or_else(|_| self.classifier.clone());
        (&season.playbook, season.classifier.get_or_init(compile))
    }

    /// Decides a turn.
    pub async fn decide(&self, input: &TurnInput, orders: &dyn Orders) -> TurnOutcome {
        self.walk(input, orders).await.0
    }

    /// Decides a turn; where it comes out unsure, asks once what lies near, and decides again from an input that holds it.
    pub async fn decide_near(
        &self,
        input: &mut TurnInput,
        orders: &dyn Orders,
        nearness: Option<&dyn Nearness>,
    ) -> TurnOutcome {
        let (outcome, is_unsure) = self.walk(input, orders).await;
        let Some(nearness) = nearness.filter(|_| is_unsure) else { return outcome };
        let Some(question) = nearness::question(&input.messages, &outcome.classification) else { return outcome };
        input.neighbours = nearness.near(&question, input.now).await;
        if input.neighbours.is_none() {
            return outcome;
        }
        self.decide(input, &Recorded(outcome.orders)).await
    }

    /// One way down, and whether it came out unsure.
    async fn walk(&self, input: &TurnInput, orders: &dyn Orders) -> (TurnOutcome, bool) {
        let (playbook, classifier) = self.at(input.now);
        let texts: Vec<Text<'_>> = input.messages.iter().map(|message| Text::of(&message.text)).collect();
        let mut classification = classifier.classify(&input.messages, &texts);
        if input.state.is_opening() {
            opening::hear(&mut classification);
        }
        if let Some(neighbours) = &input.neighbours {
            near::hear(&mut classification, neighbours);
        }
        let moment = Moment::new(playbook, input, &classification);
        let found = match moment.order_question() {
            Some(question) => orders.look_up(&question, input).await,
            None => OrdersFound::default(),
        };
        let decided = decide::decide(&moment, &found);
        let mut outcome = TurnOutcome {
            playbook: self.playbook.hash.clone(),
            orders: found,
            decision: decided.decision,
            suggestions: decided.suggestions,
            state: decided.state,
            classification,
        };
        guarded(&mut outcome, input, playbook);
        (outcome, decided.unsure)
    }

    /// Whether these messages ask for something, call for a person, or answer what the bot asked, so that nothing more
    /// need be waited for.
    #[must_use]
    pub fn is_whole(&self, messages: &[Message], state: &ConversationState, now: At) -> bool {
        let texts: Vec<Text<'_>> = messages.iter().map(|message| Text::of(&message.text)).collect();
        let understood = self.at(now).1.classify(messages, &texts);
        let calls_for_a_person = [talk::ASK_FOR_HUMAN, talk::WRONG_ANSWER, talk::NOT_SOLVED, talk::ABUSE]
            .iter()
            .any(|id| understood.has(id));
        let answers = state.pending.is_some() && !understood.slots.is_empty();
        calls_for_a_person || answers || understood.alarm.is_some() || understood.requests().next().is_some()
    }
}

/// What the guard blocks isn't said by the bot either: a person gets the chat.
fn guarded(outcome: &mut TurnOutcome, input: &TurnInput, playbook: &Playbook) {
    let Some(reply) = &outcome.decision.reply else { return };
    let found = guard::findings(&reply.text, &playbook.settings, Speaker::Bot);
    if let Some(blocked) = found.iter().find(|finding| finding.action == Action::Block) {
        let why = format!("guard: {}", blocked.said);
        let instead = TurnOutcome::without_decision(input, outcome.playbook.clone(), &why);
        outcome.decision = Decision { rung: Rung::NoWords, ..instead.decision };
        outcome.state = instead.state;
    }
}

/// Every set of campaigns that run together at some time: what runs changes only where one begins or ends.
fn seasons(playbook: &Playbook) -> Vec<Vec<usize>> {
    let changes = playbook.campaigns.iter().flat_map(|campaign| [campaign.from, campaign.to]);
    let mut seasons: Vec<Vec<usize>> = changes.map(|at| playbook.running(at)).filter(|set| !set.is_empty()).collect();
    seasons.sort();
    seasons.dedup();
    seasons
}

/// Orders as they were found when a turn was decided: for deciding it again.
pub struct Recorded(pub OrdersFound);

#[async_trait]
impl Orders for Recorded {
    async fn look_up(&self, _: &OrderQuestion, _: &TurnInput) -> OrdersFound {
        self.0.clone()
    }
}
