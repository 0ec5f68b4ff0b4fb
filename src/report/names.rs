//! The names of what is counted, and of the rates that are made of it. The unit is the episode; turns, sets and runs are
//! named where they are meant.

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
