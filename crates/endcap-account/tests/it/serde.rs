//! Schemes as documents: round trip, unknown fields and invalid limits refused.

use endcap_account::{Convention, Cutoffs, NegativePolicy, Scheme};

#[test]
fn a_scheme_survives_the_round_trip() {
    let scheme = Scheme {
        cutoffs: "1/3|80%".parse().expect("limits"),
        convention: Convention::InclusiveLe,
        negatives: NegativePolicy::Net,
        ..Scheme::default()
    };
    let text = serde_json::to_string(&scheme).expect("json");
    assert_eq!(
        text,
        r#"{"cutoffs":["1/3","4/5"],"convention":"inclusive_le","ties":"by_id","negatives":"net","measure":"value"}"#
    );
    assert_eq!(serde_json::from_str::<Scheme>(&text).expect("a scheme"), scheme);
    assert_eq!(serde_json::from_str::<Scheme>("{}").expect("a scheme"), Scheme::default());
}

#[test]
fn what_is_not_a_scheme_is_refused() {
    let unknown = serde_json::from_str::<Scheme>(r#"{"cutoff":["0.8"]}"#).expect_err("refused").to_string();
    assert!(unknown.starts_with("unknown field `cutoff`"), "{unknown}");
    let limits = serde_json::from_str::<Cutoffs>(r#"["0.95","0.8"]"#).expect_err("refused").to_string();
    assert!(
        limits.starts_with("class limit 1 is 4/5: each limit must be above the one before it"),
        "{limits}"
    );
}
