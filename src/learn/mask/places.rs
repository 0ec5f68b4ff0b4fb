//! What addresses look like: streets and houses, behind a city's name or without one.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Piece};

/// A place of the list of regions, then districts and streets down to a door. A city alone is no address.
const IN_A_REGION: &str = r"(?:$R)(?:省|市|自治区|特别行政区)?$C{0,12}?(?:市|区|县|州|旗|镇|乡|街道|大道|路|街|巷|村|小区|花园|广场|大厦|园区)(?:单元|$C|[0-9０-９A-Za-z\-－#\s]){0,40}(?:号楼?|室|栋|幢|座|单元|楼|街道|路|街|大道|小区|花园|公寓|大厦|广场|镇|乡|村|[0-9]{3,5})";
/// A character of a name of a place: none that parts words of a sentence.
const OF_A_PLACE: &str = r"[\p{Han}&&[^的了会是在您我你请吗呢到有都就能可一般件单]]";
/// A street with a house, without a city.
const STREET: &str = r"(\p{Han}{1,6}?(?:路|街|大道|巷|胡同|村|小区|花园|公寓|苑|社区|新村)\s?[0-9０-９]+\s?(?:号楼?|弄|栋|幢|座|单元|组|室|-)(?:[0-9０-９A-Za-z\-－#]*\s?(?:号楼?|室|栋|幢|座|单元|楼|层|户|门|弄|[0-9]{3,5}))*)";
/// A house and a door alone.
const DOOR: &str =
    r"([0-9０-９]+\s?(?:号楼|栋|幢|座)\s?[0-9０-９A-Za-z]*\s?(?:单元)?\s?[0-9０-９]*\s?(?:室|层|户|楼|[0-9]{3,5}))";
/// What is said to be an address, up to the end of the clause.
const SAID: &str = r"(?:收货地址|收件地址|家庭住址|送货地址|住址|地址)(?:是|为|改成|改为|改到|换成|写)?\s*[:：]?\s*((?:$C|[0-9０-９A-Za-z\-－#\s])*?(?:省|市|区|县|镇|乡|街道|路|街|村|小区|花园|大厦)(?:单元|$C|[0-9０-９A-Za-z\-－#]){2,40})";
const ENGLISH: &[&str] = &[
    r"(?i)\b(\d{1,6}[A-Z]?,? (?:[A-Z][\w.'\-]* ){1,4}?(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|square|sq|close|crescent|highway|hwy|row|mews|parkway|pkwy)\b\.?(?:,? ?(?:apt|apartment|unit|suite|ste|flat|floor|room|#)\.? ?[0-9A-Z\-]+)?(?-i)(?:, ?(?:[A-Z][\w'\-]*|[0-9]{5})(?: (?:[A-Z][\w'\-]*|[0-9]{4,5}(?:-[0-9]{4})?|[0-9][A-Z]{2}))*)*)",
    r"(?i)\b((?:p\.? ?o\.? ?box|flat|apartment|apt\.?|unit) [0-9]+[A-Z]?\b)",
    r"\b([A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2})\b",
    r"\b([A-Z]{2} [0-9]{5}(?:-[0-9]{4})?)\b",
];

static REGIONS: LazyLock<String> = LazyLock::new(|| {
    let rows = include_str!("../../../lexicon/regions.tsv").lines().skip(1);
    let names = rows.flat_map(|row| row.split('\t').skip(2).flat_map(|cell| cell.split('|')));
    let mut names: Vec<&str> = names.filter(|name| name.chars().all(crate::text::is_han) && name.len() >= 6).collect();
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    names.dedup();
    names.join("|")
});

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let in_a_region = IN_A_REGION.replace("$R", &REGIONS).replace("$C", OF_A_PLACE);
    let said = SAID.replace("$C", OF_A_PLACE);
    let all = [said.as_str(), in_a_region.as_str(), STREET, DOOR].into_iter().chain(ENGLISH.iter().copied());
    all.filter_map(|pattern| Regex::new(pattern).ok()).collect()
});

/// What stands right before an address and is no part of it.
const BEFORE: &[&str] = &[
    "寄到", "送到", "寄回", "发到", "发往", "寄往", "改到", "改成", "换到", "我在", "住在", "就在", "地址", "请", "是",
    "到", "在", "您", "我",
];

#[cfg(test)]
pub(super) fn all_compile() -> bool {
    PATTERNS.len() == 4 + ENGLISH.len()
}

/// Addresses, pattern by pattern.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let text = text.to_owned();
    PATTERNS.iter().flat_map(move |pattern| {
        let found = pattern.captures_iter(&text).filter_map(|found| found.get(1).or_else(|| found.get(0)));
        let found = found.map(|found| {
            let said = found.as_str();
            let skipped = BEFORE.iter().filter_map(|word| Some(said.find(word)? + word.len())).filter(|end| *end <= 12);
            Piece { kind: Kind::Address, at: found.start() + skipped.max().unwrap_or(0)..found.end() }
        });
        found.collect::<Vec<_>>()
    })
}
