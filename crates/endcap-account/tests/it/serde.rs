//! Documents: round trip, unknown fields and invalid values refused.

use endcap_account::{
    AccountType, Convention, Cutoffs, NegativePolicy, RfmScheme, Scheme, Scorecard, TieRank,
};

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

#[test]
fn a_scorecard_goes_through_its_checks() {
    let text = r#"{"items":[{"name":"wallet","dimension":"loyalty","weight":"1/3"}],"gates":["licence"],"missing":"reweight"}"#;
    let card: Scorecard = serde_json::from_str(text).expect("a card");
    assert_eq!(serde_json::to_string(&card).expect("json"), text);
    let refused = |text: &str| serde_json::from_str::<Scorecard>(text).expect_err("refused").to_string();
    let weightless = refused(&text.replace("1/3", "0"));
    assert!(weightless.starts_with("the weight of wallet is zero"), "{weightless}");
    let unknown = refused(&text.replace("\"missing\"", "\"absent\""));
    assert!(unknown.starts_with("unknown field `absent`"), "{unknown}");
}

#[test]
fn a_type_of_account_survives_the_round_trip() {
    let text = r#"{"format":"convenience","ownership":"foreign","scope":"regional","authority":"store","supply":{"other":"milk run"},"settlement":"credit_term"}"#;
    let kind: AccountType = serde_json::from_str(text).expect("a type");
    assert_eq!(serde_json::to_string(&kind).expect("json"), text);
    let refused = serde_json::from_str::<AccountType>(&text.replace("milk run", "")).expect_err("refused");
    assert!(refused.to_string().starts_with("a name on an axis is \"\""), "{refused}");
    let scheme: RfmScheme = serde_json::from_str(r#"{"ties":"max"}"#).expect("a scheme");
    assert_eq!((scheme.bins.get(), scheme.ties), (5, TieRank::Max));
    assert!(serde_json::from_str::<RfmScheme>(r#"{"bins":0}"#).is_err());
}
