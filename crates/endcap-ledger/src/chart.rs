//! The chart of accounts of a supplier to key accounts, as data.

use crate::{Account, AccountKind, Dimension, LedgerError, Side};

use AccountKind::{Asset, Expense, Income, Liability};
use Dimension::{KeyAccount, None, OpenItems};

type Row = (&'static str, &'static str, &'static str, AccountKind, Dimension);

/// Accounts that grow on the other side than their kind.
const CONTRA: [(&str, Side); 4] =
    [("1231", Side::Credit), ("6001.01", Side::Debit), ("6001.02", Side::Debit), ("6001.03", Side::Debit)];

#[rustfmt::skip]
const ROWS: [Row; 38] = [
    ("1002",    "Bank",                                  "银行存款",               Asset,     None),
    ("1122",    "Accounts receivable",                   "应收账款",               Asset,     OpenItems),
    ("1221",    "Other receivables",                     "其他应收款",             Asset,     KeyAccount),
    ("1231",    "Loss allowance",                        "坏账准备",               Asset,     KeyAccount),
    ("1405",    "Goods in stock",                        "库存商品",               Asset,     None),
    ("1406",    "Goods dispatched",                      "发出商品",               Asset,     KeyAccount),
    ("1485",    "Right to returned goods",               "应收退货成本",           Asset,     None),
    ("1901",    "Count differences pending",             "待处理财产损溢",         Asset,     None),
    ("2203",    "Advances from customers",               "预收账款",               Liability, KeyAccount),
    ("2205",    "Contract liabilities",                  "合同负债",               Liability, KeyAccount),
    ("2221.01", "Output VAT",                            "应交税费:销项税额",      Liability, None),
    ("2221.02", "Input VAT",                             "应交税费:进项税额",      Liability, None),
    ("2221.03", "Output VAT to be transferred",          "应交税费:待转销项税额",  Liability, None),
    ("2241",    "Rebates payable",                       "其他应付款:应付返利",    Liability, KeyAccount),
    ("3002",    "Currency exchange",                     "货币兑换",               Asset,     None),
    ("4103",    "Profit of the year",                    "本年利润",               AccountKind::Equity, None),
    ("6001",    "Sales",                                 "主营业务收入",           Income,    None),
    ("6001.01", "Sales: rebates",                        "主营业务收入:返利冲减",  Income,    None),
    ("6001.02", "Sales: consideration to customers",     "主营业务收入:应付客户对价", Income, None),
    ("6001.03", "Sales: returns",                        "主营业务收入:退货",      Income,    None),
    ("6001.04", "Sales: settlement adjustments",         "主营业务收入:结算调整",  Income,    None),
    ("6401",    "Cost of sales",                         "主营业务成本",           Expense,   None),
    ("6601",    "Selling expenses",                      "销售费用",               Expense,   None),
    ("6601.01", "Commission on consignment",             "销售费用:代销手续费",    Expense,   None),
    ("6601.02", "Turnover deduction",                    "销售费用:扣点",          Expense,   None),
    ("6601.03", "Display fees",                          "销售费用:陈列费",        Expense,   None),
    ("6601.04", "Listing fees",                          "销售费用:进场费",        Expense,   None),
    ("6601.05", "Promotion",                             "销售费用:促销",          Expense,   None),
    ("6601.06", "DM leaflets",                           "销售费用:DM海报",        Expense,   None),
    ("6601.07", "Aisle-end displays",                    "销售费用:堆头",          Expense,   None),
    ("6601.08", "Logistics",                             "销售费用:物流",          Expense,   None),
    ("6601.09", "Stock losses",                          "销售费用:盘亏",          Expense,   None),
    ("6601.10", "Penalties",                             "销售费用:罚款",          Expense,   None),
    ("6601.11", "Bad debts written off",                 "销售费用:坏账核销",      Expense,   None),
    ("6601.12", "Promoters",                             "销售费用:促销员",        Expense,   None),
    ("6603",    "Finance costs",                         "财务费用",               Expense,   None),
    ("6603.01", "Exchange differences",                  "财务费用:汇兑差额",      Expense,   None),
    ("6702",    "Credit losses",                         "信用减值损失",           Expense,   None),
];

/// The default chart (会计科目表): codes of the Chinese standards beside English names, sub-accounts numbered by us.
///
/// 1122 is the control account of open items. Each account takes every currency. Change or leave out what does not
/// fit before opening it: no rule of the ledger depends on a code.
///
/// # Errors
///
/// - None in practice: every row obeys the rules of [`Account::new`].
///
/// # Source
///
/// Ministry of Finance, 企业会计准则应用指南, appendix of accounts, for the four-digit codes; 2205, 1485 and 6702 as in
/// the list of 2021. Sub-accounts are a house rule.
pub fn key_account_supplier() -> Result<Vec<Account>, LedgerError> {
    ROWS.iter()
        .map(|(code, name, name_zh, kind, dimension)| {
            let account = Account::new(*code, (name, name_zh), *kind)?.with_dimension(*dimension);
            let contra = CONTRA.iter().find(|(contra, _)| contra == code);
            Ok(contra.map_or(account.clone(), |(_, side)| account.with_normal_side(*side)))
        })
        .collect()
}
