//! Writing files: beside their place first and then renamed, never over what is there unless told to, never through a link that leads nowhere.
//!
//! The one door for every file of ours: exports, imports and sheets go through it.

mod draft;
mod name;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use draft::{Draft, sweep};
pub use name::{is_reserved, safe_name};

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It stays, and nothing is written; but one that holds just what would be written is in nobody's way.
    KeepUnlessEqual,
    /// It is replaced.
    Replace,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Files are there already.
    #[error("nothing was written, because of what is there already: {}", listed(.paths))]
    There {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// A link that leads nowhere.
    #[error("nothing was written: `{}` is a link that leads nowhere; remove it first", .path.display())]
    DanglingLink {
        /// The link.
        path: PathBuf,
    },
    /// A folder, a device, a pipe.
    #[error("nothing was written: `{}` is not a plain file; give another name", .path.display())]
    NotAFile {
        /// What it is called.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error("`{}` cannot be written: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Writes files. All are looked at before the first is written, so that what is in the way of one keeps all of them from being written.
///
/// # Errors
/// When something is in the way, or writing fails. A file that fails is as it was before; those before it in the list are written.
pub fn save(files: &[(PathBuf, String)], existing: Existing) -> Result<(), FileError> {
    let mut there = Vec::new();
    let mut todo: Vec<(PathBuf, &String, bool)> = Vec::new();
    for (path, text) in files {
        match place(path)? {
            None => todo.push((path.clone(), text, false)),
            Some(place) => {
                let equal = || fs::read(&place).is_ok_and(|bytes| bytes == text.as_bytes());
                match existing {
                    Existing::Replace => todo.push((place, text, true)),
                    Existing::KeepUnlessEqual if equal() => {}
                    Existing::Keep | Existing::KeepUnlessEqual => there.push(path.clone()),
                }
            }
        }
    }
    if !there.is_empty() {
        return Err(FileError::There { paths: there });
    }
    for (path, text, replace) in todo {
        write(&path, text, replace).map_err(|source| match source.kind() {
            // It came in between.
            io::ErrorKind::AlreadyExists => FileError::There { paths: vec![path.clone()] },
            _ => FileError::Io { path: path.clone(), source },
        })?;
    }
    Ok(())
}

/// Where the plain file lies that this path leads to; `None` when nothing is there.
fn place(path: &Path) -> Result<Option<PathBuf>, FileError> {
    let failed = |source| FileError::Io { path: path.to_owned(), source };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if !metadata.is_symlink() {
        return if metadata.is_file() {
            Ok(Some(path.to_owned()))
        } else {
            Err(FileError::NotAFile { path: path.to_owned() })
        };
    }
    // The link stays a link: what it leads to is written.
    let target = fs::canonicalize(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::DanglingLink { path: path.to_owned() },
        _ => failed(error),
    })?;
    if target.is_file() { Ok(Some(target)) } else { Err(FileError::NotAFile { path: path.to_owned() }) }
}

fn write(path: &Path, text: &str, replace: bool) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sweep(folder);
    let mut draft = Draft::new(folder)?;
    io::Write::write_all(&mut draft, text.as_bytes())?;
    if replace { draft.replace(path) } else { draft.create(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &Path, existing: Existing) -> Result<(), FileError> {
        save(&[(path.to_owned(), "new".to_owned())], existing)
    }

    #[test]
    fn what_is_there_stays_unless_it_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a.json"), folder.path().join("b.json"));
        one(&path, Existing::Keep).unwrap();
        assert!(matches!(one(&path, Existing::Keep), Err(FileError::There { .. })));
        one(&path, Existing::KeepUnlessEqual).unwrap();
        fs::write(&path, "mine").unwrap();
        let both = [(other.clone(), "new".to_owned()), (path.clone(), "new".to_owned())];
        assert!(matches!(save(&both, Existing::KeepUnlessEqual), Err(FileError::There { .. })));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), other.exists()), ("mine", false));
        one(&path, Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(matches!(one(folder.path(), Existing::Replace), Err(FileError::NotAFile { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_where_they_lead_somewhere() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        symlink(&target, &link).unwrap();
        for existing in [Existing::Keep, Existing::Replace] {
            assert!(matches!(one(&link, existing), Err(FileError::DanglingLink { .. })));
        }
        assert!(!target.exists());
        fs::write(&target, "mine").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(one(&link, Existing::Keep), Err(FileError::There { .. })));
        one(&link, Existing::Replace).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(matches!(one(Path::new("/dev/null"), Existing::Replace), Err(FileError::NotAFile { .. })));
    }

    #[test]
    fn drafts_of_a_program_that_was_killed_are_swept_and_living_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let dead = folder.path().join(".rehearse-dead.tmp");
        fs::write(&dead, "half").unwrap();
        let living = Draft::new(folder.path()).unwrap();
        one(&folder.path().join("a"), Existing::Keep).unwrap();
        assert!(!dead.exists());
        living.create(&folder.path().join("b")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
