//! Names in one file of what stands in another: queues, intents, what agents are to gather; and channels that lead
//! nowhere.

use crate::domain::{IntentId, Language, QueueName};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, nearest};
use crate::playbook::intent::Intent;
use crate::playbook::settings::SendTo;

pub(super) fn check(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut told = queues(playbook);
    told.extend(playbook.intents.values().flat_map(|intent| gathered(playbook, intent)));
    told.extend(modes(playbook));
    told.extend(deaf_channels(playbook));
    told
}

fn near(name: &str, names: &[&str]) -> Bilingual {
    match nearest(name, names.iter().copied()) {
        Some(near) => Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?")),
        None => Bilingual::new(format!("可以写：{}", names.join(" ")), format!("write one of: {}", names.join(" "))),
    }
}

/// Queues that intents hand off to and the desk doesn't have.
fn queues(playbook: &Playbook) -> Vec<Diagnostic> {
    let known: Vec<&str> = playbook.settings.queues.iter().map(QueueName::as_str).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let mut told = Vec::new();
    let mut of_base: Vec<&str> = Vec::new();
    for intent in playbook.intents.values() {
        let Some(queue) = intent.hand_off_to.as_ref().map(QueueName::as_str) else { continue };
        if known.contains(&queue) {
            continue;
        }
        let spot = playbook.spot(&format!("intents/{}.yaml", intent.id), "hand_off_to");
        // The base pack's own queues: the shop that leaves one out should know, once.
        if spot.place.file.starts_with("base/") {
            of_base.push(queue);
            continue;
        }
        let message = Bilingual::new(format!("没有 {queue} 这个队列"), format!("there is no queue `{queue}`"));
        told.push(
            spot.of(Diagnostic::error("unknown-queue", Default::default(), message).with_help(near(queue, &known))),
        );
    }
    of_base.sort_unstable();
    of_base.dedup();
    for queue in of_base {
        let message = Bilingual::new(
            format!("队列里没有 {queue}，基础包有意图要转到它"),
            format!("`{queue}` is no queue of this shop, and intents of the base pack hand off to it"),
        );
        let help =
            Bilingual::new(format!("在 queues 里加上 {queue}: {{}}"), format!("add `{queue}: {{}}` to `queues`"));
        let spot = playbook.spot("shop.yaml", "queues");
        told.push(spot.of(Diagnostic::warning("unknown-queue", Default::default(), message).with_help(help)));
    }
    told
}

/// What agents are to be given, and has no words.
fn gathered(playbook: &Playbook, intent: &Intent) -> Vec<Diagnostic> {
    let language = playbook.settings.languages.first().copied().unwrap_or(Language::Zh);
    let unknown = |item: &&String| playbook.words.get(language, &format!("gather.{item}")).is_none();
    let told = intent.gather.iter().filter(unknown).map(|item| {
        let message = Bilingual::new(
            format!("replies/words.yaml 里没有 gather.{item} 这个词，客户不会被要求提供它"),
            format!("replies/words.yaml has no words gather.{item}: customers won't be asked for it"),
        );
        let spot = playbook.spot(&format!("intents/{}.yaml", intent.id), "gather");
        let help = near(item, &["photo", "order", "phone", "video", "size"]);
        spot.of(Diagnostic::error("unknown-gather", Default::default(), message).with_help(help))
    });
    told.collect()
}

/// `modes:` for intents that aren't there.
fn modes(playbook: &Playbook) -> Vec<Diagnostic> {
    let known: Vec<&str> = playbook.intents.keys().map(IntentId::as_str).collect();
    let unknown = playbook.settings.intent_modes.keys().filter(|id| !playbook.intents.contains_key(*id));
    let told = unknown.map(|id| {
        let spot = playbook.spot("shop.yaml", &format!("modes.{id}"));
        let message = Bilingual::new(format!("没有 {id} 这个意图"), format!("there is no intent {id}"));
        let mistake = Diagnostic::error("unknown-intent", Default::default(), message);
        spot.of(match nearest(id.as_str(), known.iter().copied()) {
            Some(near) => {
                mistake.with_help(Bilingual::new(format!("是不是 {near}？"), format!("did you mean {near}?")))
            }
            None => mistake,
        })
    });
    told.collect()
}

/// A channel that says nothing of where its replies go.
fn deaf_channels(playbook: &Playbook) -> Vec<Diagnostic> {
    let unset = playbook.settings.channels.iter().filter(|(_, channel)| channel.send_to == SendTo::Unset);
    let told = unset.map(|(name, _)| {
        let message = Bilingual::new(
            format!("channels.{name} 没有 send_url：回复不会发给平台，只能从 API 读"),
            format!("channels.{name} has no send_url: its replies reach no platform and can only be read in the API"),
        );
        let help = Bilingual::new(
            "填上平台的回调地址；确实不需要就写 send_url: none",
            "give the platform's address, or write `send_url: none` if that is meant",
        );
        let mut spot = playbook.spot("shop.yaml", &format!("channels.{name}"));
        // The line may hold more than its writer wants to show.
        spot.source = None;
        spot.of(Diagnostic::warning("no-send-url", Default::default(), message).with_help(help))
    });
    told.collect()
}
