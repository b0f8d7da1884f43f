//! The `rehearse` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    rehearsal::cli::main()
}
