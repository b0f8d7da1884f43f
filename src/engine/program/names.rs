//! The names a program knows: what to offer when one is not known.

use super::Program;

/// Names that are offered.
const OFFERED: usize = 10;

impl Program {
    /// The fields and variables whose names are most like this one, the closest first: `field.city, var.town`.
    pub fn closest_names(&self, name: &str) -> String {
        let wanted = name.to_lowercase();
        let fields = self.field_names().iter().map(|field| (field, "field."));
        let variables = self.variable_names().iter().map(|variable| (variable, "var."));
        let mut known: Vec<(usize, String)> = fields
            .chain(variables)
            .map(|(known, kind)| {
                (strsim::damerau_levenshtein(&known.to_lowercase(), &wanted), format!("{kind}{known}"))
            })
            .collect();
        known.sort();
        known.truncate(OFFERED);
        known.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ")
    }
}
