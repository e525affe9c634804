//! The one module that opens a socket to an embedding server: HTTP by ureq, TLS by rustls with the system's certificates.
//!
//! Each request is bounded in time and its answer in length. No redirect is followed and no proxy is used: texts go where
//! the owner said, and nowhere else.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use postil_evidence::text::{clean, fold_space};
use postil_index::{Embed, EmbedError, RunsOn};
use serde::{Deserialize, Serialize};
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Timeout};

use super::ModelSource;
use crate::error::DeskError;

/// How long a machine may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long a request may take as a whole; less in this crate's own tests.
const WHOLE: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 10 });
/// The longest answer that is read: 16 vectors of 8,192 numbers with a lot of room.
const MOST_BYTES: u64 = 6_000_000;
/// How much of what a server says against it is shown.
const SAID: usize = 120;

/// Where a model is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    url: String,
    this_machine: bool,
}

impl Address {
    /// Reads an address such as `http://127.0.0.1:11434/v1/embeddings`.
    ///
    /// # Errors
    /// Where it is none, is not encrypted and not on this machine, or does not end in `/embeddings`: whoever writes a
    /// vault's configuration shall not be able to call any other address of this machine.
    pub(crate) fn parse(text: &str) -> Result<Self, DeskError> {
        let bad = |why: &str, hint: &str| DeskError::config(format!("[recall] embeddings: {why}"), hint);
        let example = "write, for one: embeddings = \"http://127.0.0.1:11434/v1/embeddings\"";
        let url = text.trim();
        let uri: Uri = url.parse().map_err(|_no_uri| bad("that is no address", example))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad("that is no whole address", example));
        };
        if authority.as_str().contains('@') {
            return Err(bad(
                "it holds a name or a password",
                "say where the key comes from: secret = \"env:NAME\"",
            ));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
        let path = uri.path();
        let is_embeddings = path.ends_with("/embeddings") && path.chars().all(plain) && !path.contains("..");
        if !is_embeddings || uri.query().is_some() || url.contains('#') {
            return Err(bad("its path does not end in /embeddings", example));
        }
        let this_machine = is_loopback(authority.host());
        match scheme {
            "https" => {}
            "http" if this_machine => {}
            "http" => {
                let hint =
                    "use https, or a tunnel that ends on this machine (ssh -L 11434:127.0.0.1:11434 HOST)";
                return Err(bad("texts go unencrypted to this machine only", hint));
            }
            _ => return Err(bad("it is neither http nor https", example)),
        }
        Ok(Self { url: url.to_owned(), this_machine })
    }

    /// Whether what is sent there stays on this machine.
    pub(crate) fn is_this_machine(&self) -> bool {
        self.this_machine
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Names and numbers that mean this machine; what the name means in fact is looked at again before connecting.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Finds addresses; where only this machine is meant, only those of this machine.
#[derive(Debug)]
struct Finder {
    this_machine: bool,
}

impl Resolver for Finder {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for at in found.iter().filter(|at| !self.this_machine || at.ip().to_canonical().is_loopback()) {
            kept.push(*at);
        }
        if kept.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(kept) }
    }
}

/// A model behind its address.
pub(crate) struct Server {
    source: ModelSource,
    state_dir: PathBuf,
    /// Made at the first request: without one nothing is read, run or opened.
    ready: OnceLock<Result<Ready, EmbedError>>,
}

/// What requests need.
struct Ready {
    agent: Agent,
    key: Option<String>,
}

#[derive(Serialize)]
struct Request<'r> {
    model: &'r str,
    input: &'r [&'r str],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl Server {
    pub(super) fn new(source: ModelSource, state_dir: &Path) -> Self {
        Self { source, state_dir: state_dir.to_owned(), ready: OnceLock::new() }
    }

    fn ready(&self) -> Result<&Ready, EmbedError> {
        let ready = self.ready.get_or_init(|| {
            let key = self.source.key(&self.state_dir);
            let key = key.map_err(|error| EmbedError::NotReady { what: error.what, hint: error.hint })?;
            Ok(Ready { agent: agent(&self.source.address), key })
        });
        ready.as_ref().map_err(Clone::clone)
    }

    fn place(&self) -> String {
        self.source.address.to_string()
    }

    fn unreachable(&self, why: impl fmt::Display) -> EmbedError {
        EmbedError::Unreachable { place: self.place(), why: shown(&why.to_string()) }
    }

    fn nonsense(&self, why: impl fmt::Display) -> EmbedError {
        EmbedError::Nonsense { place: self.place(), why: shown(&why.to_string()) }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others name themselves well")]
    fn failed(&self, error: ureq::Error) -> EmbedError {
        use ureq::Error as E;
        match error {
            E::Timeout(Timeout::Resolve | Timeout::Connect) => {
                self.unreachable(format_args!("no connection within {} s", CONNECT.as_secs()))
            }
            E::Timeout(_) => EmbedError::Slow { place: self.place(), seconds: WHOLE.as_secs() },
            E::BodyExceedsLimit(most) => self.nonsense(format_args!("longer than {most} bytes")),
            E::Http(_) | E::Protocol(_) | E::LargeResponseHeader(..) => self.nonsense(error),
            other => self.unreachable(other),
        }
    }

    fn post(&self, ready: &Ready, body: &[u8]) -> Result<Vec<u8>, EmbedError> {
        let mut request =
            ready.agent.post(&self.source.address.url).header("Content-Type", "application/json");
        if let Some(key) = &ready.key {
            request = request.header("Authorization", format!("Bearer {}", key.trim()));
        }
        let mut response = request.send(body).map_err(|error| self.failed(error))?;
        let code = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        if code != 200 {
            let said = body.map(|bytes| shown(&String::from_utf8_lossy(&bytes))).unwrap_or_default();
            let said = if said.is_empty() { "nothing more".to_owned() } else { said };
            return Err(EmbedError::Refused { place: self.place(), code, said });
        }
        body.map_err(|error| self.failed(error))
    }
}

impl Embed for Server {
    fn name(&self) -> &str {
        &self.source.model
    }

    fn runs_on(&self) -> RunsOn {
        if self.source.address.is_this_machine() { RunsOn::ThisMachine } else { RunsOn::Elsewhere }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let ready = self.ready()?;
        let request = Request { model: &self.source.model, input: texts, encoding_format: "float" };
        let body = serde_json::to_vec(&request).map_err(|error| self.nonsense(error))?;
        let answer = self.post(ready, &body)?;
        let answer: Answer =
            serde_json::from_slice(&answer).map_err(|_not_that| self.nonsense("no JSON with vectors"))?;
        let mut rows = answer.data;
        if rows.iter().any(|row| row.index.is_some()) {
            rows.sort_by_key(|row| row.index);
            if !(0..).zip(&rows).all(|(at, row)| row.index == Some(at)) {
                return Err(self.nonsense("its vectors are not numbered from 0"));
            }
        }
        Ok(rows.into_iter().map(|row| row.embedding).collect())
    }
}

fn agent(address: &Address) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .user_agent("postil")
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Finder { this_machine: address.this_machine })
}

/// The start of what a server said, on one line and without anything a terminal obeys.
fn shown(text: &str) -> String {
    let (text, _) = clean(text);
    let line = fold_space(&text);
    line.chars().filter(|c| !c.is_control()).take(SAID).collect()
}
