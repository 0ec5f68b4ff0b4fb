//! Only the outbox speaks.

use super::*;

pub async fn replies_go_out_in_order(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    let first = scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    assert_eq!(first.len(), 1, "the second waits for the first");
    assert_eq!((first[0].key.as_str(), first[0].attempts), ("k1", 1));
    assert_eq!(first[0].address.conversation, "c1".into());
    assert!(scene.other.claim_replies(after(2_200), 5_000, 10).await.unwrap().is_empty());
    let k1 = ReplyKey::from("k1");
    assert!(scene.store.still_claimed(&k1, after(2_200)).await.unwrap());
    assert!(!scene.other.still_claimed(&k1, after(2_200)).await.unwrap(), "the lease is another node's");
    assert!(!scene.store.still_claimed(&k1, after(7_100)).await.unwrap(), "the lease has lapsed");

    let retried = scene.store.retry_reply(&k1, after(4_000), "503").await.unwrap();
    assert_eq!(retried, Committed::Done);
    assert!(scene.store.claim_replies(after(3_999), 5_000, 10).await.unwrap().is_empty(), "neither overtakes");
    let again = scene.other.claim_replies(after(4_000), 5_000, 10).await.unwrap();
    assert_eq!((again[0].key.as_str(), again[0].attempts), ("k1", 2), "the same key at every attempt");
    assert_eq!(scene.other.reply_sent(&k1, after(4_100)).await.unwrap(), Committed::Done);
    assert_eq!(scene.store.reply_sent(&k1, after(4_200)).await.unwrap(), Committed::Stale, "told once");
    let second = scene.store.claim_replies(after(4_200), 5_000, 10).await.unwrap();
    assert_eq!(second[0].key.as_str(), "k2");
    scene.store.reply_sent(&"k2".into(), after(4_300)).await.unwrap();
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Sent, ReplyState::Sent]);
    assert_eq!(scene.happenings(&conversation).await[3..], ["reply_sent", "reply_sent"]);
}

pub async fn a_refused_reply_goes_to_a_person(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    scene.store.reply_dead(&"k1".into(), "403 the customer blocked the shop", after(2_200)).await.unwrap();
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.state.phase, row.state.waiting_since), (Phase::Waiting, Some(after(2_200))));
    let dead = scene.store.dead_replies(&shop(), 10).await.unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("403 the customer blocked the shop"));
    assert!(scene.store.claim_replies(after(2_300), 5_000, 10).await.unwrap().is_empty(), "the bot says no more");
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Dead, ReplyState::Cancelled]);
    assert_eq!(scene.happenings(&conversation).await[3..], ["delivery_failed", "reply_cancelled"]);
}

pub async fn a_late_reply_is_not_sent(scene: &Scene) {
    let news = NewReply { kind: ReplyKind::HandedOff, ..bot_says("news") };
    let conversation = scene.answered("c1", vec![bot_says("k1"), news]).await;
    assert!(scene.store.claim_replies(after(62_001), 5_000, 10).await.unwrap().is_empty());
    assert_eq!(scene.phase(&conversation).await, Phase::Waiting);
    let next = scene.store.claim_replies(after(62_002), 5_000, 10).await.unwrap();
    assert_eq!(next[0].key.as_str(), "news", "news for a desk go out, however late and whoever holds the chat");
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Cancelled, ReplyState::Sending]);
    assert_eq!(scene.happenings(&conversation).await[3..], ["reply_cancelled"]);
}

pub async fn a_cut_short_send(scene: &Scene) {
    let twice = reply("again", Author::Bot, DeliveryMode::AtLeastOnce);
    let one = scene.answered("c1", vec![twice]).await;
    let once = scene.answered("c2", vec![bot_says("once")]).await;
    assert_eq!(scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap().len(), 2);
    assert!(scene.other.claim_replies(after(7_099), 5_000, 10).await.unwrap().is_empty());
    let again = scene.other.claim_replies(after(7_100), 5_000, 10).await.unwrap();
    assert_eq!(again.iter().map(|r| (r.key.as_str(), r.attempts)).collect::<Vec<_>>(), [("again", 2)]);
    assert_eq!(scene.phase(&one).await, Phase::Bot);
    assert_eq!(scene.reply_states(&once).await, [ReplyState::Unknown]);
    assert_eq!(scene.phase(&once).await, Phase::Waiting, "a person looks whether it arrived");
    assert_eq!(scene.happenings(&once).await.last().unwrap(), "delivery_failed");
    // It had arrived after all, and the first node lives to tell.
    assert_eq!(scene.store.reply_sent(&"once".into(), after(8_000)).await.unwrap(), Committed::Done);
    assert_eq!(scene.reply_states(&once).await, [ReplyState::Sent]);
}

pub async fn an_old_report_changes_nothing(scene: &Scene) {
    let conversation = scene.answered("c1", vec![bot_says("k1")]).await;
    scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    scene.other.claim_replies(after(7_100), 5_000, 10).await.unwrap();
    let key = ReplyKey::from("k1");
    assert_eq!(scene.store.retry_reply(&key, after(8_000), "timeout").await.unwrap(), Committed::Stale);
    assert_eq!(scene.store.reply_dead(&key, "400", after(8_000)).await.unwrap(), Committed::Stale);
    assert_eq!(scene.store.reply_unknown(&key, "reset", after(8_000)).await.unwrap(), Committed::Stale);
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Unknown]);
    assert_eq!(scene.store.reply_sent(&"no-such-key".into(), after(8_000)).await.unwrap(), Committed::Stale);
}
