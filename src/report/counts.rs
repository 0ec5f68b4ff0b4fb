//! Counting an episode in.

use jiff::tz::TimeZone;

use super::facts::{By, Facts};
use super::filter::Filter;
use super::lasting::Fate;
use super::names::Count;
use super::times::Times;
use crate::domain::{Exclusion, SECOND, Verdict};
use crate::playbook::hours::HumanHours;

/// Intents that say that something is wrong with the goods: the numerator of 故障率.
const FAULTS: [&str; 6] = [
    "aftersale/defective_item",
    "aftersale/damaged_item",
    "aftersale/not_as_described",
    "aftersale/adverse_reaction",
    "aftersale/troubleshooting",
    "aftersale/repair",
];

/// The counts of some episodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    counts: [u32; Count::ALL.len()],
    /// Hundredths of edit shares, summed up over the used sets.
    edits: f64,
    /// How long customers waited for a person, within human hours.
    pub human: Times,
    /// The same, the first time in each episode.
    pub human_first: Times,
    /// How long customers waited for the bot.
    pub bot: Times,
    /// The same, the first time in each episode.
    pub bot_first: Times,
}

impl Default for Figures {
    fn default() -> Self {
        let times = Times::default;
        Self {
            counts: [0; Count::ALL.len()],
            edits: 0.0,
            human: times(),
            human_first: times(),
            bot: times(),
            bot_first: times(),
        }
    }
}

/// When people are there; a shop that doesn't say has people always.
#[derive(Clone, Debug)]
pub struct Hours {
    /// By the clock.
    pub hours: Option<HumanHours>,
    /// Whose clock.
    pub zone: TimeZone,
}

impl Figures {
    /// How many.
    #[must_use]
    pub fn get(&self, count: Count) -> u32 {
        self.counts[count as usize]
    }

    #[cfg(test)]
    pub(super) fn set(&mut self, count: Count, n: u32) {
        self.counts[count as usize] = n;
    }

    /// The mean edit share of the used sets, 0 to 1.
    #[must_use]
    pub fn edit_share(&self) -> Option<f64> {
        let used = self.get(Count::SetsUsed);
        (used > 0).then(|| self.edits / f64::from(used))
    }

    /// All of another's.
    pub fn add_all(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.edits += other.edits;
        self.human.add_all(&other.human);
        self.human_first.add_all(&other.human_first);
        self.bot.add_all(&other.bot);
        self.bot_first.add_all(&other.bot_first);
    }

    fn add(&mut self, count: Count, holds: bool) {
        self.counts[count as usize] += u32::from(holds);
    }

    /// Counts an episode in, and what the filter takes of it.
    pub(super) fn count(&mut self, facts: &Facts, fate: Fate, filter: &Filter, hours: &Hours) {
        if let Some(why) = facts.excluded() {
            return self.add(left_out(why), true);
        }
        self.count_whole(facts, fate);
        self.count_turns(facts, filter);
        self.count_replies(facts, filter);
        self.count_waits(facts, filter, hours);
    }

    fn count_whole(&mut self, facts: &Facts, fate: Fate) {
        let (involved, contained, open) = (facts.is_involved(), facts.is_contained(), facts.is_open());
        let handed_off = !facts.hand_offs.is_empty();
        let nobody_came = handed_off && facts.hand_offs.iter().all(|hand_off| hand_off.answered.is_none());
        let left = nobody_came && facts.closed.is_some();
        let bounced = facts.returned > 0 || facts.passed_on > 1;
        let had_to_repeat = facts.hand_offs.iter().any(|hand_off| hand_off.had_to_repeat || hand_off.context_lost);
        self.add(Count::Episodes, true);
        self.add(Count::Open, open);
        self.add(Count::Settled, !open);
        self.add(Count::Involved, involved);
        self.add(Count::Contained, contained);
        self.add(Count::Confirmed, contained && facts.turns.iter().any(|turn| turn.solved));
        self.add(Count::Old, fate.is_old);
        self.add(Count::Durable, fate.is_old && contained && fate.lasted);
        self.add(Count::DurableSame, fate.is_old && contained && fate.lasted_same);
        self.add(Count::Pending, !fate.is_old && (contained || open));
        self.add(Count::HandedOff, handed_off);
        self.add(Count::Left, left);
        self.add(Count::BadHandOff, handed_off && (left || bounced || had_to_repeat));
        self.add(Count::Repeated, involved && facts.is_repeated());
        if let Some((_, by)) = facts.closed {
            self.add(closed_by(by), true);
        }
        self.add(Count::Faults, facts.intents().any(|intent| FAULTS.contains(&intent.as_str())));
        for (_, rating) in &facts.ratings {
            self.add(Count::Rated, true);
            self.add(Count::RatedLow, *rating <= 2);
        }
        let promises = [Count::PromisesMade, Count::PromisesKept, Count::PromisesOverdue];
        for (count, promised) in promises.into_iter().zip(facts.promises) {
            self.counts[count as usize] += u32::from(promised);
        }
    }

    fn count_turns(&mut self, facts: &Facts, filter: &Filter) {
        for turn in facts.turns.iter().filter(|turn| filter.takes_turn(facts, turn)) {
            let needed = turn.needs_the_bot();
            self.add(Count::Needed, needed);
            self.add(Count::Answered, needed && turn.is_answered());
            self.add(Count::Judged, turn.verdict.is_some());
            self.add(Count::Right, turn.verdict == Some(Verdict::Right));
            let by = |agent: &crate::domain::PrincipalId| {
                facts.replies.iter().any(|reply| reply.by == *agent && reply.set == Some(turn.seq))
            };
            let Some(set) = turn.set.as_ref() else { continue };
            let is_theirs = filter.agent.as_ref().is_none_or(by);
            self.add(Count::SetsEligible, set.eligible);
            self.add(Count::SetsOffered, set.eligible && set.offered > 0);
            let was_theirs = |agent| is_theirs || set.seen_by.contains(agent);
            self.add(Count::SetsShown, set.shown && filter.agent.as_ref().is_none_or(was_theirs));
            self.add(Count::SetsUsed, is_theirs && set.used.is_some());
            self.add(Count::SetsSent, is_theirs && set.used.is_some() && set.sent);
            self.add(Count::SetsUnchanged, is_theirs && set.used.is_some() && set.edit == Some(0.0));
            self.add(Count::SetsDismissed, set.dismissed && set.used.is_none());
            if is_theirs && set.used.is_some() {
                self.edits += f64::from(set.edit.unwrap_or(0.0));
            }
        }
    }

    fn count_replies(&mut self, facts: &Facts, filter: &Filter) {
        for reply in facts.replies.iter().filter(|reply| filter.takes_reply(reply)) {
            self.add(Count::Replies, true);
            self.add(Count::Passive, reply.passive);
        }
    }

    fn count_waits(&mut self, facts: &Facts, filter: &Filter, hours: &Hours) {
        let (mut first_human, mut first_bot) = (true, true);
        for run in facts.runs.iter().filter(|run| filter.takes_run(run)) {
            let within = |most: i64| run.took.is_some_and(|took| took <= most * SECOND);
            if run.is_a_persons {
                if !hours.hours.as_ref().is_none_or(|open| open.contain(run.since, &hours.zone)) {
                    self.add(Count::HumanOffHours, true);
                    continue;
                }
                self.add(Count::HumanWaits, true);
                self.add(Count::Human20, within(20));
                self.add(Count::Human180, within(180));
                measure(run.took, &mut self.human, &mut self.human_first, &mut first_human);
            } else {
                self.add(Count::BotWaits, true);
                self.add(Count::Bot20, within(20));
                self.add(Count::Bot180, within(180));
                measure(run.took, &mut self.bot, &mut self.bot_first, &mut first_bot);
            }
        }
    }
}

fn measure(took: Option<i64>, all: &mut Times, firsts: &mut Times, is_first: &mut bool) {
    let Some(took) = took else { return };
    all.add(took);
    if std::mem::take(is_first) {
        firsts.add(took);
    }
}

fn left_out(why: Exclusion) -> Count {
    match why {
        Exclusion::Spam => Count::Spam,
        Exclusion::Test => Count::Test,
        Exclusion::AgentBegan => Count::AgentBegan,
    }
}

fn closed_by(by: By) -> Count {
    match by {
        By::Customer => Count::ClosedByCustomer,
        By::Agent => Count::ClosedByAgent,
        By::Bot => Count::ClosedByBot,
        By::Idle => Count::ClosedByIdle,
    }
}
