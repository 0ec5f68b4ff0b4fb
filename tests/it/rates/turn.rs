//! A turn as a script tells of it, with the events and the words that the inbox would make of it.

use std::collections::BTreeMap;

use serde_json::json;
use xiaoer::domain::*;
use xiaoer::store::{Author, ClaimedConversation, CommitTurn, DeliveryMode, NewReply, ReplyKind};

use super::script::Line;

/// `what`: the intents, parted by commas, or `-`. `act`: answer, ask, hand_off, silent.
pub fn commit(line: &Line, claim: &ClaimedConversation, what: &str, act: &str) -> CommitTurn {
    let option = |key: &str| line.options.get(key).map(String::as_str);
    let id: TurnId = format!("turn-{}-{}", claim.id, claim.next_seq).into();
    let act = act_of(act, &line.place);
    let rung = option("rung").map_or_else(|| usual_rung(act, claim.state.phase), |key| rung_of(key, &line.place));
    let intents = listed(what);
    let reply = (act != Act::Silent && rung != Rung::Mode).then(|| reply(act, &intents, option("script")));
    let queue = (act == Act::HandOff).then(|| QueueName::from("default"));
    let decision = Decision {
        act,
        rung,
        reason: String::new(),
        reply: reply.clone(),
        urgency: Urgency::Normal,
        queue,
        held_back: option("held_back").map(|act| act_of(act, &line.place)),
    };
    let outcome = TurnOutcome {
        playbook: option("version").unwrap_or("v1").into(),
        classification: Classification {
            intents: intents.iter().map(candidate).collect(),
            unexplained: option("unexplained").is_some(),
            ..Classification::default()
        },
        orders: OrdersFound { lookup: looked(option("looked"), &line.place), ..OrdersFound::default() },
        decision,
        suggestions: suggestions(&id, option("suggest")),
        state: state_after(claim, act, option("order"), option("product")),
    };
    let words = reply.map(|_| ReplyKey::from(format!("{id}-words")));
    let mut events =
        vec![Event { at: line.at, what: Happening::TurnDecided { turn: id.clone(), act, rung, reply: words.clone() } }];
    let mut replies: Vec<NewReply> = words.into_iter().map(|key| bots(key, ReplyKind::Reply)).collect();
    if act == Act::HandOff {
        let handed_off = Happening::HandedOff { rung, urgency: Urgency::Normal, queue: "default".to_owned() };
        events.push(Event { at: line.at, what: handed_off });
        replies.push(bots(format!("{id}-news").into(), ReplyKind::HandedOff));
    }
    let turn = Turn {
        episode: claim.episode.clone(),
        seq: claim.next_seq,
        window_end: line.at,
        window: line.at.since(claim.first_pending_at),
        input: input(id, claim, line.at),
        outcome,
    };
    CommitTurn { turn, epoch: claim.epoch, events, replies, promises: Vec::new(), at: line.at }
}

fn input(id: TurnId, claim: &ClaimedConversation, now: At) -> TurnInput {
    TurnInput {
        id,
        shop: claim.shop.clone(),
        channel: claim.address.channel.clone(),
        conversation: claim.id.clone(),
        customer: claim.customer.clone(),
        messages: claim.messages.clone(),
        state: claim.state.clone(),
        mode: Mode::Auto,
        intent_modes: BTreeMap::new(),
        neighbours: None,
        now,
    }
}

fn listed(text: &str) -> Vec<IntentId> {
    text.split(',').filter(|id| *id != "-").map(IntentId::from).collect()
}

fn act_of(key: &str, place: &str) -> Act {
    let all = [Act::Answer, Act::Ask, Act::HandOff, Act::Silent];
    all.into_iter().find(|act| act.key() == key).unwrap_or_else(|| panic!("{place}: no act: {key}"))
}

fn rung_of(key: &str, place: &str) -> Rung {
    Rung::ALL.iter().copied().find(|rung| rung.key() == key).unwrap_or_else(|| panic!("{place}: no rung: {key}"))
}

fn usual_rung(act: Act, phase: Phase) -> Rung {
    match (act, phase) {
        (Act::Answer, _) => Rung::Sure,
        (Act::Ask, _) => Rung::Missing,
        (Act::HandOff, _) => Rung::Never,
        (Act::Silent, Phase::Agent) => Rung::Held,
        (Act::Silent, Phase::Waiting) => Rung::Waiting,
        (Act::Silent, _) => Rung::NothingToAnswer,
    }
}

fn reply(act: Act, intents: &[IntentId], script: Option<&str>) -> Reply {
    let scripts = match (act, script) {
        (_, Some(scripts)) => listed(scripts),
        (Act::Answer, None) => intents.to_vec(),
        (Act::Ask, None) => vec!["system/which_order".into()],
        _ => vec!["system/handed_off".into()],
    };
    let part = |intent| ReplyPart { intent, situation: Situation::Default, tone: None, used: Vec::new() };
    Reply {
        text: "好".to_owned(),
        images: Vec::new(),
        language: Language::Zh,
        parts: scripts.into_iter().map(part).collect(),
    }
}

fn candidate(intent: &IntentId) -> Candidate {
    Candidate { intent: intent.clone(), confidence: 0.9, evidence: Vec::new(), rival: None }
}

fn looked(key: Option<&str>, place: &str) -> OrderLookup {
    match key {
        None => OrderLookup::NotAsked,
        Some("missing") => OrderLookup::None,
        Some("down") => OrderLookup::SourceDown,
        Some(other) => panic!("{place}: {other}"),
    }
}

fn suggestions(turn: &TurnId, scripts: Option<&str>) -> Vec<Suggestion> {
    let suggestion = |(place, intent): (usize, IntentId)| Suggestion {
        id: format!("{turn}.{}", place + 1).into(),
        text: "好".to_owned(),
        intent,
        title: None,
        use_when: None,
        avoid: None,
        images: Vec::new(),
        score: 0.5,
    };
    listed(scripts.unwrap_or("-")).into_iter().enumerate().map(suggestion).collect()
}

fn state_after(claim: &ClaimedConversation, act: Act, order: Option<&str>, product: Option<&str>) -> ConversationState {
    let mut state = claim.state.clone();
    if act == Act::HandOff && state.phase == Phase::Bot {
        state.phase = Phase::Waiting;
    }
    if matches!(state.phase, Phase::Waiting | Phase::Agent) {
        // What people owe; chats that they leave go back by it.
        state.unanswered_since.get_or_insert(claim.first_pending_at);
    }
    state.order = order.map(OrderNumber::from).or(state.order);
    state.product = product.map(ProductId::from).or(state.product);
    state
}

fn bots(key: ReplyKey, kind: ReplyKind) -> NewReply {
    NewReply {
        key,
        kind,
        author: Author::Bot,
        body: json!({"text": "好"}),
        delivery: DeliveryMode::AtMostOnce,
        hold_ms: 0,
    }
}
