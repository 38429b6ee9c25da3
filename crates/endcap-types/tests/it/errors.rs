//! The gallery of errors: for each variant the smallest input that raises it, and its exact message.

use endcap_types::limits::{MAX_ALLOCATION_KEYS, MAX_MINOR};
use endcap_types::vat::{self, DocumentTax, VatSplit};
use endcap_types::{
    AccountId, CasePack, Currency, Exact, Money, Price, Quantity, Rate, Rounding, RoundingMode, TaxBasis,
    TypesError, Unit, allocate, allocate_in_steps,
};
use rust_decimal::Decimal;

use crate::common::{decimal, money, rate};

/// One test per variant, and the list of variants covered.
macro_rules! gallery {
    ($($test:ident: $variant:ident = $input:expr => $message:literal;)*) => {
        $(
            #[test]
            fn $test() {
                let error: TypesError = $input.map(|value| format!("{value:?}")).unwrap_err();
                assert!(matches!(error, TypesError::$variant { .. }), "{error:?}");
                assert_eq!(error.to_string(), $message);
            }
        )*

        const COVERED: &[&str] = &[$(stringify!($variant)),*];
    };
}

gallery! {
    unknown_currency: UnknownCurrency = Currency::from_code("cny")
        => "unknown currency \"cny\": expected an ISO 4217 code such as CNY";
    currency_mismatch: CurrencyMismatch = money("1.00").checked_add(&Money::zero(Currency::JPY))
        => "currencies differ: CNY and JPY";
    amount_out_of_range: AmountOutOfRange = Money::from_minor(MAX_MINOR + 1, Currency::CNY)
        => "amount out of range: at most 10^36 - 1 minor units of CNY either sign";
    invalid_amount: InvalidAmount = Money::parse("1,234.50", Currency::CNY)
        => "not an amount: \"1,234.50\", expected digits with an optional sign and decimal point, such as -1234.50";
    too_precise: TooPrecise = Money::parse("0.005", Currency::CNY)
        => "too many decimals: 0.005 has 3, at most 2 allowed";
    division_by_zero: DivisionByZero = Exact::ratio(1, 0)
        => "division by zero";
    exact_too_large: ExactTooLarge = Exact::from_int(2).pow(4_096)
        => "exact value too large: 4097 bits, at most 4096";
    integer_out_of_range: IntegerOutOfRange = Exact::from_int(10).pow(39).unwrap().round_to_int(RoundingMode::Down)
        => "the rounded value does not fit the number asked for";
    invalid_exact: InvalidExact = "1.5".parse::<Exact>()
        => "not an exact value: \"1.5\", expected an integer or a fraction such as -345/2";
    rate_out_of_range: RateOutOfRange = Rate::percent(decimal("100000000.1"))
        => "rate out of range: 100000000.1%, at most 100000000% either sign";
    invalid_rate: InvalidRate = "0.0275".parse::<Rate>()
        => "not a rate: \"0.0275\", expected a number with its unit, such as 2.75%, 27.5‰ or 275bp";
    negative_rate: NegativeRate = vat::add_exclusive(&money("1.00"), &rate("-6%"), &Rounding::HALF_AWAY)
        => "rate must not be negative here: -6%";
    quantity_out_of_range: QuantityOutOfRange = Quantity::pieces(1_000_000_000_000_001)
        => "quantity out of range: 1000000000000001, at most 1000000000000000 either sign";
    fractional_count: FractionalCount = "1.5 cs".parse::<Quantity>()
        => "1.5 cs is not a whole number";
    invalid_quantity: InvalidQuantity = "12 dozen".parse::<Quantity>()
        => "not a quantity: \"12 dozen\", expected a number and a unit, such as 12 pc, 3 cs, 1.25 kg or 0.75 l";
    unit_mismatch: UnitMismatch = Quantity::pieces(1).unwrap().checked_add(&Quantity::cases(1).unwrap())
        => "units differ: pc and cs";
    case_pack_out_of_range: CasePackOutOfRange = CasePack::new(0)
        => "case pack out of range: 0 pieces, expected 1 to 100000";
    price_out_of_range: PriceOutOfRange =
        Price::new(decimal("-0.01"), Currency::CNY, Unit::Piece, TaxBasis::Inclusive)
        => "price out of range: -0.01, expected 0 to 1000000000000";
    zero_step: ZeroStep = Rounding::HALF_AWAY.with_step(&Money::zero(Currency::CNY))
        => "rounding step must be at least one minor unit";
    no_keys: NoKeys = allocate(money("1.00"), Vec::<(u8, Decimal)>::new())
        => "nothing to allocate to: no keys";
    too_many_keys: TooManyKeys =
        allocate(money("1.00"), (0..=MAX_ALLOCATION_KEYS).map(|key| (key, Decimal::ONE)))
        => "too many keys: 1000001, at most 1000000";
    duplicate_key: DuplicateKey = allocate(money("1.00"), [("a", Decimal::ONE), ("a", Decimal::TWO)])
        => "key \"a\" is given twice";
    negative_weight: NegativeWeight = allocate(money("1.00"), [("a", Decimal::NEGATIVE_ONE)])
        => "weight of key \"a\" is negative: -1";
    zero_weights: ZeroWeights = allocate(money("1.00"), [("a", Decimal::ZERO), ("b", Decimal::ZERO)])
        => "all weights are zero";
    not_on_step: NotOnStep = allocate_in_steps(money("10.01"), [("a", Decimal::ONE)], &cash())
        => "1001 minor units are not a multiple of the step of 5";
    unbalanced_tax: UnbalancedTax = VatSplit::new(money("100.00"), money("13.00"), money("113.01"))
        => "net + tax is not gross: [CNY 100.00, CNY 13.00, CNY 113.01]";
    tax_total_differs: TaxTotalDiffers =
        DocumentTax::new([(rate("13%"), split())].into(), VatSplit::zero(Currency::CNY))
        => "the rate groups sum to CNY 100.00 + 13.00 = 113.00, the stated total is CNY 0.00 + 0.00 = 0.00";
    invalid_id: InvalidId = AccountId::new(" RT-Mart")
        => "invalid account id \" RT-Mart\": it begins or ends with a space";
}

fn cash() -> Rounding {
    Rounding::HALF_AWAY.with_step(&money("0.05")).unwrap()
}

fn split() -> VatSplit {
    vat::add_exclusive(&money("100.00"), &rate("13%"), &Rounding::HALF_AWAY).unwrap()
}

/// The variants as the source declares them: lines of the enum indented by one level that begin with a capital.
fn declared() -> Vec<&'static str> {
    include_str!("../../src/error.rs")
        .lines()
        .skip_while(|line| !line.starts_with("pub enum TypesError"))
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.trim_end_matches([' ', '{', ',']))
        .collect()
}

#[test]
fn no_variant_is_missing_from_the_gallery() {
    let mut covered = COVERED.to_vec();
    covered.sort_unstable();
    let mut declared = declared();
    declared.sort_unstable();
    assert_eq!(covered, declared);
    assert!(declared.len() >= 28, "the parser of the source found {}", declared.len());
}

/// Each reason an id is refused for, with the offending text cut to a readable length.
#[test]
fn every_reason_to_refuse_an_id() {
    let reason = |text: &str| AccountId::new(text).unwrap_err().to_string();
    assert_eq!(reason(""), "invalid account id \"\": it is empty");
    assert_eq!(reason("a\nb"), "invalid account id \"a\\nb\": it holds a control character");
    assert_eq!(reason("a "), "invalid account id \"a \": it begins or ends with a space");
    let long = "店".repeat(65);
    let expected = format!("invalid account id \"{}\": it is longer than 64 characters", "店".repeat(64));
    assert_eq!(reason(&long), expected);
    assert!(AccountId::new("店".repeat(64)).is_ok(), "the limit counts characters, not bytes");
}

#[test]
fn amounts_that_are_not_plain_are_refused() {
    for text in
        ["", " ", "-", "+", ".", "1.", ".5", "1e3", "1_000", "1 000", "--1", "+-1", "0x1", "１", "NaN", "¥1"]
    {
        let refused = Money::parse(text, Currency::CNY);
        assert!(matches!(refused, Err(TypesError::InvalidAmount { .. })), "{text:?} gave {refused:?}");
    }
    let long = "0".repeat(65);
    assert!(Money::parse(&long, Currency::CNY).is_err(), "too long");
    assert_eq!(Money::parse(&long[1..], Currency::CNY), Ok(Money::zero(Currency::CNY)));
    assert_eq!(
        Money::parse("+1.500000", Currency::CNY),
        Ok(money("1.50")),
        "zeros behind the last minor unit"
    );
    assert_eq!(Money::parse("-0.00", Currency::CNY).unwrap().to_amount_string(), "0.00");
    for text in ["CNY", "1.00", "CNY1.00", "CNY  1.00", "cny 1.00", "CNY 1.00 "] {
        assert!(text.parse::<Money>().is_err(), "{text:?}");
    }
}

#[test]
fn rates_and_quantities_that_are_not_plain_are_refused() {
    for text in ["", "%", "5", "5 percent", "5 %%", "1_0%", "5e1%", "٥%", ".5%", "5.%", "5bps"] {
        assert!(matches!(text.parse::<Rate>(), Err(TypesError::InvalidRate { .. })), "{text:?}");
    }
    assert_eq!("+5 %".parse(), Ok(rate("5%")));
    assert!(matches!("0.00000000000000001%".parse::<Rate>(), Err(TypesError::TooPrecise { .. })));
    assert_eq!("0.0000000000000001%".parse::<Rate>().unwrap().to_string(), "0.0000000000000001%");
    for text in ["", "5", "5pc", "5  pc", "5 PC", "pc 5", "five pc"] {
        assert!(matches!(text.parse::<Quantity>(), Err(TypesError::InvalidQuantity { .. })), "{text:?}");
    }
    assert!(matches!("1.0000001 kg".parse::<Quantity>(), Err(TypesError::TooPrecise { .. })));
    assert_eq!("-0 pc".parse(), Ok(Quantity::zero(Unit::Piece)));
}

#[test]
fn exact_texts_that_are_not_plain_are_refused() {
    for text in ["", "/", "1/", "/1", "1/-2", "--1", "+1", "1 / 2", "0x1", "1/2/3"] {
        assert!(matches!(text.parse::<Exact>(), Err(TypesError::InvalidExact { .. })), "{text:?}");
    }
    assert_eq!("1/0".parse::<Exact>(), Err(TypesError::DivisionByZero));
    assert_eq!("-0/5".parse::<Exact>(), Ok(Exact::ZERO));
    let digits = "9".repeat(2_601);
    assert!(matches!(digits.parse::<Exact>(), Err(TypesError::InvalidExact { .. })));
    assert!(matches!(digits[..2_600].parse::<Exact>(), Err(TypesError::ExactTooLarge { .. })));
}
