//! Settlement of key accounts: consignment, credit terms, turnover deduction, every clause netted and explained.
