//! People take, pass on, reply, give back, close.

use super::*;

fn replied(by: &str, at: At) -> Event {
    Event {
        at,
        what: Happening::PersonReplied {
            by: by.into(),
            reply: None,
            suggestion: None,
            edit_share: None,
            script: None,
            passive: false,
            asks_order: false,
        },
    }
}

fn agent_says(key: &str, agent: &str) -> NewReply {
    reply(key, Author::Agent(agent.into()), DeliveryMode::AtMostOnce)
}

pub async fn a_takeover_silences_the_bot(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    let taken = scene
        .other
        .take(&shop(), &conversation, &"li".into(), false, after(2_100))
        .await
        .unwrap()
        .expect("taken")
        .unwrap();
    assert_eq!(taken, Taken { epoch: 1, sending: 0 });
    assert!(scene.store.claim_replies(after(2_200), 5_000, 10).await.unwrap().is_empty());
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Cancelled, ReplyState::Cancelled]);
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.state.phase, row.state.holder), (Phase::Agent, Some("li".into())));
    assert_eq!(scene.happenings(&conversation).await[3..], ["reply_cancelled", "reply_cancelled", "taken"]);
    assert_eq!(scene.store.take(&shop(), &"none".into(), &"li".into(), false, NOON).await.unwrap(), None);
}

pub async fn a_reply_under_way_is_waited_for(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1")]).await;
    scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    let taken = scene
        .other
        .take(&shop(), &conversation, &"li".into(), false, after(2_200))
        .await
        .unwrap()
        .expect("taken")
        .unwrap();
    assert_eq!(taken.sending, 1);
    assert!(!scene.store.still_claimed(&"k1".into(), after(2_300)).await.unwrap(), "not written if not yet written");
    assert_eq!(scene.other.sending_bot_rows(&shop(), &conversation, after(2_300)).await.unwrap(), 1);
    scene.store.reply_sent(&"k1".into(), after(2_400)).await.unwrap();
    assert_eq!(scene.other.sending_bot_rows(&shop(), &conversation, after(2_400)).await.unwrap(), 0);

    let lapsing = scene.answered("c2", vec![bot_says("k2")]).await;
    scene.store.claim_replies(after(2_500), 5_000, 10).await.unwrap();
    scene.other.take(&shop(), &lapsing, &"li".into(), false, after(2_600)).await.unwrap();
    assert_eq!(scene.other.sending_bot_rows(&shop(), &lapsing, after(7_500)).await.unwrap(), 0, "lapsed");
}

pub async fn an_agent_at_work(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    let (store, shop, li, chen) = (&scene.store, shop(), PrincipalId::from("li"), PrincipalId::from("chen"));
    store.take(&shop, &conversation, &li, false, after(3_000)).await.unwrap();
    let said = |by: &PrincipalId, key: &str| {
        let (by, reply, event) = (by.clone(), agent_says(key, by.as_str()), replied(by.as_str(), after(4_000)));
        let (shop, conversation) = (shop.clone(), conversation.clone());
        async move { store.queue_agent_reply(&shop, &conversation, &by, reply, false, event).await.unwrap().expect("known") }
    };
    assert_eq!(said(&li, "a1").await, Queued::Done);
    assert_eq!(said(&li, "a1").await, Queued::Already, "a double click says it once");
    assert_eq!(said(&chen, "a2").await, Queued::NotHolder);
    let sending = store.claim_replies(after(4_100), 5_000, 10).await.unwrap();
    assert_eq!((sending.len(), &sending[0].author), (1, &Author::Agent(li.clone())));
    assert!(store.still_claimed(&"a1".into(), after(4_200)).await.unwrap(), "a person's words go out");
    store.reply_sent(&"a1".into(), after(4_300)).await.unwrap();

    let to = Destination::Person(chen.clone());
    store
        .transfer((&shop, &conversation), &li, Some(&li), (to, "要开发票"), after(5_000))
        .await
        .unwrap()
        .expect("known");
    assert_eq!(said(&chen, "a3").await, Queued::Done);
    let to = Destination::Queue("after_sales".into());
    store.transfer((&shop, &conversation), &chen, None, (to, ""), after(6_000)).await.unwrap().expect("known");
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.state.phase, row.queue, row.state.holder), (Phase::Waiting, Some("after_sales".into()), None));
    store.take(&shop, &conversation, &li, false, after(7_000)).await.unwrap();
    store.release((&shop, &conversation), &li, None, after(8_000)).await.unwrap().expect("known");
    assert_eq!(scene.phase(&conversation).await, Phase::Bot);
    let happened = scene.happenings(&conversation).await;
    let wanted =
        ["taken", "person_replied", "reply_sent", "transferred", "person_replied", "transferred", "taken", "released"];
    assert_eq!(happened[3..], wanted);
}

pub async fn illegal_moves_are_refused(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    let end = |at| Close {
        shop: shop(),
        conversation: conversation.clone(),
        by: "agent".into(),
        reason: Some("解决了".into()),
        last_words: vec![],
        only_from: None,
        at,
    };
    scene.store.close_conversation(end(after(3_000))).await.unwrap().expect("closed");
    let again = scene.store.close_conversation(end(after(4_000))).await;
    assert!(matches!(again, Err(StoreError::IllegalMove { from: Phase::Closed, to: Phase::Closed })), "{again:?}");
    let released = scene.store.release((&shop(), &conversation), &"li".into(), None, after(4_000)).await;
    assert!(matches!(released, Err(StoreError::IllegalMove { from: Phase::Closed, .. })), "{released:?}");
    let to = Destination::Queue("default".into());
    let moved = scene.store.transfer((&shop(), &conversation), &"li".into(), None, (to, ""), after(4_000)).await;
    assert!(matches!(moved, Err(StoreError::IllegalMove { to: Phase::Waiting, .. })), "{moved:?}");
    assert_eq!(scene.happenings(&conversation).await.last().unwrap(), "closed", "nothing else happened");

    // A turn can't go where a conversation may not.
    let other = scene.hear(says("c2", "m1", "在吗", NOON)).await;
    let claim = scene.claim(after(1_000)).await;
    scene.store.close_conversation(Close { conversation: other.clone(), ..end(after(1_100)) }).await.unwrap();
    let stale = scene.store.commit_turn(turn(&claim, Phase::Bot, after(1_200))).await;
    assert_eq!(stale.unwrap(), Committed::Stale);
    let claim = scene.claim(after(1_300)).await;
    assert_eq!(claim.state.phase, Phase::Closed);
    let moved = scene.store.commit_turn(turn(&claim, Phase::Waiting, after(1_400))).await;
    assert!(matches!(moved, Err(StoreError::IllegalMove { .. })), "{moved:?}");
    assert!(scene.store.turns(&shop(), &other).await.unwrap().is_empty());
}

pub async fn waiting_words_are_said_once(scene: &Scene) {
    let conversation = scene.hear(says("c1", "m1", "转人工", NOON)).await;
    let claim = scene.claim(after(1_000)).await;
    scene.store.commit_turn(turn(&claim, Phase::Waiting, after(1_000))).await.unwrap();
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.urgency, row.queue), (Urgency::High, Some("after_sales".into())));
    assert!(scene.store.waiting_conversations(after(60_999)).await.unwrap().is_empty());
    assert_eq!(scene.store.waiting_conversations(after(61_000)).await.unwrap().len(), 1);
    for (words, now) in [(1, 61_000), (2, 181_000)] {
        let replies = || vec![bot_says(&format!("still-waiting-{words}"))];
        let first = scene.store.waiting_words_said(&shop(), &conversation, words, replies(), after(now)).await.unwrap();
        let second =
            scene.other.waiting_words_said(&shop(), &conversation, words, replies(), after(now)).await.unwrap();
        assert_eq!((first, second), (Committed::Done, Committed::Stale));
        let said = scene.store.claim_replies(after(now), 5_000, 10).await.unwrap();
        assert_eq!(said.len(), 1, "the bot says so while nobody holds it");
        scene.store.reply_sent(&said[0].key, after(now + 100)).await.unwrap();
    }
    assert!(scene.store.waiting_conversations(after(999_000)).await.unwrap().is_empty(), "both were said");
    // A turn that was decided meanwhile doesn't forget them.
    scene.hear(says("c1", "m2", "人呢", after(190_000))).await;
    let claim = scene.claim(after(191_000)).await;
    let mut commit = turn(&claim, Phase::Waiting, after(191_000));
    commit.turn.outcome.state.waiting_words = 0;
    scene.store.commit_turn(commit).await.unwrap();
    let state = scene.conversation(&conversation).await.state;
    assert_eq!((state.waiting_words, state.waiting_since), (2, Some(after(1_000))));
}

pub async fn the_queue_by_pages(scene: &Scene) {
    for n in 0..5 {
        let at = after(n * 10);
        scene.hear(says(&format!("c{n}"), "m1", "转人工", at)).await;
    }
    for claim in scene.store.claim_conversations(after(2_000), 5_000, 10).await.unwrap() {
        let phase = if claim.address.conversation.as_str() == "c4" { Phase::Bot } else { Phase::Waiting };
        let at = claim.first_pending_at.plus(2_000);
        scene.store.commit_turn(turn(&claim, phase, at)).await.unwrap();
    }
    let chats =
        |page: &ConversationPage| page.rows.iter().map(|row| row.address.conversation.to_string()).collect::<Vec<_>>();
    let list = |phase, cursor: Option<String>| async move {
        scene.store.conversations(&shop(), phase, cursor.as_deref(), 3).await.unwrap()
    };
    let first = list(Some(Phase::Waiting), None).await;
    assert_eq!(chats(&first), ["c0", "c1", "c2"], "the longest waiting first");
    let second = list(Some(Phase::Waiting), first.next).await;
    assert_eq!((chats(&second), second.next), (vec!["c3".to_owned()], None));
    let all = list(None, None).await;
    assert_eq!(chats(&all), ["c4", "c3", "c2"], "the latest first");
    assert_eq!(chats(&list(None, all.next).await), ["c1", "c0"]);
    assert_eq!(chats(&list(Some(Phase::Bot), Some("nonsense".into())).await), ["c4"]);
}
