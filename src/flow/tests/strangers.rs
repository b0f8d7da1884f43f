//! Files that are none of ours: a path in a flow can lead to any file of the machine, and findings must not carry it out.

use std::path::Path;

use super::super::load::{load, load_contact, load_workspace};
use super::super::{LoadOptions, UsageError, Workspace, check_files, load_project};
use crate::diagnostic::{Diagnostic, human, json};
use crate::source::Sources;

const SECRETS: [&[u8]; 7] = [
    b"API_KEY=sk-12345\nDB_PASSWORD: hunter2\n",
    b"API_KEY: sk-12345\nDB_PASSWORD: hunter2\n",
    b"HOME=/root\0API_KEY=sk-12345\0DB_PASSWORD=hunter2\0",
    b"- API_KEY\n- hunter2\n",
    b"API_KEY: \"sk-12345\nhunter2: [\n",
    b"sk-12345",
    b"API_KEY: sk-12345\nhunter2: \xff\n",
];

fn written(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    human::render(diagnostics, sources, false) + &json::render(diagnostics, sources)
}

fn quotes_nothing(found: &str) {
    for secret in ["API_KEY", "sk-1", "hunter2", "PASSWORD", "HOME"] {
        assert!(!found.contains(secret), "{found}");
    }
}

/// A folder with a secret beside a folder with this flow.
fn lay_out(flow: &str, secret: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("flows")).unwrap();
    std::fs::write(folder.path().join("flows/a.yaml"), flow).unwrap();
    std::fs::write(folder.path().join(".env"), secret).unwrap();
    folder
}

#[test]
fn a_workspace_that_is_none_is_told_at_its_path_and_quoted_nowhere() {
    for secret in SECRETS {
        let flow = "version: 1\nname: A\nworkspace: ../.env\nsteps: [open_conversation]\n";
        let folder = lay_out(flow, secret);
        let path = folder.path().join("flows/a.yaml");
        let project = load_project(&path, &LoadOptions::default()).unwrap();
        let checked = check_files(std::slice::from_ref(&path)).unwrap();
        let single = load(&path, &LoadOptions::default()).unwrap();
        for (diagnostics, sources) in [
            (&project.diagnostics, &project.sources),
            (&checked.diagnostics, &checked.sources),
            (&single.diagnostics, &single.sources),
        ] {
            quotes_nothing(&written(diagnostics, sources));
            let [only] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
            assert_eq!(only.id, "not-a-workspace");
            let label = &only.labels[0];
            assert_eq!(sources.get(label.file).unwrap().slice(label.span), "../.env");
        }
    }
}

#[test]
fn other_files_that_are_none_of_ours_are_quoted_nowhere_either() {
    for secret in SECRETS {
        let flow = "version: 1\nname: A\nsteps: [{ trigger_workflow: ../.env }]\n";
        let folder = lay_out(flow, secret);
        let path = folder.path().join("flows/a.yaml");
        let project = load_project(&path, &LoadOptions::default()).unwrap();
        quotes_nothing(&written(&project.diagnostics, &project.sources));
        assert_eq!(project.diagnostics.iter().map(|finding| finding.id).collect::<Vec<_>>(), ["not-a-flow"]);

        let env = folder.path().join(".env");
        let options = LoadOptions { workspace: Some(env.clone()) };
        for found in [
            load_workspace(&env).map(|read| (read.diagnostics, read.sources)),
            load_contact(&env, &Workspace::default()).map(|read| (read.diagnostics, read.sources)),
            load_project(&path, &options).map(|loaded| (loaded.diagnostics, loaded.sources)),
        ] {
            let (diagnostics, sources): (Vec<Diagnostic>, Sources) = found.unwrap();
            quotes_nothing(&written(&diagnostics, &sources));
            assert!(diagnostics.iter().any(|finding| finding.id.starts_with("not-a-")), "{diagnostics:?}");
        }
    }
}

#[test]
fn a_workspace_with_mistakes_is_still_told_in_full() -> Result<(), UsageError> {
    let flow = "version: 1\nname: A\nworkspace: ../.env\nsteps: [open_conversation]\n";
    for broken in ["version: 1\nchanels: []\n", "version: 1\ntags: [a\nchannels: ]\n"] {
        let folder = lay_out(flow, broken.as_bytes());
        let loaded = load_project(&folder.path().join("flows/a.yaml"), &LoadOptions::default())?;
        let file = loaded.sources.get(loaded.diagnostics[0].labels[0].file).unwrap();
        assert!(Path::new(file.name()).ends_with(".env") && file.text() == broken, "{:?}", loaded.diagnostics);
    }
    Ok(())
}
