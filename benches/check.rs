//! Checking a whole playbook: every file scanned, parsed and read, the phrases held against each other, the cases run.
//!
//! `cargo bench --bench check`. A shop of 150 intents: the base pack's, the rest its own, each with a reply. The first line
//! is a clean shop with all checks, the second one where every file has a slip of the hand.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may stop")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use xiaoer::check;
use xiaoer::classify::Classifier;
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;

/// The shop is checked so often.
const ROUNDS: usize = 30;
/// The base pack's among them.
const INTENTS: usize = 150;
/// In each language, about as the base pack has them.
const PHRASES: usize = 60;

fn main() {
    for (name, colon) in [("clean", ":"), ("broken", "：")] {
        let shop = shop(colon);
        let mut millis: Vec<f64> = (0..=ROUNDS).map(|_| checked(&shop)).skip(1).collect();
        millis.sort_by(f64::total_cmp);
        let (median, worst) = (millis[millis.len() / 2], millis[millis.len() - 1]);
        println!("{name:>6}: {INTENTS} intents, p50 {median:.1} ms, worst {worst:.1} ms");
    }
}

/// Milliseconds.
fn checked(shop: &Layer) -> f64 {
    let started = Instant::now();
    let loaded = Playbook::load("bench".into(), &[Layer::base(), shop.clone()]);
    let mut told = loaded.mistakes;
    if let Some(playbook) = loaded.playbook {
        told.extend(check::check(&playbook, &Classifier::compile(&playbook).unwrap()));
    }
    black_box(told);
    started.elapsed().as_secs_f64() * 1e3
}

fn shop(colon: &str) -> Layer {
    let base = Playbook::load("base".into(), &[Layer::base()]).playbook.unwrap().intents.len();
    let files = (base..INTENTS).flat_map(|n| {
        let mut intent = format!("means{colon} The customer asks for welding rod {n}.\n");
        for (language, phrase, case) in [("zh", "号规格的焊条有货吗", "请问"), ("en", " of that rod in stock", "Is ")]
        {
            write!(intent, "{language}:\n  phrases: |\n").unwrap();
            (0..PHRASES).for_each(|line| writeln!(intent, "    {n}x{line}{phrase}").unwrap());
            writeln!(intent, "  should_match: |").unwrap();
            (0..6).for_each(|line| writeln!(intent, "    {case}{n}x{line}{phrase}？").unwrap());
        }
        let reply =
            format!("title: {n}\nzh:\n  default: |\n    有货，今天可以发。\nen:\n  default: |\n    It is in stock.\n");
        [(format!("intents/rods/rod_{n}.yaml"), intent), (format!("replies/rods/rod_{n}.yaml"), reply)]
    });
    Layer::of("shop", files)
}
