//! A report: the figures of a period, in all and cut by day, intent, agent …, and the episodes behind each of them.

use std::collections::BTreeMap;

use super::cabinet::Shelf;
use super::counts::{Figures, Hours};
use super::facts::Facts;
use super::filter::{Cut, Filter};
use super::lasting::Lasting;
use super::names::Count;
use crate::domain::{At, ConversationId, EpisodeId};

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

/// An episode that a figure counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: EpisodeId,
    /// Where.
    pub conversation: ConversationId,
    /// Its facts.
    pub facts: Facts,
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
        let mut all = Figures::default();
        let mut groups: Vec<BTreeMap<String, Figures>> = vec![BTreeMap::new(); cuts.len()];
        for facts in shelf.episodes().iter().filter(|facts| self.takes(facts)) {
            let whole = self.figures(shelf, facts, &self.filter);
            all.add_all(&whole);
            for (cut, groups) in cuts.iter().zip(&mut groups) {
                cut.names(facts, &self.hours.zone, |name| {
                    let group = match groups.get_mut(&*name) {
                        Some(group) => group,
                        None => groups.entry(name.clone().into_owned()).or_default(),
                    };
                    if cut.is_within() {
                        group.add_all(&self.figures(shelf, facts, &cut.only(&self.filter, &name)));
                    } else {
                        group.add_all(&whole);
                    }
                });
            }
        }
        let named = |(name, figures)| Group { name, figures };
        // Where everything is left out, there is nothing to tell.
        let counts = |group: &Group| group.figures.get(Count::Episodes) > 0;
        let groups = groups.into_iter().map(|groups| groups.into_iter().map(named).filter(counts).collect());
        Report { all, cuts: cuts.iter().copied().zip(groups).collect() }
    }

    /// The episodes that a count holds, the latest first: so many of them from a place on, and how many there are.
    #[must_use]
    pub fn list(&self, shelf: &Shelf, count: Count, (skip, most): (usize, usize)) -> (Vec<Listed>, usize) {
        let counted = |facts: &&Facts| self.figures(shelf, facts, &self.filter).get(count) > 0;
        let mut found: Vec<&Facts> =
            shelf.episodes().iter().filter(|facts| self.takes(facts)).filter(counted).collect();
        found.sort_by(|a, b| b.started.cmp(&a.started).then_with(|| b.id.cmp(&a.id)));
        let listed = |facts: &Facts| Listed {
            id: facts.id.clone(),
            conversation: facts.conversation.clone(),
            facts: facts.clone(),
        };
        (found.iter().skip(skip).take(most).map(|facts| listed(facts)).collect(), found.len())
    }
}
