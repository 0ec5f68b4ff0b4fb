//! What a shop promises about an order: its facts, those of the campaign it was paid in, those of what was bought.

use crate::domain::{At, Order};
use crate::playbook::Playbook;
use crate::playbook::facts::Facts;
use crate::playbook::product::Products;

use super::SummaryRules;

/// What a shop promises about an order.
pub trait Rules: Send + Sync {
    /// The times that hold for this order.
    fn of(&self, order: &Order) -> SummaryRules;
}

impl Rules for SummaryRules {
    fn of(&self, _: &Order) -> SummaryRules {
        *self
    }
}

/// The times in a playbook's facts.
#[derive(Clone, Debug)]
pub struct ShopRules {
    usual: Facts,
    campaigns: Vec<(At, At, Facts)>,
    products: Products,
}

impl ShopRules {
    /// Reads the facts of a playbook, its campaigns and its products.
    #[must_use]
    pub fn new(playbook: &Playbook) -> Self {
        let campaigns = playbook.campaigns.iter().enumerate();
        let campaigns = campaigns.map(|(n, campaign)| (campaign.from, campaign.to, playbook.during(&[n]).facts));
        let mut products = playbook.products.clone();
        products.retain(|_, product| !product.facts.is_empty());
        Self { usual: playbook.facts.clone(), campaigns: campaigns.collect(), products }
    }

    /// What the shop said when the order was paid; a later campaign takes nothing back.
    fn facts_for(&self, order: &Order) -> &Facts {
        let Some(at) = order.paid_at.or(order.placed_at) else { return &self.usual };
        let then = self.campaigns.iter().rev().find(|(from, to, _)| *from <= at && at < *to);
        then.map_or(&self.usual, |(_, _, facts)| facts)
    }
}

impl Rules for ShopRules {
    fn of(&self, order: &Order) -> SummaryRules {
        let facts = self.facts_for(order);
        // Several things leave together: the slowest decides.
        let own = order.items.iter().filter_map(|item| {
            let product = self.products.get(item.product.as_ref()?)?;
            product.facts.millis("ship_within")
        });
        let usual = SummaryRules::default();
        SummaryRules {
            ship_within_ms: own.max().or_else(|| facts.millis("ship_within")),
            stuck_after_ms: facts.millis("stuck_after").unwrap_or(usual.stuck_after_ms),
            refund_within_ms: facts.millis("refund_within"),
        }
    }
}
