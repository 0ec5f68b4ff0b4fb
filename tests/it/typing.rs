//! Typing as people type: every `should_match` line of the base pack, spoilt in each fashion, and the share of them that is
//! still decided the same. The table is printed (`--no-capture`).

use std::collections::BTreeMap;

use futures_util::FutureExt as _;
use pinyin::ToPinyin as _;
use xiaoer::domain::{Act, At, Customer, IntentId, Language, Message, Mode, OrdersFound, Rung, TurnInput};
use xiaoer::engine::{Engine, Recorded};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;
use xiaoer::text::{Text, is_han};

/// A small linear congruential generator: the same slips in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// What somebody's input method offers for the same keys.
const SOUND_ALIKE: &str = "货祸 递弟 款宽 号耗 费肺 退腿 单担 订定 运孕 物悟 流留 客课 服福 收手 票漂 包胞 邮油 换涣 保宝 价架 优忧 惠慧 \
    券劝 地第 址只 取娶 消销 签千 补捕 修休 质制 量亮 坏怀 差插 尺齿 码马 颜言 色瑟 库酷 存村 工公 转砖 投头 诉速 赔陪 \
    钱前 账帐 查茶 询寻 催崔 寄计 拆折 件见 购够 买卖 卖买 改概 错措";

fn engine() -> Engine {
    let loaded = Playbook::load("typing".into(), &[Layer::base()]);
    Engine::compile(loaded.playbook.unwrap()).unwrap()
}

/// The cases of one language with the intent each is of.
fn cases(engine: &Engine, language: Language) -> Vec<String> {
    let wordings = engine.playbook.intents.values().filter_map(|intent| intent.wording.get(&language));
    wordings.flat_map(|wording| &wording.should_match).map(|line| line.text.clone()).collect()
}

fn decided(engine: &Engine, text: &str) -> (Vec<IntentId>, Act, Rung) {
    let now = At(1_794_000_000_000);
    let input = TurnInput {
        id: "t".into(),
        shop: engine.playbook.shop.clone(),
        channel: "typing".into(),
        conversation: "c".into(),
        customer: Customer::default(),
        messages: vec![Message::plain("m".into(), text, now)],
        state: Default::default(),
        mode: Mode::Auto,
        intent_modes: Default::default(),
        neighbours: None,
        now,
    };
    let outcome = engine.decide(&input, &Recorded(OrdersFound::default())).now_or_never().unwrap();
    let mut intents: Vec<IntentId> = outcome.classification.intents.into_iter().map(|one| one.intent).collect();
    intents.sort();
    (intents, outcome.decision.act, outcome.decision.rung)
}

/// A way of spoiling a text; `None`: there is nothing in it to spoil.
type Fashion = fn(&str, &mut Chance) -> Option<String>;

/// Spoils every case and counts. `(share, of how many)`.
fn measure(language: Language, fashions: &[(&str, f64, Fashion)]) {
    let engine = engine();
    let cases = cases(&engine, language);
    let mut failed: BTreeMap<&str, String> = BTreeMap::new();
    println!("{:>24} {:>8} {:>6} {:>9}", "fashion", "the same", "of", "at least");
    for (name, at_least, spoil) in fashions {
        let mut chance = Chance(7);
        let (mut same, mut all, mut lost) = (0, 0, Vec::new());
        for case in &cases {
            let Some(spoilt) = spoil(case, &mut chance).filter(|spoilt| spoilt != case) else { continue };
            all += 1;
            if decided(&engine, case) == decided(&engine, &spoilt) {
                same += 1;
            } else {
                lost.push(spoilt);
            }
        }
        let share = f64::from(same) / f64::from(all.max(1));
        println!("{name:>24} {:>7.1}% {all:>6} {:>8.0}%", share * 100.0, at_least * 100.0);
        if std::env::var_os("SHOW_LOST").is_some() {
            lost.iter().for_each(|text| println!("        {text}"));
        }
        if share < *at_least {
            failed.insert(name, format!("{share:.3} < {at_least}, among them {:?}", &lost[..lost.len().min(8)]));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn chinese_is_understood_however_it_is_typed() {
    measure(
        Language::Zh,
        &[
            ("one sound-alike", 0.90, sound_alike),
            ("all in pinyin", 0.83, pinyin),
            ("pinyin without spaces", 0.80, pinyin_in_one),
            ("one word in pinyin", 0.83, one_word_in_pinyin),
            ("traditional", 1.00, traditional),
            ("full width", 0.85, full_width),
            ("spaces", 0.95, |text, _| Some(parted(text, " "))),
            ("dots", 0.88, |text, _| Some(parted(text, "."))),
            ("dashes", 0.86, |text, _| Some(parted(text, "-"))),
            ("a dot in a word", 0.86, |text, chance| between(text, chance, ".")),
            ("a picture inside", 0.92, |text, chance| between(text, chance, "😂")),
            ("invisible characters", 1.00, |text, _| Some(parted(text, "\u{200b}"))),
            ("a character thrice", 0.95, thrice),
            ("the last one thrice", 0.97, last_thrice),
        ],
    );
}

#[test]
fn english_is_understood_however_it_is_typed() {
    measure(
        Language::En,
        &[
            ("a letter left out", 0.80, |text, chance| slip(text, chance, left_out)),
            ("two letters swapped", 0.92, |text, chance| slip(text, chance, swapped)),
            ("a letter doubled", 0.96, |text, chance| slip(text, chance, doubled)),
            ("a neighbouring key", 0.91, |text, chance| slip(text, chance, neighbouring)),
            ("full width", 0.96, full_width),
            ("capitals", 1.00, |text, _| Some(text.to_uppercase())),
            ("Cyrillic look-alikes", 0.96, look_alike),
            ("invisible characters", 1.00, |text, _| Some(parted(text, "\u{200b}"))),
            ("a letter four times", 0.96, |text, chance| slip(text, chance, drawn_out)),
            ("a digit for a letter", 0.96, |text, chance| slip(text, chance, digit)),
            ("pictures at the end", 0.98, |text, _| Some(format!("{text} 😭😭"))),
        ],
    );
}

fn replaced(text: &str, at: usize, by: &str) -> String {
    text.chars().enumerate().map(|(place, c)| if place == at { by.to_owned() } else { c.to_string() }).collect()
}

fn sound_alike(text: &str, chance: &mut Chance) -> Option<String> {
    let alike = |c: char| SOUND_ALIKE.split_whitespace().find_map(|pair| pair.strip_prefix(c));
    let places: Vec<(usize, &str)> =
        text.chars().enumerate().filter_map(|(at, c)| alike(c).map(|other| (at, other))).collect();
    let (at, other) = *places.get(chance.below(places.len()))?;
    Some(replaced(text, at, other))
}

fn letters(c: char) -> String {
    match c {
        '还' => "hai".to_owned(),
        '谁' => "shei".to_owned(),
        _ => c.to_pinyin().map_or(c.to_string(), |own| own.plain().replace('ü', "v")),
    }
}

/// One word for every two characters: people part words somehow.
fn pinyin(text: &str, _: &mut Chance) -> Option<String> {
    let mut spelt = String::new();
    let mut run = 0;
    for c in text.chars() {
        if !is_han(c) {
            run = 0;
            spelt.push(c);
            continue;
        }
        if run > 0 && run % 2 == 0 {
            spelt.push(' ');
        }
        spelt.push_str(&letters(c));
        run += 1;
    }
    Some(spelt)
}

fn pinyin_in_one(text: &str, _: &mut Chance) -> Option<String> {
    Some(text.chars().map(|c| if is_han(c) { letters(c) } else { c.to_string() }).collect())
}

fn one_word_in_pinyin(text: &str, chance: &mut Chance) -> Option<String> {
    let letters_of: Vec<char> = text.chars().collect();
    let places: Vec<usize> =
        (1..letters_of.len()).filter(|at| is_han(letters_of[*at]) && is_han(letters_of[at - 1])).collect();
    let at = *places.get(chance.below(places.len()))?;
    let show = |(place, c): (usize, &char)| if place + 1 == at || place == at { letters(*c) } else { c.to_string() };
    Some(letters_of.iter().enumerate().map(show).collect())
}

fn traditional(text: &str, _: &mut Chance) -> Option<String> {
    let table: BTreeMap<char, char> = ('\u{4e00}'..='\u{9fff}')
        .rev()
        .filter_map(|c| {
            let simple = Text::of(&c.to_string()).normal().chars().next()?;
            (simple != c).then_some((simple, c))
        })
        .collect();
    Some(text.chars().map(|c| table.get(&c).copied().unwrap_or(c)).collect())
}

fn full_width(text: &str, _: &mut Chance) -> Option<String> {
    let wide = |c: char| if ('!'..='~').contains(&c) { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c };
    Some(text.chars().map(wide).collect())
}

/// With a mark between all neighbouring letters.
fn parted(text: &str, by: &str) -> String {
    let mut shown = String::new();
    let mut last = ' ';
    for c in text.chars() {
        if last.is_alphabetic() && c.is_alphabetic() {
            shown.push_str(by);
        }
        shown.push(c);
        last = c;
    }
    shown
}

/// With something between two characters of a word: the first and the second, or the last two.
fn between(text: &str, chance: &mut Chance, by: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..letters.len()).filter(|at| is_han(letters[*at]) && is_han(letters[at - 1])).collect();
    // A dot hides a word where it leaves one character apart; anywhere else it ends a sentence.
    let edges: Vec<usize> = places.iter().copied().filter(|at| *at == 1 || at + 1 == letters.len()).collect();
    let at = *if by == "." { &edges } else { &places }.get(chance.below(if by == "." {
        edges.len()
    } else {
        places.len()
    }))?;
    Some(
        letters
            .iter()
            .enumerate()
            .map(|(place, c)| if place == at { format!("{by}{c}") } else { c.to_string() })
            .collect(),
    )
}

fn thrice(text: &str, chance: &mut Chance) -> Option<String> {
    let places: Vec<(usize, char)> = text.chars().enumerate().filter(|(_, c)| is_han(*c)).collect();
    let (at, c) = *places.get(chance.below(places.len()))?;
    Some(replaced(text, at, &c.to_string().repeat(3)))
}

fn last_thrice(text: &str, _: &mut Chance) -> Option<String> {
    let (at, c) = text.chars().enumerate().filter(|(_, c)| is_han(*c)).last()?;
    Some(replaced(text, at, &c.to_string().repeat(3)))
}

/// A slip in one of the longer words.
fn slip(text: &str, chance: &mut Chance, of: fn(&str, &mut Chance) -> String) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let long = |word: &&str| word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let places: Vec<usize> = (0..words.len()).filter(|at| long(&words[*at])).collect();
    let at = *places.get(chance.below(places.len()))?;
    let spoilt = of(words[at], chance);
    Some(
        words
            .iter()
            .enumerate()
            .map(|(place, word)| if place == at { &spoilt } else { *word })
            .collect::<Vec<_>>()
            .join(" "),
    )
}

fn left_out(word: &str, chance: &mut Chance) -> String {
    replaced(word, 1 + chance.below(word.len() - 1), "")
}

fn swapped(word: &str, chance: &mut Chance) -> String {
    let at = 1 + chance.below(word.len() - 2);
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(at, at + 1);
    letters.into_iter().collect()
}

fn doubled(word: &str, chance: &mut Chance) -> String {
    let at = 1 + chance.below(word.len() - 1);
    replaced(word, at, &word[at..=at].repeat(2))
}

fn drawn_out(word: &str, chance: &mut Chance) -> String {
    let at = 1 + chance.below(word.len() - 1);
    replaced(word, at, &word[at..=at].repeat(4))
}

fn neighbouring(word: &str, chance: &mut Chance) -> String {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let at = 1 + chance.below(word.len() - 1);
    let letter = word[at..=at].to_ascii_lowercase();
    let row = ROWS.into_iter().find(|row| row.contains(&letter)).unwrap();
    let key = row.find(&letter).unwrap();
    let other = if key + 1 < row.len() { key + 1 } else { key - 1 };
    replaced(word, at, &row[other..=other])
}

fn digit(word: &str, _: &mut Chance) -> String {
    let digit = |c: char| match c {
        'o' => '0',
        'l' => '1',
        'e' => '3',
        other => other,
    };
    let at = word.find(['o', 'l', 'e']);
    word.char_indices().map(|(place, c)| if Some(place) == at { digit(c) } else { c }).collect()
}

fn look_alike(text: &str, _: &mut Chance) -> Option<String> {
    let cyrillic = |c: char| match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'c' => 'с',
        'p' => 'р',
        'x' => 'х',
        other => other,
    };
    Some(text.chars().map(cyrillic).collect())
}
