//! Tells the linker how the program is put together.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if (target("OS").as_str(), target("ENV").as_str()) == ("linux", "gnu") {
        // A program at a fixed address needs no relocations when it starts. Those of the time-zone tables alone would keep 2 MB
        // resident, a quarter of all.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
