//! What was said in many chats at once: what customers asked in vain, and what people replied.

use super::Store;
use super::error::StoreError;
use super::signal::SignalKind;
use crate::domain::{At, ConversationId, Message, Rung, ShopId};

/// What a customer wrote in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedRow {
    /// Where.
    pub conversation: ConversationId,
    /// The turn's number there.
    pub seq: i64,
    /// When it was decided.
    pub at: At,
    /// One message of it.
    pub text: String,
}

/// What a person replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepliedRow {
    /// Where.
    pub conversation: ConversationId,
    /// When.
    pub at: At,
    /// In these words.
    pub text: String,
}

impl Store {
    /// The messages of the turns of some chats that stand on one of these rungs, in order.
    pub async fn asked_in(
        &self,
        shop: &ShopId,
        conversations: &[ConversationId],
        rungs: &[Rung],
    ) -> Result<Vec<AskedRow>, StoreError> {
        let sql = "SELECT t.conversation, t.seq, t.rung, t.decided_at, i.body FROM turn t JOIN inbound i ON i.turn = t.id \
                   AND i.shop = t.shop WHERE t.shop = $1 AND t.conversation IN ({{listed $2}}) \
                   ORDER BY t.conversation, t.seq, i.sent_at, i.received_at, i.id";
        let listed = serde_json::to_string(conversations)?;
        let rows = self.read().await?.rows(sql, &[shop.into(), (&listed).into()]).await?;
        let mut asked = Vec::new();
        for row in &rows {
            let rung: String = row.get("rung")?;
            if rungs.iter().any(|wanted| wanted.key() == rung) {
                let (conversation, seq, at) = (row.id("conversation")?, row.get("seq")?, row.at("decided_at")?);
                asked.push(AskedRow { conversation, seq, at, text: row.json::<Message>("body")?.text });
            }
        }
        Ok(asked)
    }

    /// What people replied in some chats, here or on the platform, in the order of their saying.
    pub async fn replied_in(
        &self,
        shop: &ShopId,
        conversations: &[ConversationId],
    ) -> Result<Vec<RepliedRow>, StoreError> {
        let listed = serde_json::to_string(conversations)?;
        let values = [shop.into(), (&listed).into()];
        let mut link = self.read().await?;
        let sql = "SELECT conversation, created_at AS at, body FROM outbox WHERE shop = $1 \
                   AND conversation IN ({{listed $2}}) AND kind = 'reply' AND author <> 'bot' AND state <> 'cancelled'";
        let mut replied = Vec::new();
        for row in link.rows(sql, &values).await? {
            let body: serde_json::Value = row.json("body")?;
            let text = body.pointer("/data/text").or_else(|| body.get("text")).and_then(serde_json::Value::as_str);
            let text = text.unwrap_or_default().to_owned();
            replied.push(RepliedRow { conversation: row.id("conversation")?, at: row.at("at")?, text });
        }
        let sql = "SELECT conversation, received_at AS at, body FROM inbound WHERE shop = $1 \
                   AND conversation IN ({{listed $2}}) AND kind <> 'message'";
        for row in link.rows(sql, &values).await? {
            if let SignalKind::AgentSent { text, automatic: false, reply_key: None, .. } = row.json("body")? {
                replied.push(RepliedRow { conversation: row.id("conversation")?, at: row.at("at")?, text });
            }
        }
        replied.retain(|reply| !reply.text.trim().is_empty());
        replied.sort_by(|a, b| (&a.conversation, a.at).cmp(&(&b.conversation, b.at)));
        Ok(replied)
    }
}
