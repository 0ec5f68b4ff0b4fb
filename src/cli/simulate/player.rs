//! Plays one dialogue: writes a burst, waits until all of it is decided and the replies have come, does what a person
//! would do about a hand-off, and goes on.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep, timeout_at};

use super::AfterHandoff;
use super::board::message_id;
use super::dialogues::{Burst, Dialogue};
use super::record::Record;
use super::service::Receipt;
use super::stage::Stage;
use crate::domain::{Act, ConversationId, ExternalId};

/// Where there is no receiver, the API is asked so often.
const LOOK_AGAIN: Duration = Duration::from_millis(150);

struct Player {
    stage: Arc<Stage>,
    conversation: ExternalId,
    record: Record,
    /// Messages written in this conversation.
    number: u64,
    /// Whether a person holds the chat: us.
    held: bool,
}

/// Plays a dialogue to its end, or until it breaks off.
pub(super) async fn play(stage: Arc<Stage>, dialogue: Dialogue) -> Record {
    let conversation = ExternalId::from(format!("{}-{}", stage.run, dialogue.id));
    let record = Record::new(dialogue.id, stage.board.listen(conversation.clone()));
    let mut player = Player { stage, conversation, record, number: 0, held: false };
    for burst in dialogue.bursts {
        if let Err(why) = player.play(&burst).await {
            player.record.broken.push(format!("dialogue {}, turn {}: {why}", player.record.dialog, burst.turn));
            break;
        }
    }
    player.leave().await;
    player.record
}

impl Player {
    /// # Errors
    /// Why the dialogue breaks off here.
    async fn play(&mut self, burst: &Burst) -> Result<(), String> {
        let before = self.record.turns.len();
        self.write(burst).await?;
        self.await_turns().await?;
        self.await_replies().await?;
        let handed_off = self.record.turns[before..].iter().any(|played| played.act() == Act::HandOff);
        self.act(handed_off, burst).await
    }

    async fn write(&mut self, burst: &Burst) -> Result<(), String> {
        self.stage.pace.wait_for(burst.said.len()).await;
        let place = self.record.open(burst.clone());
        for text in &burst.said {
            self.number += 1;
            let message = message_id(&self.conversation, self.number);
            let customer = json!({ "id": self.conversation, "verified": true });
            let data = json!({ "message_id": message, "conversation_id": self.conversation, "text": text, "customer": customer });
            let body = json!({ "type": "message.created", "data": data });
            self.record.wrote(message.clone(), place);
            match self.stage.service.deliver(&message, &body).await {
                Receipt::Accepted(took) => self.record.accepted(took),
                // An attempt of ours was stored though its answer was lost.
                Receipt::Duplicate(took) => self.record.known(took),
                Receipt::Refused(why) => return Err(format!("a message was not accepted: {why}")),
            }
            self.stage.bar.inc(1);
            let written = self.stage.written.fetch_add(1, Ordering::Relaxed) + 1;
            if self.stage.redeliver.is_some_and(|every| written.is_multiple_of(every)) {
                match self.stage.service.deliver(&message, &body).await {
                    Receipt::Duplicate(_) => self.record.duplicates += 1,
                    Receipt::Accepted(_) => return Err("a message that came again was taken for a new one".to_owned()),
                    Receipt::Refused(why) => return Err(format!("a message that came again was refused: {why}")),
                }
            }
        }
        Ok(())
    }

    async fn await_turns(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + self.stage.patience;
        while self.record.undecided() > 0 {
            match timeout_at(deadline, self.record.mail.recv()).await {
                Ok(Some(news)) => self.record.hear(news),
                _ => {
                    let (undecided, patience) = (self.record.undecided(), self.stage.patience.as_secs());
                    return Err(format!("{undecided} messages were not decided within {patience} s"));
                }
            }
        }
        Ok(())
    }

    async fn await_replies(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + self.stage.patience;
        let late = format!("a reply had not come within {} s", self.stage.patience.as_secs());
        if !self.stage.receives {
            return self.poll_replies(deadline).await.map_err(|why| why.unwrap_or(late));
        }
        while self.record.awaited() > 0 {
            match timeout_at(deadline, self.record.mail.recv()).await {
                Ok(Some(news)) => self.record.hear(news),
                _ => return Err(late),
            }
        }
        Ok(())
    }

    /// Until nothing is on its way any more. Fails with nothing to say where it only took too long.
    async fn poll_replies(&self, deadline: Instant) -> Result<(), Option<String>> {
        let Some(id) = self.ours() else { return Ok(()) };
        while Instant::now() < deadline {
            let shown = self.stage.service.conversation(&id).await.map_err(|error| Some(format!("{error:#}")))?;
            let on_its_way = |state: &str| matches!(state, "queued" | "sending");
            if !shown.lines.iter().any(|line| line.state.as_deref().is_some_and(on_its_way)) {
                return Ok(());
            }
            sleep(LOOK_AGAIN).await;
        }
        Err(None)
    }

    /// What a person does: after a hand-off, or while they hold the chat.
    async fn act(&mut self, handed_off: bool, burst: &Burst) -> Result<(), String> {
        let Some(id) = self.ours() else { return Ok(()) };
        match self.stage.after_handoff {
            AfterHandoff::Release if handed_off => self.do_to(&id, "release").await,
            AfterHandoff::Agent if handed_off || self.held => {
                if !self.held {
                    self.do_to(&id, "take").await?;
                    self.held = true;
                }
                let Some(text) = &burst.agent else { return Ok(()) };
                let said = self.stage.service.reply(&id, text).await;
                self.record.said(said.map_err(|error| format!("the agent's reply was refused: {error:#}"))?);
                self.await_replies().await
            }
            _ => Ok(()),
        }
    }

    /// A person who has held a chat to its end closes it.
    async fn leave(&mut self) {
        if self.held
            && let Some(id) = self.ours()
            && let Err(why) = self.do_to(&id, "close").await
        {
            self.record.broken.push(format!("dialogue {}: {why}", self.record.dialog));
        }
    }

    async fn do_to(&self, id: &ConversationId, action: &str) -> Result<(), String> {
        self.stage.service.act(id, action).await.map_err(|error| format!("{action} was refused: {error:#}"))
    }

    /// The service's id of the conversation, known from its first turn.
    fn ours(&self) -> Option<ConversationId> {
        self.record.turns.first().map(|played| played.turn.input.conversation.clone())
    }
}
