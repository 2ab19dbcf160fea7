//! SonoSuite, the software of many distributors: “confirmed sales” as a CSV (Sales → Reports). Described at
//! <https://sepulchralsilence.zendesk.com/hc/en-150/articles/17673834023954>; the order is that of reports of 2025. What is
//! counted is the net total in the currency that it was reported in, which the line names; the client's own is not named.

use super::{Processor, Source, kind_of};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct SonoSuite;

impl Processor for SonoSuite {
    fn source(&self) -> Source {
        Source::SonoSuite
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2025",
            &[
                "id",
                "start_date",
                "end_date",
                "confirmation_report_date",
                "country",
                "currency",
                "type",
                "units",
                "unit_price",
                "gross_total",
                "other_costs",
                "channel_costs",
                "taxes",
                "net_total",
                "currency_rate",
                "gross_total_client_currency",
                "other_costs_client_currency",
                "channel_costs_client_currency",
                "net_total_client_currency",
                "user_email",
                "channel",
                "label",
                "artist",
                "release",
                "upc",
                "track_title",
                "isrc",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "net_total"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let (track, release) = (line.text("track_title"), line.text("release"));
        Ok(Some(Sold {
            line: line.record.line,
            period: line.span("start_date", "end_date", DateForm::YearMonthDay)?,
            store: line.required("channel")?,
            territory: line.territory("country")?,
            isrc: line.isrc("isrc")?,
            upc: line.upc("upc")?,
            title: if track.is_empty() { release.clone() } else { track },
            artist: line.text("artist"),
            release,
            kind: kind_of(line.cell("type")),
            quantity: line.quantity("units")?,
            amount: line.amount("net_total")?,
            currency: line.currency("currency")?,
            reference: Some(line.text("id")).filter(|id| !id.is_empty()),
        }))
    }
}
