//! A statement's way from draft to closed, and the invoices of its lines.
//!
//! | item | what it is |
//! |---|---|
//! | [`StatementFile`], [`StatementState`] | 单据档案, 单据状态: draft → issued → confirmed or disputed → invoiced → paid → closed |
//! | [`StatementStep`], [`StatementAction`] | 单据历史: what happened on which day |
//! | [`InvoiceRegister`], [`InvoiceOf`] | 开票登记: no settlement line on two invoices |
//! | [`LifecycleError`] | what is refused |
//!
//! Days come in as arguments. A posted statement stands: [`StatementFile::correct`] gives its differences instead.

mod error;
mod register;
mod state;

pub use error::LifecycleError;
pub use register::{InvoiceOf, InvoiceRegister};
pub use state::{StatementAction, StatementFile, StatementState, StatementStep};
