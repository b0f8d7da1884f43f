//! Arms of one branch that repeat each other.

use std::collections::HashMap;

use super::super::condition::Conditions;
use super::super::facts::{Noticed, Twin};
use super::super::model::{Arm, Flow, Otherwise};
use super::branches;
use crate::source::Span;

pub(super) fn look(flow: &Flow, found: &mut Vec<(Span, Noticed)>) {
    for (_, branch) in branches(flow) {
        let mut names: HashMap<&str, Span> = HashMap::new();
        for (place, arm) in branch.arms.iter().enumerate() {
            let before = branch.arms.get(..place).unwrap_or_default();
            if let Some(first) = before.iter().find(|other| same(&other.when, &arm.when)) {
                // One mistake, one finding: a copied arm has the name of the first, too.
                found.push((arm.span, Noticed::TwinArm(Twin::Conditions, first.span)));
                continue;
            }
            let Some(name) = arm.name.as_deref() else { continue };
            if name.trim().eq_ignore_ascii_case("else") {
                let other = if branch.otherwise == Otherwise::Absent { Twin::OnlyElse } else { Twin::Else };
                found.push((arm.span, Noticed::TwinArm(other, arm.span)));
            } else if let Some(first) = names.insert(name.trim(), arm.span) {
                found.push((arm.span, Noticed::TwinArm(Twin::Name(shown(arm)), first)));
            }
        }
    }
}

fn shown(arm: &Arm) -> String {
    arm.name.clone().unwrap_or_default()
}

/// Whether two arms look at the same things in the same way, wherever they stand.
fn same(one: &Conditions, other: &Conditions) -> bool {
    (one.joiner == other.joiner || one.list.len() == 1)
        && one.list.len() == other.list.len()
        && one.list.iter().zip(&other.list).all(|(one, other)| {
            (&one.subject, one.operator, &one.operand) == (&other.subject, other.operator, &other.operand)
        })
}
