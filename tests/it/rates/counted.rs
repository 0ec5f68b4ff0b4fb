//! What the program counts, held against what stands in the files.

use std::collections::BTreeMap;

use tokio::sync::OwnedRwLockReadGuard;
use xiaoer::domain::{At, EpisodeId, HOUR, Rung};
use xiaoer::playbook::hours::HumanHours;
use xiaoer::report::{Cabinet, Count, Cut, Figures, Filter, Hours, Lasting, Rate, Shelf, Wanted};
use xiaoer::store::Store;

use super::script::{self, Counts};
use super::{Played, now, player};

pub type Open = OwnedRwLockReadGuard<Shelf>;

pub const SHANGHAI: &str = "Asia/Shanghai";

/// The shop's facts as they stand now.
pub async fn shelf(store: &Store, from: At) -> Open {
    Cabinet::new(store.clone()).open(&player::shop(), from, now()).await.unwrap()
}

/// Everything up to now, by the clock of this zone.
pub fn wanted(zone: &str) -> Wanted {
    let zone = jiff::tz::TimeZone::get(zone).unwrap();
    Wanted {
        from: At(0),
        to: now(),
        filter: Filter::default(),
        lasting: Lasting::usual(now()),
        hours: Hours { hours: HumanHours::parse("09:00-21:00"), zone },
    }
}

/// What isn't 0.
pub fn told(figures: &Figures) -> Counts {
    let all = Count::ALL.iter().map(|count| (count.key().to_owned(), figures.get(*count)));
    all.filter(|(_, n)| *n > 0).collect()
}

/// What one side has and the other hasn't.
pub fn difference(by_hand: &Counts, counted: &Counts) -> Vec<String> {
    let mut keys: Vec<&String> = by_hand.keys().chain(counted.keys()).collect();
    keys.sort();
    keys.dedup();
    let of = |counts: &Counts, key: &String| counts.get(key).copied().unwrap_or(0);
    let differ = keys.into_iter().filter(|key| of(by_hand, key) != of(counted, key));
    differ.map(|key| format!("{key}: by hand {}, counted {}", of(by_hand, key), of(counted, key))).collect()
}

/// Each episode by itself.
pub fn each_episode(played: &Played, shelf: &Shelf) {
    let mut wrong = Vec::new();
    for (block, episodes) in played.blocks.iter().zip(&played.episodes) {
        let numbers: Vec<usize> = (1..=episodes.len()).collect();
        let expected: Vec<usize> = block.expected.keys().copied().collect();
        assert_eq!(expected, numbers, "{}: “{}” has other episodes", block.file, block.name);
        for (id, (number, by_hand)) in episodes.iter().zip(&block.expected) {
            let found = difference(by_hand, &told(&figures_of(shelf, id)));
            if !found.is_empty() {
                wrong.push(format!(
                    "{}: “{}”, episode {number}:\n    {}",
                    block.file,
                    block.name,
                    found.join("\n    ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} episodes are counted otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

fn figures_of(shelf: &Shelf, id: &EpisodeId) -> Figures {
    let facts = shelf.get(id).unwrap_or_else(|| panic!("{id} isn't counted"));
    let at_once = shelf.episodes().iter().filter(|other| other.started == facts.started).count();
    assert_eq!(at_once, 1, "{id} begins together with another one, and can't be told apart");
    let wanted = Wanted { from: facts.started, to: facts.started.plus(1), ..wanted(SHANGHAI) };
    wanted.report(shelf, &[]).all
}

/// Every number opens its episodes, and no others.
pub fn each_list(played: &Played, shelf: &Shelf) {
    for count in Count::ALL {
        let mut by_hand: Vec<&EpisodeId> = Vec::new();
        for (block, episodes) in played.blocks.iter().zip(&played.episodes) {
            let has = |counts: &Counts| counts.get(count.key()).is_some_and(|n| *n > 0);
            by_hand.extend(episodes.iter().zip(block.expected.values()).filter(|(_, c)| has(c)).map(|(id, _)| id));
        }
        let (listed, how_many) = wanted(SHANGHAI).list(shelf, *count, (0, 1_000));
        assert!(listed.windows(2).all(|two| two[0].started >= two[1].started), "the latest first");
        let mut listed: Vec<&EpisodeId> = listed.iter().map(|one| &one.id).collect();
        by_hand.sort();
        listed.sort();
        assert_eq!((listed, how_many), (by_hand.clone(), by_hand.len()), "the list of {}", count.key());
        let (page, of) = wanted(SHANGHAI).list(shelf, *count, (1, 1));
        assert_eq!((page.len(), of), (by_hand.len().saturating_sub(1).min(1), by_hand.len()));
    }
}

/// The table of rates: each numerator and denominator over all blocks. `durable@24h`: with another window.
pub fn each_rate(shelf: &Shelf) {
    let text = std::fs::read_to_string(script::folder().join("rates.txt")).unwrap();
    let mut by_hand: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        if let Some((key, rate)) = line.split_once(char::is_whitespace) {
            by_hand.insert(key.to_owned(), rate.trim().to_owned());
        }
    }
    let usual = wanted(SHANGHAI).report(shelf, &[]).all;
    let lasting = Lasting { window: 24 * HOUR, now: now() };
    let a_day = Wanted { lasting, ..wanted(SHANGHAI) }.report(shelf, &[]).all;
    let rate = |figures: &Figures, rate: &Rate| {
        let (of, all) = rate.counts();
        format!("{}/{}", figures.get(of), figures.get(all))
    };
    let mut counted: BTreeMap<String, String> =
        Rate::ALL.iter().map(|one| (one.key().to_owned(), rate(&usual, one))).collect();
    for one in [Rate::Durable, Rate::DurableSame] {
        counted.insert(format!("{}@24h", one.key()), rate(&a_day, &one));
    }
    let always = Hours { hours: None, ..wanted(SHANGHAI).hours };
    let always = Wanted { hours: always, ..wanted(SHANGHAI) }.report(shelf, &[]).all;
    for one in [Rate::Human20, Rate::Human180] {
        counted.insert(format!("{}@always", one.key()), rate(&always, &one));
    }
    counted.insert("pending".to_owned(), format!("{}/{}", usual.get(Count::Pending), usual.get(Count::Episodes)));
    counted.insert("pending@24h".to_owned(), format!("{}/{}", a_day.get(Count::Pending), a_day.get(Count::Episodes)));
    assert_eq!(by_hand, counted, "the table of rates");
}

/// Whatever a cut tells apart, the filter of the same name leaves alone.
pub fn each_group_is_its_filter(shelf: &Shelf) {
    let wanted = wanted(SHANGHAI);
    let report = wanted.report(shelf, Cut::ALL);
    for (cut, groups) in &report.cuts {
        assert!(groups.len() > 1, "all are of one {}", cut.key());
        for group in groups {
            let Some(filter) = filter(*cut, &group.name) else { continue };
            let alone = with(&wanted, filter).report(shelf, &[]).all;
            assert_eq!(told(&alone), told(&group.figures), "{} {}", cut.key(), group.name);
        }
    }
}

fn with(wanted: &Wanted, filter: Filter) -> Wanted {
    Wanted { filter, ..wanted.clone() }
}

/// The filter that a manager would set to see one group; a day is a period and no filter.
fn filter(cut: Cut, name: &str) -> Option<Filter> {
    let mut filter = Filter::default();
    match cut {
        Cut::Day => return None,
        Cut::WeekHour => {
            let (day, hour) = name.split_once('-')?;
            set(&mut filter, "weekday", day);
            set(&mut filter, "hour", hour);
        }
        other => assert!(set(&mut filter, other.key(), name), "no filter {}", other.key()),
    }
    Some(filter)
}

/// Sets one of the filters by its name; false: there is none of that name.
pub fn set(filter: &mut Filter, key: &str, value: &str) -> bool {
    match key {
        "channel" => filter.channel = Some(value.into()),
        "intent" => filter.intent = Some(value.into()),
        "product" => filter.product = Some(value.into()),
        "script" => filter.script = Some(value.into()),
        "agent" => filter.agent = Some(value.into()),
        "version" => filter.version = Some(value.into()),
        "rung" => filter.rung = Rung::ALL.iter().copied().find(|rung| rung.key() == value),
        "hour" => filter.hour = value.parse().ok(),
        "weekday" => filter.weekday = value.parse().ok(),
        _ => return false,
    }
    true
}
