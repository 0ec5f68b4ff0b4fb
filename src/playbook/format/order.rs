//! The order in which keys are written, and which blocks are lists. A map with a key that isn't known stays as it is.

use super::super::schema::File;
use super::super::{intent, keys};
use super::lines::{Body, Entry, Map};
use crate::domain::{Language, Situation};

/// Puts the keys of a file into their order; what stands above the first key of the file stays above all.
pub(super) fn sort(path: &str, file: &mut Map) {
    let Some(kind) = File::of(path) else { return };
    let head = file.entries.first_mut().map(|first| std::mem::take(&mut first.above)).unwrap_or_default();
    match kind {
        // Its sections have headings of their own, in comments.
        File::Shop => {}
        File::Intent => sort_intent(file),
        File::Reply => sort_reply(file),
        File::Product | File::Campaign => {
            by_rank(file, |key| place(kind.keys(), key));
            for entry in &mut file.entries {
                let (sorts, Body::Map(section)) = (entry.key.as_str(), &mut entry.body) else { continue };
                let of_intents = section.entries.iter_mut().filter_map(|entry| match &mut entry.body {
                    Body::Map(map) => Some(map),
                    _ => None,
                });
                match sorts {
                    "intents" => of_intents.for_each(sort_intent),
                    "replies" => of_intents.for_each(sort_reply),
                    _ => {}
                }
            }
        }
    }
    if let Some(first) = file.entries.first_mut() {
        first.above.splice(0..0, head);
    }
}

fn sort_intent(map: &mut Map) {
    by_rank(map, |key| place(intent::KEYS, key));
    // Between phrases and examples the order is the writer's.
    for words in languages(map) {
        by_rank(words, |key| match keys::english(key) {
            "phrases" => Some(0),
            "together" | "whole" | "unless" => Some(1),
            key => place(intent::WORDING_KEYS, key).map(|place| place + 2),
        });
    }
}

fn sort_reply(map: &mut Map) {
    by_rank(map, |key| place(File::Reply.keys(), key));
    for words in languages(map) {
        by_rank(words, |key| match key {
            "suggest" => Some(usize::MAX - 1),
            "remove" => Some(usize::MAX),
            _ => {
                let (situation, tone) = key.split_once('.').map_or((key, false), |(situation, _)| (situation, true));
                let place = Situation::ALL.iter().position(|known| known.key() == situation)?;
                Some(place * 2 + usize::from(tone))
            }
        });
    }
}

fn languages(map: &mut Map) -> impl Iterator<Item = &mut Map> {
    map.entries.iter_mut().filter(|entry| Language::parse(&entry.key).is_some()).filter_map(|entry| {
        match &mut entry.body {
            Body::Map(map) => Some(map),
            _ => None,
        }
    })
}

fn place(order: &[&str], key: &str) -> Option<usize> {
    order.iter().position(|known| *known == keys::english(key))
}

fn by_rank(map: &mut Map, rank: impl Fn(&str) -> Option<usize>) {
    let ranks: Option<Vec<usize>> = map.entries.iter().map(|entry| rank(&entry.key)).collect();
    let Some(ranks) = ranks.filter(|ranks| !ranks.is_sorted()) else { return };
    // A blank line parts two keys; it stays where it is when they move.
    let mut gaps: Vec<bool> = Vec::new();
    for entry in &mut map.entries {
        gaps.push(entry.above.first().is_some_and(String::is_empty));
        let blank = entry.above.iter().take_while(|line| line.is_empty()).count();
        entry.above.drain(..blank);
    }
    let mut ranked: Vec<(usize, Entry)> = ranks.into_iter().zip(std::mem::take(&mut map.entries)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    map.entries = ranked.into_iter().map(|(_, entry)| entry).collect();
    for (entry, gap) in map.entries.iter_mut().zip(gaps) {
        if gap {
            entry.above.insert(0, String::new());
        }
    }
}

/// Whether the block under a key is a list, one a line: then blanks around a line mean nothing.
pub(super) fn blocks(path: &str) -> impl Fn(&str) -> bool + use<> {
    let has_intents = matches!(File::of(path), Some(File::Intent | File::Campaign));
    move |key| has_intents && intent::WORDING_KEYS.contains(&keys::english(key))
}
