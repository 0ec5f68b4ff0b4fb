//! What can be said of an episode by its facts alone, whatever the day of asking.

use super::facts::{Facts, TurnFacts};
use crate::domain::{At, Exclusion, IntentId, PlaybookHash, PrincipalId, ProductId};

impl Facts {
    /// Why it counts in no rate.
    #[must_use]
    pub fn excluded(&self) -> Option<Exclusion> {
        match self.judged {
            Some(said) => said,
            None if self.begun_by.is_some() => Some(Exclusion::AgentBegan),
            None if self.is_spam() => Some(Exclusion::Spam),
            None if self.is_test() => Some(Exclusion::Test),
            None => None,
        }
    }

    fn is_spam(&self) -> bool {
        !self.turns.is_empty() && self.turns.iter().all(|turn| turn.spam)
    }

    fn is_test(&self) -> bool {
        self.channel.as_str() == crate::shops::TRY_CHANNEL
    }

    /// Gives back what no list needs: many of these are in memory.
    pub(super) fn shrink(&mut self) {
        self.contacts.shrink_to_fit();
        self.turns.shrink_to_fit();
        self.runs.shrink_to_fit();
        self.hand_offs.shrink_to_fit();
        self.replies.shrink_to_fit();
        for turn in &mut self.turns {
            turn.intents.shrink_to_fit();
            turn.scripts.shrink_to_fit();
        }
    }

    /// When it was over, or when the customer last wrote.
    #[must_use]
    pub fn end(&self) -> At {
        self.closed.map_or_else(|| self.last_contact(), |(at, _)| at)
    }

    /// When the customer last wrote.
    #[must_use]
    pub fn last_contact(&self) -> At {
        self.contacts.last().copied().unwrap_or(self.started)
    }

    /// At least one real answer of the bot's.
    #[must_use]
    pub fn is_involved(&self) -> bool {
        self.turns.iter().any(TurnFacts::is_answered)
    }

    /// A person had to come in: the bot gave it away, its words did not go out, or a person replied.
    #[must_use]
    pub fn is_a_persons(&self) -> bool {
        !self.hand_offs.is_empty() || !self.replies.is_empty() || self.undelivered > 0
    }

    /// The bot answered, nobody else had to, and it is over.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.is_involved() && !self.is_a_persons() && self.closed.is_some()
    }

    /// It can't be said yet how it goes: it isn't over, and no person had to come in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none() && !self.is_a_persons()
    }

    /// What it was about, each intent once.
    pub fn intents(&self) -> impl Iterator<Item = &IntentId> {
        each_once(self.turns.iter().flat_map(|turn| &turn.intents))
    }

    /// The products that it was about, each once.
    pub fn products(&self) -> impl Iterator<Item = &ProductId> {
        each_once(self.turns.iter().flat_map(|turn| &turn.products))
    }

    /// The scripts that were said in it, by the bot or by people, each once.
    pub fn scripts(&self) -> impl Iterator<Item = &IntentId> {
        let said = self.turns.iter().filter(|turn| turn.is_answered()).flat_map(|turn| &turn.scripts);
        each_once(said.chain(self.replies.iter().filter_map(|reply| reply.script.as_ref())))
    }

    /// The people who replied, each once.
    pub fn agents(&self) -> impl Iterator<Item = &PrincipalId> {
        each_once(self.replies.iter().map(|reply| &reply.by))
    }

    /// The playbook that decided a turn.
    #[must_use]
    pub fn version_of(&self, turn: &TurnFacts) -> Option<&PlaybookHash> {
        self.versions.get(usize::from(turn.version))
    }

    /// A question that the bot had answered was asked again, or its answer was complained of.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.asked_again().next().is_some()
    }

    /// The answered turns whose question was asked again, and the turns that did so.
    pub fn asked_again(&self) -> impl Iterator<Item = (&TurnFacts, &TurnFacts)> {
        self.turns.iter().enumerate().filter_map(|(index, again)| {
            let before = self.turns.get(..index)?.iter().rev();
            let is_same = |earlier: &&TurnFacts| {
                let about_the_same = again.intents.iter().any(|intent| earlier.intents.contains(intent));
                earlier.is_answered() && again.needs && (about_the_same || again.complains_of_the_answer())
            };
            let answered = before.clone().find(is_same)?;
            // A second parcel is another question.
            let about_another = again.order.is_some() && again.order != answered.order && answered.order.is_some();
            (!about_another || again.complains_of_the_answer()).then_some((answered, again))
        })
    }
}

fn each_once<'a, T: PartialEq + 'a>(all: impl Iterator<Item = &'a T>) -> impl Iterator<Item = &'a T> {
    let mut seen: smallvec::SmallVec<[&T; 8]> = smallvec::SmallVec::new();
    all.filter(move |one| {
        let is_new = !seen.contains(one);
        if is_new {
            seen.push(*one);
        }
        is_new
    })
}
