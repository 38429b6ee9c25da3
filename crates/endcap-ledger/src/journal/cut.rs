//! Texts of a journal cut and judged quickly, for the quick way.

use core::str::FromStr as _;

use chrono::NaiveDate;
use endcap_types::DocumentId;

use super::tags::NATURES;
use crate::escape::unescape;

/// Calls back for each tag of a comment with its place in `known`; nothing for a tag that is not known.
pub(super) fn each_tag<'t>(
    comment: &'t str,
    known: &[&str],
    mut with: impl FnMut(u32, &'t str) -> Option<()>,
) -> Option<()> {
    if !comment.contains(':') {
        return Some(());
    }
    for piece in comment.split(',') {
        let Some((name, value)) = cut(trim(piece), b':') else { continue };
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !name.is_empty() && name.bytes().all(word) {
            let index = known.iter().position(|known| *known == name)?;
            with(u32::try_from(index).ok()?, trim(value))?;
        }
    }
    Some(())
}

/// `2026-06-30` and nothing else.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *<&[u8; 10]>::try_from(text.as_bytes()).ok()? else {
        return None;
    };
    let mut bad = false;
    let mut number = |digits: &[u8]| {
        digits.iter().fold(0_u32, |sum, byte| {
            bad |= !byte.is_ascii_digit();
            sum.wrapping_mul(10).wrapping_add(u32::from(byte.wrapping_sub(b'0')))
        })
    };
    let (year, month, day) = (number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2]));
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| !bad)
}

/// Whether a text is a document without asking further.
pub(super) fn is_document(text: &str) -> bool {
    let plain =
        !text.contains('%') && text.len() <= 64 && text.is_ascii() && text.trim() == text && !text.is_empty();
    plain || unescape(text).is_some_and(|text| DocumentId::from_str(&text).is_ok())
}

/// Whether a trimmed text is a description without asking further.
pub(super) fn is_short(text: &str) -> bool {
    text.len() <= crate::limits::MAX_TEXT_CHARS && text.is_ascii() && !text.contains('%')
}

pub(super) fn is_nature(value: &str) -> Option<()> {
    NATURES.iter().any(|(name, _)| *name == value).then_some(())
}

/// As `str::trim`, quick where a text begins and ends with a letter of ASCII.
pub(super) fn trim(text: &str) -> &str {
    let start = text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = text.get(start..).unwrap_or(text);
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) { text } else { text.trim() }
}

/// As `str::split_once` with a character of ASCII, quick on short texts.
pub(super) fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}

/// What stands before and behind the first two spaces.
pub(super) fn cut_gap(text: &str) -> Option<(&str, &str)> {
    let at = text.as_bytes().windows(2).position(|pair| pair == b"  ")?;
    Some((text.get(..at)?, text.get(at.checked_add(2)?..)?))
}

/// FNV-1a, 64 bits. Two keys with one digest are told apart by the slow way.
pub(super) fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
