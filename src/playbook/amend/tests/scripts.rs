//! Words of replies.

use super::*;

fn check(own: Option<&str>, script: &Script, wanted: Result<&str, &str>) {
    let made = amended(REPLY, own, &Amendment::Script(script.clone()));
    let told = made.as_ref().map(|text| text.as_deref().unwrap_or("")).map_err(Refusal::code);
    assert_eq!(told, wanted, "\n{own:?}\n{script:?}");
}

#[test]
fn a_script_follows_the_others_below_a_rule() {
    let titled = |text: &str| Script { title: Some(" 问\n地址 ".to_owned()), ..script(text, None) };
    for (own, script, wanted) in [
        (None, script("您好，已经发出。", None), "zh:\n  suggest: |\n    您好，已经发出。\n"),
        (None, titled("好的\r\n\r\n  我看看  \n"), "zh:\n  suggest: |\n    title: 问 地址\n    好的\n\n      我看看\n"),
        (
            Some("title: 物流\nzh:\n  suggest: |\n    标题: 甲\n    乙\n\n  remove: |\n    丙\n"),
            titled("好的"),
            "title: 物流\nzh:\n  suggest: |\n    标题: 甲\n    乙\n    ---\n    title: 问 地址\n    好的\n\n  remove: |\n    丙\n",
        ),
        (
            Some("zh:\n  default: |\n    好\n  suggest: |\n    甲\n    ---\n"),
            script("乙", None),
            "zh:\n  default: |\n    好\n  suggest: |\n    甲\n    ---\n    乙\n",
        ),
        (
            Some("zh:\n  default: |\n    好\n"),
            script("On its way.", None),
            "zh:\n  default: |\n    好\nen:\n  suggest: |\n    On its way.\n",
        ),
    ] {
        check(own, &script, Ok(wanted));
    }
}

#[test]
fn the_words_of_a_situation_are_replaced_and_their_notes_stay() {
    for (own, situation, wanted) in [
        (None, "default", "zh:\n  default: |\n    新话\n"),
        (
            Some("zh:\n  default: |\n    旧话\n    两行\n\n  shipped: |\n    已发\n"),
            "default",
            "zh:\n  default: |\n    新话\n\n  shipped: |\n    已发\n",
        ),
        (
            Some("zh:\n  default: |\n      # 老板写的\n      旧话\n"),
            "default",
            "zh:\n  default: |\n      # 老板写的\n      新话\n",
        ),
        (
            Some("zh:\n  default: 旧话\n  suggest: |\n    甲\n"),
            "default",
            "zh:\n  default: |\n    新话\n  suggest: |\n    甲\n",
        ),
        (Some("zh:\n  default: \"\"\n"), "default", "zh:\n  default: |\n    新话\n"),
        (
            Some("zh:\n  default: |\n    旧话\n  shipped: |\n    已发\n  suggest: |\n    甲\n"),
            "shipped.lively",
            "zh:\n  default: |\n    旧话\n  shipped: |\n    已发\n  shipped.lively: |\n    新话\n  suggest: |\n    甲\n",
        ),
        (Some("zh:\n  shipped: |\n    已发\n"), "default", "zh:\n  default: |\n    新话\n  shipped: |\n    已发\n"),
    ] {
        check(own, &script("新话", Some(situation)), Ok(wanted));
    }
}

#[test]
fn what_would_not_be_said_as_it_is_written_is_refused() {
    let own = Some("zh:\n  default: |\n    旧话\n  suggest: |\n    甲\n    ---\n    title: 乙\n    丙\n");
    for (words, situation, code) in [
        ("旧话", Some("default"), "already-there"),
        ("甲", None, "already-there"),
        ("title: 乙\n丙", None, "not-words"),
        ("标题：乙\n丙", None, "not-words"),
        ("好的\n---\n再见", None, "not-words"),
        ("好的\n# 备注", None, "comment"),
        ("\n \n", None, "empty"),
        ("好", Some("shiped"), "unknown-situation"),
        ("好", Some("suggest"), "unknown-situation"),
        ("好", Some("default: |\n  x"), "unknown-situation"),
        (&"长".repeat(4_001), None, "too-long"),
        ("好评返现5元", Some("shipped"), "review-reward"),
        ("您好 {order.number", Some("shipped"), "open-brace"),
    ] {
        check(own, &script(words, situation), Err(code));
    }
    assert_eq!(apply(&Amendment::Script(script("好", None)), &|_| Texts::default()), Err(Refusal::UnknownIntent));
}
