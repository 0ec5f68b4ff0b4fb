//! Which episodes are counted, and which of their turns, runs and replies: filters that combine.

use std::borrow::Cow;

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::facts::{Facts, PersonReply, Run, TurnFacts};
use crate::domain::{At, ChannelName, IntentId, PlaybookHash, PrincipalId, ProductId, Rung};
use crate::playbook::Playbook;
use crate::playbook::facts::Local;

/// What an episode has to have; of its turns, runs and replies, those count that have it too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Came through this channel.
    pub channel: Option<ChannelName>,
    /// Asked this.
    pub intent: Option<IntentId>,
    /// Was about this product.
    pub product: Option<ProductId>,
    /// Was answered with this script.
    pub script: Option<IntentId>,
    /// Was replied to by this person.
    pub agent: Option<PrincipalId>,
    /// Was decided by this playbook.
    pub version: Option<PlaybookHash>,
    /// Was handed off first on this rung.
    pub rung: Option<Rung>,
    /// Began in this hour of the day, 0 to 23, of the shop's zone.
    pub hour: Option<i8>,
    /// Began on this day of the week, 1 Monday to 7 Sunday, of the shop's zone.
    pub weekday: Option<i8>,
}

impl Filter {
    /// Whether an episode has all that is asked for.
    #[must_use]
    pub fn admits(&self, facts: &Facts, zone: &TimeZone) -> bool {
        let has = |wanted: Option<bool>| wanted.unwrap_or(true);
        has(self.channel.as_ref().map(|channel| facts.channel == *channel))
            && has(self.intent.as_ref().map(|intent| facts.intents().any(|id| id == intent)))
            && has(self.product.as_ref().map(|product| facts.products().any(|id| id == product)))
            && has(self.script.as_ref().map(|script| facts.scripts().any(|id| id == script)))
            && has(self.agent.as_ref().map(|agent| facts.agents().any(|id| id == agent)))
            && has(self.version.as_ref().map(|version| facts.versions.contains(version)))
            && has(self.rung.map(|rung| facts.hand_offs.first().is_some_and(|hand_off| hand_off.rung == rung)))
            && self.admits_time(facts.started, zone)
    }

    fn admits_time(&self, started: At, zone: &TimeZone) -> bool {
        if self.hour.is_none() && self.weekday.is_none() {
            return true;
        }
        let here = started.timestamp().to_zoned(zone.clone());
        self.hour.is_none_or(|hour| here.hour() == hour)
            && self.weekday.is_none_or(|day| here.weekday().to_monday_one_offset() == day)
    }

    pub(super) fn takes_turn(&self, facts: &Facts, turn: &TurnFacts) -> bool {
        self.intent.as_ref().is_none_or(|intent| turn.intents.contains(intent))
            && self.product.as_ref().is_none_or(|product| turn.products.contains(product))
            && self.version.as_ref().is_none_or(|version| facts.version_of(turn) == Some(version))
            && self.script.as_ref().is_none_or(|script| {
                turn.scripts.contains(script) || turn.set.as_ref().is_some_and(|set| set.used.as_ref() == Some(script))
            })
    }

    pub(super) fn takes_run(&self, run: &Run) -> bool {
        self.agent.as_ref().is_none_or(|agent| run.by.as_ref() == Some(agent))
    }

    pub(super) fn takes_reply(&self, reply: &PersonReply) -> bool {
        self.agent.as_ref().is_none_or(|agent| reply.by == *agent)
            && self.script.as_ref().is_none_or(|script| reply.script.as_ref() == Some(script))
    }
}

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cut {
    /// The day on which the episode began, `2026-11-11`, of the shop's zone.
    Day,
    /// The hour of the day in which it began, `00` to `23`.
    Hour,
    /// The day of the week and the hour, `1-00` (Monday) to `7-23`.
    WeekHour,
    /// The channel.
    Channel,
    /// Each intent that was understood.
    Intent,
    /// Each product in question.
    Product,
    /// Each script that was said.
    Script,
    /// Each person who replied.
    Agent,
    /// Each playbook that decided.
    Version,
    /// The rung of the first hand-off.
    Rung,
}

impl Cut {
    /// Every one.
    pub const ALL: &[Self] = &[
        Self::Day,
        Self::Hour,
        Self::WeekHour,
        Self::Channel,
        Self::Intent,
        Self::Product,
        Self::Script,
        Self::Agent,
        Self::Version,
        Self::Rung,
    ];

    /// The word in the API and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
            Self::WeekHour => "week_hour",
            Self::Channel => "channel",
            Self::Intent => "intent",
            Self::Product => "product",
            Self::Script => "script",
            Self::Agent => "agent",
            Self::Version => "version",
            Self::Rung => "rung",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cut| cut.key() == key)
    }

    /// Whether it parts what lies within an episode.
    pub(super) fn is_within(self) -> bool {
        matches!(self, Self::Intent | Self::Product | Self::Script | Self::Agent | Self::Version)
    }

    /// The groups that an episode belongs to.
    /// `here`: when it began, by the clock of the shop.
    pub(super) fn names<'f>(self, facts: &'f Facts, here: &Zoned, mut into: impl FnMut(Cow<'f, str>)) {
        match self {
            Self::Day => into(here.date().to_string().into()),
            Self::Hour => into(format!("{:02}", here.hour()).into()),
            Self::WeekHour => {
                into(format!("{}-{:02}", here.weekday().to_monday_one_offset(), here.hour()).into());
            }
            Self::Channel => into(facts.channel.as_str().into()),
            Self::Intent => facts.intents().for_each(|id| into(id.as_str().into())),
            Self::Product => facts.products().for_each(|id| into(id.as_str().into())),
            Self::Script => facts.scripts().for_each(|id| into(id.as_str().into())),
            Self::Agent => facts.agents().for_each(|id| into(id.as_str().into())),
            Self::Version => facts.versions.iter().for_each(|id| into(id.as_str().into())),
            Self::Rung => facts.hand_offs.first().into_iter().for_each(|one| into(one.rung.key().into())),
        }
    }

    /// What people call one of its groups, where the playbook says.
    #[must_use]
    pub fn title<'p>(self, name: &str, playbook: &'p Playbook) -> Option<&'p Local> {
        match self {
            Self::Intent | Self::Script => playbook.replies.get(&IntentId::from(name))?.title.as_ref(),
            Self::Product => playbook.products.get(&ProductId::from(name)).map(|product| &product.name),
            _ => None,
        }
    }

    /// The filter that leaves one group of those that `filter` leaves.
    pub(super) fn only(self, filter: &Filter, name: &str) -> Filter {
        let mut filter = filter.clone();
        match self {
            Self::Day => {}
            Self::Hour => filter.hour = name.parse().ok(),
            Self::WeekHour => {
                let (day, hour) = name.split_once('-').unwrap_or_default();
                (filter.weekday, filter.hour) = (day.parse().ok(), hour.parse().ok());
            }
            Self::Channel => filter.channel = Some(name.into()),
            Self::Intent => filter.intent = Some(name.into()),
            Self::Product => filter.product = Some(name.into()),
            Self::Script => filter.script = Some(name.into()),
            Self::Agent => filter.agent = Some(name.into()),
            Self::Version => filter.version = Some(name.into()),
            Self::Rung => filter.rung = Rung::ALL.iter().copied().find(|rung| rung.key() == name),
        }
        filter
    }
}
