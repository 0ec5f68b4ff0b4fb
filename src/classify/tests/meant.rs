//! What customers mean: what they point at, what they refuse, and what they typed with slips.

use super::*;

#[test]
fn spans_point_at_what_the_customer_wrote() {
    let classifier =
        classifier(&[("a/where", "zh phrases: 快递到哪\nzh together: 包裹 没收到\nen phrases: where is my order")]);
    for (text, shown) in [
        ("您好！快遞到哪了", &["快遞到哪"][..]),
        ("快\u{200b}递 到哪了", &["快\u{200b}递 到哪"]),
        ("Ｗｈｅｒｅ　ｉｓ  MY order?", &["Ｗｈｅｒｅ　ｉｓ  MY order"]),
        ("包裹呢，还没收到", &["包裹", "没收到"]),
        ("😀😀快递到哪", &["快递到哪"]),
    ] {
        let understood = read(&classifier, &["在吗", text]);
        let spans = &understood.intents[0].evidence[0].spans;
        let found: Vec<&str> = spans.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(found, shown);
        assert!(spans.iter().all(|span| span.message == 1));
    }
}

/// Things that customers ask for, and refuse.
const WANTED: &[(&str, &str)] = &[
    (
        "a/refund",
        "zh phrases: 退款 | 要退款 | 想退款 | 我要退款\nzh together: 钱 退给我\nen phrases: a refund | refund me | refund",
    ),
    ("a/cancel", "zh phrases: 取消\nen phrases: cancel my order | cancel"),
    ("a/return", "zh phrases: 退货\nen phrases: return"),
    ("a/ship", "zh phrases: 不发货 | 发货"),
    (talk::ASK_FOR_HUMAN, "zh phrases: 不要机器人 | 人工"),
    (talk::THANKS, "zh phrases: 谢谢"),
];

#[test]
fn what_is_refused_is_no_request() {
    check(
        WANTED,
        &[
            ("我要退款", "a/refund", "a request"),
            ("不要退款", "", "right before it"),
            ("我不想要退款", "", "with a filler between"),
            ("不想退款", "", "the phrase begins within the negator"),
            ("不用帮我申请退款", "", "several fillers"),
            ("别取消", "", ""),
            ("先别取消啊", "", ""),
            ("我没说要退货", "", ""),
            ("我不是要退货", "", ""),
            ("又不是我要退货", "", ""),
            ("钱不用退给我", "", "the words of a rule"),
            ("不要退款，我要退货", "a/return", "in its own clause alone"),
            ("不要了，退款", "a/refund", "another clause"),
            ("不要了退款", "a/refund", "what isn't wanted is the thing"),
            ("不想要了，退款吧", "a/refund", ""),
            ("不想要的退款", "a/refund", ""),
            ("能不能退款", "a/refund", "a question"),
            ("要不要退货", "a/return", "a question"),
            ("是不是要退货", "a/return", "a question"),
            ("不能退款吗", "a/refund", "不能 refuses nothing"),
            ("怎么不退款", "a/refund", ""),
            ("为什么不发货", "a/ship", ""),
            ("为什么不想退款", "a/refund", "asked of the shop"),
            ("别人退款了", "a/refund", "别人 is somebody else"),
            ("别的退货吧", "a/return", ""),
            ("特别想退款", "a/refund", "特别 refuses nothing"),
            ("不要机器人", talk::ASK_FOR_HUMAN, "the phrase says it itself"),
            ("不要人工", "", ""),
            ("不用谢谢", talk::THANKS, "small talk can't be refused"),
            ("别的东西发错了我要退款", "a/refund", "far away"),
            ("不要拖了退款", "a/refund", "other words between"),
        ],
    );
    let understood = read(&classifier(WANTED), &["我不想退款"]);
    let whys: Vec<&LostWhy> = understood.lost.iter().map(|lost| &lost.why).collect();
    assert!(!whys.is_empty() && whys.iter().all(|why| **why == LostWhy::Negated("不想".into())), "{whys:?}");
}

#[test]
fn what_is_refused_in_english_is_no_request() {
    check(
        WANTED,
        &[
            ("I want a refund", "a/refund", ""),
            ("I don't want a refund", "", ""),
            ("I do not want you to cancel my order", "", ""),
            ("please don't cancel my order", "", ""),
            ("I'm not asking for a refund", "", ""),
            ("no need to refund me", "", ""),
            ("why don't you refund me", "a/refund", "a question"),
            ("don't you refund", "a/refund", "a question"),
            ("if you don't refund me", "a/refund", ""),
            ("I don't know how to return", "a/return", "other words between"),
            ("I cannot cancel", "a/cancel", "what fails is wanted"),
        ],
    );
}

#[test]
fn what_is_typed_with_slips_is_understood_and_shown() {
    let classifier = classifier(&[
        ("a/where", "zh phrases: 快递到哪了 | 查快递 | 快递在哪\nen phrases: where is my package"),
        ("a/ship", "en phrases: free shipping"),
    ]);
    let right = read(&classifier, &["快递到哪了"]).intents[0].confidence;
    let text = "您好，快第到哪了";
    let understood = read(&classifier, &["在吗", text]);
    let candidate = &understood.intents[0];
    assert_eq!(candidate.intent.as_str(), "a/where");
    assert!(candidate.confidence < right && candidate.confidence > 0.88, "{}", candidate.confidence);
    let span = &candidate.evidence[0].spans[0];
    assert_eq!(&text[span.start..span.end], "快第到哪了");
    let mend = &understood.mended[0];
    assert_eq!((&text[mend.span.start..mend.span.end], &*mend.read_as, mend.span.message), ("快第", "快递", 1));
    // A mend elsewhere in the message takes nothing away.
    let beside = read(&classifier, &["快递到哪了，where is my packge"]);
    assert!(beside.mended.len() == 1 && beside.intents[0].evidence[0].confidence >= right);
    // 四平 is a city, `shiping` one slip from it, and from a word of the shop's.
    let understood = read(&classifier, &["free shiping?"]);
    assert!(understood.has("a/ship") && understood.mentions.is_empty(), "{understood:#?}");
    assert_eq!(read(&classifier, &["kuaidi dao na le"]).language, Some(crate::domain::Language::Zh));
    let json = serde_json::to_string(&read(&classifier, &["快递到哪了"])).unwrap();
    assert!(!json.contains("mended"), "what stands as it was written says nothing of mending");
}
