//! Dates of a stored log: exactly the ten characters that were written, so that one log has one spelling.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    let date: Option<NaiveDate> = text.parse().ok();
    let exact = date.filter(|date| date.to_string() == text);
    exact.ok_or_else(|| {
        serde::de::Error::custom(format_args!("not a date: {text:?}, expected such as 2025-06-30"))
    })
}

/// The same for a date that may be absent.
pub(crate) mod maybe {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    struct Strict(#[serde(with = "super")] NaiveDate);

    pub(crate) fn serialize<S: Serializer>(
        date: &Option<NaiveDate>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => super::serialize(date, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        Ok(Option::<Strict>::deserialize(deserializer)?.map(|Strict(date)| date))
    }
}
