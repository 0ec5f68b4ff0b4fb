//! Vectors that were computed already: shared by the shops of this process, and kept in a file for the next start. A vector
//! is found by the digest of its text, so that a playbook that changed costs its new examples alone.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use sha2::{Digest as _, Sha256};

use super::answer::{LONGEST, Vector, cosine};

/// At the file's beginning, then the length of its vectors.
const MAGIC: &[u8; 16] = b"xiaoer-vectors1\n";
const HEAD: usize = MAGIC.len() + 4;
const KEY: usize = 32;
/// A file that grew larger, in bytes, holds mostly what nobody needs any more: it begins anew.
const LARGEST: u64 = 1 << 30;

/// The digest of a text.
pub(super) type Key = [u8; KEY];

/// The digest of a text.
pub(super) fn key(text: &str) -> Key {
    Sha256::digest(text.as_bytes()).into()
}

/// The vectors of one model.
pub(super) struct Vectors {
    file: PathBuf,
    /// Those that some shop needs now.
    shared: Mutex<HashMap<Key, Weak<[f32]>>>,
}

impl Vectors {
    /// Kept in a folder under the name of the model; the folder above it has to be there.
    pub(super) fn new(folder: &Path, model: &str) -> Self {
        let name: String = key(model).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { file: folder.join(name).with_extension("vectors"), shared: Mutex::default() }
    }

    /// Those of these texts that are known. Reads the file.
    pub(super) fn known(&self, wanted: &HashSet<Key>) -> HashMap<Key, Vector> {
        let shared = self.shared();
        let mut known: HashMap<Key, Vector> =
            wanted.iter().filter_map(|key| Some((*key, shared.get(key)?.upgrade()?))).collect();
        drop(shared);
        if known.len() < wanted.len() {
            let read = self.read(|key| wanted.contains(key) && !known.contains_key(key));
            self.share(&read);
            known.extend(read);
        }
        known
    }

    /// Adds vectors. If they can't be kept, they are computed again after the next start.
    pub(super) fn add(&self, new: &[(Key, Vector)]) {
        self.share(new);
        if let Err(error) = self.append(new) {
            tracing::debug!(file = %self.file.display(), %error, "vectors could not be kept");
        }
    }

    /// Forgets everything: another model answers under the same name.
    pub(super) fn forget(&self) {
        self.shared().clear();
        let _ = fs::remove_file(&self.file);
    }

    fn share(&self, new: &[(Key, Vector)]) {
        let mut shared = self.shared();
        shared.retain(|_, vector| vector.strong_count() > 0);
        shared.extend(new.iter().map(|(key, vector)| (*key, Arc::downgrade(vector))));
    }

    fn shared(&self) -> MutexGuard<'_, HashMap<Key, Weak<[f32]>>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, is_wanted: impl Fn(&Key) -> bool) -> Vec<(Key, Vector)> {
        let Ok(bytes) = fs::read(&self.file) else { return Vec::new() };
        let Some(width) = width(&bytes) else { return Vec::new() };
        let records = bytes[HEAD..].chunks_exact(KEY + 4 * width);
        let read = records.filter_map(|record| {
            let (key, numbers) = record.split_first_chunk::<KEY>()?;
            if !is_wanted(key) {
                return None;
            }
            let vector: Vector =
                numbers.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
            // A file that was damaged is read as far as it is whole.
            ((cosine(&vector, &vector) - 1.0).abs() < 1e-3).then_some((*key, vector))
        });
        read.collect()
    }

    fn append(&self, new: &[(Key, Vector)]) -> io::Result<()> {
        let Some(folder) = self.file.parent() else { return Ok(()) };
        let Some((_, first)) = new.first() else { return Ok(()) };
        if !folder.parent().is_some_and(Path::is_dir) {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(&self.file)?;
        let length = file.metadata()?.len();
        let record = (KEY + 4 * first.len()) as u64;
        let mut bytes = Vec::with_capacity(HEAD + new.len() * (KEY + 4 * first.len()));
        let is_ours = length >= HEAD as u64 && read_width(&mut file)? == Some(first.len());
        if !is_ours || length > LARGEST {
            file.set_len(0)?;
            bytes.extend(MAGIC);
            bytes.extend(u32::try_from(first.len()).unwrap_or_default().to_le_bytes());
        } else {
            // What was cut off at the end would put everything behind it out of place.
            file.set_len(length - (length - HEAD as u64) % record)?;
        }
        for (key, vector) in new {
            bytes.extend(key);
            bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
        }
        file.write_all(&bytes)
    }
}

/// How long the vectors of a file are, if it is one of ours.
fn width(head: &[u8]) -> Option<usize> {
    let width = head.strip_prefix(MAGIC)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*width)).ok().filter(|width| (1..=LONGEST).contains(width))
}

fn read_width(file: &mut fs::File) -> io::Result<Option<usize>> {
    use std::io::{Read as _, Seek as _};
    let mut head = [0; HEAD];
    file.rewind()?;
    file.read_exact(&mut head)?;
    Ok(width(&head))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(place: usize) -> Vector {
        (0..8).map(|at| if at == place { 1.0 } else { 0.0 }).collect()
    }

    fn keys(texts: &[&str]) -> HashSet<Key> {
        texts.iter().map(|text| key(text)).collect()
    }

    #[test]
    fn vectors_are_found_again_after_a_start_and_a_damaged_file_costs_its_end_alone() {
        let data = tempfile::tempdir().unwrap();
        let open = || Vectors::new(&data.path().join("embeddings"), "http://a/v1\nm");
        open().add(&[(key("包邮吗"), vector(0)), (key("几天到"), vector(1))]);
        open().add(&[(key("能退吗"), vector(2))]);
        let known = open().known(&keys(&["包邮吗", "能退吗", "有货吗"]));
        assert_eq!(known.len(), 2);
        assert_eq!(known[&key("能退吗")], vector(2));

        let file = open().file;
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 3]).unwrap();
        assert_eq!(open().known(&keys(&["包邮吗", "几天到", "能退吗"])).len(), 2);
        open().add(&[(key("有货吗"), vector(3))]);
        assert_eq!(open().known(&keys(&["包邮吗", "几天到", "能退吗", "有货吗"])).len(), 3);

        fs::write(&file, "something else entirely").unwrap();
        assert!(open().known(&keys(&["包邮吗"])).is_empty());
        open().add(&[(key("包邮吗"), vector(0))]);
        assert_eq!(open().known(&keys(&["包邮吗"])).len(), 1);
        open().forget();
        assert!(open().known(&keys(&["包邮吗"])).is_empty());
    }

    #[test]
    fn without_a_data_folder_nothing_is_kept_and_shops_still_share() {
        let vectors = Vectors::new(Path::new("/nowhere/at/all/embeddings"), "m");
        let held = vector(0);
        vectors.add(&[(key("包邮吗"), held.clone())]);
        assert!(Arc::ptr_eq(&vectors.known(&keys(&["包邮吗"]))[&key("包邮吗")], &held));
        drop(held);
        assert!(vectors.known(&keys(&["包邮吗"])).is_empty(), "nobody needs it");
    }
}
