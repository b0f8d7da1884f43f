//! Every flow that is shipped survives the way out and back.

use super::{WorkspaceRef, differences, flow, round_trip};
use crate::flow::compare::workspace_differences;
use crate::flow::tests::samples::{FLOW, WORKSPACE};
use crate::flow::write::workspace;
use crate::flow::{LoadOptions, load, load_workspace};
use std::fs;
use std::path::Path;

#[test]
fn shipped_flows_survive_with_their_workspace_in_them_and_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows");
    let beside = tempfile::tempdir().unwrap();
    fs::copy(folder.join("workspace.yaml"), beside.path().join("workspace.yaml")).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("workspace.yaml") {
            continue;
        }
        let original = load(&path, &LoadOptions::default()).unwrap().flow.unwrap();
        round_trip(&original);
        let copy = beside.path().join(path.file_name().unwrap());
        fs::write(&copy, flow(&original, WorkspaceRef::Path("workspace.yaml"))).unwrap();
        let back = load(&copy, &LoadOptions::default()).unwrap();
        assert_eq!(differences(&original, &back.flow.unwrap()), None, "{}", path.display());
        count += 1;
    }
    assert!(count >= 10, "{count} flows");
}

#[test]
fn the_contracts_own_flow_and_workspace_survive() {
    let folder = tempfile::tempdir().unwrap();
    let (path, beside) = (folder.path().join("flow.yaml"), folder.path().join("workspace.yaml"));
    fs::write(&path, FLOW).unwrap();
    fs::write(&beside, WORKSPACE).unwrap();
    let original = load(&path, &LoadOptions::default()).unwrap().flow.unwrap();
    round_trip(&original);
    fs::write(&path, flow(&original, WorkspaceRef::Path("workspace.yaml"))).unwrap();
    fs::write(&beside, workspace(&original.workspace)).unwrap();
    let back = load(&path, &LoadOptions::default()).unwrap();
    assert!(back.diagnostics.is_empty(), "{:?}", back.diagnostics);
    assert_eq!(differences(&original, &back.flow.unwrap()), None);
}

#[test]
fn the_shipped_workspace_survives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows/workspace.yaml");
    let original = load_workspace(&path).unwrap().value.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("workspace.yaml");
    fs::write(&copy, workspace(&original)).unwrap();
    let back = load_workspace(&copy).unwrap();
    assert!(back.diagnostics.is_empty(), "{:?}", back.diagnostics);
    assert_eq!(workspace_differences(&original, &back.value.unwrap()), None);
}
