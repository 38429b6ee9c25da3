//! Text in a drawing: escaping, measuring, fitting.

/// Text as XML character data or attribute value: markup escaped, characters that XML 1.0 forbids replaced by U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Width of a character in thousandths of the font size, on the wide side of common sans-serif fonts.
fn width_permille(c: char) -> u64 {
    match u32::from(c) {
        // Combining marks and joiners take no room.
        0x0300..=0x036F | 0x200B..=0x200D | 0xFE00..=0xFE0F => 0,
        // East Asian wide characters, full-width forms, emoji: one em.
        0x1100..=0x11FF | 0x2E80..=0xA4CF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 => 1_000,
        0x1F000..=0x1FAFF | 0x20000..=0x3FFFF => 1_000,
        _ if matches!(c, 'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' | 'I') => 330,
        _ if matches!(c, 'm' | 'w' | 'M' | 'W' | '@' | '%') => 930,
        _ if c.is_uppercase() => 720,
        _ => 600,
    }
}

/// Width of a text in millimetres at a font size in millimetres, rounded up.
pub(super) fn width_mm(text: &str, font_mm: u32) -> u32 {
    let permille = text.chars().map(width_permille).fold(0_u64, u64::saturating_add);
    let width = permille.saturating_mul(u64::from(font_mm)).div_ceil(1_000);
    u32::try_from(width).unwrap_or(u32::MAX)
}

/// Where lines may break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    /// At spaces.
    Spaces,
    /// At spaces and beside East Asian characters.
    Characters,
}

/// Whether a line may break before `next`, after `last`.
fn may_break(last: char, next: char, breaks: Breaks) -> bool {
    let wide = |c: char| breaks == Breaks::Characters && width_permille(c) == 1_000;
    last == ' ' || next == ' ' || wide(last) || wide(next)
}

/// Breaks a text into lines no wider than `room_mm`; `None` when a piece that must not be broken is too wide or more than `most`
/// lines are needed.
pub(super) fn wrap(
    text: &str,
    font_mm: u32,
    room_mm: u32,
    most: usize,
    breaks: Breaks,
) -> Option<Vec<String>> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.chars().last().is_some_and(|last| !may_break(last, c, breaks)) => {
                piece.push(c)
            }
            _ => pieces.push(c.to_string()),
        }
    }
    let mut lines = vec![String::new()];
    for piece in pieces {
        let line = lines.last_mut()?;
        let longer = format!("{line}{piece}");
        if width_mm(longer.trim(), font_mm) <= room_mm {
            *line = longer;
        } else if width_mm(piece.trim(), font_mm) > room_mm || lines.len() >= most {
            return None;
        } else {
            lines.push(piece.trim_start().to_owned());
        }
    }
    Some(lines.into_iter().map(|line| line.trim().to_owned()).collect())
}

/// The longest beginning of a text that fits, with an ellipsis when something was cut; empty when not even that fits.
pub(super) fn shorten(text: &str, font_mm: u32, room_mm: u32) -> String {
    if width_mm(text, font_mm) <= room_mm {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width_mm(&format!("{kept}{c}…"), font_mm) > room_mm {
            break;
        }
        kept.push(c);
    }
    if kept.is_empty() { kept } else { format!("{}…", kept.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup_and_keeps_chinese() {
        assert_eq!(
            escape("可口<可乐> & \"雪碧\"'\u{1}"),
            "可口&lt;可乐&gt; &amp; &quot;雪碧&quot;&#39;\u{FFFD}"
        );
    }

    #[test]
    fn a_chinese_character_is_as_wide_as_the_font() {
        assert_eq!(width_mm("乌龙茶", 30), 90);
        assert_eq!(width_mm("abc", 10), 18);
    }

    #[test]
    fn wraps_between_chinese_characters_and_not_inside_words() {
        assert_eq!(
            wrap("无糖乌龙茶 500ml", 30, 100, 3, Breaks::Characters).unwrap(),
            ["无糖乌", "龙茶", "500ml"]
        );
        assert_eq!(wrap("无糖乌龙茶 500ml", 30, 100, 3, Breaks::Spaces), None);
        assert_eq!(wrap("Sprite zero", 30, 60, 3, Breaks::Characters), None);
        assert_eq!(wrap("无糖乌龙茶", 30, 60, 2, Breaks::Characters), None);
    }

    #[test]
    fn shortens_with_an_ellipsis() {
        assert_eq!(shorten("无糖乌龙茶", 30, 90), "无糖…");
        assert_eq!(shorten("无糖", 30, 90), "无糖");
        assert_eq!(shorten("无糖", 30, 20), "");
    }
}
