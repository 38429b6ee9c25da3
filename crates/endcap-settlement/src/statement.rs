//! [`Statement`]: what one settlement run posts, whole and explained.

use std::collections::BTreeMap;

use endcap_calendar::{Due, Period};
use endcap_types::{AccountId, ContractId, Currency, Exact, Money, StatementId};

use crate::canon::Canon;
use crate::{
    Basis, Column, Language, Layer, LineKind, MethodKind, RollForward, SettlementError, SideAmount,
    StatementLine, TierOutlook, Trace, TraceId,
};

/// 合计: the sums of a statement, all with VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Totals {
    /// 货款: owed for goods.
    pub goods: Money,
    /// 票折.
    pub on_invoice: Money,
    /// 票扣.
    pub invoice_deduct: Money,
    /// 开票金额: `goods − on_invoice − invoice_deduct`.
    pub invoice: Money,
    /// VAT of the goods invoice.
    pub invoice_tax: Money,
    /// 账扣.
    pub payment_deduct: Money,
    /// 预付款.
    pub advances: Money,
    /// 调整.
    pub adjustments: Money,
    /// 应付金额: `invoice − payment_deduct − advances + adjustments`; negative when the supplier owes.
    pub payment: Money,
    /// 单独结算.
    pub separate: Money,
    /// 待凭证: on hold, in no other sum.
    pub on_hold: Money,
}

impl Totals {
    /// 费用合计: everything the trade terms cost: 票折 + 票扣 + 账扣 + separate.
    ///
    /// # Errors
    /// - [`SettlementError::Types`] when the sum is out of range.
    pub fn cost_of_terms(&self) -> Result<Money, SettlementError> {
        let parts = [self.on_invoice, self.invoice_deduct, self.payment_deduct, self.separate];
        Ok(Money::sum(parts, self.goods.currency())?)
    }
}

/// Why each total is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TotalTraces {
    /// Of the goods.
    pub goods: TraceId,
    /// Of 票折.
    pub on_invoice: TraceId,
    /// Of 票扣.
    pub invoice_deduct: TraceId,
    /// Of the invoice.
    pub invoice: TraceId,
    /// Of its VAT.
    pub invoice_tax: TraceId,
    /// Of 账扣.
    pub payment_deduct: TraceId,
    /// Of the advances.
    pub advances: TraceId,
    /// Of the adjustments.
    pub adjustments: TraceId,
    /// Of the payment.
    pub payment: TraceId,
    /// Of what is settled separately.
    pub separate: TraceId,
    /// Of what is on hold.
    pub on_hold: TraceId,
}

/// 进销存: the stock of consignment goods over the period.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StockReport {
    /// Roll-forward of each SKU, by SKU.
    pub rolls: Vec<RollForward>,
    /// What is left of each delivery: the opening layers of the next period.
    pub closing_layers: Vec<Layer>,
}

/// The parts of a [`Statement`], before their identities are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct StatementParts {
    /// The id.
    pub id: StatementId,
    /// The contract.
    pub contract: ContractId,
    /// The account.
    pub account: AccountId,
    /// The settlement period.
    pub period: Period,
    /// How goods were settled.
    pub method: MethodKind,
    /// The currency.
    pub currency: Currency,
    /// The lines, in the order of columns, kinds and ids.
    pub lines: Vec<StatementLine>,
    /// The sums.
    pub totals: Totals,
    /// Why the sums are what they are.
    pub total_traces: TotalTraces,
    /// When payment is due.
    pub due: Due,
    /// Stock of consignment goods.
    pub stock: Option<StockReport>,
    /// How far tiered clauses are from their next thresholds, by clause.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub outlook: Vec<TierOutlook>,
    /// What is left of the opening balances of advances, oldest first: the balances of the next period.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub advances_left: Vec<SideAmount>,
    /// Why every amount is what it is.
    pub trace: Trace,
}

/// 对账单 / 结算单: one settlement of one contract for one period.
///
/// By constructor: every total is the sum of its lines, `invoice = goods − 票折 − 票扣`,
/// `payment = invoice − 账扣 − advances + adjustments`, `net + tax = amount` on every line, and every amount equals the
/// trace node it points to.
///
/// # Source
/// House rule; the three deduction columns are those of Chinese retail statements.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "StatementParts", into = "StatementParts"))]
pub struct Statement {
    parts: StatementParts,
}

impl Statement {
    /// Checks the identities and takes the parts.
    ///
    /// # Errors
    /// - [`SettlementError::IdentityBroken`] with the first identity that fails.
    /// - [`SettlementError::TraceMissing`] for an amount without its trace.
    /// - [`SettlementError::Types`] when a sum is out of range or currencies mix.
    pub fn new(parts: StatementParts) -> Result<Self, SettlementError> {
        let check = Check { trace: &parts.trace };
        let mut sums: BTreeMap<Column, Money> =
            Column::ALL.into_iter().map(|column| (column, Money::zero(parts.currency))).collect();
        for line in &parts.lines {
            check.same("net + tax = amount", line.net.checked_add(&line.tax)?, line.amount)?;
            check.traced("line amount = its trace", line.amount, line.trace)?;
            check.traced("line VAT = its trace", line.tax, line.tax_trace)?;
            if let Some(sum) = sums.get_mut(&line.column) {
                *sum = sum.checked_add(&line.amount)?;
            }
        }
        let sum = |column: Column| sums.get(&column).copied().unwrap_or(Money::zero(parts.currency));
        let (totals, traces) = (&parts.totals, &parts.total_traces);
        check.total("goods = Σ lines", sum(Column::Goods), totals.goods, traces.goods)?;
        check.total("票折 = Σ lines", sum(Column::OnInvoice), totals.on_invoice, traces.on_invoice)?;
        check.total(
            "票扣 = Σ lines",
            sum(Column::InvoiceDeduct),
            totals.invoice_deduct,
            traces.invoice_deduct,
        )?;
        check.total(
            "账扣 = Σ lines",
            sum(Column::PaymentDeduct),
            totals.payment_deduct,
            traces.payment_deduct,
        )?;
        check.total("advances = Σ lines", sum(Column::Advance), totals.advances, traces.advances)?;
        check.total(
            "adjustments = Σ lines",
            sum(Column::Adjustment),
            totals.adjustments,
            traces.adjustments,
        )?;
        check.total("separate = Σ lines", sum(Column::Separate), totals.separate, traces.separate)?;
        check.total("on hold = Σ lines", sum(Column::OnHold), totals.on_hold, traces.on_hold)?;
        for told in &parts.outlook {
            check.traced("gain = its trace", told.gain, told.gain_trace)?;
            let missing = check.trace.node(told.missing_trace)?;
            let shown = match told.missing {
                Basis::Amount(money) => Exact::from_int(money.minor()),
                Basis::Quantity(quantity) => quantity.to_exact(),
                Basis::Count(count) => Exact::from_int(count.into()),
            };
            if shown != missing.result {
                return Err(SettlementError::TraceBroken { node: told.missing_trace });
            }
        }
        let invoice = totals.goods.checked_sub(&totals.on_invoice)?.checked_sub(&totals.invoice_deduct)?;
        check.total("invoice = goods − 票折 − 票扣", invoice, totals.invoice, traces.invoice)?;
        let payment = invoice.checked_sub(&totals.payment_deduct)?.checked_sub(&totals.advances)?;
        let payment = payment.checked_add(&totals.adjustments)?;
        let identity = "payment = invoice − 账扣 − advances + adjustments";
        check.total(identity, payment, totals.payment, traces.payment)?;
        check.traced("invoice VAT = its trace", totals.invoice_tax, traces.invoice_tax)?;
        Ok(Self { parts })
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> &StatementId {
        &self.parts.id
    }

    /// The contract.
    #[must_use]
    pub const fn contract(&self) -> &ContractId {
        &self.parts.contract
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.parts.account
    }

    /// The settlement period.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.parts.period
    }

    /// How goods were settled.
    #[must_use]
    pub const fn method(&self) -> MethodKind {
        self.parts.method
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.parts.currency
    }

    /// The lines, in the order of columns, kinds and ids.
    #[must_use]
    pub fn lines(&self) -> &[StatementLine] {
        &self.parts.lines
    }

    /// The lines of one kind.
    pub fn lines_of(&self, kind: LineKind) -> impl Iterator<Item = &StatementLine> {
        self.parts.lines.iter().filter(move |line| line.kind == kind)
    }

    /// The sums.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.parts.totals
    }

    /// Why the sums are what they are.
    #[must_use]
    pub const fn total_traces(&self) -> &TotalTraces {
        &self.parts.total_traces
    }

    /// 到期日: when payment is due, or what it is waiting for.
    #[must_use]
    pub const fn due(&self) -> &Due {
        &self.parts.due
    }

    /// 进销存: stock of consignment goods; none for the other methods.
    #[must_use]
    pub const fn stock(&self) -> Option<&StockReport> {
        self.parts.stock.as_ref()
    }

    /// 距下一档: how far tiered clauses are from their next thresholds, by clause.
    #[must_use]
    pub fn outlook(&self) -> &[TierOutlook] {
        &self.parts.outlook
    }

    /// 预付款余额: what is left of the opening balances of advances, oldest first.
    #[must_use]
    pub fn advances_left(&self) -> &[SideAmount] {
        &self.parts.advances_left
    }

    /// Why every amount is what it is.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.parts.trace
    }

    /// Why one line is what it is, in words.
    ///
    /// # Errors
    /// - [`SettlementError::TraceMissing`] when the line is not of this statement.
    pub fn explain(&self, line: &StatementLine, language: Language) -> Result<Vec<String>, SettlementError> {
        self.parts.trace.explain(line.trace, language)
    }

    /// The parts.
    #[must_use]
    pub fn into_parts(self) -> StatementParts {
        self.parts
    }

    /// 指纹: SHA-256 over everything the statement posts and carries forward, as 64 lower-case hexadecimal digits.
    ///
    /// Equal facts and terms give equal fingerprints, whatever the order in which they were listed. The form is version 2,
    /// and says so in its first bytes: trace ids are hashed from fewer bytes than in version 1, so both differ from those.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let parts = &self.parts;
        let canon = Canon::default()
            .text("endcap statement 2")
            .show(&parts.id)
            .show(&parts.contract)
            .show(&parts.account)
            .show(&parts.period)
            .text(parts.method.word())
            .text(parts.currency.code())
            .show(&parts.lines.len());
        let canon = parts.lines.iter().fold(canon, |canon, line| line.canon(canon));
        let (t, w) = (&parts.totals, &parts.total_traces);
        let amounts = [
            (t.goods, w.goods),
            (t.on_invoice, w.on_invoice),
            (t.invoice_deduct, w.invoice_deduct),
            (t.invoice, w.invoice),
            (t.invoice_tax, w.invoice_tax),
            (t.payment_deduct, w.payment_deduct),
            (t.advances, w.advances),
            (t.adjustments, w.adjustments),
            (t.payment, w.payment),
            (t.separate, w.separate),
        ];
        let canon = amounts.iter().fold(canon, |canon, (amount, trace)| canon.show(amount).show(trace));
        // What few statements have is added where it is, so that the others keep the bytes they always had.
        let held = parts.lines.iter().any(|line| line.column == Column::OnHold);
        let canon = if held { canon.text("held").show(&t.on_hold).show(&w.on_hold) } else { canon };
        let canon = parts.advances_left.iter().fold(canon, |canon, left| {
            canon.text("left").show(&left.document).show(&left.date).show(&left.amount)
        });
        let canon = canon.show(&parts.due);
        match &parts.stock {
            None => canon.text("-"),
            Some(stock) => {
                let canon = canon.text("+").show(&stock.rolls.len());
                let canon = stock.rolls.iter().fold(canon, |canon, roll| roll.canon(canon));
                stock.closing_layers.iter().fold(canon, |canon, layer| {
                    canon
                        .show(&layer.document)
                        .show(&layer.date)
                        .show(&layer.sku)
                        .show(&layer.delivered)
                        .show(&layer.amount)
                        .show(&layer.remaining)
                })
            }
        }
        .hex()
    }
}

struct Check<'a> {
    trace: &'a Trace,
}

impl Check<'_> {
    fn same(&self, identity: &'static str, left: Money, right: Money) -> Result<(), SettlementError> {
        if left == right { Ok(()) } else { Err(SettlementError::IdentityBroken { identity, left, right }) }
    }

    fn traced(&self, identity: &'static str, amount: Money, trace: TraceId) -> Result<(), SettlementError> {
        if *self.trace.result(trace)? == Exact::from_int(amount.minor())
            && self.trace.currency() == amount.currency()
        {
            return Ok(());
        }
        let told = self.trace.raw(trace)?.round(&endcap_types::Rounding::HALF_AWAY)?;
        Err(SettlementError::IdentityBroken { identity, left: amount, right: told })
    }

    fn total(
        &self,
        identity: &'static str,
        sum: Money,
        total: Money,
        trace: TraceId,
    ) -> Result<(), SettlementError> {
        self.same(identity, sum, total)?;
        self.traced(identity, total, trace)
    }
}

impl TryFrom<StatementParts> for Statement {
    type Error = SettlementError;

    fn try_from(parts: StatementParts) -> Result<Self, SettlementError> {
        Self::new(parts)
    }
}

impl From<Statement> for StatementParts {
    fn from(statement: Statement) -> Self {
        statement.parts
    }
}
