//! One shape of a file a row.

use super::*;

/// What a click makes of an intent's own file, or the code of its refusal.
fn check(own: Option<&str>, amendment: &Amendment, wanted: Result<&str, &str>) {
    let made = amended(INTENT, own, amendment);
    let told = made.as_ref().map(|text| text.as_deref().unwrap_or("")).map_err(Refusal::code);
    assert_eq!(told, wanted, "\n{own:?}\n{amendment:?}");
}

#[test]
fn a_line_goes_to_the_end_of_its_block() {
    let phrase = |words: &str| Amendment::Phrase(line(words));
    for (own, amendment, wanted) in [
        (None, phrase("包邮吗"), "zh:\n  phrases: |\n    包邮吗\n"),
        (None, phrase("is it free"), "en:\n  phrases: |\n    is it free\n"),
        (Some("# 本店\n"), phrase("包邮吗"), "# 本店\nzh:\n  phrases: |\n    包邮吗\n"),
        (Some("zh:\n"), phrase("包邮吗"), "zh:\n  phrases: |\n    包邮吗\n"),
        (Some("zh:\n  phrases: |\n    甲乙"), phrase("包邮吗"), "zh:\n  phrases: |\n    甲乙\n    包邮吗\n"),
        (
            Some("zh:\r\n  phrases: |\r\n    甲乙\r\n\r\nurgency: low\r\n"),
            phrase("包邮吗"),
            "zh:\r\n  phrases: |\r\n    甲乙\r\n    包邮吗\r\n\r\nurgency: low\r\n",
        ),
        (
            Some(
                "zh:\n    关键词: |-   # 一行一条\n          甲乙\n          # 备注\n\n    # 例子\n    例句: |\n          丙丁\n",
            ),
            phrase("包邮吗"),
            "zh:\n    关键词: |-   # 一行一条\n          甲乙\n          # 备注\n          包邮吗\n\n    # 例子\n    例句: |\n          丙丁\n",
        ),
        (
            Some("zh:\n    例句: |\n          丙丁\nen:\n    # cases\n    should_match: |\n       x y\n"),
            Amendment::Veto(line("退款")),
            "zh:\n    排除: |\n          退款\n    例句: |\n          丙丁\nen:\n    # cases\n    should_match: |\n       x y\n",
        ),
        (
            Some(
                "means: x\nanswer: never # 人工\n\n# 中文\nzh:\n  phrases: |\n    甲乙\n\n  # 反例\n  should_not_match: |\n    丙丁\n\n# English\nen:\n  phrases: |\n    x y\n",
            ),
            Amendment::ShouldMatch(line("戊己")),
            "means: x\nanswer: never # 人工\n\n# 中文\nzh:\n  phrases: |\n    甲乙\n  should_match: |\n    戊己\n\n  # 反例\n  should_not_match: |\n    丙丁\n\n# English\nen:\n  phrases: |\n    x y\n",
        ),
        (
            Some("# 物流\nmeans: x\nen:\n  phrases: |\n    x y\n"),
            Amendment::Example(line("请问，包邮吗？")),
            "# 物流\nmeans: x\nzh:\n  examples: |\n    请问，包邮吗？\nen:\n  phrases: |\n    x y\n",
        ),
        (
            Some("# 物流\nen:\n  phrases: |\n    x y\n"),
            Amendment::Together(line("满 包邮")),
            "# 物流\nzh:\n  together: |\n    满 包邮\nen:\n  phrases: |\n    x y\n",
        ),
        (
            Some("means: x\nneeds:\n- order\n"),
            Amendment::ShouldNotMatch(line("丙丁")),
            "means: x\nneeds:\n- order\nzh:\n  should_not_match: |\n    丙丁\n",
        ),
        (
            Some("zh:\n  phrases: 甲乙 # 只有一条\n"),
            phrase("包邮吗"),
            "zh:\n  phrases: | # 只有一条\n    甲乙\n    包邮吗\n",
        ),
        (Some("zh:\n  phrases: \"甲乙\"\n"), phrase("包邮吗"), "zh:\n  phrases: |\n    甲乙\n    包邮吗\n"),
        (Some("zh:\n  phrases: |4\n      甲乙\n"), phrase("包邮吗"), "zh:\n  phrases: |4\n      甲乙\n      包邮吗\n"),
        (Some("\u{feff}zh:\n  phrases: |\n"), phrase("包邮吗"), "zh:\n  phrases: |\n    包邮吗\n"),
    ] {
        check(own, &amendment, Ok(wanted));
    }
}

#[test]
fn words_of_customers_are_put_on_one_line() {
    for (words, wanted) in [
        ("  包邮吗\u{3000}", "包邮吗"),
        ("新疆\r\n包邮  吗\t不", "新疆 包邮 吗 不"),
        ("包\u{200b}邮\u{feff}吗\u{0}", "包邮吗"),
        ("#1234 到哪了", "#1234 到哪了"),
        ("[急] 到哪了", "[急] 到哪了"),
        ("'a' or \"b\"", "'a' or \"b\""),
        ("{x} & *y", "{x} & *y"),
        ("价格:多少", "价格:多少"),
    ] {
        let language = clean::language(wanted).key();
        let text = format!("{language}:\n  examples: |\n    {wanted}\n");
        check(None, &Amendment::Example(line(words)), Ok(&text));
    }
}

#[test]
fn what_a_block_cannot_hold_or_never_needs_is_refused_with_its_reason() {
    let own = "zh:\n  phrases: |\n    包邮吗\n";
    for (words, code) in [
        ("包邮吗", "already-there"),
        ("包邮吗？", "already-there"),
        ("# 包邮", "comment"),
        ("#", "comment"),
        (" \n ", "empty"),
        ("？！", "empty"),
        ("你好，包邮吗", "parted"),
        (&"长".repeat(201), "too-long"),
        ("- 包邮", "dash-in-block"),
        ("means: x", "swallowed-key"),
        ("包邮 关键词: |", "swallowed-key"),
        ("en:", "swallowed-key"),
    ] {
        check(Some(own), &Amendment::Phrase(line(words)), Err(code));
        let refusal = amended(INTENT, Some(own), &Amendment::Phrase(line(words))).unwrap_err();
        assert!(!refusal.why().zh.is_empty() && !refusal.why().en.is_empty(), "{words}");
    }
    check(Some(own), &Amendment::Phrase(line(&"长".repeat(200))), Ok(&format!("{own}    {}\n", "长".repeat(200))));
    // One message asked in two ways is two examples.
    check(
        Some("zh:\n  examples: |\n    包邮吗\n"),
        &Amendment::Example(line("包邮吗？")),
        Ok("zh:\n  examples: |\n    包邮吗\n    包邮吗？\n"),
    );
}

#[test]
fn a_file_that_is_not_understood_is_left_alone() {
    for (own, code) in [
        ("zh: {phrases: 甲乙}\n", "form"),
        ("{zh: {phrases: 甲乙}}\n", "form"),
        ("zh:\n  \"phrases\": |\n    甲乙\n", "form"),
        ("zh:\n  phrases：｜\n    甲乙\n", "wide-colon"),
        ("zh:\n  phrases: >\n    甲乙\n", "folded-block"),
        ("zh:\n  phrases:\n    - 甲乙\n", "not-a-block"),
        ("means: x\n---\nzh:\n", "yaml"),
        ("off: true\n", "off"),
        ("zh:\r  phrases: |\r    甲乙\r", "form"),
    ] {
        let refusal = amended(INTENT, Some(own), &Amendment::Phrase(line("包邮吗"))).unwrap_err();
        let is_mistake = matches!(refusal, Refusal::Mistake(_));
        assert_eq!(is_mistake, !matches!(code, "form" | "off"), "{own:?} {refusal:?}");
        assert!(is_mistake || refusal.code() == code, "{own:?} {refusal:?}");
    }
    let elsewhere = Amendment::Phrase(Line { intent: "a/other".into(), ..line("包邮吗") });
    assert_eq!(apply(&elsewhere, &|_| Texts::default()), Err(Refusal::UnknownIntent));
}

#[test]
fn amendments_read_as_they_are_written() {
    for (json, amendment) in [
        (r#"{"do":"phrase","intent":"a/b","line":"包邮吗"}"#, Amendment::Phrase(line("包邮吗"))),
        (
            r#"{"do":"should_not_match","intent":"a/b","language":"en","line":"x"}"#,
            Amendment::ShouldNotMatch(Line { language: Some(Language::En), ..line("x") }),
        ),
        (
            r#"{"do":"script","intent":"a/b","situation":"shipped.lively","text":"好"}"#,
            Amendment::Script(script("好", Some("shipped.lively"))),
        ),
        (r#"{"do":"files","files":{}}"#, Amendment::Files { files: BTreeMap::new() }),
    ] {
        assert_eq!(serde_json::from_str::<Amendment>(json).unwrap(), amendment);
        assert_eq!(serde_json::to_string(&amendment).unwrap(), json);
    }
    for json in [r#"{"do":"phrase","intent":"a/b","line":"x","lines":1}"#, r#"{"do":"erase","intent":"a/b"}"#] {
        assert!(serde_json::from_str::<Amendment>(json).is_err(), "{json}");
    }
}
