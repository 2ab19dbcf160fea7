//! Compares what the database tells of objects with what is in the store: names and lengths, and where it is asked for
//! every byte. One folder after the other, so that any number of objects takes the memory of a few thousand.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel_async::RunQueryDsl;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStore};

use super::super::db::{Conn, Db, prepared, sql};
use super::super::error::Result;
use super::verify::Verdict;
use super::{Storage, Zone, failure};

/// Folders that are listed at the same time.
const LISTED_AT_ONCE: usize = 8;

/// Objects that are read at the same time.
const READ_AT_ONCE: usize = 4;

/// What is not older belongs to work under way: an object is stored before the transaction that names it.
pub(crate) const YOUNG: Duration = Duration::from_secs(3600);

/// Something that is not as the other side has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The database names it, and it is not there.
    Missing { key: String },
    /// It is there, with another length.
    WrongSize { key: String, expected: u64, found: u64 },
    /// It is there, with other bytes.
    Damaged { key: String },
    /// It is there, and the database knows nothing of it.
    Unknown { key: String, size_bytes: u64, since: DateTime<Utc> },
}

/// What was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
}

/// An object as the database has it.
#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    size_bytes: i64,
    #[diesel(sql_type = Nullable<Text>)]
    damage: Option<String>,
}

/// A folder of the store, `raw/3b`, and what is in it.
struct Folder {
    name: String,
    objects: HashMap<String, ObjectMeta>,
}

impl Storage {
    /// Tells every difference as it is found. `deep`: reads every object.
    pub(crate) async fn compare(&self, db: &Db, deep: bool, tell: &mut impl FnMut(Difference)) -> Result<Compared> {
        let mut compared = Compared::default();
        let names = self.folders(db, tell).await?;
        let mut folders = stream::iter(names).map(|name| self.list_folder(name)).buffered(LISTED_AT_ONCE);
        while let Some(folder) = folders.try_next().await? {
            let recorded = recorded(&mut *db.conn().await?, &folder.name).await?;
            compared.objects += recorded.len() as u64;
            compared.bytes += recorded.iter().map(Recorded::size).sum::<u64>();
            self.compare_folder(folder, recorded, deep, tell).await?;
        }
        Ok(compared)
    }

    // Those of either side. What lies in a zone without a folder is nobody's.
    async fn folders(&self, db: &Db, tell: &mut impl FnMut(Difference)) -> Result<BTreeSet<String>> {
        let mut names: BTreeSet<String> = recorded_folders(&mut *db.conn().await?).await?.into_iter().collect();
        for zone in Zone::ALL {
            let zone = ObjectPath::from(zone.name());
            let listed = self.store.list_with_delimiter(Some(&zone)).await.map_err(failure)?;
            names.extend(listed.common_prefixes.iter().map(ToString::to_string));
            listed.objects.iter().map(unknown).for_each(&mut *tell);
        }
        Ok(names)
    }

    async fn list_folder(&self, name: String) -> Result<Folder> {
        let listed = self.store.list(Some(&ObjectPath::from(name.as_str())));
        let objects = listed.map_ok(|object| (object.location.to_string(), object)).try_collect().await;
        Ok(Folder { name, objects: objects.map_err(failure)? })
    }

    async fn compare_folder(
        &self,
        mut folder: Folder,
        recorded: Vec<Recorded>,
        deep: bool,
        tell: &mut impl FnMut(Difference),
    ) -> Result<()> {
        let mut to_read = Vec::new();
        for row in recorded {
            match folder.objects.remove(&row.key) {
                Some(found) if found.size != row.size() => {
                    let expected = row.size();
                    tell(Difference::WrongSize { key: row.key, expected, found: found.size });
                }
                Some(_) if deep => to_read.push(row),
                Some(_) if row.damage.is_some() => tell(Difference::Damaged { key: row.key }),
                Some(_) => {}
                // It may have come after the folder was listed.
                None if self.exists(&row.key).await? => {}
                None => tell(Difference::Missing { key: row.key }),
            }
        }
        folder.objects.values().map(unknown).for_each(&mut *tell);
        let mut read = stream::iter(to_read).map(|row| self.read_whole(row)).buffered(READ_AT_ONCE);
        while let Some(difference) = read.try_next().await? {
            difference.into_iter().for_each(&mut *tell);
        }
        Ok(())
    }

    async fn read_whole(&self, row: Recorded) -> Result<Option<Difference>> {
        Ok(match self.verify(&row.key, &row.hash).await? {
            Verdict::Whole => None,
            Verdict::Damaged => Some(Difference::Damaged { key: row.key }),
            Verdict::Missing => Some(Difference::Missing { key: row.key }),
        })
    }
}

impl Recorded {
    fn size(&self) -> u64 {
        u64::try_from(self.size_bytes).unwrap_or(0)
    }
}

fn unknown(object: &ObjectMeta) -> Difference {
    Difference::Unknown { key: object.location.to_string(), size_bytes: object.size, since: object.last_modified }
}

async fn recorded_folders(conn: &mut Conn) -> Result<Vec<String>> {
    #[derive(QueryableByName)]
    struct Named {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let names = sql("select distinct substring(key from '^[^/]+/[^/]+') as name from platform.objects
                     where key ~ '^[^/]+/[^/]+/'");
    let names: Vec<Named> = names.load(conn).await?;
    Ok(names.into_iter().map(|row| row.name).collect())
}

// By bytes, whatever order the database's language has.
async fn recorded(conn: &mut Conn, folder: &str) -> Result<Vec<Recorded>> {
    let rows = prepared(
        sql("select key, hash, size_bytes, damage from platform.objects where key ~>=~ $1 and key ~<~ $2")
            .bind::<Text, _>(format!("{folder}/"))
            // The character after the slash.
            .bind::<Text, _>(format!("{folder}0")),
    );
    Ok(rows.load(conn).await?)
}
