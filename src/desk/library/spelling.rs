//! How characters are typed by their sound: syllables in Latin letters, all everyday readings of each.

use std::sync::LazyLock;

use pinyin::ToPinyin as _;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The syllables of a character, the commonest first; none if it has no sound.
pub(super) type Readings = SmallVec<[&'static str; 2]>;

/// Characters with several everyday readings; 还 is hai and huan.
static SEVERAL: LazyLock<FxHashMap<char, Readings>> = LazyLock::new(|| {
    let mut several: FxHashMap<char, Readings> = FxHashMap::default();
    for (c, letters) in
        include_str!("../../../lexicon/readings.tsv").lines().skip(1).filter_map(|row| row.split_once('\t'))
    {
        let Some(c) = c.chars().next() else { continue };
        let own = several.entry(c).or_default();
        if !own.contains(&letters) {
            own.push(letters);
        }
    }
    several
});

/// How a Han character is typed, in letters a to z.
pub(super) fn readings(c: char) -> Readings {
    if let Some(all) = SEVERAL.get(&c) {
        return all.clone();
    }
    let plain = c.to_pinyin().map(|reading| match reading.plain() {
        // Input methods have v for ü.
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        plain => plain,
    });
    plain.filter(|letters| letters.bytes().all(|letter| letter.is_ascii_lowercase())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_typed_by_any_of_their_sounds() {
        for (c, expected) in [('发', &["fa"][..]), ('绿', &["lv"]), ('女', &["nv"]), ('略', &["lve"]), ('a', &[])] {
            assert_eq!(readings(c).as_slice(), expected, "{c}");
        }
        for (c, both) in
            [('还', ["hai", "huan"]), ('行', ["xing", "hang"]), ('重', ["zhong", "chong"]), ('长', ["chang", "zhang"])]
        {
            assert!(both.iter().all(|reading| readings(c).contains(reading)), "{c}: {:?}", readings(c));
        }
    }
}
