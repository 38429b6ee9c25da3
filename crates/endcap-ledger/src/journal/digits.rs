//! Digits straight to minor units.

use endcap_types::Currency;

use super::problem::Piece;
use super::read::read_amount;

/// Powers of ten up to the largest number of decimals of a currency.
const POWERS: [i128; 5] = [1, 10, 100, 1_000, 10_000];
/// Digits that always fit an unsigned 64-bit integer.
const EASY: u32 = 18;

/// `-1234.50` in minor units of `currency`, exactly; nothing for anything the slow way refuses.
pub(super) fn minor(number: &str, currency: Currency) -> Option<i128> {
    let plain = number.strip_prefix('-').unwrap_or(number);
    let (mut value, mut digits, mut decimals, mut point): (u64, u32, usize, bool) = (0, 0, 0, false);
    for byte in plain.bytes() {
        match byte {
            b'0'..=b'9' if digits < EASY => {
                value = value.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0')));
                digits = digits.wrapping_add(1);
                decimals = decimals.wrapping_add(usize::from(point));
            }
            b'.' if digits > 0 && !point => point = true,
            b'0'..=b'9' => return long(number, currency),
            _ => return None,
        }
    }
    if digits == 0 || (point && decimals == 0) {
        return None;
    }
    let exponent = usize::from(currency.exponent());
    while decimals > exponent && value.is_multiple_of(10) {
        value = value.wrapping_div(10);
        decimals = decimals.wrapping_sub(1);
    }
    let factor = POWERS.get(exponent.checked_sub(decimals)?)?;
    let minor = i128::from(value).wrapping_mul(*factor);
    Some(if plain.len() < number.len() { minor.wrapping_neg() } else { minor })
}

/// The amount itself, if it is no larger than money may be, either sign.
pub(super) fn in_range(minor: i128) -> Option<i128> {
    (minor.unsigned_abs() <= endcap_types::limits::MAX_MINOR.unsigned_abs()).then_some(minor)
}

/// More digits than the quick way holds.
fn long(number: &str, currency: Currency) -> Option<i128> {
    let text = format!("{number} {currency}");
    Some(read_amount(Piece { line: 0, column: 1, text: &text }).ok()?.minor())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]
        #[test]
        fn digits_are_read_as_the_slow_way_reads_them(number in "-?[0-9]{0,24}[.]?[0-9]{0,6}[-+.]?", zeros in "0{0,3}") {
            for currency in [Currency::CNY, Currency::JPY, Currency::KWD] {
                let text = format!("{number}{zeros} {currency}");
                let slow = read_amount(Piece { line: 1, column: 1, text: &text }).ok().map(|amount| amount.minor());
                prop_assert_eq!(minor(&format!("{number}{zeros}"), currency), slow, "{}", text);
            }
        }
    }
}
