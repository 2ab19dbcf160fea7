//! Why a statement cannot be used, in words for its artist.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::drift::Difference;
use super::encoding::Unreadable;
use super::records::{Broken, MAX_COLUMNS, MAX_RECORD_BYTES};
use crate::platform::sandbox::Fault;

/// Why a statement cannot be used, and where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct StatementProblem {
    /// Stable: `unknown_layout`, `layout_changed`, `unreadable_value`, `totals_differ` …
    pub(crate) slug: String,
    pub(crate) message: String,
    /// The line of the file, from 1.
    #[serde(default)]
    pub(crate) line: Option<u64>,
    /// The column at fault.
    #[serde(default)]
    pub(crate) column: Option<String>,
    /// How the header differs from the one that was expected.
    #[serde(default)]
    pub(crate) differences: Vec<Difference>,
}

impl StatementProblem {
    pub(in crate::artists::statements) fn new(slug: &str, message: impl Into<String>) -> Self {
        Self { slug: slug.to_owned(), message: message.into(), ..Self::default() }
    }

    pub(super) fn at(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub(super) fn in_column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }
}

impl From<StatementProblem> for Fault {
    fn from(problem: StatementProblem) -> Self {
        Self::Refused(serde_json::to_value(problem).unwrap_or_default())
    }
}

impl From<Unreadable> for Fault {
    fn from(cause: Unreadable) -> Self {
        match cause {
            Unreadable::Io(cause) => Self::Io(cause),
            Unreadable::Other { what } => StatementProblem::new(
                "not_text",
                format!("The file is {what}. A statement is a text: unpack it, or save it as CSV, and send that."),
            )
            .into(),
            Unreadable::Damaged { encoding } => StatementProblem::new(
                "damaged_text",
                format!(
                    "The file begins as {encoding} and then is not. It is probably damaged; please download it again."
                ),
            )
            .into(),
        }
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unreadable(cause) => cause.into(),
            Broken::TooLong { line } => StatementProblem::new(
                "line_too_long",
                format!("Line {line} is longer than {MAX_RECORD_BYTES} bytes, or a quote in it is never closed."),
            )
            .at(line)
            .into(),
            Broken::TooManyColumns { line } => {
                StatementProblem::new("too_many_columns", format!("Line {line} has more than {MAX_COLUMNS} columns."))
                    .at(line)
                    .into()
            }
        }
    }
}
