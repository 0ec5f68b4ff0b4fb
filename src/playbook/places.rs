//! Where keys stand in the files above the base pack, for mistakes that are only seen once all files are read.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, Place};
use super::tree::{Node, SourceFile};

/// The keys of the first two levels of each file.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    by_key: BTreeMap<(String, String), Spot>,
}

/// A key's place and the line it stands in.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Where.
    pub place: Place,
    /// The line as it stands in the file, if it is known.
    pub source: Option<String>,
}

impl Spot {
    /// The mistake, put here.
    #[must_use]
    pub fn of(self, mut mistake: Diagnostic) -> Diagnostic {
        (mistake.place, mistake.source) = (self.place, self.source);
        mistake
    }
}

impl Places {
    pub(super) fn keep(&mut self, file: &SourceFile, tree: &Node) {
        self.keep_below("", 2, file, tree);
    }

    fn keep_below(&mut self, above: &str, levels: u8, file: &SourceFile, node: &Node) {
        for (key, value) in node.entries() {
            let path = format!("{above}{}", key.name);
            let place = file.place(key.line, key.column, key.name.chars().count());
            let spot = Spot { place, source: file.line(key.line) };
            if levels > 1 {
                self.keep_below(&format!("{path}."), levels - 1, file, value);
            }
            self.by_key.insert((file.path.to_string(), path), spot);
        }
    }

    pub(super) fn get(&self, file: &str, key: &str) -> Option<&Spot> {
        self.by_key.get(&(file.to_owned(), key.to_owned()))
    }
}
