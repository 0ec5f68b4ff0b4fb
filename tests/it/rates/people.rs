//! What the people of the shop do in the scripts.

use serde_json::json;
use xiaoer::domain::*;
use xiaoer::store::*;

use super::player::{Player, shop};
use super::script::{Line, millis};

impl Player<'_> {
    pub(super) async fn promise(&mut self, line: &Line, name: &str, what: PromiseMove) {
        let id = PromiseId::from(format!("promise-{:03}-{name}", self.block.number));
        assert!(self.store.move_promise(&shop(), &id, what, line.at).await.unwrap(), "{}", line.place);
    }

    pub(super) async fn person(&mut self, line: &Line, who: &PrincipalId, what: &str, whom: &str) {
        let (store, shop, id, at) = (self.store, shop(), self.conversation(line), line.at);
        match what {
            "takes" => drop(store.take(&shop, &id, who, false, at).await.unwrap().expect("a chat").expect("free")),
            "takes_over" => drop(store.take(&shop, &id, who, true, at).await.unwrap().expect("a chat")),
            "releases" => store.release((&shop, &id), who, None, at).await.unwrap().expect("a chat"),
            "passes_to" => {
                let to = match whom.strip_prefix("queue:") {
                    Some(queue) => Destination::Queue(queue.into()),
                    None => Destination::Person(whom.into()),
                };
                store.transfer((&shop, &id), who, None, (to, ""), at).await.unwrap().expect("a chat");
            }
            "returns" => {
                let left = Upkeep::Return { from: who.clone(), why: SILENT };
                assert_eq!(store.keep_up(&shop, &id, left, at).await.unwrap(), Some(true), "{}", line.place);
            }
            "is_given" => {
                let given = Upkeep::Assign { to: who.clone() };
                assert_eq!(store.keep_up(&shop, &id, given, at).await.unwrap(), Some(true), "{}", line.place);
            }
            "closes" => self.close(line, "agent").await,
            "types" => {
                let sent =
                    SignalKind::AgentSent { agent: who.clone(), text: "好".into(), automatic: false, reply_key: None };
                self.signal(line, sent, true).await;
            }
            "writes" => self.write(line, who).await,
            "undoes" => {
                let written = &self.written[line.chat];
                // The last, or the one of that number.
                let number = if whom.is_empty() { written.len() } else { whom.parse().unwrap() };
                let key = written[number - 1].clone();
                let undone = store.undo_reply(&shop, &id, who, &key, at).await.unwrap();
                assert_eq!(undone, Some(TakenBack::Done), "{}", line.place);
            }
            "promises" => {
                let due = at.plus(millis(&line.options["due"], &line.place));
                let id_of = PromiseId::from(format!("promise-{:03}-{whom}", self.block.number));
                let promise =
                    NewPromise { id: id_of, what: whom.into(), due, owner: Some(who.clone()), by: who.to_string() };
                store.promise(&shop, &id, promise, at).await.unwrap().expect("a chat");
            }
            "keeps" => self.promise(line, whom, PromiseMove::Kept { by: who.clone() }).await,
            "drops" => {
                let what = PromiseMove::Dropped { by: who.clone(), why: String::new() };
                self.promise(line, whom, what).await;
            }
            _ => panic!("{}: nobody can do that: {what}", line.place),
        }
    }

    /// A person's words from our desk; they take the chat first, if nobody holds it.
    async fn write(&mut self, line: &Line, who: &PrincipalId) {
        let (id, key) = (self.conversation(line), ReplyKey::from(format!("words-{}", self.new_id())));
        let row = self.store.conversation(&shop(), &id).await.unwrap().expect("a chat");
        if row.state.holder.is_none() {
            self.store.take(&shop(), &id, who, false, line.at).await.unwrap().expect("a chat").expect("free");
        }
        let reply = NewReply {
            key: key.clone(),
            kind: ReplyKind::Reply,
            author: Author::Agent(who.clone()),
            body: json!({"text": "好"}),
            delivery: DeliveryMode::AtMostOnce,
            hold_ms: line.options.get("hold").map_or(0, |hold| millis(hold, &line.place)),
        };
        let what = Happening::PersonReplied {
            by: who.clone(),
            reply: Some(key.clone()),
            suggestion: line.options.get("suggestion").map(|name| self.suggestion(line, name)),
            edit_share: line.options.get("edit").map(|share| share.parse().unwrap()),
            script: line.options.get("script").cloned(),
            passive: line.options.contains_key("passive"),
            asks_order: false,
        };
        let event = Event { at: line.at, what };
        let queued = self.store.queue_agent_reply(&shop(), &id, who, reply, false, event).await.unwrap();
        assert_eq!(queued, Some(Queued::Done), "{}", line.place);
        self.written[line.chat].push(key);
    }
}
