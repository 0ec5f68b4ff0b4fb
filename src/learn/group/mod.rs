//! Groups of messages that say much the same.
//!
//! How: a message in its comparing form (`form.rs`) is a set of features: pairs of neighbouring Han characters, stems of
//! Latin words and pairs of them (`features.rs`). A feature weighs the more the fewer messages have it (IDF; Spärck Jones,
//! “A statistical interpretation of term specificity”, 1972). Two messages are alike if the cosine of their weights
//! reaches a threshold. Pairs are found through an index of each message's rarest features alone: a pair that shares none
//! of those cannot reach the threshold (prefix filtering; Bayardo, Ma and Srikant, “Scaling up all pairs similarity
//! search”, WWW 2007). Groups are stars in the graph of alike messages (Aslam, Pelekhov and Rus, “The star clustering
//! algorithm for static and dynamic information organization”, JGAA 2004): the message with most neighbours is the centre
//! of the first, its neighbours belong to it, and so on with the rest; then each goes to the centre it is most like.
//!
//! Why stars: a member is alike to the centre itself, so that no chain of small steps leads from one meaning to another as
//! with single linkage; the number of groups needn't be known; and the order of the messages doesn't matter.

mod features;
mod pairs;
mod shared;
mod stars;

use std::collections::BTreeMap;

use super::form::form;
use features::Vectors;

/// How alike messages of one group are to its centre: a cosine, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike(f32);

impl Alike {
    /// Replies of agents: the same script with small changes.
    pub const REPLIES: Self = Self(0.6);
    /// Messages of customers: the same wish in other words.
    pub const WISHES: Self = Self(0.4);

    /// Another threshold; kept between 0.2, below which nearly everything is alike, and 1.
    #[must_use]
    pub fn at(cosine: f32) -> Self {
        Self(cosine.clamp(0.2, 1.0))
    }
}

/// Messages that say much the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Places in the given messages, in order.
    pub members: Vec<usize>,
    /// The member that is most like all the others.
    pub medoid: usize,
    /// Stretches that most of them have in common, in comparing form, the longest first; at most four.
    pub words: Vec<String>,
}

/// Groups messages, the biggest group first. Each message is in one group, if only alone; those without a letter are in
/// none. The same messages in another order make the same groups.
#[must_use]
pub fn group(messages: &[&str], alike: Alike) -> Vec<Group> {
    let mut same: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (place, message) in messages.iter().enumerate() {
        same.entry(form(message)).or_default().push(place);
    }
    same.remove(&Vec::new());
    let (forms, places): (Vec<Vec<String>>, Vec<Vec<usize>>) = same.into_iter().unzip();
    let counts: Vec<usize> = places.iter().map(Vec::len).collect();
    let vectors = Vectors::of(&forms);
    let edges = pairs::alike(&vectors, &counts, alike.0);
    let mut groups: Vec<Group> = stars::stars(&edges, &counts)
        .into_iter()
        .map(|star| of_star(&star, &vectors, &forms, &places, messages))
        .collect();
    groups.sort_by(|a, b| {
        let said = |group: &Group| messages[group.medoid];
        b.members.len().cmp(&a.members.len()).then_with(|| said(a).cmp(said(b)))
    });
    groups
}

/// For each message the first of the scripts that is alike to it. Rarity is counted over both.
#[must_use]
pub fn first_alike(messages: &[&str], scripts: &[&str], alike: Alike) -> Vec<Option<usize>> {
    let forms: Vec<Vec<String>> = scripts.iter().chain(messages).map(|text| form(text)).collect();
    let vectors = Vectors::of(&forms);
    let (scripts, messages) = vectors.rows().split_at(scripts.len());
    let is_alike = |a: &Vec<(u32, f32)>, b: &Vec<(u32, f32)>| !a.is_empty() && pairs::cosine(a, b) >= alike.0;
    messages.iter().map(|message| scripts.iter().position(|script| is_alike(message, script))).collect()
}

fn of_star(
    star: &[usize],
    vectors: &Vectors,
    forms: &[Vec<String>],
    places: &[Vec<usize>],
    messages: &[&str],
) -> Group {
    let weighted: Vec<(usize, usize)> = star.iter().map(|form| (*form, places[*form].len())).collect();
    let middle = vectors.middle(&weighted);
    let mut members: Vec<usize> = star.iter().flat_map(|form| places[*form].iter().copied()).collect();
    members.sort_unstable();
    // Of messages with one form the one that is written most often, so that order plays no part.
    let mut spellings: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for place in &places[middle] {
        let spelling = spellings.entry(messages[*place]).or_insert((0, *place));
        spelling.0 += 1;
    }
    let medoid = spellings.values().rev().max_by_key(|(count, _)| *count).map_or(places[middle][0], |(_, at)| *at);
    Group { members, medoid, words: shared::words(&forms[middle], &weighted, forms) }
}

#[cfg(test)]
mod tests;
