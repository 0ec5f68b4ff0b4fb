//! Events, people, modes, playbooks, figures.

use futures_util::future::join_all;

use super::*;

pub async fn events_are_a_stream(scene: &Scene) {
    let rated = |rating| Event { at: NOON, what: Happening::Rated { rating } };
    assert_eq!(scene.store.last_event_seq(&shop()).await.unwrap(), 0);
    let conversation = scene.answered("c1", vec![]).await;
    scene.store.append_events(&shop(), Some(&conversation), vec![rated(4), rated(5)]).await.unwrap();
    scene.store.append_events(&"another".into(), None, vec![rated(1)]).await.unwrap();
    let all = scene.other.events_after(&shop(), 0, 100).await.unwrap();
    assert_eq!(all.len(), 5, "{all:?}");
    assert_eq!(scene.store.last_event_seq(&shop()).await.unwrap(), all[4].seq);
    assert_eq!(all[4].episode, Some(scene.conversation(&conversation).await.episode));

    // A reader who resumes after each page misses nothing, while both nodes write.
    let reader = async {
        let (mut seen, mut last) = (Vec::new(), all[4].seq);
        while seen.len() < 200 {
            let page = scene.store.events_after(&shop(), last, 7).await.unwrap();
            last = page.last().map_or(last, |row| row.seq);
            seen.extend(page.into_iter().map(|row| row.event.at.0));
            tokio::task::yield_now().await;
        }
        seen
    };
    let writers = join_all((0..200).map(|n| {
        let store = if n % 2 == 0 { &scene.store } else { &scene.other };
        let event = Event { at: At(n), what: Happening::Rated { rating: 3 } };
        async move { store.append_events(&shop(), None, vec![event]).await.unwrap() }
    }));
    let both = async { tokio::join!(reader, writers) };
    let (mut seen, _) = tokio::time::timeout(std::time::Duration::from_secs(20), both).await.expect("none is missed");
    seen.sort_unstable();
    assert_eq!(seen, (0..200).collect::<Vec<_>>());
}

pub async fn people_and_roles(scene: &Scene) {
    let (store, li) = (&scene.store, PrincipalId::from("li"));
    assert!(!store.set_membership(&li, &shop(), Role::Agent).await.unwrap(), "nobody of that name yet");
    assert!(store.add_principal(&li, "小李", NOON).await.unwrap());
    assert!(!store.add_principal(&li, "老李", NOON).await.unwrap(), "the id is taken");
    assert!(store.set_password_hash(&li, Some("$argon2id$secret".into())).await.unwrap());
    store.set_membership(&li, &shop(), Role::Agent).await.unwrap();
    store.set_membership(&li, &"other".into(), Role::Manager).await.unwrap();
    store.set_membership(&li, &shop(), Role::Lead).await.unwrap();
    let roles = scene.other.memberships(&li).await.unwrap();
    let roles: Vec<_> = roles.into_iter().map(|place| (place.shop, place.role)).collect();
    assert_eq!(roles, [(shop(), Role::Lead), ("other".into(), Role::Manager)]);
    assert!(store.end_membership(&li, &"other".into()).await.unwrap());
    let found = store.find_principal(&li).await.unwrap().expect("li");
    assert_eq!((found.name.as_str(), found.password_hash.as_deref()), ("小李", Some("$argon2id$secret")));
    assert!(!format!("{found:?}").contains("argon2id"), "a hash isn't for logs");
    assert_eq!(store.find_principal(&"nobody".into()).await.unwrap(), None);
    assert_eq!(store.principals().await.unwrap(), [found]);
}

pub async fn tokens_and_sessions(scene: &Scene) {
    let (store, li) = (&scene.store, PrincipalId::from("li"));
    store.add_principal(&li, "小李", NOON).await.unwrap();
    let token = TokenRow { principal: li.clone(), shop: shop(), role: Role::Service };
    store.create_token("t1", token.clone(), NOON, Some(after(1_000))).await.unwrap();
    store.create_token("t2", token.clone(), NOON, None).await.unwrap();
    assert_eq!(store.find_token("t1", after(999)).await.unwrap(), Some(token.clone()));
    assert_eq!(store.find_token("t1", after(1_000)).await.unwrap(), None, "expired");
    assert!(store.revoke_token("t1", after(10)).await.unwrap());
    assert!(!store.revoke_token("t1", after(20)).await.unwrap());
    assert_eq!(store.find_token("t1", after(30)).await.unwrap(), None, "revoked");
    store.create_session("s1", &li, NOON, after(9_000)).await.unwrap();
    store.create_session("s2", &li, NOON, after(9_000)).await.unwrap();
    store.see_session("s1", after(500)).await.unwrap();
    assert_eq!(store.find_session("s1", after(600)).await.unwrap().expect("a session").seen_at, after(500));
    store.end_session("s1", after(700)).await.unwrap();
    assert_eq!(store.find_session("s1", after(700)).await.unwrap(), None);
    store.disable_principal(&li).await.unwrap();
    assert_eq!(store.find_token("t2", after(1)).await.unwrap(), None, "shut out");
    assert_eq!(store.find_session("s2", after(1)).await.unwrap(), None, "shut out");
    store.enable_principal(&li).await.unwrap();
    assert_eq!(scene.other.find_token("t2", after(1)).await.unwrap(), Some(token));
}

pub async fn modes_and_playbooks(scene: &Scene) {
    let store = &scene.store;
    store.set_mode(&shop(), None, Mode::Suggest, "li", NOON).await.unwrap();
    store.set_mode(&shop(), Some(&"aftersale/refund".into()), Mode::Shadow, "li", NOON).await.unwrap();
    store.set_mode(&shop(), None, Mode::Auto, "chen", after(1)).await.unwrap();
    let modes = scene.other.modes().await.unwrap();
    assert_eq!(
        modes.iter().map(|row| (row.intent.is_some(), row.mode)).collect::<Vec<_>>(),
        [(false, Mode::Auto), (true, Mode::Shadow)]
    );
    let version = |hash: &str, parent: Option<&str>, at| PlaybookVersion {
        hash: hash.into(),
        parent: parent.map(PlaybookHash::from),
        author: "files".into(),
        at,
        sources: "shop.yaml: …".into(),
    };
    let shop = shop();
    let publish = |hash, parent, at| store.publish_playbook(&shop, version(hash, parent, at));
    assert_eq!(store.latest_playbook(&shop).await.unwrap(), None);
    assert_eq!(publish("h1", None, NOON).await.unwrap(), Published::Done);
    assert_eq!(publish("h1", None, after(1)).await.unwrap(), Published::Already);
    assert_eq!(publish("h2", Some("h1"), after(2)).await.unwrap(), Published::Done);
    let behind = Published::Behind { current: Some("h2".into()) };
    assert_eq!(publish("h3", Some("h1"), after(3)).await.unwrap(), behind);
    assert_eq!(publish("h1", Some("h2"), after(4)).await.unwrap(), Published::Done, "the same words again");
    assert_eq!(scene.other.latest_playbook(&shop).await.unwrap(), Some(version("h1", None, NOON)));
    assert_eq!(store.playbooks(&shop, 10).await.unwrap().len(), 2);
    assert_eq!(store.playbook(&shop, &"h2".into()).await.unwrap().unwrap().parent, Some("h1".into()));
}

pub async fn playbooks_come_and_go(scene: &Scene) {
    let (store, shop) = (&scene.store, shop());
    let version = |hash: &str, parent: Option<&str>, author: &str| PlaybookVersion {
        hash: hash.into(),
        parent: parent.map(PlaybookHash::from),
        author: author.into(),
        at: NOON,
        sources: "{}".into(),
    };
    assert_eq!(store.playbook_moves(&shop, 10).await.unwrap(), []);
    assert_eq!(store.last_published_from_files(&shop).await.unwrap(), None);
    store.publish_playbook(&shop, version("a1", None, FROM_FILES)).await.unwrap();
    store.publish_playbook(&shop, version("b2", Some("a1"), "chen")).await.unwrap();
    store.keep_playbook(&shop, version("c3", Some("b2"), "chen")).await.unwrap();
    assert_eq!(scene.other.playbooks_in_force().await.unwrap(), [(shop.clone(), "b2".into())], "keeping moves nothing");
    let back = |to: &str, from: &str| {
        let (to, from) = (PlaybookHash::from(to), PlaybookHash::from(from));
        let shop = &shop;
        async move { store.roll_back_playbook(shop, &to, Some(&from), "li", after(1)).await.unwrap() }
    };
    assert_eq!(back("a1", "a1").await, Published::Behind { current: Some("b2".into()) }, "somebody was faster");
    assert_eq!(back("a1", "b2").await, Published::Done);
    assert_eq!(back("a1", "b2").await, Published::Already);
    assert!(
        store.roll_back_playbook(&shop, &"zz".into(), Some(&"a1".into()), "li", after(2)).await.is_err(),
        "unknown"
    );
    let moves = scene.other.playbook_moves(&shop, 10).await.unwrap();
    let told: Vec<_> = moves.iter().map(|step| (step.how, step.by.as_str(), step.to.as_str())).collect();
    assert_eq!(
        told,
        [(Move::RolledBack, "li", "a1"), (Move::Pushed, "chen", "b2"), (Move::Published, FROM_FILES, "a1")]
    );
    assert_eq!(moves[0].from, Some("b2".into()));
    assert!(moves[0].seq > moves[1].seq && moves[1].seq > moves[2].seq);
    assert_eq!(scene.other.last_published_from_files(&shop).await.unwrap().as_ref(), moves.last());
    assert_eq!(store.playbook_hashes(&shop).await.unwrap().len(), 3);
    // Two nodes at the same moment: one of them finds itself behind, and it is noted once.
    let (one, two) = tokio::join!(
        store.publish_playbook(&shop, version("d4", Some("a1"), "chen")),
        scene.other.publish_playbook(&shop, version("e5", Some("a1"), "li")),
    );
    let done = [one.unwrap(), two.unwrap()].iter().filter(|done| **done == Published::Done).count();
    assert_eq!((done, store.playbook_moves(&shop, 10).await.unwrap().len()), (1, 4));
}

pub async fn figures(scene: &Scene) {
    assert_eq!(scene.store.counts().await.unwrap(), Counts::default());
    scene.answered("c1", vec![bot_says("k1"), bot_says("k2")]).await;
    scene.store.claim_replies(after(2_100), 5_000, 10).await.unwrap();
    scene.hear(says("c2", "m1", "在吗", after(3_000))).await;
    let counts = scene.store.counts().await.unwrap();
    assert_eq!((counts.undecided, counts.oldest_due), (1, Some(after(4_000))));
    assert_eq!(counts.outbox, [(ReplyState::Queued, 1), (ReplyState::Sending, 1)]);
    assert_eq!(counts.conversations, [(Phase::Bot, 2)]);
}
