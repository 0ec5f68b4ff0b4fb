//! Words that are missing, unreachable, or speak of facts that nobody has set.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{AnswerPolicy, IntentId, Language, Need};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place, nearest};
use crate::playbook::reply::Replies;
use crate::playbook::settings::SendTo;
use crate::playbook::template::Variable;

/// The system's own words that no shop can do without.
const SYSTEM: &[&str] =
    &["handed_off", "ask_order", "ask_which_order", "ask_which_question", "proof_needed", "proof_failed"];

pub(super) fn check(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for (id, replies) in playbook.replies.iter() {
        let file = playbook.place_of(&format!("replies/{id}.yaml"));
        // The system's own words, and scripts for agents that belong to no intent.
        if matches!(id.area(), "system" | "library") {
            continue;
        }
        let Some(intent) = playbook.intents.get(id) else {
            let message = Bilingual::new(format!("没有 {id} 这个意图"), format!("there is no intent {id}"));
            let near = nearest(id.as_str(), playbook.intents.keys().map(IntentId::as_str));
            let help = near.map(|near| Bilingual::new(format!("是不是 {near}？"), format!("did you mean {near}?")));
            let mistake = Diagnostic::error("unknown-intent", file, message);
            mistakes.push(help.map_or(mistake.clone(), |help| mistake.with_help(help)));
            continue;
        };
        mistakes.extend(twins(playbook, replies, &file));
        let wants_order = intent.needs.iter().any(|need| matches!(need, Need::Order | Need::OrderIfAny));
        mistakes.extend(unreachable(replies, wants_order, &file));
    }
    mistakes.extend(silent_intents(playbook));
    mistakes.extend(missing_system_words(playbook));
    mistakes.extend(unset_facts(playbook));
    mistakes.extend(deaf_channels(playbook));
    mistakes
}

/// A situation with words in one of the shop's languages and none in another.
fn twins(playbook: &Playbook, replies: &Replies, file: &Place) -> Vec<Diagnostic> {
    let languages = &playbook.settings.languages;
    let of = |language: Language| -> BTreeSet<_> { replies.situations(language).collect() };
    let all: BTreeSet<_> = languages.iter().flat_map(|language| of(*language)).collect();
    let missing = languages.iter().flat_map(|language| {
        let own = of(*language);
        all.iter().filter(move |situation| !own.contains(situation)).map(move |situation| (language, situation))
    });
    let told = missing.map(|(language, situation)| {
        let key = language.key();
        let message =
            Bilingual::new(format!("{key} 缺少“{situation}”的话术"), format!("`{situation}` has no words in {key}"));
        Diagnostic::warning("missing-twin", file.clone(), message)
    });
    told.collect()
}

/// Order variables in the words of an intent that never has an order would block every send.
fn unreachable(replies: &Replies, wants_order: bool, file: &Place) -> Vec<Diagnostic> {
    if wants_order {
        return Vec::new();
    }
    let of_orders = replies.templates().flat_map(|(_, situation, template)| {
        let names = template.variables().filter_map(Variable::named).filter(|name| name.starts_with("order."));
        names.map(move |name| (situation, name.to_owned())).collect::<Vec<_>>()
    });
    let told: BTreeSet<_> = of_orders.collect();
    let told = told.into_iter().map(|(situation, name)| {
        let message = Bilingual::new(
            format!("“{situation}”用了 {{{name}}}，但这个意图没有 needs: [order]，永远发不出去"),
            format!(
                "`{situation}` speaks of {{{name}}}, but the intent has no `needs: [order]`: it could never be sent"
            ),
        );
        Diagnostic::error("unreachable-variable", file.clone(), message)
    });
    told.collect()
}

/// An intent that the bot may answer and has no words for always goes to a person; its writer should know.
fn silent_intents(playbook: &Playbook) -> Vec<Diagnostic> {
    let silent = playbook.intents.values().filter(|intent| {
        let has_words = playbook.replies.get(&intent.id).is_some_and(|replies| replies.templates().next().is_some());
        intent.answer != AnswerPolicy::Never && !intent.id.is_talk() && !has_words
    });
    let told = silent.map(|intent| {
        let message = Bilingual::new(
            format!("{} 没有可以自动回复的话术，都会转人工", intent.id),
            format!("{} has no words the bot could say; all of it goes to people", intent.id),
        );
        Diagnostic::warning("no-words", playbook.place_of(&format!("intents/{}.yaml", intent.id)), message)
    });
    told.collect()
}

fn missing_system_words(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    for name in SYSTEM {
        let replies = playbook.replies.get(&Playbook::system(name));
        for language in &playbook.settings.languages {
            if replies.is_none_or(|replies| replies.situations(*language).next().is_none()) {
                let key = language.key();
                let message = Bilingual::new(
                    format!("缺少系统话术 {name}（{key}）"),
                    format!("the system's words `{name}` are missing in {key}"),
                );
                missing.push(Diagnostic::error(
                    "missing-words",
                    playbook.place_of(&format!("replies/system/{name}.yaml")),
                    message,
                ));
            }
        }
    }
    missing
}

/// Facts that replies speak of and the shop hasn't set, with the replies that go to a person because of it.
fn unset_facts(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut unset: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, replies) in playbook.replies.iter() {
        for (_, _, template) in replies.templates() {
            for variable in template.variables() {
                if let Variable::Fact(path) = variable
                    && !playbook.facts.is_set(path)
                {
                    unset.entry(path.to_string()).or_default().insert(id.to_string());
                }
            }
        }
    }
    let told = unset.into_iter().map(|(fact, replies)| {
        let replies: Vec<String> = replies.into_iter().collect();
        let message = Bilingual::new(
            format!("facts.{fact} 没有填，用到它的回复会转人工：{}", replies.join("、")),
            format!("facts.{fact} is not set; replies that speak of it go to people: {}", replies.join(", ")),
        );
        Diagnostic::warning("unset-fact", playbook.place_of("shop.yaml"), message)
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
        Diagnostic::warning("no-send-url", playbook.place_of("shop.yaml"), message).with_help(help)
    });
    told.collect()
}
