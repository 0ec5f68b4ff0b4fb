//! Base, group, shop: what each layer adds, replaces, takes away; and what it costs to have many shops.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use xiaoer::app::{self, App, Start};
use xiaoer::domain::{At, IntentId, Language, Message, Situation};
use xiaoer::engine::Engine;
use xiaoer::playbook::{Loaded, Playbook};
use xiaoer::shops::{Clockwork, load_playbook};
use xiaoer::store::Store;

/// A folder of shops' folders.
struct Folders(TempDir);

impl Folders {
    fn with(files: &[(&str, &str)]) -> Self {
        let folders = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folders.write(path, text);
        }
        folders
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn load(&self, shop: &str) -> Loaded {
        load_playbook(&shop.into(), &self.0.path().join(shop)).unwrap()
    }

    #[track_caller]
    fn playbook(&self, shop: &str) -> Playbook {
        let loaded = self.load(shop);
        loaded.playbook.unwrap_or_else(|| panic!("{:#?}", loaded.mistakes))
    }

    fn codes(&self, shop: &str) -> Vec<&'static str> {
        self.load(shop).mistakes.iter().map(|mistake| mistake.code).collect()
    }
}

fn words(playbook: &Playbook, intent: &str) -> Option<String> {
    let replies = playbook.replies.get(&IntentId::from(intent))?;
    let found = replies.find(Language::Zh, Situation::Default, "plain")?;
    Some(found.template.fill_known(&mut |_| None))
}

fn understood(playbook: Playbook, text: &str) -> Vec<String> {
    let engine = Engine::compile(playbook).unwrap();
    let message = Message::plain("m".into(), text, At(0));
    let text = xiaoer::text::Text::of(&message.text);
    let understood = engine.classifier.classify(std::slice::from_ref(&message), &[text]);
    let sure = understood.intents.iter().filter(|found| found.confidence >= 0.85);
    sure.map(|found| found.intent.to_string()).collect()
}

const GROUP: &str =
    "name: 集团\nlanguages: [zh]\ngroup: true\ntone: lively\nfacts: {ship_within: 24h, shipping_fee: 5}\n";
const SHOP: &str = "name: 分店\nextends: group\nfacts: {shipping_fee: 9}\n";

#[test]
fn a_shop_stands_on_its_group_and_the_group_on_the_base() {
    let folders = Folders::with(&[
        ("group/shop.yaml", GROUP),
        ("group/replies/logistics/carrier.yaml", "zh:\n  default: |\n    集团只发中通。\n"),
        ("group/replies/shop/hours.yaml", "zh:\n  default: |\n    集团的时间。\n"),
        ("branch/shop.yaml", SHOP),
        ("branch/replies/shop/hours.yaml", "zh:\n  default: |\n    分店的时间。\n"),
    ]);
    let (group, branch) = (folders.playbook("group"), folders.playbook("branch"));
    assert_eq!(words(&branch, "logistics/carrier").as_deref(), Some("集团只发中通。"));
    assert_eq!(words(&branch, "shop/hours").as_deref(), Some("分店的时间。"));
    assert_eq!(words(&group, "shop/hours").as_deref(), Some("集团的时间。"));
    assert!(words(&branch, "offer/coupon").is_some(), "the base's words stay");
    let say = |path| branch.facts.say(path, Language::Zh, &branch.words);
    assert_eq!((say("ship_within").as_deref(), say("shipping_fee").as_deref()), (Some("24小时"), Some("9元")));
    assert_eq!((branch.settings.tone.as_str(), branch.settings.group), ("lively", false));
    assert_eq!(branch.settings.name.of(Language::Zh), "分店");
    assert_ne!(group.hash, branch.hash);
}

#[test]
fn channels_and_orders_are_of_one_shop_alone() {
    let settings = "name: 集团\nchannels:\n  web: {kind: standard, secret: generated, send_url: none}\norders: {kind: file, path: orders.yaml}\ntry_page: true\n";
    let folders = Folders::with(&[("group/shop.yaml", settings), ("branch/shop.yaml", "name: 分店\nextends: group\n")]);
    let branch = folders.playbook("branch").settings;
    assert!(branch.channels.is_empty() && branch.orders.is_none() && !branch.try_page);
}

#[test]
fn lines_are_taken_away_and_intents_switched_off() {
    let folders = Folders::with(&[
        ("s/shop.yaml", "name: 店\n"),
        ("s/intents/offer/coupon.yaml", "off: true\n"),
        ("s/intents/logistics/carrier.yaml", "zh:\n  remove: |\n    发什么快递\n"),
        ("s/replies/logistics/carrier.yaml", "zh:\n  default: \"\"\n"),
    ]);
    assert_eq!(
        understood(Folders::with(&[("s/shop.yaml", "name: 店\n")]).playbook("s"), "发什么快递"),
        ["logistics/carrier"]
    );
    let playbook = folders.playbook("s");
    assert!(!playbook.intents.contains_key(&IntentId::from("offer/coupon")));
    assert_eq!(words(&playbook, "logistics/carrier"), None);
    assert_eq!(understood(playbook, "发什么快递"), Vec::<String>::new());
}

#[test]
fn a_shops_phrase_beats_the_same_phrase_of_the_base() {
    let intent = "means: The customer asks about our own couriers.\nzh:\n  phrases: |\n    发什么快递\n";
    let folders = Folders::with(&[("s/shop.yaml", "name: 店\n"), ("s/intents/shop/riders.yaml", intent)]);
    assert_eq!(understood(folders.playbook("s"), "发什么快递"), ["shop/riders"]);
}

#[test]
fn what_cannot_be_stood_on_is_told() {
    let folders = Folders::with(&[
        ("lost/shop.yaml", "name: 店\nextends: gruop\n"),
        ("a/shop.yaml", "name: 甲\nextends: b\n"),
        ("b/shop.yaml", "name: 乙\nextends: a\n"),
        ("typo/shop.yaml", "name: 店\n"),
        ("typo/intents/offer/cuopon.yaml", "off: true\n"),
        ("typo/intents/logistics/carrier.yaml", "zh:\n  remove: |\n    发什么快第\n"),
    ]);
    assert_eq!(folders.codes("lost"), ["unknown-group"]);
    assert_eq!(folders.codes("a"), ["unknown-group"]);
    assert_eq!(folders.codes("typo"), ["nothing-to-remove", "unknown-intent"]);
    let mistakes = folders.load("typo").mistakes;
    assert!(mistakes[1].render(Language::En).contains("did you mean offer/coupon?"), "{mistakes:#?}");
}

#[test]
fn a_campaigns_mistakes_are_told_before_it_begins() {
    let folders = Folders::with(&[
        ("s/shop.yaml", "name: 店\n"),
        ("s/campaigns/a.yaml", "from: 2099-11-01\nto: 2099-10-01\n"),
        ("s/campaigns/b.yaml", "from: 2099-11-01\n"),
        (
            "s/campaigns/c.yaml",
            "from: 2099-11-01\nto: 2099-11-02\nfacts: {ship_within: soon}\nreplies:\n  logistics/carier:\n    zh:\n      default: x\n",
        ),
    ]);
    assert_eq!(folders.codes("s"), ["bad-value", "missing-key", "bad-value", "unknown-intent"]);
}

#[test]
fn shops_without_words_of_their_own_share_the_groups() {
    let reply = "zh:\n  default: |\n    集团只发中通。\n";
    let intent = "zh:\n  phrases: |\n    哪个快递公司的\n";
    let folders = Folders::with(&[
        ("group/shop.yaml", GROUP),
        ("group/replies/logistics/carrier.yaml", reply),
        ("group/intents/logistics/carrier.yaml", intent),
        ("a/shop.yaml", SHOP),
        ("b/shop.yaml", SHOP),
        ("plain/shop.yaml", "name: 店\n"),
    ]);
    let (a, b, plain) = (folders.playbook("a"), folders.playbook("b"), folders.playbook("plain"));
    assert!(Arc::ptr_eq(&a.intents, &b.intents) && Arc::ptr_eq(&a.replies, &b.replies));
    assert!(!Arc::ptr_eq(&a.intents, &plain.intents));
    let untouched = IntentId::from("offer/coupon");
    assert!(Arc::ptr_eq(&a.intents[&untouched], &plain.intents[&untouched]), "an intent that nobody changed is shared");
}

/// A thousand shops of which fifty have words of their own, opened by a whole service with its store.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_shops_fit_in_300_megabytes() {
    let folders = Folders::with(&[]);
    for n in 0..1_000 {
        let settings = format!(
            "name: 第{n}店\nlanguages: [zh, en]\nfacts: {{ship_within: {}h, shipping_fee: {}}}\nchannels:\n  web: {{kind: standard, secret: generated, send_url: none}}\n",
            24 + n % 3 * 24,
            n % 12
        );
        folders.write(&format!("s{n}/shop.yaml"), &settings);
        if n % 20 == 0 {
            let intent = format!("zh:\n  phrases: |\n    第{n}店发什么快递\n");
            folders.write(&format!("s{n}/intents/logistics/carrier.yaml"), &intent);
            folders.write(
                &format!("s{n}/replies/logistics/carrier.yaml"),
                &format!("zh:\n  default: |\n    第{n}店发顺丰。\n"),
            );
        }
    }
    let data = tempfile::tempdir().unwrap();
    let clockwork = Clockwork::new(Arc::new(app::now));
    let url = format!("sqlite://{}", data.path().join("xiaoer.db").display());
    let store = Store::open(&url, clockwork.id()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let started = std::time::Instant::now();
    let start = Start {
        listener,
        store,
        shops: folders.0.path(),
        data: data.path(),
        clockwork,
        stop: CancellationToken::new(),
    };
    let app = App::prepare(start).await.unwrap();
    let shops = app.shops().all();
    assert_eq!((shops.len(), app.shops().problems().len()), (1_000, 0));
    let megabytes = resident() / 1_000_000;
    println!("1,000 shops opened in {:.1} s: {megabytes} MB resident", started.elapsed().as_secs_f64());
    assert!(megabytes <= 300, "{megabytes} MB");
}

/// Bytes of memory this process holds. Each test has a process of its own.
fn resident() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

#[test]
fn a_group_is_no_shop() {
    let folders = Folders::with(&[("group/shop.yaml", GROUP), ("a/shop.yaml", SHOP)]);
    let found = xiaoer::shops::folders(folders.0.path()).unwrap();
    assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["a"]);
}
