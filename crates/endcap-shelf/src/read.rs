//! Reading of candidates, assortments and scores: what their own functions could not have returned is refused.

use endcap_types::{CategoryId, Exact, SkuId};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::ShelfError;
use crate::assortment::{self, AssortmentLine, Decision, Listing};
use crate::compliance;
use crate::facings::not_negative;

/// A candidate as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Candidate {
    sku: SkuId,
    category: CategoryId,
    #[serde(with = "rust_decimal::serde::str")]
    weekly_units: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    unit_margin: Decimal,
    listing: Listing,
}

impl TryFrom<Candidate> for assortment::Candidate {
    type Error = ShelfError;

    fn try_from(read: Candidate) -> Result<Self, ShelfError> {
        let Candidate { sku, category, weekly_units, unit_margin, listing } = read;
        not_negative("weekly units", weekly_units)?;
        Ok(Self { sku, category, weekly_units, unit_margin, listing })
    }
}

/// An assortment as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assortment {
    lines: Vec<AssortmentLine>,
    swaps: Vec<(SkuId, SkuId)>,
    profit: Exact,
    upper: Exact,
}

impl TryFrom<Assortment> for assortment::Assortment {
    type Error = String;

    fn try_from(read: Assortment) -> Result<Self, String> {
        let Assortment { lines, swaps, profit, upper } = read;
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            if line.sku >= next.sku {
                return Err(format!("expected lines by rising id, not {} after {}", next.sku, line.sku));
            }
        }
        let (mut moved, mut taken) = (Exact::ZERO, Exact::ZERO);
        for line in &lines {
            let listed = matches!(line.decision, Decision::Keep | Decision::List);
            let foreign =
                if listed { [&line.transferred, &line.lost] } else { [&line.received, &line.received] };
            if foreign.into_iter().any(|demand| *demand != Exact::ZERO) {
                let rule = if listed { "no transferred or lost demand of" } else { "no demand received by" };
                return Err(format!("expected {rule} {}", line.sku));
            }
            if [&line.transferred, &line.lost, &line.received].into_iter().any(|demand| *demand < Exact::ZERO)
            {
                return Err(format!("expected no negative demand of {}", line.sku));
            }
            let text = |error: endcap_types::TypesError| error.to_string();
            moved = moved.add(&line.transferred).map_err(text)?;
            taken = taken.add(&line.received).map_err(text)?;
        }
        if moved != taken {
            return Err(format!("expected as much demand received as transferred, not {taken} and {moved}"));
        }
        let decided = |sku: &SkuId, decision: Decision| {
            lines.iter().any(|line| line.sku == *sku && line.decision == decision)
        };
        for (listed, delisted) in &swaps {
            if !decided(listed, Decision::List) || !decided(delisted, Decision::Delist) {
                return Err(format!(
                    "expected {listed} newly listed and {delisted} delisted, as the swap says"
                ));
            }
        }
        if profit > upper {
            return Err(format!("expected a profit of at most the bound {upper}, not {profit}"));
        }
        Ok(Self { lines, swaps, profit, upper })
    }
}

/// A score as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compliance {
    presence: Exact,
    shelf: Exact,
    sequence: Exact,
    facings: Exact,
    score: Exact,
}

impl TryFrom<Compliance> for compliance::Compliance {
    type Error = String;

    fn try_from(read: Compliance) -> Result<Self, String> {
        let Compliance { presence, shelf, sequence, facings, score } = read;
        for (part, value) in
            [("presence", &presence), ("shelf", &shelf), ("sequence", &sequence), ("facings", &facings)]
        {
            if *value < Exact::ZERO || *value > Exact::ONE {
                return Err(format!("expected {part} from 0 to 1, not {value}"));
            }
        }
        let whole =
            compliance::score(&presence, &shelf, &sequence, &facings).map_err(|error| error.to_string())?;
        if whole != score {
            return Err(format!("expected a score of {whole}, not {score}"));
        }
        Ok(Self { presence, shelf, sequence, facings, score })
    }
}
