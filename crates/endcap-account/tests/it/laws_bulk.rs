//! Laws of the expectations of many customers at once.

use endcap_account::value::{BgNbd, Cbs, MbgNbd, RepeatBuying};
use proptest::prelude::*;

fn positive() -> impl Strategy<Value = f64> {
    (-2.5_f64..3.0).prop_map(f64::exp)
}

/// Few different counts, so that most are interpolated and some are answered one by one.
fn crowd() -> impl Strategy<Value = Vec<Cbs>> {
    let repeats = prop_oneof![6 => 0_u32..3, 2 => 3_u32..30, 1 => 1_000_u32..1_200, 1 => Just(20_000_u32)];
    let one = (repeats, 0.001_f64..=1.0, 0.1_f64..200.0).prop_map(|(repeats, part, age)| {
        Cbs::new(repeats, if repeats == 0 { 0.0 } else { part * age }, age).expect("a history")
    });
    prop::collection::vec(one, 0..220)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn many_at_once_are_each_one(
        r in positive(), alpha in positive(), a in positive(), b in positive(), crowd in crowd(), t in 0.0_f64..300.0,
        same_age in prop::option::weighted(0.2, 1.0_f64..100.0),
    ) {
        let crowd: Vec<Cbs> = match same_age {
            None => crowd,
            Some(age) => crowd
                .iter()
                .map(|one| Cbs::new(one.repeats(), one.recency() / one.age() * age, age).expect("a history"))
                .collect(),
        };
        let models: [Box<dyn RepeatBuying>; 2] = [
            Box::new(BgNbd::new(r, alpha, a, b).expect("a model")),
            Box::new(MbgNbd::new(r, alpha, a, b).expect("a model")),
        ];
        for model in models {
            let many = model.conditional_expectations(&crowd, t).expect("means");
            prop_assert_eq!(many.len(), crowd.len());
            for (many, customer) in many.iter().zip(&crowd) {
                let one = model.conditional_expected_transactions(customer, t).expect("a mean");
                prop_assert!((many - one).abs() <= 1e-10 * one + 1e-290, "{many} is not {one}: {customer:?}");
            }
        }
    }
}

/// More customers than are sorted at a time.
#[test]
fn every_block_is_answered_in_order() {
    let model = BgNbd::new(0.243, 4.414, 0.793, 2.426).expect("a model");
    let crowd: Vec<Cbs> = (0_u32..70_000)
        .map(|at| {
            let age = 20.0 + f64::from(at % 977) / 20.0;
            Cbs::new(at % 3, if at % 3 == 0 { 0.0 } else { age / f64::from(2 + at % 7) }, age)
                .expect("a history")
        })
        .collect();
    let many = model.conditional_expectations(&crowd, 39.0).expect("means");
    for at in (0..crowd.len()).step_by(997).chain([32_767, 32_768, 65_535, 65_536, 69_999]) {
        let one = model.conditional_expected_transactions(&crowd[at], 39.0).expect("a mean");
        assert!((many[at] - one).abs() <= 1e-12 * one, "{at}: {} is not {one}", many[at]);
    }
}
