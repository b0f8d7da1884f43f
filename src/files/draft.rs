//! A file that is still being written: hidden beside its place until it is complete.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

const PREFIX: &str = ".rehearse-";
const SUFFIX: &str = ".tmp";
/// A draft is lost to another program's sweep only in the instant between its making and its lock.
const TRIES: usize = 8;

/// A hidden file that takes its name in one step. Dropped before that, it is gone. It is locked while it is written, so that what a
/// program that was killed left behind can be told from what another one is writing.
#[derive(Debug)]
pub struct Draft(NamedTempFile);

impl Draft {
    /// An empty draft in the folder its file is for.
    pub fn new(folder: &Path) -> io::Result<Self> {
        for _ in 0..TRIES {
            let mut builder = tempfile::Builder::new();
            builder.prefix(PREFIX).suffix(SUFFIX);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                // As for any new file: the umask takes away what it does.
                builder.permissions(fs::Permissions::from_mode(0o666));
            }
            let draft = builder.tempfile_in(folder)?;
            // A disk that knows no locks is written all the same.
            let lost = matches!(draft.as_file().try_lock(), Err(TryLockError::WouldBlock));
            if !lost && draft.path().exists() {
                return Ok(Self(draft));
            }
        }
        Err(io::Error::other("no file can be made beside it"))
    }

    /// Gives it its name if nothing has that name.
    pub fn create(self, path: &Path) -> io::Result<()> {
        self.0.as_file().sync_all()?;
        self.0.persist_noclobber(path).map(drop).map_err(|error| error.error)
    }

    /// Gives it the name, and the permissions, of the file it takes the place of.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        self.0.as_file().set_permissions(fs::metadata(path)?.permissions())?;
        self.0.as_file().sync_all()?;
        self.0.persist(path).map(drop).map_err(|error| error.error)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Removes drafts in a folder that a program left behind when it was killed. What cannot be removed is left: it is hidden.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}
