//! How much of what agents write a library would have written for them, on chats that it wasn't made of.

use std::collections::{BTreeMap, HashMap};

use super::form::{form, weight};
use super::group::{Alike, first_alike};

/// A reply is covered if at most this share of it would have to be edited (Levenshtein over the longer length, in comparing
/// form).
pub const EDIT_SHARE: f64 = 0.2;
/// From so many letters on a reply says something of its own; shorter ones are typed faster than found.
pub const SAYS_SOMETHING: usize = 6;

/// Replies of chats that were held out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldOut {
    /// Each form once, in one spelling, with whether it says something and how often it was said.
    forms: Vec<(String, String, bool, usize)>,
}

/// Shares of the replies that scripts cover, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Covered {
    /// How many scripts were tried.
    pub scripts: usize,
    /// Of all replies.
    pub all: f64,
    /// Of those that say something.
    pub saying: f64,
    /// Of those that say something: covered so, or alike to a script as the members of a group are.
    pub alike: f64,
}

impl HeldOut {
    /// Masked replies.
    #[must_use]
    pub fn of<'t>(replies: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: BTreeMap<String, (&'t str, bool, usize)> = BTreeMap::new();
        for reply in replies {
            let clauses = form(reply);
            let says = weight(&clauses) >= SAYS_SOMETHING;
            counts.entry(clauses.concat()).or_insert((reply, says, 0)).2 += 1;
        }
        let own = |(form, (reply, says, count)): (String, (&str, bool, usize))| (form, reply.to_owned(), says, count);
        Self { forms: counts.into_iter().map(own).collect() }
    }

    /// How many replies there are, and how many of them say something.
    #[must_use]
    pub fn replies(&self) -> (usize, usize) {
        let saying = self.forms.iter().filter(|(_, _, says, _)| *says).map(|(.., count)| count).sum();
        (self.forms.iter().map(|(.., count)| count).sum(), saying)
    }

    /// What the first so many scripts cover, for each number.
    #[must_use]
    pub fn covered(&self, scripts: &[&str], numbers: &[usize]) -> Vec<Covered> {
        let forms: Vec<String> = scripts.iter().map(|script| form(script).concat()).collect();
        let close = |reply: &str| forms.iter().position(|script| edit_share(reply, script) <= EDIT_SHARE);
        let edited: Vec<Option<usize>> = self.forms.iter().map(|(reply, ..)| close(reply)).collect();
        let spellings: Vec<&str> = self.forms.iter().map(|(_, spelling, ..)| spelling.as_str()).collect();
        let alike = first_alike(&spellings, scripts, Alike::REPLIES);
        let either: Vec<Option<usize>> =
            edited.iter().zip(&alike).map(|(edited, alike)| [*edited, *alike].into_iter().flatten().min()).collect();
        let (all, saying) = self.replies();
        let of = |number: usize| Covered {
            scripts: number.min(scripts.len()),
            all: self.count(&edited, number, false) as f64 / all.max(1) as f64,
            saying: self.count(&edited, number, true) as f64 / saying.max(1) as f64,
            alike: self.count(&either, number, true) as f64 / saying.max(1) as f64,
        };
        numbers.iter().map(|number| of(*number)).collect()
    }

    /// Replies whose first script is among so many.
    fn count(&self, first: &[Option<usize>], number: usize, must_say: bool) -> usize {
        let forms = self.forms.iter().zip(first).filter(|((_, _, says, _), _)| *says || !must_say);
        forms.filter(|(_, first)| first.is_some_and(|first| first < number)).map(|((.., count), _)| count).sum()
    }
}

/// The share of the longer text that would have to be edited; 1 for any that is surely beyond [`EDIT_SHARE`].
pub(super) fn edit_share(a: &str, b: &str) -> f64 {
    let (long, short) = (a.chars().count().max(b.chars().count()), a.chars().count().min(b.chars().count()));
    // They differ by their lengths already.
    if long == 0 || (long - short) as f64 > EDIT_SHARE * long as f64 {
        return if long == 0 { 0.0 } else { 1.0 };
    }
    strsim::levenshtein(a, b) as f64 / long as f64
}

/// The baseline: replies that were said most often, to the letter but for blanks, marks and softening words; the commonest
/// spelling of each, most frequent first, with how often.
#[must_use]
pub fn most_frequent<'t>(replies: impl Iterator<Item = &'t str>) -> Vec<(&'t str, usize)> {
    let mut by_form: HashMap<Vec<String>, BTreeMap<&'t str, usize>> = HashMap::new();
    for reply in replies {
        *by_form.entry(form(reply)).or_default().entry(reply).or_default() += 1;
    }
    let mut ranked: Vec<(&str, usize)> = by_form
        .values()
        .filter_map(|spellings| {
            let (commonest, _) = spellings.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
            Some((*commonest, spellings.values().sum()))
        })
        .collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_covered_up_to_a_fifth_of_edits() {
        let held_out = HeldOut::of(
            ["好的", "订单完成以后才能修改发票哦", "订单完成之后才能修改发票的", "明天给您打电话"].into_iter(),
        );
        assert_eq!(held_out.replies(), (4, 3));
        let covered = held_out.covered(&["亲亲，订单完成以后才能修改发票", "好的"], &[1, 2, 300]);
        let shares: Vec<(usize, f64, f64)> =
            covered.iter().map(|c| (c.scripts, c.all, (c.saying * 3.0).round())).collect();
        assert_eq!(shares, [(1, 0.5, 2.0), (2, 0.75, 2.0), (2, 0.75, 2.0)]);
    }

    #[test]
    fn the_most_frequent_come_first_in_their_commonest_spelling() {
        let replies = ["在的呢", "请稍等", "请稍等哦", "请稍等", "再见"];
        assert_eq!(most_frequent(replies.into_iter())[0], ("请稍等", 3));
    }
}
