//! The example `month_end`.
//!
//! | module | what it asks |
//! |---|---|
//! | [`sample`] | the sample data, whole or cut, as texts that a case may change; runs of the program |
//! | [`results`] | reading what a close wrote, money as whole minor units |
//! | [`naive`] | every identity of a close, worked out again from the files with whole numbers |
//! | [`identities`] | those identities on the sample, and on a cut of two months |
//! | [`broken`] | one thing broken at a time: the exit code and the exact words |
//! | [`cases`] | those things |
//! | [`odd`] | unusual files that can be closed, and ways to write them that change nothing |
//! | [`lines`] | invoice lines instead of a full book |
//! | [`real`] | public invoice lines, where they are at hand |

mod broken;
mod cases;
mod identities;
mod lines;
mod naive;
mod odd;
mod real;
mod results;
mod sample;
