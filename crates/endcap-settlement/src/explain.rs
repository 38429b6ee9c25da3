//! A trace in words, in English and Chinese.

use std::collections::BTreeSet;

use endcap_types::{Exact, Language, RoundingMode};
use rust_decimal::Decimal;

use crate::{Formula, Measure, SettlementError, Trace, TraceId, TraceNode};

/// Inputs shown inside one formula; longer lists are counted, and listed below.
const MAX_SHOWN: usize = 4;
/// Decimals shown of a number that does not end.
const PLACES: u8 = 10;

impl Trace {
    /// 解释: why a number is what it is, one line a node, inputs indented below; a repeated node is told once.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`].
    ///
    /// # Source
    /// House rule: every amount can be asked why.
    pub fn explain(&self, id: TraceId, language: Language) -> Result<Vec<String>, SettlementError> {
        let mut told = BTreeSet::new();
        let mut lines = Vec::new();
        let mut open = vec![(id, 0_usize)];
        while let Some((id, depth)) = open.pop() {
            let node = self.node(id)?;
            let indent = "  ".repeat(depth);
            if !told.insert(id) && !node.inputs.is_empty() {
                let again = language.pick("as above", "同上");
                lines.push(format!("{indent}{} ({again})", self.headline(node, language)));
                continue;
            }
            lines.push(format!("{indent}{}{}", self.headline(node, language), self.reason(node, language)?));
            open.extend(node.inputs.iter().rev().map(|input| (*input, depth.saturating_add(1))));
        }
        Ok(lines)
    }

    /// Name and value of a node.
    fn headline(&self, node: &TraceNode, language: Language) -> String {
        let mut name = match (&node.subject.kind, language) {
            (Some(kind), Language::En) => kind.name_en(),
            (Some(kind), Language::Zh) => kind.name_zh(),
            (None, Language::En) => node.subject.what.name_en(),
            (None, Language::Zh) => node.subject.what.name_zh(),
        }
        .to_owned();
        if !node.subject.of.is_empty() {
            name.push_str(&format!(" [{}]", node.subject.of));
        }
        if let Some(on) = node.subject.on {
            name.push_str(&format!(" {on}"));
        }
        format!("{name}{}{}", language.pick(": ", "："), self.shown(&node.result, node.measure))
    }

    /// The formula with its inputs, and the rounding.
    fn reason(&self, node: &TraceNode, language: Language) -> Result<String, SettlementError> {
        let mut operands = Vec::with_capacity(node.inputs.len());
        for input in &node.inputs {
            let input = self.node(*input)?;
            operands.push(self.shown(&input.result, input.measure));
        }
        let mut text = match formula(&node.formula, &operands, language) {
            Some(text) => format!(" = {text}"),
            None => String::new(),
        };
        if let Some(rounding) = node.rounding
            && node.raw != node.result
        {
            let raw = self.shown(&node.raw, node.measure);
            let mode = rounding.mode();
            text.push_str(&match language {
                Language::En => format!("; rounded {mode} from {raw}"),
                Language::Zh => format!("；由 {raw} 按 {mode} 舍入"),
            });
        }
        Ok(text)
    }

    fn shown(&self, value: &Exact, measure: Measure) -> String {
        match measure {
            Measure::Amount => {
                let places = self.currency().exponent();
                let major =
                    Exact::ratio(1, self.currency().minor_per_major()).and_then(|unit| value.mul(&unit));
                major.map_or_else(|_| value.to_string(), |major| number(&major, places))
            }
            Measure::Number => number(value, 0),
            Measure::Share => {
                let percent = value.mul(&Exact::from_int(100));
                percent.map_or_else(|_| value.to_string(), |percent| format!("{}%", number(&percent, 0)))
            }
        }
    }
}

/// Decimal text with at least `places` decimals; `…` marks a number that goes on.
fn number(value: &Exact, places: u8) -> String {
    let places = usize::from(places);
    let text = value.to_fixed(PLACES, RoundingMode::Down);
    let ends = Decimal::from_str_exact(&text).is_ok_and(|shown| Exact::from_decimal(shown) == *value);
    let Some((whole, fraction)) = text.split_once('.') else { return text };
    let kept = fraction.trim_end_matches('0').len().max(places);
    let fraction = fraction.get(..kept).unwrap_or(fraction);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{whole}{point}{fraction}{}", if ends { "" } else { "…" })
}

fn formula(formula: &Formula, inputs: &[String], language: Language) -> Option<String> {
    let join = |sign: &str| -> String {
        if inputs.len() <= MAX_SHOWN {
            return inputs.join(sign);
        }
        match language {
            Language::En => {
                format!("{}{sign}… ({} items)", inputs.first().map_or("", String::as_str), inputs.len())
            }
            Language::Zh => {
                format!("{}{sign}…（共 {} 项）", inputs.first().map_or("", String::as_str), inputs.len())
            }
        }
    };
    let at = |index: usize| inputs.get(index).map_or("", String::as_str);
    Some(match formula {
        Formula::Given => return None,
        Formula::Take => at(0).to_owned(),
        Formula::Sum if inputs.is_empty() => language.pick("nothing to add", "无").to_owned(),
        Formula::Sum => join(" + "),
        Formula::Subtract => join(" − "),
        Formula::Multiply => join(" × "),
        Formula::Prorate => format!("{} × {} / {}", at(0), at(1), at(2)),
        Formula::TaxInside => format!("{} × {} / (100% + {})", at(0), at(1), at(1)),
        Formula::TaxOnTop => format!("{} × {}", at(0), at(1)),
        Formula::WithoutTax => format!("{} / (100% + {})", at(0), at(1)),
        Formula::Larger => format!("{} {}", language.pick("the larger of", "取高"), join(" | ")),
        Formula::Smaller => format!("{} {}", language.pick("the smaller of", "取低"), join(" | ")),
        Formula::Excess => format!("{} (0 | {})", language.pick("the larger of", "取高"), join(" − ")),
        Formula::EqualShare { index, count } => {
            let number = index.saturating_add(1);
            match language {
                Language::En => format!("part {number} of {count} equal parts of {}", at(0)),
                Language::Zh => format!("{} 平均分 {count} 份之第 {number} 份", at(0)),
            }
        }
        Formula::Share { index } => {
            let number = index.saturating_add(1);
            let weights = inputs.get(1..).unwrap_or_default().join(" : ");
            match language {
                Language::En => format!("share {number} of {} by {weights}", at(0)),
                Language::Zh => format!("{} 按 {weights} 分摊之第 {number} 份", at(0)),
            }
        }
        Formula::Band { method, band, .. } => {
            let upper = band.upper.map_or_else(|| "∞".to_owned(), |upper| upper.normalize().to_string());
            let pay = match band.pay {
                crate::TierPay::Rate(rate) => rate.to_string(),
                crate::TierPay::PerUnit(amount) => amount.normalize().to_string(),
            };
            let flat =
                if band.flat.is_zero() { String::new() } else { format!(" + {}", band.flat.normalize()) };
            let (lower, x) = (band.lower.normalize(), at(0));
            match (method, language) {
                (crate::TierMethod::Marginal, Language::En) => {
                    format!("the part of {x} between {lower} and {upper} × {pay}{flat}")
                }
                (crate::TierMethod::Marginal, Language::Zh) => {
                    format!("{x} 中 {lower} 至 {upper} 部分 × {pay}{flat}")
                }
                (crate::TierMethod::Rolling, Language::En) => format!("{x} up to {upper} × {pay}{flat}"),
                (crate::TierMethod::Rolling, Language::Zh) => format!("{x} 至 {upper} 为止 × {pay}{flat}"),
                (_, Language::En) => format!("all of {x} × {pay}{flat}, tier from {lower}"),
                (_, Language::Zh) => format!("{x} 全额 × {pay}{flat}，档位起点 {lower}"),
            }
        }
        Formula::Ratio => format!("{} / {}", at(0), at(1)),
        Formula::FullMultiples => match language {
            Language::En => format!("full {} in {}", at(1), at(0)),
            Language::Zh => format!("{} 中满 {} 的次数", at(0), at(1)),
        },
        Formula::TierRate { band, .. } => {
            let (lower, x) = (band.lower.normalize(), at(0));
            match language {
                Language::En => format!("what the tier from {lower} pays, reached by {x}"),
                Language::Zh => format!("{x} 达到起点 {lower} 的档位"),
            }
        }
        Formula::OnHold => match language {
            Language::En => format!("{}, not settled: its evidence is missing", at(0)),
            Language::Zh => format!("{}，凭证未到，暂不结算", at(0)),
        },
        Formula::NotChosen => match language {
            Language::En => format!("0 instead of {}; {} prevails", at(0), at(1)),
            Language::Zh => format!("0，不计 {}，以 {} 为准", at(0), at(1)),
        },
    })
}
