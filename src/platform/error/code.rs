//! Every refusal by a business rule, in one table.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($name:ident: $status:ident $slug:literal $title:literal)+) => {
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
                    $(Self::$name => StatusCode::$status,)+
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
    TrackStillProcessing: CONFLICT "track-still-processing"
        "This track is being processed: wait until that has ended, or stop it."
    ReleaseFull: CONFLICT "release-full"
        "A release holds at most 200 tracks."
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
    ProviderWithoutEmail: UNPROCESSABLE_ENTITY "provider-without-email"
        "The other provider tells no e-mail address of yours that it has verified, and an account needs one."
    LinkedElsewhere: CONFLICT "linked-elsewhere"
        "This identity belongs to another account."
    LastWayIn: CONFLICT "last-way-in"
        "Without this nobody could sign in to the account any more."
    LastAdmin: CONFLICT "last-admin"
        "The server needs an administrator."
    LimitReached: CONFLICT "limit-reached"
        "There are as many of these as an account may have."
    NotAPicture: UNSUPPORTED_MEDIA_TYPE "not-a-picture"
        "Send a JPEG, PNG or WebP picture of at most 40 megapixels."
}
