//! Sums of rows of weights: what reading and learning both spend most of their time on.

use super::space::Term;

/// Adds each feature's row of weights, times its value, to the margins. A row has as many weights as there are margins.
///
/// Four rows are added in one walk over the margins; every margin still takes them one after the other, so that the sums
/// are to the bit those of row after row.
pub(super) fn add<W: Copy>(margins: &mut [f32], rows: &[W], terms: &[Term])
where
    f32: From<W>,
{
    let width = margins.len();
    let row = |term: &Term| &rows[term.0 as usize * width..][..width];
    let (fours, rest) = terms.as_chunks::<4>();
    for [a, b, c, d] in fours {
        let rows = row(a).iter().zip(row(b)).zip(row(c)).zip(row(d));
        for (margin, (((in_a, in_b), in_c), in_d)) in margins.iter_mut().zip(rows) {
            let sum = *margin + f32::from(*in_a) * a.1 + f32::from(*in_b) * b.1;
            *margin = sum + f32::from(*in_c) * c.1 + f32::from(*in_d) * d.1;
        }
    }
    for term in rest {
        for (margin, weight) in margins.iter_mut().zip(row(term)) {
            *margin += f32::from(*weight) * term.1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_of_row_after_row() {
        const CLASSES: usize = 37;
        let number = |n: usize| ((n * 2_654_435_761) % 65_521) as f32 / 7_919.0 - 4.0;
        let floats: Vec<f32> = (0..CLASSES * 50).map(number).collect();
        let bytes: Vec<i8> = floats.iter().map(|weight| (weight * 25.0) as i8).collect();
        for length in 0..23 {
            let terms: Vec<Term> = (0..length).map(|n| ((n * 7 % 50) as u32, number(n + 3))).collect();
            let (mut plain, mut fast) =
                ([vec![0.5f32; CLASSES], vec![0.5; CLASSES]], [vec![0.5; CLASSES], vec![0.5; CLASSES]]);
            for (feature, value) in &terms {
                for class in 0..CLASSES {
                    plain[0][class] += floats[*feature as usize * CLASSES + class] * value;
                    plain[1][class] += f32::from(bytes[*feature as usize * CLASSES + class]) * value;
                }
            }
            add(&mut fast[0], &floats, &terms);
            add(&mut fast[1], &bytes, &terms);
            assert_eq!(plain, fast, "{length} terms");
        }
    }
}
