//! Products from a CSV file: every mistake with its place, all at once.

use std::collections::BTreeMap;
use std::path::Path;

use endcap::shelf::{CaseRule, FacingRule, Hanging, Orientation, Product, ProductSpec, SizeMm, Stocking};
use endcap::types::{CasePack, CategoryId, SkuId};
use rust_decimal::Decimal;

use crate::common::problems::{Problem, Problems};
use crate::common::table::{Column, Row, Table};

/// The columns of the file.
struct Columns {
    sku: Column,
    name: Column,
    brand: Column,
    category: Column,
    size: [Column; 3],
    weekly_units: Column,
    unit_margin: Column,
    min_facings: Option<Column>,
    max_facings: Option<Column>,
    must_stock: Option<Column>,
    max_stack: Option<Column>,
    days_of_supply: Option<Column>,
    case_pack: Option<Column>,
    hanging: Option<Column>,
    orientations: Option<Column>,
}

impl Columns {
    fn find(table: &Table) -> Result<Self, Vec<Problem>> {
        let mut missing = Vec::new();
        let mut find = |name: &str| table.column(name).map_err(|problem| missing.push(problem)).ok();
        let names = [
            "sku",
            "name",
            "brand",
            "category",
            "width_mm",
            "height_mm",
            "depth_mm",
            "weekly_units",
            "unit_margin",
        ];
        let needed: Vec<Option<Column>> = names.iter().map(|name| find(name)).collect();
        let needed: Option<Vec<Column>> = needed.into_iter().collect();
        let Some(&[sku, name, brand, category, width, height, depth, weekly_units, unit_margin]) =
            needed.as_deref()
        else {
            return Err(missing);
        };
        let optional =
            |name: &str| table.columns().iter().any(|column| column == name).then(|| table.column(name).ok());
        Ok(Self {
            sku,
            name,
            brand,
            category,
            size: [width, height, depth],
            weekly_units,
            unit_margin,
            min_facings: optional("min_facings").flatten(),
            max_facings: optional("max_facings").flatten(),
            must_stock: optional("must_stock").flatten(),
            max_stack: optional("max_stack").flatten(),
            days_of_supply: optional("days_of_supply").flatten(),
            case_pack: optional("case_pack").flatten(),
            hanging: optional("hanging").flatten(),
            orientations: optional("orientations").flatten(),
        })
    }
}

/// Reads the products in the order of the file.
pub fn read(path: &Path, number: usize, problems: &mut Problems) -> Vec<Product> {
    let table = match Table::open(path, number) {
        Ok(table) => table,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let columns = match Columns::find(&table) {
        Ok(columns) => columns,
        Err(missing) => {
            missing.into_iter().for_each(|problem| problems.push(problem));
            return Vec::new();
        }
    };
    let mut products = Vec::new();
    let mut seen: BTreeMap<SkuId, u64> = BTreeMap::new();
    table.for_each(problems, |row, problems| match product(row, &columns) {
        Ok(product) => {
            if let Some(line) = seen.insert(product.sku().clone(), row.line()) {
                let text = format!("expected each SKU once; it was given before on line {line}");
                problems.push(row.problem(columns.sku, text));
            }
            products.push(product);
        }
        Err(problem) => problems.push(problem),
    });
    products
}

fn product(row: &Row<'_>, columns: &Columns) -> Result<Product, Problem> {
    let sku = SkuId::new(row.text(columns.sku)?).map_err(|error| row.problem(columns.sku, error))?;
    let category =
        CategoryId::new(row.text(columns.category)?).map_err(|error| row.problem(columns.category, error))?;
    let [width, height, depth] = columns.size;
    let size = SizeMm {
        width: whole(row, width, "millimetres")?,
        height: whole(row, height, "millimetres")?,
        depth: whole(row, depth, "millimetres")?,
    };
    let optional = |column: Option<Column>, otherwise: u32, what: &str| match column {
        Some(column) if !row.get(column).trim_ascii().is_empty() => whole(row, column, what),
        _ => Ok(otherwise),
    };
    let stocking = match columns.must_stock.map(|column| (column, row.get(column).trim_ascii())) {
        None | Some((_, b"" | b"no")) => Stocking::MayDelist,
        Some((_, b"yes")) => Stocking::MustStock,
        Some((column, _)) => return Err(row.problem(column, "expected yes or no")),
    };
    let least = optional(columns.min_facings, 1, "facings")?;
    let most = optional(columns.max_facings, 6, "facings")?;
    let at = columns.max_facings.or(columns.min_facings).unwrap_or(columns.sku);
    let rule = FacingRule::new(least, most, stocking).map_err(|error| row.problem(at, error))?;
    let rule = supply(row, columns, rule)?;
    let spec = ProductSpec {
        weekly_units: decimal(row, columns.weekly_units, "units a week such as 12.5")?,
        unit_margin: decimal(row, columns.unit_margin, "an amount such as 1.25")?,
        rule,
        max_stack: optional(columns.max_stack, 1, "units on one another")?,
        hanging: hanging(row, columns.hanging)?,
        orientations: orientations(row, columns.orientations)?,
        ..ProductSpec::new(sku, row.text(columns.name)?, row.text(columns.brand)?, category, size)
    };
    Product::new(spec)
        .map_err(|error| row.problem(columns.sku, format_args!("expected a sound product: {error}")))
}

/// What is in an optional column, if anything.
fn given<'a>(row: &'a Row<'_>, column: Option<Column>) -> Result<Option<(Column, &'a str)>, Problem> {
    let Some(column) = column else { return Ok(None) };
    let text = row.text(column)?.trim();
    Ok((!text.is_empty()).then_some((column, text)))
}

fn supply(row: &Row<'_>, columns: &Columns, mut rule: FacingRule) -> Result<FacingRule, Problem> {
    if let Some((column, _)) = given(row, columns.days_of_supply)? {
        let days = decimal(row, column, "days such as 3.5")?;
        rule = rule.with_days_of_supply(days).map_err(|error| row.problem(column, error))?;
    }
    if let Some((column, _)) = given(row, columns.case_pack)? {
        let units = whole(row, column, "units in a case")?;
        let pack = CasePack::new(units).map_err(|error| row.problem(column, error))?;
        rule = rule.with_case(CaseRule::MustFit(pack));
    }
    Ok(rule)
}

fn hanging(row: &Row<'_>, column: Option<Column>) -> Result<Hanging, Problem> {
    match given(row, column)? {
        None | Some((_, "never")) => Ok(Hanging::Never),
        Some((_, "only")) => Ok(Hanging::Only),
        Some((_, "either")) => Ok(Hanging::Either),
        Some((column, _)) => Err(row.problem(column, "expected never, only or either")),
    }
}

fn orientations(row: &Row<'_>, column: Option<Column>) -> Result<Vec<Orientation>, Problem> {
    let Some((column, text)) = given(row, column)? else { return Ok(vec![Orientation::Front]) };
    let each = text.split_whitespace().map(|word| match word {
        "front" => Ok(Orientation::Front),
        "front_lying" => Ok(Orientation::FrontLying),
        "side" => Ok(Orientation::Side),
        "side_lying" => Ok(Orientation::SideLying),
        "top" => Ok(Orientation::Top),
        "top_lying" => Ok(Orientation::TopLying),
        _ => Err(row.problem(
            column,
            "expected front, front_lying, side, side_lying, top and top_lying, with spaces",
        )),
    });
    each.collect()
}

fn whole(row: &Row<'_>, column: Column, what: &str) -> Result<u32, Problem> {
    let text = row.text(column)?.trim();
    text.parse().map_err(|_| row.problem(column, format_args!("expected a whole number of {what}")))
}

fn decimal(row: &Row<'_>, column: Column, what: &str) -> Result<Decimal, Problem> {
    let text = row.text(column)?.trim();
    text.parse().map_err(|_| row.problem(column, format_args!("expected {what}")))
}
