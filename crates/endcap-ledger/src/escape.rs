//! Text that has no place in a journal line, written as `%` and two digits per byte, and read back.

/// Where a text stands, which decides what must be escaped in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A part of an account path.
    Segment,
    /// The description of an entry.
    Description,
    /// The document in parentheses.
    Code,
    /// The value of a tag.
    Value,
    /// An element of a list that is the value of a tag.
    Element,
}

impl Place {
    fn keeps(self, character: char, before: Option<char>) -> bool {
        match self {
            Self::Segment if character == ' ' => before.is_some_and(|before| before != ' '),
            Self::Segment => character.is_alphanumeric() || "-_./&+#".contains(character),
            Self::Description => {
                character != ';' && !(before.is_none() && matches!(character, '*' | '!' | '(' | '='))
            }
            Self::Code => !"();".contains(character),
            Self::Value => !",;[]".contains(character),
            Self::Element => !",;[]|=".contains(character),
        }
    }
}

/// Whether the text begins with `%` and two upper-case hexadecimal digits.
fn escaped_byte(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let proper = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    proper.then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

/// Writes `text` so that it can stand in `place`; [`unescape`] gives it back.
pub(crate) fn escape(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for (at, character) in text.char_indices() {
        let keep = match character {
            '%' => escaped_byte(text.get(at..).unwrap_or_default()).is_none(),
            _ => place.keeps(character, before),
        };
        if keep {
            out.push(character);
        } else {
            push_bytes(&mut out, character);
        }
        before = Some(character);
    }
    out
}

/// Writes a text whose first character must not be read as what it is.
pub(crate) fn escape_first(text: &str, place: Place) -> String {
    let mut characters = text.chars();
    let mut out = String::new();
    if let Some(first) = characters.next() {
        push_bytes(&mut out, first);
    }
    out + &escape(characters.as_str(), place)
}

fn push_bytes(out: &mut String, character: char) {
    let mut bytes = [0_u8; 4];
    for byte in character.encode_utf8(&mut bytes).bytes() {
        out.push_str(&format!("%{byte:02X}"));
    }
}

/// Reads what [`escape`] wrote; `None` where the bytes are not UTF-8.
pub(crate) fn unescape(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(byte) = escaped_byte(rest) {
            bytes.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            let length = character.len_utf8();
            bytes.extend_from_slice(rest.get(..length).unwrap_or_default().as_bytes());
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{Place, escape, unescape};
    use proptest::prelude::*;

    #[test]
    fn only_what_must_be_is_escaped() {
        assert_eq!(escape("3% rebate; %41 off", Place::Description), "3% rebate%3B %2541 off");
        assert_eq!(escape("(x) = y", Place::Description), "%28x) = y");
        assert_eq!(escape("KA:1  上海", Place::Segment), "KA%3A1 %20上海");
        assert_eq!(unescape("%FF"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn what_is_escaped_reads_back(text in "[ -~上é\u{3000}%0-9A-F;:]{0,24}") {
            for place in [Place::Segment, Place::Description, Place::Code, Place::Value, Place::Element] {
                prop_assert_eq!(unescape(&escape(&text, place)), Some(text.clone()));
            }
        }
    }
}
