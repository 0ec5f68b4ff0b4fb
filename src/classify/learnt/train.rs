//! Learning weights: one class against the rest, squared hinge, by dual coordinate descent.
//!
//! After Hsieh et al., “A Dual Coordinate Descent Method for Large-scale Linear SVM” (ICML 2008), but with all classes of
//! a block at once: a text's margins are sums of rows, so that one walk over the weights serves every class. Texts whose
//! duals stand still are visited less often. The order is fixed by a seed: the same examples give the same weights.

use super::space::Point;

/// How much an error costs against the length of the weights.
const COST: f32 = 1.0;
/// It is done when no dual would move by more than this.
const STILL: f32 = 0.05;
/// A text that moved nothing by more than this is left out of the next rounds.
const RESTS: f32 = 0.02;
/// At most so many rounds are left out.
const RESTS_AT_MOST: u8 = 7;
const ROUNDS: usize = 40;

/// Weights by feature and class; the last row is the bias.
pub(super) struct Weights {
    pub(super) classes: usize,
    pub(super) rows: Vec<f32>,
}

/// Learns the weights of `classes` classes over `features` features. `labels` holds each point's class. Runs on
/// `threads` threads; their number changes nothing of what comes out.
pub(super) fn train(points: &[Point], labels: &[u32], classes: usize, features: usize, threads: usize) -> Weights {
    let blocks = blocks(classes);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(block) = blocks.get(number) else { return done };
            done.push((number, Descent::new(points, labels, block.clone(), features).run()));
        }
    };
    let parts = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut parts = work();
        for other in others {
            parts.extend(other.join().unwrap_or_default());
        }
        parts
    });
    let mut rows = vec![0.0; (features + 1) * classes];
    for (number, part) in parts {
        let block = &blocks[number];
        for (from, row) in part.chunks_exact(block.len()).enumerate() {
            rows[from * classes + block.start..][..block.len()].copy_from_slice(row);
        }
    }
    Weights { classes, rows }
}

/// Classes are learnt in blocks, whose borders don't depend on the machine.
fn blocks(classes: usize) -> Vec<std::ops::Range<usize>> {
    const BLOCK: usize = 80;
    let number = classes.div_ceil(BLOCK).max(2).min(classes.max(1));
    (0..number).map(|n| n * classes / number..(n + 1) * classes / number).collect()
}

struct Descent<'a> {
    points: &'a [Point],
    labels: &'a [u32],
    block: std::ops::Range<usize>,
    /// Squared length of each point, with the bias and the cost.
    lengths: Vec<f32>,
    rows: Vec<f32>,
    duals: Vec<f32>,
}

impl<'a> Descent<'a> {
    fn new(points: &'a [Point], labels: &'a [u32], block: std::ops::Range<usize>, features: usize) -> Self {
        let length = |point: &Point| point.terms.iter().map(|(_, v)| v * v).sum::<f32>() + 1.0 + 0.5 / COST;
        Self {
            points,
            labels,
            lengths: points.iter().map(length).collect(),
            rows: vec![0.0; (features + 1) * block.len()],
            duals: vec![0.0; points.len() * block.len()],
            block,
        }
    }

    fn run(mut self) -> Vec<f32> {
        let mut order: Vec<u32> = (0..self.points.len() as u32).collect();
        let mut rests: Vec<(u8, u8)> = vec![(0, 0); self.points.len()];
        let mut dice = Dice(0x5eed);
        let mut margins = vec![0.0; self.block.len()];
        let mut moved = Vec::new();
        for _ in 0..ROUNDS {
            dice.shuffle(&mut order);
            let mut worst = 0.0f32;
            for &point in &order {
                let (left, length) = &mut rests[point as usize];
                if *left > 0 {
                    *left -= 1;
                    continue;
                }
                let step = self.visit(point as usize, &mut margins, &mut moved);
                *length = if step < RESTS { (*length * 2 + 1).min(RESTS_AT_MOST) } else { 0 };
                *left = *length;
                worst = worst.max(step);
            }
            if worst < STILL {
                break;
            }
        }
        self.rows
    }

    /// Moves the duals of one point to where they are best. Returns by how much the farthest was wrong.
    fn visit(&mut self, number: usize, margins: &mut [f32], moved: &mut Vec<(usize, f32)>) -> f32 {
        let width = self.block.len();
        let terms = &self.points[number].terms;
        let bias = self.rows.len() - width;
        margins.copy_from_slice(&self.rows[bias..]);
        for (feature, value) in terms {
            let row = &self.rows[*feature as usize * width..][..width];
            for (margin, weight) in margins.iter_mut().zip(row) {
                *margin += weight * value;
            }
        }
        let own = self.labels[number] as usize;
        let duals = &mut self.duals[number * width..][..width];
        let mut worst = 0.0f32;
        moved.clear();
        for (class, (dual, margin)) in duals.iter_mut().zip(margins.iter()).enumerate() {
            let sign = if own == self.block.start + class { 1.0 } else { -1.0 };
            let gradient = sign * margin - 1.0 + *dual * (0.5 / COST);
            if *dual == 0.0 && gradient >= 0.0 {
                continue;
            }
            worst = worst.max(gradient.abs());
            let before = *dual;
            *dual = (before - gradient / self.lengths[number]).max(0.0);
            let step = (*dual - before) * sign;
            if step.abs() > 1e-6 {
                moved.push((class, step));
            }
        }
        if !moved.is_empty() {
            let bias = (bias / width) as u32;
            for (feature, value) in terms.iter().copied().chain([(bias, 1.0)]) {
                let row = &mut self.rows[feature as usize * width..][..width];
                for (class, step) in moved.iter() {
                    row[*class] += step * value;
                }
            }
        }
        worst
    }
}

/// A linear congruential generator: the same order on every machine.
struct Dice(u64);

impl Dice {
    fn shuffle(&mut self, order: &mut [u32]) {
        for place in 0..order.len() {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = place + (self.0 >> 33) as usize % (order.len() - place);
            order.swap(place, other);
        }
    }
}
