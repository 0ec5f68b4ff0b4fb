//! Paths into a source's answer: `data.order_no`, `lines.0.price`, `items[].title`, `parcels[].traces[].text`.

use serde_json::Value;

/// A path, read from the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    /// `[]`: every element; which one is picked at each look.
    Each,
}

impl JsonPath {
    /// `None`: not a path. The empty path is the whole answer.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        if text.is_empty() {
            return Some(Self(steps));
        }
        for part in text.split('.') {
            let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            match key.parse() {
                Ok(index) => steps.push(Step::Index(index)),
                Err(_) if !key.is_empty() => steps.push(Step::Key(key.to_owned())),
                Err(_) if rest.is_empty() => return None,
                Err(_) => {}
            }
            while !rest.is_empty() {
                let (inside, behind) = rest.strip_prefix('[')?.split_once(']')?;
                steps.push(if inside.is_empty() { Step::Each } else { Step::Index(inside.parse().ok()?) });
                rest = behind;
            }
        }
        Some(Self(steps))
    }

    /// How many `[]` it has.
    pub(super) fn lists(&self) -> usize {
        self.0.iter().filter(|step| **step == Step::Each).count()
    }

    /// What stands there, the elements of its lists picked in turn by `picks`. Null is nothing.
    pub(super) fn get<'v>(&self, root: &'v Value, picks: &[usize]) -> Option<&'v Value> {
        let mut picks = picks.iter();
        let mut value = root;
        for step in &self.0 {
            value = match step {
                Step::Key(key) => value.get(key)?,
                // A key of digits is an index only in a list.
                Step::Index(index) if value.is_array() => value.get(index)?,
                Step::Index(index) => value.get(index.to_string())?,
                Step::Each => value.get(picks.next()?)?,
            };
        }
        Some(value).filter(|value| !value.is_null())
    }

    /// How many elements the list behind those picks has; 0 if there is none.
    pub(super) fn count(&self, root: &Value, picks: &[usize]) -> usize {
        let each = self.0.iter().enumerate().filter(|(_, step)| **step == Step::Each);
        let Some((place, _)) = each.into_iter().nth(picks.len()) else { return 0 };
        let list = Self(self.0[..place].to_vec());
        list.get(root, picks).and_then(Value::as_array).map_or(0, Vec::len)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_where_they_say() {
        let answer = json!({
            "data": {"no": 7, "lines": [{"t": "a"}, {"t": "b"}], "9": "nine"},
            "parcels": [{"tr": [{"x": 1}, {"x": 2}]}, {"tr": [{"x": 3}]}],
        });
        let at = |path: &str, picks: &[usize]| JsonPath::parse(path).unwrap().get(&answer, picks).cloned();
        assert_eq!(at("data.no", &[]), Some(json!(7)));
        assert_eq!(at("data.lines.1.t", &[]), Some(json!("b")));
        assert_eq!(at("data.lines[1].t", &[]), Some(json!("b")));
        assert_eq!(at("data.9", &[]), Some(json!("nine")));
        assert_eq!(at("data.lines[].t", &[1]), Some(json!("b")));
        assert_eq!(at("parcels[].tr[].x", &[0, 1]), Some(json!(2)));
        assert_eq!(at("parcels[].tr[].x", &[1, 1]), None);
        assert_eq!(at("data.none.t", &[]), None);
        assert_eq!(at("", &[]), Some(answer.clone()));

        let traces = JsonPath::parse("parcels[].tr[].x").unwrap();
        assert_eq!((traces.lists(), traces.count(&answer, &[]), traces.count(&answer, &[0])), (2, 2, 2));
        for wrong in ["a..b", ".a", "a[", "a[x]", "a]b[", "a[0]b"] {
            assert_eq!(JsonPath::parse(wrong).filter(|_| wrong != "a]b["), None, "{wrong}");
        }
    }
}
