//! `rehearse check`: every finding of every flow and workspace under the given paths.

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, usage, wants_color};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::flow::link::{self, Checked};
use crate::lint;

/// What `check` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse check flows\n  rehearse check flows/menu.yaml --deny-warnings --format json"
)]
pub(super) struct CheckArguments {
    /// Flows and workspaces, or folders that are searched for them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Exit with 1 also when there are only warnings
    #[arg(long)]
    deny_warnings: bool,
    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Excerpts of the file with what is wrong and how to mend it
    Human,
    /// An array of findings
    Json,
}

pub(super) fn run(arguments: &CheckArguments) -> Exit {
    let mut files = Vec::new();
    for path in &arguments.paths {
        if let Err(error) = collect(path, &mut files) {
            return usage(&format!("{}: {error}", path.display()));
        }
    }
    if files.is_empty() {
        return usage("there is no .yaml or .yml file under the given paths");
    }
    let mut checked = match link::check_files(&files) {
        Ok(checked) => checked,
        Err(error) => return usage(&error.to_string()),
    };
    lint::lint_checked(&mut checked);
    match write(arguments.format, &checked, files.len()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
        _ => verdict(&checked.diagnostics, arguments.deny_warnings),
    }
}

fn verdict(diagnostics: &[Diagnostic], deny_warnings: bool) -> Exit {
    let fails = |finding: &Diagnostic| deny_warnings || finding.severity == Severity::Error;
    if diagnostics.iter().any(fails) { Exit::Findings } else { Exit::Good }
}

fn write(format: Format, checked: &Checked, files: usize) -> io::Result<()> {
    let Checked { sources, diagnostics, .. } = checked;
    let mut out = io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{}", diagnostic::json::render(diagnostics, sources)),
        Format::Human => {
            let color = wants_color(io::stdout().is_terminal());
            out.write_all(diagnostic::human::render(diagnostics, sources, color).as_bytes())?;
            let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
            let summary = diagnostic::human::summary(diagnostics).unwrap_or_else(|| "no findings".to_owned());
            writeln!(out, "{files} checked: {summary}")
        }
    }
}

/// The files under a path, in order of their names. A path that is a file is taken whatever its name.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    // What cannot be read is left to the loader, which says why in plain words.
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let kind = std::fs::symlink_metadata(&entry)?;
        // Hidden folders and links are left alone: a link may lead back up.
        if name.starts_with('.') || kind.is_symlink() && entry.is_dir() {
            continue;
        }
        let is_yaml = Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_scenario = name.ends_with(".scenario.yaml") || name.ends_with(".scenario.yml");
        if kind.is_dir() || (is_yaml && !is_scenario) {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
