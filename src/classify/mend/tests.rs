//! Mending with a small playbook: what is read otherwise, and what stays.

use crate::playbook::Playbook;
use crate::playbook::layer::Layer;
use crate::playbook::tree::SourceFile;
use crate::text::Text;

use super::Mender;

fn mender() -> Mender {
    let phrases = |from: &[&str]| from.iter().map(|line| format!("    {line}\n")).collect::<String>();
    let zh = phrases(&[
        "快递到哪了",
        "快递到哪里了",
        "快递怎么还没到",
        "快递单号多少",
        "我的快递",
        "查快递",
        "发货了吗",
        "什么时候发货",
        "怎么还不发货",
        "我要退款",
        "申请退款",
        "退款什么时候到账",
        "退款到账",
        "怎么退款",
        "我要退货",
        "退货运费谁出",
        "怎么退货",
        "运费多少",
        "转人工",
        "人工客服",
        "找人工客服",
        "取消订单",
        "我的订单",
        "订单到哪了",
        "收货地址填错了",
        "改收货地址",
        "能包邮吗",
        "包邮吗",
    ]);
    let en = phrases(&[
        "where is my package",
        "where is my order",
        "cancel my order",
        "i want a refund",
        "refund please",
        "delivery time",
    ]);
    let yaml = format!(
        "means: A test.\nzh:\n  phrases: |\n{zh}  whole: |\n    快递呢\n    快递\n    退款\n    退货\n    在吗\n    好的\n    好\n  examples: |\n    快递到拿了\nen:\n  phrases: |\n{en}"
    );
    let files = vec![
        SourceFile::new("shop.yaml", "languages: [zh, en]\n".to_owned()),
        SourceFile::new("intents/a/b.yaml", yaml),
    ];
    let loaded = Playbook::load("test".into(), &[Layer { files, ..Layer::default() }]);
    Mender::of(&loaded.playbook.unwrap_or_else(|| panic!("{:#?}", loaded.mistakes)))
}

fn read(mender: &Mender, text: &str) -> String {
    let text = Text::of(text);
    let mended = mender.mend(&text, &|_| false);
    let read = mended.as_ref().unwrap_or(&text);
    let clauses: Vec<&str> = read.clauses().iter().map(|clause| read.clause(clause)).collect();
    clauses.join("|")
}

#[test]
fn slips_are_read_as_what_was_meant() {
    let mender = mender();
    for (text, expected, why) in [
        ("Where is my packge", "where is my package", "a missing letter"),
        ("refnud plaese", "refund please", "swapped letters, twice"),
        ("pleaseeee cancel my 0rder", "please cancel my order", "a run of letters, a digit"),
        ("r e f u n d", "refund", "letters with spaces"),
        ("发祸了吗", "发货了吗", "a character that sounds the same"),
        ("我的快第到哪了", "我的快递到哪了", "and one in the middle"),
        ("快递单好多少", "快递单号多少", "though 好多 is a word"),
        ("改收获地址", "改收货地址", "though 收获 is one"),
        ("快递到拿了", "快递到哪了", "an example's own slip is one"),
        ("甚麼時候發貨", "什么时候发货", "an old form of a character"),
        ("kuaidi dao nali le", "快递到哪里了", "spelt, with spaces"),
        ("kuaididaonalile", "快递到哪里了", "spelt, without"),
        ("发huo了吗", "发货了吗", "spelt in part"),
        ("我的kuaidi 到哪了", "我的快递到哪了", "spelt, and a space"),
        ("yf多少", "运费多少", "for short"),
        ("退货 yf 谁出", "退货运费谁出", "for short, with spaces"),
        ("tk", "退款", "for short, alone"),
        ("我的order到哪了", "我的订单到哪了", "an English word in Chinese"),
        ("我的 oder 到哪了", "我的订单到哪了", "and one with a slip"),
        ("退.款", "退款", "a dot"),
        ("快.递.到.哪.了", "快递到哪了", "dots"),
        ("快-递-到-哪-了", "快递到哪了", "dashes"),
        ("快，递，到，哪，了", "快递到哪了", "commas between single characters"),
        ("快递😂到哪了", "快递到哪了", "a picture"),
        ("快😀递到哪了", "快递到哪了", "a picture in a word"),
        ("快快快递呢呢呢", "快递呢", "runs of characters"),
        ("快 递 到 哪 了", "快递到哪了", "spaces are no slip"),
    ] {
        assert_eq!(read(&mender, text), expected, "{why}: {text}");
    }
}

#[test]
fn what_is_known_or_doubtful_stays() {
    let mender = mender();
    for (text, why) in [
        ("快递到乌了", "sounds like nothing known"),
        ("实践出真知", "ordinary words"),
        ("我家的猫叫小花", "unknown, and like nothing known"),
        ("where is my sender", "an ordinary English word"),
        ("the parties shipped", "forms of ordinary words"),
        ("refund@shop.example", "an address"),
        ("https://shop.example/oder/packge", "a link"),
        ("oder123", "a code"),
        ("is tk ok", "short forms stand among Chinese or alone"),
        ("order", "English alone stays English"),
        ("can he come", "syllables that are English words"),
        ("beijing", "spelt, but nothing that the playbook says"),
        ("给给我看看", "doubled twice, not thrice"),
        ("hao", "one syllable alone"),
    ] {
        let text_read = Text::of(text);
        assert!(mender.mend(&text_read, &|_| false).is_none(), "{why}: {text} → {}", read(&mender, text));
    }
    assert_eq!(read(&mender, "好的👌快递呢"), "好的|快递呢", "two things that each say something");
    assert_eq!(read(&mender, "好.退款"), "好|退款", "a dot that parts");
    assert_eq!(read(&mender, "要，退货"), "要|退货", "a comma beside more than one character");
}

#[test]
fn names_and_numbers_are_left_alone() {
    let mender = mender();
    let text = Text::of("快第 refnud");
    assert!(mender.mend(&text, &|_| true).is_none());
    let mended = mender.mend(&text, &|place| place.start > 0).unwrap();
    assert_eq!(mended.normal(), "快递 refnud\n");
}

#[test]
fn places_lead_back_to_what_was_written() {
    let mender = mender();
    let text = Text::of("您好！我的 快．第 到哪了，refnud！");
    let mended = mender.mend(&text, &|_| false).unwrap();
    let shown: Vec<(&str, &str)> = mended
        .replaced()
        .iter()
        .map(|range| (&mended.normal()[range.clone()], &text.original()[mended.origin(range)]))
        .collect();
    assert_eq!(shown, [("refund", "refnud")]);
}
