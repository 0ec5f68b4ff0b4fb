//! Plays the scripts on a store, by the calls that the service makes.

use serde_json::json;
use xiaoer::domain::*;
use xiaoer::store::*;

use super::script::{Block, Chat, Line};
use super::turn;

pub const SHOP: &str = "dahan";
const LEASE: i64 = 5 * SECOND;

pub fn shop() -> ShopId {
    SHOP.into()
}

/// One block on one store.
pub struct Player<'a> {
    pub store: &'a Store,
    pub block: &'a Block,
    /// Replies that a node is sending.
    under_way: Vec<ReplyKey>,
    /// What people wrote, by chat.
    pub(super) written: Vec<Vec<ReplyKey>>,
    /// Makes ids new.
    number: usize,
}

impl<'a> Player<'a> {
    pub fn new(store: &'a Store, block: &'a Block) -> Self {
        Self { store, block, under_way: Vec::new(), written: vec![Vec::new(); block.chats.len()], number: 0 }
    }

    fn chat(&self, line: &Line) -> &'a Chat {
        &self.block.chats[line.chat]
    }

    fn external(&self, line: &Line) -> String {
        let chat = self.chat(line);
        format!("{:03}-{}-{}", self.block.number, chat.customer, chat.channel)
    }

    pub fn conversation(&self, line: &Line) -> ConversationId {
        format!("conv-{}", self.external(line)).into()
    }

    pub(super) fn new_id(&mut self) -> String {
        self.number += 1;
        format!("{:03}.{}", self.block.number, self.number)
    }

    /// The suggestion that `2.1` means: the first of the second turn.
    pub(super) fn suggestion(&self, line: &Line, name: &str) -> SuggestionId {
        let (turn, place) = name.split_once('.').unwrap_or_else(|| panic!("{}: {name}", line.place));
        format!("turn-{}-{turn}.{place}", self.conversation(line)).into()
    }

    pub async fn play(&mut self, line: &Line) {
        let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
        let at = line.at;
        match words[..] {
            ["hears"] => self.hear(line).await,
            ["decides", what, act] => self.decide(line, what, act).await,
            ["sends"] => self.send(at).await,
            ["claims"] => self.claim(at).await,
            ["arrives"] => self.report(line, "arrives").await,
            ["refused"] => self.report(line, "refused").await,
            ["breaks_off"] => self.report(line, "breaks_off").await,
            ["closed", by] => self.close(line, by).await,
            ["rated", rating] => {
                let rating = rating.parse().unwrap();
                self.signal(line, SignalKind::Rated { rating }, true).await;
            }
            ["refunded", number] => self.refund(line, number, false).await,
            ["refunded", number, "here"] => self.refund(line, number, true).await,
            ["shown", name] | ["shown", name, _] => {
                let suggestion = self.suggestion(line, name);
                let by = words.get(2).map(|by| PrincipalId::from(*by));
                self.append(line, Happening::SuggestionShown { suggestion, by }).await;
            }
            ["dismissed", name] => {
                let suggestion = self.suggestion(line, name);
                self.append(line, Happening::SuggestionDismissed { suggestion }).await;
            }
            ["used", name] => {
                let suggestion = self.suggestion(line, name);
                let edit_share = line.options.get("edit").map(|share| share.parse().unwrap());
                self.append(line, Happening::SuggestionUsed { suggestion, edit_share }).await;
            }
            ["judged", turn, verdict] => self.judge(line, turn, verdict).await,
            ["excluded", number, why] => self.exclude(line, number.parse().unwrap(), why).await,
            ["overdue", name] => self.promise(line, name, PromiseMove::Overdue).await,
            [who, what] => self.person(line, &who.into(), what, "").await,
            [who, what, whom] => self.person(line, &who.into(), what, whom).await,
            _ => panic!("{}: nobody can do that: {words:?}", line.place),
        }
    }

    async fn hear(&mut self, line: &Line) {
        let (chat, external, id) = (self.chat(line), self.external(line), self.new_id());
        let is_known = chat.has_phone || line.options.contains_key("phone");
        let customer = format!("{:03}-{}", self.block.number, chat.customer);
        let message = Message::plain(format!("m-{id}").into(), "", line.at);
        let delivery = Delivery {
            shop: shop(),
            address: Address {
                channel: chat.channel.as_str().into(),
                conversation: external.as_str().into(),
                customer: format!("{customer}-{}", chat.channel).into(),
            },
            customer: Customer {
                id: Some(format!("{customer}-{}", chat.channel).into()),
                phone: is_known.then(|| format!("138{:04}{:04}", self.block.number, chat.customer.len())),
                verified: is_known,
                ..Customer::default()
            },
            messages: vec![Incoming { external_id: id.as_str().into(), message }],
            at: line.at,
            due_at: line.at.plus(SECOND),
            ids: NewIds {
                conversation: self.conversation(line),
                episode: format!("ep-{id}").into(),
                customer: format!("cust-{customer}-{}", chat.channel).into(),
            },
        };
        let accepted = self.store.accept(delivery).await.unwrap();
        assert!(matches!(accepted[..], [Acceptance::Accepted { .. }]), "{}: {accepted:?}", line.place);
    }

    async fn decide(&mut self, line: &Line, what: &str, act: &str) {
        let claimed = self.store.claim_conversations(line.at, LEASE, 10).await.unwrap();
        let id = self.conversation(line);
        let claim = claimed.into_iter().find(|claim| claim.id == id);
        let claim = claim.unwrap_or_else(|| panic!("{}: nothing is to be decided", line.place));
        let commit = match line.options.get("heard") {
            // Decided by what was there then: the rest came while it was being decided.
            Some(heard) => turn::commit(line, &only(claim, heard.parse().unwrap()), what, act),
            None => turn::commit(line, &claim, what, act),
        };
        let committed = self.store.commit_turn(commit).await.unwrap();
        assert_eq!(committed, Committed::Done, "{}", line.place);
    }

    /// The outbox at work: whatever is due goes out.
    async fn send(&mut self, at: At) {
        loop {
            let claimed = self.store.claim_replies(at, LEASE, 10).await.unwrap();
            if claimed.is_empty() {
                return;
            }
            for reply in claimed {
                if self.store.still_claimed(&reply.key, at).await.unwrap() {
                    self.store.reply_sent(&reply.key, at).await.unwrap();
                }
            }
        }
    }

    async fn claim(&mut self, at: At) {
        let claimed = self.store.claim_replies(at, LEASE, 10).await.unwrap();
        self.under_way.extend(claimed.into_iter().map(|reply| reply.key));
    }

    /// What became of that which was under way.
    async fn report(&mut self, line: &Line, how: &str) {
        assert!(!self.under_way.is_empty(), "{}: nothing is under way", line.place);
        for key in &self.under_way {
            let done = match how {
                "arrives" => self.store.reply_sent(key, line.at).await,
                "refused" => self.store.reply_dead(key, "403", line.at).await,
                _ => self.store.reply_unknown(key, "reset", line.at).await,
            };
            assert_eq!(done.unwrap(), Committed::Done, "{}", line.place);
        }
        // It may still turn out to have arrived.
        if how != "breaks_off" {
            self.under_way.clear();
        }
    }

    pub(super) async fn signal(&mut self, line: &Line, what: SignalKind, here: bool) {
        let id = self.new_id();
        let signal = Signal {
            shop: shop(),
            channel: self.chat(line).channel.as_str().into(),
            kind: "signal".to_owned(),
            external_id: format!("s-{id}").into(),
            id: format!("s-{id}").into(),
            conversation: here.then(|| self.external(line).into()),
            occurred_at: line.at,
            at: line.at,
            what,
        };
        let applied = self.store.apply_signal(signal).await.unwrap();
        assert_eq!(matches!(applied, Acceptance::Accepted { .. }), here, "{}: {applied:?}", line.place);
    }

    async fn refund(&mut self, line: &Line, number: &str, here: bool) {
        let update = json!({"state": "refunding"});
        self.signal(line, SignalKind::OrderUpdated { number: number.into(), update }, here).await;
    }

    pub(super) async fn close(&mut self, line: &Line, by: &str) {
        if by == "customer" {
            return self.signal(line, SignalKind::Closed { by: by.to_owned() }, true).await;
        }
        let close = Close {
            shop: shop(),
            conversation: self.conversation(line),
            by: by.to_owned(),
            reason: None,
            last_words: Vec::new(),
            only_from: None,
            at: line.at,
        };
        self.store.close_conversation(close).await.unwrap().unwrap_or_else(|| panic!("{}", line.place));
    }

    async fn append(&mut self, line: &Line, what: Happening) {
        let event = Event { at: line.at, what };
        self.store.append_events(&shop(), Some(&self.conversation(line)), vec![event]).await.unwrap();
    }

    async fn judge(&mut self, line: &Line, turn: &str, verdict: &str) {
        let turn = TurnId::from(format!("turn-{}-{turn}", self.conversation(line)));
        let episode = self.store.episode_of_turn(&shop(), &turn).await.unwrap().expect("a turn");
        let verdict = if verdict == "right" { Verdict::Right } else { Verdict::Wrong };
        let what = Happening::Judged { turn, verdict, should: None, by: "boss".into() };
        assert!(self.store.remark(&shop(), &episode, vec![Event { at: line.at, what }]).await.unwrap());
    }

    async fn exclude(&mut self, line: &Line, number: usize, why: &str) {
        let episode = self.episodes().await.swap_remove(number - 1);
        let why = Exclusion::ALL.iter().copied().find(|one| one.key() == why);
        let what = Happening::Excluded { why, by: "boss".into() };
        assert!(self.store.remark(&shop(), &episode, vec![Event { at: line.at, what }]).await.unwrap());
    }

    /// The block's episodes, in the order of their beginning.
    pub async fn episodes(&self) -> Vec<EpisodeId> {
        let mut began = Vec::new();
        for chat in 0..self.block.chats.len() {
            let line = Line { chat, ..self.block.lines[0].clone() };
            let events = self.store.events(&shop(), &self.conversation(&line)).await.unwrap();
            began.extend(events.into_iter().filter_map(|row| match row.event.what {
                Happening::EpisodeBegan { episode, .. } => Some((row.event.at, row.seq, episode)),
                _ => None,
            }));
        }
        began.sort();
        began.into_iter().map(|(_, _, episode)| episode).collect()
    }
}

fn only(claim: ClaimedConversation, heard: usize) -> ClaimedConversation {
    let messages: Vec<Message> = claim.messages.into_iter().take(heard).collect();
    let last_pending_at = messages.last().map_or(claim.last_pending_at, |message| message.sent_at);
    ClaimedConversation { messages, last_pending_at, ..claim }
}
