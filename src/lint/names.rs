//! Names that a list of the workspace does not have: they work all the same, but look like typing mistakes.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::{did_you_mean, listed};
use crate::flow::{ChannelType, Fact, NameKind, STANDARD_FIELDS, Workspace};

const WHY: &str = "At run time the name is taken all the same. A misspelt one goes somewhere nobody looks.";

/// A tag that `tags` does not list.
pub(super) static UNKNOWN_TAG: Rule = Rule {
    id: "unknown-tag",
    summary: "a tag is not in the workspace's list of tags",
    why: WHY,
    example: "- update_contact_tag: { add: [vpi] }",
};

/// A field that `contact_fields` does not list.
pub(super) static UNKNOWN_FIELD: Rule = Rule {
    id: "unknown-field",
    summary: "a contact field is not in the workspace's list of fields",
    why: WHY,
    example: "- send_message: Hello to $contact.ctiy",
};

/// A stage that `lifecycle` does not list.
pub(super) static UNKNOWN_LIFECYCLE: Rule = Rule {
    id: "unknown-lifecycle",
    summary: "a lifecycle stage is not in the workspace's list of stages",
    why: WHY,
    example: "- update_lifecycle: Custommer",
};

/// A category that `closing_categories` does not list.
pub(super) static UNKNOWN_CATEGORY: Rule = Rule {
    id: "unknown-category",
    summary: "a closing category is not in the workspace's list of categories",
    why: WHY,
    example: "- close_conversation: { category: Slved }",
};

/// Somebody who is not in `users`.
pub(super) static UNKNOWN_USER: Rule = Rule {
    id: "unknown-user",
    summary: "a user is not in the workspace's list of users",
    why: "A mention of somebody who is not there reaches nobody.",
    example: "- add_comment: Please look, @anna",
};

/// A team that `teams` does not list.
pub(super) static UNKNOWN_TEAM: Rule = Rule {
    id: "unknown-team",
    summary: "a team is not in the workspace's list of teams",
    why: "Nobody is in a team that is not there: the contact waits until the time is over.",
    example: "- assign_to: { team: Salse }",
};

/// A channel that conditions compare with and the workspace has not.
pub(super) static UNKNOWN_CHANNEL: Rule = Rule {
    id: "unknown-channel-value",
    summary: "a condition compares with a channel that the workspace has not",
    why: "The condition never holds (or, negated, always).",
    example: "- branch: [{ when: { last_interacted_channel: { is_equal_to: wab } } }]",
};

pub(super) fn judge(fact: &Fact, kind: NameKind, name: &str, workspace: &Workspace) -> Option<Diagnostic> {
    let texts = |list: &Option<Vec<String>>| list.clone();
    let (rule, what, known) = match kind {
        NameKind::Tag => (&UNKNOWN_TAG, "tag", texts(&workspace.tags)?),
        NameKind::Lifecycle => (&UNKNOWN_LIFECYCLE, "lifecycle stage", texts(&workspace.lifecycle)?),
        NameKind::ClosingCategory => (&UNKNOWN_CATEGORY, "closing category", texts(&workspace.closing_categories)?),
        NameKind::Field => {
            let declared = workspace.contact_fields.as_ref()?.iter().map(|field| field.id.clone());
            let standard = STANDARD_FIELDS.iter().map(|field| (*field).to_owned());
            (&UNKNOWN_FIELD, "contact field", declared.chain(standard).collect())
        }
        NameKind::User => {
            (&UNKNOWN_USER, "user", workspace.users.as_ref()?.iter().map(|user| user.id.clone()).collect())
        }
        NameKind::Team => {
            (&UNKNOWN_TEAM, "team", workspace.teams.as_ref()?.iter().map(|(team, _)| team.clone()).collect())
        }
        NameKind::Channel => {
            let ids = workspace.channels.iter().map(|channel| channel.id.clone());
            let types = ChannelType::ALL.iter().map(|kind| kind.as_str().to_owned());
            (&UNKNOWN_CHANNEL, "channel", ids.chain(types).collect::<Vec<_>>())
        }
    };
    if known.iter().any(|known| known == name) {
        return None;
    }
    let shown: String = name.chars().take(60).collect();
    let message = format!("the workspace has no {what} `{shown}`");
    let meant = did_you_mean(name, known.iter().map(String::as_str));
    let help = meant.map_or_else(
        || format!("add it to the workspace's list, or use one of those: {}", listed(known.iter().map(String::as_str))),
        |meant| format!("did you mean `{meant}`? If not, add `{shown}` to the workspace's list"),
    );
    Some(rule.warn(fact, message, help))
}
