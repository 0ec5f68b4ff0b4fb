//! Bars that lie: intents by how often they were asked, people by how often they replied.

use super::canvas::{Canvas, Drawn, GREEN, INK, RULE, SOFT, Side, pixels, shortened, width_of};
use super::wording::{agent_told, intent_told, no_data};
use super::{Chart, Picture, Shape};
use crate::report::made::Group;
use crate::report::{Count, Figures, Rate};

const MOST: usize = 15;
const HEAD: i32 = 8;

/// One bar: all of it, and the part of it that is solid.
struct Bar {
    title: String,
    all: u32,
    solid: u32,
    told: String,
}

/// As high as its bars.
pub(super) fn height(chart: Chart, picture: &Picture<'_>) -> i32 {
    let count = if chart == Chart::Intents { Count::Needed } else { Count::Replies };
    let bars = picture.groups(chart.cut()).iter().filter(|group| group.figures.get(count) > 0).count().clamp(2, MOST);
    HEAD * 2 + i32::try_from(bars).unwrap_or(0) * row(picture.shape)
}

fn row(shape: Shape) -> i32 {
    if shape == Shape::Wide { 26 } else { 42 }
}

/// Asked, and of these answered by the bot.
pub(super) fn intents(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let bars = top(picture, Chart::Intents, Count::Needed, |title, figures| {
        let (needed, answered) = (figures.get(Count::Needed), figures.get(Count::Answered));
        Bar { title, all: needed, solid: answered, told: intent_told(answered, needed, picture.language) }
    });
    draw(canvas, picture, &bars)
}

/// Replies, and how many of the suggestions that were seen were used.
pub(super) fn agents(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Drawn {
    let bars = top(picture, Chart::Agents, Count::Replies, |title, figures| {
        let (of, all) = Rate::Acceptance.counts();
        let replies = figures.get(Count::Replies);
        let told = agent_told(replies, (figures.get(of), figures.get(all)), picture.language);
        Bar { title, all: replies, solid: replies, told }
    });
    draw(canvas, picture, &bars)
}

fn top(picture: &Picture<'_>, chart: Chart, by: Count, bar: impl Fn(String, &Figures) -> Bar) -> Vec<Bar> {
    let groups = picture.groups(chart.cut()).iter().filter(|group| group.figures.get(by) > 0);
    let mut groups: Vec<&Group> = groups.collect();
    groups.sort_by(|a, b| b.figures.get(by).cmp(&a.figures.get(by)).then_with(|| a.name.cmp(&b.name)));
    groups.truncate(MOST);
    groups.into_iter().map(|group| bar((picture.title)(&group.name), &group.figures)).collect()
}

fn draw(canvas: &Canvas<'_>, picture: &Picture<'_>, bars: &[Bar]) -> Drawn {
    if bars.is_empty() {
        let middle = (canvas.width / 2, canvas.height / 2);
        return canvas.text(no_data(picture.language), middle, Side::Middle, 14, SOFT);
    }
    let most = f64::from(bars.iter().map(|bar| bar.all).max().unwrap_or(1));
    // The longest bar leaves room for the words behind it.
    let words = bars.iter().map(|bar| width_of(&bar.told, 12)).max().unwrap_or(0) + 16;
    let long = |bar: &Bar, left: i32| pixels(f64::from(bar.all) / most, canvas.width - left - words);
    for (place, bar) in (0..).zip(bars) {
        let y = HEAD + place * row(picture.shape);
        match picture.shape {
            Shape::Wide => {
                let title = shortened(&bar.title, 13, 200);
                canvas.text(&title, (212, y + 12), Side::Left, 13, INK)?;
                one(canvas, bar, (222, y + 4), (long(bar, 222), 16))?;
            }
            Shape::Half | Shape::Narrow => {
                let title = shortened(&bar.title, 13, canvas.width - 20);
                canvas.text(&title, (6, y + 10), Side::Right, 13, INK)?;
                one(canvas, bar, (6, y + 20), (long(bar, 6), 14))?;
            }
        }
    }
    Ok(())
}

/// The outline is all of it, with hatching; the solid part is what was done. The words stand behind.
fn one(canvas: &Canvas<'_>, bar: &Bar, (x, y): (i32, i32), (wide, high): (i32, i32)) -> Drawn {
    let wide = wide.max(2);
    let solid = pixels(f64::from(bar.solid) / f64::from(bar.all.max(1)), wide);
    canvas.fill((x, y), (x + wide, y + high), RULE)?;
    canvas.hatch((x + solid, y), (x + wide, y + high), SOFT, 6)?;
    canvas.fill((x, y), (x + solid, y + high), GREEN)?;
    canvas.outline((x, y), (x + wide, y + high), GREEN)?;
    canvas.text(&bar.told, (x + wide + 8, y + high / 2), Side::Right, 12, INK)
}
