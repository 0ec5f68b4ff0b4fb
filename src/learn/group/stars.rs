//! Stars in a graph of alike messages.

use super::pairs::Edges;

/// Rows of each star, its centre first. Each row is in one star.
pub(super) fn stars(edges: &Edges, counts: &[usize]) -> Vec<Vec<usize>> {
    let centres = centres(edges, counts);
    let mut stars: Vec<Vec<usize>> = Vec::new();
    let mut star_of: Vec<Option<usize>> = vec![None; edges.len()];
    for (row, _) in centres.iter().enumerate().filter(|(_, is_centre)| **is_centre) {
        star_of[row] = Some(stars.len());
        stars.push(vec![row]);
    }
    for (row, near) in edges.iter().enumerate().filter(|(row, _)| !centres[*row]) {
        let of_centres = near.iter().filter(|(other, _)| centres[*other as usize]);
        // Of centres that are equally near the first by row, which is by text.
        let nearest = of_centres.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some(star) = nearest.and_then(|(centre, _)| star_of[*centre as usize]) {
            stars[star].push(row);
        }
    }
    stars
}

/// Which rows are centres: again and again the one with most around it, if no centre is alike to it.
fn centres(edges: &Edges, counts: &[usize]) -> Vec<bool> {
    let around = |row: usize| {
        let near: f64 =
            edges[row].iter().map(|(other, cosine)| counts[*other as usize] as f64 * f64::from(*cosine)).sum();
        // Sums of the same numbers in another order differ in their last digits.
        ((counts[row] as f64 + near) * 1_000.0).round() as u64
    };
    let degrees: Vec<u64> = (0..edges.len()).map(around).collect();
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by_key(|row| (std::cmp::Reverse(degrees[*row]), *row));
    let (mut is_centre, mut is_taken) = (vec![false; edges.len()], vec![false; edges.len()]);
    for row in order {
        if !is_taken[row] {
            is_centre[row] = true;
            edges[row].iter().for_each(|(other, _)| is_taken[*other as usize] = true);
        }
    }
    is_centre
}
