//! What the desk, the API and the reports read.

use super::Store;
use super::conversation::{ConversationRow, conversation_sql};
use super::error::StoreError;
use super::link::Row;
use super::outbox::{ReplyRow, reply_sql};
use super::signal::SignalKind;
use crate::domain::{
    At, ChannelName, ConversationId, EpisodeId, ExternalId, MINUTE, Message, MessageId, OrderSummary, Phase, ShopId,
    Turn, TurnId,
};

/// A stretch of a shop's conversations.
#[derive(Clone, Debug)]
pub struct ConversationPage {
    /// In order.
    pub rows: Vec<ConversationRow>,
    /// Asks for the next stretch; `None` at the end.
    pub next: Option<String>,
}

/// A span from a customer's first message to the close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpisodeRow {
    /// Ours.
    pub id: EpisodeId,
    /// When it began.
    pub started_at: At,
    /// When it ended.
    pub closed_at: Option<At>,
    /// customer, agent, bot or idle.
    pub closed_by: Option<String>,
}

/// An event of a platform, as it was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalRow {
    /// Ours.
    pub id: MessageId,
    /// By the platform's clock.
    pub occurred_at: At,
    /// What happened.
    pub what: SignalKind,
}

/// The order key of the last row, and its id.
fn read_cursor(cursor: &str) -> Option<(i64, &str)> {
    let (key, id) = cursor.split_once('.')?;
    Some((key.parse().ok()?, id))
}

impl Store {
    /// A shop's conversations: of the waiting ones the longest waiting first, else the latest changed first.
    /// A cursor that isn't one of ours begins from the start.
    pub async fn conversations(
        &self,
        shop: &ShopId,
        phase: Option<Phase>,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<ConversationPage, StoreError> {
        let waiting = phase == Some(Phase::Waiting);
        let start = if waiting { (i64::MIN, "") } else { (i64::MAX, "") };
        let (key, id) = cursor.and_then(read_cursor).unwrap_or(start);
        let sql = if waiting {
            conversation_sql!(
                "WHERE c.shop = $1 AND c.phase = $2 AND (c.waiting_since, c.id) > ($3, $4) \
                 ORDER BY c.waiting_since, c.id LIMIT $5"
            )
        } else {
            conversation_sql!(
                "WHERE c.shop = $1 AND ($2 = '' OR c.phase = $2) AND (c.updated_at, c.id) < ($3, $4) \
                 ORDER BY c.updated_at DESC, c.id DESC LIMIT $5"
            )
        };
        let phase = phase.map_or("", Phase::key);
        let values = [shop.into(), phase.into(), key.into(), id.into(), limit.into()];
        let rows = self.read().await?.rows(sql, &values).await?;
        let rows = rows.iter().map(ConversationRow::read).collect::<Result<Vec<_>, _>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|n| n >= limit);
        let next = rows.last().filter(|_| full).map(|last| {
            let key = if waiting { last.state.waiting_since.unwrap_or_default() } else { last.updated_at };
            format!("{}.{}", key.0, last.id)
        });
        Ok(ConversationPage { rows, next })
    }

    /// A conversation by our id.
    pub async fn conversation(
        &self,
        shop: &ShopId,
        id: &ConversationId,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let sql = conversation_sql!("WHERE c.shop = $1 AND c.id = $2");
        self.read().await?.row(sql, &[shop.into(), id.into()]).await?.map(|row| ConversationRow::read(&row)).transpose()
    }

    /// A conversation by the platform's id.
    pub async fn conversation_by_external(
        &self,
        shop: &ShopId,
        channel: &ChannelName,
        external: &ExternalId,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let sql = conversation_sql!("WHERE c.shop = $1 AND c.channel = $2 AND c.external_id = $3");
        let row = self.read().await?.row(sql, &[shop.into(), channel.into(), external.into()]).await?;
        row.map(|row| ConversationRow::read(&row)).transpose()
    }

    /// Conversations of any shop to whom the next of the waiting words may be due: waiting for over 60 s, and not
    /// both said. The longest waiting first, 500 at most.
    pub async fn waiting_conversations(&self, now: At) -> Result<Vec<ConversationRow>, StoreError> {
        let sql = conversation_sql!(
            "WHERE c.phase = 'waiting' AND c.waiting_words < 2 AND c.waiting_since <= $1 \
             ORDER BY c.waiting_since LIMIT 500"
        );
        let rows = self.read().await?.rows(sql, &[now.plus(-MINUTE).into()]).await?;
        rows.iter().map(ConversationRow::read).collect()
    }

    /// A shop's conversations that the bot holds, with nothing undecided, unchanged since before `before`; the
    /// longest quiet first.
    pub async fn idle_conversations(
        &self,
        shop: &ShopId,
        before: At,
        limit: i64,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let sql = conversation_sql!(
            "WHERE c.shop = $1 AND c.phase = 'bot' AND c.updated_at < $2 AND c.due_at IS NULL \
             ORDER BY c.updated_at LIMIT $3"
        );
        let rows = self.read().await?.rows(sql, &[shop.into(), before.into(), limit.into()]).await?;
        rows.iter().map(ConversationRow::read).collect()
    }

    /// A conversation's messages in the order of their sending, and the turn that decided each.
    pub async fn messages(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
    ) -> Result<Vec<(Message, Option<TurnId>)>, StoreError> {
        let sql = "SELECT body, turn FROM inbound WHERE shop = $1 AND conversation = $2 AND kind = 'message' \
                   ORDER BY sent_at, received_at, id";
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into()]).await?;
        rows.iter().map(|row| Ok((row.json("body")?, row.maybe_id("turn")?))).collect()
    }

    /// What else the platform told of a conversation, such as what people wrote there.
    pub async fn signals(&self, shop: &ShopId, conversation: &ConversationId) -> Result<Vec<SignalRow>, StoreError> {
        let sql = "SELECT id, sent_at, body FROM inbound WHERE shop = $1 AND conversation = $2 AND kind <> 'message' \
                   ORDER BY sent_at, received_at, id";
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into()]).await?;
        rows.iter()
            .map(|row| Ok(SignalRow { id: row.id("id")?, occurred_at: row.at("sent_at")?, what: row.json("body")? }))
            .collect()
    }

    /// A conversation's turns, in order, with the texts as far as they are still kept.
    pub async fn turns(&self, shop: &ShopId, conversation: &ConversationId) -> Result<Vec<Turn>, StoreError> {
        let mut link = self.read().await?;
        let values = [shop.into(), conversation.into()];
        let sql = "SELECT body FROM turn WHERE shop = $1 AND conversation = $2 ORDER BY seq";
        let turns = link.rows(sql, &values).await?;
        let sql = "SELECT body FROM inbound WHERE shop = $1 AND conversation = $2 AND kind = 'message'";
        let texts = link.rows(sql, &values).await?;
        with_texts(&turns, &texts)
    }

    /// The order that a conversation's last turns were about, as it was then.
    pub async fn last_order(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
    ) -> Result<Option<OrderSummary>, StoreError> {
        let sql = "SELECT body FROM turn WHERE shop = $1 AND conversation = $2 ORDER BY seq DESC LIMIT 5";
        for row in self.read().await?.rows(sql, &[shop.into(), conversation.into()]).await? {
            let turn: Turn = row.json("body")?;
            if let Some(order) = turn.outcome.orders.lookup.one() {
                return Ok(Some(order.clone()));
            }
        }
        Ok(None)
    }

    /// One turn.
    pub async fn turn(&self, shop: &ShopId, id: &TurnId) -> Result<Option<Turn>, StoreError> {
        let mut link = self.read().await?;
        let values = [shop.into(), id.into()];
        let turns = link.rows("SELECT body FROM turn WHERE shop = $1 AND id = $2", &values).await?;
        let texts = link.rows("SELECT body FROM inbound WHERE shop = $1 AND turn = $2", &values).await?;
        Ok(with_texts(&turns, &texts)?.into_iter().next())
    }

    /// A conversation's turn by its number.
    pub async fn turn_at(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        seq: i64,
    ) -> Result<Option<Turn>, StoreError> {
        let sql = "SELECT id FROM turn WHERE shop = $1 AND conversation = $2 AND seq = $3";
        let row = self.read().await?.row(sql, &[shop.into(), conversation.into(), seq.into()]).await?;
        match row {
            Some(row) => self.turn(shop, &row.id("id")?).await,
            None => Ok(None),
        }
    }

    /// A shop's turns decided from `from` until before `to`, in that order, 500 at most; the last one's time and id
    /// ask for the next stretch.
    pub async fn turns_between(
        &self,
        shop: &ShopId,
        from: (At, Option<&TurnId>),
        to: At,
    ) -> Result<Vec<Turn>, StoreError> {
        let mut link = self.read().await?;
        let after = from.1.map_or("", TurnId::as_str);
        let sql = "SELECT id, body FROM turn WHERE shop = $1 AND (decided_at, id) > ($2, $3) AND decided_at < $4 \
                   ORDER BY decided_at, id LIMIT 500";
        let turns = link.rows(sql, &[shop.into(), from.0.into(), after.into(), to.into()]).await?;
        let mut texts = Vec::new();
        for turn in &turns {
            let id: &str = turn.get("id")?;
            let sql = "SELECT body FROM inbound WHERE shop = $1 AND turn = $2";
            texts.extend(link.rows(sql, &[shop.into(), id.into()]).await?);
        }
        with_texts(&turns, &texts)
    }

    /// A conversation's episodes, the newest first.
    pub async fn episodes(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        limit: i64,
    ) -> Result<Vec<EpisodeRow>, StoreError> {
        let sql = "SELECT id, started_at, closed_at, closed_by FROM episode WHERE shop = $1 AND conversation = $2 \
                   ORDER BY started_at DESC, id DESC LIMIT $3";
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into(), limit.into()]).await?;
        let read = |row: &Row| {
            let (started_at, closed_at) = (row.at("started_at")?, row.maybe_at("closed_at")?);
            Ok(EpisodeRow { id: row.id("id")?, started_at, closed_at, closed_by: row.get("closed_by")? })
        };
        rows.iter().map(read).collect()
    }

    /// A conversation's outgoing messages, in order.
    pub async fn replies(&self, shop: &ShopId, conversation: &ConversationId) -> Result<Vec<ReplyRow>, StoreError> {
        let sql = reply_sql!("FROM outbox o WHERE o.shop = $1 AND o.conversation = $2 ORDER BY o.seq");
        let rows = self.read().await?.rows(sql, &[shop.into(), conversation.into()]).await?;
        rows.iter().map(ReplyRow::read).collect()
    }

    /// A shop's messages that a person has to look after: refused for good, or perhaps arrived. The latest first.
    pub async fn dead_replies(&self, shop: &ShopId, limit: i64) -> Result<Vec<ReplyRow>, StoreError> {
        let sql = reply_sql!(
            "FROM outbox o WHERE o.shop = $1 AND o.state IN ('dead', 'unknown') ORDER BY o.created_at DESC LIMIT $2"
        );
        let rows = self.read().await?.rows(sql, &[shop.into(), limit.into()]).await?;
        rows.iter().map(ReplyRow::read).collect()
    }
}

fn with_texts(turns: &[Row], messages: &[Row]) -> Result<Vec<Turn>, StoreError> {
    let mut texts = rustc_hash::FxHashMap::default();
    for row in messages {
        let message: Message = row.json("body")?;
        texts.insert(message.id, message.text);
    }
    let mut read = Vec::with_capacity(turns.len());
    for row in turns {
        let mut turn: Turn = row.json("body")?;
        for message in &mut turn.input.messages {
            message.text = texts.get(&message.id).cloned().unwrap_or_default();
        }
        read.push(turn);
    }
    Ok(read)
}
