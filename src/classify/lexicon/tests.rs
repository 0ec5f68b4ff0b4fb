use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;

use super::*;

fn entry(kind: MentionKind, id: &str, names: &[&str]) -> Entry {
    Entry { kind, id: id.to_owned(), names: names.iter().map(|name| (*name).to_owned()).collect() }
}

fn shop() -> Lexicon {
    use MentionKind::{Attribute, Carrier, City, Product, Province};
    Lexicon::build([
        entry(Province, "guangdong", &["广东", "广东省"]),
        entry(Province, "jilin", &["吉林", "吉林省"]),
        entry(City, "jilin-city", &["吉林", "吉林市"]),
        entry(City, "guangzhou", &["广州", "广州市", "Guangzhou"]),
        entry(City, "new-york", &["New York", "纽约"]),
        entry(City, "shijiazhuang", &["石家庄", "Shijiazhuang"]),
        entry(Carrier, "ems", &["EMS", "EMS 快递", "邮政EMS"]),
        entry(Carrier, "fedex", &["FedEx", "联邦快递"]),
        entry(Carrier, "royal-mail", &["Royal Mail", "皇家邮政"]),
        entry(Carrier, "sf", &["顺丰", "顺丰速运", "SF"]),
        entry(Carrier, "jt", &["J&T Express", "极兔"]),
        entry(Product, "grinder", &["角磨机", "角磨機", "angle grinder"]),
        entry(Product, "grinder-12v", &["12V角磨机", "12v 角磨机"]),
        entry(Product, "bottle", &["thermos", "保温杯"]),
        entry(Product, "cafe", &["Café Kanne"]),
        entry(Product, "shop-vac", &["shop vac", "shops"]),
        entry(Attribute, "power", &["功率", "wattage"]),
        entry(Product, "nothing", &["", "杯", "x", "杯，子", "😀", "\u{200b}"]),
    ])
}

/// Words that the playbook knows by itself.
fn known(word: &str) -> bool {
    ["where", "order", "great", "grinding", "thermal", "water"].contains(&word)
}

/// The mentions of a text as `id@the original words`, slips marked with `~`.
fn named(text: &str) -> Vec<String> {
    let found = shop().find(&Text::of(text), 0, &known);
    let shown = |mention: &Mention| {
        let slip = if mention.fuzzy { "~" } else { "" };
        format!("{slip}{}@{}", mention.id, &text[mention.span.start..mention.span.end])
    };
    found.iter().map(shown).collect()
}

#[test]
fn customers_name_things() {
    let cases: &[(&str, &[&str])] = &[
        ("发广东吗", &["guangdong@广东"]),
        ("我在广东省广州市", &["guangdong@广东省", "guangzhou@广州市"]),
        ("發廣東嗎", &["guangdong@廣東"]),
        ("广 东能到吗", &["guangdong@广 东"]),
        ("寄到吉林", &["jilin@吉林", "jilin-city@吉林"]),
        ("吉林市有货吗", &["jilin-city@吉林市"]),
        ("用顺丰速运发", &["sf@顺丰速运"]),
        ("发sf还是ems快递", &["sf@sf", "ems@ems快递"]),
        ("EMS 快递 可以吗", &["ems@EMS 快递"]),
        ("走邮政ＥＭＳ吧", &["ems@邮政ＥＭＳ"]),
        ("极兔？顺丰！", &["jt@极兔", "sf@顺丰"]),
        ("角磨机多少功率", &["grinder@角磨机", "power@功率"]),
        ("12V 角磨机和角磨機", &["grinder-12v@12V 角磨机", "grinder@角磨機"]),
        ("212v角磨机", &["grinder@角磨机"]),
        ("Does Royal Mail deliver to New York?", &["royal-mail@Royal Mail", "new-york@New York"]),
        ("FEDEX's price", &["fedex@FEDEX"]),
        ("is j&t express ok", &["jt@j&t express"]),
        ("your angle grinder, its wattage", &["grinder@angle grinder", "power@wattage"]),
        ("a cafe kanne please", &["cafe@cafe kanne"]),
        ("a café kanne please", &["cafe@café kanne"]),
    ];
    for (text, expected) in cases {
        assert_eq!(named(text), *expected, "{text}");
    }
}

#[test]
fn slips_in_latin_words_are_forgiven() {
    let cases: &[(&str, &[&str])] = &[
        ("ship with feddex", &["~fedex@feddex"]),
        ("ship with fedexx please", &["~fedex@fedexx"]),
        ("ship with fdeex", &["~fedex@fdeex"]),
        ("to guangzou", &["~guangzhou@guangzou"]),
        ("to gaungzhou", &["~guangzhou@gaungzhou"]),
        ("寄到shijazhuan的", &["~shijiazhuang@shijazhuan"]),
        ("what watage", &["~power@watage"]),
        ("royall mail", &["~royal-mail@royall mail"]),
        ("angle grindr", &["~grinder@angle grindr"]),
        ("therms bottle", &["~bottle@therms"]),
    ];
    for (text, expected) in cases {
        assert_eq!(named(text), *expected, "{text}");
    }
}

#[test]
fn other_words_name_nothing() {
    for text in [
        "when will you ship",
        "chips",
        "ship vac",
        "fedx",
        "gedex",
        "where is my order",
        "thermal water",
        "thermoses",
        "https://item.sf.com/ems.html",
        "write to me@ems.com",
        "grinding",
        "mems and emsa",
        "sfo 12sf sf1234567890",
        "newyork",
        "广州话不是广 and 东",
        "杯子一个x",
        "royalmail",
        "york",
        "",
    ] {
        let found = named(text);
        assert!(found.iter().all(|name| name == "guangzhou@广州"), "{text}: {found:?}");
    }
}

#[test]
fn a_text_of_many_strange_words_is_looked_up_in_part() {
    let found = named("abcdee bcdeff cdefgg feddex");
    assert!(found.is_empty(), "three words have used up the tries: {found:?}");
}

#[test]
fn a_word_near_to_many_names_says_nothing() {
    let names = ["stonea", "stoneb", "stonec", "stoned"];
    let entries = |count: usize| names[..count].iter().map(|name| entry(MentionKind::Product, name, &[name]));
    let found = |count: usize| Lexicon::build(entries(count)).find(&Text::of("a stonex"), 0, &|_| false).len();
    assert_eq!((found(3), found(4)), (3, 0));
}

#[test]
fn an_empty_lexicon_finds_nothing() {
    assert!(Lexicon::build([]).find(&Text::of("广东 feddex"), 0, &|_| false).is_empty());
}

#[test]
fn a_hundred_thousand_names_stay_small() {
    let (nouns, shapes) = (["电钻", "角磨机", "保温杯", "连衣裙", "螺丝刀"], ["白色", "加厚", "家用", "儿童", "专业"]);
    let entries = (0..100_000_usize).map(|i| {
        let name =
            format!("{}{}{}号{:x}", shapes[i % 5], nouns[i / 5 % 5], i / 25, i.wrapping_mul(2_654_435_761) % 65_536);
        entry(MentionKind::Product, &i.to_string(), &[&name])
    });
    let (names, bytes) = Lexicon::build(entries).size();
    assert_eq!(names, 100_000);
    assert!(bytes < 4 * 1024 * 1024, "{bytes} bytes");
}

#[test]
fn every_row_of_the_tables_is_read() {
    let rows = |tsv: &str| tsv.lines().skip(1).filter(|line| !line.trim().is_empty()).count();
    assert_eq!(regions(REGIONS).len(), rows(REGIONS));
    assert_eq!(carriers(CARRIERS).len(), rows(CARRIERS));
    assert!(REGIONS.starts_with("id\tkind\tname\taliases\n"));
    assert!(CARRIERS.starts_with("id\tzh\ten\taliases\ttracking\n"));
}

#[test]
fn a_row_that_makes_no_sense_is_left_out() {
    assert_eq!(regions("id\tkind\tname\taliases\nmars\tplanet\t火星\t\n\tcity\t无名\n").len(), 0);
    assert_eq!(carriers("id\tzh\ten\taliases\ttracking\nx\n").len(), 0);
    let bare = carriers("id\tzh\ten\taliases\ttracking\nx\t某快递\tSome Express\n");
    assert_eq!(bare[0].tracking, None);
}

#[test]
fn no_name_in_the_tables_is_claimed_twice_within_a_kind() {
    let mut claimed = BTreeSet::new();
    let entries = regions(REGIONS).into_iter().chain(carriers(CARRIERS).into_iter().map(|carrier| carrier.entry));
    for Entry { kind, id, names } in entries {
        let keys: BTreeSet<_> = names.iter().filter_map(|name| key_of(name)).collect();
        for key in keys {
            assert!(claimed.insert((kind as u8, key.clone())), "{id}: {key} has another owner");
        }
    }
}

#[test]
fn the_carriers_know_their_tracking_numbers() {
    let patterns: BTreeMap<String, Regex> = carriers(CARRIERS)
        .into_iter()
        .filter_map(|carrier| Some((carrier.entry.id, Regex::new(&carrier.tracking?).unwrap())))
        .collect();
    for (id, number) in [
        ("sf", "SF1234567890123"),
        ("zto", "73123456789012"),
        ("yto", "YT1234567890123"),
        ("sto", "771234567890123"),
        ("yunda", "431234567890123"),
        ("jt", "JT0001234567890"),
        ("jd", "JDVA01234567890"),
        ("ems", "EA123456789CN"),
        ("ups", "1Z999AA10123456784"),
        ("usps", "9400111899223197428490"),
        ("royalmail", "AB123456789GB"),
    ] {
        assert!(patterns[id].is_match(number), "{id}: {number}");
        assert!(!patterns[id].is_match(&format!("{number}12345678")), "{id}: {number} and more");
    }
}

/// What every shop knows, with its lexicon.
static TABLES: LazyLock<(Vec<Entry>, Lexicon)> = LazyLock::new(|| {
    let carriers = carriers(CARRIERS).into_iter().map(|carrier| carrier.entry);
    let entries: Vec<Entry> = regions(REGIONS).into_iter().chain(carriers).collect();
    let lexicon = Lexicon::build(entries.iter().cloned());
    (entries, lexicon)
});

#[test]
fn customers_name_places_and_carriers() {
    for (text, expected) in [
        ("新疆能发顺丰吗", &["xinjiang@新疆", "sf@顺丰"][..]),
        ("我在深圳", &["guangdong/shenzhen@深圳"]),
        ("can you send it by J&T Express to guangzou", &["jt@J&T Express", "guangdong/guangzhou@guangzou"]),
    ] {
        let found = TABLES.1.find(&Text::of(text), 0, &known);
        let shown: Vec<String> = found
            .iter()
            .map(|mention| format!("{}@{}", mention.id, &text[mention.span.start..mention.span.end]))
            .collect();
        assert_eq!(shown, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn a_name_is_found_whatever_stands_around_it(
        pick in 0_usize..10_000,
        before in "[一-丏甲乙丙丁戊己庚]{0,6}",
        after in "[一-丏甲乙丙丁戊己庚]{0,6}",
    ) {
        let (entries, lexicon) = &*TABLES;
        let entry = &entries[pick % entries.len()];
        let name = &entry.names[pick / entries.len() % entry.names.len()];
        prop_assume!(key_of(name).is_some());
        let written = format!("{before}{name}{after}");
        let found = lexicon.find(&Text::of(&written), 3, &|_| false);
        let (start, end) = (before.len(), before.len() + name.len());
        // A longer name may swallow it, or one that begins before it: then that one is found in its place.
        prop_assert!(found.iter().any(|mention| mention.span.start < end && start < mention.span.end), "{written}: {found:?}");
        let exact = |mention: &&Mention| mention.id == entry.id && mention.kind == entry.kind;
        let swallowed = |mention: &&Mention| mention.span.start < start || mention.span.end > end;
        prop_assert!(found.iter().any(|mention| exact(&mention) || swallowed(&mention)), "{written}: {found:?}");
    }

    #[test]
    fn any_text_is_read_with_spans_inside_it(text in "\\PC{0,80}|[a-z广东州 ]{0,60}") {
        for mention in shop().find(&Text::of(&text), 0, &|_| false) {
            prop_assert!(mention.span.start < mention.span.end);
            prop_assert!(text.get(mention.span.start..mention.span.end).is_some());
        }
    }
}
