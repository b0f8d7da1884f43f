//! `rehearse import`: the platform's own files as readable YAML, with a line for everything that could not come along.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, refuse, usage};
use crate::diagnostic::Severity;
use crate::flow::load::{self, LoadOptions};
use crate::flow::workspace::Workspace;
use crate::flow::write::{self, WorkspaceRef};
use crate::native::{self, Loaded, Options, Remark, aside};
use crate::source::SourceFile;
use crate::text::single_line;

/// The workspace file every imported flow names.
const WORKSPACE: &str = "workspace.yaml";

/// What `import` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse import welcome.json\n  rehearse import exports --into flows/garden-shop\n\nExit code 1: a file is malformed, and nothing was written for it; or the check finds errors in what was written."
)]
pub(super) struct ImportArguments {
    /// Workflows exported from the platform (.json), or folders of them; files that trigger each other belong together
    #[arg(value_name = "EXPORT", required = true)]
    exports: Vec<PathBuf>,
    /// The folder to write into; it is made when it is not there [default: beside the first export]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Write over files that are there already
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &ImportArguments) -> Exit {
    match import(arguments) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn import(arguments: &ImportArguments) -> Result<Exit, Exit> {
    let folder = arguments.into.clone().unwrap_or_else(|| beside(&arguments.exports));
    let options = Options { workspace: existing(&folder.join(WORKSPACE))? };
    let (loaded, mut exit) = read(&arguments.exports, &options)?;
    let Some(project) = &loaded.project else { return Ok(exit) };
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    let apart = aside::apart(project);
    for (apart, name) in apart.iter().zip(&loaded.file_names) {
        files.push((folder.join(name), write::flow(&apart.flow, WorkspaceRef::Path(WORKSPACE))));
    }
    for (apart, name) in apart.iter().zip(&loaded.file_names) {
        files.push((aside::path(&folder.join(name)), apart.aside.clone()));
    }
    if options.workspace.as_ref() != Some(&loaded.workspace) {
        files.push((folder.join(WORKSPACE), write::workspace(&loaded.workspace)));
    }
    save(&folder, &files, arguments.force)?;
    let report = report(&loaded, &files);
    match io::stdout().write_all(report.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(usage(&format!("the output broke off: {error}")));
        }
        _ => {}
    }
    for (path, _) in files.iter().take(project.flows.len()) {
        let written = load::load(path, &LoadOptions::default()).map_err(|error| usage(&error.to_string()))?;
        if written.has_errors() {
            exit = refuse(&written.diagnostics, &written.sources);
        }
    }
    Ok(exit)
}

/// The folder of the first export; a folder is its own.
fn beside(exports: &[PathBuf]) -> PathBuf {
    match exports.first() {
        Some(path) if path.is_dir() => path.clone(),
        Some(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
        None => PathBuf::new(),
    }
}

/// A workspace that is there already: it knows names for native ids.
fn existing(path: &Path) -> Result<Option<Workspace>, Exit> {
    if !path.exists() {
        return Ok(None);
    }
    let read = load::load_workspace(path).map_err(|error| usage(&error.to_string()))?;
    match read.value {
        Some(workspace) => Ok(Some(workspace)),
        None => Err(refuse(&read.diagnostics, &read.sources)),
    }
}

/// Reads the exports. Malformed ones are shown and left out; the others are still imported.
fn read(exports: &[PathBuf], options: &Options) -> Result<(Loaded, Exit), Exit> {
    let mut paths = Vec::new();
    for export in exports {
        paths.extend(native::load::files(export).map_err(|error| usage(&error.to_string()))?);
    }
    let mut exit = Exit::Good;
    loop {
        let loaded = native::load(&paths, options).map_err(|error| usage(&error.to_string()))?;
        if loaded.project.is_some() {
            return Ok((loaded, exit));
        }
        exit = refuse(&loaded.diagnostics, &loaded.sources);
        let bad: HashSet<PathBuf> = loaded
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .filter_map(|finding| loaded.sources.get(finding.labels.first()?.file))
            .map(|file| PathBuf::from(file.name()))
            .collect();
        let before = paths.len();
        paths.retain(|path| !bad.contains(&PathBuf::from(path.display().to_string())));
        if paths.is_empty() || paths.len() == before {
            return Ok((loaded, exit));
        }
    }
}

/// Writes the files: all of them, or none when one is there already.
fn save(folder: &Path, files: &[(PathBuf, String)], force: bool) -> Result<(), Exit> {
    let there: Vec<String> = files
        .iter()
        .filter(|(path, text)| path.exists() && std::fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !force && !there.is_empty() {
        return Err(usage(&format!(
            "nothing was written, because of what is there already: {}. Choose another folder with --into, or write over it with --force",
            there.join(", ")
        )));
    }
    let broken = |path: &Path, error: io::Error| usage(&format!("`{}` cannot be written: {error}", path.display()));
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder).map_err(|error| broken(folder, error))?;
    }
    for (path, text) in files {
        std::fs::write(path, text).map_err(|error| broken(path, error))?;
    }
    Ok(())
}

/// What was written, and line by line what could not come along or was guessed.
fn report(loaded: &Loaded, files: &[(PathBuf, String)]) -> String {
    let mut report = String::new();
    for (path, _) in files {
        // A text takes everything.
        let _ = writeln!(report, "wrote {}", single_line(&path.display().to_string()));
    }
    let mut shown: Vec<&Remark> = loaded.remarks.iter().collect();
    shown.sort_by_key(|remark| (remark.file, remark.span));
    for remark in shown {
        let file = loaded.sources.get(remark.file);
        let name = file.map(SourceFile::name).unwrap_or_default();
        let line = file.map_or(1, |file| file.position(remark.span.start).line);
        let about =
            remark.step.as_ref().filter(|step| !step.is_empty()).map(|step| format!(" `{step}`")).unwrap_or_default();
        let line = format!("{name}:{line}: {}: {}{about}: {}", remark.carried.as_str(), remark.path, remark.text);
        let _ = writeln!(report, "{}", single_line(&line));
    }
    if loaded.remarks.is_empty() {
        report.push_str("nothing had to be guessed\n");
    }
    report
}
