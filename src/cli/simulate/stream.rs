//! One event stream for the whole run: every turn that is decided in the shop is fetched and passed on to its player.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::board::{Decided, News, conversation_of};
use super::stage::Stage;
use crate::domain::{At, Happening, TurnId};

/// Turns that are fetched at once.
const AT_ONCE: usize = 16;
/// The service says something at least every 15 s.
const SILENCE: Duration = Duration::from_secs(40);
const AGAIN_AFTER: Duration = Duration::from_millis(300);

/// Follows the stream until it is dropped. Returns once the stream is open.
pub(super) async fn follow(stage: Arc<Stage>) -> anyhow::Result<JoinSet<()>> {
    let mut answer = Some(stage.service.events(None).await?);
    let mut following = JoinSet::new();
    following.spawn(async move {
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let mut events = Events::default();
        loop {
            if let Some(mut open) = answer.take() {
                while let Ok(Ok(Some(bytes))) = tokio::time::timeout(SILENCE, open.chunk()).await {
                    for (turn, at) in events.read(&bytes) {
                        tokio::spawn(fetch(stage.clone(), slots.clone(), turn, at));
                    }
                }
            }
            // Cut off: it goes on after the last event that was read whole.
            tokio::time::sleep(AGAIN_AFTER).await;
            events.rest.clear();
            answer = stage.service.events(events.last.as_deref()).await.ok();
        }
    });
    Ok(following)
}

async fn fetch(stage: Arc<Stage>, slots: Arc<Semaphore>, id: TurnId, at: At) {
    let _slot = slots.acquire_owned().await;
    for _ in 0..3 {
        // Not to be had: its messages stay undecided, and the player says so.
        let Ok(turn) = stage.service.turn(&id).await else {
            tokio::time::sleep(AGAIN_AFTER).await;
            continue;
        };
        let conversation =
            turn.input.messages.iter().find_map(|message| conversation_of(message.external_id.as_ref()?));
        if let Some(conversation) = conversation {
            stage.board.tell(&conversation, News::Decided(Box::new(Decided { at, turn })));
        }
        return;
    }
}

/// Server-sent events, as far as they have come.
#[derive(Default)]
struct Events {
    rest: Vec<u8>,
    last: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    event: crate::domain::Event,
}

impl Events {
    /// The turns decided in what is whole by now; what isn't waits for the next bytes.
    fn read(&mut self, bytes: &[u8]) -> Vec<(TurnId, At)> {
        self.rest.extend_from_slice(bytes);
        let mut decided = Vec::new();
        while let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
            let whole: Vec<u8> = self.rest.drain(..end + 2).collect();
            decided.extend(self.event(&String::from_utf8_lossy(&whole)));
        }
        decided
    }

    fn event(&mut self, text: &str) -> Option<(TurnId, At)> {
        let field = |name: &str| {
            let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            values.next().map(str::trim)
        };
        if let Some(id) = field("id") {
            self.last = Some(id.to_owned());
        }
        // What another version tells besides is skipped.
        let told: Told = serde_json::from_str(field("data")?).ok()?;
        match told.event.what {
            Happening::TurnDecided { turn, .. } => Some((turn, told.event.at)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_may_come_in_pieces() {
        let stream = "id: 7\ndata: {\"conversation\":\"c\",\"event\":{\"at\":5,\"type\":\"turn_decided\",\"turn\":\"t-1\",\
                      \"act\":\"answer\",\"rung\":\"sure\"}}\n\n: still here\n\nid: 8\ndata: {\"event\":{\"at\":6,\
                      \"type\":\"reply_sent\",\"reply\":\"r\"}}\n\nid: 9\ndata: {\"conv";
        for size in [1, 7, 1000] {
            let mut events = Events::default();
            let read: Vec<_> = stream.as_bytes().chunks(size).flat_map(|bytes| events.read(bytes)).collect();
            assert_eq!(read, [(TurnId::from("t-1"), At(5))], "{size}");
            assert_eq!(events.last.as_deref(), Some("8"), "an event that was cut off comes again");
        }
    }
}
