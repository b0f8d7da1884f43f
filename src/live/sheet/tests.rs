//! Sheets in a folder of their own, read back with a CSV reader.

use proptest::prelude::*;

use super::*;

fn row(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect()
}

fn open() -> (tempfile::TempDir, Sheets) {
    let folder = tempfile::tempdir().unwrap();
    let sheets = Sheets::open(folder.path()).unwrap();
    (folder, sheets)
}

#[test]
fn rows_stand_under_their_columns() {
    let (_folder, sheets) = open();
    let path = sheets.append("Leads", "Sheet1", &row(&[("Name", "Ana"), ("Phone", "+962790000000")])).unwrap();
    assert!(path.ends_with("Leads - Sheet1.csv"));
    sheets.append("Leads", "Sheet1", &row(&[("Phone", "-5"), ("Name", "a,\"b\"\nc")])).unwrap();
    sheets.append("Leads", "Sheet1", &row(&[("Name", "=1+1")])).unwrap();
    let wanted = r#""Name","Phone"
"Ana","+962790000000"
"a,""b""
c","-5"
"'=1+1",""
"#;
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);

    sheets.append("Leads", "Sheet1", &row(&[("City", "Amman"), ("Name", "Nour")])).unwrap();
    let wanted = r#""Name","Phone","City"
"Ana","+962790000000",""
"a,""b""
c","-5",""
"'=1+1","",""
"Nour","","Amman"
"#;
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
}

#[test]
fn a_file_that_people_edited_keeps_what_is_in_it() {
    let (_folder, sheets) = open();
    let path = sheets.path("a", "b");
    fs::write(&path, "\u{feff}City,Name\r\nAmman,Ana,extra\r\nIrbid").unwrap();
    sheets.append("a", "b", &row(&[("Name", "Nour")])).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}City,Name\r\nAmman,Ana,extra\r\nIrbid\n\"\",\"Nour\"\n");
    sheets.append("a", "b", &row(&[("Age", "7")])).unwrap();
    let wanted = concat!(
        "\u{feff}",
        r#""City","Name","Age"
"Amman","Ana","extra"
"Irbid","",""
"","Nour",""
"","","7"
"#
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);

    fs::write(&path, "").unwrap();
    sheets.append("a", "b", &row(&[("Age", "7")])).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "\"Age\"\n\"7\"\n");
}

#[test]
fn folders_that_will_not_do_are_told() {
    let (folder, _) = open();
    let said = |dir: &Path| Sheets::open(dir).unwrap_err().to_string();
    assert!(said(&folder.path().join("none")).contains("make it first"));
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(said(&file).contains("not a folder"));
    #[cfg(target_os = "linux")]
    assert!(said(Path::new("/proc")).contains("no file can be made"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_row_without_columns_is_told() {
    let (folder, sheets) = open();
    assert!(matches!(sheets.append("a", "b", &[]), Err(SheetError::NoColumns)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let (folder, sheets) = open();
    let (elsewhere, path) = (folder.path().join("elsewhere"), sheets.path("a", "b"));
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    let append = || sheets.append("a", "b", &row(&[("x", "1")]));
    assert!(matches!(append(), Err(SheetError::NotAFile { .. })));
    assert!(!elsewhere.exists());
    fs::write(&elsewhere, "x\n").unwrap();
    assert!(matches!(append(), Err(SheetError::NotAFile { .. })));
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "x\n");
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_permissions_and_leaves_no_other_behind() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, sheets) = open();
    let path = sheets.append("a", "b", &row(&[("x", "1")])).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    sheets.append("a", "b", &row(&[("y", "2")])).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_field_is_quoted_so_that_no_other_separator_makes_a_formula() {
    let (_folder, sheets) = open();
    let path = sheets.append("a", "b", &row(&[("x;=2", "a;=1+1")])).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "\"x;=2\"\n\"a;=1+1\"\n");
}

#[test]
fn what_a_program_left_behind_when_it_was_killed_is_cleared_away() {
    let (folder, sheets) = open();
    let left = folder.path().join(".rehearse-x1y2z3.tmp");
    fs::write(&left, "half").unwrap();
    sheets.append("a", "b", &row(&[("x", "1")])).unwrap();
    sheets.append("a", "b", &row(&[("y", "2")])).unwrap();
    assert!(!left.exists());
    fs::write(&left, "half").unwrap();
    Sheets::open(folder.path()).unwrap();
    assert!(!left.exists());
}

/// Cells with more than their share of trouble.
fn cells() -> impl Strategy<Value = String> {
    prop_oneof!["[a=+@,;\"'\r\n\t -]{0,4}", "[+-]?[0-9.]{1,4}", any::<String>(), "\u{feff}?[ab]?"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_appended_is_read_back(rows in prop::collection::vec(prop::collection::btree_map("[ab=,\"\n ]{0,2}", cells(), 1..4), 1..5)) {
        let (_folder, sheets) = open();
        for row in &rows {
            let row: Vec<(String, String)> = row.clone().into_iter().collect();
            sheets.append("a", "b", &row).unwrap();
        }
        let mut reader = csv::Reader::from_path(sheets.path("a", "b")).unwrap();
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), rows.len());
        for (read, row) in read.iter().zip(&rows) {
            prop_assert_eq!(read.len(), header.len());
            for (column, cell) in header.iter().zip(read) {
                let column = column.strip_prefix('\'').unwrap_or(column);
                let wanted = row.get(column).map_or("", String::as_str);
                prop_assert!(cell == wanted || cell.strip_prefix('\'') == Some(wanted), "{:?} for {:?}", cell, wanted);
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                prop_assert!(!formula || cell[1..].parse::<f64>().is_ok(), "{:?}", cell);
            }
        }
    }
}
