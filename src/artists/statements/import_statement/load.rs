//! Load what the child understood, batch by batch, in constant memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use super::super::reading::{Checked, REPEATS, Repeats, SALES, Sold};
use super::super::sale::{self, NewSale};
use super::super::sold_item;
use super::super::statement::{OwnStatement, StatementState};
use super::tell;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::SoldItemId;
use crate::platform::jobs::Run;
use crate::platform::storage::Scratch;
use crate::platform::task;

/// Lines in one transaction.
const BATCH: usize = 4000;

/// Things that are remembered between batches; more are looked up again.
const REMEMBERED: usize = 50_000;

type Known = HashMap<Vec<u8>, SoldItemId>;

/// Writes all sales; none of them counts yet. False when the statement was removed meanwhile.
pub(super) async fn load(
    platform: &Platform,
    statement: &OwnStatement,
    checked: &Checked,
    scratch: &Scratch,
    run: &Run,
) -> Result<bool> {
    let salt = [statement.artist_id.uuid().as_bytes(), checked.source.name().as_bytes()].concat();
    let mut lines = Lines::open(scratch).await?;
    let (mut known, mut done) = (Known::new(), 0_u64);
    loop {
        let (back, batch) = task::blocking(move || lines.next_batch()).await??;
        lines = back;
        if batch.is_empty() {
            return Ok(true);
        }
        done += batch.len() as u64;
        let percent = u8::try_from(done * 100 / u64::from(checked.sales.max(1))).unwrap_or(100).min(99);
        if !write(platform, statement, batch, &salt, &mut known, percent, run).await? {
            return Ok(false);
        }
        run.progress(percent).await;
    }
}

/// What is left to read.
struct Lines {
    sales: BufReader<File>,
    repeats: Repeats,
    place: u32,
}

impl Lines {
    async fn open(scratch: &Scratch) -> Result<Self> {
        let (sales, repeats) = (scratch.open(SALES).await?, scratch.open(REPEATS).await?);
        let repeats = task::blocking(move || Repeats::new(repeats)).await?.map_err(anyhow::Error::from)?;
        Ok(Self { sales: BufReader::new(sales), repeats, place: 0 })
    }

    fn next_batch(mut self) -> anyhow::Result<(Self, Vec<(Sold, u32)>)> {
        let mut batch = Vec::with_capacity(BATCH);
        let mut line = String::new();
        while batch.len() < BATCH {
            line.clear();
            if self.sales.read_line(&mut line)? == 0 {
                break;
            }
            batch.push((serde_json::from_str(&line)?, self.repeats.before(self.place)?));
            self.place += 1;
        }
        Ok((self, batch))
    }
}

async fn write(
    platform: &Platform,
    statement: &OwnStatement,
    batch: Vec<(Sold, u32)>,
    salt: &[u8],
    known: &mut Known,
    percent: u8,
    run: &Run,
) -> Result<bool> {
    if known.len() > REMEMBERED {
        known.clear();
    }
    let remembered = &*known;
    // What a transaction adds that does not commit must not be remembered.
    let learned = platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            sale::take_turn(conn, statement.artist_id).await?;
            let locked = OwnStatement::lock(conn, statement.id).await?;
            if locked.is_none_or(|locked| locked.state != StatementState::Loading) {
                return Ok(None);
            }
            let learned = learn(conn, statement, &batch, remembered).await?;
            let item = |identity: &Vec<u8>| remembered.get(identity).or_else(|| learned.get(identity)).copied();
            let count = i32::try_from(batch.len()).unwrap_or(i32::MAX);
            let sales = batch.iter().map(|(sold, before)| new_sale(sold, *before, salt, item));
            let sales = sales.collect::<Result<Vec<_>>>()?;
            let repeated = sale::insert(conn, statement.id, &sales).await?;
            statement.count_loaded(conn, count, i32::try_from(repeated).unwrap_or(i32::MAX), percent).await?;
            tell::mention(conn, statement, StatementState::Loading, percent).await?;
            Ok(Some(learned))
        })
        .await?;
    let is_written = learned.is_some();
    known.extend(learned.unwrap_or_default());
    Ok(is_written)
}

async fn learn(conn: &mut Conn, statement: &OwnStatement, batch: &[(Sold, u32)], known: &Known) -> Result<Known> {
    let mut new: HashMap<Vec<u8>, &Sold> = HashMap::new();
    for (sold, _) in batch {
        let identity = sold_item::identity(sold);
        if !known.contains_key(&identity) {
            new.insert(identity, sold);
        }
    }
    if new.is_empty() {
        return Ok(Known::new());
    }
    // In one order, so that two who add the same things do not wait for each other.
    let mut new: Vec<(Vec<u8>, &Sold)> = new.into_iter().collect();
    new.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(sold_item::insert(conn, statement.artist_id, &new).await?.into_iter().collect())
}

fn new_sale(sold: &Sold, before: u32, salt: &[u8], item: impl Fn(&Vec<u8>) -> Option<SoldItemId>) -> Result<NewSale> {
    let item = item(&sold_item::identity(sold)).ok_or_else(|| anyhow::anyhow!("a sale of nothing"))?;
    let key = sold.hash(salt).as_bytes()[..16].to_vec();
    Ok(NewSale { sold: sold.clone(), item, key, ordinal: i32::try_from(before).unwrap_or(i32::MAX) })
}
