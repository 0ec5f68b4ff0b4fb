//! From a message to a committed turn.

use futures_util::future::join_all;

use super::*;

pub async fn a_message_is_stored_once(scene: &Scene) {
    let conversation = scene.hear(says("c1", "m1", "在吗", NOON)).await;
    for store in [&scene.store, &scene.other] {
        let mut again = says("c1", "m1", "在吗", after(10));
        again.messages[0].message.id = "another-id".into();
        assert_eq!(store.accept(again).await.unwrap(), [Acceptance::Duplicate]);
    }
    let mut both = says("c1", "m1", "在吗", after(20));
    both.messages.extend(says("c1", "m2", "这个怎么退\0", after(20)).messages);
    let answers = scene.store.accept(both).await.unwrap();
    assert_eq!(answers, [Acceptance::Duplicate, Acceptance::Accepted { conversation: conversation.clone() }]);
    let messages = scene.store.messages(&shop(), &conversation).await.unwrap();
    assert_eq!(messages.iter().map(|(m, _)| m.text.as_str()).collect::<Vec<_>>(), ["在吗", "这个怎么退\0"]);
    assert_eq!(scene.happenings(&conversation).await, ["episode_began", "message_received", "message_received"]);

    // The same message under another conversation begins none.
    let mut moved = says("c1", "m1", "在吗", after(30));
    moved.address.conversation = "c2".into();
    assert_eq!(scene.store.accept(moved).await.unwrap(), [Acceptance::Duplicate]);
    assert_eq!(scene.store.conversation_by_external(&shop(), &"web".into(), &"c2".into()).await.unwrap(), None);

    // Many at once, from both nodes: one stored.
    let racing = (0..20).map(|n| {
        let store = if n % 2 == 0 { &scene.store } else { &scene.other };
        let mut delivery = says("c3", "m1", "有人吗", NOON);
        delivery.messages[0].message.id = format!("race-{n}").into();
        delivery.ids.conversation = format!("race-{n}").into();
        delivery.ids.customer = format!("race-{n}").into();
        delivery.ids.episode = format!("race-{n}").into();
        store.accept(delivery)
    });
    let answers: Vec<_> = join_all(racing).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| **answer != Acceptance::Duplicate).count(), 1, "{answers:?}");
}

pub async fn a_burst_is_one_turn(scene: &Scene) {
    let conversation = scene.hear(says("c1", "m1", "在吗", NOON)).await;
    scene.hear(says("c1", "m2", "这个", after(300))).await;
    scene.hear(says("c1", "m3", "怎么退", after(900))).await;
    assert!(scene.store.claim_conversations(after(999), 5_000, 10).await.unwrap().is_empty(), "the window is open");
    let claim = scene.claim(after(1_000)).await;
    assert_eq!(claim.messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["在吗", "这个", "怎么退"]);
    assert_eq!((claim.first_pending_at, claim.last_pending_at), (NOON, after(900)));
    assert_eq!((claim.next_seq, &claim.address.customer), (1, &"u-c1".into()));
    assert_eq!(claim.customer.name.as_deref(), Some("王小姐"));

    scene.other.postpone(&shop(), &conversation, after(9_000)).await.unwrap();
    assert_eq!(scene.conversation(&conversation).await.due_at, Some(after(1_000)), "the lease is not its own");
    scene.store.postpone(&shop(), &conversation, after(1_900)).await.unwrap();
    assert!(scene.store.claim_conversations(after(1_899), 5_000, 10).await.unwrap().is_empty());
    assert_eq!(scene.claim(after(1_900)).await.messages.len(), 3);
}

pub async fn one_turn_at_a_time(scene: &Scene) {
    scene.hear(says("c1", "m1", "我的快递到哪了", NOON)).await;
    let first = scene.claim(after(1_000)).await;
    assert!(scene.other.claim_conversations(after(5_999), 5_000, 10).await.unwrap().is_empty(), "leased");
    // The first node falls silent: another one decides, and the first comes too late.
    let second = scene.other.claim_conversations(after(6_000), 5_000, 10).await.unwrap().remove(0);
    assert_eq!(second.messages, first.messages);
    let (late, done) = (turn(&first, Phase::Bot, after(6_100)), turn(&second, Phase::Bot, after(6_100)));
    assert_eq!(scene.store.commit_turn(late.clone()).await.unwrap(), Committed::Stale);
    assert_eq!(scene.other.commit_turn(done.clone()).await.unwrap(), Committed::Done);
    assert_eq!(scene.store.commit_turn(late).await.unwrap(), Committed::Stale);
    assert_eq!(scene.other.commit_turn(done).await.unwrap(), Committed::Stale, "a turn is committed once");
    assert_eq!(scene.store.turns(&shop(), &first.id).await.unwrap().len(), 1);
}

pub async fn each_is_claimed_once_by_many_nodes(scene: &Scene) {
    for n in 0..40 {
        scene.hear(says(&format!("c{n}"), "m1", "在吗", NOON)).await;
    }
    let claims = (0..16).map(|n| {
        let store = if n % 2 == 0 { &scene.store } else { &scene.other };
        store.claim_conversations(after(2_000), 60_000, 5)
    });
    let mut ids: Vec<_> = join_all(claims).await.into_iter().flat_map(Result::unwrap).map(|c| c.id).collect();
    // A row that the other node holds just then is skipped; it comes with the next look.
    ids.extend(scene.store.claim_conversations(after(2_000), 60_000, 40).await.unwrap().into_iter().map(|c| c.id));
    assert_eq!(ids.len(), 40, "each once");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 40, "none twice");
}

pub async fn a_turn_is_committed_whole(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.turn_seq, row.due_at, row.first_pending_at), (1, None, None));
    assert_eq!(row.state.language, Some(Language::Zh));
    let turns = scene.store.turns(&shop(), &conversation).await.unwrap();
    assert_eq!(turns[0].input.messages[0].text, "快递到哪了", "the text comes back with the turn");
    let id = turns[0].input.id.clone();
    assert_eq!(scene.other.turn(&shop(), &id).await.unwrap(), Some(turns[0].clone()));
    let between = scene.store.turns_between(&shop(), (NOON, None), after(10_000)).await.unwrap();
    assert_eq!(between, turns);
    let from = (turns[0].input.now, Some(&id));
    assert!(scene.store.turns_between(&shop(), from, after(10_000)).await.unwrap().is_empty());
    assert_eq!(scene.store.turn(&"another-shop".into(), &id).await.unwrap(), None, "shops are apart");
    assert_eq!(scene.store.messages(&shop(), &conversation).await.unwrap()[0].1, Some(id));
    assert_eq!(scene.happenings(&conversation).await, ["episode_began", "message_received", "turn_decided"]);
    let replies = scene.store.replies(&shop(), &conversation).await.unwrap();
    assert_eq!(
        replies.iter().map(|r| (r.seq, r.state)).collect::<Vec<_>>(),
        [(1, ReplyState::Queued), (2, ReplyState::Queued)]
    );
    assert_eq!(replies[0].reply, bot_says("k1"));
}

pub async fn a_stale_turn_leaves_nothing(scene: &Scene) {
    let conversation = scene.hear(says("c1", "m1", "我要退款", NOON)).await;
    let claim = scene.claim(after(1_000)).await;
    scene.other.take(&shop(), &conversation, &"li".into(), false, after(1_100)).await.unwrap().expect("taken").unwrap();
    let commit = CommitTurn { replies: vec![bot_says("k1")], ..turn(&claim, Phase::Bot, after(1_200)) };
    assert_eq!(scene.store.commit_turn(commit.clone()).await.unwrap(), Committed::Stale);
    assert!(scene.store.turns(&shop(), &conversation).await.unwrap().is_empty());
    assert!(scene.store.replies(&shop(), &conversation).await.unwrap().is_empty());
    // It is decided once more at once, in silence, now that a person holds it.
    let again = scene.claim(after(1_200)).await;
    assert_eq!((again.state.phase, again.epoch), (Phase::Agent, claim.epoch + 1));
    let late = scene.store.commit_turn(commit).await.unwrap();
    assert_eq!(late, Committed::Stale, "its node has the lease again, but of another epoch");
    let silent = turn(&again, Phase::Agent, after(1_300));
    assert_eq!(scene.store.commit_turn(silent).await.unwrap(), Committed::Done);
    assert_eq!(scene.conversation(&conversation).await.state.holder, Some("li".into()));
}

pub async fn what_comes_meanwhile_is_next(scene: &Scene) {
    let conversation = scene.hear(says("c1", "m1", "快递到哪了", NOON)).await;
    let claim = scene.claim(after(1_000)).await;
    scene.hear(says("c1", "m2", "能改地址吗", after(1_500))).await;
    let commit = turn(&claim, Phase::Bot, after(1_600));
    assert_eq!(scene.store.commit_turn(commit).await.unwrap(), Committed::Done);
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.first_pending_at, row.due_at), (Some(after(1_500)), Some(after(2_500))));
    let next = scene.claim(after(2_500)).await;
    assert_eq!((next.next_seq, next.messages.len(), next.messages[0].text.as_str()), (2, 1, "能改地址吗"));
}

pub async fn a_closed_chat_begins_anew(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    let first = scene.conversation(&conversation).await;
    let end = Close {
        shop: shop(),
        conversation: conversation.clone(),
        by: "idle".into(),
        reason: None,
        last_words: vec![bot_says("bye")],
        only_from: None,
        at: after(60_000),
    };
    let idle = scene.store.idle_conversations(&shop(), after(50_000), 10).await.unwrap();
    assert_eq!(idle.iter().map(|row| &row.id).collect::<Vec<_>>(), [&conversation]);
    scene.store.close_conversation(end).await.unwrap().expect("closed");
    let sent = scene.store.claim_replies(after(60_100), 5_000, 10).await.unwrap();
    assert_eq!(sent.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["bye"], "the last words are still said");
    scene.hear(says("c1", "m2", "还有一个问题", after(90_000))).await;
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.state.phase, row.turn_seq, row.state.language), (Phase::Bot, 1, Some(Language::Zh)));
    assert_ne!(row.episode, first.episode);
    let happened = scene.happenings(&conversation).await;
    assert_eq!(happened[3..], ["closed", "episode_began", "message_received"]);
}

pub async fn a_restart_keeps_everything(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1")]).await;
    scene.hear(says("c1", "m2", "谢谢", after(3_000))).await;
    let before = scene.conversation(&conversation).await;
    scene.store.close().await;
    let store = Store::open(&scene.url, "node-3".into()).await.unwrap();
    assert_eq!(store.conversation(&shop(), &conversation).await.unwrap(), Some(before));
    assert_eq!(store.accept(says("c1", "m2", "谢谢", after(4_000))).await.unwrap(), [Acceptance::Duplicate]);
    let claim = store.claim_conversations(after(4_000), 5_000, 10).await.unwrap();
    assert_eq!(claim[0].messages[0].text, "谢谢");
    assert_eq!(store.claim_replies(after(4_000), 5_000, 10).await.unwrap().len(), 1);
    store.close().await;
}

pub async fn one_failure_harms_no_neighbour(scene: &Scene) {
    let nobody = || TokenRow { principal: "nobody".into(), shop: shop(), role: Role::Service };
    let good = join_all((0..50).map(|n| scene.store.accept(says(&format!("c{n}"), "m1", "在吗", NOON))));
    let bad = join_all(
        (0..50).map(|n| async move { scene.store.create_token(&format!("hash-{n}"), nobody(), NOON, None).await }),
    );
    let (good, bad) = tokio::join!(good, bad);
    assert!(good.iter().all(Result::is_ok), "{good:?}");
    assert!(bad.iter().all(|outcome| matches!(outcome, Err(StoreError::Database(_)))), "{bad:?}");
    let claimed = scene.store.claim_conversations(after(2_000), 5_000, 100).await.unwrap();
    assert_eq!(claimed.len(), 50);

    // What fails late takes back what it had written, and nothing else.
    let commits = join_all(claimed.iter().enumerate().map(|(n, claim)| {
        let (first, second) = (format!("k{n}"), if n % 2 == 0 { format!("k{n}") } else { format!("l{n}") });
        let replies = vec![bot_says(&first), bot_says(&second)];
        scene.store.commit_turn(CommitTurn { replies, ..turn(claim, Phase::Bot, after(2_100)) })
    }));
    for (n, outcome) in commits.await.into_iter().enumerate() {
        let turns = scene.store.turns(&shop(), &claimed[n].id).await.unwrap().len();
        let events = scene.happenings(&claimed[n].id).await.len();
        let wanted = if n % 2 == 0 { (true, 0, 2) } else { (false, 1, 3) };
        assert_eq!((outcome.is_err(), turns, events), wanted, "turn {n}");
    }
}

pub async fn texts_can_go_and_keys_stay(scene: &Scene) {
    let conversation = scene.answered("c1", vec![]).await;
    let ids = scene.store.messages(&shop(), &conversation).await.unwrap().into_iter().map(|(m, _)| m.id).collect();
    scene.store.blank_messages(&shop(), ids).await.unwrap();
    assert_eq!(scene.store.turns(&shop(), &conversation).await.unwrap()[0].input.messages[0].text, "");
    assert_eq!(scene.store.accept(says("c1", "m1", "快递到哪了", NOON)).await.unwrap(), [Acceptance::Duplicate]);
}
