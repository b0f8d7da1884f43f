//! Rows of sheets as CSV files in a folder (`--sheets DIR`): one file a sheet, safely named, quoted and defused.

use std::fs::{self, OpenOptions};
#[cfg(test)]
use std::io::Read;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder of CSV files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    folder: PathBuf,
}

/// Why a row was not written; nothing of the file is lost then.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The folder is not there, or is none.
    #[error("{} is no folder; make it first, rows of sheets are written there", .0.display())]
    NoFolder(PathBuf),
    /// The file is a link, and what it leads to is not ours to write.
    #[error("{} is a link; rows are only written to files of the folder itself", .0.display())]
    Link(PathBuf),
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// What is there is no CSV.
    #[error("{} cannot be read as CSV: {error}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: csv::Error,
    },
}

impl Sheets {
    /// Takes a folder, which must be there.
    pub fn open(folder: &Path) -> Result<Self, SheetError> {
        if folder.is_dir() {
            Ok(Self { folder: folder.to_owned() })
        } else {
            Err(SheetError::NoFolder(folder.to_owned()))
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Appends a row. A new file begins with the names of the columns; in an old one they say the order, and columns it lacks are
    /// added at its end. A file is written anew beside itself and then moved into place.
    pub fn append(&self, spreadsheet: &str, sheet: &str, row: &[(&str, &str)]) -> Result<PathBuf, SheetError> {
        let path = self.folder.join(file_name(spreadsheet, sheet));
        let io_error = |error| SheetError::Io { path: path.clone(), error };
        let csv_error = |error| SheetError::Csv { path: path.clone(), error };
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(SheetError::Link(path));
        }
        let old = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(io_error(error)),
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(old.as_slice());
        let mut columns: Vec<String> = reader.headers().map_err(csv_error)?.iter().map(str::to_owned).collect();
        let known = columns.len();
        for (column, _) in row {
            let column = defused(column);
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let cells = columns.iter().map(|column| {
            let cell = row.iter().find(|(name, _)| defused(name) == *column);
            cell.map_or_else(String::new, |(_, cell)| defused(cell))
        });
        let cells: Vec<String> = cells.collect();
        if known == columns.len() && known > 0 {
            // The file stays as it is; only the row is new.
            let mut line = csv_line(&cells).map_err(csv_error)?;
            if !old.ends_with(b"\n") {
                line.insert(0, b'\n');
            }
            let mut file = OpenOptions::new().append(true).open(&path).map_err(io_error)?;
            file.write_all(&line).map_err(io_error)?;
            return Ok(path);
        }
        let mut whole = csv_line(&columns).map_err(csv_error)?;
        for record in reader.records() {
            let record = record.map_err(csv_error)?;
            let filled = record.iter().map(str::to_owned).chain(std::iter::repeat(String::new()));
            whole.extend(
                csv_line(&filled.take(columns.len().max(record.len())).collect::<Vec<_>>()).map_err(csv_error)?,
            );
        }
        whole.extend(csv_line(&cells).map_err(csv_error)?);
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder).map_err(io_error)?;
        beside.write_all(&whole).map_err(io_error)?;
        beside.persist(&path).map_err(|error| io_error(error.error))?;
        Ok(path)
    }

    /// The rows of a sheet as they stand in its file, the names of the columns first; nothing when there is no file.
    #[cfg(test)]
    fn read(&self, spreadsheet: &str, sheet: &str) -> Result<Vec<Vec<String>>, SheetError> {
        let path = self.folder.join(file_name(spreadsheet, sheet));
        let mut text = String::new();
        match fs::File::open(&path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(SheetError::Io { path, error }),
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let rows = reader.records().map(|record| Ok(record?.iter().map(str::to_owned).collect()));
        rows.collect::<Result<_, csv::Error>>().map_err(|error| SheetError::Csv { path, error })
    }
}

fn csv_line(cells: &[String]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe before it. Numbers and phone numbers stay as they are.
fn defused(cell: &str) -> String {
    let is_number = cell.strip_prefix(['+', '-']).is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
    });
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

/// The file of a sheet: its names, with what a file system may not take replaced. Names that are changed or long bear a number made
/// of the whole name, so that different sheets stay in different files.
fn file_name(spreadsheet: &str, sheet: &str) -> String {
    const LONGEST: usize = 60;
    let whole = format!("{spreadsheet} - {sheet}");
    let safe: String = whole
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')') { c } else { '_' })
        .take(LONGEST)
        .collect();
    // The names of devices are reserved on some systems, whatever follows them.
    let stem = safe.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let device = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let reserved = ["con", "prn", "aux", "nul", "com", "lpt"].contains(&device);
    // Names that hold the separator themselves could be cut elsewhere.
    let unmistakable = whole.matches(" - ").count() == 1 && whole.trim() == whole;
    if safe == whole && unmistakable && !reserved {
        return format!("{safe}.csv");
    }
    format!("_{} {:08x}.csv", safe.trim(), fnv(&format!("{spreadsheet}\u{1f}{sheet}")))
}

/// The FNV-1a hash, the same on every machine.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_readable_where_they_can_be() {
        assert_eq!(file_name("Leads", "Spring 2026"), "Leads - Spring 2026.csv");
        assert_eq!(file_name("عملاء", "الربيع"), "عملاء - الربيع.csv");
        assert!(file_name("../../etc", "passwd").starts_with("_______etc - passwd "));
        assert!(file_name("con", "x").starts_with("_con - x "));
        assert_ne!(file_name("a - b", "c"), file_name("a", "b - c"));
        assert_ne!(file_name("a/b", "c"), file_name("a:b", "c"));
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for (cell, safe) in [
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+962790000000", "+962790000000"),
            ("-5", "-5"),
            ("-3.5", "-3.5"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("-", "'-"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(defused(cell), safe);
        }
    }

    #[test]
    fn new_columns_are_added_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let sheets = Sheets::open(folder.path()).unwrap();
        sheets.append("S", "a", &[("Name", "Ana, \"the\" first\nline"), ("City", "")]).unwrap();
        sheets.append("S", "a", &[("City", "Amman"), ("Age", "7")]).unwrap();
        let path = sheets.append("S", "a", &[("Name", "=1")]).unwrap();
        assert_eq!(
            sheets.read("S", "a").unwrap(),
            [["Name", "City", "Age"], ["Ana, \"the\" first\nline", "", ""], ["", "Amman", "7"], ["'=1", "", ""]]
        );
        // A last line without its end, as an editor may leave it.
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.trim_end()).unwrap();
        sheets.append("S", "a", &[("Name", "Ben")]).unwrap();
        assert_eq!(sheets.read("S", "a").unwrap().last().unwrap(), &["Ben", "", ""]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_missing_folder_and_a_link_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Sheets::open(&folder.path().join("none")), Err(SheetError::NoFolder(_))));
        #[cfg(unix)]
        {
            let outside = tempfile::NamedTempFile::new().unwrap();
            std::os::unix::fs::symlink(outside.path(), folder.path().join("S - a.csv")).unwrap();
            let refused = Sheets::open(folder.path()).unwrap().append("S", "a", &[("x", "y")]);
            assert!(matches!(refused, Err(SheetError::Link(_))));
            assert_eq!(fs::read(outside.path()).unwrap(), b"");
        }
    }

    proptest! {
        #[test]
        fn file_names_stay_in_their_folder(spreadsheet in ".{0,80}", sheet in ".{0,80}") {
            let name = file_name(&spreadsheet, &sheet);
            prop_assert_eq!(Path::new(&name).file_name().unwrap(), name.as_str());
            prop_assert!(name.chars().count() <= 80 && !name.contains(['/', '\\', ':', '\0']) && !name.starts_with('.'));
        }

        #[test]
        fn what_is_appended_reads_back(rows in prop::collection::vec(prop::collection::btree_map("[a-c=]{1,2}", ".{0,12}", 1..4), 1..6)) {
            let folder = tempfile::tempdir().unwrap();
            let sheets = Sheets::open(folder.path()).unwrap();
            let mut wanted: Vec<BTreeMap<String, String>> = Vec::new();
            for row in &rows {
                let pairs: Vec<(&str, &str)> = row.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
                sheets.append("S", "p", &pairs).unwrap();
                wanted.push(row.iter().map(|(name, cell)| (defused(name), defused(cell))).collect());
            }
            let read = sheets.read("S", "p").unwrap();
            let (columns, read) = read.split_first().unwrap();
            prop_assert_eq!(read.len(), wanted.len());
            for (cells, row) in read.iter().zip(wanted) {
                for (column, cell) in columns.iter().zip(cells) {
                    prop_assert_eq!(cell, row.get(column).map_or("", String::as_str));
                }
            }
        }
    }
}
