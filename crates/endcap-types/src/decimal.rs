//! Reading decimals strictly: what people write, and nothing that would be rounded on the way in.

use rust_decimal::Decimal;

/// Plain decimal text: optional sign, digits, optional point and digits; `None` for anything else or more than 28 digits.
pub(crate) fn plain(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let plain = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if !plain {
        return None;
    }
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text)).ok()
}
