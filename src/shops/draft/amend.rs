//! Amendments of a draft: what a click changes, as files that are then edited, tried and published like any others.

use super::{Changes, Draft, file, limits};
use crate::domain::PlaybookHash;
use crate::playbook::amend::{self, Amended, Amendment, Refusal, Texts};
use crate::playbook::layer::Layer;
use crate::shops::layers::Layers;

/// What came of amendments.
#[derive(Clone, Debug)]
pub struct AmendedDraft {
    /// The version that the draft is made over.
    pub parent: PlaybookHash,
    /// The draft from now on.
    pub files: Changes,
    /// What the amendments changed in it, by path.
    pub changed: Vec<ChangedFile>,
    /// Those that were not made, by their place from 0.
    pub refused: Vec<(usize, Refusal)>,
}

/// A file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// Below the shop's folder.
    pub path: String,
    /// As the draft had it. `None`: the shop had none of its own.
    pub before: Option<String>,
    /// `None`: nothing is left of it.
    pub after: Option<String>,
}

impl Draft {
    /// Makes amendments one after the other over the draft with these changes; one that can't be made is passed over.
    pub(super) fn amend(&self, mut files: Changes, amendments: &[Amendment]) -> (Self, AmendedDraft) {
        let mut draft = self.clone();
        let mut refused = Vec::new();
        let layers = self.after.layers(&self.shop);
        for (place, amendment) in amendments.iter().enumerate() {
            match draft.amended(&layers, amendment) {
                Ok(amended) => draft.take(amended, &mut files),
                Err(refusal) => refused.push((place, refusal)),
            }
        }
        let changed = super::differing(&self.after.files, &draft.after.files).map(|path| {
            let text = |of: &Self| of.after.files.get(path).cloned();
            ChangedFile { path: path.to_owned(), before: text(self), after: text(&draft) }
        });
        let mut changed: Vec<ChangedFile> = changed.collect();
        changed.sort_by(|a, b| a.path.cmp(&b.path));
        let made = AmendedDraft { parent: self.parent.clone(), files, changed, refused };
        (draft, made)
    }

    fn amended(&self, layers: &Layers, amendment: &Amendment) -> Result<Vec<Amended>, Refusal> {
        if let Amendment::Files { files } = amendment
            && let Some(path) = files.keys().find(|path| !limits::is_edited_here(path))
        {
            return Err(Refusal::Mistake(Box::new(limits::not_here(&file(&self.shop, path, "")))));
        }
        amend::apply(amendment, &|path| Texts {
            own: self.after.files.get(path).map(String::as_str),
            below: below(layers, path),
        })
    }

    fn take(&mut self, amended: Vec<Amended>, files: &mut Changes) {
        for Amended { path, text } in amended {
            match &text {
                Some(text) => drop(self.after.files.insert(path.clone(), text.clone())),
                None => drop(self.after.files.remove(&path)),
            }
            // What is in force again is no change.
            if self.after.files.get(&path) == self.before.files.get(&path) {
                files.remove(&path);
            } else {
                files.insert(path, text);
            }
        }
    }
}

/// What stands under a path in the layers below the shop, the lowest first.
fn below<'l>(layers: &'l Layers, path: &str) -> Vec<&'l str> {
    let text = |layer: &'l Layer| layer.files.iter().find(|file| *file.path == *path).map(|file| file.text.as_str());
    std::iter::once(&layers.base).chain(&layers.groups).filter_map(text).collect()
}
