//! What the tests share: generators that like extremes, and a slow rounding oracle on big rationals.

use endcap_types::limits::MAX_MINOR;
use endcap_types::{Currency, Exact, Money, Rate, Rounding, RoundingMode, Unrounded};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use rust_decimal::Decimal;

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Boxed, as its value trees would otherwise pile up on the stack of a test.
pub(crate) fn any_integer() -> BoxedStrategy<i128> {
    prop_oneof![
        4 => -1_000_i128..=1_000,
        3 => any::<i64>().prop_map(i128::from),
        3 => any::<i128>(),
        1 => prop_oneof![
            Just(i128::MIN), Just(i128::MIN + 1), Just(i128::MAX), Just(i128::MAX - 1),
            Just(i128::from(i64::MIN)), Just(i128::from(i64::MAX)), Just(0), Just(1), Just(-1),
        ],
    ]
    .boxed()
}

pub(crate) fn any_decimal() -> impl Strategy<Value = Decimal> {
    let mantissa = prop_oneof![
        3 => -10_000_i128..=10_000,
        2 => -((1_i128 << 96) - 1)..(1_i128 << 96),
        1 => prop_oneof![Just((1_i128 << 96) - 1), Just(1 - (1_i128 << 96)), Just(0), Just(1)],
    ];
    (mantissa, 0_u32..=28).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
}

pub(crate) fn any_currency() -> impl Strategy<Value = Currency> {
    let all: Vec<Currency> = Currency::all().collect();
    prop_oneof![
        prop::sample::select(all),
        prop::sample::select(vec![Currency::JPY, Currency::CNY, Currency::KWD, Currency::CLF]),
    ]
}

/// Minor units anywhere within the limit, small ones and the limit itself included.
pub(crate) fn any_minor() -> impl Strategy<Value = i128> {
    prop_oneof![
        5 => -1_000_000_i128..=1_000_000,
        3 => any::<i64>().prop_map(i128::from),
        3 => -MAX_MINOR..=MAX_MINOR,
        1 => prop_oneof![Just(MAX_MINOR), Just(-MAX_MINOR), Just(0), Just(1), Just(-1)],
    ]
}

pub(crate) fn any_money() -> impl Strategy<Value = Money> {
    (any_minor(), any_currency()).prop_map(|(minor, currency)| Money::from_minor(minor, currency).unwrap())
}

/// Rates of either sign, percent decimals 0 to 16, up to the limit.
pub(crate) fn any_rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        (-1_000_i128..=1_000, 0_u32..=4),
        (-1_000_000_000_000_000_i128..=1_000_000_000_000_000, 8_u32..=16),
        Just((100_000_000_i128, 0_u32)),
        Just((-100_000_000_i128, 0_u32)),
    ]
    .prop_map(|(mantissa, scale)| Rate::percent(Decimal::from_i128_with_scale(mantissa, scale)).unwrap())
}

pub(crate) fn any_mode() -> impl Strategy<Value = RoundingMode> {
    prop::sample::select(RoundingMode::ALL.to_vec())
}

pub(crate) fn any_rounding() -> impl Strategy<Value = Rounding> {
    let step = prop_oneof![4 => Just(1_u64), 4 => 2_u64..=1_000, 1 => any::<u64>(), 1 => Just(u64::MAX)];
    (any_mode(), step)
        .prop_map(|(mode, step)| Rounding::new(mode).with_step_minor(step.max(1).try_into().unwrap()))
}

/// Exact values built by quotients and products, so both the small and the big form occur.
pub(crate) fn any_exact() -> BoxedStrategy<Exact> {
    let ratio = || {
        (any_integer(), any_integer()).prop_map(|(n, d)| Exact::ratio(n, if d == 0 { 1 } else { d }).unwrap())
    };
    prop_oneof![
        4 => ratio(),
        2 => any_decimal().prop_map(Exact::from_decimal),
        2 => (ratio(), ratio()).prop_map(|(a, b)| a.mul(&b).unwrap()),
        1 => any_integer().prop_map(Exact::from_int),
    ]
    .boxed()
}

/// The same number in an independent implementation, read back from text.
pub(crate) fn rational(value: &Exact) -> BigRational {
    value.to_string().parse().unwrap()
}

pub(crate) fn whole(value: i128) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

pub(crate) fn rational_of(value: Decimal) -> BigRational {
    BigRational::new(BigInt::from(value.mantissa()), BigInt::from(10).pow(value.scale()))
}

/// Rounding to an integer from first principles: floor, what is above it, and one table.
pub(crate) fn round_slowly(value: &BigRational, mode: RoundingMode) -> BigInt {
    let below = value.floor();
    let above_it = value - &below;
    if above_it.is_zero() {
        return below.to_integer();
    }
    let half = BigRational::new(BigInt::one(), BigInt::from(2));
    let up = match mode {
        RoundingMode::Floor => false,
        RoundingMode::Ceil => true,
        RoundingMode::Up => value.is_positive(),
        RoundingMode::Down => value.is_negative(),
        RoundingMode::HalfAwayFromZero if above_it == half => value.is_positive(),
        RoundingMode::HalfEven if above_it == half => !(below.to_integer() % BigInt::from(2)).is_zero(),
        RoundingMode::HalfAwayFromZero | RoundingMode::HalfEven => above_it > half,
    };
    if up { below.to_integer() + BigInt::one() } else { below.to_integer() }
}

/// Minor units after rounding to the step; `None` when the result is beyond the limit of money.
pub(crate) fn post_slowly(minor: &BigRational, rounding: &Rounding) -> Option<i128> {
    let step = BigInt::from(rounding.step_minor().get());
    let steps = round_slowly(&(minor / BigRational::from_integer(step.clone())), rounding.mode());
    (steps * step).to_i128().filter(|minor| (-MAX_MINOR..=MAX_MINOR).contains(minor))
}

/// The exact minor units of an amount that is not posted yet.
pub(crate) fn minor_of(amount: &Unrounded) -> BigRational {
    rational(amount.value())
}
