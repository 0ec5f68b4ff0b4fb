//! Times of promises in Chinese.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Captures;

use super::calendar::{Calendar, Clock, Part};
use crate::desk::clauses::Clause;
use crate::desk::numerals::{hundredths, whole};
use crate::desk::pattern::Pattern;
use crate::domain::{At, HOUR, MINUTE};

const NUMBER: &str = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)";

/// 半小时内, 2-3个工作日内, 10分钟后
static LENGTH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        "(?:{NUMBER}(?:-|~|到|至))?(?P<number>{NUMBER}|半)(?P<piece>个)?(?P<half>半)?(?P<unit>分钟|小时|钟头|刻钟|工作日|天|日|周|星期|礼拜|月)(?:之|以)?(?:内|后|里|左右)"
    ))
});

/// 明天下午3点半前, 今晚8点, 周五前, 11月25日, 18:30前, 下午2点到4点
static POINT: LazyLock<Pattern> = LazyLock::new(|| {
    let named = "今天|今日|今晚|今早|今夜|明天|明日|明早|明晚|大后天|后天";
    let week = "(?P<week>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])";
    let date = format!("(?:(?P<year>20\\d{{2}})年)?(?P<month>{NUMBER})月(?P<day>{NUMBER})(?:日|号)?");
    let short = "(?P<short_month>\\d{1,2})[./](?P<short_day>\\d{1,2})";
    let day_of_month = "(?P<day_of_month>\\d{1,2})[号日]";
    let part = "(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|晚|早)";
    let clock = format!("(?P<hour>{NUMBER})(?:点钟?|时|:(?P<colon>\\d{{2}}))(?P<minute>半|一刻|三刻|\\d{{1,2}}分?)?");
    let until = format!(
        "(?:(?:-|~|到|至)(?P<hour2>{NUMBER})(?:点钟?|时|:(?P<colon2>\\d{{2}}))(?P<minute2>半|一刻|三刻|\\d{{1,2}}分?)?(?:之间|期间)?)"
    );
    let end = "(?P<end>下班(?:之|以)?前|(?:之|以)?前|(?:之|以)?内|左右)";
    Pattern::new(&format!(
        "(?:(?P<named>{named})|{week}|{date}|{short}|{day_of_month})?的?{part}?(?:{clock}{until}?)?{end}?"
    ))
});

/// 本周内, 下周, 月底前, 今明两天, 下班前
static STRETCH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?P<stretch>今明两天|今明|(?:这|本)个?(?:周|星期|礼拜)|下个?(?:周|星期|礼拜)|(?:这个?|本)?月[底末]|本月|年[底末]|下班(?:之|以)?前)(?:之|以)?(?:内|前)?",
    )
});

/// What the writer will do.
const DEEDS: &str = "回复|回覆|答复|回您|回你|回电|回访|联系|处理|发出|发货|寄出|补发|补寄|重发|重寄|安排|退款|退您|退你|通知|告知|反馈|核实|核对|查好|查清|查一下|查询|查到|跟进|解决|办理|办好|电话|致电|发您|发你|发给|确认|更新|补偿|赔付|答案|结果|消息|说法|催|改好|开好|换货|上架|安装|给您(?:个|一个|回|答|查|处理|退|补|发|寄|打|开|办|说|做|出|弄|搞|换|改)|帮您|为您";
static DEED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(DEEDS));
/// What makes it a deed of the writer's even beside a carrier.
static OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?:给|帮|为)(?:您|你|亲)[^,]{0,4}(?:回|答|查|处理|退|补|发|寄|安排|办|核|跟|反馈|说法|结果|消息|催|联系|确认|解决|申请|个)|回复|回覆|答复|回电|反馈|告知|通知您|联系您|跟进|核实|发出|发货|寄出",
    )
});
/// A parcel's or a bank's time.
static CARRIED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("预计|原路|送达|送到|到货|到达|派送|签收|能到|会到|可以到|就到|到账|收到|配送|取件|快递员")
});
/// What others will do.
static OTHERS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("(?:快递员|快递小哥|派送员|配送员|骑手|驿站|银行|平台)[^,]{0,8}(?:联系|电话|通知|取|派|送|处理|审核)")
});
/// What the customer is asked to do towards the shop.
static TO_US: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("(?:联系|回复|告诉|找|发给|通知|反馈给|打给)(?:我们|我|客服|本店)"));
/// When people are there.
static HOURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("在线|营业|服务时间|工作时间|上班时间|开门|关门|客服时间|人工时间|点上班|点下班|每天|每日|每周")
});
/// What was.
static PAST: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "已|昨|前天|上周|上个|刚才|刚刚|之前就|(?:回复|答复|联系|处理|发出|发货|寄出|补发|安排|退款|通知|核实|打)(?:您|你|过您)?(?:了|过)|[发说问寄催]了",
    )
});
/// What the customer has to do, or may: before the time.
static YOURS_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?:请|麻烦|需要|劳烦|辛苦|建议)(?:您|你|亲)?[^,]{0,6}$|(?:^|[^给帮为替跟向])(?:您|你)(?:可以|可|能|要|需|得|最好|尽量|务必|先|再|就|在|于|也)*$",
    )
});
/// The same after the time: 18点前付款
static YOURS_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "^[^,]{0,2}(?:下单|付款|拍下|拍的|购买|支付|提交|申请退|联系我|联系客服|来取|自提|寄回|退回|确认收货|可以退|可退|可换|支持|无理由|不影响|质保|保修|免费|价保)|^您",
    )
});
/// 16点前下单，今天发出: a rule for whoever orders.
static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("前(?:下单|付款|拍下|拍的|支付|购买|的订单|的单)|(?:下单|付款|拍下|支付)的(?:订单|话)")
});
/// 付款后48小时内: counted from something else than now.
static FROM_ELSEWHERE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("(?:后|之后|以后|起|之日起|开始|的)(?:的|,|在|会)*$"));
static SOON: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("(?:稍后|随后|然后|之后|最后)(?:的|,|在|会)*$"));
/// What cannot be promised.
static NOT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?:不能|无法|没法|没办法|不会|不一定|不保证|不确定|来不及|不敢|保证不了|未必|才能|不(?:发|寄|处理|退|回复|上班|营业)|如果|要是|假如|万一)",
    )
});

/// The time that a clause promises, and the words that say so, in bytes of the clause.
pub(super) fn promised(clause: &Clause<'_>, calendar: &Calendar) -> Option<(At, Range<usize>)> {
    let lengths = LENGTH.all(clause.text).filter_map(|hit| Some((length(&hit, calendar)?, hit.get_match().range())));
    let points = POINT.all(clause.text).filter_map(|hit| Some((point(&hit, calendar)?, hit.get_match().range())));
    let stretches =
        STRETCH.all(clause.text).filter_map(|hit| Some((stretch(&hit, calendar)?, hit.get_match().range())));
    let mut times: Vec<(At, Range<usize>)> = points.chain(lengths).chain(stretches).collect();
    // 11月25日内 holds 25日内: the longer words from the earlier place on.
    times.sort_by_key(|(_, said)| (said.start, usize::MAX - said.end));
    times.into_iter().find(|(at, said)| calendar.is_ahead(*at) && is_promise(clause, said))
}

fn is_promise(clause: &Clause<'_>, said: &Range<usize>) -> bool {
    let (before, after) = (&clause.text[..said.start], &clause.text[said.end..]);
    let is_alone = after.trim_matches([',', '。', '!', ' ', '哈', '吧', '哦']).is_empty();
    let next = clause.after.split([',', '。', '!', '?', ';']).next().unwrap_or_default();
    // 今天18点前，我给您回复: the deed stands in the clause after it.
    let rest = if is_alone { [clause.text, next].concat() } else { clause.text.to_owned() };
    let is_deed = DEED.is_in(&TO_US.cut(&rest)) || is_alone && before.is_empty() && DEED.is_in(clause.before);
    let is_carried = CARRIED.is_in(&rest) && !OURS.is_in(&rest);
    let is_elsewhere = FROM_ELSEWHERE.is_in(before) && !SOON.is_in(before);
    is_deed
        && !is_carried
        && !is_elsewhere
        && ![&HOURS, &PAST, &NOT, &OTHERS, &CONDITION].into_iter().any(|pattern| pattern.is_in(&rest))
        && !CONDITION.is_in(clause.before)
        && !YOURS_BEFORE.is_in(before)
        && !YOURS_AFTER.is_in(after)
}

fn length(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let unit = hit.name("unit")?.as_str();
    // In hundredths, so that 1.5 and 一个半 are numbers too.
    let number = match hit.name("number")?.as_str() {
        "半" => 50,
        number => hundredths(number)? + if hit.name("half").is_some() { 50 } else { 0 },
    };
    let days = number / 100;
    match unit {
        "分钟" => Some(calendar.after(number * MINUTE / 100)),
        "刻钟" => Some(calendar.after(number * 15 * MINUTE / 100)),
        "小时" | "钟头" => Some(calendar.after(number * HOUR / 100)),
        "工作日" => calendar.workdays(days),
        "天" | "日" => (days > 0).then(|| calendar.days_from_now(days)).flatten(),
        "月" => hit.name("piece").and_then(|_| calendar.days_from_now(30 * days)),
        _ => calendar.days_from_now(7 * days),
    }
}

fn point(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let text = |name: &str| hit.name(name).map(|group| group.as_str());
    let date = date(hit, calendar);
    let end = text("end");
    let part = text("part").or_else(|| text("named").filter(|named| named.ends_with(['晚', '早', '夜']))).map(part);
    let second = clock(text("hour2"), text("colon2"), text("minute2"));
    let clock = second.or_else(|| clock(text("hour"), text("colon"), text("minute")));
    let is_bare_number = text("day_of_month").is_some() || text("short_month").is_some();
    if is_bare_number && end.is_none_or(|end| end == "左右") && clock.is_none() && part.is_none() {
        return None;
    }
    let day = match date {
        Some(date) => date,
        // A day was named that isn't there: 2月30日.
        None if is_bare_number || text("named").or(text("month")).or(text("weekday")).is_some() => return None,
        None => calendar.today(),
    };
    match (clock, part) {
        (Some(clock), part) => calendar.clock(day, part, clock),
        (None, _) if end.is_some_and(|end| end.starts_with("下班")) && date.is_some() => calendar.end_of_work(day),
        (None, Some(Part::Noon)) if end.is_some_and(|end| end.ends_with('前')) => {
            calendar.end_of_part(day, Part::Morning)
        }
        (None, Some(part)) if date.is_some() || end.is_some() => calendar.end_of_part(day, part),
        (None, Some(part)) if text("part").is_some_and(|said| said.chars().count() > 1) => {
            calendar.end_of_part(day, part)
        }
        (None, None) if date.is_some() => calendar.end_of(day),
        _ => None,
    }
}

fn date(hit: &Captures<'_>, calendar: &Calendar) -> Option<Date> {
    let text = |name: &str| hit.name(name).map(|group| group.as_str());
    let small = |name: &str| text(name).and_then(whole).and_then(|number| i8::try_from(number).ok());
    if let Some(named) = text("named") {
        return match named.chars().next()? {
            '明' => calendar.in_days(1),
            '后' => calendar.in_days(2),
            '大' => calendar.in_days(3),
            _ => calendar.in_days(0),
        };
    }
    if let Some(day) = text("weekday") {
        let day = "一二三四五六日".find(day).map_or(7, |at| 1 + at as i64 / 3);
        let weeks = text("week").map(|week| match week {
            "下下" => 2,
            "下" => 1,
            _ => 0,
        });
        return calendar.weekday(day, weeks);
    }
    if let Some(month) = small("month") {
        return calendar.day(text("year").and_then(|year| year.parse().ok()), month, small("day")?);
    }
    match (small("short_month"), small("day_of_month")) {
        (Some(month), _) => calendar.day(None, month, small("short_day")?),
        (None, Some(day)) => calendar.day_of_month(day),
        (None, None) => None,
    }
}

fn part(said: &str) -> Part {
    match said {
        "凌晨" => Part::SmallHours,
        "上午" => Part::Morning,
        "中午" => Part::Noon,
        "下午" => Part::Afternoon,
        _ if said.contains('晚') || said.contains('夜') => Part::Evening,
        _ => Part::Early,
    }
}

fn clock(hour: Option<&str>, colon: Option<&str>, minute: Option<&str>) -> Option<Clock> {
    let hour = i8::try_from(whole(hour?)?).ok().filter(|hour| *hour <= 24)?;
    let minute = match colon.or(minute) {
        None => 0,
        Some("半") => 30,
        Some("一刻") => 15,
        Some("三刻") => 45,
        Some(digits) => digits.trim_end_matches('分').parse().ok()?,
    };
    Some(Clock { hour, minute })
}

fn stretch(hit: &Captures<'_>, calendar: &Calendar) -> Option<At> {
    let said = hit.name("stretch")?.as_str();
    match said.chars().next()? {
        '今' => calendar.end_of(calendar.in_days(1)?),
        '下' if said.starts_with("下班") => calendar.end_of_work(calendar.today()),
        '下' => calendar.end_of(calendar.weekday(7, Some(1))?),
        '年' => calendar.end_of_year(),
        _ if said.contains('月') => calendar.end_of_month(),
        _ => calendar.end_of(calendar.weekday(7, Some(0))?),
    }
}
