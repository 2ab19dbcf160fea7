//! Typed ids: UUID v7 inside, so that they sort by the time they were made.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

/// Declares id types. Each is `Copy`, travels as a UUID string in JSON and as `uuid` in PostgreSQL.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new id, greater than all that this process made before.
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// The UUID inside.
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl<B> diesel::serialize::ToSql<diesel::sql_types::Uuid, B> for $name
        where
            B: diesel::backend::Backend,
            uuid::Uuid: diesel::serialize::ToSql<diesel::sql_types::Uuid, B>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, B>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::to_sql(&self.0, out)
            }
        }

        impl<B> diesel::deserialize::FromSql<diesel::sql_types::Uuid, B> for $name
        where
            B: diesel::backend::Backend,
            uuid::Uuid: diesel::deserialize::FromSql<diesel::sql_types::Uuid, B>,
        {
            fn from_sql(bytes: B::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                uuid::Uuid::from_sql(bytes).map(Self)
            }
        }
    )+};
}

ids! {
    /// An account: a person who signs in.
    AccountId,
    /// A signed-in device.
    SessionId,
    /// An API token.
    TokenId,
    /// A password of a client that computes with it.
    AppPasswordId,
    /// A passkey.
    PasskeyId,
    /// An account's link to an account at another provider.
    LinkedIdentityId,
    /// An invitation to open an account.
    InvitationId,
    /// An invitation to act for an artist.
    MemberInvitationId,
    /// An archive of everything that is an account's.
    ExportId,
    /// A package of everything that is an artist's.
    PackageId,
    /// What came out of a package of an artist, on its way or here.
    ImportId,
    /// A line of an audit log.
    AuditId,
    /// An artist: a name that music is released under.
    ArtistId,
    /// A release: album, EP, single …
    ReleaseId,
    /// A track of a release.
    TrackId,
    /// A file of numbers from a store elsewhere.
    StatementId,
    /// A layout of statements that an artist described.
    StatementMappingId,
    /// Something that was sold elsewhere, as statements name it.
    SoldItemId,
    /// A file on its way here, in pieces.
    UploadId,
    /// One playable form of a track.
    RenditionId,
    /// Somebody's share in a track.
    SplitId,
    /// A link to a release, for a single recipient.
    LinkId,
    /// One change of what is said of a release or a track.
    ChangeId,
    /// One walk of a track through the chain.
    ChainId,
    /// One press of the play button.
    PlayId,
    /// A list of tracks that somebody keeps.
    PlaylistId,
    /// A track's place in a playlist.
    PlaylistEntryId,
    /// One change of a playlist.
    PlaylistChangeId,
    /// A room in which several listen together.
    RoomId,
    /// A line of somebody's inbox.
    NotificationId,
    /// An event in the outbox.
    EventId,
    /// A job in the queue.
    JobId,
    /// One HTTP request, and all that it causes.
    RequestId,
}

/// Random bytes that a thread has left: one call of the system gives enough for many requests.
struct Random {
    bytes: [u8; Self::BYTES],
    taken: usize,
}

impl Random {
    /// For a hundred ids.
    const BYTES: usize = 1000;

    fn take(&mut self) -> Option<[u8; 10]> {
        if self.taken + 10 > Self::BYTES {
            getrandom::fill(&mut self.bytes).ok()?;
            self.taken = 0;
        }
        self.taken += 10;
        self.bytes[self.taken - 10..self.taken].try_into().ok()
    }
}

thread_local! {
    static RANDOM: RefCell<Random> = const { RefCell::new(Random { bytes: [0; Random::BYTES], taken: Random::BYTES }) };
}

impl RequestId {
    /// As [`RequestId::new`], for the sake of speed in no order within a millisecond.
    #[expect(clippy::disallowed_methods, reason = "ids have the machine's time, as those of `new` do")]
    pub(crate) fn next() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let random = RANDOM.with_borrow_mut(Random::take);
        random.map_or_else(Self::new, |random| {
            Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
        })
    }
}
