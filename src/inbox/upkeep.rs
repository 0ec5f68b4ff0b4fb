//! Chats that people leave lying: whose holder is gone or silent, which nobody takes, in which a promise is due.

use super::Inbox;
use crate::domain::{At, MINUTE, PrincipalId, SECOND};
use crate::store::{ConversationRow, GONE_AFTER, OFFLINE, Presence, PromiseMove, SILENT, StoreError, Upkeep};

/// A promise's owner is reminded so long before it is due.
const REMIND_BEFORE: i64 = 5 * MINUTE;
/// A hand-off that nobody took for so long is urgent.
const ESCALATE_AFTER: i64 = 3 * MINUTE;
/// The shortest time after which a holder counts as silent, whatever a shop says.
const SHORTEST: i64 = 10 * SECOND;

impl Inbox {
    pub(super) async fn look_after_the_left(&self) -> Result<(), StoreError> {
        self.return_the_unanswered().await?;
        self.return_the_left_behind().await?;
        self.escalate().await?;
        self.give_out().await?;
        self.tell_of_promises().await
    }

    /// A holder who lets the customer wait loses the chat; it waits for somebody else.
    async fn return_the_unanswered(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        for row in self.store.left_unanswered(now.plus(-SHORTEST)).await? {
            let Some(shop) = self.shops.get(&row.shop) else { continue };
            let patience = shop.engine().playbook.settings.reply_within.max(SHORTEST);
            let waited = row.state.unanswered_since.map_or(0, |since| now.since(since.max(self.began)));
            // Who just took it, or was given it, has the whole time.
            let held = row.state.held_since.map_or(waited, |since| now.since(since));
            if let Some(from) = row.state.holder.clone().filter(|_| waited.min(held) >= patience) {
                self.send_back(&row, from, now).await?;
            }
        }
        Ok(())
    }

    /// Who lets a customer wait so long isn't there: they get no new chats until they say otherwise.
    async fn send_back(&self, row: &ConversationRow, from: PrincipalId, now: At) -> Result<(), StoreError> {
        let silent = Upkeep::Return { from: from.clone(), why: SILENT };
        if self.store.keep_up(&row.shop, &row.id, silent, now).await? != Some(true) {
            return Ok(());
        }
        let presences = self.store.presences(now).await?;
        match presences.iter().any(|row| row.person == from && row.presence == Presence::Online) {
            true => self.store.set_presence(&from, Presence::Away, now).await,
            false => Ok(()),
        }
    }

    async fn return_the_left_behind(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        // After a restart the desks need a moment to come back.
        if now.since(self.began) < GONE_AFTER {
            return Ok(());
        }
        let presences = self.store.presences(now).await?;
        for row in self.store.left_behind(now.plus(-GONE_AFTER)).await? {
            let Some(from) = row.state.holder.clone() else { continue };
            // Taken after they were last at the desk: they work somewhere else, with a token or on the platform.
            let seen = presences.iter().find(|one| one.person == from).map(|one| one.seen_at.max(one.since));
            if row.state.held_since > seen {
                continue;
            }
            self.store.keep_up(&row.shop, &row.id, Upkeep::Return { from, why: OFFLINE }, now).await?;
        }
        Ok(())
    }

    async fn escalate(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        for (shop, id) in self.store.waiting_too_long(now.plus(-ESCALATE_AFTER)).await? {
            self.store.keep_up(&shop, &id, Upkeep::Escalate, now).await?;
        }
        Ok(())
    }

    async fn tell_of_promises(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        for promise in self.store.promises_to_tell(now.plus(REMIND_BEFORE), now).await? {
            let what = if promise.due <= now { PromiseMove::Overdue } else { PromiseMove::Reminded };
            self.store.move_promise(&promise.shop, &promise.id, what, now).await?;
        }
        Ok(())
    }
}
