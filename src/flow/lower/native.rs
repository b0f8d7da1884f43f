//! What the platform's own file says besides: kept for the way back.

use super::Lowering;
use super::mapping::Fields;
use super::value::Value;
use crate::source::NodeKind;

impl Lowering<'_> {
    /// The `respondio` of a flow: any mapping.
    pub(super) fn respondio(&mut self, value: Value<'_>) -> Option<serde_json::Value> {
        let NodeKind::Map(_) = value.node.kind else {
            // Says that a mapping is needed.
            self.fields(value, "`respondio`", "respondio: { id: 12345 }");
            return None;
        };
        self.json(value, "`respondio`")
    }

    /// The id the platform knows a thing by, from the `respondio: { id: … }` beside it.
    pub(super) fn native_id(&mut self, fields: &mut Fields<'_>) -> Option<serde_json::Value> {
        let value = fields.take("respondio")?;
        let mut native = self.fields(value, "`respondio`", "respondio: { id: 12345 }")?;
        let id = native.require(self, "id");
        native.finish(self);
        let id = id?;
        self.scalar(id, "`id`")?;
        self.json(id, "`id`")
    }
}
