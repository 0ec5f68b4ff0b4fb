//! A shop's orders for the engine: its source, what webhooks told since, its own times, and who may see what.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{At, OrderNumber, OrderQuestion, OrdersFound, TurnInput};
use crate::engine::Orders;
use crate::orders::{OrderAsk, OrderDesk, OrderSource, ShopRules};
use crate::playbook::Playbook;
use crate::store::Store;

/// Looking an order up may take so long, in milliseconds; every turn is decided within 5 s.
const LOOK_UP_WITHIN: u64 = 2_500;

/// The orders of one shop.
pub struct ShopOrders {
    desk: OrderDesk,
    rules: ShopRules,
    store: Option<Store>,
}

impl ShopOrders {
    /// The orders of a source, told by the times that the shop's facts promise. `None` for a source: a shop without
    /// orders. `None` for a store: no news by webhook.
    #[must_use]
    pub fn new(source: Option<Arc<dyn OrderSource>>, playbook: &Playbook, store: Option<Store>) -> Self {
        let rules = ShopRules::new(playbook);
        Self { desk: OrderDesk::new(source, playbook.settings.time_zone.clone()), rules, store }
    }

    /// What webhooks told of the orders in question. A store that doesn't answer leaves the source's word.
    async fn updates(&self, input: &TurnInput, numbers: &[&OrderNumber]) -> Vec<(At, serde_json::Value)> {
        let Some(store) = &self.store else { return Vec::new() };
        let mut updates = Vec::new();
        for number in numbers {
            let rows = store.order_updates(&input.shop, number).await.unwrap_or_default();
            updates.extend(rows.into_iter().map(|row| (row.occurred_at, row.update)));
        }
        updates
    }
}

#[async_trait]
impl Orders for ShopOrders {
    async fn look_up(&self, question: &OrderQuestion, input: &TurnInput) -> OrdersFound {
        let state = &input.state;
        let named: Vec<&OrderNumber> =
            question.numbers.iter().chain(&question.proof_of).chain(&state.order).chain(&state.orders).collect();
        let updates = self.updates(input, &named).await;
        let ask = OrderAsk {
            customer: &input.customer,
            bound: &state.orders,
            numbers: &question.numbers,
            last_four: question.last_four.as_deref(),
            proof_of: question.proof_of.as_ref(),
            current: state.order.as_ref(),
            failed_proofs: state.failed_proofs,
            updates: &updates,
            deadline_ms: LOOK_UP_WITHIN,
        };
        self.desk.look_up(ask, &self.rules, input.now).await
    }
}
