//! Whether what the bot did lasted: nothing came afterwards that shows it didn't.

use super::facts::Facts;
use crate::domain::{At, Exclusion, HOUR, IntentId, OrderNumber};

/// How long an answer has to last, and when that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// In milliseconds, from the end of the episode.
    pub window: i64,
    /// Now.
    pub now: At,
}

/// How long an answer has to last where nobody says otherwise, in hours.
pub const USUAL_HOURS: i64 = 72;

/// What became of an episode by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    /// Its window is over.
    pub(super) is_old: bool,
    /// No new contact, refund, complaint or low rating.
    pub(super) lasted: bool,
    /// The same, but that the customer may come about something else.
    pub(super) lasted_same: bool,
}

/// Low: the customer was not content.
const LOW: u8 = 2;
/// Coming with these shows that the first answer didn't hold, whatever it was about.
const COMPLAINTS: [&str; 2] = ["aftersale/complaint", "aftersale/bad_review"];

impl Lasting {
    /// 72 hours, asked at `now`.
    #[must_use]
    pub fn usual(now: At) -> Self {
        Self { window: USUAL_HOURS * HOUR, now }
    }

    /// `others`: the customer's other episodes. `refunded`: when money went back for an order.
    pub(super) fn fate<'f>(
        self,
        facts: &Facts,
        others: impl Iterator<Item = &'f Facts>,
        refunded: impl Fn(&OrderNumber) -> &'f [At],
    ) -> Fate {
        let until = facts.end().plus(self.window);
        // From the last word: who asks again elsewhere doesn't wait for the end of this chat.
        let after = facts.last_contact();
        let is_within = |at: &At| *at > after && *at <= until;
        let is_since = |at: &At| *at >= facts.started && *at <= until;
        let mut fate = Fate { is_old: until <= self.now, lasted: true, lasted_same: true };
        let mut went_wrong = facts.refunds.iter().any(is_since)
            || facts.orders.iter().any(|order| refunded(order).iter().any(is_since))
            || facts.ratings.iter().any(|(at, rating)| *rating <= LOW && is_since(at));
        for other in others {
            went_wrong |= other.refunds.iter().any(is_since)
                || other.ratings.iter().any(|(at, rating)| *rating <= LOW && is_within(at))
                || other.orders.iter().any(|order| refunded(order).iter().any(is_since));
            let counts = !matches!(other.excluded(), Some(Exclusion::Spam | Exclusion::Test));
            if counts && other.contacts.iter().any(is_within) {
                fate.lasted = false;
                fate.lasted_same &= !is_same(facts, other) && !complains(other);
            }
        }
        fate.lasted &= !went_wrong;
        fate.lasted_same &= !went_wrong;
        fate
    }
}

/// Whether another episode is about the same order or area. One that nobody understood is taken for the same.
fn is_same(facts: &Facts, other: &Facts) -> bool {
    let is_unclear = other.intents().next().is_none() && other.turns.iter().any(|turn| turn.needs);
    is_unclear
        || other.orders.iter().any(|order| facts.orders.contains(order))
        || other.intents().any(|intent| facts.intents().map(IntentId::area).any(|area| area == intent.area()))
}

fn complains(other: &Facts) -> bool {
    other.intents().any(|intent| COMPLAINTS.contains(&intent.as_str()))
}
