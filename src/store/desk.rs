//! What people do with a conversation besides taking it: give it back, pass it on, reply, close; and what is said
//! while nobody has taken it.

use super::Store;
use super::commit::Committed;
use super::conversation::ConversationRow;
use super::episode::begin_by_person;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox::{self, NewReply};
use super::writer::Write;
use crate::domain::{At, ConversationId, Event, Happening, Phase, PrincipalId, QueueName, ShopId};

/// To whom a conversation is passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A person holds it at once.
    Person(PrincipalId),
    /// It waits in a queue.
    Queue(QueueName),
}

/// The end of an episode.
#[derive(Clone, Debug)]
pub struct Close {
    /// Whose.
    pub shop: ShopId,
    /// Which.
    pub conversation: ConversationId,
    /// customer, agent, bot or idle.
    pub by: String,
    /// In the agent's words.
    pub reason: Option<String>,
    /// Said at the end; what the bot had queued before isn't said any more.
    pub last_words: Vec<NewReply>,
    /// The only person from whom it is taken; `None`: from whoever holds it.
    pub only_from: Option<PrincipalId>,
    /// When.
    pub at: At,
}

/// What became of a person's reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It goes out after what was queued before it.
    Done,
    /// The same key was queued before; nothing changed.
    Already,
    /// That person doesn't hold the conversation; nothing was queued.
    NotHolder,
}

enum Move {
    Release { by: PrincipalId },
    Transfer { by: PrincipalId, to: Destination, note: String },
}

struct Moved {
    shop: ShopId,
    conversation: ConversationId,
    at: At,
    what: Move,
    only_from: Option<PrincipalId>,
}

/// Refuses where another person holds it.
fn must_be_theirs(conversation: &ConversationRow, only_from: Option<&PrincipalId>) -> Result<(), StoreError> {
    match (&conversation.state.holder, only_from) {
        (Some(holder), Some(from)) if holder != from => Err(StoreError::Held(holder.clone())),
        _ => Ok(()),
    }
}

impl Write for Moved {
    type Answer = Option<()>;

    async fn run(&self, link: &mut Link) -> Result<Option<()>, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        must_be_theirs(&conversation, self.only_from.as_ref())?;
        match &self.what {
            Move::Release { by } => release(link, &mut conversation, by, self.at).await?,
            Move::Transfer { by, to, note } => {
                let name = match to {
                    Destination::Person(person) => {
                        begin_by_person(link, &mut conversation, by, self.at).await?;
                        conversation.hold(person, self.at)?;
                        outbox::cancel_queued(link, &conversation, "a person took the chat", self.at).await?;
                        person.to_string()
                    }
                    Destination::Queue(queue) => {
                        conversation.go(Phase::Waiting, self.at)?;
                        conversation.begin_epoch();
                        conversation.queue = Some(queue.clone());
                        queue.to_string()
                    }
                };
                let happening = Happening::Transferred { by: by.clone(), to: name, note: note.clone() };
                event::note(link, conversation.place(), self.at, happening).await?;
            }
        }
        conversation.save(link).await?;
        Ok(Some(()))
    }
}

/// Gives a conversation back to the bot. Doesn't save.
pub(super) async fn release(
    link: &mut Link,
    conversation: &mut ConversationRow,
    by: &PrincipalId,
    at: At,
) -> Result<(), StoreError> {
    if conversation.state.phase == Phase::Closed {
        // Only a customer's message or a person opens it again.
        return Err(StoreError::IllegalMove { from: Phase::Closed, to: Phase::Bot });
    }
    if conversation.state.phase != Phase::Bot {
        conversation.go(Phase::Bot, at)?;
        conversation.state.was_held = false;
        conversation.state.unanswered_since = None;
        conversation.begin_epoch();
        event::note(link, conversation.place(), at, Happening::Released { by: by.clone() }).await?;
    }
    Ok(())
}

/// Ends the episode. Doesn't save.
pub(super) async fn close(
    link: &mut Link,
    conversation: &mut ConversationRow,
    by: &str,
    reason: Option<&str>,
    at: At,
) -> Result<(), StoreError> {
    if conversation.state.phase == Phase::Closed {
        return Err(StoreError::IllegalMove { from: Phase::Closed, to: Phase::Closed });
    }
    conversation.go(Phase::Closed, at)?;
    conversation.state.unanswered_since = None;
    conversation.begin_epoch();
    link.execute(
        "UPDATE episode SET closed_at = $3, closed_by = $4 WHERE shop = $1 AND id = $2",
        &[(&conversation.shop).into(), (&conversation.episode).into(), at.into(), by.into()],
    )
    .await?;
    let closed = Happening::Closed { by: by.to_owned(), reason: reason.map(str::to_owned) };
    event::note(link, conversation.place(), at, closed).await
}

impl Write for Close {
    type Answer = Option<()>;

    async fn run(&self, link: &mut Link) -> Result<Option<()>, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        must_be_theirs(&conversation, self.only_from.as_ref())?;
        close(link, &mut conversation, &self.by, self.reason.as_deref(), self.at).await?;
        outbox::queue(link, &mut conversation, &self.last_words, self.at).await?;
        conversation.save(link).await?;
        Ok(Some(()))
    }
}

struct AgentReply {
    shop: ShopId,
    conversation: ConversationId,
    by: PrincipalId,
    reply: NewReply,
    /// It asks the customer something.
    asks: bool,
    event: Event,
}

impl Write for AgentReply {
    type Answer = Option<Queued>;

    async fn run(&self, link: &mut Link) -> Result<Option<Queued>, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        let same = link.row("SELECT key FROM outbox WHERE key = $1", &[(&self.reply.key).into()]).await?;
        if same.is_some() {
            return Ok(Some(Queued::Already));
        }
        if conversation.state.phase != Phase::Agent || conversation.state.holder.as_ref() != Some(&self.by) {
            return Ok(Some(Queued::NotHolder));
        }
        outbox::queue(link, &mut conversation, std::slice::from_ref(&self.reply), self.event.at).await?;
        event::append(link, conversation.place(), &self.event).await?;
        conversation.state.person_asked = self.asks;
        conversation.state.answer(self.event.at);
        conversation.updated_at = self.event.at;
        conversation.save(link).await?;
        Ok(Some(Queued::Done))
    }
}

struct WaitingWords {
    shop: ShopId,
    conversation: ConversationId,
    words: u8,
    replies: Vec<NewReply>,
    at: At,
}

impl Write for WaitingWords {
    type Answer = Committed;

    async fn run(&self, link: &mut Link) -> Result<Committed, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(Committed::Stale);
        };
        let state = &mut conversation.state;
        if state.phase != Phase::Waiting || state.waiting_words >= self.words {
            return Ok(Committed::Stale);
        }
        state.waiting_words = self.words;
        outbox::queue(link, &mut conversation, &self.replies, self.at).await?;
        conversation.save(link).await?;
        Ok(Committed::Done)
    }
}

impl Store {
    /// Gives a conversation back to the bot; one that the bot has stays as it is. With `only_from` another person's is
    /// [`StoreError::Held`], here and below. `None`: no such conversation.
    pub async fn release(
        &self,
        (shop, conversation): (&ShopId, &ConversationId),
        by: &PrincipalId,
        only_from: Option<&PrincipalId>,
        at: At,
    ) -> Result<Option<()>, StoreError> {
        let what = Move::Release { by: by.clone() };
        let (shop, conversation, only_from) = (shop.clone(), conversation.clone(), only_from.cloned());
        self.write(Moved { shop, conversation, at, what, only_from }).await
    }

    /// Passes a conversation on with a note. `None`: no such conversation.
    pub async fn transfer(
        &self,
        (shop, conversation): (&ShopId, &ConversationId),
        by: &PrincipalId,
        only_from: Option<&PrincipalId>,
        (to, note): (Destination, &str),
        at: At,
    ) -> Result<Option<()>, StoreError> {
        let what = Move::Transfer { by: by.clone(), to, note: note.to_owned() };
        let (shop, conversation, only_from) = (shop.clone(), conversation.clone(), only_from.cloned());
        self.write(Moved { shop, conversation, at, what, only_from }).await
    }

    /// Ends an episode; a closed one is an illegal move. `None`: no such conversation.
    pub async fn close_conversation(&self, close: Close) -> Result<Option<()>, StoreError> {
        self.write(close).await
    }

    /// Queues a person's reply together with the event that tells of it. `asks`: it asks the customer something.
    /// `None`: no such conversation.
    pub async fn queue_agent_reply(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        by: &PrincipalId,
        reply: NewReply,
        asks: bool,
        event: Event,
    ) -> Result<Option<Queued>, StoreError> {
        let (shop, conversation, by) = (shop.clone(), conversation.clone(), by.clone());
        self.write(AgentReply { shop, conversation, by, reply, asks, event }).await
    }

    /// Queues the words said to one who waits, and remembers that they were: `words` is 1 after 60 s, 2 after 180 s.
    /// Stale if a person came, or these words were said before.
    pub async fn waiting_words_said(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        words: u8,
        replies: Vec<NewReply>,
        at: At,
    ) -> Result<Committed, StoreError> {
        let (shop, conversation) = (shop.clone(), conversation.clone());
        self.write(WaitingWords { shop, conversation, words, replies, at }).await
    }
}
