//! A product's size table: which size fits a height and a weight.

use super::tree::{Node, Value};

/// One row of the table. A bound that isn't given fits everybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// `M`, `170/92A`.
    pub name: String,
    /// In centimetres, both ends within.
    pub height: Option<(f32, f32)>,
    /// In kilograms, both ends within.
    pub weight: Option<(f32, f32)>,
}

impl Size {
    /// Reads `{size: M, height: 160-168, weight: 50-60}`.
    pub(super) fn read(node: &Node) -> Option<Self> {
        let mut size = Self { name: String::new(), height: None, weight: None };
        for (key, value) in node.entries() {
            match key.name.as_str() {
                "size" => size.name = value.text()?.trim().to_owned(),
                "height" => size.height = Some(range(value.text()?)?),
                "weight" => size.weight = Some(range(value.text()?)?),
                _ => return None,
            }
        }
        (!size.name.is_empty() && (size.height.is_some() || size.weight.is_some())).then_some(size)
    }

    /// Whether it fits; a measure that isn't known fits no bound.
    fn fits(&self, height: Option<f32>, weight: Option<f32>) -> bool {
        let within = |bound: Option<(f32, f32)>, measure: Option<f32>| {
            bound.is_none_or(|(from, to)| measure.is_some_and(|measure| from <= measure && measure <= to))
        };
        within(self.height, height) && within(self.weight, weight)
    }
}

/// Reads the list of sizes.
pub(super) fn read(node: &Node) -> Option<Vec<Size>> {
    match &node.value {
        Value::List(rows) => rows.iter().map(Size::read).collect(),
        _ => None,
    }
}

/// The one size that fits somebody of this height (cm) and weight (kg). `None`: none does, or several do; a person
/// looks then.
#[must_use]
pub fn fitting(sizes: &[Size], height: Option<f32>, weight: Option<f32>) -> Option<&Size> {
    let mut fitting = sizes.iter().filter(|size| size.fits(height, weight));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// `160-168`
fn range(text: &str) -> Option<(f32, f32)> {
    let (from, to) = text.split_once(['-', '–', '~', '～'])?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(name: &str, height: Option<(f32, f32)>, weight: Option<(f32, f32)>) -> Size {
        Size { name: name.to_owned(), height, weight }
    }

    #[test]
    fn one_size_fits_or_nobody_guesses() {
        let table =
            [size("S", Some((150.0, 160.0)), Some((40.0, 50.0))), size("M", Some((158.0, 168.0)), Some((48.0, 60.0)))];
        let fits = |height, weight| fitting(&table, height, weight).map(|size| size.name.as_str());
        assert_eq!(fits(Some(152.0), Some(45.0)), Some("S"));
        assert_eq!(fits(Some(165.0), Some(55.0)), Some("M"));
        assert_eq!(fits(Some(159.0), Some(49.0)), None, "both fit");
        assert_eq!(fits(Some(190.0), Some(55.0)), None, "none fits");
        assert_eq!(fits(Some(165.0), None), None, "the weight isn't known");
        assert_eq!(range("168-160"), None);
    }
}
