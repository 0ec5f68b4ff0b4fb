//! The words in charts, for managers.

use jiff::civil::Date;

use crate::domain::Language;

pub(super) fn no_data(language: Language) -> &'static str {
    match language {
        Language::Zh => "没有数据",
        Language::En => "No data",
    }
}

pub(super) fn pending(language: Language) -> &'static str {
    match language {
        Language::Zh => "待定",
        Language::En => "pending",
    }
}

/// n is what the first of them is of.
pub(super) fn trend_names(language: Language) -> [&'static str; 3] {
    match language {
        Language::Zh => ["解决率（n 个时间已到的会话）", "机器人独立完成率", "机器人回复率"],
        Language::En => ["Resolution rate (of n chats whose time is up)", "Handled by the bot alone", "Bot reply rate"],
    }
}

pub(super) fn volume_names(language: Language) -> [&'static str; 2] {
    match language {
        Language::Zh => ["会话", "其中转人工"],
        Language::En => ["Chats", "of these handed off"],
    }
}

pub(super) fn response_names(language: Language) -> [&'static str; 4] {
    match language {
        Language::Zh => ["人工 中位", "人工 90% 以内", "机器人 中位", "机器人 90% 以内"],
        Language::En => ["Human median", "Human 90%", "Bot median", "Bot 90%"],
    }
}

pub(super) fn weekday_names(language: Language) -> [&'static str; 7] {
    match language {
        Language::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(super) fn day_name(day: Date, language: Language) -> String {
    let month = usize::try_from(day.month()).unwrap_or(1);
    match language {
        Language::Zh => format!("{}/{}", day.month(), day.day()),
        Language::En => format!("{} {}", day.day(), MONTHS[(month - 1).min(11)]),
    }
}

/// A round number of seconds.
pub(super) fn time_name(seconds: u32, language: Language) -> String {
    let (n, zh, en) = match seconds {
        0..60 => (seconds, "秒", "s"),
        60..3_600 => (seconds / 60, "分", "min"),
        _ => (seconds / 3_600, "小时", "h"),
    };
    match language {
        Language::Zh => format!("{n} {zh}"),
        Language::En => format!("{n} {en}"),
    }
}

/// In whole percent; of nothing there is none.
fn percent(of: u32, all: u32) -> String {
    let (of, all) = (u64::from(of), u64::from(all));
    (of * 200 + all).checked_div(all * 2).map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"))
}

pub(super) fn intent_told(answered: u32, needed: u32, language: Language) -> String {
    let share = percent(answered, needed);
    match language {
        Language::Zh => format!("答了 {share}（{answered}/{needed}）"),
        Language::En => format!("{share} answered ({answered}/{needed})"),
    }
}

pub(super) fn agent_told(replies: u32, (used, shown): (u32, u32), language: Language) -> String {
    let share = percent(used, shown);
    match language {
        Language::Zh => format!("{replies} 条 · 采纳 {share}（{used}/{shown}）"),
        Language::En => format!("{replies} · {share} accepted ({used}/{shown})"),
    }
}
