//! Small shops with intents that are mixed up on purpose.

use super::{Advice, Confusions};
use crate::check::held_out::HeldOut;
use crate::classify::Classifier;
use crate::playbook::Playbook;
use crate::playbook::layer::Layer;
use crate::playbook::tree::SourceFile;

/// Intents by id, and their keys with lines parted by ` | `.
type Shop<'a> = [(&'a str, &'a [(&'a str, &'a str)])];

fn playbook(shop: &Shop<'_>, added: &[(&str, &str, &str)]) -> Playbook {
    let mut files = vec![SourceFile::new("shop.yaml", "languages: [zh, en]\n".to_owned())];
    for (id, keys) in shop {
        let mut text = "means: A test.\n".to_owned();
        for language in ["zh", "en"] {
            let own: Vec<_> =
                keys.iter().filter_map(|(key, lines)| Some((key.strip_prefix(language)?.trim(), lines))).collect();
            if own.is_empty() {
                continue;
            }
            text.push_str(&format!("{language}:\n"));
            for key in ["phrases", "unless", "examples"] {
                let lines = own.iter().filter(|(own, _)| *own == key).flat_map(|(_, lines)| lines.split(" | "));
                let more = added.iter().filter(|(to, at, _)| to == id && *at == format!("{language} {key}"));
                let lines: Vec<&str> = lines.chain(more.map(|(.., line)| *line)).collect();
                if !lines.is_empty() {
                    text.push_str(&format!("  {key}: |\n"));
                    lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
                }
            }
        }
        files.push(SourceFile::new(format!("intents/{id}.yaml"), text));
    }
    let loaded = Playbook::load("test".into(), &[Layer { files, ..Layer::default() }]);
    loaded.playbook.unwrap_or_else(|| panic!("{:#?}", loaded.mistakes))
}

/// A message, what it was taken for, and the advice: whose file, which key, which line.
type MixedUp = (String, String, Option<(String, String, String)>);

/// Which messages are taken for what, with the advice as it would be written: intent, key, line.
fn mixed_up(playbook: &Playbook) -> Vec<MixedUp> {
    let held_out = HeldOut::of(playbook, &Classifier::compile(playbook).unwrap(), &|| ());
    let confusions = Confusions::of(&held_out).unwrap();
    let mut found = Vec::new();
    for pair in &confusions.pairs {
        for one in &pair.mistaken {
            let advice = match &one.advice {
                Advice::Phrase { intent, language, text, .. } => {
                    Some((intent.to_string(), format!("{} phrases", language.key()), text.clone()))
                }
                Advice::Unless { intent, language, text, .. } => {
                    Some((intent.to_string(), format!("{} unless", language.key()), text.clone()))
                }
                Advice::Loosen { .. } | Advice::Nothing => None,
            };
            found.push((one.line.text.clone(), format!("{} → {}", pair.intent, pair.taken_for), advice));
        }
    }
    found
}

const CHINESE: &Shop<'_> = &[
    (
        "order/cancel",
        &[
            ("zh phrases", "取消订单"),
            (
                "zh examples",
                "帮我把这单退掉吧不想要了 | 这单退掉吧拍错颜色了 | 我想取消订单 | 取消订单可以吗 | 麻烦取消订单",
            ),
        ],
    ),
    (
        "aftersale/return",
        &[
            ("zh phrases", "退掉 | 退货"),
            ("zh examples", "收到了想退货 | 东西坏了要退货 | 退货地址发我 | 怎么退货 | 鞋子小了退掉"),
        ],
    ),
];

const ENGLISH: &Shop<'_> = &[
    (
        "logistics/track",
        &[
            ("en phrases", "track my parcel"),
            (
                "en examples",
                "has my order left the warehouse | tell me if it left the warehouse please | track my parcel | how do I track my parcel | can you track my parcel",
            ),
        ],
    ),
    (
        "order/change",
        &[
            ("en phrases", "my order | if it left"),
            (
                "en examples",
                "change my order | I want to change my order | please change the size in my order | put another item in my order | edit my order",
            ),
        ],
    ),
];

/// Following the advice makes what was mixed up come right.
fn follow(shop: &Shop<'_>, pair: &str, messages: &[&str]) -> Vec<(String, String, String)> {
    let before = mixed_up(&playbook(shop, &[]));
    for message in messages {
        let found = before.iter().find(|(text, ..)| text == message);
        let (_, between, advice) = found.unwrap_or_else(|| panic!("{message} is not listed: {before:#?}"));
        assert_eq!(between, pair, "{message}");
        assert!(advice.is_some(), "{message} has no advice");
    }
    let mut advice: Vec<_> = before.into_iter().filter_map(|(.., advice)| advice).collect();
    advice.sort();
    advice.dedup();
    let lines: Vec<_> = advice.iter().map(|(id, key, line)| (&**id, &**key, &**line)).collect();
    let after = mixed_up(&playbook(shop, &lines));
    assert!(after.is_empty(), "still mixed up with {lines:?}: {after:#?}");
    advice
}

#[test]
fn chinese_intents_that_are_mixed_up_come_right_by_the_advice() {
    let messages = ["帮我把这单退掉吧不想要了", "这单退掉吧拍错颜色了"];
    let advice = follow(CHINESE, "order/cancel → aftersale/return", &messages);
    let [(intent, key, phrase)] = &advice[..] else { panic!("{advice:?}") };
    assert_eq!((intent.as_str(), key.as_str()), ("order/cancel", "zh phrases"));
    // Which stretch of what both share tells them apart best depends on the weights.
    assert!("这单退掉吧".contains(phrase.as_str()), "{phrase}");
}

#[test]
fn english_intents_that_are_mixed_up_come_right_by_the_advice() {
    let messages = ["has my order left the warehouse", "tell me if it left the warehouse please"];
    follow(ENGLISH, "logistics/track → order/change", &messages);
}

#[test]
fn a_veto_helps_where_two_characters_are_all_that_is_shared() {
    let shop: &Shop<'_> = &[
        (
            "order/cancel",
            &[
                ("zh phrases", "取消"),
                ("zh examples", "拍错要退货 | 拍错帮我取消 | 取消吧 | 帮我取消 | 可以取消吗 | 我要取消 | 想取消了"),
            ],
        ),
        (
            "aftersale/return",
            &[
                ("zh phrases", "退货"),
                ("zh examples", "收到了想退货 | 东西坏了要退货 | 退货地址发我 | 怎么退货 | 鞋子小了退货"),
            ],
        ),
    ];
    let advice = follow(shop, "order/cancel → aftersale/return", &["拍错要退货"]);
    assert!(advice.iter().all(|(id, key, _)| id == "aftersale/return" && key == "zh unless"), "{advice:?}");
}

#[test]
fn what_no_words_tell_apart_has_no_advice() {
    let same = "zh examples";
    let shop: &Shop<'_> = &[
        ("a/one", &[("zh phrases", "退货"), (same, "我要退货 | 怎么退货")]),
        ("a/two", &[("zh phrases", "退掉"), (same, "我要退货 | 这个退掉")]),
    ];
    let playbook = playbook(shop, &[]);
    let found = mixed_up(&playbook);
    let twin = found.iter().find(|(text, ..)| text == "我要退货").unwrap();
    assert_eq!(twin.2, None, "{found:#?}");
    let held_out = HeldOut::of(&playbook, &Classifier::compile(&playbook).unwrap(), &|| ());
    let confusions = Confusions::of(&held_out).unwrap();
    let [twins] = &confusions.twins[..] else { panic!("{:#?}", confusions.twins) };
    assert!(twins.is_same && twins.lines.len() == 2);
}

#[test]
fn an_example_in_the_way_of_its_own_veto_is_told() {
    let shop: &Shop<'_> = &[
        (
            "order/cancel",
            &[("zh phrases", "取消"), ("zh unless", "退货"), ("zh examples", "取消退货 | 取消吧 | 帮我取消")],
        ),
        ("aftersale/return", &[("zh phrases", "退货"), ("zh examples", "取消退货不了 | 退货吧 | 我要退货")]),
    ];
    let playbook = playbook(shop, &[]);
    let held_out = HeldOut::of(&playbook, &Classifier::compile(&playbook).unwrap(), &|| ());
    let confusions = Confusions::of(&held_out).unwrap();
    let pair = confusions.pairs.iter().find(|pair| pair.intent.as_str() == "order/cancel").unwrap();
    let expected = Advice::Loosen { intent: pair.intent, unless: "退货".to_owned() };
    assert_eq!(pair.mistaken[0].advice, expected);
}

#[test]
fn a_clean_shop_has_nothing_mixed_up_and_every_example_is_counted_once() {
    let shop: &Shop<'_> = &[
        (
            "order/cancel",
            &[("zh phrases", "取消订单"), ("zh examples", "我想取消订单 | 取消订单可以吗 | 请问我想取消订单")],
        ),
        ("aftersale/return", &[("zh phrases", "退货"), ("zh examples", "收到了想退货 | 怎么退货 | ？？")]),
    ];
    let playbook = playbook(shop, &[]);
    let held_out = HeldOut::of(&playbook, &Classifier::compile(&playbook).unwrap(), &|| ());
    let confusions = Confusions::of(&held_out).unwrap();
    assert!(confusions.pairs.is_empty() && confusions.twins.is_empty(), "{confusions:#?}");
    let totals = confusions.totals;
    assert_eq!((totals.examples, totals.right + totals.unsure), (5, 5));
    assert_eq!(HeldOut::size(&playbook), 5);
}
