//! Bandcamp, sales report as a CSV, in UTF-16 as Bandcamp sends it or saved again as UTF-8 (Tools → Sales report). Described
//! at <https://get.bandcamp.help/hc/en-us/articles/23020652228759> and in the Sales API, version 4. Which of the further
//! columns are there depends on the account. Payouts sell nothing; refunds and reversals take back.

use super::{Processor, SaleKind, Source};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

const OPTIONAL: &[&str] = &[
    "additional fan contribution",
    "tax",
    "tax rate",
    "seller tax",
    "marketplace tax",
    "collection society share",
    "shipping",
    "ship from country name",
    "package",
    "option",
    "item url",
    "catalog number",
    "upc",
    "isrc",
    "buyer name",
    "buyer email",
    "buyer phone",
    "buyer note",
    "ship to name",
    "ship to street",
    "ship to street 2",
    "ship to city",
    "ship to state",
    "ship to zip",
    "ship to country",
    "ship to country code",
    "ship date",
    "ship notes",
    "country",
    "country code",
    "region/state",
    "city",
    "referer",
    "referer url",
    "referrer",
    "referrer url",
    "sku",
    "balance of revenue share (usd)",
    "balance of revenue share (eur)",
    "balance of revenue share (gbp)",
    "balance of revenue share (cad)",
    "balance of revenue share (aud)",
    "balance of revenue share (jpy)",
    "balance of revenue share (pln)",
];

pub(super) struct Bandcamp;

impl Processor for Bandcamp {
    fn source(&self) -> Source {
        Source::Bandcamp
    }

    fn layouts(&self) -> Vec<Layout> {
        let columns = Layout::new(
            "2021",
            &[
                "date",
                "paid to",
                "item type",
                "item name",
                "artist",
                "currency",
                "item price",
                "quantity",
                "discount code",
                "sub total",
                "transaction fee",
                "fee type",
                "item total",
                "amount you received",
                "bandcamp transaction id",
                "paypal transaction id",
                "net amount",
            ],
        );
        vec![columns.with_optional(OPTIONAL)]
    }

    fn amount_column(&self) -> &str {
        "net amount"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let item = line.cell("item type").to_lowercase();
        if ["payout", "pending payout", ""].contains(&item.as_str()) {
            return Ok(None);
        }
        let title = line.required("item name")?;
        let is_track = item == "track" || line.isrc("isrc")?.is_some();
        Ok(Some(Sold {
            line: line.record.line,
            period: line.period("date", DateForm::MonthDayYear)?,
            store: "Bandcamp".to_owned(),
            territory: territory(line)?,
            isrc: line.isrc("isrc")?,
            upc: line.upc("upc")?,
            release: if is_track { String::new() } else { title.clone() },
            title,
            artist: line.text("artist"),
            kind: kind(&item, line.cell("package")),
            quantity: line.quantity("quantity")?,
            amount: line.amount("net amount")?,
            currency: line.currency("currency")?,
            reference: Some(line.text("bandcamp transaction id")).filter(|id| !id.is_empty()),
        }))
    }
}

fn territory(line: &Line<'_>) -> Read<Option<String>> {
    match line.territory("country code")? {
        Some(code) => Ok(Some(code)),
        None => line.territory("ship to country code"),
    }
}

fn kind(item: &str, package: &str) -> SaleKind {
    let is_digital = package.is_empty() || package.to_lowercase().contains("digital");
    match item {
        "package" => SaleKind::Physical,
        "track" | "album" | "bundle" if is_digital => SaleKind::Download,
        "track" | "album" | "bundle" => SaleKind::Physical,
        _ if !package.is_empty() && !is_digital => SaleKind::Physical,
        _ if !package.is_empty() => SaleKind::Download,
        _ => SaleKind::Other,
    }
}
