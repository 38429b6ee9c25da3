//! Published and house cases of the methods with several criteria.

use endcap_account::{
    Consistency, Criterion, CriterionMatrix, Judgements, Ranking, Remark, Weighting, best_weights,
    blended_weights, edas, ng, ng_score, saw, topsis, vikor,
};
use endcap_types::{Exact, RoundingMode};

use crate::golden::{error_name, exact};
use crate::{golden as rows_of, numbers};

fn close(value: f64, expected: &str, tolerance: f64, row: &str) {
    let expected: f64 = expected.parse().expect("a number");
    assert!((value - expected).abs() <= tolerance, "{row}: {value} {expected}");
}

/// Half a unit of the tenth significant digit, which is as many as the file has; nothing for a zero.
fn tenth_digit(text: &str) -> f64 {
    let value: f64 = text.parse().expect("a number");
    if value == 0.0 { 0.0 } else { 0.501 * 10_f64.powf(value.abs().log10().floor() - 9.0) }
}

/// The exact value with as many decimals as the file was printed with; the file drops trailing zeros.
fn printed(value: &Exact, places: u8, expected: &str, row: &str) {
    assert_eq!(exact(&value.to_fixed(places, RoundingMode::HalfAwayFromZero)), exact(expected), "{row}");
}

fn letters(ranking: &Ranking) -> Vec<String> {
    let classes = ranking.classes(&[10, 14]).expect("three classes");
    classes.iter().map(ToString::to_string).collect()
}

#[test]
fn forty_seven_items_by_three_criteria() {
    let rows = rows_of(include_str!("../golden/mcabc47.csv"));
    let figures: Vec<Vec<Exact>> = rows
        .iter()
        .map(|row| ["annual_usage", "unit_cost", "lead_time"].map(|column| exact(row[column])).to_vec())
        .collect();
    let criteria = vec![Criterion::benefit(Exact::ONE); 3];
    let matrix = CriterionMatrix::new(criteria, figures).expect("a matrix");
    let by_average = edas(&matrix).expect("scores");
    let (by_ng, parts) = ng(&matrix).expect("scores");
    let own = best_weights(&matrix, Weighting::MostFavourable).expect("scores");
    let blend = blended_weights(&matrix, &exact("0.5")).expect("scores");
    let methods = [
        (&by_average, "edas", "edas_class"),
        (&by_ng, "ng", "ng_class"),
        (&own, "own", "own_class"),
        (&blend, "blend_half", "blend_class"),
    ];
    for (ranking, score, class) in methods {
        let classes = letters(ranking);
        for (i, row) in rows.iter().enumerate() {
            printed(&ranking.scores()[i], 12, row[score], row["item"]);
            assert_eq!(classes[i], row[class], "{class} {}", row["item"]);
        }
    }
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(parts[i].prefix.to_string(), row["ng_prefix"], "{}", row["item"]);
        // The paper rounds on the way: its two decimals are within 0.006 of the exact score.
        let gap = by_average.scores()[i].sub(&exact(row["edas_published"])).expect("small").abs();
        assert!(gap <= exact("0.006"), "{}", row["item"]);
    }
    // Six members choose weights under which nobody beats them: an exact tie that floating point would scatter.
    assert_eq!(own.standings().iter().filter(|at| at.tie_group == 6).count(), 6);
}

#[test]
fn ng_scores() {
    for row in rows_of(include_str!("../golden/ng.csv")) {
        let best = ng_score(&numbers(row["normalised"])).expect("a score");
        assert_eq!(best.score, exact(row["expected_score"]), "{row:?}");
        assert_eq!(best.prefix.to_string(), row["expected_prefix"], "{row:?}");
    }
}

fn ten_by_seven(weights: &str) -> CriterionMatrix {
    let rows = rows_of(include_str!("../golden/mcdm_matrix.csv"));
    let columns = ["c1", "c2", "c3", "c4", "c5", "c6", "c7"];
    let criteria = columns.iter().zip(numbers(weights)).map(|(column, weight)| match rows[0][column] {
        "benefit" => Criterion::benefit(weight),
        "cost" => Criterion::cost(weight),
        other => panic!("{other}"),
    });
    let figures = rows[1..].iter().map(|row| columns.map(|column| exact(row[column])).to_vec()).collect();
    CriterionMatrix::new(criteria.collect(), figures).expect("a matrix")
}

fn ranks(ranks: &[usize]) -> String {
    ranks.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
}

fn names(positions: &[usize]) -> String {
    positions.iter().map(|position| format!("A{}", position + 1)).collect::<Vec<_>>().join("|")
}

#[test]
fn ten_members_by_seven_criteria() {
    for row in rows_of(include_str!("../golden/mcdm_ranks.csv")) {
        let matrix = ten_by_seven(row["weights"]);
        let expected: Vec<&str> = row["expected_scores"].split('|').collect();
        let case = row["case"];
        let exact_method = |ranking: &Ranking| {
            assert_eq!(ranks(&ranking.ranks()), row["expected_ranks"], "{case}");
            for (score, expected) in ranking.scores().iter().zip(&expected) {
                printed(score, 10, expected, case);
            }
        };
        match row["method"] {
            "EDAS" => exact_method(&edas(&matrix).expect("scores")),
            "SAW" => exact_method(&saw(&matrix).expect("scores")),
            "VIKOR" => {
                let result = vikor(&matrix, &exact("0.5")).expect("scores");
                exact_method(result.ranking());
                assert_eq!(result.acceptable_advantage().to_string(), row["c1"], "{case}");
                assert_eq!(result.acceptable_stability().to_string(), row["c2"], "{case}");
                assert_eq!(names(result.compromise()), row["compromise"], "{case}");
            }
            "TOPSIS" => {
                let result = topsis(&matrix).expect("scores");
                assert_eq!(ranks(&result.ranks()), row["expected_ranks"], "{case}");
                for (score, expected) in result.closeness().iter().zip(&expected) {
                    // The file has ten decimals.
                    close(*score, expected, 0.5e-10, case);
                }
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn vikor_cases() {
    for row in rows_of(include_str!("../golden/vikor.csv")) {
        let criteria =
            row["types"].split('|').zip(numbers(row["weights"])).map(|(kind, weight)| match kind {
                "benefit" => Criterion::benefit(weight),
                "cost" => Criterion::cost(weight),
                other => panic!("{other}"),
            });
        let figures = row["matrix"].split('|').map(|cells| cells.split(' ').map(exact).collect()).collect();
        let matrix = CriterionMatrix::new(criteria.collect(), figures).expect("a matrix");
        let result = vikor(&matrix, &exact(row["v"])).expect("scores");
        assert_eq!(result.group_regret(), numbers(row["expected_s"]), "{row:?}");
        assert_eq!(result.largest_regret(), numbers(row["expected_r"]), "{row:?}");
        assert_eq!(result.ranking().scores(), numbers(row["expected_q"]), "{row:?}");
        assert_eq!(result.acceptable_advantage().to_string(), row["expected_c1"], "{row:?}");
        assert_eq!(result.acceptable_stability().to_string(), row["expected_c2"], "{row:?}");
        assert_eq!(names(result.compromise()), row["expected_compromise"], "{row:?}");
        let expected: &[Remark] = match row["case"] {
            "constant_column" => &[Remark::ConstantCriterion { criterion: 1 }],
            "identical_rows" => &[
                Remark::ConstantCriterion { criterion: 0 },
                Remark::ConstantCriterion { criterion: 1 },
                Remark::EqualGroupRegret,
                Remark::EqualLargestRegret,
            ],
            "single_alternative" => &[Remark::ConstantCriterion { criterion: 0 }, Remark::SingleMember],
            _ => &[],
        };
        assert_eq!(result.ranking().remarks(), expected, "{row:?}");
    }
}

#[test]
fn analytic_hierarchy() {
    for row in rows_of(include_str!("../golden/ahp.csv")) {
        let rows = row["matrix"].split('|').map(|cells| cells.split(' ').map(exact).collect()).collect();
        let case = row["case"];
        let priorities = match Judgements::new(rows) {
            Ok(judgements) => judgements.priorities(),
            Err(error) => {
                assert_eq!(format!("!{}", error_name(&error)), row["expected_status"], "{case}");
                continue;
            }
        };
        let status = match priorities.consistency() {
            Consistency::NotApplicable => "not_applicable",
            Consistency::Consistent => "consistent",
            Consistency::Inconsistent => "inconsistent",
        };
        assert_eq!(status, row["expected_status"], "{case}");
        let all = |values: &[f64], column: &str, within: Option<f64>| {
            let cells: Vec<&str> = row[column].split('|').filter(|cell| !cell.is_empty()).collect();
            assert!(cells.is_empty() || cells.len() == values.len(), "{case}");
            for (value, cell) in values.iter().zip(cells) {
                close(*value, cell, within.unwrap_or_else(|| tenth_digit(cell)), case);
            }
        };
        all(priorities.weights(), "expected_weights", None);
        all(priorities.geometric_weights(), "expected_geometric_weights", None);
        // Three printed decimals, of weights that were scaled after rounding.
        all(priorities.weights(), "published_weights", Some(0.0006));
        close(
            priorities.lambda_max(),
            row["expected_lambda_max"],
            tenth_digit(row["expected_lambda_max"]),
            case,
        );
        close(priorities.consistency_index(), row["expected_ci"], tenth_digit(row["expected_ci"]), case);
        close(priorities.consistency_ratio(), row["expected_cr"], tenth_digit(row["expected_cr"]), case);
    }
}
