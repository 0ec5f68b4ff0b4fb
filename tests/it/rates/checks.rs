//! Figures of a block as a whole: under a filter, cut by the clock of a zone, in a period, and how long people waited.

use std::collections::BTreeMap;

use xiaoer::report::{Count, Cut, Figures, Filter, Shelf, Times, Wanted};

use super::Played;
use super::counted::{SHANGHAI, difference, set, told, wanted};
use super::script::{Check, counts, instant};

/// Each line of each block that says something of the whole block.
pub fn each_block(played: &Played, shelf: &Shelf) {
    for block in played.blocks.iter().filter(|block| !block.checks.is_empty()) {
        let channel = &block.chats[0].channel;
        let others = played.blocks.iter().filter(|other| other.number != block.number);
        let is_its_own = others.flat_map(|other| &other.chats).all(|chat| chat.channel != *channel);
        assert!(is_its_own, "“{}” needs a channel of its own", block.name);
        for check in &block.checks {
            match check.kind.as_str() {
                "only" => under_a_filter(check, channel, shelf),
                "by" => cut_by(check, channel, shelf),
                "between" => in_a_period(check, channel, shelf),
                _ => waited(check, channel, shelf),
            }
        }
    }
}

fn of(channel: &str, zone: &str) -> Wanted {
    Wanted { filter: Filter { channel: Some(channel.into()), ..Filter::default() }, ..wanted(zone) }
}

fn assert_same(check: &Check, by_hand: &BTreeMap<String, u32>, counted: &Figures) {
    let found = difference(by_hand, &told(counted));
    assert!(found.is_empty(), "{}:\n{}", check.place, found.join("\n"));
}

/// `only intent=logistics/shipping_fee episodes settled …`
fn under_a_filter(check: &Check, channel: &str, shelf: &Shelf) {
    let mut wanted = of(channel, SHANGHAI);
    let mut rest = check.options.clone();
    rest.retain(|key, value| !set(&mut wanted.filter, key, value));
    assert!(rest.len() < check.options.len(), "{}: no filter", check.place);
    assert_same(check, &counts(&check.words, &rest, &check.place), &wanted.report(shelf, &[]).all);
}

/// `by hour Europe/Berlin episodes 01=1 03=2`: every group of the cut that isn't 0.
fn cut_by(check: &Check, channel: &str, shelf: &Shelf) {
    let cut = Cut::parse(&check.words[0]).unwrap_or_else(|| panic!("{}: no cut", check.place));
    let count = Count::ALL.iter().copied().find(|count| count.key() == check.words[2]);
    let count = count.unwrap_or_else(|| panic!("{}: no count", check.place));
    let report = of(channel, &check.words[1]).report(shelf, &[cut]);
    let groups = report.cuts[0].1.iter().map(|group| (group.name.clone(), group.figures.get(count).to_string()));
    let groups: BTreeMap<String, String> = groups.filter(|(_, n)| n != "0").collect();
    assert_eq!(groups, check.options, "{}", check.place);
}

/// `between FROM TO episodes=2 …`: what began from the first instant until before the second.
fn in_a_period(check: &Check, channel: &str, shelf: &Shelf) {
    let (from, to) = (instant(&check.words[0], &check.place), instant(&check.words[1], &check.place));
    let wanted = Wanted { from, to, ..of(channel, SHANGHAI) };
    let by_hand = counts(&check.words[2..], &check.options, &check.place);
    assert_same(check, &by_hand, &wanted.report(shelf, &[]).all);
}

/// `times bot mean=2000 p50=2000 p90=2000 p99=2000`, in milliseconds; `times edits share=0.25`.
fn waited(check: &Check, channel: &str, shelf: &Shelf) {
    let figures = of(channel, SHANGHAI).report(shelf, &[]).all;
    let times: &Times = match check.words[0].as_str() {
        "bot" => &figures.bot,
        "bot_first" => &figures.bot_first,
        "human" => &figures.human,
        "human_first" => &figures.human_first,
        _ => {
            let share: f64 = check.options["share"].parse().unwrap();
            let counted = figures.edit_share().expect("something was used");
            assert!((counted - share).abs() < 1e-6, "{}: {counted}", check.place);
            return;
        }
    };
    let [p50, p90, p99] = times.clone().percentiles([50, 90, 99]).expect("somebody waited");
    let mean = times.mean().expect("somebody waited");
    let counted =
        [("mean", mean), ("n", i64::try_from(times.len()).unwrap()), ("p50", p50), ("p90", p90), ("p99", p99)];
    let counted: BTreeMap<String, String> = counted.map(|(key, n)| (key.to_owned(), n.to_string())).into();
    assert_eq!(counted, check.options, "{}", check.place);
}
