//! Laws of the plain values: currencies, money, rates, quantities, prices and ids.

use std::collections::BTreeSet;

use endcap_types::limits::{MAX_CASE_PACK, MAX_ID_CHARS, MAX_MINOR, MAX_QUANTITY};
use endcap_types::{
    AccountId, CasePack, Currency, Exact, Money, Price, Quantity, Rate, SkuId, TaxBasis, TypesError, Unit,
    Unrounded,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::common::{any_currency, any_decimal, any_minor, any_money, any_rate, money};

#[test]
fn currency_table_is_sorted_with_unique_codes_and_numerics() {
    let codes: Vec<&str> = Currency::all().map(Currency::code).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "sorted and unique");
    let numerics: BTreeSet<u16> = Currency::all().map(Currency::numeric).collect();
    assert_eq!(numerics.len(), codes.len());
    assert!(codes.len() > 150, "the active list has more than 150 codes, this table {}", codes.len());
    for currency in Currency::all() {
        let code = currency.code();
        assert!(code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
        assert!((1..=999).contains(&currency.numeric()), "{code}");
        assert!(currency.exponent() <= 4, "{code}");
        assert_eq!(currency.minor_per_major(), 10_i128.pow(u32::from(currency.exponent())), "{code}");
        assert!(!currency.name().is_empty(), "{code}");
        assert_eq!(Currency::from_code(code), Ok(currency));
    }
}

#[test]
fn every_currency_constant_names_itself() {
    let constants = [
        (Currency::CNY, "CNY", 156, 2),
        (Currency::USD, "USD", 840, 2),
        (Currency::EUR, "EUR", 978, 2),
        (Currency::GBP, "GBP", 826, 2),
        (Currency::JPY, "JPY", 392, 0),
        (Currency::KRW, "KRW", 410, 0),
        (Currency::HKD, "HKD", 344, 2),
        (Currency::TWD, "TWD", 901, 2),
        (Currency::SGD, "SGD", 702, 2),
        (Currency::KWD, "KWD", 414, 3),
        (Currency::CLF, "CLF", 990, 4),
        (Currency::CHF, "CHF", 756, 2),
        (Currency::THB, "THB", 764, 2),
        (Currency::VND, "VND", 704, 0),
    ];
    for (currency, code, numeric, exponent) in constants {
        assert_eq!((currency.code(), currency.numeric(), currency.exponent()), (code, numeric, exponent));
    }
}

/// The exceptions to two decimals, from ISO 4217 list one; everything else has exponent 2.
#[test]
fn exponents_other_than_two_are_the_published_ones() {
    let zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    let three = "BHD IQD JOD KWD LYD OMR TND";
    let four = "CLF UYW";
    for currency in Currency::all() {
        let listed = |list: &str| list.split(' ').any(|code| code == currency.code());
        let expected = if listed(zero) {
            0
        } else if listed(three) {
            3
        } else if listed(four) {
            4
        } else {
            2
        };
        assert_eq!(currency.exponent(), expected, "{currency}");
    }
}

proptest! {
    #[test]
    fn money_is_a_group_under_addition(
        a in any_minor(), b in any_minor(), c in any_minor(), currency in any_currency(),
    ) {
        let [a, b, c] = [a / 4, b / 4, c / 4].map(|minor| Money::from_minor(minor, currency).unwrap());
        prop_assert_eq!(a.checked_add(&b), b.checked_add(&a));
        prop_assert_eq!(
            a.checked_add(&b).unwrap().checked_add(&c),
            b.checked_add(&c).unwrap().checked_add(&a)
        );
        prop_assert_eq!(a.checked_add(&Money::zero(currency)), Ok(a));
        prop_assert_eq!(a.checked_add(&a.negated()), Ok(Money::zero(currency)));
        prop_assert_eq!(a.checked_sub(&b).unwrap().checked_add(&b), Ok(a));
        prop_assert_eq!(a.checked_sub(&b).unwrap(), b.checked_sub(&a).unwrap().negated());
    }

    #[test]
    fn money_addition_is_integer_addition_within_the_limit(
        a in any_minor(), b in any_minor(), currency in any_currency(),
    ) {
        let sum = Money::from_minor(a, currency).unwrap()
            .checked_add(&Money::from_minor(b, currency).unwrap());
        if (a + b).abs() <= MAX_MINOR {
            prop_assert_eq!(sum.map(|sum| sum.minor()), Ok(a + b));
        } else {
            prop_assert_eq!(sum, Err(TypesError::AmountOutOfRange { currency }));
        }
    }

    #[test]
    fn money_reads_back_what_it_writes(amount in any_money()) {
        let text = amount.to_amount_string();
        prop_assert_eq!(Money::parse(&text, amount.currency()), Ok(amount));
        prop_assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert_eq!(decimals, usize::from(amount.currency().exponent()));
    }

    #[test]
    fn money_and_decimal_agree_both_ways(amount in any_money()) {
        match amount.to_decimal() {
            Ok(value) => {
                prop_assert_eq!(Money::from_decimal(value, amount.currency()), Ok(amount));
                prop_assert_eq!(value.to_string(), amount.to_amount_string());
            }
            Err(_) => prop_assert!(amount.minor().unsigned_abs() >= 1 << 96),
        }
    }

    #[test]
    fn money_from_decimal_never_rounds(value in any_decimal(), currency in any_currency()) {
        match Money::from_decimal(value, currency) {
            Ok(amount) => prop_assert_eq!(
                Exact::ratio(amount.minor(), currency.minor_per_major()).unwrap(),
                Exact::from_decimal(value)
            ),
            Err(error) => {
                prop_assert!(value.normalize().scale() > u32::from(currency.exponent()));
                let too_precise = matches!(error, TypesError::TooPrecise { .. });
                prop_assert!(too_precise);
            }
        }
    }

    #[test]
    fn money_parse_never_panics(text in ".{0,80}", currency in any_currency()) {
        let _ = Money::parse(&text, currency);
        let _ = text.parse::<Money>();
        let _ = text.parse::<Rate>();
        let _ = text.parse::<Quantity>();
        let _ = text.parse::<Exact>();
        let _ = Currency::from_code(&text);
    }

    #[test]
    fn money_sum_does_not_depend_on_order(
        minors in prop::collection::vec(any_minor(), 0..12), swaps in any::<u64>(),
    ) {
        let amounts: Vec<Money> =
            minors.iter().map(|minor| Money::from_minor(*minor, Currency::CNY).unwrap()).collect();
        let sum = Money::sum(amounts.iter().copied(), Currency::CNY);
        let mut shuffled = amounts.clone();
        shuffled.sort_by_key(|amount| amount.minor().rotate_left(7) ^ i128::from(swaps));
        prop_assert_eq!(Money::sum(shuffled, Currency::CNY), sum.clone());
        // Twelve amounts below 10^36 fit an i128, so this is the true total.
        let total: i128 = minors.iter().sum();
        prop_assert_eq!(sum.ok().map(|sum| sum.minor()), Some(total).filter(|t| t.abs() <= MAX_MINOR));
    }

    #[test]
    fn money_order_sign_and_extremes_agree(a in any_minor(), b in any_minor()) {
        let (x, y) = (Money::from_minor(a, Currency::CNY).unwrap(), Money::from_minor(b, Currency::CNY).unwrap());
        prop_assert_eq!(x.compare(&y), Ok(a.cmp(&b)));
        prop_assert_eq!(x.larger(&y).unwrap().minor(), a.max(b));
        prop_assert_eq!(x.smaller(&y).unwrap().minor(), a.min(b));
        prop_assert_eq!(i128::from(x.signum()), a.signum());
        prop_assert_eq!((x.is_negative(), x.is_zero(), x.is_positive()), (a < 0, a == 0, a > 0));
        prop_assert_eq!(x.abs().minor(), a.abs());
    }

    #[test]
    fn money_times_integer_is_repeated_addition(minor in -1_000_000_i128..=1_000_000, times in 0_i64..20) {
        let amount = Money::from_minor(minor, Currency::JPY).unwrap();
        let sum = Money::sum((0..times).map(|_| amount), Currency::JPY);
        prop_assert_eq!(amount.checked_mul_int(times), sum);
        prop_assert_eq!(amount.checked_mul_int(-times), amount.negated().checked_mul_int(times));
    }

    #[test]
    fn rate_units_name_one_number(mantissa in -1_000_000_000_i64..=1_000_000_000, scale in 2_u32..=14) {
        let percent = Decimal::new(mantissa, scale);
        let [permille, basis_points] = [scale - 1, scale - 2].map(|scale| Decimal::new(mantissa, scale));
        let rate = Rate::percent(percent).unwrap();
        prop_assert_eq!(Rate::permille(permille), Ok(rate));
        prop_assert_eq!(Rate::basis_points(basis_points), Ok(rate));
        prop_assert_eq!(format!("{percent}%").parse(), Ok(rate));
        prop_assert_eq!(format!("{permille}‰").parse(), Ok(rate));
        prop_assert_eq!(format!("{basis_points} bp").parse(), Ok(rate));
        let share = Exact::from_decimal(percent).mul(&Exact::ratio(1, 100).unwrap()).unwrap();
        prop_assert_eq!(rate.to_exact(), share);
    }

    #[test]
    fn rate_reads_back_what_it_writes_and_adds_exactly(a in any_rate(), b in any_rate()) {
        prop_assert_eq!(a.to_string().parse(), Ok(a));
        prop_assert_eq!(a.negated().negated(), a);
        prop_assert_eq!(a.is_negative(), a.to_exact().is_negative());
        if let Ok(sum) = a.checked_add(&b) {
            prop_assert_eq!(sum.to_exact(), a.to_exact().add(&b.to_exact()).unwrap());
            prop_assert_eq!(sum.checked_sub(&b), Ok(a));
        }
        if let Ok(rest) = a.complement() {
            prop_assert_eq!(rest.to_exact().add(&a.to_exact()).unwrap(), Exact::ONE);
        }
        prop_assert_eq!(Rate::from_exact_rounded(&a.to_exact(), 16, endcap_types::RoundingMode::Down), Ok(a));
    }

    #[test]
    fn case_pack_splits_and_joins(
        pieces in prop_oneof![-50_i64..=50, any::<i64>()], pack in prop_oneof![1_u32..=12, 1..=MAX_CASE_PACK],
    ) {
        let pack = CasePack::new(pack).unwrap();
        let (cases, loose) = pack.split_cases(pieces);
        let size = i128::from(pack.get());
        prop_assert_eq!(i128::from(cases) * size + i128::from(loose), i128::from(pieces));
        prop_assert!((0..size).contains(&i128::from(loose)));
        let cover = i128::from(pack.cases_to_cover(pieces));
        prop_assert!(cover * size >= i128::from(pieces));
        prop_assert!(cover == 0 || (cover - 1) * size < i128::from(pieces));
    }

    #[test]
    fn cases_and_pieces_are_worth_the_same(
        price in 0_i64..=1_000_000, cases in -10_000_i64..=10_000, pack in 1_u32..=1_000,
    ) {
        let pack = CasePack::new(pack).unwrap();
        let quantity = Quantity::cases(cases).unwrap();
        let pieces = pack.to_pieces(&quantity).unwrap();
        prop_assert_eq!(pieces.as_count(), Some(cases * i64::from(pack.get())));
        for unit in [Unit::Piece, Unit::Case] {
            let price = Price::new(Decimal::new(price, 2), Currency::CNY, unit, TaxBasis::Exclusive).unwrap();
            prop_assert_eq!(price.times_packed(&quantity, pack), price.times_packed(&pieces, pack));
        }
    }

    #[test]
    fn quantities_add_exactly_and_read_back(
        parts in prop::collection::vec(-1_000_000_000_000_000_i64..=1_000_000_000_000_000, 0..8), scale in 0_u32..=6,
    ) {
        let quantities: Vec<Quantity> =
            parts.iter().map(|part| Quantity::kilograms(Decimal::new(*part, scale)).unwrap()).collect();
        for quantity in &quantities {
            prop_assert_eq!(quantity.to_string().parse(), Ok(*quantity));
            prop_assert_eq!(quantity.negated().checked_add(quantity), Ok(Quantity::zero(Unit::Kilogram)));
        }
        let total: i128 = parts.iter().map(|part| i128::from(*part)).sum();
        let sum = Quantity::sum(quantities.iter().rev().copied(), Unit::Kilogram);
        if total.abs() <= i128::from(MAX_QUANTITY) * 10_i128.pow(scale) {
            prop_assert_eq!(sum.unwrap().to_exact(), Exact::ratio(total, 10_i128.pow(scale)).unwrap());
        } else {
            let refused = matches!(sum, Err(TypesError::QuantityOutOfRange { .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn quantity_times_integer_is_exact_or_refused(value in any_decimal(), factor in any::<i64>()) {
        for unit in [Unit::Piece, Unit::Case, Unit::Kilogram, Unit::Litre] {
            let Ok(quantity) = Quantity::new(value, unit) else { continue };
            let exact = quantity.to_exact().mul(&Exact::from_int(i128::from(factor))).unwrap();
            match quantity.checked_mul_int(factor) {
                Ok(product) => prop_assert_eq!(product.to_exact(), exact),
                Err(_) => prop_assert!(exact.abs() > Exact::from_int(i128::from(MAX_QUANTITY))),
            }
        }
    }

    #[test]
    fn price_times_quantity_is_the_exact_product(
        per_unit in 0_i64..=1_000_000_000_000, scale in 0_u32..=10, grams in -1_000_000_000_i64..=1_000_000_000,
        currency in any_currency(),
    ) {
        let per_unit = Decimal::new(per_unit, scale);
        let price = Price::new(per_unit, currency, Unit::Kilogram, TaxBasis::Inclusive).unwrap();
        let quantity = Quantity::kilograms(Decimal::new(grams, 3)).unwrap();
        let minor = i128::from(grams) * per_unit.mantissa() * currency.minor_per_major();
        let expected = Exact::ratio(minor, 1_000 * 10_i128.pow(per_unit.scale())).unwrap();
        prop_assert_eq!(price.times(&quantity).unwrap(), Unrounded::new(expected, currency));
    }

    #[test]
    fn ids_keep_their_text_or_refuse_it(text in "\\PC{0,70}|[ \\t]?[a-z0-9]{1,64}[ \\n]?") {
        let fits = !text.is_empty()
            && text.chars().count() <= MAX_ID_CHARS
            && text.trim() == text
            && !text.chars().any(char::is_control);
        match AccountId::new(text.clone()) {
            Ok(id) => {
                prop_assert!(fits);
                prop_assert_eq!(id.as_str(), text.as_str());
                prop_assert_eq!(id.to_string().parse::<AccountId>(), Ok(id.clone()));
                prop_assert_eq!(String::from(id), text);
            }
            Err(_) => prop_assert!(!fits),
        }
    }

    #[test]
    fn ids_sort_as_their_text(a in "[a-zA-Z0-9]{1,8}", b in "[a-zA-Z0-9]{1,8}") {
        prop_assert_eq!(SkuId::new(a.as_str()).unwrap().cmp(&SkuId::new(b.as_str()).unwrap()), a.cmp(&b));
    }
}

#[test]
fn one_foreign_amount_spoils_a_sum() {
    let yen = Money::parse("5", Currency::JPY).unwrap();
    let mixed = TypesError::CurrencyMismatch { left: Currency::CNY, right: Currency::JPY };
    assert_eq!(Money::sum([money("1.00"), yen], Currency::CNY), Err(mixed.clone()));
    assert_eq!(money("1.00").checked_add(&yen), Err(mixed.clone()));
    assert_eq!(money("1.00").checked_sub(&yen), Err(mixed.clone()));
    assert_eq!(money("1.00").compare(&yen), Err(mixed.clone()));
    assert_eq!(money("1.00").exact().add(&yen.exact()), Err(mixed.clone()));
    assert_eq!(money("1.00").exact().compare(&yen.exact()), Err(mixed.clone()));
    assert_eq!(money("1.00").exact().share_of(&yen.exact()), Err(mixed));
}

#[test]
fn a_sum_may_pass_the_limit_on_its_way() {
    let most = Money::from_minor(MAX_MINOR, Currency::CNY).unwrap();
    let there_and_back = [most, most, most, most.negated(), most.negated()];
    assert_eq!(Money::sum(there_and_back, Currency::CNY), Ok(most));
    assert!(Money::sum([most, most], Currency::CNY).is_err());
}

#[test]
fn values_align_in_tables() {
    assert_eq!(format!("[{:>14}]", money("12.50")), "[     CNY 12.50]");
    assert_eq!(format!("[{:<8}]", "2.75%".parse::<Rate>().unwrap()), "[2.75%   ]");
    assert_eq!(format!("[{:>8}]", Quantity::pieces(36).unwrap()), "[   36 pc]");
}
