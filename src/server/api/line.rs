//! One line of a chat, and whether it can still be taken back.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::domain::At;
use crate::store::{ReplyKind, ReplyRow, ReplyState};

/// One line of a chat.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Line {
    /// Ours: of the message or the reply.
    pub(super) id: String,
    /// customer, bot or agent:ID.
    pub(super) from: String,
    /// What a person is called.
    pub(super) name: Option<String>,
    /// What was said.
    pub(super) text: String,
    /// When.
    pub(super) at: i64,
    /// The turn that decided it, or that it led to.
    pub(super) turn_id: Option<String>,
    /// For replies: queued, sending, sent, cancelled, dead or unknown.
    pub(super) state: Option<&'static str>,
    /// Why a reply isn't there, or never will be, by language.
    #[schema(value_type = Object)]
    pub(super) why_not: Option<Value>,
    /// For replies: the key they are undone and recalled by.
    pub(super) reply_id: Option<String>,
    /// Until when its writer can undo it.
    pub(super) undo_until: Option<i64>,
    /// Until when its writer can ask the platform to take it back.
    pub(super) recall_until: Option<i64>,
    /// The platform was asked to take it back.
    pub(super) recalled: bool,
    /// What came with it.
    #[schema(value_type = Vec<Object>)]
    pub(super) attachments: Vec<crate::domain::Attachment>,
}

/// What decides whether words can be taken back, and what people are called.
pub(super) struct Taking<'a> {
    /// How long the channel can, in milliseconds; 0: it can't.
    pub(super) recall_ms: i64,
    pub(super) now: At,
    /// The replies that the platform was asked to take back.
    pub(super) recalled: BTreeSet<String>,
    pub(super) names: &'a BTreeMap<String, String>,
}

impl Line {
    /// A reply of the outbox; news for other desks is no line.
    pub(super) fn reply(row: &ReplyRow, taking: &Taking<'_>) -> Option<Self> {
        if row.reply.kind != ReplyKind::Reply {
            return None;
        }
        let data = row.reply.body.get("data")?;
        let text = data.get("text")?.as_str()?.to_owned();
        let from = row.reply.author.key();
        let key = row.reply.key.to_string();
        let recalled = taking.recalled.contains(&key);
        let is_held = row.state == ReplyState::Queued && row.attempts == 0 && row.due_at > taking.now;
        let recall_until = row.sent_at.map(|at| at.plus(taking.recall_ms)).filter(|until| *until > taking.now);
        Some(Self {
            id: key.clone(),
            name: from.strip_prefix("agent:").and_then(|id| taking.names.get(id)).cloned(),
            from,
            text,
            at: row.created_at.0,
            turn_id: data.get("turn_id").and_then(|id| id.as_str()).map(str::to_owned),
            state: Some(row.state.key()),
            why_not: row.last_error.as_deref().map(why_not),
            reply_id: Some(key),
            undo_until: is_held.then_some(row.due_at.0),
            recall_until: recall_until.filter(|_| !recalled).map(|at| at.0),
            recalled,
            attachments: data
                .get("attachments")
                .cloned()
                .and_then(|a| serde_json::from_value(a).ok())
                .unwrap_or_default(),
        })
    }
}

/// In both languages; what a platform said is told as it said it.
fn why_not(said: &str) -> Value {
    let zh = match said {
        "its writer took it back" => "已被撤销",
        "a person took the chat" => "人工接待了会话，机器人的话没有发出",
        "a person's word came first" => "人工先回复了，机器人的话没有发出",
        "it waited over 60 s" => "等了超过 60 秒，没有再发",
        "its sending was cut short; it may have arrived" => "发送中断，顾客可能收到了，也可能没有",
        "the channel is gone" => "渠道已不在店铺设置里",
        other => other,
    };
    json!({ "zh": zh, "en": said })
}
