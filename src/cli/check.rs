//! `rehearse check`: every finding of every flow and workspace under the given paths.

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, native, usage, wants_color};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::flow::link::Checked;
use crate::flow::load::UsageError;
use crate::lint;

/// What `check` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse check flows\n  rehearse check flows/menu.yaml --deny-warnings --format json"
)]
pub(super) struct CheckArguments {
    /// Flows, workspaces and workflows exported from the platform (.json), or folders that are searched for them
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
    let mut folders = Vec::new();
    for path in &arguments.paths {
        collect(path, &mut files, &mut folders);
    }
    if files.is_empty() && folders.is_empty() {
        return usage("there is no .yaml or .yml file and no workflow of the platform (.json) under the given paths");
    }
    let mut checked = native::check(&files);
    let read = files.len().saturating_sub(checked.unread.len());
    for (path, error) in folders {
        let message = format!("the folder `{}` cannot be read: {error}", path.display());
        checked.unreadable(&path, UsageError(message));
    }
    // The only path of the command line: nothing was checked, so there is nothing to find.
    if let ([path], 0, Some(error)) = (arguments.paths.as_slice(), read, checked.unread.first())
        && (!path.is_dir() || files.is_empty())
    {
        return usage(&error.to_string());
    }
    lint::lint_checked(&mut checked);
    match write(arguments.format, &checked, read) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
        _ => verdict(&checked.diagnostics, arguments.deny_warnings),
    }
}

fn verdict(diagnostics: &[Diagnostic], deny_warnings: bool) -> Exit {
    let fails = |finding: &Diagnostic| match finding.severity {
        Severity::Error => true,
        Severity::Warning => deny_warnings,
        Severity::Note => false,
    };
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

/// The files under a path, in order of their names. A path that is a file is taken whatever its name. Folders that cannot be listed are
/// kept with the reason: the rest is checked all the same.
fn collect(path: &Path, files: &mut Vec<PathBuf>, unread: &mut Vec<(PathBuf, io::Error)>) {
    // What cannot be read is left to the loader, which says why in plain words.
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    let listed = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>());
    let mut entries = match listed {
        Ok(entries) => entries,
        Err(error) => {
            unread.push((path.to_owned(), error));
            return;
        }
    };
    entries.sort();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What is gone again by now is not to be checked.
        let Ok(kind) = std::fs::symlink_metadata(&entry) else { continue };
        // Hidden folders and links are left alone: a link may lead back up.
        if name.starts_with('.') || kind.is_symlink() && entry.is_dir() {
            continue;
        }
        let is_yaml = Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_scenario = name.ends_with(".scenario.yaml") || name.ends_with(".scenario.yml");
        let is_native = crate::native::load::is_json(&entry) && crate::native::load::is_native(&entry);
        if kind.is_dir() || (is_yaml && !is_scenario) || is_native {
            collect(&entry, files, unread);
        }
    }
}
