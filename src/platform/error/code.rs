//! Every refusal by a business rule, in one table.

use actix_web::http::StatusCode;

macro_rules! status {
    ($name:ident) => {
        StatusCode::$name
    };
    // One that no RFC has.
    ($number:literal) => {
        StatusCode::from_u16($number).expect("a status of three digits")
    };
}

macro_rules! codes {
    ($($name:ident: $status:tt $slug:literal $title:literal)+) => {
        /// Every refusal of a business rule: its slug and title are stable, and the web app's messages are keyed by the slug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $($name,)+
        }

        impl Code {
            /// All codes, for the table that a snapshot test prints.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The status that it travels with.
            pub fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => status!($status),)+
                }
            }

            /// Its stable name: the last part of the problem's `type`.
            pub fn slug(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)+
                }
            }

            /// One sentence for people.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }
        }
    };
}

codes! {
    WrongCredentials: UNAUTHORIZED "wrong-credentials"
        "The login or the password is wrong."
    HandleTaken: CONFLICT "handle-taken"
        "This handle is taken."
    EmailTaken: CONFLICT "email-taken"
        "An account with this e-mail address exists."
    ForeignOrigin: FORBIDDEN "foreign-origin"
        "This request came from another site's page."
    UnknownHost: MISDIRECTED_REQUEST "unknown-host"
        "This server does not answer under this host name."
    SlugTaken: CONFLICT "slug-taken"
        "An artist with this address exists."
    ReleaseWithoutReadyTracks: CONFLICT "release-without-ready-tracks"
        "A release needs at least one track that is ready."
    ReleaseStillProcessing: CONFLICT "release-still-processing"
        "A track of this release is still being processed."
    ReleaseIsPublic: CONFLICT "release-is-public"
        "This release is public: withdraw it before you set an embargo."
    NothingToRestore: CONFLICT "nothing-to-restore"
        "These fields are what they were before this change."
    NotRestorable: CONFLICT "not-restorable"
        "This change cannot be taken back; make another one."
    TooManyLinks: CONFLICT "too-many-links"
        "A release has at most 500 links that are good."
    NotInThisCountry: FORBIDDEN "not-in-this-country"
        "This release may not be heard where you are."
    LinkUsedUp: FORBIDDEN "link-used-up"
        "This link has been played as often as it allows."
    SplitConfirmed: CONFLICT "split-confirmed"
        "You have confirmed this share: it holds until it is another one."
    TrackStillProcessing: CONFLICT "track-still-processing"
        "This track is being processed: wait until that has ended, or stop it."
    NothingToHandOver: CONFLICT "nothing-to-hand-over"
        "This track's file was rejected or taken down: no other track gets it."
    ReleaseFull: CONFLICT "release-full"
        "A release holds at most 200 tracks."
    MappingNameTaken: CONFLICT "mapping-name-taken"
        "This artist has a mapping of that name."
    NotAMultipartUpload: UNSUPPORTED_MEDIA_TYPE "not-a-multipart-upload"
        "Send the file as the field `file` of a multipart/form-data body."
    UploadTooLarge: PAYLOAD_TOO_LARGE "upload-too-large"
        "The file is larger than this server accepts."
    UploadInterrupted: BAD_REQUEST "upload-interrupted"
        "The upload ended before the file was complete."
    BodyTooLarge: PAYLOAD_TOO_LARGE "body-too-large"
        "The body is larger than 256 KiB."
    StorageFull: INSUFFICIENT_STORAGE "storage-full"
        "The server's disk is full; nothing was stored."
    NothingAcceptable: NOT_ACCEPTABLE "nothing-acceptable"
        "None of the formats that the client accepts is at hand."
    RangeNotSatisfiable: RANGE_NOT_SATISFIABLE "range-not-satisfiable"
        "The range lies outside of the file."
    ChangedMeanwhile: PRECONDITION_FAILED "changed-meanwhile"
        "Somebody has changed this meanwhile; look at it again."
    RegistrationClosed: FORBIDDEN "registration-closed"
        "This server takes no new accounts."
    InvitationNeeded: FORBIDDEN "invitation-needed"
        "Opening an account here needs an invitation that is still good."
    HandleReserved: CONFLICT "handle-reserved"
        "This handle is reserved."
    SecondFactorRequired: UNAUTHORIZED "second-factor-required"
        "This account also asks for a second factor."
    WrongCode: UNAUTHORIZED "wrong-code"
        "This code is wrong or was used before."
    AccountSuspended: FORBIDDEN "account-suspended"
        "This account is suspended."
    AccountClosing: FORBIDDEN "account-closing"
        "This account is about to be closed; sign in with `reopen` to keep it."
    ReauthenticationRequired: FORBIDDEN "reauthentication-required"
        "Prove once more that it is you."
    SessionNeeded: FORBIDDEN "session-needed"
        "An API token may not do that: sign in."
    ScopeMissing: FORBIDDEN "scope-missing"
        "This API token has no scope for that."
    TotpAlreadyOn: CONFLICT "totp-already-on"
        "An authenticator is set up already."
    PasskeyRefused: UNPROCESSABLE_ENTITY "passkey-refused"
        "This passkey could not be verified."
    PasskeysUnavailable: CONFLICT "passkeys-unavailable"
        "Passkeys need a server with a name, over https: set public_url, or come by http://localhost."
    ProviderRefused: BAD_REQUEST "provider-refused"
        "The other provider did not vouch for this sign-in."
    ProviderAway: BAD_GATEWAY "provider-away"
        "The other provider does not answer."
    ServiceAway: BAD_GATEWAY "service-away"
        "The other service does not answer."
    ProviderWithoutEmail: UNPROCESSABLE_ENTITY "provider-without-email"
        "The other provider tells no e-mail address of yours that it has verified, and an account needs one."
    LinkedElsewhere: CONFLICT "linked-elsewhere"
        "This identity belongs to another account."
    LastWayIn: CONFLICT "last-way-in"
        "Without this nobody could sign in to the account any more."
    LastAdmin: CONFLICT "last-admin"
        "The server needs an administrator."
    LastOwner: CONFLICT "last-owner"
        "An artist needs an owner: offer the ownership to somebody first, or delete the artist."
    LabelExists: CONFLICT "label-exists"
        "This artist has a label; that has to end first."
    LimitReached: CONFLICT "limit-reached"
        "There are as many of these as an account may have."
    NotAPicture: UNSUPPORTED_MEDIA_TYPE "not-a-picture"
        "Send a JPEG, PNG, WebP or AVIF picture of at most 40 megapixels."
    UploadVersion: PRECONDITION_FAILED "upload-version"
        "Uploads speak version 1.0.0 of the tus protocol: say so in Tus-Resumable."
    NotAPieceOfAnUpload: UNSUPPORTED_MEDIA_TYPE "not-a-piece-of-an-upload"
        "Send the bytes of an upload as application/offset+octet-stream."
    UploadElsewhere: CONFLICT "upload-elsewhere"
        "The upload does not stand at this offset: ask where it does."
    UploadBusy: LOCKED "upload-busy"
        "This upload is being written to by another request."
    UploadExpired: GONE "upload-expired"
        "This upload was not finished in time, and its bytes are gone: begin a new one."
    UploadRefused: GONE "upload-refused"
        "This upload came whole and was refused; it says why."
    UploadPutTogether: FORBIDDEN "upload-put-together"
        "This upload is put together of others, and takes no bytes of its own."
    UploadPartsUnfinished: CONFLICT "upload-parts-unfinished"
        "An upload that this one is put together of is not complete."
    ChecksumMismatch: 460 "checksum-mismatch"
        "The bytes that came are not those that the checksum is of; they were thrown away."
    QuotaOfBytes: PAYLOAD_TOO_LARGE "quota-of-bytes"
        "This artist has no room left for so much."
    QuotaOfTracks: FORBIDDEN "quota-of-tracks"
        "This artist has as many tracks as it may have."
    QuotaOfUploads: FORBIDDEN "quota-of-uploads"
        "As much was uploaded for this artist today as may be in a day; go on tomorrow."
    ImportUnderWay: CONFLICT "import-under-way"
        "A package is being brought in for this artist already: wait until that has ended."
    PlaylistFull: CONFLICT "playlist-full"
        "A playlist holds at most 10,000 entries."
    PlaylistFillsItself: CONFLICT "playlist-fills-itself"
        "This playlist fills itself by its rules."
    TooManyStreams: CONFLICT "too-many-streams"
        "This account plays on as many devices as it may: stop one of them, or take over."
    NotATable: UNSUPPORTED_MEDIA_TYPE "not-a-table"
        "Send the table as text/csv."
}
