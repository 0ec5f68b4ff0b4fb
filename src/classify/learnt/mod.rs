//! The learnt classifier: sparse, linear, from examples; with a confidence that was calibrated on examples held out.
//!
//! Besides which class a text is, it says how often such a text is right, and how far it may be trusted to be of any of
//! them: that is learnt without a single example from outside, by holding out a fifth of the classes in turn and looking
//! at how their texts stand among the others.

mod calibration;
mod features;
mod model;
mod rows;
mod space;
mod stems;
mod stored;
mod train;

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use calibration::{Calibration, Case};
use model::{Compact, Model, Signs, Top, signs, top};
use space::{Placing, Space};

/// A class, by its place in the list that was learnt.
pub type Class = u32;

/// An example: a text in its normal form, and its class.
#[derive(Clone, Copy, Debug)]
pub struct Example<'t> {
    /// In its normal form.
    pub text: &'t str,
    /// Which.
    pub class: Class,
}

/// What a text looks like to the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The likeliest class.
    pub class: Class,
    /// The next.
    pub rival: Class,
    /// How far the likeliest lies on its own side of its border: 1 is where an example lies.
    pub margin: f32,
    /// How far ahead of the next it is.
    pub gap: f32,
    /// The share of the text that stands in the examples, by idf.
    pub known: f32,
    /// 0 to 1: how often such a text is of this class, where texts of no class at all come too.
    pub confidence: f32,
}

/// A learnt classifier. Immutable.
#[derive(Debug)]
pub struct Learnt {
    model: Model,
}

/// Folds of the cross-validation.
const FOLDS: u32 = 5;
/// Of the texts that confidence is learnt from, so many are of no class at all.
const OUTSIDE: f64 = 0.2;

/// A piece of learning. Each is done by one thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The model itself: one fit to all examples.
    Model,
    /// A fit without some of the examples, and a look at those.
    HeldOut,
    /// What a margin is worth, from the looks.
    Calibration,
}

/// How many pieces there are.
pub const PIECES: usize = FOLDS as usize + 2;

/// What is told of a piece, on the thread that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It begins.
    Begins(Piece),
    /// It is done.
    Done(Piece),
}

impl Learnt {
    /// Learns from examples, on `threads` threads. The same examples in the same order give the same classifier, whatever
    /// the machine and the number of threads.
    #[must_use]
    pub fn learn(examples: &[Example<'_>], classes: usize, threads: usize) -> Self {
        Self::learn_watched(examples, classes, threads, &|_| {})
    }

    /// Learns from examples, and tells of each piece when it begins and when it is done.
    #[must_use]
    pub fn learn_watched(
        examples: &[Example<'_>],
        classes: usize,
        threads: usize,
        watch: &(dyn Fn(Progress) + Sync),
    ) -> Self {
        let mut parts = side_by_side(FOLDS as usize + 1, threads, |number| match u32::try_from(number) {
            Ok(fold) if fold < FOLDS => {
                Part::Fold(watched(watch, Piece::HeldOut, || held_out(examples, classes, fold)))
            }
            _ => {
                let (space, weights) = watched(watch, Piece::Model, || fit(examples, classes));
                Part::Whole(space, weights)
            }
        });
        let whole = parts.pop();
        let mut cases: Vec<Case> = Vec::new();
        for part in parts {
            if let Part::Fold(part) = part {
                cases.extend(part);
            }
        }
        let calibration = watched(watch, Piece::Calibration, || Calibration::learn(&cases));
        match whole {
            Some(Part::Whole(space, weights)) => Self { model: Model { space, weights, calibration } },
            _ => Self { model: Model { calibration, ..Model::default() } },
        }
    }

    /// Learns from examples that are mostly the other's: how often a margin is right is taken from there, at a sixth of
    /// the cost.
    #[must_use]
    pub fn learn_like(other: &Self, examples: &[Example<'_>], classes: usize) -> Self {
        let (space, weights) = fit(examples, classes);
        Self { model: Model { space, weights, calibration: other.model.calibration } }
    }

    /// What a text in its normal form looks like.
    #[must_use]
    pub fn guess(&self, normal: &str) -> Guess {
        READING.with_borrow_mut(|reading| {
            let (top, signs) = reading.look(&self.model.space, &self.model.weights, normal);
            let confidence = self.model.calibration.confidence(&signs);
            let Top { class, rival, margin, gap } = top;
            Guess { class, rival, margin, gap, known: reading.placing.point.known, confidence }
        })
    }

    /// Bytes that the model takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.model.weights.bytes() + self.model.space.bytes()
    }
}

fn watched<T>(watch: &(dyn Fn(Progress) + Sync), piece: Piece, work: impl FnOnce() -> T) -> T {
    watch(Progress::Begins(piece));
    let done = work();
    watch(Progress::Done(piece));
    done
}

/// What one thread comes to.
enum Part {
    Fold(Vec<Case>),
    Whole(Space, Compact),
}

/// Does some pieces of work, the last first since it is the longest, on several threads; what comes of them is in order.
fn side_by_side<T: Send>(number: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let turn = || {
        let mut done = Vec::new();
        loop {
            let taken = next.fetch_add(1, Ordering::Relaxed);
            if taken >= number {
                return done;
            }
            let piece = number - 1 - taken;
            done.push((piece, work(piece)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, number)).map(|_| scope.spawn(turn)).collect();
        let mut done = turn();
        for other in others {
            done.extend(other.join().unwrap_or_default());
        }
        done
    });
    done.sort_by_key(|(piece, _)| *piece);
    done.into_iter().map(|(_, made)| made).collect()
}

/// What reading a text needs, kept for the next.
#[derive(Debug, Default)]
struct Reading {
    placing: Placing,
    margins: Vec<f32>,
}

thread_local! {
    static READING: RefCell<Reading> = RefCell::default();
}

impl Reading {
    fn look(&mut self, space: &Space, weights: &Compact, normal: &str) -> (Top, Signs) {
        space.place(normal, &mut self.placing);
        weights.margins(&self.placing.point, &mut self.margins);
        let top = top(&self.margins);
        (top, signs(&top, &self.placing.point))
    }
}

fn fit(examples: &[Example<'_>], classes: usize) -> (Space, Compact) {
    let texts: Vec<&str> = examples.iter().map(|example| example.text).collect();
    let labels: Vec<Class> = examples.iter().map(|example| example.class).collect();
    let (space, points) = Space::learn(&texts);
    let weights = train::train(&points, &labels, classes, space.len());
    (space, Compact::of(&weights))
}

/// Learns without a fifth of the classes, and without a fifth of the examples of the others; looks at both. A text of a
/// class that was left out is never right.
fn held_out(examples: &[Example<'_>], classes: usize, fold: u32) -> Vec<Case> {
    // Neighbours in the list are often of one area: a stride takes the classes that are left out from all of them.
    let is_out = |class: Class| classes >= FOLDS as usize && class % FOLDS == fold;
    let (mut learnt, mut looked) = (Vec::new(), Vec::new());
    let mut seen = vec![0u32; classes];
    for example in examples {
        let number = &mut seen[example.class as usize];
        *number += 1;
        if is_out(example.class) || *number % FOLDS == fold {
            looked.push(*example);
        } else {
            learnt.push(*example);
        }
    }
    if learnt.is_empty() {
        return Vec::new();
    }
    // With the classes left out, those that stay move together: no margin of a class that has no example.
    let (space, weights) = fit(&learnt, classes);
    let outside = looked.iter().filter(|example| is_out(example.class)).count() as f64;
    let inside = looked.len() as f64 - outside;
    let stranger = OUTSIDE / (1.0 - OUTSIDE) * inside / outside.max(1.0);
    let mut reading = Reading::default();
    let judge = |example: &Example<'_>| {
        let (top, signs) = reading.look(&space, &weights, example.text);
        let is_out = is_out(example.class);
        Case { signs, right: top.class == example.class && !is_out, weight: if is_out { stranger } else { 1.0 } }
    };
    looked.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: &[(&str, Class)] = &[
        ("where is my parcel", 0),
        ("track my parcel please", 0),
        ("parcel still not here", 0),
        ("has my parcel been sent", 0),
        ("parcel tracking number", 0),
        ("i want my money back", 1),
        ("refund my money", 1),
        ("give me a refund", 1),
        ("refund the order please", 1),
        ("money back now", 1),
        ("快递到哪了", 0),
        ("我的快递还没到", 0),
        ("查一下快递", 0),
        ("我要退款", 1),
        ("把钱退给我", 1),
        ("申请退款", 1),
    ];

    fn learnt(threads: usize) -> Learnt {
        let examples: Vec<_> = EXAMPLES.iter().map(|(text, class)| Example { text, class: *class }).collect();
        Learnt::learn(&examples, 2, threads)
    }

    #[test]
    fn what_was_never_seen_is_understood() {
        let learnt = learnt(1);
        for (text, class) in [("where's the parcel", 0), ("i need a refund", 1), ("快递呢", 0), ("能退款吗", 1)]
        {
            assert_eq!(learnt.guess(text).class, class, "{text}");
        }
        assert!(learnt.guess("refund my parcel").gap < learnt.guess("refund my money").gap);
        assert_eq!(learnt.guess("żółć").known, 0.0);
    }

    #[test]
    fn bytes_lead_back_and_damage_is_seen() {
        let learnt = learnt(1);
        let bytes = learnt.to_bytes();
        let read = Learnt::from_bytes(&bytes).unwrap();
        for (text, _) in EXAMPLES.iter().chain(&[("something else", 0)]) {
            assert_eq!(read.guess(text), learnt.guess(text), "{text}");
        }
        for place in [0, 9, bytes.len() / 2, bytes.len() - 1] {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x40;
            assert!(Learnt::from_bytes(&damaged).is_none(), "byte {place}");
        }
        assert!(Learnt::from_bytes(&bytes[..bytes.len() / 3]).is_none());
        assert!(Learnt::from_bytes(&[]).is_none());
    }

    #[test]
    fn what_is_learnt_stays_to_the_bit() {
        // Written by the first version that kept models. Whoever means to change what is learnt, or from which features,
        // raises the layout of the stored model too: models kept by older versions are wrong from then on.
        let bytes = learnt(1).to_bytes();
        let sum = u64::from_le_bytes(*bytes.last_chunk().unwrap());
        assert_eq!((bytes.len(), sum), (5_132, 0x1e91_120d_f587_e4ec));
    }

    #[test]
    fn every_piece_is_told_of_on_its_own_thread() {
        let told = std::sync::Mutex::new(Vec::new());
        let examples: Vec<_> = EXAMPLES.iter().map(|(text, class)| Example { text, class: *class }).collect();
        let watch = |progress| told.lock().unwrap().push((std::thread::current().id(), progress));
        let _ = Learnt::learn_watched(&examples, 2, 3, &watch);
        let told = told.into_inner().unwrap();
        let done: Vec<_> = told.iter().filter(|(_, progress)| matches!(progress, Progress::Done(_))).collect();
        assert_eq!((told.len(), done.len()), (2 * PIECES, PIECES));
        for (thread, progress) in &told {
            if let Progress::Begins(piece) = progress {
                assert!(told.contains(&(*thread, Progress::Done(*piece))), "{piece:?}");
            }
        }
    }

    #[test]
    fn threads_change_nothing() {
        for (text, _) in EXAMPLES {
            assert_eq!(learnt(1).guess(text), learnt(3).guess(text));
        }
    }
}
