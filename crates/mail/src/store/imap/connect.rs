//! The one module that opens a socket to a mail server: name to address, TCP, TLS by rustls with the
//! system's certificates and, where given, those of one more file. No proxy, no redirect.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_platform_verifier::Verifier;

use super::ImapError;
use super::address::{ImapAddress, Security};
use super::login::{LoginKind, Secret};
use super::session::Session;
use super::wire::Patience;

/// How long a machine may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(20);
/// How long a server may be silent in the middle of something.
const SILENCE: Duration = Duration::from_secs(60);

/// A connection, plain or encrypted.
pub enum Transport {
    /// To this machine only, or until STARTTLS.
    Plain(TcpStream),
    /// Encrypted.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Transport {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_ref(),
        }
    }

    /// From now on a read waits at most this long.
    ///
    /// # Errors
    /// `Lost` where the socket is gone.
    pub fn wait_at_most(&self, silence: Duration) -> Result<(), ImapError> {
        self.socket().set_read_timeout(Some(silence)).map_err(|source| ImapError::Lost { source })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Tls(_) => "Tls",
        })
    }
}

impl Read for Transport {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(into),
            Self::Tls(stream) => stream.read(into),
        }
    }
}

impl Write for Transport {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// A session over a socket.
pub type Connection = Session<Transport>;

/// Connects, encrypts and logs in.
///
/// # Errors
/// Whatever is in the way, each with what to do. A password is sent over TLS only, or to this machine.
pub fn connect(
    address: &ImapAddress,
    secret: &Secret,
    login: LoginKind,
    ca_file: Option<&Path>,
    patience: Patience,
) -> Result<Connection, ImapError> {
    let socket = dial(address)?;
    let mut session = match address.security {
        Security::Plain => Session::greet(Transport::Plain(socket), patience)?,
        Security::Tls => Session::greet(encrypted(address, socket, ca_file)?, patience)?,
        Security::StartTls => {
            let session = Session::greet(Transport::Plain(socket), patience)?;
            let host = address.host.clone();
            if session.is_logged_in() {
                // Taking this would be talking in plain text with whoever sits between.
                return Err(ImapError::NotEncrypted { host, why: "it greets as if we were logged in" });
            }
            if !session.can("STARTTLS") {
                return Err(ImapError::NotEncrypted { host, why: "no STARTTLS" });
            }
            let (Transport::Plain(socket), patience) = session.into_plain_stream()? else {
                return Err(ImapError::NotEncrypted { host, why: "it was encrypted before" });
            };
            Session::encrypted(encrypted(address, socket, ca_file)?, patience)?
        }
    };
    session.log_in(&address.user, secret, login)?;
    Ok(session)
}

/// Opens the socket.
fn dial(address: &ImapAddress) -> Result<TcpStream, ImapError> {
    let (host, port) = (address.host.clone(), address.port);
    let found = (host.as_str(), port).to_socket_addrs();
    let found: Vec<SocketAddr> = match found {
        Ok(found) => found.collect(),
        Err(source) => return Err(ImapError::NoSuchHost { host, source }),
    };
    if address.security == Security::Plain && !found.iter().all(|at| is_loopback(at.ip())) {
        return Err(ImapError::PlainElsewhere { host });
    }
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for at in found {
        match TcpStream::connect_timeout(&at, CONNECT) {
            Ok(socket) => {
                let set = socket
                    .set_read_timeout(Some(SILENCE))
                    .and_then(|()| socket.set_write_timeout(Some(SILENCE)))
                    .and_then(|()| socket.set_nodelay(true));
                return set.map(|()| socket).map_err(|source| ImapError::Lost { source });
            }
            Err(error) => failed = error,
        }
    }
    Err(ImapError::Unreachable { host, port, source: failed })
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Shakes hands.
fn encrypted(
    address: &ImapAddress,
    mut socket: TcpStream,
    ca_file: Option<&Path>,
) -> Result<Transport, ImapError> {
    let host = &address.host;
    let tls = |why: String| ImapError::Tls { host: host.clone(), why };
    let name = ServerName::try_from(host.clone()).map_err(|error| tls(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let more = ca_file.map_or_else(|| Ok(Vec::new()), certificates)?;
    let verifier = Verifier::new_with_extra_roots(more, Arc::clone(&provider))
        .map_err(|error| tls(format!("the system's certificates cannot be used: {error}")))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| tls(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let mut connection =
        ClientConnection::new(Arc::new(config), name).map_err(|error| tls(error.to_string()))?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut socket) {
            let reason = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            return Err(match reason {
                Some(rustls::Error::InvalidCertificate(why)) => {
                    ImapError::Certificate { host: host.clone(), why: certificate_words(why) }
                }
                Some(other) => tls(other.to_string()),
                None => tls(error.to_string()),
            });
        }
    }
    Ok(Transport::Tls(Box::new(StreamOwned::new(connection, socket))))
}

/// What is wrong with a certificate, in words a person can act on.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others name themselves well")]
fn certificate_words(error: &rustls::CertificateError) -> String {
    use rustls::CertificateError as E;
    match error {
        E::UnknownIssuer => "nobody this machine knows has signed it".to_owned(),
        E::Expired | E::ExpiredContext { .. } => "it has expired".to_owned(),
        E::NotValidYet | E::NotValidYetContext { .. } => {
            "it is not valid yet; check this machine's clock".to_owned()
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => "it is for another name".to_owned(),
        other => other.to_string(),
    }
}

/// The certificates of a PEM file.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ImapError> {
    let bad = |why: String| ImapError::CaFile { path: path.to_owned(), why };
    let found = CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))?;
    let found: Vec<CertificateDer<'static>> =
        found.collect::<Result<_, _>>().map_err(|error| bad(error.to_string()))?;
    if found.is_empty() { Err(bad("there is none in it".to_owned())) } else { Ok(found) }
}
