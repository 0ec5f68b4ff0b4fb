//! Published versions: what is in force, who put it there, and what a folder is to it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use xiaoer::app;
use xiaoer::domain::{At, Happening, PlaybookHash};
use xiaoer::playbook::Playbook;
use xiaoer::shops::{Files, Sources};
use xiaoer::store::{PlaybookVersion, Published, Store};

use crate::binary::Run;
use crate::postgres;
use crate::reload::{FEE, IN_FORCE_WITHIN, fee, with_fee};
use crate::service::{Platform, SECRET, ShopFiles, http, signed, write_shop};

/// What is wanted of a push on every node.
const EVERYWHERE_WITHIN: Duration = Duration::from_secs(1);

/// Somebody's desk edits the version in force and puts it in force.
async fn push(store: &Store, by: &str, edit: impl FnOnce(&mut Files)) -> PlaybookHash {
    let current = store.latest_playbook(&"test".into()).await.unwrap().expect("a version");
    let mut sources = Sources::read(&current).unwrap();
    edit(&mut sources.files);
    let loaded = Playbook::load("test".into(), &sources.layers(&"test".into()).stack());
    let hash = loaded.playbook.unwrap_or_else(|| panic!("{:?}", loaded.mistakes)).hash.clone();
    publish(store, by, hash.clone(), current.hash, &sources).await;
    hash
}

async fn publish(store: &Store, by: &str, hash: PlaybookHash, parent: PlaybookHash, sources: &Sources) {
    let (parent, author) = (Some(parent), by.to_owned());
    let version = PlaybookVersion { hash, parent, author, at: app::now(), sources: sources.to_json() };
    assert_eq!(store.publish_playbook(&"test".into(), version).await.unwrap(), Published::Done);
}

fn says(words: &'static str) -> impl FnOnce(&mut Files) {
    move |files| drop(files.insert(FEE.to_owned(), fee(words)))
}

/// Every turn names a version that the store has.
async fn every_turn_resolves(store: &Store) -> usize {
    let turns = store.turns_between(&"test".into(), (At(0), None), app::now().plus(1_000)).await.unwrap();
    for turn in &turns {
        let hash = &turn.outcome.playbook;
        let version = store.playbook(&"test".into(), hash).await.unwrap();
        assert!(version.is_some(), "turn {} was decided by {hash}, which the store doesn't have", turn.input.id);
    }
    turns.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_is_in_force_on_every_node_within_a_second() {
    let url = postgres::database().await;
    let one = with_fee("满59元包邮。", Some(&url)).await;
    let two = one.second(&url).await;
    assert_eq!(one.playbook().await, two.playbook().await);
    assert!(two.fee_as_told("u-1").await.contains("满59元包邮。"));

    let pushed = push(&one.store, "chen", says("今天全场包邮。")).await;
    let began = Instant::now();
    for node in [&one, &two] {
        let (hash, _) = node.until("the push", |ready| ready["shops"]["test"]["playbook"] == pushed.as_str()).await;
        assert_eq!(hash["problems"], json!([]), "files that nobody edited are nobody's fault");
    }
    let took = began.elapsed();
    println!("pushed and in force on both nodes after {took:?}");
    assert!(took < EVERYWHERE_WITHIN, "{took:?}");
    assert!(one.fee_as_told("u-2").await.contains("今天全场包邮。"));
    assert!(two.fee_as_told("u-3").await.contains("今天全场包邮。"));

    // Settings that channels and pages are made of are in force with it.
    let page = format!("{}/try/test", two.base);
    assert_eq!(two.http.get(&page).send().await.unwrap().status().as_u16(), 200);
    push(&one.store, "chen", |files| {
        let settings = files["shop.yaml"].replace("try_page: true", "try_page: false");
        files.insert("shop.yaml".to_owned(), settings);
    })
    .await;
    two.until_other(pushed.as_str()).await;
    assert_eq!(two.http.get(&page).send().await.unwrap().status().as_u16(), 404);

    // Back, and everybody is told of each move.
    let back = one.store.latest_playbook(&"test".into()).await.unwrap().unwrap();
    one.store.roll_back_playbook(&"test".into(), &pushed, Some(&back.hash), "li", app::now()).await.unwrap();
    two.until("back", |ready| ready["shops"]["test"]["playbook"] == pushed.as_str()).await;
    let events = two.store.events_after(&"test".into(), 0, 500).await.unwrap();
    let moves: Vec<&str> = events
        .iter()
        .filter_map(|row| match &row.event.what {
            Happening::PlaybookPublished { by, from, .. } => Some((by, from.is_none())),
            Happening::PlaybookPushed { by, from, .. } | Happening::PlaybookRolledBack { by, from, .. } => {
                Some((by, from.is_none()))
            }
            _ => None,
        })
        .map(|(by, first)| if first { "first" } else { by.as_str() })
        .collect();
    assert_eq!(moves, ["first", "chen", "chen", "li"]);
    assert_eq!(every_turn_resolves(&one.store).await, 3);
    two.stop().await;
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_folder_that_is_behind_is_refused_with_words() {
    let shop = with_fee("满59元包邮。", None).await;
    let before = shop.playbook().await;
    let pushed = push(&shop.store, "陈经理", says("今天全场包邮。")).await;
    shop.until_other(&before).await;

    shop.save(FEE, &fee("满39元包邮。"));
    let (ready, took) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    let problem = &ready["problems"][0];
    assert_eq!((&problem["code"], &problem["served"]), (&json!("behind"), &json!(true)), "{ready:#}");
    let message = problem["message"].as_str().unwrap();
    for word in ["陈经理", "pushed", &pushed.as_str()[..8], &before[..8]] {
        assert!(message.contains(word), "{word} is not in: {message}");
    }
    assert_eq!(ready["shops"]["test"]["version"], pushed.as_str());
    assert_eq!(shop.ready().await.0, 200);
    assert!(shop.fee_as_told("u-1").await.contains("今天全场包邮。"));

    // The commands it names lead out.
    let told = playbook(shop.folder.path(), &["diff"]);
    assert!(told.ok && told.out.contains("-    今天全场包邮。\n+    满39元包邮。\n"), "{told:?}");
    let told = playbook(shop.folder.path(), &["push", "--lang", "zh"]);
    assert!(!told.ok && told.err.contains("陈经理") && told.err.contains("推送了版本"), "{told:?}");
    assert!(told.err.contains("push --replace --shop test"), "{told:?}");
    assert!(!playbook(shop.folder.path(), &["pull"]).ok, "an edit would be lost");
    let told = playbook(shop.folder.path(), &["push", "--replace", "--by", "li"]);
    assert!(told.ok && told.out.contains("files changed: 1"), "{told:?}");
    shop.until("mended", |ready| ready["problems"] == json!([])).await;
    assert!(shop.fee_as_told("u-2").await.contains("满39元包邮。"));

    // From here on the folder leads again.
    let before = shop.playbook().await;
    shop.save(FEE, &fee("满29元包邮。"));
    let (_, took) = shop.until_other(&before).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    assert_eq!(shop.ready().await.1["problems"], json!([]));
    shop.stop().await;
}

/// Another program's pack lies below a version that was published by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_of_another_program_is_served_and_stays_in_force() {
    let shop = with_fee("满59元包邮。", None).await;
    let before = shop.playbook().await;
    let mut sources = Sources::read(&shop.store.latest_playbook(&"test".into()).await.unwrap().unwrap()).unwrap();
    sources.base = "9.9.9".to_owned();
    sources.files.insert(FEE.to_owned(), fee("今天全场包邮。"));
    let foreign = PlaybookHash::from("00c0ffee00c0ffee");
    publish(&shop.store, "chen", foreign.clone(), before.as_str().into(), &sources).await;
    let (hash, _) = shop.until_other(&before).await;
    assert_ne!(hash, foreign.as_str(), "over our pack it comes to another hash");
    assert_eq!(shop.ready().await.1["shops"]["test"]["version"], foreign.as_str());
    assert!(shop.fee_as_told("u-1").await.contains("今天全场包邮。"));
    let row = shop.store.playbook(&"test".into(), &hash.as_str().into()).await.unwrap().expect("turns name it");
    assert_eq!(Sources::read(&row).unwrap().stands_for, Some(foreign.clone()));
    tokio::time::sleep(EVERYWHERE_WITHIN).await;
    assert_eq!(shop.store.latest_playbook(&"test".into()).await.unwrap().unwrap().hash, foreign, "nobody took it away");
    assert_eq!(every_turn_resolves(&shop.store).await, 1);
    let told = playbook(shop.folder.path(), &["log"]);
    assert!(told.out.lines().any(|line| line.starts_with("*  00c0ffee")), "{}", told.out);
    assert!(told.out.contains("= 00c0ffee + 0."), "{}", told.out);
    // The one before is the one that people know.
    let told = playbook(shop.folder.path(), &["rollback"]);
    assert!(told.ok && told.out.contains(&before[..8]), "{told:?}");
    shop.until("back", |ready| ready["shops"]["test"]["playbook"] == before.as_str()).await;
    shop.stop().await;
}

/// A newer program may publish what this one can't read.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_cannot_be_used_here_is_named_and_the_older_one_served() {
    let shop = with_fee("满59元包邮。", None).await;
    let before = shop.playbook().await;
    let good = Sources::read(&shop.store.latest_playbook(&"test".into()).await.unwrap().unwrap()).unwrap();
    let mut strange = good.clone();
    strange.files.insert(FEE.to_owned(), "zh:\n  nonsense: |\n    什么\n".to_owned());
    publish(&shop.store, "chen", "badbadbad".into(), before.as_str().into(), &strange).await;
    let (ready, _) = shop.until("told", |ready| ready["problems"][1].is_object()).await;
    assert_eq!((&ready["problems"][0]["code"], &ready["problems"][0]["served"]), (&json!("version"), &json!(true)));
    assert!(ready["problems"][0]["message"].as_str().unwrap().contains("badbadba"), "{ready:#}");
    assert_eq!((&ready["problems"][1]["line"], &ready["ready"]), (&json!(2), &json!(true)), "{ready:#}");
    assert!(shop.fee_as_told("u-1").await.contains("满59元包邮。"));
    assert!(playbook(shop.folder.path(), &["rollback"]).ok);
    shop.until("mended", |ready| ready["problems"] == json!([])).await;
    assert_eq!(shop.playbook().await, before);
    shop.stop().await;
}

/// What a command said.
#[derive(Debug)]
struct Told {
    ok: bool,
    out: String,
    err: String,
}

/// Runs `xiaoer playbook` as a person would, in the folder of a test.
fn playbook(folder: &Path, arguments: &[&str]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).arg("playbook").args(arguments).args(["--shop", "test"]);
    command.args(["--database", &format!("sqlite://{}", database(folder))]);
    command.env_remove("XIAOER_SHOPS").env("LANG", "en_GB.UTF-8").env("USER", "wang");
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told { ok: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// In the data folder of a real process, or beside the shops of a service in this one.
fn database(folder: &Path) -> String {
    let of_process = folder.join("data/xiaoer.db");
    let path = if of_process.exists() { of_process } else { folder.join("xiaoer.db") };
    path.display().to_string()
}

/// The hash that `/readyz` of a process tells.
async fn served(base: &str) -> Value {
    let ready: Value = http().get(format!("{base}/readyz")).send().await.unwrap().json().await.unwrap();
    ready["shops"]["test"]["playbook"].clone()
}

async fn until_served(base: &str, is: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let now = served(base).await;
        if is(&now) {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "still {now}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_a_managers_day() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    let first_words = fee("满59元包邮。");
    write_shop(folder.path(), &platform.url, &ShopFiles { files: &[(FEE, &first_words)], ..ShopFiles::default() });
    let file = folder.path().join("shops/test").join(FEE);
    let told = playbook(folder.path(), &["log"]);
    assert!(!told.ok && told.err.contains("nothing of test was published yet"), "{told:?}");

    let running = Run::new(folder.path(), None).start().await;
    let first = served(&running.base).await;
    std::fs::write(&file, fee("满39元包邮。")).unwrap();
    let second = until_served(&running.base, |now| *now != first).await;
    let short = |hash: &Value| hash.as_str().unwrap()[..8].to_owned();

    let told = playbook(folder.path(), &["log"]);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", told.out);
    assert!(lines[1].starts_with(&format!("*  {}", short(&second))) && lines[1].contains("published  files"));
    assert!(lines[1].ends_with(&format!("{}  1", short(&first))), "{}", told.out);
    assert!(lines[2].starts_with(&format!("   {}", short(&first))), "{}", told.out);
    assert!(playbook(folder.path(), &["diff"]).out.contains("no difference"));
    let told = playbook(folder.path(), &["diff", &short(&first)[..4], &short(&second)]);
    assert!(told.out.contains("-    满59元包邮。\n+    满39元包邮。\n"), "{told:?}");
    let told = playbook(folder.path(), &["diff", "zzzz"]);
    assert!(!told.ok && told.err.contains(&short(&first)) && told.err.contains(&short(&second)), "{told:?}");

    // Back to the words of the morning; a restart doesn't bring the folder's back.
    let told = playbook(folder.path(), &["rollback"]);
    assert!(told.ok && told.out.contains(&short(&first)), "{told:?}");
    until_served(&running.base, |now| *now == first).await;
    assert!(!playbook(folder.path(), &["rollback"]).ok, "there is nothing before it");
    running.stop().await;
    let running = Run::new(folder.path(), None).start().await;
    assert_eq!(served(&running.base).await, first);
    let told = playbook(folder.path(), &["log", "--lang", "zh"]);
    assert!(told.out.contains("回退") && told.out.contains("wang"), "{}", told.out);

    // Nothing was edited since: the folder may be made what is in force.
    let told = playbook(folder.path(), &["pull"]);
    assert!(told.ok && told.out.contains(FEE), "{told:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first_words);

    // With the service away a manager edits and pushes; what doesn't pass the check is refused.
    let (status, ..) = running.stop().await;
    assert!(status.success());
    std::fs::write(&file, "zh:\n  nonsense: |\n    什么\n").unwrap();
    let told = playbook(folder.path(), &["push"]);
    assert!(!told.ok && told.err.contains("nonsense") && told.err.contains("not pushed"), "{told:?}");
    // A broken folder doesn't keep the shop from being served by what was published.
    let running = Run::new(folder.path(), None).start().await;
    assert_eq!(served(&running.base).await, first);
    running.stop().await;
    std::fs::write(&file, fee("满19元包邮。")).unwrap();
    assert!(!playbook(folder.path(), &["push", "--by", "files"]).ok, "that name is the service's");
    let told = playbook(folder.path(), &["push", "--by", "陈经理"]);
    assert!(told.ok, "{told:?}");
    assert!(playbook(folder.path(), &["push"]).out.contains("nothing to push"));
    assert!(playbook(folder.path(), &["log"]).out.contains("陈经理"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pulling_keeps_edits() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    write_shop(
        folder.path(),
        &platform.url,
        &ShopFiles { files: &[(FEE, &fee("满59元包邮。"))], ..ShopFiles::default() },
    );
    let shop = folder.path().join("shops/test");
    assert!(playbook(folder.path(), &["push"]).ok);
    std::fs::write(shop.join(FEE), fee("我改的，还没发布。")).unwrap();
    std::fs::create_dir_all(shop.join("replies/shop")).unwrap();
    std::fs::write(shop.join("replies/shop/hours.yaml"), fee("也是我改的。")).unwrap();
    let told = playbook(folder.path(), &["pull"]);
    assert!(!told.ok && told.err.contains(FEE) && told.err.contains("replies/shop/hours.yaml"), "{told:?}");
    assert!(std::fs::read_to_string(shop.join(FEE)).unwrap().contains("还没发布"), "nothing was touched");

    let told = playbook(folder.path(), &["pull", "--force"]);
    assert!(told.ok, "{told:?}");
    assert_eq!(std::fs::read_to_string(shop.join(FEE)).unwrap(), fee("满59元包邮。"));
    assert!(!shop.join("replies/shop").exists());
    let kept = std::fs::read_dir(shop.join(".xiaoer-kept")).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read_to_string(kept.join(FEE)).unwrap().contains("还没发布"));
    assert!(kept.join("replies/shop/hours.yaml").exists());
    assert!(shop.join("orders.yaml").exists(), "what is no script is left alone");
    assert!(playbook(folder.path(), &["diff"]).out.contains("no difference"));

    // A new machine: no folder yet.
    std::fs::remove_dir_all(&shop).unwrap();
    assert!(playbook(folder.path(), &["pull"]).ok);
    assert_eq!(std::fs::read_to_string(shop.join(FEE)).unwrap(), fee("满59元包邮。"));
}

/// What the system tells nobody of, as a secret in a file elsewhere, is read again on SIGHUP.
#[tokio::test(flavor = "multi_thread")]
async fn sighup_reads_secrets_too() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    write_shop(folder.path(), &platform.url, &ShopFiles::default());
    std::fs::write(folder.path().join("secret"), "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=").unwrap();
    let running = Run::new(folder.path(), None).start().await;
    let deliver = |id: &'static str| {
        let body = json!({"type": "message.created", "data": {"message_id": id, "conversation_id": "c-1",
            "text": "在吗", "customer": {"id": "u-1"}}});
        signed(&http(), &running.base, "test", id, body.to_string().into_bytes()).send()
    };
    assert_eq!(deliver("m-1").await.unwrap().status().as_u16(), 401);
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    let hangup = Command::new("kill").args(["-HUP", &running.id().to_string()]).status().unwrap();
    assert!(hangup.success());
    let began = Instant::now();
    while deliver("m-1").await.unwrap().status().as_u16() != 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "the new secret is not believed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running.stop().await;
}
