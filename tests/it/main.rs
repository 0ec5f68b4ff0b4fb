//! The integration tests: one binary.

mod channels;
