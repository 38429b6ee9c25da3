//! A reconciliation in words, in English and Chinese.

use core::fmt::Write as _;
use std::collections::BTreeMap;

use endcap_types::Money;

use super::bridge::{BridgeCause, BridgeRow, BridgeSide};
use super::line::Side;
use super::report::{LineClass, LineResult, ReconReport};
use crate::Language;

/// Columns of the labels of the bridge; a Chinese character takes two.
const LABEL_COLUMNS: usize = 52;
/// Columns of the amounts.
const AMOUNT_COLUMNS: usize = 20;

impl ReconReport {
    /// 对账报告文本: the bridge, the undisputed part, how many lines are of each class, and the lines that need work.
    ///
    /// # Source
    /// House rule.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let pick = |en: &'static str, zh: &'static str| match language {
            Language::En => en,
            Language::Zh => zh,
        };
        let mut text = String::new();
        let title = pick("Reconciliation", "对账报告");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{title} {} {}", self.period, self.currency);
        let _ = writeln!(text, "\n{}", pick("Bridge", "余额调节表"));
        row(&mut text, pick("Their balance", "对方余额"), &self.bridge.their_balance);
        for bridge_row in &self.bridge.rows {
            row(&mut text, &label(bridge_row, language), &bridge_row.amount);
        }
        row(&mut text, pick("Our balance", "我方余额"), &self.bridge.our_balance);
        row(&mut text, pick("Residual", "未解释差额"), &self.bridge.residual);
        row(
            &mut text,
            pick("Undisputed, to be paid meanwhile", "无争议金额（应先行支付）"),
            &self.undisputed,
        );

        let _ = writeln!(text, "\n{}", pick("Lines", "明细"));
        let mut counts: BTreeMap<(u8, &'static str), (usize, usize)> = BTreeMap::new();
        for result in &self.lines {
            let name = match language {
                Language::En => result.class.name_en(),
                Language::Zh => result.class.name_zh(),
            };
            let count = counts.entry((result.class.place(), name)).or_default();
            match result.side {
                Side::Ours => count.0 = count.0.saturating_add(1),
                Side::Theirs => count.1 = count.1.saturating_add(1),
            }
        }
        for ((_, name), (ours, theirs)) in counts {
            let _ = match language {
                Language::En => writeln!(text, "  {name}: {ours} ours, {theirs} theirs"),
                Language::Zh => writeln!(text, "  {name}：我方 {ours} 行，对方 {theirs} 行"),
            };
        }
        let mut open = self.open_lines().peekable();
        if open.peek().is_some() {
            let _ = writeln!(text, "\n{}", pick("To be cleared", "待处理"));
        }
        for result in open {
            let _ = writeln!(text, "  {}", told(result, language));
        }
        text
    }
}

/// One row of the bridge: label, then the amount right-aligned.
fn row(text: &mut String, label: &str, amount: &Money) {
    let columns: usize = label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let gap = " ".repeat(LABEL_COLUMNS.saturating_sub(columns));
    let _ = writeln!(text, "  {label}{gap}{:>AMOUNT_COLUMNS$}", amount.to_amount_string());
}

fn label(row: &BridgeRow, language: Language) -> String {
    let (en, zh) = match row.cause {
        BridgeCause::Timing => ("in transit or booked in another period", "未达账项"),
        BridgeCause::ReturnNotBooked => ("returns booked by one side", "单边退货"),
        BridgeCause::Missing => ("booked by one side", "单边账项"),
        BridgeCause::Tolerance => ("within tolerance", "容差内差异"),
        BridgeCause::Price => ("price variances", "价差"),
        BridgeCause::Quantity => ("quantity variances", "量差"),
        BridgeCause::Duplicate => ("duplicates", "重复入账"),
        BridgeCause::WrongPeriod => ("wrong period", "期间错误"),
        BridgeCause::UnknownSku => ("unknown SKUs", "未知单品"),
        BridgeCause::UnknownStore => ("unknown stores", "未知门店"),
        BridgeCause::Unauthorised => ("deductions without a clause", "无依据扣款"),
        BridgeCause::BeyondClause => ("deductions beyond their clause", "超条款扣款"),
    };
    match language {
        Language::En => {
            let side = match row.side {
                BridgeSide::Both => "",
                BridgeSide::Ours => ", ours",
                BridgeSide::Theirs => ", theirs",
            };
            format!("+ {en}{side} ({})", row.lines)
        }
        Language::Zh => {
            let side = match row.side {
                BridgeSide::Both => "",
                BridgeSide::Ours => "（我方）",
                BridgeSide::Theirs => "（对方）",
            };
            format!("+ {zh}{side} {} 行", row.lines)
        }
    }
}

/// One line that needs work.
fn told(result: &LineResult, language: Language) -> String {
    let (side, kind, class) = match (language, result.side) {
        (Language::En, side) => (side.word(), result.kind.name_en(), result.class.name_en()),
        (Language::Zh, Side::Ours) => ("我方", result.kind.name_zh(), result.class.name_zh()),
        (Language::Zh, Side::Theirs) => ("对方", result.kind.name_zh(), result.class.name_zh()),
    };
    let (delta, of, period, expected, beyond, partner) = match language {
        Language::En => (", difference", " of", ", booked in", ", expected in", ", by", " against"),
        Language::Zh => ("，差额", "，原行", "，入账期间", "，预计入账期间", "，超出", "，对应"),
    };
    let colon = match language {
        Language::En => ": ",
        Language::Zh => "：",
    };
    let amount = result.amount.to_amount_string();
    let mut text = format!("{side} {} {kind} {amount}{colon}{class}", result.line);
    if let Some(id) = &result.partner {
        let _ = write!(text, "{partner} {id}");
    }
    let _ = match &result.class {
        LineClass::PriceVariance { delta: by } | LineClass::QtyVariance { delta: by } => {
            write!(text, "{delta} {}", by.to_amount_string())
        }
        LineClass::Duplicate { of: id } => write!(text, "{of} {id}"),
        LineClass::CutOffTiming { period: other, .. } if result.partner.is_none() => {
            write!(text, "{expected} {other}")
        }
        LineClass::CutOffTiming { period: other, .. } => write!(text, "{period} {other}"),
        LineClass::AmountExceedsClause { excess } => write!(text, "{beyond} {}", excess.to_amount_string()),
        _ => Ok(()),
    };
    text
}
