//! Compiles a playbook's evidence and runs it over a customer's words.

pub mod lexicon;
mod link;
#[cfg(test)]
pub mod slots;
