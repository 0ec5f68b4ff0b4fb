//! What was promised to customers: made, kept, passed on, dropped, overdue. Each change is an event too.

use super::Store;
use super::conversation::ConversationRow;
use super::error::StoreError;
use super::event::{self, Place};
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{
    At, ConversationId, Customer, EpisodeId, Event, Happening, PrincipalId, PromiseId, ShopId, Urgency,
};

/// A promise with whom it was given to.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseRow {
    /// Whose customer.
    pub shop: ShopId,
    /// Ours.
    pub id: PromiseId,
    /// Where it was given.
    pub conversation: ConversationId,
    /// To whom.
    pub customer: Customer,
    /// What, in the words said.
    pub what: String,
    /// By when.
    pub due: At,
    /// Who is to keep it; nobody yet for one made out of hours.
    pub owner: Option<PrincipalId>,
    /// What the owner is called.
    pub owner_name: Option<String>,
    /// open, kept or dropped.
    pub state: String,
    /// When it was given.
    pub made_at: At,
    /// When its time ran out, as far as that was noticed.
    pub overdue_at: Option<At>,
}

/// A promise that is given.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPromise {
    /// Ours.
    pub id: PromiseId,
    /// What, in the words said.
    pub what: String,
    /// By when.
    pub due: At,
    /// Who is to keep it.
    pub owner: Option<PrincipalId>,
    /// Who gave it: a person, or `bot`.
    pub by: String,
}

/// What becomes of a promise.
#[derive(Clone, Debug, PartialEq)]
pub enum PromiseMove {
    /// Done.
    Kept {
        /// Who says so.
        by: PrincipalId,
    },
    /// It won't be done.
    Dropped {
        /// Who says so.
        by: PrincipalId,
        /// Why.
        why: String,
    },
    /// Somebody else keeps it.
    Passed {
        /// By whom.
        by: PrincipalId,
        /// To whom.
        to: PrincipalId,
    },
    /// Its owner was reminded.
    Reminded,
    /// Its time is over: the chat is urgent.
    Overdue,
}

macro_rules! promise_sql {
    ($rest:literal) => {
        concat!(
            "SELECT m.shop, m.id, m.conversation, m.what, m.due, m.owner, m.state, m.made_at, m.overdue_at, \
             c.customer_said, (SELECT p.name FROM principal p WHERE p.id = m.owner) AS owner_name \
             FROM promise m JOIN conversation c ON c.shop = m.shop AND c.id = m.conversation ",
            $rest
        )
    };
}

impl PromiseRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            shop: row.id("shop")?,
            id: row.id("id")?,
            conversation: row.id("conversation")?,
            customer: row.json("customer_said")?,
            what: row.get("what")?,
            due: row.at("due")?,
            owner: row.maybe_id("owner")?,
            owner_name: row.get("owner_name")?,
            state: row.get("state")?,
            made_at: row.at("made_at")?,
            overdue_at: row.maybe_at("overdue_at")?,
        })
    }
}

/// Writes a promise down, with its event. The conversation must be locked.
pub(super) async fn make(
    link: &mut Link,
    conversation: &ConversationRow,
    promise: &NewPromise,
    at: At,
) -> Result<(), StoreError> {
    link.execute(
        "INSERT INTO promise (shop, id, conversation, what, due, owner, state, made_at, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)",
        &[
            (&conversation.shop).into(),
            (&promise.id).into(),
            (&conversation.id).into(),
            (&promise.what).into(),
            promise.due.into(),
            (&promise.owner).into(),
            at.into(),
            (&promise.by).into(),
        ],
    )
    .await?;
    let made = Happening::PromiseMade {
        promise: Some(promise.id.clone()),
        what: promise.what.clone(),
        due: promise.due,
        owner: promise.owner.clone(),
    };
    event::note(link, conversation.place(), at, made).await
}

/// The same, unless a promise of nobody's is open in the conversation.
pub(super) async fn make_once(
    link: &mut Link,
    conversation: &ConversationRow,
    promise: &NewPromise,
    at: At,
) -> Result<(), StoreError> {
    let sql =
        "SELECT id FROM promise WHERE shop = $1 AND conversation = $2 AND state = 'open' AND owner IS NULL LIMIT 1";
    match link.row(sql, &[(&conversation.shop).into(), (&conversation.id).into()]).await? {
        Some(_) => Ok(()),
        None => make(link, conversation, promise, at).await,
    }
}

struct Make {
    shop: ShopId,
    conversation: ConversationId,
    promise: NewPromise,
    at: At,
}

impl Write for Make {
    type Answer = Option<()>;

    async fn run(&self, link: &mut Link) -> Result<Option<()>, StoreError> {
        let Some(conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        make(link, &conversation, &self.promise, self.at).await.map(Some)
    }
}

struct Change {
    shop: ShopId,
    id: PromiseId,
    what: PromiseMove,
    at: At,
}

impl Write for Change {
    /// Whether it was open and is changed.
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let sql = promise_sql!("WHERE m.shop = $1 AND m.id = $2 AND m.state = 'open'");
        let Some(row) = link.row(sql, &[(&self.shop).into(), (&self.id).into()]).await? else { return Ok(false) };
        let promise = PromiseRow::read(&row)?;
        let keys = [(&self.shop).into(), (&self.id).into(), self.at.into()];
        let id = self.id.clone();
        let (sql, happening) = match &self.what {
            PromiseMove::Kept { by } => (
                "UPDATE promise SET state = 'kept', settled_at = $3 WHERE shop = $1 AND id = $2 AND state = 'open'",
                Happening::PromiseKept { promise: id, by: by.clone() },
            ),
            PromiseMove::Dropped { by, why } => (
                "UPDATE promise SET state = 'dropped', settled_at = $3 WHERE shop = $1 AND id = $2 AND state = 'open'",
                Happening::PromiseDropped { promise: id, by: by.clone(), why: why.clone() },
            ),
            PromiseMove::Passed { by, to } => {
                let sql = "UPDATE promise SET owner = $3 WHERE shop = $1 AND id = $2";
                link.execute(sql, &[(&self.shop).into(), (&self.id).into(), to.into()]).await?;
                let passed = Happening::PromisePassed { promise: id, by: by.clone(), to: to.clone() };
                return self.tell(link, &promise, passed).await;
            }
            PromiseMove::Reminded => (
                "UPDATE promise SET reminded_at = $3 WHERE shop = $1 AND id = $2 AND reminded_at IS NULL",
                Happening::PromiseReminded { promise: id },
            ),
            PromiseMove::Overdue => (
                "UPDATE promise SET overdue_at = $3, reminded_at = COALESCE(reminded_at, $3) WHERE shop = $1 AND id = $2 AND overdue_at IS NULL",
                Happening::PromiseOverdue { promise: id },
            ),
        };
        if link.execute(sql, &keys).await? == 0 {
            return Ok(false);
        }
        if self.what == PromiseMove::Overdue {
            self.escalate(link, &promise).await?;
        }
        self.tell(link, &promise, happening).await
    }
}

/// The episode in which it was given: the next one may have begun.
async fn episode_of(link: &mut Link, promise: &PromiseRow) -> Result<Option<EpisodeId>, StoreError> {
    let sql = "SELECT episode, body FROM event WHERE shop = $1 AND conversation = $2 AND type = 'promise_made'";
    for row in link.rows(sql, &[(&promise.shop).into(), (&promise.conversation).into()]).await? {
        let made: Event = row.json("body")?;
        if matches!(&made.what, Happening::PromiseMade { promise: Some(id), .. } if *id == promise.id) {
            return row.maybe_id("episode");
        }
    }
    Ok(None)
}

impl Change {
    async fn tell(&self, link: &mut Link, promise: &PromiseRow, what: Happening) -> Result<bool, StoreError> {
        let episode = episode_of(link, promise).await?;
        let place = Place { shop: &self.shop, conversation: Some(&promise.conversation), episode: episode.as_ref() };
        event::note(link, place, self.at, what).await?;
        Ok(true)
    }

    /// A chat in which a promise was broken is urgent, wherever it waits.
    async fn escalate(&self, link: &mut Link, promise: &PromiseRow) -> Result<(), StoreError> {
        let Some(mut row) = ConversationRow::lock(link, &self.shop, &promise.conversation).await? else {
            return Ok(());
        };
        row.urgency = Urgency::High;
        row.updated_at = self.at;
        row.save(link).await
    }
}

impl Store {
    /// Writes down what was promised in a conversation. `None`: no such conversation.
    pub async fn promise(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        promise: NewPromise,
        at: At,
    ) -> Result<Option<()>, StoreError> {
        self.write(Make { shop: shop.clone(), conversation: conversation.clone(), promise, at }).await
    }

    /// Changes an open promise; false if there is none such, or it was changed so before.
    pub async fn move_promise(
        &self,
        shop: &ShopId,
        id: &PromiseId,
        what: PromiseMove,
        at: At,
    ) -> Result<bool, StoreError> {
        self.write(Change { shop: shop.clone(), id: id.clone(), what, at }).await
    }

    /// One promise.
    pub async fn find_promise(&self, shop: &ShopId, id: &PromiseId) -> Result<Option<PromiseRow>, StoreError> {
        let sql = promise_sql!("WHERE m.shop = $1 AND m.id = $2");
        self.read().await?.row(sql, &[shop.into(), id.into()]).await?.map(|row| PromiseRow::read(&row)).transpose()
    }

    /// All promises of a shop that are open, the first due first.
    pub async fn open_promises(&self, shop: &ShopId) -> Result<Vec<PromiseRow>, StoreError> {
        let sql = promise_sql!("WHERE m.shop = $1 AND m.state = 'open' ORDER BY m.due LIMIT 1000");
        self.read().await?.rows(sql, &[shop.into()]).await?.iter().map(PromiseRow::read).collect()
    }

    /// A conversation's promises, the first due first.
    pub async fn promises_in(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
    ) -> Result<Vec<PromiseRow>, StoreError> {
        let sql = promise_sql!("WHERE m.shop = $1 AND m.conversation = $2 ORDER BY m.due");
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into()]).await?;
        rows.iter().map(PromiseRow::read).collect()
    }

    /// Open promises of any shop that are due before `soon` and of which nobody was reminded, or that are due before
    /// `now` and not marked as overdue; 200 at most.
    pub async fn promises_to_tell(&self, soon: At, now: At) -> Result<Vec<PromiseRow>, StoreError> {
        let sql = promise_sql!(
            "WHERE m.state = 'open' AND ((m.reminded_at IS NULL AND m.due <= $1) OR (m.overdue_at IS NULL \
             AND m.due <= $2)) ORDER BY m.due LIMIT 200"
        );
        self.read().await?.rows(sql, &[soon.into(), now.into()]).await?.iter().map(PromiseRow::read).collect()
    }
}
