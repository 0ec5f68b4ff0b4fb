//! What is counted, and the rates that are made of it. The unit is the episode; turns, sets and runs are named where they
//! are meant.

use jiff::tz::TimeZone;

use super::facts::{By, Facts};
use super::filter::Filter;
use super::lasting::Fate;
use super::times::Times;
use crate::domain::{Exclusion, SECOND, Verdict};
use crate::playbook::hours::HumanHours;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// Something that is counted. Its episodes can be listed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Count { $($(#[$doc])* $name,)* }

        impl Count {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the API and in tables.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

counts! {
    /// Episodes that count.
    Episodes = "episodes";
    /// Left out: spam.
    Spam = "excluded_spam";
    /// Left out: the shop's own trying.
    Test = "excluded_test";
    /// Left out: begun by a person of the shop.
    AgentBegan = "excluded_agent_began";
    /// Not over, and no person had to come in: it can't be said yet.
    Open = "open";
    /// Over, or a person had to come in.
    Settled = "settled";
    /// At least one real answer of the bot's.
    Involved = "involved";
    /// Involved, nothing handed off, no words of the bot's lost, no person's reply, over.
    Contained = "contained";
    /// Contained, and the customer said that it is solved.
    Confirmed = "confirmed";
    /// Their window is over.
    Old = "old";
    /// Contained, and nothing came afterwards that shows it wasn't solved.
    Durable = "durable";
    /// The same, but that the customer may have come about something else.
    DurableSame = "durable_same";
    /// Contained or open, and its window isn't over.
    Pending = "pending";
    /// Handed off.
    HandedOff = "handed_off";
    /// Handed off, over, and no person replied.
    Left = "left";
    /// The bot had answered, and the same was asked again.
    Repeated = "repeated";
    /// Ended by the customer.
    ClosedByCustomer = "closed_by_customer";
    /// Ended by a person of the shop.
    ClosedByAgent = "closed_by_agent";
    /// Ended by the bot.
    ClosedByBot = "closed_by_bot";
    /// Ended because it was quiet; that confirms nothing.
    ClosedByIdle = "closed_by_idle";
    /// Lost by somebody who held it, or passed on more than once, or left without a reply, or what was known was asked again.
    BadHandOff = "bad_hand_off";
    /// About goods that have something wrong with them.
    Faults = "faults";
    /// Turns that needed an answer of the bot's.
    Needed = "turns_needing_answer";
    /// Of these, turns that it really answered.
    Answered = "turns_answered";
    /// Answers that somebody judged.
    Judged = "judged";
    /// Of these, the right ones.
    Right = "right";
    /// Turns that a person was to answer.
    SetsEligible = "sets_eligible";
    /// Of these, those with at least one suggestion.
    SetsOffered = "sets_offered";
    /// Sets that were on somebody's screen.
    SetsShown = "sets_shown";
    /// Sets of which one was used.
    SetsUsed = "sets_used";
    /// Used, and sent.
    SetsSent = "sets_sent";
    /// Used without a change.
    SetsUnchanged = "sets_unchanged";
    /// Waved away.
    SetsDismissed = "sets_dismissed";
    /// Replies of people.
    Replies = "replies";
    /// Of these, typed by hand though a script says the same.
    Passive = "replies_passive";
    /// Waits that a person ended, or never ended while people were to answer; within human hours.
    HumanWaits = "human_waits";
    /// Of these, answered within 20 s.
    Human20 = "human_within_20s";
    /// Of these, answered within 180 s.
    Human180 = "human_within_180s";
    /// Waits for a person outside human hours; in no rate.
    HumanOffHours = "human_off_hours";
    /// Waits that the bot ended, or never ended while the bot was to answer.
    BotWaits = "bot_waits";
    /// Of these, answered within 20 s.
    Bot20 = "bot_within_20s";
    /// Of these, answered within 180 s.
    Bot180 = "bot_within_180s";
    /// Ratings.
    Rated = "rated";
    /// Of these, 1 or 2.
    RatedLow = "rated_low";
    /// Promises given.
    PromisesMade = "promises_made";
    /// Promises kept.
    PromisesKept = "promises_kept";
    /// Promises whose time ran out.
    PromisesOverdue = "promises_overdue";
}

macro_rules! rates {
    ($($(#[$doc:meta])* $name:ident = $key:literal: $of:ident / $all:ident;)*) => {
        /// A rate: a count over another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rate { $($(#[$doc])* $name,)* }

        impl Rate {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the API and in tables.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// Numerator and denominator.
            #[must_use]
            pub fn counts(self) -> (Count, Count) {
                match self { $(Self::$name => (Count::$of, Count::$all),)* }
            }
        }
    };
}

rates! {
    /// The bot resolution rate: contained, and it lasted; of the episodes whose window is over.
    Durable = "durable": Durable / Old;
    /// The same, if the customer may come about something else.
    DurableSame = "durable_same": DurableSame / Old;
    /// With a real answer of the bot's.
    Involved = "involved": Involved / Episodes;
    /// The bot alone, and over.
    Contained = "contained": Contained / Settled;
    /// Contained, and the customer said so.
    Confirmed = "confirmed": Confirmed / Settled;
    /// 机器人回复率: turns answered of turns that needed it.
    Reply = "reply": Answered / Needed;
    /// Handed off.
    HandOff = "hand_off": HandedOff / Episodes;
    /// Of those handed off: nobody replied before it was over.
    Left = "left": Left / HandedOff;
    /// Of those handed off: bounced, left alone, or said twice.
    BadHandOff = "bad_hand_off": BadHandOff / HandedOff;
    /// Asked again after an answer.
    Repeated = "repeated": Repeated / Involved;
    /// Of a sample that people read.
    Right = "right": Right / Judged;
    /// Of the sets that were seen: used.
    Acceptance = "acceptance": SetsUsed / SetsShown;
    /// Of the sets that were used: as they were.
    Unchanged = "unchanged": SetsUnchanged / SetsUsed;
    /// Answered by a person within 20 s, in human hours.
    Human20 = "human_20s": Human20 / HumanWaits;
    /// 3分钟响应率: within 180 s.
    Human180 = "human_180s": Human180 / HumanWaits;
    /// Answered by the bot within 20 s.
    Bot20 = "bot_20s": Bot20 / BotWaits;
    /// Within 180 s.
    Bot180 = "bot_180s": Bot180 / BotWaits;
    /// 故障率: about goods that have something wrong with them.
    Faults = "faults": Faults / Episodes;
    /// Promises kept of promises given.
    PromisesKept = "promises_kept": PromisesKept / PromisesMade;
    /// Ratings of 1 and 2.
    RatedLow = "rated_low": RatedLow / Rated;
}

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
