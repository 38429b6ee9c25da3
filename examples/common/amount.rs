//! Money as people write it, read to minor units exactly, and back.

use endcap::types::{Currency, Money};

/// How amounts are read: the currency of the run decides decimals and symbols.
#[derive(Debug, Clone, Copy)]
pub struct AmountReader {
    currency: Currency,
    decimals: usize,
}

/// Symbols and the currencies they may stand for.
const SYMBOLS: [(&str, &[&str]); 6] = [
    ("$", &["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["CNY", "JPY"]),
    ("¥", &["CNY", "JPY"]),
    ("₩", &["KRW"]),
];

impl AmountReader {
    /// Reads amounts of one currency.
    pub fn new(currency: Currency) -> Self {
        Self { currency, decimals: usize::from(currency.exponent()) }
    }

    /// The currency of the run.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Reads one amount to minor units: `1234.5`, `-1,234.50`, `$1,234.50`, `USD 12`, `12 USD`.
    ///
    /// A comma is a thousands separator and must stand before each third digit. Decimals beyond those of the currency
    /// must be zero. The error says what was expected.
    pub fn read(&self, text: &[u8]) -> Result<i64, String> {
        // Nearly every field is plain digits with a point.
        if let Some(minor) = self.read_plain(text) {
            return Ok(minor);
        }
        let text = std::str::from_utf8(text).map_err(|_| self.expected())?.trim();
        let (sign, rest) = self.strip_decoration(text)?;
        let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
        let whole = ungrouped(whole).ok_or_else(|| self.expected())?;
        if !decimals.bytes().all(|byte| byte.is_ascii_digit()) || (rest.contains('.') && decimals.is_empty())
        {
            return Err(self.expected());
        }
        let (kept, beyond) = decimals.split_at(decimals.len().min(self.decimals));
        if beyond.bytes().any(|byte| byte != b'0') {
            return Err(format!("expected at most {} decimals for {}", self.decimals, self.currency.code()));
        }
        let digits = format!("{whole}{kept:0<width$}", width = self.decimals);
        let too_large =
            || format!("expected an amount that fits 64 bits of minor units ({})", self.currency.code());
        digits.parse::<i64>().map(|minor| minor * sign).map_err(|_| too_large())
    }

    fn read_plain(&self, text: &[u8]) -> Option<i64> {
        let (sign, digits) = match text {
            [b'-', rest @ ..] => (-1, rest),
            _ => (1, text),
        };
        if digits.is_empty() || digits.len() > 17 {
            return None;
        }
        let mut minor = 0_i64;
        let mut decimals = None;
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    minor = minor * 10 + i64::from(byte - b'0');
                    decimals = decimals.map(|count| count + 1);
                }
                b'.' if decimals.is_none() => decimals = Some(0_usize),
                _ => return None,
            }
        }
        let missing = self.decimals.checked_sub(decimals.unwrap_or(0))?;
        if decimals == Some(0) || digits.first() == Some(&b'.') {
            return None;
        }
        for _ in 0..missing {
            minor = minor.checked_mul(10)?;
        }
        Some(minor * sign)
    }

    /// Takes sign, symbol and code off: the sign may stand before or behind the symbol.
    fn strip_decoration<'text>(&self, text: &'text str) -> Result<(i64, &'text str), String> {
        let code = self.currency.code();
        let mut rest = text;
        let mut sign = 1;
        let (mut signed, mut marked) = (false, false);
        loop {
            if let Some(tail) = rest.strip_prefix(['-', '+']).filter(|_| !signed) {
                sign = if rest.starts_with('-') { -1 } else { 1 };
                signed = true;
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix(code).filter(|_| !marked) {
                marked = true;
                rest = tail.trim_start();
            } else if let Some((tail, currencies)) =
                SYMBOLS.iter().find_map(|(symbol, currencies)| Some((rest.strip_prefix(symbol)?, currencies)))
            {
                if marked {
                    return Err(self.expected());
                }
                if !currencies.contains(&code) {
                    return Err(format!("expected an amount in {code}, the currency of this run"));
                }
                marked = true;
                rest = tail.trim_start();
            } else {
                break;
            }
        }
        if let Some(head) = rest.strip_suffix(code).filter(|_| !marked) {
            rest = head.trim_end();
        }
        let letters = rest.trim_matches(|character: char| !character.is_ascii_alphabetic());
        if letters.len() == 3 && letters != code && letters.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!("expected an amount in {code}, the currency of this run"));
        }
        Ok((sign, rest))
    }

    fn expected(&self) -> String {
        let example = if self.decimals == 0 { "1234" } else { "1234.50" };
        format!("expected an amount such as {example}")
    }

    /// Minor units as `1234.50`.
    pub fn render(&self, minor: i128) -> String {
        Money::from_minor(minor, self.currency)
            .map_or_else(|_| format!("{minor} minor units"), |money| money.to_amount_string())
    }
}

/// Digits without their thousands separators, or `None` where they are not grouped by three.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    let (first, others) = groups.split_first()?;
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let well_grouped = others.is_empty() || (first.len() <= 3 && others.iter().all(|group| group.len() == 3));
    (well_grouped && digits(first) && others.iter().all(|group| digits(group))).then(|| groups.concat())
}

/// An amount for people: `-1234567.50` as `-1,234,567.50`.
pub fn grouped(amount: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
