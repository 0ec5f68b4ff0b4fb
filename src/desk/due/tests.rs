//! Rows of texts with the time that they promise, in the shop's zone.

use jiff::civil::DateTime;

use super::*;

fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn at(civil: &str, zone: &TimeZone) -> At {
    let civil: DateTime = civil.parse().unwrap();
    civil.to_zoned(zone.clone()).unwrap().timestamp().into()
}

fn shown(at: At, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Each row, said at a moment; all that are read otherwise are told together.
fn check(now: &str, zone: &TimeZone, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let found = promised_time(text, at(now, zone), zone);
            let got = found.as_ref().map_or("none".to_owned(), |due| shown(due.at, zone));
            let is_right = match *expected {
                "none" => found.is_none(),
                expected => got.starts_with(expected),
            };
            (!is_right)
                .then(|| format!("{text} → {got} {:?}, not {expected}", found.map(|due| text[due.said].to_owned())))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// A Wednesday.
const NOW: &str = "2026-11-25T14:00:00";

const IN_CHINESE: &[(&str, &str)] = &[
    ("今天18点前回复您", "2026-11-25T18:00"),
    ("我去核实一下，今天18点前回复您哦", "2026-11-25T18:00"),
    ("今天 18 点 前给您答复", "2026-11-25T18:00"),
    ("今天１８：３０前联系您", "2026-11-25T18:30"),
    ("18点前给您处理好", "2026-11-25T18:00"),
    ("今晚8点前给您回复", "2026-11-25T20:00"),
    ("今晚给您答复", "2026-11-25T23:59"),
    ("今天下午3点半前给您回电", "2026-11-25T15:30"),
    ("下午五点前给您结果", "2026-11-25T17:00"),
    ("3点前给您回复", "2026-11-25T15:00"),
    ("晚上12点前发出", "2026-11-25T23:59"),
    ("今天内给您处理", "2026-11-25T23:59"),
    ("今天给您答复", "2026-11-25T23:59"),
    ("下班前给您回复", "2026-11-25T18:00"),
    ("明天上午给您答复", "2026-11-26T12:00"),
    ("明早给您回复", "2026-11-26T10:00"),
    ("明天早上9点联系您", "2026-11-26T09:00"),
    ("明天中午前发出", "2026-11-26T12:00"),
    ("明天下班前给您处理好", "2026-11-26T18:00"),
    ("明晚8点前给您消息", "2026-11-26T20:00"),
    ("明天给您补发", "2026-11-26T23:59"),
    ("明天18点前给您安排退款", "2026-11-26T18:00"),
    ("后天上午10点一刻给您回电", "2026-11-27T10:15"),
    ("大后天给您答复", "2026-11-28T23:59"),
    ("今明两天给您发出", "2026-11-26T23:59"),
    ("半小时内回复您", "2026-11-25T14:30"),
    ("半个小时内给您答复", "2026-11-25T14:30"),
    ("两小时内给您处理", "2026-11-25T16:00"),
    ("一个半小时内联系您", "2026-11-25T15:30"),
    ("1.5小时内联系您", "2026-11-25T15:30"),
    ("24小时内给您答复", "2026-11-26T14:00"),
    ("1-2小时内给您回复", "2026-11-25T16:00"),
    ("10分钟后联系您", "2026-11-25T14:10"),
    ("请您稍等，十分钟内给您查好", "2026-11-25T14:10"),
    ("一刻钟之内给您回复", "2026-11-25T14:15"),
    ("三天内给您退款", "2026-11-28T14:00"),
    ("3个工作日内给您处理", "2026-11-30T23:59"),
    ("1到3个工作日内给您答复", "2026-11-30T23:59"),
    ("周五前给您答复", "2026-11-27T23:59"),
    ("这周五给您补发", "2026-11-27T23:59"),
    ("周三给您答复", "2026-11-25T23:59"),
    ("下周一上午给您回复", "2026-11-30T12:00"),
    ("本周内给您处理好", "2026-11-29T23:59"),
    ("下周内给您处理", "2026-12-06T23:59"),
    ("11月28日前给您发出", "2026-11-28T23:59"),
    ("11月28号下午给您回电", "2026-11-28T18:00"),
    ("28号前给您处理", "2026-11-28T23:59"),
    ("11.28前给您发出", "2026-11-28T23:59"),
    ("5号前给您处理", "2026-12-05T23:59"),
    ("1月5日前给您补发", "2027-01-05T23:59"),
    ("2027年2月1日前给您补发", "2027-02-01T23:59"),
    ("月底前给您处理", "2026-11-30T23:59"),
    ("今天18点前，我一定给您回复", "2026-11-25T18:00"),
    ("我来联系快递核实，今天下午5点前给您消息", "2026-11-25T17:00"),
    ("给您催一下快递，明天12点前给您答复", "2026-11-26T12:00"),
    ("下午2点到4点之间给您回电", "2026-11-25T16:00"),
    ("您的订单今天会发出", "2026-11-25T23:59"),
    ("您的订单48小时内发出", "2026-11-27T14:00"),
    ("仓库今天18点前给您发货", "2026-11-25T18:00"),
    ("今天18點前回覆您，我幫您處理", "2026-11-25T18:00"),
    ("好的\n我这边明天上午给您答复\n谢谢", "2026-11-26T12:00"),
    ("亲，这边已经为您登记，24小时内会有专员联系您哦", "2026-11-26T14:00"),
    ("周末不发货，下周一统一发出", "2026-11-30T23:59"),
    ("已帮您催促仓库，今天下午发出", "2026-11-25T18:00"),
    ("三天之后给您回访", "2026-11-28T14:00"),
];

#[test]
fn promises_in_chinese() {
    check(NOW, &shanghai(), IN_CHINESE);
}

#[test]
fn what_is_no_promise_in_chinese() {
    check(
        NOW,
        &shanghai(),
        &[
            ("稍后回复您", "none"),
            ("马上给您处理", "none"),
            ("我尽快给您答复", "none"),
            ("我会第一时间联系您", "none"),
            ("今天13点前回复您", "none"),
            ("昨天18点已经回复您了", "none"),
            ("今天上午10点已经给您发出", "none"),
            ("今天18点前给您发出了", "none"),
            ("预计明天到", "none"),
            ("快递预计明天18点前送达", "none"),
            ("明天下午会派送到给您", "none"),
            ("退款3天内到账，请留意", "none"),
            ("我们9点到18点在线", "none"),
            ("人工客服9:00-23:00在线，有事请联系", "none"),
            ("每天16点前的订单当天发出", "none"),
            ("今天16点前下单，今天发出", "none"),
            ("您今天18点前付款，我们今天发出", "none"),
            ("请您今天18点前回复我", "none"),
            ("麻烦您明天前确认地址", "none"),
            ("付款后48小时内发货", "none"),
            ("收到退货后48小时内退款", "none"),
            ("签收后7天内可以退换", "none"),
            ("7天内可以申请退款", "none"),
            ("7天无理由退货", "none"),
            ("质保一年内免费维修，请联系客服", "none"),
            ("今天18点前无法给您答复", "none"),
            ("24小时内不能保证回复", "none"),
            ("1号仓给您发出", "none"),
            ("订单20261128前面几位给您核实", "none"),
            ("3件都给您发出", "none"),
            ("第2天给您", "none"),
            ("2月30日前给您处理", "none"),
            ("25点前给您回复", "none"),
            ("好的", "none"),
            ("今天天气不错", "none"),
            ("11月20日前给您处理", "none"),
            ("退款24小时内原路返回", "none"),
            ("今天下午会有快递员联系您取件", "none"),
            ("快递员会在2小时内上门取件", "none"),
            ("本店下午4点前的订单当天发货", "none"),
            ("今天下午4点前付款都可以当天发货", "none"),
            ("如果明天还没更新您再联系我", "none"),
            ("我在9点30分发了消息，您看到了吗，我给您查", "none"),
            ("周末不发货", "none"),
            ("您看您今天几点方便，我给您打电话", "none"),
        ],
    );
}

#[test]
fn promises_in_english() {
    check(
        NOW,
        &shanghai(),
        &[
            ("I'll get back to you by 6pm today", "2026-11-25T18:00"),
            ("I'll reply by 6 p.m.", "2026-11-25T18:00"),
            ("We will let you know by 18:30", "2026-11-25T18:30"),
            ("By 5 o'clock I'll have an answer for you", "2026-11-25T17:00"),
            ("I'll check with the warehouse and call you within 2 hours", "2026-11-25T16:00"),
            ("I'll call you in half an hour", "2026-11-25T14:30"),
            ("I'll get back to you in 10 minutes", "2026-11-25T14:10"),
            ("We'll reply within the hour", "2026-11-25T15:00"),
            ("We'll answer in a couple of hours", "2026-11-25T16:00"),
            ("I will update you in an hour", "2026-11-25T15:00"),
            ("We'll process it within 24 hours", "2026-11-26T14:00"),
            ("We'll refund you within 3 business days", "2026-11-30T23:59"),
            ("Our team will reply in 1-2 days", "2026-11-27T14:00"),
            ("I'll let you know tomorrow morning", "2026-11-26T12:00"),
            ("I'll call you tomorrow at 10:30", "2026-11-26T10:30"),
            ("We'll ship it tomorrow", "2026-11-26T23:59"),
            ("We'll check this first thing tomorrow", "2026-11-26T10:00"),
            ("I'll confirm by noon tomorrow", "2026-11-26T12:00"),
            ("We'll ship it this afternoon", "2026-11-25T18:00"),
            ("I'll write back tonight", "2026-11-25T23:59"),
            ("I'll write back to you tonight by 8", "2026-11-25T20:00"),
            ("We'll send a replacement by Friday", "2026-11-27T23:59"),
            ("We'll call you on Friday at 3pm", "2026-11-27T15:00"),
            ("I'll reply next Monday", "2026-11-30T23:59"),
            ("We'll refund you by the end of the day", "2026-11-25T23:59"),
            ("I'll answer by end of day", "2026-11-25T23:59"),
            ("I'll send it by close of business", "2026-11-25T18:00"),
            ("We'll ship it this week", "2026-11-29T23:59"),
            ("We'll ship it by Nov 28th", "2026-11-28T23:59"),
            ("We'll ship it by 28 November", "2026-11-28T23:59"),
            ("We'll send it by the 5th", "2026-12-05T23:59"),
            ("Your order will be shipped by 8pm tonight", "2026-11-25T20:00"),
            ("You'll hear back from us by tomorrow", "2026-11-26T23:59"),
            ("A colleague will call you between 2pm and 4pm", "2026-11-25T16:00"),
            ("Expect a reply within 24 hours", "2026-11-26T14:00"),
            ("We'll have the replacement out by Thursday 5pm", "2026-11-26T17:00"),
            ("I'm asking the courier and will let you know by 5pm", "2026-11-25T17:00"),
            ("Sorry about that! I'll look into it and get back to you by tomorrow noon.", "2026-11-26T12:00"),
        ],
    );
}

#[test]
fn what_is_no_promise_in_english() {
    check(
        NOW,
        &shanghai(),
        &[
            ("I'll get back to you soon", "none"),
            ("We'll reply as soon as we can", "none"),
            ("I'll reply by 1pm today", "none"),
            ("We shipped it yesterday", "none"),
            ("We replied at 18:00 yesterday", "none"),
            ("It was sent today", "none"),
            ("Your parcel should arrive tomorrow", "none"),
            ("The courier delivers by 8pm", "none"),
            ("Delivery is expected on Friday", "none"),
            ("We are open from 9 to 18:00", "none"),
            ("We're online until 11pm", "none"),
            ("Please reply by 6pm today", "none"),
            ("You can return it within 7 days", "none"),
            ("If you order by 4pm, we ship today", "none"),
            ("Orders placed before 4pm ship today", "none"),
            ("We ship within 48 hours of payment", "none"),
            ("I can't answer by 6pm", "none"),
            ("We won't be able to ship it tomorrow", "none"),
            ("The refund takes 3 days", "none"),
            ("I'll send you 2 of them", "none"),
            ("We'll send the 18V model", "none"),
            ("It comes in 3 sizes, I'll check them", "none"),
            ("If it hasn't moved by Friday, I'll ask for a refund for you", "none"),
            ("I've asked the carrier to deliver by Friday and will keep you posted", "none"),
        ],
    );
}

#[test]
fn ends_of_months_and_years_and_other_zones() {
    check(
        "2026-12-31T20:00:00",
        &shanghai(),
        &[
            ("明天上午给您答复", "2027-01-01T12:00"),
            ("3个工作日内给您处理", "2027-01-05T23:59"),
            ("月底前给您处理", "2026-12-31T23:59"),
            ("半小时内回复您", "2026-12-31T20:30"),
            ("I'll reply by Monday", "2027-01-04T23:59"),
            ("1月2日前给您补发", "2027-01-02T23:59"),
        ],
    );
    check(
        "2028-02-28T10:00:00",
        &shanghai(),
        &[
            ("明天给您答复", "2028-02-29T23:59"),
            ("月底前给您处理", "2028-02-29T23:59"),
            ("2月29日前给您发出", "2028-02-29T23:59"),
        ],
    );
    check("2026-11-27T17:00:00", &shanghai(), &[("1个工作日内给您答复", "2026-11-30T23:59")]);
    // The clocks go forward in the night: 24 hours later it is 15:00.
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    check(
        "2026-03-28T14:00:00",
        &berlin,
        &[
            ("I'll reply within 24 hours", "2026-03-29T15:00"),
            ("I'll reply by 2:30 am tomorrow", "2026-03-29T03:30"),
            ("We'll ship it tomorrow", "2026-03-29T23:59"),
        ],
    );
    check(
        "2026-11-25T18:30:00",
        &shanghai(),
        &[("18点前回复您", "none"), ("明天18点前回复您", "2026-11-26T18:00"), ("今晚8点前回复您", "2026-11-25T20:00")],
    );
}

#[test]
fn the_words_are_told_as_they_were_written() {
    let zone = shanghai();
    for (text, said) in [
        ("好的亲，今天 １８ 點 前回覆您", "今天 １８ 點 前"),
        ("I'll get back to you by 6pm today, promise", "by 6pm today"),
        ("我核实下，半小时内回复您", "半小时内"),
        ("We'll call you tomorrow morning.", "tomorrow morning"),
    ] {
        let due = promised_time(text, at(NOW, &zone), &zone).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(&text[due.said], said);
    }
}
