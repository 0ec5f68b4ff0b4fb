//! What platforms tell besides messages.

use super::*;

fn signal(chat: &str, id: &str, occurred: i64, what: SignalKind) -> Signal {
    Signal {
        shop: shop(),
        channel: "web".into(),
        kind: serde_json::to_value(&what).unwrap()["type"].as_str().unwrap().to_owned(),
        external_id: id.into(),
        id: format!("signal-{id}").into(),
        conversation: Some(chat.into()),
        occurred_at: after(occurred),
        at: after(occurred + 50),
        what,
    }
}

fn agent_sent(text: &str) -> SignalKind {
    SignalKind::AgentSent { agent: "li".into(), text: text.into(), automatic: false, reply_key: None }
}

pub async fn a_person_replies_on_the_platform(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1")]).await;
    let sent = signal("c1", "s1", 3_000, agent_sent("我来帮您看"));
    let accepted = Acceptance::Accepted { conversation: conversation.clone() };
    assert_eq!(scene.store.apply_signal(sent.clone()).await.unwrap(), accepted);
    assert_eq!(scene.other.apply_signal(sent).await.unwrap(), Acceptance::Duplicate);
    assert_eq!(scene.phase(&conversation).await, Phase::Agent);
    assert!(!scene.conversation(&conversation).await.state.person_asked);
    scene.store.apply_signal(signal("c1", "s1b", 3_500, agent_sent("您要退哪一件？"))).await.unwrap();
    assert!(scene.conversation(&conversation).await.state.person_asked, "the next words may answer it");
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Cancelled]);
    assert_eq!(
        scene.happenings(&conversation).await[3..],
        ["reply_cancelled", "taken", "person_replied", "person_replied"]
    );
    let told = scene.store.signals(&shop(), &conversation).await.unwrap();
    assert_eq!(told[0].what, agent_sent("我来帮您看"), "the chat can show it");
    assert_eq!(scene.store.messages(&shop(), &conversation).await.unwrap().len(), 1, "it is no customer's message");

    scene.store.apply_signal(signal("c1", "s2", 4_000, SignalKind::Released)).await.unwrap();
    assert_eq!(scene.phase(&conversation).await, Phase::Bot);
    scene.store.apply_signal(signal("c1", "s3", 5_000, SignalKind::Assigned { agent: "chen".into() })).await.unwrap();
    assert_eq!(scene.conversation(&conversation).await.state.holder, Some("chen".into()));
    let closed = SignalKind::Closed { by: "customer".into() };
    scene.store.apply_signal(signal("c1", "s4", 6_000, closed.clone())).await.unwrap();
    scene.store.apply_signal(signal("c1", "s5", 7_000, closed)).await.unwrap();
    assert_eq!(scene.phase(&conversation).await, Phase::Closed);
    assert_eq!(scene.happenings(&conversation).await[7..], ["released", "taken", "closed"]);
    let unknown = signal("c9", "s6", 3_000, agent_sent("您好"));
    assert_eq!(scene.store.apply_signal(unknown).await.unwrap(), Acceptance::Kept);
}

pub async fn echoes_take_nothing_over(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    let echo = |key: Option<&str>, automatic| SignalKind::AgentSent {
        agent: "robot".into(),
        text: "您的订单已由中通发出".into(),
        automatic,
        reply_key: key.map(ReplyKey::from),
    };
    scene.store.apply_signal(signal("c1", "e1", 2_300, echo(Some("k1"), false))).await.unwrap();
    assert_eq!(scene.reply_states(&conversation).await[0], ReplyState::Sent, "an echo proves that it arrived");
    scene.store.apply_signal(signal("c1", "e2", 2_400, echo(None, true))).await.unwrap();
    assert_eq!(scene.phase(&conversation).await, Phase::Bot);
    scene.store.apply_signal(signal("c1", "e3", 2_500, echo(Some("not-ours"), false))).await.unwrap();
    assert_eq!(scene.phase(&conversation).await, Phase::Agent, "a foreign key is no echo");
}

pub async fn older_signals_are_kept(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    scene.store.apply_signal(signal("c1", "s2", 5_000, agent_sent("在的"))).await.unwrap();
    let late = signal("c1", "s1", 4_000, SignalKind::Released);
    assert_eq!(scene.store.apply_signal(late.clone()).await.unwrap(), Acceptance::Kept);
    assert_eq!(scene.phase(&conversation).await, Phase::Agent);
    assert_eq!(scene.store.apply_signal(late).await.unwrap(), Acceptance::Duplicate);
    assert_eq!(scene.store.signals(&shop(), &conversation).await.unwrap().len(), 2, "kept all the same");
}

pub async fn orders_and_ratings(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    scene.store.apply_signal(signal("c1", "s1", 9_000, agent_sent("在的"))).await.unwrap();
    let rated = signal("c1", "r1", 8_000, SignalKind::Rated { rating: 5 });
    let accepted = Acceptance::Accepted { conversation: conversation.clone() };
    assert_eq!(scene.store.apply_signal(rated).await.unwrap(), accepted, "a rating counts however late it comes");
    let recalled = SignalKind::Recalled { message: "c1/m1".into() };
    scene.store.apply_signal(signal("c1", "r2", 8_100, recalled)).await.unwrap();
    assert_eq!(scene.happenings(&conversation).await[5..], ["rated", "recalled"]);

    let update = |id: &str, occurred, state: &str| {
        let what = SignalKind::OrderUpdated { number: "20240601001".into(), update: json!({"state": state}) };
        Signal { conversation: None, ..signal("", id, occurred, what) }
    };
    for (id, occurred, state) in [("o2", 2_000, "shipped"), ("o1", 1_000, "paid"), ("o2", 2_000, "shipped")] {
        scene.store.apply_signal(update(id, occurred, state)).await.unwrap();
    }
    let updates = scene.store.order_updates(&shop(), &"20240601001".into()).await.unwrap();
    let states: Vec<_> = updates.iter().map(|row| row.update["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["paid", "shipped"]);
}
