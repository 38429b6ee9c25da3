//! Cases for [`super::broken`]: what each breaks, and the arguments it is run with.

use super::sample::Files;

/// A case: its name, what it changes, and more arguments.
pub type Case = (&'static str, fn(&mut Files), &'static [&'static str]);

/// Fields that cannot be read.
pub const FIELDS: &[Case] = &[
    ("missing_column", |f| _ = f.put("sales.csv", "units", "unit"), &[]),
    (
        "missing_columns_of_two_files",
        |f| _ = f.put("prices.csv", "from", "since").put("returns.csv", "price", "p"),
        &[],
    ),
    ("column_twice", |f| _ = f.put("payments.csv", "reference", "amount"), &[]),
    ("bad_date", |f| _ = f.put("sales.csv", "2026-05-01,", "01.05.2026,"), &[]),
    ("day_that_does_not_exist", |f| _ = f.put("deliveries.csv", "2026-05-04,", "2026-02-30,"), &[]),
    ("year_mistyped", |f| _ = f.put("payments.csv", "2026-06-05,", "0226-06-05,"), &[]),
    ("bad_month", |f| _ = f.put("activities.csv", "2026-05,", "2026-5,"), &[]),
    (
        "bad_number",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-05-11" && r[1] == "HEXI" && r[2] == "BIS-01" {
                    r[3] = "12 pcs"
                }
            })
        },
        &[],
    ),
    (
        "fraction_of_a_piece",
        |f| {
            f.map("stock_counts.csv", |r| {
                if r[0] == "2026-05-31" && r[2] == "NUT-01" {
                    r[3] = "10.5"
                }
            })
        },
        &[],
    ),
    (
        "negative_pieces",
        |f| {
            f.map("deliveries.csv", |r| {
                if r[1] == "DN-HEXI-260601" && r[3] == "BIS-01" {
                    r[4] = "-24"
                }
            })
        },
        &[],
    ),
    (
        "negative_price",
        |f| {
            f.map("prices.csv", |r| {
                if r[0] == "TIANMAI" && r[1] == "NUT-01" {
                    r[3] = "-0.01"
                }
            })
        },
        &[],
    ),
    (
        "too_precise_amount",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-06-01" && r[2] == "DAI-01" {
                    r[4] = "1234.567"
                }
            })
        },
        &[],
    ),
    (
        "thousands_separator",
        |f| {
            f.map("payments.csv", |r| {
                if r[1] == "BR-0255" {
                    r[4] = "315 458.67"
                }
            })
        },
        &[],
    ),
    (
        "too_large_amount",
        |f| {
            f.map("payments.csv", |r| {
                if r[1] == "BR-0255" {
                    r[4] = "99999999999999.00"
                }
            })
        },
        &[],
    ),
    (
        "amount_of_zero",
        |f| {
            f.map("payments.csv", |r| {
                if r[1] == "BR-0255" {
                    r[4] = "0.00"
                }
            })
        },
        &[],
    ),
    (
        "sign_of_the_amount",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-06-22" && r[2] == "TEA-01" {
                    r[3] = "-3"
                }
            })
        },
        &[],
    ),
    (
        "currency_mix",
        |f| {
            f.map("payments.csv", |r| {
                if r[1] == "BR-0255" {
                    r[4] = "$315458.67"
                } else if r[1] == "BR-0258" || r[1] == "BR-0262" {
                    r[4] = "USD 1.00"
                }
            })
        },
        &[],
    ),
    (
        "too_many_fields",
        |f| {
            f.map("prices.csv", |r| {
                if r[0] == "YUEHE" && r[1] == "BIS-02" {
                    r.push("x")
                }
            })
        },
        &[],
    ),
    ("open_quote", |f| _ = f.put("payments.csv", "BR-0255", "\"BR-0255"), &[]),
    (
        "case_of_none",
        |f| {
            f.map("skus.csv", |r| {
                if r[0] == "BIS-02" {
                    r[5] = "0"
                }
            })
        },
        &[],
    ),
    (
        "tax_rate_with_its_sign",
        |f| {
            f.map("skus.csv", |r| {
                if r[0] == "BIS-02" {
                    r[6] = "13%"
                }
            })
        },
        &[],
    ),
    (
        "size_of_nothing",
        |f| {
            f.map("skus.csv", |r| {
                if r[0] == "BIS-02" {
                    r[8] = "0"
                }
            })
        },
        &[],
    ),
    (
        "long_id",
        |f| _ = f.put("stores.csv", "HEXI-001", "HEXI-001-WITH-A-NAME-THAT-IS-LONGER-THAN-40-CHARACTERS"),
        &[],
    ),
    ("no_id", |f| _ = f.put("stores.csv", "HEXI-001", " "), &[]),
];

/// Files that do not fit each other.
pub const REFERENCES: &[Case] = &[
    (
        "unknown_account_in_sales",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-05-11" && r[2] == "BIS-01" && r[1] == "HEXI" {
                    r[1] = "HEXY"
                }
            })
        },
        &[],
    ),
    (
        "unknown_account_in_contracts",
        |f| _ = f.put("contracts.toml", "account = \"HEXI\"", "account = \"HEXY\""),
        &[],
    ),
    (
        "unknown_account_in_fixtures",
        |f| _ = f.put("fixtures.toml", "account = \"HEXI\"", "account = \"HEXY\""),
        &[],
    ),
    ("account_without_contract", |f| _ = f.add("accounts.csv", "NEWCO,New company,新公司,club"), &[]),
    (
        "unknown_sku",
        |f| {
            f.map("deliveries.csv", |r| {
                if r[1] == "DN-HEXI-260601" && r[3] == "BIS-01" {
                    r[3] = "BIS-99"
                }
            })
        },
        &[],
    ),
    ("unknown_sku_in_fixtures", |f| _ = f.put("fixtures.toml", "\"NUT-01\"", "\"NUT-99\""), &[]),
    ("unknown_category_in_fixtures", |f| _ = f.put("fixtures.toml", "\"Chilled dairy\"", "\"Cheese\""), &[]),
    (
        "unknown_promotion",
        |f| {
            f.map("sales.csv", |r| {
                if r[5] == "P26-05" && r[0] == "2026-06-08" {
                    r[5] = "P26-50"
                }
            })
        },
        &[],
    ),
    (
        "promotion_of_another_account",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-06-08" && r[1] == "YUEHE" && r[2] == "BIS-02" {
                    r[5] = "P26-05"
                }
            })
        },
        &[],
    ),
    ("unknown_sku_of_a_promotion", |f| _ = f.put("promotions.csv", "DAI-02|DAI-03", "DAI-02 | DAI-33"), &[]),
    (
        "promotion_that_ends_before_it_begins",
        |f| _ = f.put("promotions.csv", "2026-06-14", "2026-05-14"),
        &[],
    ),
    ("unknown_activity", |f| _ = f.put("activities.csv", "delivery drop", "delivery dorp"), &[]),
    ("unknown_statement_in_payments", |f| _ = f.put("payments.csv", "TIANMAI-SHOP@", "TIANMAI@"), &[]),
    ("statement_of_another_account_in_payments", |f| _ = f.put("payments.csv", ",TIANMAI,", ",HEXI,"), &[]),
    (
        "statement_after_its_payment",
        |f| _ = f.put("payments.csv", "2026-05-01..2026-06-01", "2026-06-01..2026-07-01"),
        &[],
    ),
    ("no_price_for_what_is_sold", |f| f.keep("prices.csv", |r| !(r[0] == "HEXI" && r[1] == "BIS-01")), &[]),
    (
        "price_that_begins_too_late",
        |f| {
            f.map("prices.csv", |r| {
                if r[0] == "YUEHE" && r[1] == "DAI-01" {
                    r[2] = if r[2] < "2025" { "2026-06-15" } else { "2026-07-01" }
                }
            })
        },
        &[],
    ),
    (
        "order_that_is_due_before_it_was_made",
        |f| {
            f.map("open_orders.csv", |r| {
                if r[3] == "BIS-03" {
                    r[1] = "2026-06-01"
                }
            })
        },
        &[],
    ),
    ("duplicate_account", |f| _ = f.add("accounts.csv", "HEXI,Hexi again,和喜,hypermarket"), &[]),
    ("duplicate_store", |f| _ = f.add("stores.csv", "HEXI-001,YUEHE,Again,Hangzhou"), &[]),
    (
        "duplicate_sku",
        |f| _ = f.add("skus.csv", "BIS-01,Again,再,Luming,Biscuits,24,13,4.02,160,210,60,270"),
        &[],
    ),
    ("duplicate_price", |f| _ = f.add("prices.csv", "HEXI,BIS-01,2024-07-01,9.99"), &[]),
    (
        "duplicate_line_of_a_delivery",
        |f| {
            let line = f.0["deliveries.csv"].lines().nth(7).unwrap_or_default().to_owned();
            f.add("deliveries.csv", &line);
        },
        &[],
    ),
    ("duplicate_count", |f| _ = f.add("stock_counts.csv", "2026-06-30,HEXI,BIS-01,7"), &[]),
    ("duplicate_activity", |f| _ = f.add("activities.csv", "2026-06,HEXI,order,5"), &[]),
    (
        "duplicate_promotion",
        |f| _ = f.add("promotions.csv", "P26-05,HEXI,SAU-01,2026-06-15,2026-06-21,price_off,15,0.90,0.00"),
        &[],
    ),
    ("duplicate_receipt", |f| _ = f.add("payments.csv", "2026-06-29,BR-0255,TIANMAI,,1.00"), &[]),
    (
        "duplicate_contract",
        |f| _ = f.put("contracts.toml", "id = \"HEXI-CHILLED\"", "id = \"HEXI-DRY\""),
        &[],
    ),
];

/// Contracts and settings.
pub const TERMS: &[Case] = &[
    (
        "contract_in_another_currency",
        |f| {
            _ = f.put(
                "contracts.toml",
                "account = \"HEXI\"\ncurrency = \"CNY\"",
                "account = \"HEXI\"\ncurrency = \"USD\"",
            )
        },
        &[],
    ),
    ("unknown_currency", |f| _ = f.put("contracts.toml", "currency = \"CNY\"", "currency = \"RMB\""), &[]),
    (
        "costs_in_another_currency",
        |f| _ = f.put("activity_rates.toml", "currency = \"CNY\"", "currency = \"USD\""),
        &[],
    ),
    (
        "toml_syntax",
        |f| _ = f.put("contracts.toml", "method = { credit_terms = {} }", "method = { credit_terms = {} "),
        &[],
    ),
    ("field_mistyped", |f| _ = f.put("activity_rates.toml", "monthly_cost =", "month_cost ="), &[]),
    ("bad_payment_terms", |f| _ = f.put("contracts.toml", "eom;days(45)", "eom;dayz(45)"), &[]),
    ("rate_without_unit", |f| _ = f.put("contracts.toml", "rate = \"8%\"", "rate = \"8\""), &[]),
    (
        "contracts_that_overlap",
        |f| _ = f.put("contracts.toml", "scope = { except = { categories = [\"Chilled dairy\"] } }\n", ""),
        &[],
    ),
    (
        "goods_without_contract",
        |f| {
            _ = f.put(
                "contracts.toml",
                "except = { categories = [\"Chilled dairy\"]",
                "except = { categories = [\"Chilled dairy\", \"Nuts\"]",
            )
        },
        &[],
    ),
    (
        "contract_that_ran_out",
        |f| _ = f.put("contracts.toml", "2024-01-01..=2026-12-31", "2024-01-01..=2026-06-15"),
        &[],
    ),
    ("shelf_without_width", |f| _ = f.put("fixtures.toml", "width_mm = 1200", "width_mm = 0"), &[]),
    (
        "capacity_of_zero",
        |f| {
            _ = f.put("activity_rates.toml", "7500", "0").put(
                "activity_rates.toml",
                "\"9000.00\"",
                "\"-9000.00\"",
            )
        },
        &[],
    ),
    (
        "consignment_without_opening_count",
        |f| f.keep("stock_counts.csv", |r| r[0] > "2026-04-30" || r[1] != "YUEHE" || r[2] != "DAI-01"),
        &["--month", "2026-05"],
    ),
];

/// Whole files, months, and several problems at once.
pub const FILES: &[Case] = &[
    ("empty_file", |f| _ = f.0.insert("sales.csv".to_owned(), String::new()), &[]),
    ("only_a_header", |f| _ = f.clear("sales.csv"), &[]),
    ("no_counts", |f| _ = f.clear("stock_counts.csv"), &[]),
    ("missing_file", |f| _ = f.0.remove("payments.csv"), &[]),
    ("missing_contracts", |f| _ = f.0.remove("contracts.toml"), &[]),
    ("missing_directory", |f| f.0.clear(), &["--contracts", "data/contracts.toml"]),
    ("date_far_from_the_others", |f| _ = f.add("sales.csv", "2062-06-01,HEXI,BIS-01,5,45.00,"), &[]),
    ("month_before_the_data", |_| {}, &["--month", "2026-04"]),
    ("month_after_the_data", |_| {}, &["--month", "2026-07"]),
    (
        "several_problems",
        |f| {
            f.put("sales.csv", "promotion", "promo");
            f.map("payments.csv", |r| {
                if r[1] == "BR-0255" {
                    r[0] = "5 June"
                }
            });
            f.map("deliveries.csv", |r| {
                if r[1] == "DN-HEXI-260601" && r[3] == "BIS-02" {
                    r[4] = "many"
                }
            });
            f.put("activity_rates.toml", "capacity_minutes = 34000", "capacity_minutes = -1");
            f.put("contracts.toml", "id = \"HEXI-CHILLED\"", "id = \"HEXI-DRY\"");
        },
        &[],
    ),
    (
        "more_problems_than_are_shown",
        |f| {
            f.map("sales.csv", |r| {
                if r[0] == "2026-05-11" {
                    r[4] = "n/a"
                }
            })
        },
        &[],
    ),
];
