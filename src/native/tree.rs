//! Changing every step of a flow.

use crate::flow::model::Step;

/// Changes every step, nested ones included, in document order.
pub fn each_mut(steps: &mut [Step], change: &mut impl FnMut(&mut Step)) {
    for step in steps {
        change(step);
        for list in step.action.lists_mut() {
            each_mut(list, change);
        }
    }
}
