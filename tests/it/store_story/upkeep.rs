//! What the desk keeps: the queue with all that a list shows, chats left behind, promises, phrases, who is there.

use super::*;

/// A chat that waits since 2 s after noon, in which the customer has no answer.
async fn waiting(scene: &Scene, chat: &str) -> ConversationId {
    let conversation = scene.hear(says(chat, "m1", "转人工", NOON)).await;
    let claim = scene.claim(after(2 * SECOND)).await;
    let mut commit = turn(&claim, Phase::Waiting, after(2 * SECOND));
    commit.turn.outcome.state.unanswered_since = Some(NOON);
    commit.turn.outcome.decision.urgency = Urgency::Normal;
    assert_eq!(scene.store.commit_turn(commit).await.unwrap(), Committed::Done);
    conversation
}

async fn person(scene: &Scene, id: &str) -> PrincipalId {
    let person = PrincipalId::from(id);
    scene.store.add_principal(&person, "小李", NOON).await.unwrap();
    person
}

pub(super) async fn the_queue_tells_of_each_chat(scene: &Scene) {
    let conversation = waiting(scene, "chat").await;
    let li = person(scene, "li").await;
    let queue = scene.other.queue(&shop()).await.unwrap();
    let [queued] = &queue[..] else { panic!("{queue:#?}") };
    assert_eq!(queued.row.id, conversation);
    assert_eq!(queued.last_said.as_ref().map(|(message, at)| (message.text.as_str(), *at)), Some(("转人工", NOON)));
    assert_eq!((queued.unread, queued.holder_name.as_deref(), queued.promise_due), (1, None, None));

    scene.store.take(&shop(), &conversation, &li, false, after(3_000)).await.unwrap().unwrap().unwrap();
    let promise = NewPromise {
        id: "p1".into(),
        what: "今天回复".into(),
        due: after(MINUTE),
        owner: Some(li.clone()),
        by: "li".into(),
    };
    scene.store.promise(&shop(), &conversation, promise, after(3_000)).await.unwrap().unwrap();
    let queued = scene.other.queued(&shop(), &conversation).await.unwrap().unwrap();
    assert_eq!((queued.holder_name.as_deref(), queued.promise_due), (Some("小李"), Some(after(MINUTE))));
    assert_eq!(scene.other.held_chats().await.unwrap(), [(li, 1)]);
    assert_eq!(scene.other.queued(&"other".into(), &conversation).await.unwrap(), None);
}

pub(super) async fn chats_that_people_leave_wait_again(scene: &Scene) {
    let conversation = waiting(scene, "chat").await;
    let (store, li) = (&scene.store, person(scene, "li").await);
    assert_eq!(store.waiting_too_long(after(SECOND)).await.unwrap(), []);
    assert_eq!(store.waiting_too_long(after(5 * SECOND)).await.unwrap(), [(shop(), conversation.clone())]);
    let escalate = async || scene.other.keep_up(&shop(), &conversation, Upkeep::Escalate, after(5 * SECOND)).await;
    assert_eq!((escalate().await.unwrap(), escalate().await.unwrap()), (Some(true), Some(false)), "once");

    store.take(&shop(), &conversation, &li, false, after(6_000)).await.unwrap().unwrap().unwrap();
    // Whoever answers on a platform is not hurried.
    assert_eq!(store.left_unanswered(after(6_000)).await.unwrap(), []);
    let place = Membership { shop: shop(), role: Role::Agent, outsourced: false };
    store.set_place(&li, place).await.unwrap();
    // Somebody who never sat at the desk can't have left it.
    assert!(store.left_behind(after(MINUTE)).await.unwrap().is_empty());
    store.set_presence(&li, Presence::Online, after(6_000)).await.unwrap();
    assert_eq!(store.left_unanswered(after(6_000)).await.unwrap().len(), 1);
    assert!(store.left_behind(after(6_000)).await.unwrap().is_empty());
    store.see_people(vec![li.clone()], after(9_000)).await.unwrap();
    assert!(store.left_behind(after(9_000)).await.unwrap().is_empty());
    assert_eq!(store.left_behind(after(9_001)).await.unwrap().len(), 1);
    let seen = |now: At| async move { store.presences(now).await.unwrap()[0].presence };
    assert_eq!(seen(after(9_000)).await, Presence::Online);
    assert_eq!(seen(after(9_001 + GONE_AFTER)).await, Presence::Offline);

    let back = |from: &str| Upkeep::Return { from: from.into(), why: SILENT };
    assert_eq!(store.keep_up(&shop(), &conversation, back("wang"), after(9_000)).await.unwrap(), Some(false));
    assert_eq!(store.keep_up(&shop(), &conversation, back("li"), after(9_000)).await.unwrap(), Some(true));
    let row = scene.conversation(&conversation).await;
    assert_eq!((row.state.phase, row.state.holder, row.urgency), (Phase::Waiting, None, Urgency::High));
    assert_eq!(row.state.waiting_since, Some(NOON), "who waited doesn't start anew");
    assert!(row.state.was_held);
    assert_eq!(
        store.keep_up(&shop(), &conversation, Upkeep::Assign { to: li.clone() }, after(9_500)).await.unwrap(),
        Some(true)
    );
    assert_eq!(scene.conversation(&conversation).await.state.holder, Some(li));
}

pub(super) async fn promises_are_told_once(scene: &Scene) {
    let conversation = waiting(scene, "chat").await;
    let (store, li) = (&scene.store, person(scene, "li").await);
    let promise = NewPromise {
        id: "p1".into(),
        what: "查一下".into(),
        due: after(MINUTE),
        owner: Some(li.clone()),
        by: "li".into(),
    };
    store.promise(&shop(), &conversation, promise, after(3_000)).await.unwrap().unwrap();
    assert_eq!(store.promises_to_tell(after(SECOND), after(SECOND)).await.unwrap(), []);
    assert_eq!(store.promises_to_tell(after(MINUTE), after(SECOND)).await.unwrap().len(), 1);
    let id = PromiseId::from("p1");
    let moved = async |what: PromiseMove| scene.other.move_promise(&shop(), &id, what, after(MINUTE)).await.unwrap();
    assert!(moved(PromiseMove::Reminded).await && !moved(PromiseMove::Reminded).await);
    assert_eq!(store.promises_to_tell(after(MINUTE), after(SECOND)).await.unwrap(), []);
    assert!(moved(PromiseMove::Overdue).await && !moved(PromiseMove::Overdue).await);
    assert_eq!(scene.conversation(&conversation).await.urgency, Urgency::High);
    assert!(moved(PromiseMove::Passed { by: li.clone(), to: person(scene, "wang").await }).await);
    assert_eq!(store.open_promises(&shop()).await.unwrap()[0].owner, Some("wang".into()));
    assert!(moved(PromiseMove::Kept { by: "wang".into() }).await);
    assert!(!moved(PromiseMove::Dropped { by: li, why: "晚了".into() }).await);
    assert_eq!(store.promises_in(&shop(), &conversation).await.unwrap()[0].state, "kept");
    assert!(store.open_promises(&shop()).await.unwrap().is_empty());
}

pub(super) async fn what_people_keep(scene: &Scene) {
    let (store, li) = (&scene.store, person(scene, "li").await);
    let id = PhraseId::from("f1");
    let save = |title: &str| PhraseMove::Save { title: title.into(), text: "马上帮您查".into() };
    assert!(store.change_phrase(&shop(), &id, &li, save("查"), NOON).await.unwrap());
    assert!(store.change_phrase(&shop(), &id, &li, save("帮查"), after(1)).await.unwrap());
    let of = async |person: &str| scene.other.phrases(&shop(), &person.into()).await.unwrap();
    assert_eq!((of("li").await[0].title.as_str(), of("wang").await.len()), ("帮查", 0));
    assert!(store.change_phrase(&shop(), &id, &"chen".into(), PhraseMove::Promote, after(2)).await.unwrap());
    assert_eq!((of("wang").await[0].owner.clone(), of("wang").await[0].author.as_str()), (None, "li"));
    assert!(store.change_phrase(&shop(), &id, &"chen".into(), PhraseMove::Remove, after(3)).await.unwrap());
    assert!(of("wang").await.is_empty());

    let picture = PictureRow { media_type: "image/png".into(), body: "iVBORw0=".into() };
    store.keep_picture("xo_1", &shop(), picture.clone(), &li, NOON).await.unwrap();
    assert_eq!(
        (scene.other.picture("xo_1").await.unwrap(), scene.other.picture("xo_2").await.unwrap()),
        (Some(picture), None)
    );

    assert!(!store.has_people().await.unwrap());
    store.create_invitation("old", Some(&li), NOON, after(MINUTE)).await.unwrap();
    store.create_invitation("new", Some(&li), NOON, after(MINUTE)).await.unwrap();
    assert_eq!(store.find_invitation("old", NOON).await.unwrap(), None, "the last link is the only one");
    assert_eq!(store.find_invitation("new", after(MINUTE)).await.unwrap(), None, "too late");
    assert!(
        store.use_invitation("new", after(1)).await.unwrap() && !store.use_invitation("new", after(1)).await.unwrap()
    );
    store.set_password_hash(&li, Some("$argon2id$".into())).await.unwrap();
    let place = Membership { shop: shop(), role: Role::Agent, outsourced: true };
    store.set_place(&li, place.clone()).await.unwrap();
    assert_eq!((store.memberships(&li).await.unwrap(), store.has_people().await.unwrap()), (vec![place], true));
    let members = store.members(&shop()).await.unwrap();
    assert_eq!((members[0].person.id.clone(), members[0].role, members[0].outsourced), (li, Role::Agent, true));
}

pub(super) async fn words_are_taken_back(scene: &Scene) {
    let conversation = waiting(scene, "chat").await;
    let (store, li) = (&scene.store, person(scene, "li").await);
    store.take(&shop(), &conversation, &li, false, after(3_000)).await.unwrap().unwrap().unwrap();
    let held = NewReply { hold_ms: 3_000, ..reply("r1", Author::Agent(li.clone()), DeliveryMode::AtMostOnce) };
    let said = Event { at: after(3_000), what: Happening::Rated { rating: 5 } };
    store.queue_agent_reply(&shop(), &conversation, &li, held, false, said.clone()).await.unwrap();
    assert!(store.claim_replies(after(5_999), SECOND, 10).await.unwrap().is_empty(), "it is held");
    let undo = async |by: &str, key: &str| {
        scene.other.undo_reply(&shop(), &conversation, &by.into(), &key.into(), after(4_000)).await.unwrap()
    };
    assert_eq!(undo("wang", "r1").await, None, "somebody else's words");
    assert_eq!(undo("li", "r1").await, Some(TakenBack::Done));
    assert_eq!(undo("li", "r1").await, Some(TakenBack::TooLate));
    let next = reply("r2", Author::Agent(li.clone()), DeliveryMode::AtMostOnce);
    store.queue_agent_reply(&shop(), &conversation, &li, next, false, said).await.unwrap();
    let claimed = store.claim_replies(after(6_000), SECOND, 10).await.unwrap();
    assert_eq!(claimed.iter().map(|reply| reply.key.as_str()).collect::<Vec<_>>(), ["r2"]);
    assert_eq!(undo("li", "r2").await, Some(TakenBack::TooLate), "it is on its way");
    store.reply_sent(&"r2".into(), after(6_100)).await.unwrap();
    let notice =
        || NewReply { kind: ReplyKind::Recall, ..reply("r3", Author::Agent(li.clone()), DeliveryMode::AtMostOnce) };
    let recall = async || {
        let place = (&shop(), &conversation);
        store.recall_reply(place, &li, &"r2".into(), notice(), after(7_000)).await.unwrap()
    };
    assert_eq!((recall().await, recall().await), (Some(TakenBack::Done), Some(TakenBack::TooLate)));
    assert_eq!(scene.reply_states(&conversation).await, [ReplyState::Cancelled, ReplyState::Sent, ReplyState::Queued]);
}

pub(super) async fn one_stream_over_all_shops(scene: &Scene) {
    let begin = scene.store.stream_end().await.unwrap();
    let conversation = waiting(scene, "chat").await;
    let mut place = begin;
    let mut kinds = Vec::new();
    // One at a time, from the text of each place.
    loop {
        let rows = scene.other.stream_after(place, 1).await.unwrap();
        let Some(row) = rows.into_iter().next() else { break };
        place = StreamPlace::parse(&row.place.to_string()).unwrap();
        assert_eq!((row.shop.clone(), row.event.conversation.clone()), (shop(), Some(conversation.clone())));
        kinds.push(serde_json::to_value(&row.event.event).unwrap()["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds, scene.happenings(&conversation).await);
    assert_eq!(scene.store.stream_end().await.unwrap(), place);
    assert_eq!(StreamPlace::parse("nonsense"), None);
}

/// A person answers before the turn of what they answer is decided.
pub(super) async fn who_answers_at_once_owes_nothing(scene: &Scene) {
    let conversation = waiting(scene, "chat").await;
    let (store, li) = (&scene.store, person(scene, "li").await);
    store.take(&shop(), &conversation, &li, false, after(3_000)).await.unwrap().unwrap().unwrap();
    scene.hear(says("chat", "m2", "几天能到", after(4_000))).await;
    let said = Event { at: after(5_000), what: Happening::Rated { rating: 5 } };
    let answer = reply("r1", Author::Agent(li.clone()), DeliveryMode::AtMostOnce);
    store.queue_agent_reply(&shop(), &conversation, &li, answer, false, said.clone()).await.unwrap();
    let claim = scene.claim(after(6_000)).await;
    let mut commit = turn(&claim, Phase::Agent, after(6_000));
    commit.turn.outcome.state.unanswered_since = Some(after(4_000));
    assert_eq!(store.commit_turn(commit).await.unwrap(), Committed::Done);
    assert_eq!(scene.conversation(&conversation).await.state.unanswered_since, None, "answered already");

    // The next one is owed; an answer that is undone is owed again.
    scene.hear(says("chat", "m3", "那什么时候发货", after(7_000))).await;
    let claim = scene.claim(after(9_000)).await;
    let mut commit = turn(&claim, Phase::Agent, after(9_000));
    commit.turn.outcome.state.unanswered_since = Some(after(7_000));
    store.commit_turn(commit).await.unwrap();
    let held = NewReply { hold_ms: 3_000, ..reply("r2", Author::Agent(li.clone()), DeliveryMode::AtMostOnce) };
    let said = Event { at: after(10_000), ..said };
    store.queue_agent_reply(&shop(), &conversation, &li, held, false, said).await.unwrap();
    assert_eq!(scene.conversation(&conversation).await.state.unanswered_since, None);
    store.undo_reply(&shop(), &conversation, &li, &"r2".into(), after(11_000)).await.unwrap();
    assert_eq!(scene.conversation(&conversation).await.state.unanswered_since, Some(after(7_000)));
    // Only their own chat may be moved, also where it changed hands a moment ago.
    let release = store.release((&shop(), &conversation), &"wang".into(), Some(&"wang".into()), after(12_000)).await;
    assert!(matches!(release, Err(StoreError::Held(holder)) if holder == li));
}
