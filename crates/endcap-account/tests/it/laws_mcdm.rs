//! What holds for every matrix of criteria.

use endcap_account::{
    Consistency, Criterion, CriterionMatrix, Direction, Judgements, Ranking, Weighting, best_weights,
    blended_weights, edas, ng, saw, topsis, vikor,
};
use endcap_types::Exact;
use proptest::prelude::*;

type Table = (Vec<Direction>, Vec<i128>, Vec<Vec<i128>>);

/// Few distinct figures above zero, so that ties and constant criteria are common; weights do not rise.
fn table() -> impl Strategy<Value = Table> {
    (1_usize..4).prop_flat_map(|criteria| {
        let direction = prop::sample::select(vec![Direction::Benefit, Direction::Cost]);
        let figure = prop_oneof![3 => 1_i128..8, 1 => 1_i128..1_000_000];
        (
            prop::collection::vec(direction, criteria),
            prop::collection::vec(1_i128..5, criteria).prop_map(|mut weights| {
                weights.sort_unstable_by(|a, b| b.cmp(a));
                weights
            }),
            prop::collection::vec(prop::collection::vec(figure, criteria), 1..7),
        )
    })
}

fn exact(value: i128) -> Exact {
    Exact::from_int(value)
}

fn matrix((directions, weights, rows): &Table) -> CriterionMatrix {
    let criteria = directions.iter().zip(weights);
    let criteria =
        criteria.map(|(direction, weight)| Criterion { direction: *direction, weight: exact(*weight) });
    let rows = rows.iter().map(|row| row.iter().map(|figure| exact(*figure)).collect()).collect();
    CriterionMatrix::new(criteria.collect(), rows).expect("a matrix")
}

fn half() -> Exact {
    Exact::ratio(1, 2).expect("one half")
}

/// Scores as numbers of which more is better, one list per method that accepts the matrix.
fn scores(table: &Table) -> Vec<(&'static str, Vec<Exact>)> {
    let matrix = matrix(table);
    let of = |ranking: &Ranking| ranking.scores().to_vec();
    let turned = |values: &[Exact]| values.iter().map(Exact::negated).collect::<Vec<_>>();
    let vikor = vikor(&matrix, &half()).expect("scores");
    let mut all = vec![
        ("edas", of(&edas(&matrix).expect("scores"))),
        ("ng", of(&ng(&matrix).expect("scores").0)),
        ("saw", of(&saw(&matrix).expect("scores"))),
        ("vikor", turned(vikor.ranking().scores())),
    ];
    if let Ok(result) = topsis(&matrix) {
        all.push(("topsis", turned(result.farness())));
    }
    if table.0.iter().all(|direction| *direction == Direction::Benefit) {
        let own = best_weights(&matrix, Weighting::MostFavourable).expect("scores");
        all.push(("own", of(&own)));
        all.push(("blend", of(&blended_weights(&matrix, &half()).expect("scores"))));
    }
    all
}

fn only(all: Vec<(&'static str, Vec<Exact>)>, methods: &[&str]) -> Vec<(&'static str, Vec<Exact>)> {
    all.into_iter().filter(|(method, _)| methods.contains(method)).collect()
}

/// A member of a linear program by brute force: two criteria, so the optimum is where two limits meet.
fn corner_optimum(own: &[Exact], rows: &[Vec<Exact>]) -> Exact {
    let solve = |a: (&Exact, &Exact), b: (&Exact, &Exact)| {
        // a·w = 1 and b·w = 1 by Cramer's rule.
        let times = |x: &Exact, y: &Exact| x.mul(y).expect("small");
        let det = times(a.0, b.1).sub(&times(a.1, b.0)).expect("small");
        if det.is_zero() {
            return None;
        }
        let (w0, w1) = (b.1.sub(a.1).expect("small"), a.0.sub(b.0).expect("small"));
        Some((w0.div(&det).expect("not zero"), w1.div(&det).expect("not zero")))
    };
    let reciprocal = |value: &Exact| value.reciprocal().expect("above zero");
    let mut corners: Vec<(Exact, Exact)> = Vec::new();
    for row in rows {
        corners.push((reciprocal(&row[0]), Exact::ZERO));
        corners.push((Exact::ZERO, reciprocal(&row[1])));
        corners.extend(rows.iter().filter_map(|other| solve((&row[0], &row[1]), (&other[0], &other[1]))));
    }
    let value = |row: &[Exact], (w0, w1): &(Exact, Exact)| {
        row[0].mul(w0).expect("small").add(&row[1].mul(w1).expect("small")).expect("small")
    };
    let feasible = corners.iter().filter(|corner| {
        !corner.0.is_negative()
            && !corner.1.is_negative()
            && rows.iter().all(|row| value(row, corner) <= Exact::ONE)
    });
    feasible.map(|corner| value(own, corner)).max().expect("the axes")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn scores_lie_from_zero_to_one(table in table()) {
        let sum = exact(table.1.iter().sum());
        for (method, scores) in scores(&table) {
            let top = if method == "saw" { sum.clone() } else { Exact::ONE };
            for score in scores {
                let score = score.abs();
                prop_assert!(score <= top, "{method} {score}");
            }
        }
    }

    #[test]
    fn the_order_of_members_changes_no_score(table in table()) {
        let mut turned = table.clone();
        turned.2.reverse();
        for ((method, before), (_, mut after)) in scores(&table).into_iter().zip(scores(&turned)) {
            after.reverse();
            prop_assert_eq!(before, after, "{}", method);
        }
    }

    #[test]
    fn the_unit_of_a_criterion_changes_no_score(table in table(), factor in 2_i128..1000, at in 0_usize..4) {
        let mut scaled = table.clone();
        let column = at % table.0.len();
        scaled.2.iter_mut().for_each(|row| row[column] *= factor);
        prop_assert_eq!(scores(&table), scores(&scaled));
    }

    #[test]
    fn shifting_a_criterion_changes_no_score_of_ng_and_vikor(table in table(), shift in 1_i128..1000, at in 0_usize..4) {
        let mut shifted = table.clone();
        let column = at % table.0.len();
        shifted.2.iter_mut().for_each(|row| row[column] += shift);
        let methods = ["ng", "vikor"];
        prop_assert_eq!(only(scores(&table), &methods), only(scores(&shifted), &methods));
    }

    #[test]
    fn the_scale_of_the_weights_changes_only_the_weighted_sum(table in table(), factor in 2_i128..50) {
        let mut scaled = table.clone();
        scaled.1.iter_mut().for_each(|weight| *weight *= factor);
        for ((method, before), (_, after)) in scores(&table).into_iter().zip(scores(&scaled)) {
            let factor = if method == "saw" { exact(factor) } else { Exact::ONE };
            let expected: Vec<Exact> = before.iter().map(|score| score.mul(&factor).expect("small")).collect();
            prop_assert_eq!(expected, after, "{}", method);
        }
    }

    #[test]
    fn a_member_that_is_nowhere_worse_scores_no_less(table in table()) {
        let not_worse = |a: &[i128], b: &[i128]| table.0.iter().zip(a.iter().zip(b)).all(|(direction, (a, b))| match direction {
            Direction::Benefit => a >= b,
            Direction::Cost => a <= b,
        });
        for (method, scores) in scores(&table) {
            for (i, a) in table.2.iter().enumerate() {
                for (j, b) in table.2.iter().enumerate() {
                    prop_assert!(!not_worse(a, b) || scores[i] >= scores[j], "{method} {i} {j}");
                }
            }
        }
    }

    #[test]
    fn improving_a_figure_never_lowers_the_own_rank_by_weighted_sum(table in table(), who in 0_usize..7, at in 0_usize..4, by in 1_i128..9) {
        let (who, at) = (who % table.2.len(), at % table.0.len());
        let mut improved = table.clone();
        match table.0[at] {
            Direction::Benefit => improved.2[who][at] += by,
            Direction::Cost => improved.2[who][at] = (improved.2[who][at] - by).max(1),
        }
        let ahead = |table: &Table| {
            let ranking = saw(&matrix(table)).expect("scores");
            ranking.scores().iter().filter(|score| **score > ranking.scores()[who]).count()
        };
        // A new best figure rescales the others downwards, never upwards.
        prop_assert!(ahead(&improved) <= ahead(&table));
    }

    #[test]
    fn closeness_falls_as_the_exact_farness_rises(table in table()) {
        if let Ok(result) = topsis(&matrix(&table)) {
            for (i, a) in result.farness().iter().enumerate() {
                prop_assert!((0.0..=1.0).contains(&result.closeness()[i]));
                for (j, b) in result.farness().iter().enumerate() {
                    prop_assert!(a > b || result.closeness()[i] >= result.closeness()[j]);
                }
            }
        }
    }

    #[test]
    fn ranks_are_a_permutation_and_ties_share_a_group(table in table()) {
        let ranking = edas(&matrix(&table)).expect("scores");
        let mut ranks = ranking.ranks();
        ranks.sort_unstable();
        prop_assert_eq!(ranks, (1..=table.2.len()).collect::<Vec<_>>());
        for (score, standing) in ranking.scores().iter().zip(ranking.standings()) {
            prop_assert_eq!(standing.tie_group, ranking.scores().iter().filter(|other| *other == score).count());
        }
    }

    #[test]
    fn own_weights_reach_the_best_corner(rows in prop::collection::vec(prop::collection::vec(1_i128..30, 2), 1..6)) {
        let table = (vec![Direction::Benefit; 2], vec![1, 1], rows);
        let matrix = matrix(&table);
        let ranking = best_weights(&matrix, Weighting::MostFavourable).expect("scores");
        let expected: Vec<Exact> = matrix.rows().iter().map(|own| corner_optimum(own, matrix.rows())).collect();
        prop_assert_eq!(ranking.scores(), expected);
        // Turning every figure into its reciprocal value is not linear, so the other end has its own check: at least 1,
        // and 1 for some member.
        let worst = best_weights(&matrix, Weighting::LeastFavourable).expect("scores");
        prop_assert_eq!(worst.scores().iter().min(), Some(&Exact::ONE));
    }

    #[test]
    fn agreeing_judgements_give_their_weights_and_no_contradiction(weights in prop::collection::vec(1_i128..=10, 1..8)) {
        let rows = weights.iter().map(|own| weights.iter().map(|other| Exact::ratio(*own, *other).expect("positive")).collect());
        let priorities = Judgements::new(rows.collect()).expect("judgements").priorities();
        let sum: i128 = weights.iter().sum();
        for (found, weight) in priorities.weights().iter().zip(&weights) {
            prop_assert!((found - *weight as f64 / sum as f64).abs() < 1e-15);
        }
        prop_assert_eq!(priorities.consistency_ratio(), 0.0);
        prop_assert_eq!(priorities.lambda_max(), weights.len() as f64);
        prop_assert_eq!(priorities.most_inconsistent(), None);
    }

    #[test]
    fn any_judgements_have_positive_weights_and_an_eigenvalue_of_at_least_their_number(
        size in 1_usize..=8, judged in prop::collection::vec((1_i128..=9, any::<bool>()), 28),
    ) {
        let mut rows = vec![vec![Exact::ONE; size]; size];
        let mut next = judged.iter().map(|(value, over)| if *over { (*value, 1) } else { (1, *value) });
        let above_diagonal = (0..size).flat_map(|i| (i + 1..size).map(move |j| (i, j)));
        for ((i, j), (n, d)) in above_diagonal.zip(&mut next) {
            rows[i][j] = Exact::ratio(n, d).expect("positive");
            rows[j][i] = Exact::ratio(d, n).expect("positive");
        }
        let priorities = Judgements::new(rows.clone()).expect("judgements").priorities();
        let weights = priorities.weights();
        prop_assert!(weights.iter().all(|weight| *weight > 0.0));
        prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        prop_assert!(priorities.lambda_max() >= size as f64 - 1e-12);
        prop_assert_eq!(priorities.consistency() == Consistency::NotApplicable, size < 3);
        // The definition itself: A·w = λ·w.
        for (row, weight) in rows.iter().zip(weights) {
            let cell = |cell: &Exact| { let (n, d) = cell.parts().expect("small"); n as f64 / d as f64 };
            let product: f64 = row.iter().zip(weights).map(|(a, w)| cell(a) * w).sum();
            prop_assert!((product - priorities.lambda_max() * weight).abs() < 1e-12 * priorities.lambda_max());
        }
    }
}
