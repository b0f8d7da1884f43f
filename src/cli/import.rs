//! `rehearse import`: the platform's own files as readable YAML, with a line for everything that could not come along.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::neighbours::{neighbours, tie};
use super::{Exit, refuse, usage};
use crate::diagnostic::Severity;
use crate::files::{self, Existing, FileError};
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
    let before = existing(&folder.join(WORKSPACE))?;
    let neighbours = before.as_ref().map(|workspace| neighbours(&folder, workspace)).unwrap_or_default();
    let others = neighbours.iter().map(|neighbour| neighbour.other.clone()).collect();
    let options = Options { workspace: before, others };
    let (loaded, mut exit) = read(&arguments.exports, &options)?;
    let Some(project) = &loaded.project else { return Ok(exit) };
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    let (tied, wanted) = tie(&neighbours, project, &loaded.workspace);
    let apart = aside::apart(project, &wanted);
    for (apart, name) in apart.iter().zip(&loaded.file_names) {
        files.push((folder.join(name), write::flow(&apart.flow, WorkspaceRef::Path(WORKSPACE))));
    }
    for (apart, name) in apart.iter().zip(&loaded.file_names) {
        files.push((aside::path(&folder.join(name)), apart.aside.clone()));
    }
    let mut extended = tied;
    // What is imported again replaces its own file, rather than to be tied to it.
    extended.retain(|(path, _)| !files.iter().any(|(known, _)| known == path));
    match &options.workspace {
        Some(before) if *before == loaded.workspace => {}
        Some(before) => extended.extend(longer(&folder.join(WORKSPACE), before, &loaded.workspace, &mut files)?),
        None => files.push((folder.join(WORKSPACE), write::workspace(&loaded.workspace))),
    }
    save(&folder, &files, &extended, arguments.force)?;
    let report = report(&loaded, &files, &extended);
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

/// The workspace with what is new in it. One that was laid out by hand is kept under another name, for its comments are lost.
fn longer(
    path: &Path,
    before: &Workspace,
    after: &Workspace,
    files: &mut Vec<(PathBuf, String)>,
) -> Result<Option<(PathBuf, String)>, Exit> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| usage(&format!("`{}` cannot be read: {error}", path.display())))?;
    if text != write::workspace(before) {
        files.push((path.with_extension("yaml.old"), text));
    }
    Ok(Some((path.to_owned(), write::workspace(after))))
}

/// Writes the files: all of them, or none when one is there already. Those that are only extended are there.
fn save(folder: &Path, files: &[(PathBuf, String)], extended: &[(PathBuf, String)], force: bool) -> Result<(), Exit> {
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder)
            .map_err(|error| usage(&format!("`{}` cannot be written: {error}", folder.display())))?;
    }
    let existing = if force { Existing::Replace } else { Existing::KeepUnlessEqual };
    let told = |error| match error {
        FileError::There { .. } => {
            usage(&format!("{error}. Choose another folder with --into, or write over it with --force"))
        }
        error => usage(&error.to_string()),
    };
    files::save(files, existing).map_err(told)?;
    files::save(extended, Existing::Replace).map_err(told)
}

/// What was written, and line by line what could not come along or was guessed.
fn report(loaded: &Loaded, files: &[(PathBuf, String)], extended: &[(PathBuf, String)]) -> String {
    let mut report = String::new();
    for (path, _) in files {
        // A text takes everything.
        let _ = writeln!(report, "wrote {}", single_line(&path.display().to_string()));
    }
    for (path, _) in extended {
        let _ = writeln!(report, "extended {}", single_line(&path.display().to_string()));
    }
    let mut shown: Vec<&Remark> = loaded.remarks.iter().filter(|remark| !remark.only_ids).collect();
    shown.sort_by_key(|remark| (remark.file, remark.span));
    // What is alike is one line, at the first place.
    let mut groups: Vec<(&Remark, Vec<u32>)> = Vec::new();
    for remark in shown {
        let file = loaded.sources.get(remark.file);
        let line = file.map_or(1, |file| file.position(remark.span.start).line);
        let alike = |known: &&mut (&Remark, Vec<u32>)| {
            (known.0.file, known.0.carried, &known.0.text) == (remark.file, remark.carried, &remark.text)
        };
        match groups.iter_mut().find(alike) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((remark, vec![line])),
        }
    }
    for (remark, lines) in groups {
        let name = loaded.sources.get(remark.file).map(SourceFile::name).unwrap_or_default();
        let about =
            remark.step.as_ref().filter(|step| !step.is_empty()).map(|step| format!(" `{step}`")).unwrap_or_default();
        let line = lines.first().copied().unwrap_or(1);
        let mut text = format!("{name}:{line}: {}: {}{about}: {}", remark.carried.as_str(), remark.path, remark.text);
        if lines.len() > 1 {
            let others: Vec<String> = lines.iter().skip(1).map(ToString::to_string).collect();
            let _ = write!(text, " ({} times; also in lines {})", lines.len(), others.join(", "));
        }
        let _ = writeln!(report, "{}", single_line(&text));
    }
    if loaded.remarks.is_empty() {
        report.push_str("nothing had to be guessed\n");
    }
    report
}
