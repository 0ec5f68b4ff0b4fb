//! Files of many shapes: whatever a click does, every old line stays in its place and the new one is read.

use proptest::prelude::*;

use super::*;
use crate::playbook::diagnostic::Severity;
use crate::playbook::layer::Layer;
use crate::playbook::scan::scan;
use crate::playbook::tree::SourceFile;

const KEYS: [(&str, &str); 8] = [
    ("phrases", "关键词"),
    ("whole", "整句"),
    ("together", "同时含"),
    ("unless", "排除"),
    ("examples", "例句"),
    ("should_match", "应匹配"),
    ("should_not_match", "不应匹配"),
    ("remove", "remove"),
];

/// An intent's file as somebody may have left it.
fn typed() -> impl Strategy<Value = String> {
    let noise = || prop::collection::vec(prop::sample::select(vec!["", "# 备注", "   ", "#", "# a: b"]), 0..3);
    let words = ["快递到哪了", "#1234 到哪了？", "[急] 包裹：在哪", "# 备注", "", "  缩进", "a b", "'x'"];
    let rows = prop::collection::vec(prop::sample::select(words.to_vec()), 0..4);
    let bar = prop::sample::select(vec!["|", "|-", "|+", "|  # 备注"]);
    let block = (0usize..8, rows, noise(), bar, any::<bool>());
    let section = prop::collection::vec(block, 0..4);
    let level = prop::sample::select(vec![2usize, 4]);
    let depth = prop::sample::select(vec![2usize, 4, 3]);
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    let sections = prop::collection::vec(section, 0..3);
    let shape = (level, depth, any::<bool>(), any::<bool>(), any::<bool>());
    (sections, noise(), noise(), end, shape).prop_map(|(sections, head, tail, end, shape)| {
        let (level, depth, plain_first, last_end, en_first) = shape;
        let mut lines: Vec<String> = head.into_iter().map(str::to_owned).collect();
        let plain = ["means: x   # 一句话", "needs:", "- order", "urgency: low"].map(str::to_owned);
        if plain_first {
            lines.extend(plain.clone());
        }
        let names = if en_first { ["en:", "zh:   # 中文"] } else { ["zh:", "en:"] };
        for (blocks, language) in sections.into_iter().zip(names) {
            lines.push(language.to_owned());
            let mut used: Vec<usize> = Vec::new();
            for (key, rows, noise, bar, chinese) in blocks {
                if used.contains(&key) {
                    continue;
                }
                used.push(key);
                let (outer, inner) = (" ".repeat(level), " ".repeat(level + depth));
                lines.extend(noise.iter().map(|line| format!("{outer}{line}")));
                lines.push(format!("{outer}{}: {bar}", if chinese { KEYS[key].1 } else { KEYS[key].0 }));
                lines.push(format!("{inner}第一行"));
                lines.extend(rows.iter().map(|line| format!("{inner}{line}")));
            }
        }
        if !plain_first {
            lines.extend(plain);
        }
        lines.extend(tail.into_iter().map(str::to_owned));
        let text: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        if last_end { text } else { text.trim_end_matches(['\r', '\n']).to_owned() }
    })
}

/// A file of the pack, as a shop's own.
fn of_the_pack() -> impl Strategy<Value = String> {
    let files: Vec<String> =
        Layer::base().files.into_iter().filter(|f| f.path.starts_with("intents/")).map(|f| f.text).collect();
    prop::sample::select(files)
}

fn click() -> impl Strategy<Value = (Amendment, &'static str, String)> {
    let words = prop_oneof![
        prop::sample::select(vec!["包邮吗", "#1 到哪", "[急] 快", "is it free", "- x", "means: x", "a: b", "|", "> x"])
            .prop_map(str::to_owned),
        "\\PC{1,12}",
        "[a-z:#|>\\[{\\-'\" 的吗\n\t]{1,16}",
    ];
    (0usize..6, words).prop_map(|(which, words)| {
        let own = line(&words);
        let (amendment, list) = match which {
            0 => (Amendment::Phrase(own), "phrases"),
            1 => (Amendment::Together(own), "together"),
            2 => (Amendment::Example(own), "examples"),
            3 => (Amendment::Veto(own), "unless"),
            4 => (Amendment::ShouldMatch(own), "should_match"),
            _ => (Amendment::ShouldNotMatch(own), "should_not_match"),
        };
        (amendment, list, words)
    })
}

/// Whether a file was sound before it was clicked at.
fn is_sound(text: &str) -> bool {
    let file = SourceFile::new(INTENT, text);
    let scanned = scan(&file);
    scanned.tree.is_some() && scanned.mistakes.iter().all(|mistake| mistake.severity != Severity::Error)
}

fn rows(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// The rows of `after` that are no rows of `before`, which are all there in their order.
fn added<'t>(before: &[&str], after: &[&'t str]) -> Vec<&'t str> {
    let mut rest = before.iter().peekable();
    let new: Vec<&str> = after.iter().copied().filter(|row| rest.next_if(|old| **old == *row).is_none()).collect();
    assert!(rest.peek().is_none(), "a line is lost: {rest:?}\n{before:#?}\n{after:#?}");
    new
}

fn holds(own: &str, amendment: &Amendment, list: &str, words: &str) -> Result<String, Refusal> {
    let after = amended(INTENT, Some(own), amendment)?.unwrap();
    let words = clean::line(words).unwrap();
    let language = clean::language(&words);
    let new = added(&rows(own), &rows(&after));
    assert!(new.len() <= 3 && new.iter().any(|row| row.trim() == words), "{new:?}");
    assert!(is_sound(&after), "{after}");
    for (list_of, other) in KEYS.iter().flat_map(|(key, _)| Language::ALL.map(|language| (*key, language))) {
        let mut wanted = layers::lines(&[own], other, list_of);
        if (list_of, other) == (list, language) {
            wanted.push(words.clone());
        }
        assert_eq!(layers::lines(&[&after], other, list_of), wanted, "{list_of}");
    }
    let ends = |text: &str| text.matches("\r\n").count() == text.matches('\n').count();
    assert!(!own.contains("\r\n") || ends(&after), "{after:?}");
    Ok(after)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_old_line_stays_and_the_new_one_is_read(own in typed(), clicks in prop::collection::vec(click(), 1..5)) {
        let mut own = own;
        for (amendment, list, words) in clicks {
            match holds(&own, &amendment, list, &words) {
                Ok(after) => own = after,
                // A sound file takes every line that can stand in a block.
                Err(refusal) => prop_assert!(refusal != Refusal::Form || !is_sound(&own), "{own}\n{amendment:?}"),
            }
        }
    }

    #[test]
    fn what_was_added_can_be_dropped_again(own in typed(), words in "[a-z吗的包邮]{2,6}") {
        prop_assume!(is_sound(&own));
        if let Ok(after) = holds(&own, &Amendment::Phrase(line(&words)), "phrases", &words) {
            let again = amended(INTENT, Some(&after), &Amendment::DropPhrase(line(&words))).unwrap().unwrap_or_default();
            prop_assert_eq!(layers::lines(&[&own], clean::language(&words), "phrases"), layers::lines(&[&again], clean::language(&words), "phrases"));
            added(&rows(&again), &rows(&after));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_copied_file_of_the_pack_takes_clicks_too(own in of_the_pack(), (amendment, list, words) in click()) {
        let made = holds(&own, &amendment, list, &words);
        prop_assert!(made != Err(Refusal::Form), "{amendment:?}");
    }
}
