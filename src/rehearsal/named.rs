//! What a bare name in `/set` means: a contact field or a workflow variable.

use crate::engine::Program;

/// A bare name that nothing has. The words say what there is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no field and no variable is called \"{name}\"{}", if closest.is_empty() { String::new() } else { format!("; the closest are {closest}") })]
pub struct NameError {
    name: String,
    closest: String,
}

/// Whether a name is a field's, or else a variable's. Where both have it the field is meant: it lives longer.
pub(super) fn is_field(program: &Program, name: &str) -> Result<bool, NameError> {
    let is_in = |names: &[smol_str::SmolStr]| names.iter().any(|known| known == name);
    match (is_in(program.field_names()), is_in(program.variable_names())) {
        (true, _) => Ok(true),
        (false, true) => Ok(false),
        (false, false) => Err(NameError { name: name.to_owned(), closest: program.closest_names(name) }),
    }
}
