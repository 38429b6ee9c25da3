//! Facings, assortment and planograms with a certificate of how far from the best the plan can be.
