//! Chats that wait go to whoever is online and holds the fewest, in shops that have it so.

use std::sync::PoisonError;

use super::Inbox;
use crate::desk::share_out::{AgentLoad, Waiting, share_out};
use crate::domain::{Phase, Role};
use crate::playbook::assignment::How;
use crate::shops::Shop;
use crate::store::{MemberRow, Presence, StoreError, Upkeep};

/// The longest waiting; the others wait for the next look.
const AT_ONCE: i64 = 200;

impl Inbox {
    pub(super) async fn give_out(&self) -> Result<(), StoreError> {
        for shop in self.shops.all() {
            let engine = shop.engine();
            let assignment = engine.playbook.settings.assignment;
            if assignment.how == How::Automatic {
                self.give_out_in(&shop, assignment.cap).await?;
            }
        }
        Ok(())
    }

    async fn give_out_in(&self, shop: &Shop, cap: usize) -> Result<(), StoreError> {
        let page = self.store.conversations(&shop.id, Some(Phase::Waiting), None, AT_ONCE).await?;
        let waiting = page.rows.into_iter().map(|row| Waiting {
            since: row.state.waiting_since.unwrap_or(row.updated_at),
            urgency: row.urgency,
            queue: row.queue,
            conversation: row.id,
            // Whoever held it gave it away, or left it.
            held_last_by: None,
        });
        let waiting: Vec<Waiting> = waiting.collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let now = self.clockwork.now();
        let agents = self.agents_of(shop).await?;
        for (conversation, to) in share_out(&waiting, &agents, cap) {
            let assign = Upkeep::Assign { to: to.clone() };
            if self.store.keep_up(&shop.id, &conversation, assign, now).await? == Some(true) {
                self.given.lock().unwrap_or_else(PoisonError::into_inner).insert(to, now);
            }
        }
        Ok(())
    }

    /// Agents and leads; managers take chats by hand.
    async fn agents_of(&self, shop: &Shop) -> Result<Vec<AgentLoad>, StoreError> {
        let presences = self.store.presences(self.clockwork.now()).await?;
        let held = self.store.held_chats().await?;
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let load = |member: MemberRow| {
            let agent = member.person.id;
            let is_online = presences.iter().any(|row| row.person == agent && row.presence == Presence::Online);
            let held = held.iter().find(|(holder, _)| *holder == agent).map_or(0, |(_, n)| *n);
            AgentLoad {
                is_online,
                held: usize::try_from(held).unwrap_or(usize::MAX),
                last_given: given.get(&agent).copied(),
                queues: Vec::new(),
                agent,
            }
        };
        let members = self.store.members(&shop.id).await?;
        let at_work = members.into_iter().filter(|member| matches!(member.role, Role::Agent | Role::Lead));
        Ok(at_work.filter(|member| !member.person.disabled).map(load).collect())
    }
}
