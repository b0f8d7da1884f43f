//! What the check says about the YAML that an import would write, told at the places of the native file: so both are checked alike.

use std::path::PathBuf;

use super::aside;
use super::document::{self, Document};
use super::json::{self, At, JsonKind};
use super::load::Loaded;
use super::remark::Findings;
use crate::diagnostic::{Diagnostic, Label};
use crate::flow::link::{Checked, check_texts};
use crate::flow::model::{Flow, all_steps};
use crate::flow::write::{self, WorkspaceRef};
use crate::source::{FileId, SourceFile, Sources, Span};

/// The workspace file of the mirrored flows.
const WORKSPACE: &str = "workspace.yaml";

/// The flows of native files as YAML that lies on no disk.
pub struct Mirror<'l> {
    loaded: &'l Loaded,
    sources: Sources,
    flows: Vec<(FileId, Flow)>,
}

/// Writes what was loaded as an import would, and checks that. `None` when nothing could be loaded.
pub fn mirror(loaded: &Loaded) -> Option<(Mirror<'_>, Checked)> {
    let project = loaded.project.as_ref()?;
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    for (apart, name) in aside::apart(project, &[]).iter().zip(&loaded.file_names) {
        texts.push((PathBuf::from(name), write::flow(&apart.flow, WorkspaceRef::Path(WORKSPACE))));
    }
    let mut workspace = loaded.workspace.clone();
    for entry in &mut workspace.workflows {
        entry.file = entry.file.take().filter(|file| loaded.file_names.contains(file));
    }
    texts.push((PathBuf::from(WORKSPACE), write::workspace(&workspace)));
    let (checked, flows) = check_texts(texts);
    Some((Mirror { loaded, sources: checked.sources.clone(), flows }, checked))
}

impl Mirror<'_> {
    /// The findings at the places of the native files, each with the JSON path and the step.
    pub fn told(&self, findings: &[Diagnostic]) -> Vec<Diagnostic> {
        let Some(project) = &self.loaded.project else { return Vec::new() };
        let mut told = Vec::new();
        for (flow, name) in project.flows.iter().zip(&self.loaded.file_names) {
            let Some((mirrored, _)) = self.sources.iter().find(|(_, file)| file.name() == name) else { continue };
            let text = self.loaded.sources.get(flow.file).map(SourceFile::text).unwrap_or_default();
            let (root, _) = json::parse(flow.file, text);
            let Some(root) = root else { continue };
            let mut ignored = Findings { file: flow.file, ..Findings::default() };
            let Some(document) = document::read(At::root(&root), &mut ignored) else { continue };
            let steps = self.extents(mirrored, flow);
            let of_file = |finding: &&Diagnostic| finding.labels.first().is_some_and(|label| label.file == mirrored);
            for finding in findings.iter().filter(of_file) {
                told.push(self.moved(finding, mirrored, (flow.file, &document), &steps));
            }
        }
        told
    }

    /// Where the steps of a mirrored flow stand in its text, each with the place of its record. Nested ones come later.
    fn extents(&self, mirrored: FileId, flow: &Flow) -> Vec<(Span, Span)> {
        let Some((_, twin)) = self.flows.iter().find(|(file, _)| *file == mirrored) else { return Vec::new() };
        let text = self.sources.get(mirrored).map(SourceFile::text).unwrap_or_default();
        let twins = all_steps(&twin.steps).into_iter().map(|step| extent(text, step.span));
        twins.zip(all_steps(&flow.steps).into_iter().map(|step| step.span)).collect()
    }

    fn moved(
        &self,
        finding: &Diagnostic,
        mirrored: FileId,
        (file, document): (FileId, &Document<'_>),
        steps: &[(Span, Span)],
    ) -> Diagnostic {
        let source = self.sources.get(mirrored);
        let place = |span: Span| {
            let mut within = steps.iter().filter(|(extent, _)| extent.start <= span.start && span.start < extent.end);
            let record = within
                .next_back()
                .and_then(|(_, record)| document.records.iter().position(|known| known.kind_span == *record));
            let index = record.unwrap_or(document.trigger);
            let record = &document.records[index];
            let written = source.map(|source| source.slice(span)).unwrap_or_default().trim_matches(['"', '\'']);
            let mut found = find(&record.at, written);
            for child in record.children.iter().map(|child| &document.records[*child]) {
                found = found.or_else(|| find(&child.at, written).filter(|_| child.is_connector()));
            }
            let (path, span) = found.unwrap_or_else(|| (record.at.path.clone(), record.kind_span));
            let called = if index == document.trigger { "the trigger".to_owned() } else { record.called() };
            (path, called, span)
        };
        let mut moved = finding.clone();
        if let Some(main) = finding.labels.first() {
            let (path, called, _) = place(main.span);
            moved.message = format!("{path}: {called}: {}", finding.message);
        }
        // A place in another file stays away: its own findings tell it.
        let labels = finding.labels.iter().filter(|label| label.file == mirrored);
        moved.labels =
            labels.map(|label| Label { file, span: place(label.span).2, text: label.text.clone() }).collect();
        for (flow, name) in self.loaded.project.iter().flat_map(|project| &project.flows).zip(&self.loaded.file_names) {
            let theirs = self.loaded.sources.get(flow.file).map(SourceFile::name).unwrap_or_default();
            moved.help = moved.help.map(|help| help.replace(name.as_str(), theirs));
        }
        moved
    }
}

/// The lines of a step as [`write::flow`] indents it, from its dash to the last one that stands deeper.
fn extent(text: &str, span: Span) -> Span {
    let start = span.range().start.min(text.len());
    let first = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let Some(column) = text.get(first..start).map(str::len) else { return span };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    // Up to the line with the dash: a step may begin with its id or its name.
    let mut from = first;
    while from > 0 && text.get(from..).is_some_and(|line| indent(line.lines().next().unwrap_or_default()) >= column) {
        from = text.get(..from - 1).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    }
    let mut to = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| start + end + 1);
    for line in text.get(to..).unwrap_or_default().split_inclusive('\n') {
        if !line.trim().is_empty() && indent(line) < column {
            break;
        }
        to += line.len();
    }
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(from), offset(to))
}

/// The value of a record that says what was written: the same text, else the first that holds it.
fn find(at: &At<'_>, written: &str) -> Option<(String, Span)> {
    if written.trim().is_empty() {
        return None;
    }
    let mut values = Vec::new();
    texts(at, &mut values);
    let same = values.iter().find(|at| at.as_scalar().is_some_and(|text| text == written));
    let holds = || values.iter().find(|at| at.as_text().is_some_and(|text| text.contains(written)));
    same.or_else(holds).map(|at| (at.path.clone(), at.span()))
}

fn texts<'j>(at: &At<'j>, into: &mut Vec<At<'j>>) {
    match &at.json.kind {
        JsonKind::Map(_) => {
            at.members().iter().filter_map(|member| at.get(&member.key)).for_each(|at| texts(&at, into));
        }
        JsonKind::List(_) => at.items().iter().for_each(|at| texts(at, into)),
        _ => into.push(At { json: at.json, path: at.path.clone() }),
    }
}
