//! Reads an endpoint's answer, and believes none of it before it is looked at.

use serde::Deserialize;

use super::endpoint::NoVectors;

/// Vectors are no shorter …
const SHORTEST: usize = 8;
/// … and no longer than these.
pub(super) const LONGEST: usize = 4_096;
/// A vector shorter than this points nowhere.
const LEAST_LENGTH: f32 = 1e-6;

/// A vector of length 1.
pub(super) type Vector = std::sync::Arc<[f32]>;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    index: Option<usize>,
    embedding: Vec<f32>,
}

/// The vectors of so many texts, in the order of the texts. `width`: how long they have to be, if that is known.
pub(super) fn read(body: &[u8], texts: usize, width: Option<usize>) -> Result<Vec<Vector>, NoVectors> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| NoVectors::Garbage("it is no list of vectors"))?;
    if answer.data.len() != texts {
        return Err(NoVectors::Garbage("it has not as many vectors as there were texts"));
    }
    let width = width.or(answer.data.first().map(|row| row.embedding.len())).unwrap_or_default();
    let is_numbered = answer.data.iter().any(|row| row.index.is_some());
    let mut vectors: Vec<Option<Vector>> = vec![None; texts];
    for (place, row) in answer.data.into_iter().enumerate() {
        let place = if is_numbered { row.index.unwrap_or(usize::MAX) } else { place };
        let free = vectors.get_mut(place).filter(|free| free.is_none());
        *free.ok_or(NoVectors::Garbage("its indexes are wrong"))? = Some(unit(row.embedding, width)?);
    }
    vectors.into_iter().collect::<Option<_>>().ok_or(NoVectors::Garbage("its indexes are wrong"))
}

/// The vector with length 1.
fn unit(mut vector: Vec<f32>, width: usize) -> Result<Vector, NoVectors> {
    if vector.len() != width || !(SHORTEST..=LONGEST).contains(&width) {
        return Err(NoVectors::Garbage("a vector has not the length of the others"));
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if !length.is_finite() || length < LEAST_LENGTH {
        return Err(NoVectors::Garbage("a vector points nowhere"));
    }
    vector.iter_mut().for_each(|x| *x /= length);
    Ok(vector.into())
}

/// The cosine of two vectors of length 1. Eight sums at once, which the processor adds together.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_chunks.zip(b_chunks) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "[3,4,0,0,0,0,0,0]";
    const B: &str = "[0,0,2,0,0,0,0,0]";

    fn answer(rows: &[(&str, &str)]) -> String {
        let rows: Vec<String> = rows
            .iter()
            .map(|(index, vector)| format!("{{{index}\"embedding\":{vector},\"object\":\"embedding\"}}"))
            .collect();
        format!("{{\"object\":\"list\",\"data\":[{}],\"usage\":{{}}}}", rows.join(","))
    }

    #[test]
    fn vectors_are_put_in_order_and_made_as_long_as_one() {
        for rows in [[("\"index\":1,", B), ("\"index\":0,", A)], [("", A), ("", B)]] {
            let vectors = read(answer(&rows).as_bytes(), 2, Some(8)).unwrap();
            assert!((cosine(&vectors[0], &[1.0; 8]) - 1.4).abs() < 1e-6);
            assert!((cosine(&vectors[1], &vectors[1]) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn nothing_else_is_believed() {
        let zero = "[0,0,0,0,0,0,0,0]";
        for (why, body) in [
            ("HTML", "<html>login</html>".to_owned()),
            ("an error", "{\"error\":{\"message\":\"overloaded\"}}".to_owned()),
            ("too few", answer(&[("", A)])),
            ("too many", answer(&[("", A), ("", A), ("", B)])),
            ("one index twice", answer(&[("\"index\":0,", A), ("\"index\":0,", B)])),
            ("an index too high", answer(&[("\"index\":0,", A), ("\"index\":2,", B)])),
            ("one without index", answer(&[("\"index\":0,", A), ("", B)])),
            ("another length", answer(&[("", A), ("", "[1,2,3]")])),
            ("NaN", answer(&[("", A), ("", "[NaN,0,0,0,0,0,0,0]")])),
            ("null", answer(&[("", A), ("", "[null,0,0,0,0,0,0,0]")])),
            ("endless", answer(&[("", A), ("", "[1e39,0,0,0,0,0,0,0]")])),
            ("its square is endless", answer(&[("", A), ("", "[1e30,0,0,0,0,0,0,0]")])),
            ("nowhere", answer(&[("", A), ("", zero)])),
            ("base64", answer(&[("", A), ("", "\"AACAPw==\"")])),
        ] {
            assert!(read(body.as_bytes(), 2, None).is_err(), "{why}");
        }
        assert!(read(answer(&[("", A), ("", B)]).as_bytes(), 2, Some(9)).is_err(), "not the width of before");
        assert!(read(answer(&[("", "[1,2,3]")]).as_bytes(), 1, None).is_err(), "too short for any model");
    }
}
