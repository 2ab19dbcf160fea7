//! The task of the sandboxed child: a whole statement, understood line by line, or the reason why not.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};

use chrono::NaiveDate;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::amount::{Amount, Decimal};
use super::currency;
use super::dialect;
use super::encoding::{self, Text};
use super::problem::StatementProblem;
use super::processors::{self, MustState, Processor, Stated};
use super::records::{Dialect, Record, Records};
use super::repeats::{self, REPEATS};
use super::sold::{Line, Sold};
use crate::artists::statements::mapping::Mapping;
use crate::artists::statements::statement::Source;
use crate::platform::sandbox::{Context, Fault, Task};

/// The task that `main` hands to the sandbox.
pub(crate) const TASK: Task = Task { name: "statement", outputs, inputs: &[ORDER], wants_threads: false, run };

/// What the child is told, as JSON: a mapping is people's words, and goes on no command line.
pub(in crate::artists::statements) const ORDER: &str = "order.json";

/// What it understood: a [`Sold`] a line, as JSON.
pub(in crate::artists::statements) const SALES: &str = "sales.jsonl";

/// Sales that a statement may have.
const MAX_SALES: u64 = 1_000_000;

/// Records before the header: some stores say who they are first.
const PREAMBLE: usize = 10;

/// Progress is told every so many lines.
const PROGRESS_LINES: u64 = 20_000;

/// How a statement is to be read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::artists::statements) struct Order {
    /// Whose statement the caller says it is.
    pub(in crate::artists::statements) source: Option<Source>,
    pub(in crate::artists::statements) mapping: Option<Mapping>,
}

/// A statement that was understood from its first line to its last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::artists::statements) struct Checked {
    pub(in crate::artists::statements) source: Source,
    pub(in crate::artists::statements) layout: String,
    pub(in crate::artists::statements) encoding: String,
    pub(in crate::artists::statements) sales: u32,
    pub(in crate::artists::statements) from: NaiveDate,
    pub(in crate::artists::statements) to: NaiveDate,
    pub(in crate::artists::statements) totals: Vec<Total>,
    /// Whether the statement has a total of its own, which is the same.
    pub(in crate::artists::statements) reconciled: bool,
}

/// The sum of a statement in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Total {
    /// ISO 4217.
    currency: String,
    /// A decimal number, exact: `"1234.5678"`.
    #[schema(value_type = String)]
    amount: Amount,
    quantity: i64,
}

fn outputs(_: &Value) -> Vec<String> {
    vec![SALES.to_owned(), REPEATS.to_owned()]
}

fn run(mut context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let order = context.inputs.pop().flatten().ok_or_else(|| io::Error::other("no order"))?;
    let order: Order = serde_json::from_reader(BufReader::new(order)).map_err(io::Error::from)?;
    let mut outputs = std::mem::take(&mut context.outputs).into_iter();
    let (Some(sales), Some(repeats)) = (outputs.next(), outputs.next()) else {
        return Err(io::Error::other("no outputs").into());
    };
    let bytes = context.arguments["bytes"].as_u64().unwrap_or(0).max(1);
    let mut progress = |taken: u64| report(json!(taken.saturating_mul(100).checked_div(bytes).unwrap_or(0).min(100)));
    let checked = check(context.source, &order, sales, repeats, &mut progress)?;
    Ok(serde_json::to_value(checked).map_err(io::Error::from)?)
}

fn check(
    mut source: File,
    order: &Order,
    sales: File,
    repeats: File,
    progress: &mut dyn FnMut(u64),
) -> Result<Checked, Fault> {
    let encoding = encoding::detect(&mut source)?;
    let dialect = dialect::detect(&source, encoding)?;
    let text = Text::new(source.try_clone()?, encoding)?;
    let mut records = Records::new(text, dialect);
    let mut record = Record::new();
    let head = find_head(&mut records, &mut record, order)?;
    let decimal = decimal(&source, encoding, dialect, &head, order)?;
    // The samples moved the file's offset, which all copies share.
    let mut records = Records::new(Text::new(source, encoding)?, dialect);
    for _ in 0..=head.before {
        records.read(&mut record)?;
    }
    let mut statement = Statement::new(head, decimal, BufWriter::new(sales));
    while records.read(&mut record)? {
        statement.take(&record)?;
        if statement.lines.is_multiple_of(PROGRESS_LINES) {
            progress(records.taken());
        }
    }
    statement.finish(encoding, repeats)
}

/// What the header told.
struct Head {
    processor: Box<dyn Processor>,
    version: &'static str,
    columns: Vec<String>,
    /// Records before the header.
    before: usize,
}

fn find_head(records: &mut Records, record: &mut Record, order: &Order) -> Result<Head, Fault> {
    let (mut nearest, mut before) = (None, 0);
    while before < PREAMBLE && records.read(record)? {
        let columns = record.names();
        match processors::recognise(candidates(order), &columns) {
            Ok((processor, version)) => return Ok(Head { processor, version, columns, before }),
            Err(unknown) => {
                let named = order.source.is_some() || order.mapping.is_some();
                if nearest.as_ref().is_none_or(|(likeness, _)| unknown.likeness > *likeness) {
                    nearest = Some((unknown.likeness, unknown.problem(&columns, record.line, named)));
                }
            }
        }
        before += 1;
    }
    let empty = || StatementProblem::new("empty", "The file is empty.");
    Err(nearest.map_or_else(empty, |(_, problem)| problem).into())
}

fn candidates(order: &Order) -> Vec<Box<dyn Processor>> {
    match (&order.mapping, order.source) {
        (Some(mapping), _) => vec![processors::described(mapping.clone())],
        (None, Some(source)) => {
            processors::known().into_iter().filter(|processor| processor.source() == source).collect()
        }
        (None, None) => processors::known(),
    }
}

fn decimal(
    source: &File,
    encoding: &'static Encoding,
    dialect: Dialect,
    head: &Head,
    order: &Order,
) -> Result<Decimal, Fault> {
    if let Some(decimal) = order.mapping.as_ref().and_then(|mapping| mapping.decimal) {
        return Ok(decimal);
    }
    let is_it = |column: &String| super::drift::is_same(column, head.processor.amount_column());
    let column = head.columns.iter().position(is_it).unwrap_or(usize::MAX);
    let told = dialect::decimal(source, encoding, dialect, column)?;
    Ok(told.ok_or_else(|| {
        let column = head.processor.amount_column();
        let message = format!(
            "All numbers in the column “{column}” can be read in two ways, such as 1.234 with three decimals or in thousands. \
             Describe the file in a mapping, and say there which it is."
        );
        StatementProblem { column: Some(column.to_owned()), ..StatementProblem::new("ambiguous_numbers", message) }
    })?)
}

/// A statement as far as it was read.
struct Statement {
    head: Head,
    decimal: Decimal,
    sales: BufWriter<File>,
    lines: u64,
    /// The line in the file of the last record that is not blank.
    last_line: u64,
    sold: u64,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    sums: BTreeMap<String, (Amount, i64)>,
    /// The sum of all amounts, of those that were given back too.
    moved: Amount,
    stated: Vec<(u64, Stated)>,
    /// Of each sale the beginning of its hash, and its place: to find those that say the same.
    hashes: Vec<(u64, u32)>,
}

impl Statement {
    fn new(head: Head, decimal: Decimal, sales: BufWriter<File>) -> Self {
        let (sums, stated, hashes) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self {
            head,
            decimal,
            sales,
            lines: 0,
            last_line: 0,
            sold: 0,
            from: None,
            to: None,
            sums,
            moved: Amount::default(),
            stated,
            hashes,
        }
    }

    fn take(&mut self, record: &Record) -> Result<(), Fault> {
        self.lines += 1;
        if record.is_blank() {
            return Ok(());
        }
        self.last_line = record.line;
        let line = Line { columns: &self.head.columns, record, decimal: self.decimal };
        if let Some(stated) = self.head.processor.stated(&line)? {
            self.stated.push((record.line, stated));
            return Ok(());
        }
        if record.len() != self.head.columns.len() {
            return Err(self.wrong_width(record).into());
        }
        match self.head.processor.sold(&line)? {
            Some(sold) => self.note(&sold),
            None => Ok(()),
        }
    }

    fn wrong_width(&self, record: &Record) -> StatementProblem {
        let (line, width, expected) = (record.line, record.len(), self.head.columns.len());
        let message = format!("Line {line} has {width} columns, and the header has {expected}.");
        StatementProblem { line: Some(line), ..StatementProblem::new("uneven_line", message) }
    }

    fn note(&mut self, sold: &Sold) -> Result<(), Fault> {
        if self.sold == MAX_SALES {
            let message =
                format!("A statement has at most {MAX_SALES} lines of sales. Please divide it, by month for example.");
            return Err(StatementProblem::new("too_many_lines", message).into());
        }
        let sum = self.sums.entry(sold.currency.clone()).or_default();
        let (amount, quantity) = (sum.0.plus(sold.amount), sum.1.checked_add(sold.quantity));
        // No part of a statement comes to more than all that its lines move.
        let moved = self.moved.plus(sold.amount.absolute()).filter(|moved| moved.can_be_kept());
        let (Some(amount), Some(quantity), Some(moved)) = (amount, quantity, moved) else {
            return Err(StatementProblem::new("too_large_sum", "The sum of this statement is beyond counting.").into());
        };
        (*sum, self.moved) = ((amount, quantity), moved);
        self.from = Some(self.from.map_or(sold.period.from, |from| from.min(sold.period.from)));
        self.to = Some(self.to.map_or(sold.period.to, |to| to.max(sold.period.to)));
        let [a, b, c, d, e, f, g, h, ..] = *sold.hash(&[]).as_bytes();
        let start = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        self.hashes.push((start, u32::try_from(self.sold).unwrap_or(u32::MAX)));
        self.sold += 1;
        serde_json::to_writer(&mut self.sales, sold).map_err(io::Error::from)?;
        Ok(self.sales.write_all(b"\n")?)
    }

    fn finish(mut self, encoding: &'static Encoding, repeated: File) -> Result<Checked, Fault> {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return Err(StatementProblem::new(
                "nothing_sold",
                "No line of this statement says that anything was sold.",
            )
            .into());
        };
        self.reconcile()?;
        self.sales.flush()?;
        repeats::write(std::mem::take(&mut self.hashes), repeated)?;
        let totals = self.sums.into_iter();
        let totals = totals.map(|(currency, (amount, quantity))| Total { currency, amount, quantity }).collect();
        Ok(Checked {
            source: self.head.processor.source(),
            layout: self.head.version.to_owned(),
            encoding: encoding.name().to_owned(),
            sales: u32::try_from(self.sold).unwrap_or(u32::MAX),
            from,
            to,
            totals,
            reconciled: !self.stated.is_empty(),
        })
    }

    // What a file of this sender ends with must be there, and for whatever was sold.
    fn require_totals(&self) -> Result<(), StatementProblem> {
        let states = |must: &MustState| self.stated.iter().any(|(_, stated)| must.is(stated));
        let of_currencies: Vec<&str> = self.stated.iter().filter_map(|(_, stated)| stated.currency()).collect();
        let has_total = |currency: &&String| of_currencies.is_empty() || of_currencies.contains(&currency.as_str());
        let without = self.sums.keys().find(|currency| !has_total(currency));
        let what = match without {
            Some(currency) => format!("its total in {currency}"),
            None if self.head.processor.must_state().iter().all(states) => return Ok(()),
            None => "its total".to_owned(),
        };
        let (line, source) = (self.last_line, self.head.processor.source().title());
        let message = format!(
            "The file ends with line {line}, before {what}, with which a statement by {source} ends. It was probably cut off; \
             please download it again. Nothing was imported."
        );
        Err(StatementProblem::new("total_missing", message).at(line))
    }

    // What the statement says of itself must be so.
    fn reconcile(&self) -> Result<(), StatementProblem> {
        self.require_totals()?;
        for (line, stated) in &self.stated {
            let (what, said, is) = match stated {
                Stated::Sum(sum, currency) => {
                    let (currency, is) = self.sum_of(currency.as_deref(), *line)?;
                    if is.is_same(*sum, currency::decimals(currency)) {
                        continue;
                    }
                    ("sum", sum.to_string(), is.to_string())
                }
                Stated::Lines(lines) if *lines == self.sold => continue,
                Stated::Lines(lines) => ("number of lines", lines.to_string(), self.sold.to_string()),
                Stated::Units(units) => {
                    let is: i64 = self.sums.values().map(|(_, quantity)| quantity).sum();
                    if is == *units {
                        continue;
                    }
                    ("number of units", units.to_string(), is.to_string())
                }
            };
            let message = format!(
                "The statement's own {what} (line {line}) is {said}, and its lines come to {is}. It is not whole, or was \
                 changed; nothing was imported."
            );
            return Err(StatementProblem { line: Some(*line), ..StatementProblem::new("totals_differ", message) });
        }
        Ok(())
    }

    fn sum_of<'a>(&'a self, currency: Option<&'a str>, line: u64) -> Result<(&'a str, Amount), StatementProblem> {
        let is_it = |known: &&str| currency.is_none_or(|currency| currency == *known);
        let sums: Vec<(&str, Amount)> = self
            .sums
            .iter()
            .map(|(known, (amount, _))| (known.as_str(), *amount))
            .filter(|(known, _)| is_it(known))
            .collect();
        match (sums.as_slice(), currency) {
            ([sum], _) => Ok(*sum),
            // A currency in which nothing was sold.
            ([], Some(currency)) => Ok((currency, Amount::default())),
            _ => {
                let message = format!("Line {line} states a total, and the lines are not all of one currency.");
                Err(StatementProblem::new("totals_differ", message).at(line))
            }
        }
    }
}
