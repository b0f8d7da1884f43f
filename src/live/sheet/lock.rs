//! One program at a time writes to a folder of sheets.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// So long another program is waited for (our choice): it holds the folder for one row, and one that was stopped must not stop this one.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long until the next look.
const PAUSE: Duration = Duration::from_millis(5);

/// The folder, locked until it is dropped.
///
/// On Unix the folder itself is locked, which leaves nothing behind; elsewhere, and on disks that cannot do that, a hidden file in it. A disk
/// that knows no locks at all is written without.
pub(super) fn folder(dir: &Path) -> io::Result<Option<File>> {
    let started = Instant::now();
    if cfg!(unix)
        && let Ok(folder) = File::open(dir)
        && waited_for(&folder, started)?
    {
        return Ok(Some(folder));
    }
    let file = File::options().create(true).truncate(false).write(true).open(dir.join(".rehearse.lock"))?;
    Ok(if waited_for(&file, started)? { Some(file) } else { None })
}

/// Waits for the lock; `false` when there are no locks here.
fn waited_for(file: &File, started: Instant) -> io::Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("another program holds the folder; try again when it is done"));
            }
            Err(TryLockError::Error(_)) => return Ok(false),
        }
    }
}
