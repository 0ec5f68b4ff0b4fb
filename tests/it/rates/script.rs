//! Reads the files under `tests/data/episodes/`; the README there says how they are written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use xiaoer::domain::{At, DAY, HOUR, MINUTE, SECOND};

/// One chat or a few that belong together, and what is to be counted of them.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub file: String,
    pub name: String,
    /// Rises over all files.
    pub number: usize,
    pub from: At,
    pub chats: Vec<Chat>,
    /// In the order of their times.
    pub lines: Vec<Line>,
    /// By the number of the episode within the block, from 1.
    pub expected: BTreeMap<usize, Counts>,
    pub checks: Vec<Check>,
}

/// What is counted, by its key; what isn't named is 0.
pub type Counts = BTreeMap<String, u32>;

/// A customer on a channel.
#[derive(Clone, Debug)]
pub struct Chat {
    pub customer: String,
    pub channel: String,
    /// The platform vouches for a phone.
    pub has_phone: bool,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: At,
    /// Its place in the block's chats.
    pub chat: usize,
    pub words: Vec<String>,
    pub options: BTreeMap<String, String>,
    /// File and line.
    pub place: String,
}

/// Figures of the whole block.
#[derive(Clone, Debug)]
pub struct Check {
    /// `only`, `by`, `times` …
    pub kind: String,
    pub words: Vec<String>,
    pub options: BTreeMap<String, String>,
    pub place: String,
}

/// Blocks that name no time begin at ten in Shanghai, each a day and a second after the one before.
const FIRST: At = At(1_790_733_600_000);

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/episodes")
}

/// Every block of every file.
pub fn all() -> Vec<Block> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| is_script(path))
        .collect();
    files.sort();
    let mut blocks = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        read(&name, &std::fs::read_to_string(&file).unwrap(), &mut blocks);
    }
    blocks.iter_mut().for_each(|block| block.lines.sort_by_key(|line| line.at));
    blocks
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "txt") && path.file_stem().is_some_and(|name| name != "rates")
}

fn read(file: &str, text: &str, blocks: &mut Vec<Block>) {
    for (index, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", index + 1);
        let line = line.split(" #").next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix("== ") {
            let number = blocks.len() + 1;
            let from = FIRST.plus(i64::try_from(number).unwrap() * (DAY + SECOND));
            let (file, name) = (file.to_owned(), name.to_owned());
            blocks.push(Block { file, name, number, from, ..Block::default() });
        } else if !line.is_empty() && !line.starts_with('#') {
            let block = blocks.last_mut().unwrap_or_else(|| panic!("{place}: no block"));
            read_line(block, line, &place);
        }
    }
}

fn read_line(block: &mut Block, line: &str, place: &str) {
    let (words, options) = parts(line);
    let word = |index: usize| words.get(index).map(String::as_str).unwrap_or_default();
    match word(0) {
        "from" => block.from = instant(word(1), place),
        "customer" => block.chats.push(Chat {
            customer: word(1).to_owned(),
            channel: word(3).to_owned(),
            has_phone: word(4) == "with" && word(5) == "phone",
        }),
        "expect" => {
            let number = word(1).trim_end_matches(':').parse().unwrap_or_else(|_| panic!("{place}: no number"));
            block.expected.entry(number).or_default().extend(counts(&words[2..], &options, place));
        }
        kind @ ("only" | "by" | "times" | "between") => {
            let check = Check { kind: kind.to_owned(), words: words[1..].to_vec(), options, place: place.to_owned() };
            block.checks.push(check);
        }
        time => {
            let at = moment(block.from, time, place);
            let (mut words, options) = (words[1..].to_vec(), options);
            let chat = match words.last().and_then(|word| word.strip_prefix('@')) {
                Some(name) => {
                    let name = name.to_owned();
                    words.pop();
                    let is_it = |chat: &Chat| format!("{}.{}", chat.customer, chat.channel) == name;
                    block.chats.iter().position(is_it).unwrap_or_else(|| panic!("{place}: no chat {name}"))
                }
                None => 0,
            };
            block.lines.extend(spelt_out(Line { at, chat, words, options, place: place.to_owned() }));
        }
    }
}

/// Words, and those of the form `key=value`.
fn parts(line: &str) -> (Vec<String>, BTreeMap<String, String>) {
    let (mut words, mut options) = (Vec::new(), BTreeMap::new());
    for word in line.split_whitespace() {
        match word.split_once('=') {
            Some((key, value)) => drop(options.insert(key.to_owned(), value.to_owned())),
            None => words.push(word.to_owned()),
        }
    }
    (words, options)
}

/// `settled involved bot_waits=2`
pub fn counts(words: &[String], options: &BTreeMap<String, String>, place: &str) -> Counts {
    let known = |key: &str| {
        let is_known = xiaoer::report::Count::ALL.iter().any(|count| count.key() == key);
        assert!(is_known, "{place}: nothing is counted as {key}");
        key.to_owned()
    };
    let once = words.iter().map(|word| (known(word), 1));
    let often = options.iter().map(|(key, n)| (known(key), n.parse().unwrap_or_else(|_| panic!("{place}: {n}"))));
    once.chain(often).collect()
}

/// `says X answer` is: heard, decided 1 s later, and the words sent 1 s after that.
fn spelt_out(line: Line) -> Vec<Line> {
    let then = |millis: i64, words: &[&str]| Line {
        at: line.at.plus(millis),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..line.clone()
    };
    let delay = |key: &str, usual: i64| line.options.get(key).map_or(usual, |text| millis(text, &line.place));
    let is_sent = line.options.get("sent").is_none_or(|sent| sent != "never");
    let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
    match words[..] {
        ["says", what, act] => {
            let decided = delay("decided", SECOND);
            let mut lines = vec![then(0, &["hears"]), then(decided, &["decides", what, act])];
            if act != "silent" && is_sent {
                lines.push(then(delay("sent", decided + SECOND), &["sends"]));
            }
            lines
        }
        [who, "replies"] => {
            let mut lines = vec![then(0, &[who, "writes"])];
            if is_sent {
                lines.push(then(delay("hold", 0).max(delay("sent", 0)), &["sends"]));
            }
            lines
        }
        _ => vec![line],
    }
}

fn moment(from: At, text: &str, place: &str) -> At {
    if text.contains('T') { instant(text, place) } else { from.plus(millis(text, place)) }
}

/// `2026-03-29T01:30+01:00`
pub fn instant(text: &str, place: &str) -> At {
    let stamp: jiff::Timestamp = text.parse().unwrap_or_else(|error| panic!("{place}: {text}: {error}"));
    stamp.into()
}

/// `71h30m`, `1500ms`, `20s`, `0s`, `3d`.
pub fn millis(text: &str, place: &str) -> i64 {
    let mut rest = text;
    let mut sum = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let unit_length = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_length);
        let unit = match unit {
            "ms" => 1,
            "s" => SECOND,
            "m" => MINUTE,
            "h" => HOUR,
            "d" => DAY,
            _ => panic!("{place}: no time: {text}"),
        };
        sum += number.parse::<i64>().unwrap_or_else(|_| panic!("{place}: no time: {text}")) * unit;
        rest = tail;
    }
    sum
}
