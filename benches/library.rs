//! Finding a script by a few letters: the base pack's library and 2,000 phrases of a person's own.
//!
//! `cargo bench --bench library`. Each query is one that agents type while they type it.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may stop")]

use std::hint::black_box;
use std::time::Instant;

use xiaoer::desk::library::{Library, Phrase, Phrases};
use xiaoer::domain::Language;
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;

const OWN: usize = 2_000;
const ROUNDS: usize = 50;
const QUERIES: &[&str] =
    &["f", "fh", "fhsj", "fahuoshijian", "发货", "退货 地址", "refnud stat", "xyzxyz", "woxiangzhidao", ""];

fn main() {
    let playbook = Playbook::load("bench".into(), &[Layer::base()]).playbook.unwrap();
    let started = Instant::now();
    let library = Library::of(&playbook);
    let built = started.elapsed();
    let own = Phrases::of(phrases());
    println!("{} scripts prepared in {built:.1?}, {OWN} phrases of one's own beside them\n", library.entries().count());
    println!("{:>16} {:>9} {:>9}", "typed", "p50 µs", "worst µs");
    for query in QUERIES {
        let mut micros: Vec<f64> = (0..ROUNDS).map(|_| searched(&library, &own, query)).collect();
        micros.sort_by(f64::total_cmp);
        println!("{query:>16} {:>9.0} {:>9.0}", micros[ROUNDS / 2], micros[ROUNDS - 1]);
    }
}

fn searched(library: &Library, own: &Phrases, query: &str) -> f64 {
    let started = Instant::now();
    black_box(library.search_among(own, query, Language::Zh, 50));
    started.elapsed().as_secs_f64() * 1e6
}

fn phrases() -> impl Iterator<Item = Phrase> {
    let titles = ["发货时间说明", "退货地址和电话", "Refund status", "发票多久开好", "差价怎么退"];
    let texts = [
        "我们会在付款后48小时内发出，遇到预售以商品页为准，感谢您的耐心等待。",
        "Please send it to the address below.",
    ];
    (0..OWN).map(move |number| Phrase {
        id: format!("own.{number}"),
        title: format!("{}{number}", titles[number % titles.len()]),
        text: texts[number % texts.len()].to_owned(),
    })
}
