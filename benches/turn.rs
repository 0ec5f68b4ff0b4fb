//! One turn through the engine.
fn main() {}
