//! The learnt classifier on labelled messages.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde::Serialize;

use super::labelled::{Labelled, Row};
use super::learning::Learning;
use super::seen::{Judged, RATHER_RIGHT, Seen, best_threshold, reached_by_most};
use crate::classify::learnt::{Class, Example, Learnt};
use crate::domain::Language;
use crate::text::Text;

/// What is learnt, and what it is measured on.
#[derive(Debug)]
pub(super) struct Messages<'a> {
    pub(super) train: &'a Path,
    pub(super) test: &'a Path,
    pub(super) oos: Option<&'a Path>,
    pub(super) valid: Option<&'a Path>,
    pub(super) valid_oos: Option<&'a Path>,
    pub(super) first: Option<usize>,
    /// Where it is written what each message was taken for.
    pub(super) predictions: Option<&'a Path>,
    pub(super) json: bool,
}

/// What `--json` prints. What was not measured is null.
#[derive(Debug, Serialize)]
struct Figures {
    accuracy: f64,
    macro_f1: f64,
    oos_recall: Option<f64>,
    oos_precision: Option<f64>,
    in_scope_accuracy_at_threshold: f64,
    joint_accuracy: Option<f64>,
    auroc: Option<f64>,
    threshold: f32,
    calibration_error: f64,
    train_seconds: f64,
    train_cpu_seconds: Option<f64>,
    fit_cpu_seconds: Option<f64>,
    p50_micros: f64,
    p99_micros: f64,
    messages_per_second: f64,
    model_bytes: usize,
    labels: usize,
    trained_on: usize,
    tested_on: usize,
}

/// The files, read. All are read before anything is learnt: a slip shows at once.
struct Files {
    train: Labelled,
    test: Labelled,
    oos: Option<Labelled>,
    valid: Option<Labelled>,
    valid_oos: Option<Labelled>,
}

impl Messages<'_> {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let files = self.read()?;
        let create = |path: &Path| File::create(path).with_context(|| path.display().to_string());
        let predictions = self.predictions.map(create).transpose()?;
        let labels = files.train.labels();
        let class = |row: &Row| labels[row.label.as_str()];
        let examples: Vec<Example<'_>> =
            files.train.rows.iter().map(|row| Example { text: &row.normal, class: class(row) }).collect();
        let learning = Learning::of(&examples, labels.len());
        let judge = |file: &Labelled| judge(file, &learning.learnt, &labels);
        let seen =
            Seen { inside: judge(&files.test), outside: files.oos.as_ref().map(outside(&judge)).unwrap_or_default() };
        let threshold = match (files.valid.as_ref().map(judge), files.valid_oos.as_ref().map(outside(&judge))) {
            (None, _) => RATHER_RIGHT,
            (Some(inside), None) => reached_by_most(&inside),
            (Some(inside), Some(outside)) => best_threshold(&Seen { inside, outside }),
        };
        if let Some(file) = predictions {
            let names: Vec<&str> = labels.keys().copied().collect();
            let rows = files.test.rows.iter().chain(files.oos.iter().flat_map(|file| &file.rows));
            write(file, rows.zip(seen.inside.iter().chain(&seen.outside)), &names).context("--predictions")?;
        }
        let figures = figures(&files, &learning, &seen, threshold);
        if self.json {
            println!("{}", serde_json::to_string(&figures)?);
        } else {
            print!("{}", table(&figures, language));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self) -> anyhow::Result<Files> {
        let read = |path: Option<&Path>| path.map(Labelled::read).transpose();
        let train = Labelled::read(self.train)?.first(self.first);
        let test = Labelled::read(self.test)?;
        let labels = train.labels();
        let train_name = self.train.display();
        ensure!(labels.len() > 1, "{train_name}: there have to be two labels at least, and there is one");
        ensure!(
            test.rows.iter().any(|row| labels.contains_key(row.label.as_str())),
            "{}: none of its labels stands in {train_name}",
            self.test.display()
        );
        Ok(Files { oos: read(self.oos)?, valid: read(self.valid)?, valid_oos: read(self.valid_oos)?, train, test })
    }
}

fn judge(file: &Labelled, learnt: &Learnt, labels: &BTreeMap<&str, Class>) -> Vec<Judged> {
    let judge = |row: &Row| Judged { label: labels.get(row.label.as_str()).copied(), guess: learnt.guess(&row.normal) };
    file.rows.iter().map(judge).collect()
}

/// Judges messages that are outside of every label, whatever the file calls them.
fn outside(judge: &dyn Fn(&Labelled) -> Vec<Judged>) -> impl Fn(&Labelled) -> Vec<Judged> {
    |file| judge(file).into_iter().map(|judged| Judged { label: None, ..judged }).collect()
}

/// Writes a line for each message, without its words: label, what it was taken for, confidence.
fn write<'r>(file: File, rows: impl Iterator<Item = (&'r Row, &'r Judged)>, names: &[&str]) -> std::io::Result<()> {
    let mut file = BufWriter::new(file);
    for (row, judged) in rows {
        let taken_for = names.get(judged.guess.class as usize).copied().unwrap_or_default();
        writeln!(file, "{}\t{taken_for}\t{}", row.label, judged.guess.confidence)?;
    }
    file.flush()
}

fn figures(files: &Files, learning: &Learning, seen: &Seen, threshold: f32) -> Figures {
    let micros = measure(&learning.learnt, &files.test);
    let labels = files.train.labels().len();
    let has_outside = files.oos.is_some();
    Figures {
        accuracy: seen.accuracy(),
        macro_f1: seen.macro_f1(labels),
        oos_recall: has_outside.then(|| seen.oos_recall(threshold)),
        oos_precision: has_outside.then(|| seen.oos_precision(threshold)),
        in_scope_accuracy_at_threshold: seen.accepted_and_right(threshold) / seen.inside.len().max(1) as f64,
        joint_accuracy: has_outside.then(|| seen.joint(threshold)),
        auroc: has_outside.then(|| seen.auroc()),
        threshold,
        calibration_error: seen.calibration_error(),
        train_seconds: learning.seconds,
        train_cpu_seconds: learning.cpu_seconds,
        fit_cpu_seconds: learning.fit_cpu_seconds,
        p50_micros: at(&micros, 0.5),
        p99_micros: at(&micros, 0.99),
        messages_per_second: micros.len() as f64 / (micros.iter().sum::<f64>() / 1e6),
        model_bytes: learning.learnt.bytes(),
        labels,
        trained_on: files.train.rows.len(),
        tested_on: files.test.rows.len(),
    }
}

/// Microseconds a message, sorted: from the words as they were written to what they were taken for, on one core.
fn measure(learnt: &Learnt, test: &Labelled) -> Vec<f64> {
    let time = |row: &Row| {
        let started = Instant::now();
        std::hint::black_box(learnt.guess(Text::of(&row.text).normal()));
        started.elapsed().as_secs_f64() * 1e6
    };
    // The first round warms the caches.
    let _ = test.rows.iter().map(time).sum::<f64>();
    let mut micros: Vec<f64> = test.rows.iter().map(time).collect();
    micros.sort_by(f64::total_cmp);
    micros
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or_default()
}

fn table(figures: &Figures, language: Language) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let mut rows = vec![
        (
            word("训练 / 测试 / 类别", "trained on / tested on / labels"),
            format!("{} / {} / {}", figures.trained_on, figures.tested_on, figures.labels),
        ),
        (word("准确率", "accuracy"), percent(figures.accuracy)),
        (word("宏平均 F1", "macro F1"), percent(figures.macro_f1)),
        (word("阈值", "threshold"), format!("{:.2}", figures.threshold)),
        (word("达到阈值且正确", "at the threshold and right"), percent(figures.in_scope_accuracy_at_threshold)),
    ];
    let optional = [
        (word("范围外召回率", "out of scope, recall"), figures.oos_recall),
        (word("范围外精确率", "out of scope, precision"), figures.oos_precision),
        (word("综合准确率", "joint accuracy"), figures.joint_accuracy),
        ("AUROC", figures.auroc),
    ];
    rows.extend(optional.into_iter().filter_map(|(name, share)| Some((name, percent(share?)))));
    rows.extend([
        (word("校准误差", "calibration error"), percent(figures.calibration_error)),
        (word("训练用时", "training"), training(figures, language)),
        (
            word("每条消息 p50 / p99", "a message, p50 / p99"),
            format!("{:.1} / {:.1} µs", figures.p50_micros, figures.p99_micros),
        ),
        (word("每秒消息数", "messages a second"), format!("{:.0}", figures.messages_per_second)),
        (word("模型大小", "model"), format!("{:.1} MB", figures.model_bytes as f64 / 1e6)),
    ]);
    let width = rows.iter().map(|(name, _)| unicode_width::UnicodeWidthStr::width(*name)).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| {
            let gap = width - unicode_width::UnicodeWidthStr::width(*name);
            format!("{name}{}  {value}\n", " ".repeat(gap))
        })
        .collect()
}

fn training(figures: &Figures, language: Language) -> String {
    let wall = format!("{:.2} s", figures.train_seconds);
    let (Some(all), Some(fit)) = (figures.train_cpu_seconds, figures.fit_cpu_seconds) else { return wall };
    match language {
        Language::Zh => format!("{wall}；处理器 {all:.2} s，其中模型本身 {fit:.2} s"),
        _ => format!("{wall}; processor {all:.2} s, of which the model itself {fit:.2} s"),
    }
}
