//! From the document of a close to what people and programs read.

pub mod charts;
pub mod files;
pub mod html;
pub mod text;
