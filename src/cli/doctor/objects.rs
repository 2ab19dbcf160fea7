//! Is every object there that the database names, and is every one known that is there?

use super::super::serve::{Database, Sharing};
use super::Finding::{self, Bad, Good, Poor};
use super::say;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::storage::{Compared, Difference, Storage, YOUNG};

/// What was found, in numbers.
#[derive(Default)]
struct Tally {
    missing: u64,
    damaged: u64,
    unknown: u64,
    young: u64,
}

/// Tells each difference in a line of its own, and answers with the sum.
pub(super) async fn check(config: &Config, deep: bool) -> Vec<Finding> {
    match compare(config, deep).await {
        Ok((compared, tally)) => findings(compared, &tally, deep),
        Err(error) => vec![Bad(
            format!("objects: {error:#}"),
            "mend what is said above about the database and the storage, then try again".into(),
        )],
    }
}

async fn compare(config: &Config, deep: bool) -> anyhow::Result<(Compared, Tally)> {
    let storage = Storage::of(config)?;
    let database = Database::open(config, Sharing::Beside).await?;
    let mut tally = Tally::default();
    let compared = storage.compare(&Db::new(&database.url, 2), deep, &mut |difference| tally.tell(&difference)).await;
    database.close().await?;
    Ok((compared?, tally))
}

impl Tally {
    fn tell(&mut self, difference: &Difference) {
        match difference {
            Difference::Missing { key } => {
                self.missing += 1;
                say(&format!("      missing   {key}"));
            }
            Difference::WrongSize { key, expected, found } => {
                self.damaged += 1;
                say(&format!("      damaged   {key}: {found} bytes, not {expected}"));
            }
            Difference::Damaged { key } => {
                self.damaged += 1;
                say(&format!("      damaged   {key}"));
            }
            Difference::Unknown { key, size_bytes, since } => {
                let age = Clock::default().now() - since;
                if age.to_std().is_ok_and(|age| age < YOUNG) {
                    self.young += 1;
                    return;
                }
                self.unknown += 1;
                say(&format!("      unknown   {key}: {size_bytes} bytes, {} h old", age.num_hours()));
            }
        }
    }
}

fn findings(compared: Compared, tally: &Tally, deep: bool) -> Vec<Finding> {
    let Tally { missing, damaged, unknown, young } = tally;
    let (objects, mib) = (compared.objects, compared.bytes >> 20);
    let how = if deep { "each read and compared with its hash" } else { "compared by name and length" };
    let mut findings = vec![if missing + damaged == 0 {
        Good(format!("objects: {objects} of {mib} MiB are there, {how}"))
    } else {
        Bad(
            format!("objects: of {objects} ({mib} MiB, {how}) {missing} are missing and {damaged} damaged"),
            "renditions in curated/ are made again when the scrubber finds them; put originals in raw/ back from a backup"
                .into(),
        )
    }];
    if *unknown > 0 {
        findings.push(Poor(
            format!("objects: {unknown} are in the store that the database knows nothing of"),
            "a running server sweeps away those in the zones that are older than a day".into(),
        ));
    }
    if *young > 0 {
        findings.push(Good(format!("objects: {young} more came within the hour and belong to work under way")));
    }
    findings
}
