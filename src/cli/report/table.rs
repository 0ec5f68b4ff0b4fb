//! A report for people to read in a terminal, and for their spreadsheets.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::domain::Language;
use crate::playbook::Playbook;
use crate::report::{Count, Cut, Figures, FiguresView, Rate, RateView, Report};

/// What rates and groups are called.
pub(super) struct Titles<'p> {
    playbook: &'p Playbook,
    language: Language,
}

/// The rates of a group in a table.
const COLUMNS: [Rate; 6] =
    [Rate::Durable, Rate::Contained, Rate::Reply, Rate::HandOff, Rate::Repeated, Rate::Acceptance];

impl<'p> Titles<'p> {
    pub(super) fn new(playbook: &'p Playbook, language: Language) -> Self {
        Self { playbook, language }
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::Zh { zh } else { en }
    }

    /// What people call a group, if it has another name than its own.
    pub(super) fn of(&self, cut: Cut, name: &str) -> Option<&str> {
        let local = cut.title(name, self.playbook)?;
        Some(local.of(self.language))
    }

    fn rate(&self, rate: Rate) -> &'static str {
        match rate {
            Rate::Durable => self.word("机器人解决率（持久）", "resolved by the bot, durably"),
            Rate::DurableSame => self.word("同类问题未再来", "not back about the same"),
            Rate::Involved => self.word("机器人参与", "with an answer of the bot's"),
            Rate::Contained => self.word("机器人独立完成", "by the bot alone"),
            Rate::Confirmed => self.word("顾客确认已解决", "confirmed by the customer"),
            Rate::Reply => self.word("机器人回复率（轮次）", "turns the bot answered"),
            Rate::HandOff => self.word("转人工", "handed off"),
            Rate::Left => self.word("转人工后没等到人", "left before a person came"),
            Rate::BadHandOff => self.word("转接不顺", "bad hand-offs"),
            Rate::Repeated => self.word("答过又问", "asked again"),
            Rate::Right => self.word("抽查答对", "right in the sample"),
            Rate::Acceptance => self.word("推荐采纳", "suggestions accepted"),
            Rate::Unchanged => self.word("采纳未改", "accepted unchanged"),
            Rate::Human20 => self.word("人工 20 秒内", "people within 20 s"),
            Rate::Human180 => self.word("人工 3 分钟内", "people within 180 s"),
            Rate::Bot20 => self.word("机器人 20 秒内", "the bot within 20 s"),
            Rate::Bot180 => self.word("机器人 3 分钟内", "the bot within 180 s"),
            Rate::Faults => self.word("故障率", "about faulty goods"),
            Rate::PromisesKept => self.word("承诺兑现", "promises kept"),
            Rate::RatedLow => self.word("低分评价", "rated 1 or 2"),
        }
    }

    /// The whole report.
    pub(super) fn text(&self, title: &str, hours: i64, made: &Report) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{title}\n");
        self.rates(&made.all, hours, &mut out);
        self.times(&made.all, &mut out);
        for (cut, groups) in &made.cuts {
            let _ = writeln!(out, "\n── {}", cut.key());
            let names: Vec<String> = groups
                .iter()
                .map(|group| match self.of(*cut, &group.name) {
                    Some(title) => format!("{}  {title}", group.name),
                    None => group.name.clone(),
                })
                .collect();
            let widest = names.iter().map(|name| name.width()).max().unwrap_or(0).max(12);
            let _ = write!(out, "{}  {:>8}", " ".repeat(widest), self.word("会话段", "episodes"));
            for rate in COLUMNS {
                let _ = write!(out, "  {}", end(rate.key(), 16));
            }
            out.push('\n');
            for (group, name) in groups.iter().zip(&names) {
                let _ = write!(out, "{}  {:>8}", start(name, widest), group.figures.get(Count::Episodes));
                for rate in COLUMNS {
                    let _ = write!(out, "  {}", end(&brief(RateView::of(rate, &group.figures)), 16));
                }
                out.push('\n');
            }
        }
        out
    }

    fn rates(&self, figures: &Figures, hours: i64, out: &mut String) {
        let left_out = [Count::Spam, Count::Test, Count::AgentBegan].map(|count| figures.get(count));
        let _ = writeln!(
            out,
            "{} {}  ({} {}, {} {}, {} {}; {} {}; {} {})",
            figures.get(Count::Episodes),
            self.word("个会话段计入", "episodes count"),
            self.word("另有垃圾", "left out: spam"),
            left_out[0],
            self.word("测试", "tests"),
            left_out[1],
            self.word("客服发起", "begun by agents"),
            left_out[2],
            self.word("未结束", "open"),
            figures.get(Count::Open),
            self.word("待定", "pending"),
            figures.get(Count::Pending),
        );
        for rate in Rate::ALL {
            let view = RateView::of(*rate, figures);
            let mut name = self.rate(*rate).to_owned();
            if *rate == Rate::Durable {
                let _ = write!(name, " {hours} h");
            }
            let interval = match (view.low, view.high) {
                (Some(low), Some(high)) => format!("[{:.1}, {:.1}]", low * 100.0, high * 100.0),
                _ => String::new(),
            };
            let share = view.share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0));
            let (name, of) = (start(&name, 32), format!("{}/{}", view.numerator, view.denominator));
            let _ = writeln!(out, "  {name} {share:>8}  {of:>15}  {interval}");
        }
    }

    fn times(&self, figures: &Figures, out: &mut String) {
        let view = FiguresView::whole(figures);
        for (key, name) in [
            ("human_first", self.word("人工首次响应", "people, first response")),
            ("human", self.word("人工平均响应", "people, every response")),
            ("bot_first", self.word("机器人首次响应", "the bot, first response")),
            ("bot", self.word("机器人平均响应", "the bot, every response")),
        ] {
            let Some(Some(times)) = view.times.get(key) else { continue };
            let [mean, p50, p90, p99] = [times.mean, times.p50, times.p90, times.p99].map(seconds);
            let name = start(name, 32);
            let _ = writeln!(out, "  {name} {mean:>8}  p50 {p50}  p90 {p90}  p99 {p99}  ({})", times.count);
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of a wait")]
fn seconds(millis: i64) -> String {
    format!("{:.1} s", millis as f64 / 1000.0)
}

fn brief(view: RateView) -> String {
    match view.share {
        Some(share) => format!("{:.1}% {}/{}", share * 100.0, view.numerator, view.denominator),
        None => "–".to_owned(),
    }
}

/// Padded to a width on the screen.
fn start(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn end(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// One line a figure.
pub(super) fn csv(made: &Report) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["cut", "group", "name", "numerator", "denominator", "share"])?;
    add(&mut writer, "all", "", &made.all)?;
    for (cut, groups) in &made.cuts {
        for group in groups {
            add(&mut writer, cut.key(), &group.name, &group.figures)?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn add(writer: &mut csv::Writer<Vec<u8>>, cut: &str, group: &str, figures: &Figures) -> anyhow::Result<()> {
    // A spreadsheet would take such a name for a formula.
    let group = if group.starts_with(['=', '+', '-', '@']) { format!("'{group}") } else { group.to_owned() };
    for rate in Rate::ALL {
        let view = RateView::of(*rate, figures);
        let share = view.share.map(|share| format!("{share:.6}")).unwrap_or_default();
        let (of, all) = (view.numerator.to_string(), view.denominator.to_string());
        writer.write_record([cut, &group, rate.key(), &of, &all, &share])?;
    }
    for count in Count::ALL {
        writer.write_record([cut, &group, count.key(), &figures.get(*count).to_string(), "", ""])?;
    }
    for (name, times) in FiguresView::whole(figures).times {
        let Some(times) = times else { continue };
        let told = [("mean", times.mean), ("p50", times.p50), ("p90", times.p90), ("p99", times.p99)];
        for (what, millis) in told {
            writer.write_record([cut, &group, &format!("{name}_{what}_ms"), &millis.to_string(), "", ""])?;
        }
    }
    Ok(())
}
