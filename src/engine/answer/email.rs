//! E-mail addresses: RFC 5321 shape with a dotted domain (R12).

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use super::InvalidAnswer;

/// Reads an address; the normal form has its domain in lower case.
pub(super) fn accept(answer: Cow<'_, str>) -> Result<Cow<'_, str>, InvalidAnswer> {
    if !is_plain(&answer) {
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(&answer, options).map_err(|_| InvalidAnswer::NoEmail)?;
    }
    let (local, domain) = answer.rsplit_once('@').ok_or(InvalidAnswer::NoEmail)?;
    // RFC 5321 knows letters, digits and inner hyphens in a domain, and ASCII everywhere.
    let is_label = |label: &str| {
        label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if !local.is_ascii() || !domain.split('.').all(is_label) {
        return Err(InvalidAnswer::NoEmail);
    }
    // A last label that is a number would be an address of the network, not a name.
    if domain.rsplit('.').next().is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(InvalidAnswer::NoEmail);
    }
    if domain.contains(char::is_uppercase) {
        return Ok(Cow::Owned(format!("{local}@{}", domain.to_lowercase())));
    }
    Ok(answer)
}

/// Whether it is an address as nearly everybody has one: letters, digits and `.+_-` before the `@`, dotted letters, digits and inner
/// dashes after it. What is plain needs no grammar; a test holds it to the grammar's verdict.
fn is_plain(answer: &str) -> bool {
    let Some((local, domain)) = answer.split_once('@') else { return false };
    let local_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'_' | b'-');
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (1..=64).contains(&local.len())
        && local.bytes().all(local_letter)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && answer.len() <= 254
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn r12_an_address_has_a_dotted_domain_in_lower_case() {
        for (answer, normal) in [
            (" ana@example.com", "ana@example.com"),
            ("Ana.H+x@Example.COM", "Ana.H+x@example.com"),
            ("\"a b\"@example.com", "\"a b\"@example.com"),
            ("o'neil@example.co.uk", "o'neil@example.co.uk"),
            ("\u{200e}ana@example.com\u{200b}", "ana@example.com"),
        ] {
            assert_eq!(accept(&Question::Email, answer).as_deref(), Ok(normal), "{answer}");
        }
        for answer in [
            "ana",
            "ana@",
            "@example.com",
            "ana@localhost",
            "a b@example.com",
            "ana@example..com",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            "a@e_x.com",
            "a@münchen.de",
            "é@example.com",
            "Ana <ana@example.com>",
            ".ana@example.com",
            "ana@-example.com",
            "ana@example.com.",
        ] {
            assert_eq!(accept(&Question::Email, answer), Err(InvalidAnswer::NoEmail), "{answer}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert_eq!(accept(&Question::Email, &long), Err(InvalidAnswer::NoEmail));
    }

    proptest! {
        #[test]
        fn what_is_plain_is_an_address_by_the_grammar(answer in "[a-zA-Z0-9.+_-]{1,12}@[a-zA-Z0-9.-]{1,16}") {
            if is_plain(&answer) {
                let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
                prop_assert!(EmailAddress::parse_with_options(&answer, options).is_ok(), "{answer}");
            }
        }
    }
}
