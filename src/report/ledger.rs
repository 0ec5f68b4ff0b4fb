//! The ledger of what went wrong (机器人后台): answers beside the question, orders taken wrongly, hand-offs that failed,
//! each with the turn where it began.

use super::facts::{Facts, Looked, TurnFacts};
use crate::domain::{Act, At, ConversationId, EpisodeId, IntentId, Rung};

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $kind:ident $key:literal;)*) => {
        /// What went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Cause { $($(#[$doc])* $name,)* }

        impl Cause {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the API.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What kind of a wrong it is.
            #[must_use]
            pub fn kind(self) -> Wrong {
                match self { $(Self::$name => Wrong::$kind,)* }
            }
        }
    };
}

/// The kinds of what goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wrong {
    /// 答非所问: an answer beside the question.
    Beside,
    /// 订单识别错误: the wrong order, or none.
    Order,
    /// 跳转转接: a hand-off that failed.
    HandOff,
}

impl Wrong {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Beside, Self::Order, Self::HandOff];

    /// The word in the API.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Beside => "beside",
            Self::Order => "order",
            Self::HandOff => "hand_off",
        }
    }
}

causes! {
    /// The customer said that the answer was beside the question.
    CalledWrong = Beside "called_wrong";
    /// The customer said that it still doesn't work.
    NotSolved = Beside "not_solved";
    /// The same was asked again after the answer.
    AskedAgain = Beside "asked_again";
    /// The bot would have said the same again.
    SameAnswer = Beside "same_answer";
    /// The customer named an order, and the bot found none.
    Missing = Order "missing";
    /// The order source did not answer.
    SourceDown = Order "source_down";
    /// The bot asked for an order as often as it may.
    AskedTooOften = Order "asked_too_often";
    /// The bot answered about one order, and the customer meant another.
    Changed = Order "changed";
    /// Those who held it lost it, or passed it on and on.
    Bounced = HandOff "bounced";
    /// Nobody replied before it was over.
    Unanswered = HandOff "unanswered";
    /// The customer had to say it again to the person.
    HadToRepeat = HandOff "had_to_repeat";
    /// The person asked for the order that was known.
    ContextLost = HandOff "context_lost";
}

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub cause: Cause,
    /// In which episode.
    pub episode: EpisodeId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// The number of the turn where it began.
    pub seq: i64,
    /// The number of the turn that showed it.
    pub shown_by: Option<i64>,
    /// When it began.
    pub at: At,
    /// What the turn was about, or answered with.
    pub intent: Option<IntentId>,
}

/// What went wrong in an episode, in the order of its happening.
#[must_use]
pub fn ledger(facts: &Facts) -> Vec<Entry> {
    if facts.excluded().is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (place, turn) in facts.turns.iter().enumerate() {
        let before = facts.turns.get(..place).unwrap_or_default();
        found.extend(complaint(turn, before).map(|(cause, first)| entry(facts, cause, first, Some(turn))));
        found.extend(of_order(turn, before).map(|(cause, first)| entry(facts, cause, first, Some(turn))));
    }
    for (answered, again) in facts.asked_again().filter(|(_, again)| !again.complains_of_the_answer()) {
        found.push(entry(facts, Cause::AskedAgain, answered, Some(again)));
    }
    if let Some(turn) = facts.turns.iter().find(|turn| turn.act == Act::HandOff) {
        found.extend(of_hand_off(facts).map(|cause| entry(facts, cause, turn, None)));
    }
    found.sort_by_key(|entry| entry.at);
    found
}

/// The answer that a turn complains of: the last one, or else whatever the bot did last.
fn complaint<'f>(turn: &TurnFacts, before: &'f [TurnFacts]) -> Option<(Cause, &'f TurnFacts)> {
    let cause = match turn.rung {
        Rung::WrongAnswer => Cause::CalledWrong,
        Rung::NotSolved => Cause::NotSolved,
        Rung::Repeated => Cause::SameAnswer,
        _ => return None,
    };
    let answered = before.iter().rev().find(|earlier| earlier.is_answered());
    Some((cause, answered.or(before.last())?))
}

fn of_order<'f>(turn: &'f TurnFacts, before: &'f [TurnFacts]) -> Option<(Cause, &'f TurnFacts)> {
    match (turn.looked, turn.rung) {
        (_, Rung::TooManyQuestions) => return Some((Cause::AskedTooOften, turn)),
        (Looked::Down, _) => return Some((Cause::SourceDown, turn)),
        (Looked::Missing, _) if !turn.is_answered() => return Some((Cause::Missing, turn)),
        _ => {}
    }
    let last = before.last()?;
    let meant_another = last.is_answered() && last.order.is_some() && turn.order.is_some() && last.order != turn.order;
    let is_the_same = turn.intents.is_empty() || turn.intents.iter().any(|intent| last.intents.contains(intent));
    (meant_another && is_the_same).then_some((Cause::Changed, last))
}

fn of_hand_off(facts: &Facts) -> impl Iterator<Item = Cause> {
    let nobody_came = facts.hand_offs.iter().all(|hand_off| hand_off.answered.is_none());
    let any = |what: fn(&super::HandOff) -> bool| facts.hand_offs.iter().any(what);
    let causes = [
        (Cause::Bounced, facts.returned > 0 || facts.passed_on > 1),
        (Cause::Unanswered, facts.closed.is_some() && nobody_came),
        (Cause::HadToRepeat, any(|hand_off| hand_off.had_to_repeat)),
        (Cause::ContextLost, any(|hand_off| hand_off.context_lost)),
    ];
    causes.into_iter().filter(|(_, holds)| *holds).map(|(cause, _)| cause)
}

fn entry(facts: &Facts, cause: Cause, turn: &TurnFacts, shown_by: Option<&TurnFacts>) -> Entry {
    Entry {
        cause,
        episode: facts.id.clone(),
        conversation: facts.conversation.clone(),
        seq: turn.seq,
        shown_by: shown_by.map(|turn| turn.seq),
        at: turn.at,
        intent: turn.scripts.first().or(turn.intents.first()).cloned(),
    }
}
