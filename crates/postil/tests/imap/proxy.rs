//! A proxy on loopback that cuts each connection after as many bytes of the server's as it was told, and can do
//! something at such a point instead.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// What happens to one connection: after so many bytes from the server, this.
pub(crate) struct Fate {
    pub(crate) after: u64,
    pub(crate) then: Then,
}

pub(crate) enum Then {
    Cut,
    Do(Box<dyn FnOnce() + Send>),
}

/// Says what happens to the next connection; `None` for nothing.
type Fates = Arc<Mutex<Box<dyn FnMut() -> Option<Fate> + Send>>>;

pub(crate) struct Proxy {
    pub(crate) port: u16,
    /// Connections cut so far.
    cuts: Arc<AtomicU64>,
    /// Bytes from the server so far.
    bytes: Arc<AtomicU64>,
}

impl Proxy {
    /// Stands before a port of this machine until the test ends.
    pub(crate) fn before(port: u16, fates: impl FnMut() -> Option<Fate> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy =
            Self { port: listener.local_addr().unwrap().port(), cuts: Arc::default(), bytes: Arc::default() };
        let fates: Fates = Arc::new(Mutex::new(Box::new(fates)));
        let (cuts, bytes) = (Arc::clone(&proxy.cuts), Arc::clone(&proxy.bytes));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", port))) else {
                    continue;
                };
                let fate = (fates.lock().unwrap())();
                let (cuts, bytes) = (Arc::clone(&cuts), Arc::clone(&bytes));
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || pass(from, to));
                std::thread::spawn(move || {
                    if pass_until(server, client, fate, &bytes) {
                        cuts.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        proxy
    }

    pub(crate) fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::SeqCst)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::SeqCst)
    }
}

/// Passes bytes on until one side ends.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..len]).is_err() {
            break;
        }
    }
    drop((to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both)));
}

/// Passes bytes on until the connection's fate; whether it was cut.
fn pass_until(mut from: TcpStream, mut to: TcpStream, mut fate: Option<Fate>, bytes: &AtomicU64) -> bool {
    let mut buffer = [0; 16 * 1024];
    let (mut passed, mut cut) = (0, false);
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        let mut start = 0;
        if let Some(coming) = &fate
            && coming.after < passed + len as u64
        {
            start = usize::try_from(coming.after.saturating_sub(passed)).unwrap();
            if to.write_all(&buffer[..start]).is_err() {
                break;
            }
            match fate.take().map(|fate| fate.then) {
                Some(Then::Do(action)) => action(),
                Some(Then::Cut) | None => {
                    bytes.fetch_add(start as u64, Ordering::SeqCst);
                    cut = true;
                    break;
                }
            }
        }
        if to.write_all(&buffer[start..len]).is_err() {
            break;
        }
        passed += len as u64;
        bytes.fetch_add(len as u64, Ordering::SeqCst);
    }
    drop((to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both)));
    cut
}
