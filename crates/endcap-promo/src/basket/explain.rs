//! A settled basket in words.

use super::{AppliedOffer, BasketSettlement, Funder, LimitScope, LineOutcome, Status};
use crate::Language;

impl BasketSettlement {
    /// Why each line costs what it costs and what each offer did, one sentence an item: lines, offers, total.
    ///
    /// # Source
    ///
    /// House rule: every amount can be asked why.
    #[must_use]
    pub fn explain(&self, language: Language) -> Vec<String> {
        let mut words: Vec<String> = self.lines.iter().map(|line| line_words(line, language)).collect();
        words.extend(self.offers.iter().map(|offer| offer.words(language)));
        words.push(match language {
            Language::En => format!("Total {} − {} = {} to pay.", self.list, self.discount, self.pay),
            Language::Zh => format!("合计 {} − 优惠 {} = 应付 {}。", self.list, self.discount, self.pay),
        });
        words
    }
}

fn line_words(line: &LineOutcome, language: Language) -> String {
    let (sku, units, price) = (&line.sku, line.units, line.unit_price.to_amount_string());
    let list = line.list.to_amount_string();
    let pay = line.pay.to_amount_string();
    let cuts: Vec<String> = line
        .discounts
        .iter()
        .map(|(offer, off)| format!(" − {} ({offer})", off.to_amount_string()))
        .collect();
    let cuts = cuts.concat();
    match language {
        Language::En => format!("{sku}: {units} × {price} = {list}{cuts} = {pay}."),
        Language::Zh => format!("{sku}：{units} 件 × {price} = {list}{cuts} = {pay}。"),
    }
}

impl AppliedOffer {
    /// What the offer did, or why it did nothing, in one sentence.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let (en, zh) = self.names;
        let mut gains = Vec::new();
        let amount = |money: &endcap_types::Money| money.to_amount_string();
        match language {
            Language::En => {
                if self.discount.is_positive() {
                    gains.push(format!("{} off {} unit(s)", amount(&self.discount), self.units));
                }
                if self.later.is_positive() {
                    gains.push(format!("{} to claim later", amount(&self.later)));
                }
                if self.points > 0 {
                    gains.push(format!("{} points", self.points));
                }
                gains.extend(self.handed_out.iter().map(|out| {
                    format!("{} × {} handed out, worth {}", out.units, out.sku, amount(&out.value))
                }));
                let funding: Vec<String> = self
                    .funding
                    .iter()
                    .map(|(funder, share)| format!("{} pays {}", funder.words(language), amount(share)))
                    .collect();
                let gains = if gains.is_empty() { "nothing".to_owned() } else { gains.join(", ") };
                let funding =
                    if funding.is_empty() { String::new() } else { format!(" ({})", funding.join(", ")) };
                format!("{} ({en}): {gains}{funding}{}.", self.offer, self.status.words(language))
            }
            Language::Zh => {
                if self.discount.is_positive() {
                    gains.push(format!("优惠 {}，涉及 {} 件", amount(&self.discount), self.units));
                }
                if self.later.is_positive() {
                    gains.push(format!("可返现 {}", amount(&self.later)));
                }
                if self.points > 0 {
                    gains.push(format!("积分 {}", self.points));
                }
                gains.extend(
                    self.handed_out
                        .iter()
                        .map(|out| format!("赠送 {} × {}，价值 {}", out.sku, out.units, amount(&out.value))),
                );
                let funding: Vec<String> = self
                    .funding
                    .iter()
                    .map(|(funder, share)| format!("{}承担 {}", funder.words(language), amount(share)))
                    .collect();
                let gains = if gains.is_empty() { "无优惠".to_owned() } else { gains.join("，") };
                let funding =
                    if funding.is_empty() { String::new() } else { format!("（{}）", funding.join("，")) };
                format!("{}（{zh}）：{gains}{funding}{}。", self.offer, self.status.words(language))
            }
        }
    }
}

impl Funder {
    /// Who pays, in words.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match (self, language) {
            (Self::Retailer, Language::En) => "the retailer".to_owned(),
            (Self::Retailer, Language::Zh) => "零售商".to_owned(),
            (Self::Supplier, Language::En) => "the supplier".to_owned(),
            (Self::Supplier, Language::Zh) => "供应商".to_owned(),
            (Self::Partner(partner), _) => partner.to_string(),
        }
    }
}

impl LimitScope {
    const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Application, Language::En) => "one application",
            (Self::Application, Language::Zh) => "单次",
            (Self::Basket, Language::En) => "the basket",
            (Self::Basket, Language::Zh) => "单笔",
            (Self::Customer, Language::En) => "the customer",
            (Self::Customer, Language::Zh) => "每人",
            (Self::StoreDay, Language::En) => "the store and day",
            (Self::StoreDay, Language::Zh) => "门店当日",
            (Self::Total, Language::En) => "the promotion",
            (Self::Total, Language::Zh) => "活动总量",
        }
    }
}

impl Status {
    /// The reason, to go behind what an offer did; empty when it applied in full.
    fn words(&self, language: Language) -> String {
        match language {
            Language::En => match self {
                Self::Applied => String::new(),
                Self::CapReached { scope } => format!("; the limit of {} was reached", scope.words(language)),
                Self::UnitsShort { missing } => format!("; {missing} more unit(s) needed"),
                Self::SpendShort { missing } => format!("; {} more spend needed", missing.to_amount_string()),
                Self::GiftsShort { missing } => format!("; {missing} gift(s) out of stock"),
                Self::SetAside { taken, forgone } => {
                    format!("; {taken} was taken instead (this one was worth {})", forgone.to_amount_string())
                }
                Self::Excluded { by } => format!("; not together with {by}"),
                Self::OutsideWindow => "; outside its hours".to_owned(),
                Self::MembersOnly => "; for members only".to_owned(),
                Self::NothingTradedIn => "; no old item was handed over".to_owned(),
                Self::NothingEligible => "; nothing in the basket is eligible".to_owned(),
            },
            Language::Zh => match self {
                Self::Applied => String::new(),
                Self::CapReached { scope } => format!("；已达{}上限", scope.words(language)),
                Self::UnitsShort { missing } => format!("；还差 {missing} 件"),
                Self::SpendShort { missing } => format!("；还差 {}", missing.to_amount_string()),
                Self::GiftsShort { missing } => format!("；赠品缺 {missing} 件"),
                Self::SetAside { taken, forgone } => {
                    format!("；与 {taken} 互斥，未取（价值 {}）", forgone.to_amount_string())
                }
                Self::Excluded { by } => format!("；不与 {by} 同享"),
                Self::OutsideWindow => "；不在活动时段".to_owned(),
                Self::MembersOnly => "；仅限会员".to_owned(),
                Self::NothingTradedIn => "；未交旧件".to_owned(),
                Self::NothingEligible => "；无适用商品".to_owned(),
            },
        }
    }
}
