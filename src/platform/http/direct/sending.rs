//! Bytes into a socket: heads and texts from memory, files by the kernel.

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{Error, ErrorKind, Result};
use std::task::Poll;
use std::time::{Duration, Instant};

use actix_web::rt::net::TcpStream;
use prometheus::IntCounter;
use rustix::net::{RecvFlags, SendFlags};
use tokio::io::Interest;

use super::SEND_BUFFER_BYTES;
use super::answer::{Answer, Body};
use super::pace::{MUSIC, Pace};
use crate::platform::auth::Hold;
use crate::platform::storage::Extent;

/// Who makes room within this time takes more at a time.
const QUICK: Duration = Duration::from_millis(5);

/// Bytes that the kernel may hold for who takes them quickly, at the most.
const MOST_BYTES: u32 = 1024 * 1024;

/// Sent without a pause to one listener before the next one has its turn.
const TURN_BYTES: u64 = 1024 * 1024;

/// Read at a time where the kernel cannot send by itself.
const READ_BYTES: u64 = 64 * 1024;

/// What has come, and `Ok(0)` at the end; `WouldBlock` where nothing has.
pub(super) fn receive(io: &TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let mut received = 0;
    let is_more = io.try_io(Interest::READABLE, || {
        received = rustix::net::recv(io, &mut *buffer, RecvFlags::empty())?.0;
        // Nothing is left, which need not be asked again: what comes later is told anew.
        if (1..buffer.len()).contains(&received) { Err(ErrorKind::WouldBlock.into()) } else { Ok(()) }
    });
    if received == 0 { is_more.map(|()| 0) } else { Ok(received) }
}

thread_local! {
    /// Room for the next head, and for what goes with it.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What is kept of it: a head, and what is short.
const SPARE_BYTES: usize = 8 * 1024;

/// A whole answer.
pub(super) async fn send(io: &TcpStream, answer: Answer, closes: bool, sent: &IntCounter) -> Result<()> {
    let mut head = SPARE.take();
    head.reserve(SPARE_BYTES);
    answer.head(closes, &mut head);
    let ended = send_behind(io, &mut head, answer.body, sent).await;
    put_back(&mut head);
    ended
}

async fn send_behind(io: &TcpStream, head: &mut Vec<u8>, body: Body, sent: &IntCounter) -> Result<()> {
    let mut wire = Wire { io, allowance: SEND_BUFFER_BYTES, in_turn: 0, pace: Pace::new(MUSIC) };
    match body {
        Body::Nothing | Body::Announced(_) => wire.write(head).await,
        Body::Text(text) => {
            head.extend_from_slice(&text);
            wire.write(head).await
        }
        Body::Object { extent, then, mut hold } => {
            for extent in [Some(extent), then].into_iter().flatten() {
                wire.send(extent, &mut hold, head, sent).await?;
            }
            // It was short, and went into the head.
            wire.write(head).await?;
            wire.allow(SEND_BUFFER_BYTES)
        }
    }
}

/// Empties the room, and lets others have it: who takes a file slowly holds none of it meanwhile.
fn put_back(head: &mut Vec<u8>) {
    let mut room = std::mem::take(head);
    if (1..=SPARE_BYTES).contains(&room.capacity()) {
        room.clear();
        SPARE.set(room);
    }
}

/// A socket, and how fast its other end takes what is sent.
struct Wire<'a> {
    io: &'a TcpStream,
    /// Bytes that the kernel may hold unsent.
    allowance: u32,
    /// Sent since others had their turn.
    in_turn: u64,
    pace: Pace,
}

impl Wire<'_> {
    async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let io = self.io;
            // Not `MORE`: music that is to go into the packet of the head is cut anew there, which costs as much as all the
            // rest where the kernel paces what it sends (BBR).
            let written = self.when_there_is_room(|| Ok(rustix::net::send(io, bytes, SendFlags::NOSIGNAL)?)).await?;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    /// The head goes first, and with it what is short.
    async fn send(&mut self, mut extent: Extent, hold: &mut Hold, head: &mut Vec<u8>, sent: &IntCounter) -> Result<()> {
        while extent.length > 0 {
            if !hold.holds() {
                return Err(Error::other("what this was granted for has ended"));
            }
            sent.inc_by(extent.take_short(head));
            let slice = extent.length.min(u64::from(MOST_BYTES));
            if slice == 0 {
                break;
            }
            self.write(head).await?;
            put_back(head);
            let written = if extent.is_in_memory(slice) { self.send_file(&extent, slice).await? } else { 0 };
            // A cold disk holds up nobody else; S3 has no file.
            let written = if written == 0 { self.send_read(&extent).await? } else { written };
            extent.skip(written);
            sent.inc_by(written);
            self.in_turn += written;
            if self.in_turn >= TURN_BYTES {
                self.in_turn = 0;
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    async fn send_file(&mut self, extent: &Extent, length: u64) -> Result<u64> {
        let Some(file) = extent.object.file() else { return Ok(0) };
        let (io, mut offset) = (self.io, extent.offset);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let written =
            self.when_there_is_room(|| Ok(rustix::fs::sendfile(io, file, Some(&mut offset), length)?)).await?;
        Ok(written as u64)
    }

    async fn send_read(&mut self, extent: &Extent) -> Result<u64> {
        let length = usize::try_from(extent.length.min(READ_BYTES)).unwrap_or(usize::MAX);
        let bytes = extent.object.read(extent.offset, length).await.map_err(Error::other)?;
        // An immutable object does not shrink: a short read is a broken disk, and the client must not take it for the end.
        if bytes.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.write(&bytes).await?;
        Ok(bytes.len() as u64)
    }

    /// Does what fills the socket, as soon as there is room.
    async fn when_there_is_room(&mut self, mut fill: impl FnMut() -> Result<usize>) -> Result<usize> {
        loop {
            match self.io.try_io(Interest::WRITABLE, &mut fill) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                other => {
                    self.pace.moved(*other.as_ref().unwrap_or(&0) as u64);
                    return other;
                }
            }
            let waiting = Instant::now();
            self.room().await?;
            self.in_turn = 0;
            let is_quick = waiting.elapsed() < QUICK;
            self.allow(if is_quick { (self.allowance * 2).min(MOST_BYTES) } else { SEND_BUFFER_BYTES })?;
        }
    }

    /// Waits until there is room; who makes too little is cut off.
    async fn room(&mut self) -> Result<()> {
        let Self { io, pace, .. } = self;
        poll_fn(|cx| match io.poll_write_ready(cx) {
            Poll::Pending => pace.poll_wait(cx).map(|()| Err(ErrorKind::TimedOut.into())),
            ready @ Poll::Ready(_) => ready,
        })
        .await
    }

    /// Lets the kernel hold so many bytes that are not sent yet.
    fn allow(&mut self, bytes: u32) -> Result<()> {
        if self.allowance != bytes {
            self.allowance = bytes;
            socket2::SockRef::from(self.io).set_tcp_notsent_lowat(bytes)?;
        }
        Ok(())
    }
}
