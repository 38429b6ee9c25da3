//! The numbers of a recorded answer, in the order in which the peer gives them.

use serde_json::Value;

/// The numbers of a recorded result, in its own order.
fn flatten(value: &Value, out: &mut Vec<f64>) {
    match value {
        Value::Number(number) => out.push(number.as_f64().unwrap()),
        Value::Array(list) => list.iter().for_each(|item| flatten(item, out)),
        Value::Object(map) => map.values().for_each(|item| flatten(item, out)),
        Value::Null => {}
        other => panic!("{other}"),
    }
}

/// Keys of an object in the order in which the file gives them, which serde_json's map does not keep.
pub(crate) fn in_file_order(value: &Value) -> Vec<f64> {
    let Value::Object(map) = value else {
        let mut out = Vec::new();
        flatten(value, &mut out);
        return out;
    };
    const ORDER: [&str; 20] = [
        "order_quantity",
        "order_quantities",
        "base_stock_level",
        "reorder_point",
        "order_up_to_level",
        "region",
        "stockout_fraction",
        "loss",
        "complementary_loss",
        "base_cycle_time",
        "order_multiples",
        "orders",
        "profit",
        "cost",
        "cost_to_go",
        "committed_service_times",
        "S_underbar",
        "S_overbar",
        "s_underbar",
        "s_overbar",
    ];
    let rank = |key: &str| match ORDER.iter().position(|known| *known == key) {
        Some(rank) => rank,
        None => {
            assert_eq!(key, "echelon_base_stock_levels");
            0
        }
    };
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort_by_key(|key| rank(key));
    // An (r, Q) pair and a service-time plan name their parts the other way round.
    if map.contains_key("reorder_point") && map.contains_key("order_quantity") {
        keys.sort_by_key(|key| match key.as_str() {
            "reorder_point" => 0,
            "order_quantity" => 1,
            _ => 2,
        });
    }
    if map.contains_key("committed_service_times") {
        keys.sort_by_key(|key| usize::from(key.as_str() == "cost"));
    }
    let mut out = Vec::new();
    for key in keys {
        match &map[key] {
            Value::Object(nodes) => {
                let mut numbers: Vec<(u32, f64)> =
                    nodes.iter().map(|(node, v)| (node.parse().unwrap(), v.as_f64().unwrap())).collect();
                numbers.sort_by_key(|pair| core::cmp::Reverse(pair.0));
                out.extend(numbers.into_iter().map(|pair| pair.1));
            }
            other => flatten(other, &mut out),
        }
    }
    out
}
