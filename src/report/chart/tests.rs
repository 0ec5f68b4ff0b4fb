//! Every chart, in every shape and language, of much, of little and of nothing.

use jiff::civil::{Date, date};

use super::canvas::{shortened, width_of};
use super::volume::scale;
use super::{Chart, Picture, Shape};
use crate::domain::Language;
use crate::report::filter::Cut;
use crate::report::made::{Group, Report};
use crate::report::{Count, Figures};

const SHAPES: [Shape; 3] = [Shape::Wide, Shape::Half, Shape::Narrow];
const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];
const NASTY: &str = "</text><script>fired(1)</script>&\"'\u{0}\u{b}\u{1b}";

fn figures(n: u32) -> Figures {
    let mut figures = Figures::default();
    for (place, count) in (0..).zip(Count::ALL) {
        figures.set(*count, n.saturating_sub(place % 5));
    }
    for wait in 0..n {
        figures.human.add(i64::from(wait) * 4_000);
        figures.bot.add(1_500);
    }
    figures
}

/// So many days up to a Sunday; nobody wrote on Wednesdays, and of the last three days nothing can be said.
fn report(days: i32) -> (Report, Date, Date) {
    let to = date(2026, 11, 22);
    let from = to.checked_sub(jiff::Span::new().days(days - 1)).unwrap();
    let all = std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(|day| *day <= to);
    let all: Vec<Date> = all.filter(|day| day.weekday() != jiff::civil::Weekday::Wednesday).collect();
    let by_day = (0..).zip(&all).map(|(place, day)| {
        let mut figures = figures(30 + place % 60);
        if (to - *day).get_days() < 3 {
            figures.set(Count::Old, 0);
            figures.set(Count::Durable, 0);
        }
        Group { name: day.to_string(), figures }
    });
    let hours = (1..=7).flat_map(|day| (8..24).map(move |hour| (day, hour)));
    let by_hour = hours.map(|(day, hour)| Group { name: format!("{day}-{hour:02}"), figures: figures(day * hour) });
    let named = |prefix: &str, many: u32| {
        let group = |place: u32| Group { name: format!("{prefix}/{place}"), figures: figures(400 / (place + 1)) };
        (0..many).map(group).collect::<Vec<_>>()
    };
    let cuts = vec![
        (Cut::Day, by_day.collect()),
        (Cut::WeekHour, by_hour.collect()),
        (Cut::Intent, named("aftersale", 40)),
        (Cut::Agent, named("person", 4)),
    ];
    (Report { all: figures(3_000), cuts }, from, to)
}

fn every(
    days: i32,
    report: &Report,
    from: Date,
    to: Date,
    title: &dyn Fn(&str) -> String,
    mut look: impl FnMut(&str, &str),
) {
    for chart in Chart::ALL {
        for shape in SHAPES {
            for language in LANGUAGES {
                let picture = Picture { report, from, to, language, shape, title };
                let svg = chart.draw(&picture).unwrap();
                look(&format!("{} {shape:?} {language:?} {days}", chart.key()), &svg);
            }
        }
    }
}

/// A document of one element, whose tags close each other, with no letter that XML can't hold.
fn well_formed(what: &str, svg: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{what}: a bare > in {text}");
        for entity in text.split('&').skip(1) {
            assert!(
                ["lt;", "gt;", "amp;", "quot;", "apos;"].iter().any(|known| entity.starts_with(known)),
                "{what}: &{entity}"
            );
        }
        let end = rest[at..].find('>').unwrap_or_else(|| panic!("{what}: a tag without its end")) + at;
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{what}: {tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name.trim()), "{what}");
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(tag.split_whitespace().next().unwrap_or_default().to_owned());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{what}: {open:?} stay open");
    assert!(svg.chars().all(|letter| !letter.is_control() || letter == '\n'), "{what}: a control character");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{what}: no number");
    for code in ["<script", "<foreignObject", "href", "<style", "url("] {
        assert!(!svg.contains(code), "{what}: {code}");
    }
}

#[test]
fn every_chart_is_well_formed_whatever_things_are_called() {
    for days in [1, 7, 30, 90] {
        let (report, from, to) = report(days);
        every(days, &report, from, to, &|name| format!("{name} {NASTY}"), well_formed);
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let empty = Report::default();
    let (_, from, to) = report(7);
    every(7, &empty, from, to, &str::to_owned, |what, svg| {
        well_formed(what, svg);
        assert!(svg.contains("没有数据") || svg.contains("No data"), "{what}");
    });
}

#[test]
fn a_day_without_a_denominator_is_a_gap() {
    let (report, from, to) = report(7);
    let picture =
        Picture { report: &report, from, to, language: Language::En, shape: Shape::Wide, title: &str::to_owned };
    let svg = Chart::Trend.draw(&picture).unwrap();
    // Monday and Tuesday, no Wednesday, Thursday; Friday to Sunday are pending.
    let lines: Vec<&str> =
        svg.lines().filter(|line| line.starts_with("<polyline") && line.contains("#0F6B5C")).collect();
    let [_legend, days] = lines[..] else { panic!("{lines:#?}") };
    assert_eq!(days.matches(',').count(), 2, "two days are one line: {days}");
    assert!(svg.contains("pending"), "{svg}");
}

#[test]
fn no_date_lies_on_another() {
    for days in [7, 30, 90] {
        let (report, from, to) = report(days);
        every(days, &report, from, to, &str::to_owned, |what, svg| {
            let texts =
                svg.split("<text ").skip(1).filter(|text| text.contains("middle") && text.contains("font-size=\"11\""));
            let mut places: Vec<(i32, i32, i32)> = texts.filter_map(placed).collect();
            places.sort_unstable();
            for pair in places.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                let [(_, left, wide), (_, right, other)] = pair else { continue };
                assert!(left + wide / 2 <= right - other / 2, "{what}: {pair:?}");
            }
        });
    }
}

/// Row, middle and width of a text.
fn placed(text: &str) -> Option<(i32, i32, i32)> {
    let attribute = |name: &str| text.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.parse::<i32>().ok();
    let words = text.split_once('>')?.1.split_once('<')?.0.trim();
    Some((attribute("y")?, attribute("x")?, width_of(words, 11)))
}

#[test]
fn an_english_chart_has_no_chinese_in_it() {
    let (report, from, to) = report(30);
    every(30, &report, from, to, &str::to_owned, |what, svg| {
        let is_han = |letter: char| ('\u{3000}'..='\u{9fff}').contains(&letter) || letter == '（';
        assert!(!what.contains("En") || !svg.contains(is_han), "{what}");
    });
}

#[test]
fn a_scale_has_round_steps_and_holds_its_most() {
    for (most, wanted) in [
        (0, (1, 1)),
        (1, (1, 1)),
        (5, (5, 1)),
        (6, (6, 2)),
        (23, (25, 5)),
        (60, (60, 20)),
        (101, (150, 50)),
        (999, (1_000, 200)),
        (1_001, (1_500, 500)),
    ] {
        assert_eq!(scale(most), wanted, "{most}");
    }
    for most in 0..20_000 {
        let (top, step) = scale(most);
        assert!(top >= most && top % step == 0 && top / step <= 5, "{most}: {top} by {step}");
    }
}

#[test]
fn a_long_name_is_cut_to_its_place() {
    assert_eq!(shortened("退货", 13, 200), "退货");
    let short = shortened("这是一个长得没有尽头的意图名称一直写一直写", 13, 100);
    assert!(short.ends_with('…') && width_of(&short, 13) <= 100, "{short}");
}
