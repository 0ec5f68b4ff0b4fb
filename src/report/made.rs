//! A report: the figures of a period, in all and cut by day, intent, agent …, and the episodes behind each of them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use super::cabinet::Shelf;
use super::counts::{Figures, Hours};
use super::facts::Facts;
use super::filter::{Cut, Filter};
use super::lasting::Lasting;
use super::names::Count;
use crate::domain::At;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The first instant: an episode counts where it began.
    pub from: At,
    /// The instant after the last.
    pub to: At,
    /// Which episodes, and what of them.
    pub filter: Filter,
    /// How long an answer has to last.
    pub lasting: Lasting,
    /// When people are there, and in which zone days are told apart.
    pub hours: Hours,
}

/// The figures of a period.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In all.
    pub all: Figures,
    /// Cut, in the order asked for; the groups of each in the order of their names.
    pub cuts: Vec<(Cut, Vec<Group>)>,
}

/// One group of a cut.
#[derive(Clone, Debug)]
pub struct Group {
    /// A day, an intent's id …
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// Of each cut, the figures by the group's name.
type Groups = Vec<BTreeMap<String, Figures>>;
/// Fewer episodes are not worth a thread of their own.
const AT_LEAST: usize = 5_000;

fn added(mut one: (Figures, Groups), other: (Figures, Groups)) -> (Figures, Groups) {
    one.0.add_all(&other.0);
    for (groups, more) in one.1.iter_mut().zip(other.1) {
        for (name, figures) in more {
            groups.entry(name).or_default().add_all(&figures);
        }
    }
    one
}

impl Wanted {
    /// Whether an episode is one of those asked for.
    #[must_use]
    pub fn takes(&self, facts: &Facts) -> bool {
        facts.started >= self.from && facts.started < self.to && self.filter.admits(facts, &self.hours.zone)
    }

    fn figures(&self, shelf: &Shelf, facts: &Facts, filter: &Filter) -> Figures {
        let mut figures = Figures::default();
        figures.count(facts, shelf.fate(facts, self.lasting), filter, &self.hours);
        figures
    }

    /// Makes it. Takes as long as there are episodes: not for a thread that answers customers.
    #[must_use]
    pub fn report(&self, shelf: &Shelf, cuts: &[Cut]) -> Report {
        let episodes = shelf.episodes();
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = episodes.len().div_ceil(workers).max(AT_LEAST);
        let (all, mut groups) = std::thread::scope(|scope| {
            let started: Vec<_> =
                episodes.chunks(share).map(|some| scope.spawn(move || self.count(shelf, some, cuts))).collect();
            let mut parts =
                started.into_iter().map(|worker| worker.join().unwrap_or_else(|broken| resume_unwind(broken)));
            let first = parts.next().unwrap_or_else(|| (Figures::default(), Groups::new()));
            parts.fold(first, added)
        });
        groups.resize_with(cuts.len(), BTreeMap::new);
        let named = |(name, figures)| Group { name, figures };
        // Where everything is left out, there is nothing to tell.
        let counts = |group: &Group| group.figures.get(Count::Episodes) > 0;
        let groups = groups.into_iter().map(|groups| groups.into_iter().map(named).filter(counts).collect());
        Report { all, cuts: cuts.iter().copied().zip(groups).collect() }
    }

    /// What some of the episodes come to: in all, and by the groups of each cut.
    fn count(&self, shelf: &Shelf, episodes: &[Facts], cuts: &[Cut]) -> (Figures, Groups) {
        let mut all = Figures::default();
        let mut groups: Groups = vec![BTreeMap::new(); cuts.len()];
        for facts in episodes.iter().filter(|facts| self.takes(facts)) {
            let fate = shelf.fate(facts, self.lasting);
            if cuts.is_empty() {
                all.count(facts, fate, &self.filter, &self.hours);
                continue;
            }
            let mut whole = Figures::default();
            whole.count(facts, fate, &self.filter, &self.hours);
            all.add_all(&whole);
            let here = facts.started.timestamp().to_zoned(self.hours.zone.clone());
            for (cut, groups) in cuts.iter().zip(&mut groups) {
                cut.names(facts, &here, |name| {
                    let group = match groups.get_mut(&*name) {
                        Some(group) => group,
                        None => groups.entry(name.clone().into_owned()).or_default(),
                    };
                    if cut.is_within() {
                        group.count(facts, fate, &cut.only(&self.filter, &name), &self.hours);
                    } else {
                        group.add_all(&whole);
                    }
                });
            }
        }
        (all, groups)
    }

    /// The episodes that a count holds, the latest first: so many of them from a place on, and how many there are.
    #[must_use]
    pub fn list(&self, shelf: &Shelf, count: Count, (skip, most): (usize, usize)) -> (Vec<Facts>, usize) {
        let counted = |facts: &&Facts| self.figures(shelf, facts, &self.filter).get(count) > 0;
        let mut found: Vec<&Facts> =
            shelf.episodes().iter().filter(|facts| self.takes(facts)).filter(counted).collect();
        found.sort_by(|a, b| b.started.cmp(&a.started).then_with(|| b.id.cmp(&a.id)));
        (found.iter().skip(skip).take(most).map(|facts| (*facts).clone()).collect(), found.len())
    }
}
