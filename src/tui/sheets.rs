//! The live tables: every row that was added to a sheet so far.

use crate::engine::event::{KindOf as Kind, pairs};
use crate::rehearsal::Rehearsal;

/// A sheet with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The spreadsheet it is in.
    pub spreadsheet: String,
    /// Its name.
    pub sheet: String,
    /// Its columns, in the order they were first filled.
    pub columns: Vec<String>,
    /// Its rows, oldest first; a row may be shorter than the columns.
    pub rows: Vec<Vec<String>>,
}

/// The sheets in the order they were first written to, from these events.
pub fn tables(rehearsal: &Rehearsal, events: &[usize]) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for event in events.iter().filter_map(|event| rehearsal.log().get(*event)) {
        let Kind::SheetRowAdded { spreadsheet, sheet, row } = event.kind else { continue };
        let known = tables.iter().position(|table| table.spreadsheet == spreadsheet && table.sheet == sheet);
        let place = known.unwrap_or_else(|| {
            let (spreadsheet, sheet) = (spreadsheet.to_owned(), sheet.to_owned());
            tables.push(Table { spreadsheet, sheet, columns: Vec::new(), rows: Vec::new() });
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(place) {
            table.add(row);
        }
    }
    tables
}

impl Table {
    fn add(&mut self, row: &str) {
        let mut cells = vec![String::new(); self.columns.len()];
        for (column, cell) in pairs(row) {
            let place = self.columns.iter().position(|known| known == column).unwrap_or_else(|| {
                self.columns.push(column.to_owned());
                self.columns.len() - 1
            });
            cells.resize(cells.len().max(place + 1), String::new());
            if let Some(slot) = cells.get_mut(place) {
                cell.clone_into(slot);
            }
        }
        self.rows.push(cells);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_other_columns_widens_the_table() {
        let mut table =
            Table { spreadsheet: String::new(), sheet: String::new(), columns: Vec::new(), rows: Vec::new() };
        table.add("name\u{1f}Ana\u{1f}score\u{1f}5");
        table.add("city\u{1f}Amman\u{1f}name\u{1f}Ben");
        assert_eq!(table.columns, ["name", "score", "city"]);
        assert_eq!(table.rows, [vec!["Ana", "5"], vec!["Ben", "", "Amman"]]);
    }
}
