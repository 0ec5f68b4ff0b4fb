//! A model as bytes, and back. Whatever does not read as what was written is no model.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use super::Learnt;
use super::calibration::Calibration;
use super::model::{Compact, Model, SIGNS};
use super::space::Space;

/// Names the layout, and what is learnt from which features: to be raised when either changes.
const LAYOUT: u64 = 0x7869_616f_6572_0001;

impl Learnt {
    /// The model as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let Model { space, weights, calibration } = &self.model;
        let mut keys = vec![(0u64, 0.0f32); space.len()];
        for (key, (place, idf)) in &space.places {
            keys[*place as usize] = (*key, *idf);
        }
        let mut bytes = Vec::with_capacity(weights.rows.len() + keys.len() * 12 + 1024);
        let mut number = |number: u64| bytes.extend(number.to_le_bytes());
        number(LAYOUT);
        number(weights.classes as u64);
        number(keys.len() as u64);
        for (key, _) in &keys {
            number(*key);
        }
        let floats = [space.idf_unknown, weights.scale].into_iter().chain(calibration.weights);
        for float in floats.chain(keys.iter().map(|(_, idf)| *idf)).chain(weights.bias.iter().copied()) {
            bytes.extend(float.to_le_bytes());
        }
        bytes.extend(weights.rows.iter().map(|weight| weight.to_le_bytes()[0]));
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// A model that was written by this program in this layout; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut rest = Rest(body);
        if rest.number()? != LAYOUT {
            return None;
        }
        let classes = usize::try_from(rest.number()?).ok()?;
        let features = usize::try_from(rest.number()?).ok()?;
        if features > body.len() || classes > body.len() {
            return None;
        }
        let keys: Vec<u64> = (0..features).map(|_| rest.number()).collect::<Option<_>>()?;
        let (idf_unknown, scale) = (rest.float()?, rest.float()?);
        let mut signs = [0.0; SIGNS];
        for sign in &mut signs {
            *sign = rest.float()?;
        }
        let mut places = FxHashMap::with_capacity_and_hasher(features, rustc_hash::FxBuildHasher);
        for (place, key) in keys.into_iter().enumerate() {
            places.insert(key, (u32::try_from(place).ok()?, rest.float()?));
        }
        let bias = rest.floats(classes)?;
        let rows: Vec<i8> = rest.0.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
        if rows.len() != classes * features {
            return None;
        }
        let space = Space { places, idf_unknown };
        let weights = Compact { classes, rows, bias, scale };
        Some(Self { model: Model { space, weights, calibration: Calibration { weights: signs } } })
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self) -> Option<u64> {
        let (head, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*head))
    }

    fn float(&mut self) -> Option<f32> {
        let (head, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(f32::from_le_bytes(*head))
    }

    fn floats(&mut self, number: usize) -> Option<Vec<f32>> {
        (0..number).map(|_| self.float()).collect()
    }
}
