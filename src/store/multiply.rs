//! For measuring: a store that holds many times what happened in it.

use super::Store;
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::ShopId;

/// The tables that are copied, with what the copy's columns are. `$1` begins the copies' ids, `$2` is how much earlier they
/// happened, in milliseconds. Ids of the service's own making begin with a digit, copies with a letter behind all of these: a
/// range of the keys, so that a copy costs the same however many there are.
const COPIES: [&str; 6] = [
    "INSERT INTO customer (shop, id, name, phone, email, verified, created_at, updated_at) SELECT shop, $1 || id, name, \
     phone, email, verified, created_at - $2, updated_at - $2 FROM customer WHERE shop = $3 AND id < 'a'",
    "INSERT INTO conversation (shop, id, channel, external_id, customer, customer_external, customer_said, phase, state, \
     epoch, episode, turn_seq, outbox_seq, waiting_words, urgency, created_at, updated_at) SELECT shop, $1 || id, \
     channel, $1 || external_id, $1 || customer, customer_external, customer_said, 'closed', state, epoch, $1 || episode, \
     turn_seq, outbox_seq, waiting_words, urgency, created_at - $2, updated_at - $2 FROM conversation \
     WHERE shop = $3 AND id < 'a'",
    "INSERT INTO episode (shop, id, conversation, started_at, closed_at, closed_by) SELECT shop, $1 || id, \
     $1 || conversation, started_at - $2, closed_at - $2, closed_by FROM episode WHERE shop = $3 AND id < 'a'",
    "INSERT INTO turn (shop, id, conversation, seq, episode, decided_at, act, rung, playbook, body) SELECT shop, \
     $1 || id, $1 || conversation, seq, $1 || episode, decided_at - $2, act, rung, playbook, body FROM turn \
     WHERE shop = $3 AND id < 'a'",
    "INSERT INTO inbound (shop, channel, kind, external_id, id, conversation, turn, body, received_at, sent_at) SELECT \
     shop, channel, kind, $1 || external_id, $1 || id, $1 || conversation, $1 || turn, body, received_at - $2, \
     sent_at - $2 FROM inbound WHERE id < 'a' AND shop = $3",
    "INSERT INTO event (shop, conversation, episode, at, type, body) SELECT shop, $1 || conversation, $1 || episode, \
     at - $2, type, {{earlier by $2}} FROM event WHERE conversation < 'a' AND shop = $3 \
     ORDER BY seq",
];

struct Copy {
    shop: ShopId,
    prefix: String,
    earlier: i64,
}

impl Write for Copy {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        for sql in COPIES {
            link.execute(sql, &[(&self.prefix).into(), self.earlier.into(), (&self.shop).into()]).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Copies all that happened in a shop, so many milliseconds earlier, under ids that begin with `name.`, a word:
    /// customers, conversations, episodes, turns, messages and events. For `xiaoer bench`, on a store of its own.
    pub async fn copy_all(&self, shop: &ShopId, name: &str, earlier: i64) -> Result<(), StoreError> {
        self.write(Copy { shop: shop.clone(), prefix: format!("{name}."), earlier }).await
    }
}
