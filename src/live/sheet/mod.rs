//! A folder of CSV files that stands for Google Sheets: every row a workflow adds is one line of a file.

mod cell;
mod lock;
mod name;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, QuoteStyle};

use crate::files::{self, Draft};

/// What spreadsheet programs put before UTF-8 text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why a row was not written. The file is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The folder cannot be used.
    #[error("{} cannot hold sheets: {why}", dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The row has no columns.
    #[error("a row without columns cannot be added: name at least one column")]
    NoColumns,
    /// The file is a link, a folder or a device.
    #[error("{} is not a plain file, so nothing is written to it: move it away", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error("{} cannot be {doing}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried: `read` or `written`.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// A folder for sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    dir: PathBuf,
}

impl Sheets {
    /// Opens a folder that exists and can be written to. Leaves nothing in it.
    ///
    /// # Errors
    /// When it is missing, not a folder, or cannot be written to.
    pub fn open(dir: &Path) -> Result<Self, SheetError> {
        let unfit = |why: String| SheetError::Folder { dir: dir.to_owned(), why };
        let metadata = fs::metadata(dir).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => unfit("there is no such folder; make it first".to_owned()),
            _ => unfit(error.to_string()),
        })?;
        if !metadata.is_dir() {
            return Err(unfit("it is not a folder".to_owned()));
        }
        // Only a try tells: permissions, read-only disks and quotas all have their own say.
        tempfile::tempfile_in(dir).map_err(|error| unfit(format!("no file can be made in it: {error}")))?;
        files::sweep(dir);
        Ok(Self { dir: dir.to_owned() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.dir
    }

    /// The file of a sheet, whether it exists or not. Its name is safe whatever the sheet is called.
    pub fn path(&self, spreadsheet: &str, sheet: &str) -> PathBuf {
        self.dir.join(name::file_name(spreadsheet, sheet))
    }

    /// Appends one row, given as columns with their values, and says to which file.
    ///
    /// A new file starts with a line of the columns. In a file that exists, its first line decides which cell is which; columns it lacks are
    /// added behind the others, for which the file is written anew beside the old one and takes its place in one step. Values that a
    /// spreadsheet program would run as formulas get an apostrophe in front, and every field is quoted, so that a program that takes `;`
    /// for the separator sees no formula either. A link is not followed. Programs that write to one folder wait for each other.
    ///
    /// # Errors
    /// When the row has no columns, or the file cannot be read or written. Nothing is changed then.
    pub fn append(&self, spreadsheet: &str, sheet: &str, row: &[(String, String)]) -> Result<PathBuf, SheetError> {
        if row.is_empty() {
            return Err(SheetError::NoColumns);
        }
        let path = self.path(spreadsheet, sheet);
        // Held until the row is written: nobody may add a column between a look at the columns and the row.
        let _turn = lock::folder(&self.dir).map_err(|source| SheetError::Io {
            path: path.clone(),
            doing: "written",
            source,
        })?;
        let failed = |doing| move |path: &Path, source| SheetError::Io { path: path.to_owned(), doing, source };
        let written = match fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => return Err(SheetError::NotAFile { path }),
            Ok(_) => {
                let header = header(&path).map_err(|error| failed("read")(&path, error))?;
                let filled = Filled::new(&header, row);
                if filled.header.len() > header.len() {
                    rewrite(&self.dir, &path, &filled)
                } else {
                    append(&path, &filled.cells)
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(&self.dir, &path, &Filled::new(&ByteRecord::new(), row))
            }
            Err(error) => return Err(failed("read")(&path, error)),
        };
        written.map_err(|error| failed("written")(&path, error))?;
        Ok(path)
    }
}

/// A row in the order of a file's columns.
struct Filled {
    /// The columns of the file, with those it lacked at the end.
    header: ByteRecord,
    cells: ByteRecord,
}

impl Filled {
    fn new(header: &ByteRecord, row: &[(String, String)]) -> Self {
        let mut header = header.clone();
        let mut cells = vec![None; header.len()];
        for (column, value) in row {
            // The first column of a file must not look like a byte order mark.
            let (column, value) = (cell::safe(column.trim_start_matches('\u{feff}')), cell::safe(value));
            // A column is taken once: two columns of a row never share a cell, even when an apostrophe made them alike.
            let free = |(index, name): (usize, &[u8])| name == column.as_bytes() && cells[index].is_none();
            if let Some(index) = header.iter().enumerate().position(free) {
                cells[index] = Some(value);
            } else {
                header.push_field(column.as_bytes());
                cells.push(Some(value));
            }
        }
        let cells = cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect::<Vec<_>>();
        Self { header, cells: ByteRecord::from(cells) }
    }
}

/// A reader of lines as they are. Lines may be of different lengths: people edit these files.
fn reader(file: File) -> csv::Reader<File> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file)
}

/// The columns of a file; none when it is empty.
fn header(path: &Path) -> io::Result<ByteRecord> {
    let mut header = ByteRecord::new();
    reader(File::open(path)?).read_byte_record(&mut header)?;
    Ok(header)
}

/// A line as bytes, with its line end.
fn line(cells: &ByteRecord) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(Vec::new());
    writer.write_byte_record(cells)?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// Makes a file of a line of columns and one row. A link that points nowhere is not followed.
fn create(dir: &Path, path: &Path, filled: &Filled) -> io::Result<()> {
    let mut draft = Draft::new(dir)?;
    draft.write_all(&line(&filled.header)?)?;
    draft.write_all(&line(&filled.cells)?)?;
    draft.create(path)
}

/// Adds a line at the end of a file. When that fails half-way the file is cut back to what it was.
fn append(path: &Path, cells: &ByteRecord) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if end > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    // An editor may have left the last line without its end.
    let mut added = if matches!(last, [b'\n' | b'\r']) { Vec::new() } else { vec![b'\n'] };
    added.extend(line(cells)?);
    file.write_all(&added).inspect_err(|_| {
        let _ = file.set_len(end);
    })
}

/// Writes a file anew with further columns and one more row; the old one stays until the new one is complete.
fn rewrite(dir: &Path, path: &Path, filled: &Filled) -> io::Result<()> {
    let mut old = File::open(path)?;
    let mut start = Vec::new();
    (&old).take(BOM.len() as u64).read_to_end(&mut start)?;
    old.rewind()?;

    files::sweep(dir);
    let mut new = Draft::new(dir)?;
    if start == BOM {
        new.write_all(BOM)?;
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(QuoteStyle::Always).from_writer(new);
    writer.write_byte_record(&filled.header)?;
    for row in reader(old).byte_records().skip(1) {
        let mut row = row?;
        while row.len() < filled.header.len() {
            row.push_field(b"");
        }
        writer.write_byte_record(&row)?;
    }
    writer.write_byte_record(&filled.cells)?;
    let new = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    new.replace(path)
}
