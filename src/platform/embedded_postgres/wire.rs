//! Just enough of PostgreSQL's protocol (version 3.0, "Frontend/Backend Protocol" in its manual) to see that a server
//! takes connections, and to make our database: known before any pool exists, and from a plain thread.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::{NAME, sockets};

const PROTOCOL: u32 = 3 << 16;

/// SQLSTATE `invalid_catalog_name`.
const NO_SUCH_DATABASE: &str = "3D000";

/// A server that takes the connection and then says nothing for so long counts as away.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest message that is believed, in bytes.
const LONGEST: usize = 1 << 20;

/// An open session.
pub(super) struct Connection {
    stream: UnixStream,
}

/// Why there is no session, or no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server said no: SQLSTATE and text.
    Refused { code: String, message: String },
    /// It could not be talked to.
    Broken(io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { code, message } => write!(f, "PostgreSQL answered {code}: {message}"),
            Self::Broken(cause) => write!(f, "PostgreSQL does not answer: {cause}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        Self::Broken(cause)
    }
}

/// Makes our database, where it is not there yet, and thereby sees that the server works.
pub(super) fn ensure_database(sockets: &Path) -> Result<(), Failure> {
    match Connection::open(sockets, NAME) {
        Ok(_) => Ok(()),
        Err(Failure::Refused { code, .. }) if code == NO_SUCH_DATABASE => {
            Connection::open(sockets, "postgres")?.execute(&format!("create database {NAME}"))
        }
        Err(failure) => Err(failure),
    }
}

impl Connection {
    /// Connects as our role to the server whose socket lies in `sockets`.
    pub(super) fn open(sockets: &Path, database: &str) -> Result<Self, Failure> {
        let stream = UnixStream::connect(sockets::path(sockets))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut connection = Self { stream };
        let mut body = PROTOCOL.to_be_bytes().to_vec();
        body.extend(format!("user\0{NAME}\0database\0{database}\0\0").as_bytes());
        connection.stream.write_all(&with_length(&body))?;
        connection.until_ready()?;
        Ok(connection)
    }

    /// Runs one statement; its rows are not looked at.
    pub(super) fn execute(&mut self, sql: &str) -> Result<(), Failure> {
        let mut message = vec![b'Q'];
        message.extend(with_length(format!("{sql}\0").as_bytes()));
        self.stream.write_all(&message)?;
        self.until_ready()
    }

    /// Reads on until ReadyForQuery, or until the server refuses.
    fn until_ready(&mut self) -> Result<(), Failure> {
        let mut refusal = None;
        loop {
            match self.message() {
                Ok((b'Z', _)) => return refusal.map_or(Ok(()), Err),
                Ok((b'E', body)) => refusal = Some(refused(&body)),
                Ok(_) => (),
                // After refusing a connection, the server hangs up.
                Err(cause) => return Err(refusal.unwrap_or(Failure::Broken(cause))),
            }
        }
    }

    fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = (u32::from_be_bytes(length) as usize).saturating_sub(size_of::<u32>());
        if length > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not a message of PostgreSQL"));
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((kind, body))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Terminate: without it the server notes a lost client.
        let _ = self.stream.write_all(&[b'X', 0, 0, 0, 4]);
    }
}

/// A message's length counts itself.
fn with_length(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + size_of::<u32>()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body].concat()
}

/// ErrorResponse: fields of a letter and a text, each ended by a zero.
fn refused(body: &[u8]) -> Failure {
    let field = |letter: u8| {
        let found = body.split(|byte| *byte == 0).find(|field| field.first() == Some(&letter));
        found.map(|field| String::from_utf8_lossy(&field[1..]).into_owned()).unwrap_or_default()
    };
    Failure::Refused { code: field(b'C'), message: field(b'M') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_by_its_fields() {
        let body = b"SFATAL\0VFATAL\0C3D000\0Mdatabase \"x\" does not exist\0\0";
        let Failure::Refused { code, message } = refused(body) else { panic!("it is a refusal") };
        assert_eq!((code.as_str(), message.as_str()), (NO_SUCH_DATABASE, "database \"x\" does not exist"));
    }

    #[test]
    fn a_length_counts_itself() {
        assert_eq!(with_length(b"ab"), [0, 0, 0, 6, b'a', b'b']);
    }

    #[test]
    fn where_nobody_listens_the_server_is_away() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Connection::open(folder.path(), NAME), Err(Failure::Broken(_))));
    }
}
