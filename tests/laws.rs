//! What holds for every flow and every input, on flows made from arbitrary bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/generate.rs"]
mod generate;
#[path = "support/laws.rs"]
mod laws;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_of_the_engine_hold(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
        let mut choices = generate::Choices::new(&bytes);
        let flow = choices.flow();
        let lines = choices.lines();
        laws::hold(&flow, &lines);
    }
}
