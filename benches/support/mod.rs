//! Paired timing: what is compared runs in turn, A B A B …, so that a machine whose speed drifts slows both alike. The ratio of each
//! pair counts, and its median is told. Nothing is asserted about wall time.

#![allow(clippy::cast_precision_loss)] // Counts are small.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Whether only a smoke run is wanted: `cargo bench -- --quick`, or `cargo test --benches`.
pub fn quick() -> bool {
    std::env::args().any(|argument| argument == "--quick" || argument == "--test")
}

/// The median of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How long it takes to do something so often.
pub fn time<T>(count: usize, mut work: impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        black_box(work());
    }
    start.elapsed()
}

/// The median ratio of the speeds of two things, `a` to `b`, over so many pairs; and the median time of each.
#[allow(dead_code)]
pub fn pairs(rounds: usize, count: usize, mut a: impl FnMut(), mut b: impl FnMut()) -> (f64, f64, f64) {
    let mut figures = [Vec::new(), Vec::new(), Vec::new()];
    time(count, &mut a);
    time(count, &mut b);
    for _ in 0..rounds {
        let (a, b) = (time(count, &mut a).as_secs_f64(), time(count, &mut b).as_secs_f64());
        figures[0].push(b / a);
        figures[1].push(a / count as f64);
        figures[2].push(b / count as f64);
    }
    let [ratio, a, b] = figures;
    (median(ratio), median(a), median(b))
}
