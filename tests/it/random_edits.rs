//! Whatever a slip of the hand does to a file: never a panic, never a silent loss. After an edit there is a diagnostic,
//! or the file means the same, or exactly what stands in the edited lines means something else.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;
use xiaoer::playbook::scan::mended;
use xiaoer::playbook::tree::{Node, SourceFile, Value};

/// What a Chinese keyboard types beside letters.
const KEYBOARD: &[&str] = &[
    "：", "，", "。", "｛", "｝", "｜", "　", "、", "“", "”", "？", "！", "（", "）", "【", "】", "《", "·", "…", "——",
    "￥", "‘", "’", "；", "\t", "\u{a0}", "#", "# ", "-", "- ", "|", ">", "\"", "'", "\n", "\n\n", "\n  ", "\n    ",
    " ", "  ", "    ", ":", ": ", ",", "{", "}", "[", "]", "*", "&", "!", "%", "@", "`", "?", "~", "\\", "的", "zh",
    "a", "1", "\r\n", "\u{200b}", "=", "/", ".", "。",
];

/// A change of the text.
#[derive(Clone, Debug)]
enum Edit {
    /// So many characters are gone.
    Cut(usize),
    /// Two neighbours change places.
    Swap,
    /// Something is typed.
    Insert(&'static str),
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        2 => (1usize..=6).prop_map(Edit::Cut),
        1 => Just(Edit::Swap),
        4 => prop::sample::select(KEYBOARD).prop_map(Edit::Insert),
    ]
}

/// The edited text, and the lines that were touched in the old and the new one.
fn edited(text: &str, at: usize, edit: &Edit) -> (String, RangeInclusive<usize>, RangeInclusive<usize>) {
    let letters: Vec<char> = text.chars().collect();
    let at = at % letters.len();
    let (removed, inserted): (usize, String) = match edit {
        Edit::Cut(length) => ((*length).min(letters.len() - at), String::new()),
        Edit::Swap => (2.min(letters.len() - at), letters[at..].iter().take(2).rev().collect()),
        Edit::Insert(text) => (0, (*text).to_owned()),
    };
    let (before, gone): (String, String) = (letters[..at].iter().collect(), letters[at..at + removed].iter().collect());
    let after: String = letters[at + removed..].iter().collect();
    let first = before.matches('\n').count() + 1;
    let lines = |text: &str| first..=first + text.matches('\n').count();
    (format!("{before}{inserted}{after}"), lines(&gone), lines(&inserted))
}

/// What a file means: each line of each text with the keys it stands below, and where it stands.
type Meaning = BTreeMap<(String, String), Vec<usize>>;

fn gather(node: &Node, above: &str, source: &[&str], meaning: &mut Meaning) {
    let mut add =
        |text: &str, line: u32| meaning.entry((above.to_owned(), text.to_owned())).or_default().push(line as usize);
    match &node.value {
        Value::Nothing => add("", node.line),
        Value::Text(_) => {
            let mut lines = node.lines().peekable();
            if lines.peek().is_none() {
                add("", node.line);
            }
            // `\n` within quotes makes lines that the file doesn't have: they stand where the value does.
            let stands =
                |line: u32, text: &str| source.get(line as usize - 1).is_some_and(|source| source.contains(text));
            lines.for_each(|(line, text)| add(text, if stands(line, text) { line } else { node.line }));
        }
        Value::List(items) => items.iter().for_each(|item| gather(item, above, source, meaning)),
        Value::Map(entries) => {
            for (key, value) in entries {
                gather(value, &format!("{above}/{}", key.name), source, meaning);
            }
        }
    }
}

/// All that is said of a file, and what it means.
fn read(file: &SourceFile) -> (Vec<String>, Option<Meaning>) {
    let layer = Layer::of("shop", [(file.path.to_string(), file.text.clone())]);
    let loaded = Playbook::load("edits".into(), &[layer]);
    let told = loaded.mistakes.iter().map(|mistake| format!("{} {}", mistake.code, mistake.message.en)).collect();
    let meaning = file.parse().ok().map(|tree| {
        let mut meaning = Meaning::new();
        gather(&tree, "", &file.text.lines().collect::<Vec<_>>(), &mut meaning);
        meaning
    });
    (told, meaning)
}

/// What of one meaning is missing in another, outside of these lines.
fn lost<'m>(from: &'m Meaning, to: &Meaning, touched: &RangeInclusive<usize>) -> Vec<&'m (String, String)> {
    let missing = from.iter().filter(|(entry, lines)| {
        let left = to.get(*entry).map_or(0, Vec::len);
        let of_touched = lines.iter().filter(|line| touched.contains(line)).count();
        left + of_touched < lines.len()
    });
    missing.map(|(entry, _)| entry).collect()
}

fn never_a_silent_loss(files: &[(&str, &str)], cases: u32) {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            let file = SourceFile::new(*path, *text);
            let (told, meaning) = read(&file);
            (file, told, meaning.expect("the file is clean"))
        })
        .collect();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 64, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = (0..files.len(), any::<prop::sample::Index>(), edits());
    let done = runner.run(&strategy, |(which, place, edit)| {
        let (file, said_before, meaning) = &files[which];
        let at = place.index(file.text.chars().count());
        let (text, touched, new) = edited(&file.text, at, &edit);
        let edited = SourceFile::new(file.path.clone(), text);
        let (said, other) = read(&edited);
        if said.iter().any(|told| !said_before.contains(told)) {
            // Whatever can be mended stays mended.
            let (text, _) = mended(&edited);
            let again = mended(&SourceFile::new(file.path.clone(), text.clone())).0;
            prop_assert_eq!(text, again, "mending twice is mending once: {} {:?}", file.path, edit);
            return Ok(());
        }
        let Some(other) = other else {
            return Err(TestCaseError::fail(format!("{}: unreadable and nothing said: {edit:?}", file.path)));
        };
        let context = || {
            let lines: Vec<&str> = edited.text.lines().collect();
            let from = new.start().saturating_sub(3);
            lines[from.min(lines.len())..(new.end() + 2).min(lines.len())].join("\n")
        };
        let (gone, come) = (lost(meaning, &other, &touched), lost(&other, meaning, &new));
        prop_assert!(gone.is_empty(), "{} lost {gone:?} by {edit:?}:\n{}", file.path, context());
        prop_assert!(come.is_empty(), "{} made {come:?} by {edit:?}:\n{}", file.path, context());
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[test]
fn in_intents() {
    never_a_silent_loss(
        &[
            ("intents/shop/hours.yaml", include_str!("../../intents/shop/hours.yaml")),
            ("intents/invoice/request.yaml", include_str!("../../intents/invoice/request.yaml")),
            ("intents/talk/hold_on.yaml", include_str!("../../intents/talk/hold_on.yaml")),
            ("intents/talk/spam.yaml", include_str!("../../intents/talk/spam.yaml")),
        ],
        4_000,
    );
}

#[test]
fn in_replies() {
    never_a_silent_loss(
        &[
            ("replies/logistics/track_parcel.yaml", include_str!("../../replies/logistics/track_parcel.yaml")),
            ("replies/shop/hours.yaml", include_str!("../../replies/shop/hours.yaml")),
            ("replies/aftersale/return_policy.yaml", include_str!("../../replies/aftersale/return_policy.yaml")),
            ("replies/system/still_waiting.yaml", include_str!("../../replies/system/still_waiting.yaml")),
        ],
        3_000,
    );
}

#[test]
fn in_settings() {
    never_a_silent_loss(
        &[
            ("shop.yaml", include_str!("../../shops/demo/shop.yaml")),
            ("products/drill.yaml", include_str!("../../shops/demo/products/drill-20v.yaml")),
        ],
        3_000,
    );
}
