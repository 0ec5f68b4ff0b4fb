use proptest::prelude::*;

use super::*;

/// A shop whose order numbers have 18 or 19 digits, or are like `DH20240601`; two carriers.
fn shop() -> Slots {
    let orders = [r"\d{18,19}", r"^DH\d{8}$"].map(str::to_owned);
    let tracking = [r"SF\d{12,15}", r"YT\d{13}", r"\d{12,15}"].map(str::to_owned);
    Slots::compile(&orders, &tracking).unwrap()
}

/// The slots of a text as `Kind value @the original words`.
fn read(slots: &Slots, text: &str) -> Vec<String> {
    let found = slots.read(&Text::of(text), 0);
    let shown = |slot: &Slot| format!("{:?} {} @{}", slot.kind, slot.value, &text[slot.span.start..slot.span.end]);
    found.iter().map(shown).collect()
}

#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    let slots = shop();
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| read(&slots, text) != *expected)
        .map(|(text, expected)| format!("{text}\n   expected {expected:?}\n   read     {:?}", read(&slots, text)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn order_and_tracking_numbers() {
    check(&[
        ("202406010011223344", &["OrderNumber 202406010011223344 @202406010011223344"]),
        ("我的订单202406010011223344到哪了", &["OrderNumber 202406010011223344 @202406010011223344"]),
        (
            "订单编号：２０２４０６０１００１１２２３３４４５。",
            &["OrderNumber 2024060100112233445 @２０２４０６０１００１１２２３３４４５"],
        ),
        ("order #DH20240601 where is it", &["OrderNumber DH20240601 @DH20240601"]),
        ("order no. dh20240601", &["OrderNumber DH20240601 @dh20240601"]),
        ("DH20240601、DH20240602", &["OrderNumber DH20240601 @DH20240601", "OrderNumber DH20240602 @DH20240602"]),
        ("20240601001122334455", &[]),
        ("xDH20240601", &[]),
        ("sf1234567890123到哪了", &["Tracking SF1234567890123 @sf1234567890123"]),
        ("圆通YT1234567890123", &["Tracking YT1234567890123 @YT1234567890123"]),
        ("快递单号是123456789012345", &["Tracking 123456789012345 @123456789012345"]),
        ("tracking number: 123456789012", &["Tracking 123456789012 @123456789012"]),
        ("https://example.com/order/202406010011223344", &["OrderNumber 202406010011223344 @202406010011223344"]),
        ("单号202406010011223344", &["OrderNumber 202406010011223344 @202406010011223344"]),
        ("订单2024\u{200b}06010011223344", &["OrderNumber 202406010011223344 @2024\u{200b}06010011223344"]),
    ]);
}

#[test]
fn the_name_before_a_number_tells_what_it_is() {
    let slots = Slots::compile(&[r"\d{11,12}".to_owned()], &[r"\d{11,12}".to_owned()]).unwrap();
    for (text, expected) in [
        ("123456789012", "OrderNumber"),
        ("快递单号123456789012", "Tracking"),
        ("单号:123456789012", "Tracking"),
        ("tracking no. 123456789012", "Tracking"),
        ("订单号123456789012", "OrderNumber"),
        ("13800138000", "OrderNumber"),
        ("手机号13800138000", "Phone"),
        ("my phone is 13800138000", "Phone"),
        ("我的手机，13800138000", "Phone"),
    ] {
        let found = read(&slots, text);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text}: {found:?}");
    }
}

#[test]
fn phones_and_last_four_digits() {
    check(&[
        ("13800138000", &["Phone 13800138000 @13800138000"]),
        ("电话138-0013-8000谢谢", &["Phone 13800138000 @138-0013-8000"]),
        ("138 0013 8000", &["Phone 13800138000 @138 0013 8000"]),
        ("+86 13800138000", &["Phone 13800138000 @+86 13800138000"]),
        ("8613800138000", &["Phone 13800138000 @8613800138000"]),
        ("call +1 415-555-0132", &["Phone +14155550132 @+1 415-555-0132"]),
        ("+44 20 7946 0958", &["Phone +442079460958 @+44 20 7946 0958"]),
        ("12800138000", &[]),
        ("订单号13800138000", &[]),
        ("商品ID:13694139464", &[]),
        ("https://item.example.com/13694139464.html", &[]),
        ("5678", &["LastFour 5678 @5678"]),
        ("你好，5678", &["LastFour 5678 @5678"]),
        ("尾号5678的", &["LastFour 5678 @5678"]),
        ("手机后四位是 5678", &["LastFour 5678 @5678"]),
        ("phone ending in 5678", &["LastFour 5678 @5678"]),
        ("the last four digits are 5678", &["LastFour 5678 @5678"]),
        ("last four: 5678", &["LastFour 5678 @5678"]),
        ("买了5678个", &[]),
        ("iphone 5678x", &[]),
    ]);
}

#[test]
fn days() {
    check(&[
        ("今天发货吗", &["Date today @今天"]),
        ("明日能到吗", &["Date tomorrow @明日"]),
        ("昨晚拍的", &["Date yesterday @昨晚"]),
        ("后天要用", &["Date day_after_tomorrow @后天"]),
        ("前天买的", &["Date day_before_yesterday @前天"]),
        ("大后天呢，以后天天买", &[]),
        ("说明书", &[]),
        ("11月3日下单", &["Date --11-03 @11月3日"]),
        ("11月3号", &["Date --11-03 @11月3号"]),
        ("2026年11月3日", &["Date 2026-11-03 @2026年11月3日"]),
        ("2026-11-03", &["Date 2026-11-03 @2026-11-03"]),
        ("2026/2/30", &[]),
        ("2月29日", &["Date --02-29 @2月29日"]),
        ("11.3下单的", &["Date --11-03 @11.3"]),
        ("我11-3买的", &["Date --11-03 @11-3"]),
        ("11.3", &["Date --11-03 @11.3"]),
        ("13.3下单的", &[]),
        ("1-2天能到", &[]),
        ("9.9包邮", &[]),
        ("版本1.11.3", &[]),
        ("ordered on Nov 3rd", &["Date --11-03 @Nov 3rd"]),
        ("the 3rd of November 2026", &["Date 2026-11-03 @3rd of November 2026"]),
        ("ordered May 1st, 2026", &["Date 2026-05-01 @May 1st, 2026"]),
        ("3 Nov", &["Date --11-03 @3 Nov"]),
        ("placed 11/3", &["Date --11-03 @11/3"]),
        ("since 25/12/2025", &["Date 2025-12-25 @25/12/2025"]),
        ("will it ship today or Tomorrow?", &["Date today @today", "Date tomorrow @Tomorrow"]),
        ("the day after tomorrow", &["Date day_after_tomorrow @the day after tomorrow"]),
    ]);
}

#[test]
fn money() {
    check(&[
        ("59元", &["Amount 5900 @59元"]),
        ("退我59块", &["Amount 5900 @59块"]),
        ("59.9块钱", &["Amount 5990 @59.9块"]),
        ("5块5", &["Amount 550 @5块5"]),
        ("3元2角", &["Amount 320 @3元2角"]),
        ("5元2件", &["Amount 500 @5元"]),
        ("￥59", &["Amount 5900 @￥59"]),
        ("¥ 59.00起", &["Amount 5900 @¥ 59.00"]),
        ("it cost $59.90", &["Amount 5990 @$59.90"]),
        ("$1,299.00", &["Amount 129900 @$1,299.00"]),
        ("1,299元", &["Amount 129900 @1,299元"]),
        ("59 yuan", &["Amount 5900 @59 yuan"]),
        ("20 bucks", &["Amount 2000 @20 bucks"]),
        ("11.3元", &["Amount 1130 @11.3元"]),
        ("满300，200元的券", &["Amount 20000 @200元"]),
        ("我付了1, 299元", &["Amount 29900 @299元"]),
        ("5.999元", &[]),
        ("$59, 200 pieces", &["Amount 5900 @$59"]),
        ("$5k", &[]),
    ]);
}

#[test]
fn bodies() {
    check(&[
        ("165cm", &["Height 165 @165cm"]),
        ("我165公分", &["Height 165 @165公分"]),
        ("1米65", &["Height 165 @1米65"]),
        ("1米7", &["Height 170 @1米7"]),
        ("一米七五", &["Height 175 @一米七五"]),
        ("1.65m", &["Height 165 @1.65m"]),
        ("1.65 米", &["Height 165 @1.65 米"]),
        ("身高165", &["Height 165 @身高165"]),
        ("I'm 5'7\"", &["Height 170 @5'7"]),
        ("5 ft 7 in", &["Height 170 @5 ft 7 in"]),
        ("5’7”", &["Height 170 @5’7"]),
        ("20cm的", &[]),
        ("110斤", &["Weight 55000 @110斤"]),
        ("55kg", &["Weight 55000 @55kg"]),
        ("52.5公斤", &["Weight 52500 @52.5公斤"]),
        ("i weigh 120 pounds", &["Weight 54431 @120 pounds"]),
        ("withdraw 30 pounds", &[]),
        ("120 lbs", &["Weight 54431 @120 lbs"]),
        ("165 110斤穿多大", &["Height 165 @165", "Weight 55000 @110斤"]),
        ("165/55kg", &["Height 165 @165", "Weight 55000 @55kg"]),
        ("我165，110斤", &["Height 165 @165", "Weight 55000 @110斤"]),
        ("165cm 110斤", &["Height 165 @165cm", "Weight 55000 @110斤"]),
        ("5g手机128g内存", &[]),
    ]);
}

#[test]
fn sizes() {
    check(&[
        ("XL有货吗", &["Size XL @XL"]),
        ("要XXXL", &["Size 3XL @XXXL"]),
        ("3xl", &["Size 3XL @3xl"]),
        ("2XL还是ＸＸＬ", &["Size XXL @2XL", "Size XXL @ＸＸＬ"]),
        ("M码", &["Size M @M码"]),
        ("42码", &["Size 42 @42码"]),
        ("42.5码", &["Size 42.5 @42.5码"]),
        ("选m还是l", &["Size M @m", "Size L @l"]),
        ("L", &["Size L @L"]),
        ("尺码是S", &["Size S @尺码是S"]),
        ("do you have size 8?", &["Size 8 @size 8"]),
        ("size medium", &["Size M @size medium"]),
        ("US 8", &["Size US 8 @US 8"]),
        ("eu 42.5", &["Size EU 42.5 @eu 42.5"]),
        ("show me all sizes", &[]),
        ("the size(s) you have", &[]),
        ("tell us 8 things", &[]),
        ("I'm small, it's l-shaped", &[]),
        ("4s店", &[]),
    ]);
}

#[test]
fn choices() {
    check(&[
        ("第二个", &["Choice 2 @第二个"]),
        ("我要第2款", &["Choice 2 @第2款"]),
        ("第十一个", &["Choice 11 @第十一个"]),
        ("第二个包裹呢", &["Choice 2 @第二个"]),
        ("第二个月", &[]),
        ("第二件半价", &[]),
        ("第三天了", &[]),
        ("后面那个", &["Choice -1 @后面那个"]),
        ("最后一个", &["Choice -1 @最后一个"]),
        ("最下面的那款", &["Choice -1 @最下面的那款"]),
        ("前面那个", &["Choice 1 @前面那个"]),
        ("最后一个问题", &[]),
        ("2号", &["Choice 2 @2号"]),
        ("我要2号链接", &["Choice 2 @2号"]),
        ("2号下单的", &[]),
        ("选2", &["Choice 2 @选2"]),
        ("选2个", &[]),
        ("2", &["Choice 2 @2"]),
        ("②", &["Choice 2 @②"]),
        ("二", &["Choice 2 @二"]),
        ("第三吧", &["Choice 3 @第三吧"]),
        ("#2", &["Choice 2 @#2"]),
        ("the second one", &["Choice 2 @the second one"]),
        ("The 2nd option please", &["Choice 2 @The 2nd option"]),
        ("the last one", &["Choice -1 @the last one"]),
        ("second", &["Choice 2 @second"]),
        ("two please", &["Choice 2 @two please"]),
        ("option 3", &["Choice 3 @option 3"]),
        ("the latter", &["Choice -1 @the latter"]),
        ("my first order", &[]),
        ("my first choice was red", &[]),
        ("下面的一个东西坏了", &[]),
        ("no one", &[]),
        ("77", &[]),
        ("the 21st", &[]),
        ("the 3rd", &["Choice 3 @the 3rd"]),
    ]);
}

#[test]
fn words_with_numbers_hold_no_values() {
    check(&[
        ("A4纸", &[]),
        ("3C认证", &[]),
        ("iPhone15多少", &[]),
        ("12V的", &[]),
        ("65w充电器", &[]),
        ("在吗", &[]),
        ("快递到哪了怎么还没到", &[]),
        ("买了3个", &[]),
        ("where is my parcel", &[]),
        ("", &[]),
    ]);
}

#[test]
fn several_values_stand_in_the_order_of_the_text() {
    check(&[
        (
            "11月3日买的DH20240601，42码换43码，退59元，电话13800138000",
            &[
                "Date --11-03 @11月3日",
                "OrderNumber DH20240601 @DH20240601",
                "Size 42 @42码",
                "Size 43 @43码",
                "Amount 5900 @59元",
                "Phone 13800138000 @13800138000",
            ],
        ),
        ("第二个，尾号1234", &["Choice 2 @第二个", "LastFour 1234 @1234"]),
    ]);
}

#[test]
fn a_text_without_signs_calls_one_reader() {
    let readers = READERS.as_ref().unwrap();
    assert_eq!(readers.called("快递到哪了怎么还没到"), readers.always);
    assert_eq!(readers.always.count_ones(), 1);
    assert!(readers.readers.len() < 15, "one bit is the numbers'");
}

#[test]
fn the_carriers_of_the_lexicon_are_read() {
    let carriers = crate::classify::lexicon::carriers(crate::classify::lexicon::CARRIERS);
    let tracking: Vec<String> = carriers.into_iter().filter_map(|carrier| carrier.tracking).collect();
    let slots = Slots::compile(&[r"\d{18,19}".to_owned()], &tracking).unwrap();
    for number in ["SF1234567890123", "YT1234567890123", "771234567890123", "1Z999AA10123456784", "EA123456789CN"] {
        let text = format!("快递{}到哪了", number.to_lowercase());
        assert_eq!(read(&slots, &text), [format!("Tracking {number} @{}", number.to_lowercase())]);
    }
}

#[test]
fn a_bad_pattern_is_named() {
    for bad in [r"\d{18", r"\d*", r"[", r"(?:\w{1000}){1000}"] {
        let told = Slots::compile(&[r"\d{18}".to_owned(), bad.to_owned()], &[]).unwrap_err();
        assert_eq!(told.pattern, bad);
        assert!(!told.why.is_empty());
        assert_eq!(Slots::compile(&[], &[bad.to_owned()]).unwrap_err().pattern, bad);
    }
}

#[test]
fn a_shop_without_patterns_has_no_order_numbers() {
    let slots = Slots::compile(&[], &[]).unwrap();
    assert!(read(&slots, "订单202406010011223344").is_empty());
}

#[test]
fn one_character_that_becomes_two_numbers_holds_one_value_at_most() {
    assert!(read(&shop(), "¼").len() <= 1);
}

#[test]
fn every_kind_has_its_rank() {
    let ranks: std::collections::BTreeSet<u8> = PRECEDENCE.iter().map(|kind| *kind as u8).collect();
    assert_eq!(ranks.len(), PRECEDENCE.len());
}

proptest! {
    #[test]
    fn any_text_is_read_with_spans_inside_it(
        text in "\\PC{0,60}|[0-9a-zA-Z ,.+#$¥'元块米斤月日号码第二个是最后那天今明]{0,60}|[0-9，. /-]{0,40}"
    ) {
        let slots = shop().read(&Text::of(&text), 1);
        for slot in &slots {
            prop_assert!(slot.span.message == 1 && slot.span.start < slot.span.end && !slot.value.is_empty());
            prop_assert!(text.get(slot.span.start..slot.span.end).is_some());
        }
        for pair in slots.windows(2) {
            prop_assert!(!pair[0].span.overlaps(&pair[1].span), "{slots:?}");
        }
    }
}
