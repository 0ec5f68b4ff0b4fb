//! One readable ladder from a [`Moment`] to a `Decision`: pure, so that a stored turn decides the same again.

mod compose;
mod ladder;
mod moment;
mod order_card;
mod speak;
mod suggest;
mod values;

pub use moment::Moment;
pub use order_card::{OrderCard, order_card};
pub use values::Values;

use crate::domain::{Act, At, ConversationState, Decision, Mode, OrdersFound, Phase, Rung, SECOND, Suggestion};

use compose::Speaker;
use ladder::Ladder;
use speak::silent;

/// What the ladder came to.
#[derive(Debug)]
pub struct Decided {
    /// What is done.
    pub decision: Decision,
    /// What a person is offered.
    pub suggestions: Vec<Suggestion>,
    /// The conversation after it.
    pub state: ConversationState,
    /// Whether it would help to know what lies near: a person is to answer, or is at it, and it isn't clear what was asked.
    pub unsure: bool,
}

/// So much of what was said is remembered.
const REMEMBERED: usize = 24;

/// Decides a turn.
#[must_use]
pub fn decide(moment: &Moment<'_>, found: &OrdersFound) -> Decided {
    let mut ladder = Ladder { moment, found, state: moment::learn(moment, found) };
    let was_waiting = ladder.state.phase == Phase::Waiting;
    let learnt = ladder.state.clone();
    let decision = Ladder::RUNGS.iter().find_map(|rung| rung(&mut ladder));
    let mut decision = decision.unwrap_or_else(|| silent(Rung::Unsure, ""));
    let mode = mode_of(moment);
    let is_still = decision.act == Act::Silent;
    if was_waiting && mode == Mode::Auto && !is_still && !ladder.may_speak_while_waiting(&decision) {
        ladder.state = learnt.clone();
        // Nothing is said twice, but who gets angrier while waiting moves up.
        decision = Decision { urgency: decision.urgency, ..silent(Rung::Waiting, &decision.reason) };
    }
    let unanswered = ladder.leaves_unanswered(&decision) || mode != Mode::Auto && !is_still;
    let mut state = ladder.state;
    if mode != Mode::Auto && !is_still {
        (decision, state) = hold_back(mode, decision, learnt, moment);
    }
    state.unanswered_since = if unanswered {
        state.unanswered_since.or_else(|| Some(asked_at(moment)))
    } else {
        // While a person is waited for, the bot's answer to something else settles nothing of what was asked before.
        state.unanswered_since.filter(|_| was_waiting || !matches!(decision.act, Act::Answer | Act::Ask))
    };
    let forget = state.said.len().saturating_sub(REMEMBERED);
    state.said.drain(..forget);
    let unsure = match decision.rung {
        Rung::Unsure => true,
        Rung::Mode | Rung::Held | Rung::Waiting => !moment.is_understood(),
        _ => false,
    };
    let speaker = Speaker::new(moment, &found.lookup);
    Decided { suggestions: suggest::suggestions(&speaker, &moment.input.id), decision, state, unsure }
}

/// When the first of the turn's messages was written; platforms whose clocks are off don't make it older than a window.
fn asked_at(moment: &Moment<'_>) -> At {
    const LONGEST: i64 = 10 * SECOND;
    let now = moment.input.now;
    let sent = moment.input.messages.first().map_or(now, |message| message.sent_at);
    sent.max(now.plus(-LONGEST)).min(now)
}

/// How much the bot may do about this turn: the least that the shop, the channel or one of the intents allows.
fn mode_of(moment: &Moment<'_>) -> Mode {
    let settings = &moment.playbook.settings.intent_modes;
    let of_intents = moment.requests.iter().flat_map(|request| {
        let id = &request.intent.id;
        [settings.get(id), moment.input.intent_modes.get(id)].into_iter().flatten().copied()
    });
    of_intents.fold(moment.input.mode, Mode::min)
}

// 1. Shadow and suggest: recorded, not spoken. In suggest mode people have to see the chat, so it waits for them.
fn hold_back(
    mode: Mode,
    decision: Decision,
    mut state: ConversationState,
    moment: &Moment<'_>,
) -> (Decision, ConversationState) {
    let held_back = Some(decision.act);
    if mode == Mode::Shadow {
        return (Decision { held_back, ..silent(Rung::Mode, &decision.reason) }, state);
    }
    if state.phase == Phase::Bot {
        state.phase = Phase::Waiting;
        state.waiting_since = Some(moment.input.now);
        state.waiting_words = 0;
    }
    let queue = decision.queue.or_else(|| Some(crate::domain::QueueName::from("default")));
    (Decision { act: Act::HandOff, rung: Rung::Mode, reply: None, held_back, queue, ..decision }, state)
}
