//! Reads a file from disk, and refuses what cannot be a flow before it costs anything.

use super::{SourceFile, Sources, Span};
use crate::diagnostic::Diagnostic;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read, in bytes (flow-format: "files over 4 MiB are errors").
pub const MAX_FILE_BYTES: u64 = 4 << 20;

/// Why a file was not read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// There is no such file, or it may not or cannot be read: wrong usage, exit code 2. The message names the path.
    #[error("{0}")]
    Usage(String),
    /// There is a file, but its bytes are refused: a finding, exit code 1. The sources hold what is needed to show it.
    #[error("{}", .0.message)]
    Refused(Box<Diagnostic>, Sources),
}

/// Reads a file as UTF-8 text. The name of the source file is the path as it was given.
pub fn read(path: &Path) -> Result<SourceFile, ReadError> {
    let name = path.display().to_string();
    let usage = |error: &io::Error| {
        ReadError::Usage(match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file `{name}`; check the path"),
            io::ErrorKind::PermissionDenied => format!("`{name}` may not be read; change its permissions or copy it"),
            io::ErrorKind::NotADirectory => {
                format!("`{name}` leads through something that is no folder; check the path")
            }
            _ => format!("`{name}` cannot be read: {error}"),
        })
    };
    // Asked before opening: opening a pipe would wait for somebody to write into it.
    let about = fs::metadata(path).map_err(|error| usage(&error))?;
    if about.is_dir() {
        return Err(ReadError::Usage(format!("`{name}` is a folder; name a file in it")));
    }
    if !about.is_file() {
        return Err(ReadError::Usage(format!("`{name}` is no regular file; write the flow to a file and name that")));
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(too_large(&name));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default());
    // One byte more than allowed, in case the file grows meanwhile.
    let file = File::open(path).map_err(|error| usage(&error))?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| usage(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large(&name));
    }
    decode(name, bytes)
}

/// The text of the bytes, if they are text.
fn decode(name: String, bytes: Vec<u8>) -> Result<SourceFile, ReadError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let message = "the file is saved as UTF-16 (\"Unicode\"), not as UTF-8";
        return Err(refused(
            name,
            "",
            0,
            "not-utf8",
            message,
            "save it again as UTF-8; most editors offer it under \"Save as\"",
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            None => Ok(SourceFile::new(name, text)),
            Some(at) => {
                let message = "the file holds a zero byte, so it is no text file";
                Err(refused(
                    name,
                    &text,
                    at,
                    "not-text",
                    message,
                    "name a YAML file; pictures, archives and the like are none",
                ))
            }
        },
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            let odd = bytes.get(at).copied().unwrap_or_default();
            let message = format!("line {line} is not UTF-8: byte {} of the file is 0x{odd:02X}", at + 1);
            let text = String::from_utf8_lossy(bytes).into_owned();
            Err(refused(
                name,
                &text,
                at,
                "not-utf8",
                &message,
                "save the file again as UTF-8; most editors offer it under \"Save as\"",
            ))
        }
    }
}

fn too_large(name: &str) -> ReadError {
    let message = format!("`{name}` is larger than {} MiB, far more than a flow can be", MAX_FILE_BYTES >> 20);
    refused(name.to_owned(), "", 0, "too-large", &message, "split it into several workflows with `trigger_workflow`")
}

fn refused(name: String, text: &str, at: usize, id: &'static str, message: &str, help: &str) -> ReadError {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new(name, text));
    let at = u32::try_from(at).unwrap_or_default();
    ReadError::Refused(Box::new(Diagnostic::error(id, file, Span::new(at, at), message).help(help)), sources)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::diagnostic::human;
    use insta::assert_snapshot;

    fn outcome(bytes: &[u8]) -> Result<SourceFile, String> {
        decode("a.yaml".into(), bytes.to_vec()).map_err(|error| match error {
            ReadError::Usage(message) => message,
            ReadError::Refused(finding, sources) => human::render(&[*finding], &sources, false),
        })
    }

    #[test]
    fn text_is_read_with_the_name_it_was_asked_by() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flow.yaml");
        fs::write(&path, "name: نعم\r\n").unwrap();
        let file = read(&path).unwrap();
        assert_eq!(file.text(), "name: نعم\r\n");
        assert_eq!(file.name(), path.display().to_string());
    }

    #[test]
    fn what_is_no_file_is_wrong_usage() {
        let folder = tempfile::tempdir().unwrap();
        let within_file = folder.path().join("file");
        fs::write(&within_file, "").unwrap();
        for path in
            [folder.path().to_owned(), folder.path().join("missing"), within_file.join("below"), "/dev/null".into()]
        {
            assert!(
                matches!(read(&path), Err(ReadError::Usage(message)) if message.contains(&path.display().to_string())),
                "{path:?}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_does_not_make_the_reader_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(matches!(read(&path), Err(ReadError::Usage(message)) if message.contains("no regular file")));
    }

    #[test]
    fn a_file_over_4_mib_is_refused_by_its_size_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.yaml");
        let file = File::create(&path).unwrap();
        file.set_len(MAX_FILE_BYTES + 1).unwrap();
        assert!(matches!(read(&path), Err(ReadError::Refused(finding, _)) if finding.id == "too-large"));
        file.set_len(50 << 30).unwrap();
        assert!(matches!(read(&path), Err(ReadError::Refused(finding, _)) if finding.id == "too-large"));
    }

    #[test]
    fn a_file_of_exactly_4_mib_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.yaml");
        fs::write(&path, vec![b'#'; usize::try_from(MAX_FILE_BYTES).unwrap()]).unwrap();
        assert!(read(&path).is_ok());
    }

    #[test]
    fn bytes_that_are_no_utf8_are_told_by_line_and_byte() {
        assert_snapshot!(outcome(b"name: x\ntext: caf\xe9 ol\xe9\n").unwrap_err(), @r#"
        error[not-utf8]: line 2 is not UTF-8: byte 18 of the file is 0xE9
         --> a.yaml:2:10
          |
        2 | text: caf� ol�
          |          ^
          |
          = help: save the file again as UTF-8; most editors offer it under "Save as"
        "#);
    }

    #[test]
    fn utf16_and_zero_bytes_are_refused() {
        assert_snapshot!(outcome(b"\xff\xfea\0:\0").unwrap_err(), @r#"
        error[not-utf8]: the file is saved as UTF-16 ("Unicode"), not as UTF-8
        --> a.yaml:1:1
         = help: save it again as UTF-8; most editors offer it under "Save as"
        "#);
        assert_snapshot!(outcome(b"a: \x00b\n").unwrap_err(), @"
        error[not-text]: the file holds a zero byte, so it is no text file
         --> a.yaml:1:4
          |
        1 | a: ␀b
          |    ^
          |
          = help: name a YAML file; pictures, archives and the like are none
        ");
    }
}
