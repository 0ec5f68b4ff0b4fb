//! `xiaoer eval` on small files: what it measures, what it writes, what it says of files that are wrong.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// What customers want, in so many words, and what they say around it.
const WANTS: &[(&str, &[&str])] = &[
    ("track", &["where is my parcel", "track my order", "has the package been sent", "my delivery is not here"]),
    ("refund", &["i want my money back", "refund this purchase", "how do i get a refund", "return it and pay me back"]),
    (
        "size",
        &["which size fits me", "is the medium large enough", "does the shirt run small", "what are its measurements"],
    ),
];
const AROUND: &[&str] = &["", "hello, ", "please, ", "one question: ", "sorry to bother you, ", "quickly: "];
const OUTSIDE: &[&str] = &["tell me a joke", "who won the game", "what's the weather in rome", "sing a song"];

/// A corpus of a few lines: six ways to say each thing, the last of them for the test.
struct Corpus(TempDir);

impl Corpus {
    fn new() -> Self {
        let corpus = Self(tempfile::tempdir().unwrap());
        let lines = |around: &[&str]| -> String {
            let said = WANTS.iter().flat_map(|(label, said)| said.iter().map(move |said| (label, said)));
            said.flat_map(|(label, said)| around.iter().map(move |around| format!("{around}{said}\t{label}\n")))
                .collect()
        };
        let outside = |said: &[&str]| said.iter().map(|said| format!("{said}\tnone of these\n")).collect::<String>();
        corpus.write("train", &lines(&AROUND[..4]));
        corpus.write("valid", &lines(&AROUND[4..5]));
        corpus.write("test", &lines(&AROUND[5..]));
        corpus.write("valid-oos", &outside(&OUTSIDE[..2]));
        corpus.write("oos", &outside(&OUTSIDE[2..]));
        corpus
    }

    fn write(&self, name: &str, lines: &str) {
        std::fs::write(self.0.path().join(name), lines).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn eval(&self, arguments: &str) -> Output {
        eval(self.0.path(), arguments)
    }

    fn figures(&self, arguments: &str) -> Value {
        let output = self.eval(&format!("--train train --test test --json {arguments}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What it says when it can't.
    fn complains(&self, arguments: &str) -> String {
        let output = self.eval(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

fn eval(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.current_dir(folder).args(["eval", "--lang", "en"]).args(arguments.split_whitespace()).output().unwrap()
}

const KEYS: &[&str] = &[
    "accuracy",
    "macro_f1",
    "oos_recall",
    "oos_precision",
    "in_scope_accuracy_at_threshold",
    "joint_accuracy",
    "auroc",
    "train_seconds",
    "p50_micros",
    "p99_micros",
    "messages_per_second",
    "model_bytes",
];

#[test]
fn figures_of_a_small_corpus() {
    let corpus = Corpus::new();
    let figures = corpus.figures("--oos oos --valid valid --valid-oos valid-oos");
    for key in KEYS {
        assert!(figures[key].is_number(), "{key} in {figures}");
    }
    let number = |key: &str| figures[key].as_f64().unwrap();
    assert!(number("accuracy") > 0.9 && number("macro_f1") > 0.9 && number("auroc") > 0.7, "{figures}");
    assert_eq!((number("labels"), number("trained_on"), number("tested_on")), (3.0, 48.0, 12.0));
    assert!(number("model_bytes") > 100.0 && number("p50_micros") <= number("p99_micros"));
    if cfg!(target_os = "linux") {
        assert!(number("fit_cpu_seconds") <= number("train_cpu_seconds"), "{figures}");
    }
}

#[test]
fn what_was_not_measured_is_null_and_few_examples_are_few() {
    let corpus = Corpus::new();
    let figures = corpus.figures("--first 2");
    for key in KEYS {
        assert!(figures.get(key).is_some(), "{key} in {figures}");
    }
    assert!(figures["oos_recall"].is_null() && figures["auroc"].is_null());
    assert_eq!((&figures["trained_on"], &figures["threshold"]), (&Value::from(6), &Value::from(0.5)));
}

#[test]
fn predictions_have_no_words_and_lead_to_the_same_figures() {
    let corpus = Corpus::new();
    let figures = corpus.figures("--oos oos --predictions predictions.tsv");
    let predictions = corpus.read("predictions.tsv");
    let rows: Vec<Vec<&str>> = predictions.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 12 + 2);
    let labels = ["track", "refund", "size"];
    let test = corpus.read("test");
    let golds = test.lines().map(|line| line.rsplit('\t').next().unwrap());
    for (row, gold) in rows.iter().zip(golds.chain(["none of these"; 2])) {
        let confidence: f32 = row[2].parse().unwrap();
        assert!(row[0] == gold && labels.contains(&row[1]) && (0.0..=1.0).contains(&confidence), "{row:?}");
    }
    let right = rows[..12].iter().filter(|row| row[0] == row[1]).count() as f64;
    assert_eq!(figures["accuracy"].as_f64().unwrap(), right / 12.0);
    let again = corpus.figures("--oos oos --predictions again.tsv");
    assert_eq!((&figures["auroc"], corpus.read("again.tsv")), (&again["auroc"], predictions));
}

#[test]
fn slips_are_named_before_anything_is_learnt() {
    let corpus = Corpus::new();
    corpus.write("bad", "where is it\ttrack\nno tab here\n");
    corpus.write("empty", "\n\n");
    corpus.write("one", "where is it\ttrack\nis it here\ttrack\n");
    corpus.write("other", "where is it\tlost\n");
    for (arguments, said) in [
        ("--train bad --test test", "bad: line 2: there is no tab; a line is TEXT<TAB>LABEL"),
        ("--train nowhere --test test", "nowhere: "),
        ("--train train --test test --oos nowhere", "nowhere: "),
        ("--train empty --test test", "empty: there is no line in it"),
        ("--train one --test test", "one: there have to be two labels at least, and there is one"),
        ("--train train --test other", "other: none of its labels stands in train"),
        ("--train train --test test --predictions no/such/folder", "no/such/folder: "),
    ] {
        let told = corpus.complains(arguments);
        assert!(told.contains(said), "{arguments}: {told}");
    }
}

#[test]
fn help_tells_of_the_formats() {
    let told = String::from_utf8(eval(Path::new("."), "--help").stdout).unwrap();
    assert!(told.contains("TEXT<TAB>LABEL") && told.contains("LABEL<TAB>TAKEN FOR<TAB>CONFIDENCE"), "{told}");
}
