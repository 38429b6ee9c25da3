//! Stock roll-forward, safety stock and suggested orders whose reasons add up to the quantity.
