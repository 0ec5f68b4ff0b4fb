//! A person takes a conversation: from then on nothing is sent by itself.

use super::Store;
use super::conversation::ConversationRow;
use super::episode::begin_by_person;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox;
use super::writer::Write;
use crate::domain::{At, ConversationId, Happening, Phase, PrincipalId, ShopId};

/// A takeover that is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The epoch that began.
    pub epoch: i64,
    /// Replies of the bot that nodes are sending at this moment. Until they have finished or lapsed
    /// ([`Store::sending_bot_rows`]) the takeover isn't to be answered.
    pub sending: i64,
}

/// Makes a person the holder: a new epoch, no queued replies of the bot, and the event. Doesn't save.
pub(super) async fn hold(
    link: &mut Link,
    conversation: &mut ConversationRow,
    by: &PrincipalId,
    at: At,
) -> Result<(), StoreError> {
    let before = (conversation.state.phase, conversation.state.holder.clone());
    begin_by_person(link, conversation, by, at).await?;
    conversation.hold(by, at)?;
    outbox::cancel_queued(link, conversation, "a person took the chat", at).await?;
    if before != (Phase::Agent, Some(by.clone())) {
        event::note(link, conversation.place(), at, Happening::Taken { by: by.clone() }).await?;
    }
    Ok(())
}

struct Take {
    shop: ShopId,
    conversation: ConversationId,
    by: PrincipalId,
    over: bool,
    at: At,
}

impl Write for Take {
    type Answer = Option<Result<Taken, PrincipalId>>;

    async fn run(&self, link: &mut Link) -> Result<Self::Answer, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        if let Some(holder) = conversation.state.holder.as_ref().filter(|holder| **holder != self.by && !self.over) {
            return Ok(Some(Err(holder.clone())));
        }
        hold(link, &mut conversation, &self.by, self.at).await?;
        conversation.save(link).await?;
        // Counted after the cancelling: a row that another node claimed meanwhile shows here.
        let sending = count_sending(link, &self.shop, &self.conversation, self.at).await?;
        Ok(Some(Ok(Taken { epoch: conversation.epoch, sending })))
    }
}

async fn count_sending(
    link: &mut Link,
    shop: &ShopId,
    conversation: &ConversationId,
    now: At,
) -> Result<i64, StoreError> {
    let row = link
        .row(
            "SELECT COUNT(*) AS n FROM outbox WHERE shop = $1 AND conversation = $2 AND state = 'sending' \
             AND author = 'bot' AND kind = 'reply' AND lease_until > $3",
            &[shop.into(), conversation.into(), now.into()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

impl Store {
    /// Gives a conversation to a person: the bot's queued replies are cancelled and what is decided just now comes to
    /// nothing. Where another person holds it, it says who, unless it is taken `over`. `None`: no such conversation.
    pub async fn take(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        by: &PrincipalId,
        over: bool,
        at: At,
    ) -> Result<Option<Result<Taken, PrincipalId>>, StoreError> {
        let take = Take { shop: shop.clone(), conversation: conversation.clone(), by: by.clone(), over, at };
        self.write(take).await
    }

    /// How many of the bot's replies nodes are sending, by leases that haven't lapsed. A caller that has taken the
    /// chat asks again until it is 0, or until it has waited long enough: a send that began before the takeover may
    /// take as long as its platform, but none begins after it.
    pub async fn sending_bot_rows(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        now: At,
    ) -> Result<i64, StoreError> {
        count_sending(&mut self.read().await?, shop, conversation, now).await
    }
}
