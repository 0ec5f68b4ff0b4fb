//! The tables of the pipeline: what is invisible, what looks alike, what is traditional, what ends a clause.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Takes no room on the screen: zero-width and bidirectional controls, variation selectors, tags, soft hyphens.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Quotation marks: they part nothing.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '`')
}

/// Ends a sentence.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '。' | '!' | '?' | ';' | '…' | '⋯' | '~' | '〜' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}'
    )
}

/// Ends a clause within a sentence; symbols and emoji among them.
pub(super) fn ends_clause(c: char) -> bool {
    match c {
        ',' | '、' | '(' | ')' | '【' | '】' | '《' | '》' | '「' | '」' | '『' | '』' | '〈' | '〉' | '|' | '^'
        | '—' | '–' | '·' => true,
        '#' | '-' | '_' | '.' | '/' | ':' | '%' | '+' | '*' | '@' | '&' | '\'' | '$' | '¥' | '€' | '£' | '[' | ']'
        | '{' | '}' | '<' | '>' | '=' | '\\' | '°' => false,
        _ => !c.is_alphanumeric() && !c.is_whitespace() && !is_combining_mark(c),
    }
}

/// Letters of other scripts that look like Latin ones, and Latin letters with marks, as plain Latin.
pub(super) fn plain_latin(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ҽ' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' | 'ı' | 'ӏ' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ѡ' => 'w',
        'х' | 'χ' => 'x',
        'у' => 'y',
        '’' | '‘' | '´' => '\'',
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => std::iter::once(c).nfd().next().unwrap_or(c),
        _ => c,
    }
}

/// Traditional characters with the simplified one each stands for; the rest isn't listed.
static SIMPLIFIED: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let all: Vec<char> = ('\u{3400}'..='\u{4dbf}').chain('\u{4e00}'..='\u{9fff}').collect();
    // One call for all of them, each on a line of its own: no word of the dictionary spans two.
    let lines: String = all.iter().flat_map(|c| [*c, '\n']).collect();
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else { return FxHashMap::default() };
    let simplified = converter.convert(&lines);
    let pairs = all.iter().zip(simplified.lines()).filter_map(|(from, to)| {
        let to = to.chars().next()?;
        (*from != to).then_some((*from, to))
    });
    let once: FxHashMap<char, char> = pairs.collect();
    // A few lead to one that stands in the list itself: 薴, 苧, 苎.
    let next = |to: char| once.get(&to).copied().unwrap_or(to);
    once.iter().map(|(from, to)| (*from, next(next(*to)))).collect()
});

/// The simplified form of a Han character.
pub(super) fn simplified(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_characters_become_simplified_ones() {
        let shown: String = "請問這個訂單什麼時候發貨退貨運費誰出".chars().map(simplified).collect();
        assert_eq!(shown, "请问这个订单什么时候发货退货运费谁出");
        assert!(SIMPLIFIED.values().all(|c| simplified(*c) == *c), "what is simplified stays");
    }

    #[test]
    fn letters_that_look_alike_become_latin() {
        let shown: String = "оrdеr рaсkаgе café".chars().map(plain_latin).collect();
        assert_eq!(shown, "order package cafe");
    }
}
