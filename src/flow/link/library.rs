//! The files of a project, each read once, and each lowered once for every workspace it is used in.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::facts::{Fact, Facts};
use super::super::load::{UsageError, beside, unreadable_workspace};
use super::super::lower::{
    Expected, WorkspaceChoice, WorkspaceWord, looks_like_workspace, workspace_span, workspace_word,
};
use super::super::model::Flow;
use super::super::read::{Named, Reader, has_errors, not_a_flow};
use super::super::workspace::Workspace;
use super::{loops, mocks};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Node, SourceFile};

/// Every file that was read, and the flows by workspace.
#[derive(Default)]
pub(super) struct Library {
    pub(super) reader: Reader,
    opened: HashMap<PathBuf, Opened>,
    /// The one path of a file, by the paths it was named with.
    normal: HashMap<PathBuf, PathBuf>,
    /// The one paths of the flows that were asked for.
    asked: HashSet<PathBuf>,
    groups: Vec<Group>,
}

/// A file that was read.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) file: FileId,
    /// Its tree; `None` when its bytes were refused.
    pub(super) root: Option<Rc<Node>>,
    /// Whether reading it found errors.
    broken: bool,
    /// Whether it was only named, and is not what it was taken for: then nothing of it is known.
    pub(super) misfit: bool,
}

/// Where the workspace of a group comes from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    BuiltIn,
    File(PathBuf),
    /// Written down in the flow of this path.
    Inline(PathBuf),
}

/// A workspace and the flows that were lowered against it.
pub(super) struct Group {
    origin: Origin,
    /// `None` when it has errors.
    pub(super) workspace: Option<Workspace>,
    /// The file the workspace stands in, and its path, which its own paths are relative to.
    pub(super) file: FileId,
    pub(super) path: PathBuf,
    facts: Vec<Fact>,
    /// The flows, in the order they were asked for or first reached.
    pub(super) entries: Vec<Entry>,
    /// The place of a flow in the list, by its one path.
    pub(super) known: HashMap<PathBuf, usize>,
}

/// A flow of a group.
pub(super) struct Entry {
    /// The path it was read from.
    pub(super) path: PathBuf,
    pub(super) file: FileId,
    /// What could be read of it.
    pub(super) flow: Option<Flow>,
    /// Whether it has errors of its own.
    pub(super) broken: bool,
    /// Whether it was asked for, rather than only reached.
    pub(super) asked: bool,
}

impl Group {
    fn new(origin: Origin, workspace: Option<Workspace>, file: FileId, path: PathBuf, facts: Vec<Fact>) -> Self {
        Self { origin, workspace, file, path, facts, entries: Vec::new(), known: HashMap::new() }
    }

    /// What the lints look at.
    pub(super) fn facts(&self) -> Facts {
        Facts { workspace: self.workspace.clone(), list: self.facts.clone() }
    }

    /// The flows, when every one could be read.
    pub(super) fn flows(self) -> Option<Vec<Flow>> {
        let flows: Option<Vec<Flow>> = self.entries.into_iter().map(|entry| entry.flow).collect();
        flows.filter(|flows| !flows.is_empty())
    }
}

impl Library {
    /// Adds the flows of one rehearsal, which share a workspace: the one given, else the first that one of them names. Who names none goes
    /// along; who names another is told so.
    pub(super) fn add_flows(&mut self, paths: &[PathBuf], workspace: Option<&Path>) -> Result<(), UsageError> {
        let mut roots: Vec<(PathBuf, PathBuf, Opened, Rc<Node>)> = Vec::new();
        for path in paths {
            let (key, opened) = self.open(path, None)?;
            let Some(root) = opened.root.clone() else { continue };
            if looks_like_workspace(&root) {
                self.reader.diagnostics.push(not_a_flow(opened.file, &root));
            } else if !roots.iter().any(|(_, known, ..)| *known == key) {
                roots.push((path.clone(), key, opened, root));
            }
        }
        let given = match workspace {
            Some(workspace) => match self.workspace_file(workspace)? {
                Named::Read(group) => Some(group),
                Named::Misfit(file) => {
                    self.reader.misfit(file, Expected::Workspace);
                    return Ok(());
                }
            },
            None => None,
        };
        let names = |root: &Node| !matches!(workspace_word(root), WorkspaceWord::Absent);
        let leader = roots.iter().position(|(.., root)| names(root)).unwrap_or_default();
        let Some((path, key, opened, root)) = roots.get(leader) else { return Ok(()) };
        let leading = path.as_path();
        self.add_root(path, key.clone(), opened, root, given);
        let Some(group) = self.groups.pop() else { return Ok(()) };
        // Only the group of this rehearsal is wanted.
        self.groups.clear();
        let mut group = group;
        for (place, (path, key, opened, root)) in roots.iter().enumerate().filter(|(place, _)| *place != leader) {
            if given.is_none() {
                self.agree(&group, leading, (path, opened.file, root));
            }
            self.asked.insert(key.clone());
            let entry = lower(&mut self.reader, &mut group, path.clone(), key.clone(), opened);
            group.facts.append(&mut self.reader.facts);
            if let Some(entry) = group.entries.get_mut(entry) {
                entry.asked = true;
            }
            if place < leader {
                // Those before the one that leads to the workspace stand before it again.
                let last = group.entries.len() - 1;
                if let Some(tail) = group.entries.get_mut(place..=last) {
                    tail.rotate_right(1);
                }
            }
        }
        let order: HashMap<&PathBuf, usize> = roots.iter().zip(0..).map(|((path, ..), place)| (path, place)).collect();
        for (key, place) in &mut group.known {
            let path = roots.iter().find(|(_, known, ..)| known == key).map(|(path, ..)| path);
            *place = path.and_then(|path| order.get(path).copied()).unwrap_or(*place);
        }
        self.groups.push(group);
        Ok(())
    }

    /// Reports a flow whose workspace is not the one of its rehearsal.
    fn agree(&mut self, group: &Group, leading: &Path, (path, file, root): (&Path, FileId, &Node)) {
        let own = match workspace_word(root) {
            WorkspaceWord::Absent => return,
            WorkspaceWord::Path(word) => Some(self.normal(&beside(path, word))),
            WorkspaceWord::Here => None,
        };
        if let (Origin::File(shared), Some(own)) = (&group.origin, &own)
            && shared == own
        {
            return;
        }
        let message = format!("this workspace is not the one of {}", leading.display());
        let help = "workflows of one rehearsal share a workspace: name the same one in each, or none, or give one with `--workspace`";
        self.reader
            .diagnostics
            .push(Diagnostic::error("workspaces-differ", file, workspace_span(root), message).help(help));
    }

    /// Adds a file to be checked: a flow, or a workspace.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), UsageError> {
        let (key, opened) = self.open(path, None)?;
        let Some(root) = opened.root.clone() else { return Ok(()) };
        if looks_like_workspace(&root) {
            self.workspace_file(path)?;
        } else {
            self.add_root(path, key, &opened, &root, None);
        }
        Ok(())
    }

    /// Adds a flow to the group of its workspace, or of the one that is given.
    fn add_root(&mut self, path: &Path, key: PathBuf, opened: &Opened, root: &Node, given: Option<usize>) {
        self.asked.insert(key.clone());
        let mut unreadable = None;
        let mut misfit = false;
        let group = match (given, workspace_word(root)) {
            (Some(given), _) => Some(given),
            (None, WorkspaceWord::Absent) => Some(self.built_in()),
            (None, WorkspaceWord::Here) => None,
            (None, WorkspaceWord::Path(word)) => match self.workspace_file(&beside(path, word)) {
                Ok(Named::Read(group)) => Some(group),
                Ok(Named::Misfit(_)) => {
                    misfit = true;
                    None
                }
                Err(error) => {
                    unreadable = Some(error);
                    None
                }
            },
        };
        if let Some(group) = group.and_then(|group| self.groups.get_mut(group)) {
            let place = lower(&mut self.reader, group, path.to_owned(), key, opened);
            group.facts.append(&mut self.reader.facts);
            if let Some(entry) = group.entries.get_mut(place) {
                entry.asked = true;
            }
            return;
        }
        let origin = Origin::Inline(key.clone());
        if self.groups.iter().any(|group| group.origin == origin) {
            return;
        }
        let lowered = self.reader.flow(opened.file, root, |_, low, parts| match parts.choice(low) {
            WorkspaceChoice::BuiltIn => Some(Workspace::default()),
            WorkspaceChoice::Inline(workspace) => workspace.map(|workspace| *workspace),
            WorkspaceChoice::Path(named) => {
                match &unreadable {
                    Some(error) => unreadable_workspace(low, &named, error),
                    None if misfit => low.not_a_workspace(&named),
                    None => {}
                }
                None
            }
        });
        let facts = std::mem::take(&mut self.reader.facts);
        let mut group = Group::new(origin, lowered.workspace, opened.file, path.to_owned(), facts);
        let broken = lowered.has_errors || opened.broken;
        group.known.insert(key, 0);
        group.entries.push(Entry { path: path.to_owned(), file: opened.file, flow: lowered.flow, broken, asked: true });
        self.groups.push(group);
    }

    fn built_in(&mut self) -> usize {
        let workspace = Some(Workspace::default());
        self.group(Group::new(Origin::BuiltIn, workspace, FileId::default(), PathBuf::new(), Vec::new()))
    }

    /// The group of a workspace file, which is read and lowered at first.
    fn workspace_file(&mut self, path: &Path) -> Result<Named<usize>, UsageError> {
        let (key, opened) = self.open(path, Some(Expected::Workspace))?;
        if opened.misfit {
            return Ok(Named::Misfit(opened.file));
        }
        let origin = Origin::File(key);
        if let Some(known) = self.groups.iter().position(|group| group.origin == origin) {
            return Ok(Named::Read(known));
        }
        let workspace = opened.root.as_ref().and_then(|root| self.reader.workspace(opened.file, root));
        let facts = std::mem::take(&mut self.reader.facts);
        Ok(Named::Read(self.group(Group::new(origin, workspace, opened.file, path.to_owned(), facts))))
    }

    /// The place of a group, which is added when its workspace is new.
    fn group(&mut self, group: Group) -> usize {
        self.groups.iter().position(|known| known.origin == group.origin).unwrap_or_else(|| {
            self.groups.push(group);
            self.groups.len() - 1
        })
    }

    /// Takes a text for the file of a path, so that it is not opened.
    pub(super) fn add_text(&mut self, path: PathBuf, text: String) {
        let before = self.reader.diagnostics.len();
        let (file, root) = self.reader.parse(SourceFile::new(path.display().to_string(), text));
        let found = self.reader.diagnostics.get(before..).unwrap_or_default();
        let opened = Opened { file, root: root.map(Rc::new), broken: has_errors(found), misfit: false };
        self.normal.insert(path.clone(), path.clone());
        self.opened.insert(path, opened);
    }

    /// Reads a file, at most once; gives its one path too. A file that another one names must be what it is taken for; asked for itself
    /// later, it is read after all.
    pub(super) fn open(&mut self, path: &Path, expected: Option<Expected>) -> Result<(PathBuf, Opened), UsageError> {
        let key = self.normal(path);
        if let Some(known) = self.opened.get(&key).filter(|known| expected.is_some() || !known.misfit) {
            return Ok((key, known.clone()));
        }
        let before = self.reader.diagnostics.len();
        let (file, root, misfit) = match expected {
            None => self.reader.open(path).map(|(file, root)| (file, root, false))?,
            Some(expected) => match self.reader.open_as(path, expected)? {
                Named::Read((file, root)) => (file, root, false),
                Named::Misfit(file) => (file, None, true),
            },
        };
        let found = self.reader.diagnostics.get(before..).unwrap_or_default();
        let opened = Opened { file, root: root.map(Rc::new), broken: has_errors(found), misfit };
        self.opened.insert(key.clone(), opened.clone());
        Ok((key, opened))
    }

    /// The one path of a file: `flows/menu.yaml` and `flows/./menu.yaml` are the same.
    pub(super) fn normal(&mut self, path: &Path) -> PathBuf {
        if let Some(known) = self.normal.get(path) {
            return known.clone();
        }
        let normal = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.normal.insert(path.to_owned(), normal.clone());
        normal
    }

    /// Adds a flow that another one reaches to its group; gives its place there.
    pub(super) fn add_reached(&mut self, group: &mut Group, path: PathBuf, key: PathBuf, opened: &Opened) -> usize {
        // The names in a flow that is asked for itself are judged by its own workspace.
        let judged = self.asked.contains(&key);
        let place = lower(&mut self.reader, group, path, key, opened);
        let facts = std::mem::take(&mut self.reader.facts);
        group.facts.extend(facts.into_iter().filter(|_| !judged));
        place
    }

    /// Puts the flows of every group together.
    pub(super) fn linked(mut self) -> (Reader, Vec<Group>) {
        let mut groups = std::mem::take(&mut self.groups);
        for group in &mut groups {
            self.resolve(group);
            self.reader.diagnostics.extend(loops::find(&group.entries));
            let found: Vec<Diagnostic> = mocks::adopt(&mut self, group);
            self.reader.diagnostics.extend(found);
        }
        (self.reader, groups)
    }
}

/// Lowers a flow against the workspace of its group, unless it is there already; gives its place. What it noticed is left to the caller.
fn lower(reader: &mut Reader, group: &mut Group, path: PathBuf, key: PathBuf, opened: &Opened) -> usize {
    if let Some(known) = group.known.get(&key) {
        return *known;
    }
    let workspace = group.workspace.clone();
    let lowered = opened.root.as_ref().map(|root| reader.flow(opened.file, root, |_, _, _| workspace));
    let broken = opened.broken || lowered.as_ref().is_none_or(|lowered| lowered.has_errors);
    let flow = lowered.and_then(|lowered| lowered.flow);
    group.known.insert(key, group.entries.len());
    group.entries.push(Entry { path, file: opened.file, flow, broken, asked: false });
    group.entries.len() - 1
}
