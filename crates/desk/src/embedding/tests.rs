//! What `[recall]` may name, what may go where, and servers that answer well and badly.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use postil_index::{Embed as _, Filters, RunsOn};
use serde_json::{Value, json};

use super::ModelSource;
use crate::config::RecallEntry;
use crate::desk::Desk;
use crate::env::Environment;
use crate::progress::Silent;

fn check(embeddings: &str, rest: &str) -> Result<ModelSource, String> {
    let entry: RecallEntry = toml::from_str(&format!("embeddings = \"{embeddings}\"\n{rest}"))
        .map_err(|error| error.to_string())?;
    ModelSource::check(&entry).map(Option::unwrap).map_err(|error| error.to_string())
}

#[test]
fn an_address_that_a_foreign_vault_could_misuse_is_refused() {
    for (address, said) in [
        ("http://127.0.0.1:11434/v1/embeddings", ""),
        ("http://localhost:8080/embeddings", ""),
        ("http://[::1]:8080/v1/embeddings", ""),
        ("https://models.example/v1/embeddings", ""),
        ("http://models.example/v1/embeddings", "unencrypted to this machine only"),
        ("http://localhost.evil.example/v1/embeddings", "unencrypted to this machine only"),
        ("http://127.0.0.1.evil.example/v1/embeddings", "unencrypted to this machine only"),
        ("http://10.0.0.7:11434/v1/embeddings", "unencrypted to this machine only"),
        ("http://127.0.0.1:9200/_shutdown", "does not end in /embeddings"),
        ("http://127.0.0.1:9200/x?to=/embeddings", "does not end in /embeddings"),
        ("http://127.0.0.1:9200/x#/embeddings", "does not end in /embeddings"),
        ("http://127.0.0.1:9200/a/../embeddings", "does not end in /embeddings"),
        ("http://127.0.0.1:9200/%2e%2e/embeddings", "does not end in /embeddings"),
        ("https://sam:hunter2@models.example/embeddings", "holds a name or a password"),
        ("ftp://127.0.0.1/embeddings", "neither http nor https"),
        ("127.0.0.1:11434", "no whole address"),
        ("two words", "no address"),
    ] {
        let found = check(address, "model = \"m\"").err().unwrap_or_default();
        assert!(found.contains(said) && found.is_empty() == said.is_empty(), "{address}: {found}");
        assert!(!found.contains("hunter2"), "{found}");
    }
    assert!(check("https://x.example/embeddings", "").unwrap_err().contains("no model"));
    assert!(check("https://x.example/embeddings", "model = \"m\"\nsecret = \"hunter2\"").is_err());
    assert!(check("https://x.example/embeddings", "models = \"m\"").unwrap_err().contains("models"));
    assert!(ModelSource::check(&RecallEntry::default()).unwrap().is_none());
}

#[test]
fn another_machine_and_a_secret_need_to_be_allowed_on_this_one() {
    let dir = tempfile::tempdir().unwrap();
    let (here, away) = ("http://127.0.0.1:1/embeddings", "https://models.example/embeddings");
    let source = |address, rest| check(address, &format!("model = \"m\"\n{rest}")).unwrap();
    for (address, rest, needs) in [
        (here, "", false),
        (here, "secret = \"command:touch stolen\"", true),
        (away, "", true),
        (away, "secret = \"env:KEY\"", true),
    ] {
        let source = source(address, rest);
        let marker = dir.path().join("stolen");
        let said = source.server(dir.path()).embed(&["x"]).unwrap_err().to_string();
        assert_eq!(said.contains("postil source allow embeddings"), needs, "{address} {rest}: {said}");
        assert!(!marker.exists());
        source.allow(dir.path()).unwrap();
        assert!(source.is_allowed(dir.path()));
    }
    assert!(!source("https://evil.example/embeddings", "").is_allowed(dir.path()));
    assert!(!source(away, "secret = \"env:OTHER\"").is_allowed(dir.path()));
    assert_eq!(source(away, "").server(dir.path()).runs_on(), RunsOn::Elsewhere);
}

/// What a server answers to a body.
type Answering = Box<dyn Fn(&Value) -> Vec<u8> + Send>;

/// A server on this machine: what it was sent, and where it listens.
struct Fake {
    address: String,
    /// The heads and bodies of its requests.
    seen: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Fake {
    /// Answers each request with what `answer` makes of its body: everything from the status line on.
    fn start(answer: impl Fn(&Value) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1/embeddings", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let known = Arc::clone(&seen);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Some((stream, head, body)) = stream.ok().and_then(request) else { continue };
                known.lock().unwrap().push((head, body.clone()));
                reply(stream, &answer(&body));
            }
        });
        Self { address, seen }
    }

    fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

fn request(stream: TcpStream) -> Option<(TcpStream, String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some((reader.into_inner(), head, serde_json::from_slice(&body).ok()?))
}

/// A client that does not listen to the end is none of the server's concern.
fn reply(mut stream: TcpStream, bytes: &[u8]) {
    drop(stream.write_all(bytes).and_then(|()| stream.flush()));
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// Vectors by which words a text has: the same numbers for words that mean the same.
fn vectors(body: &Value) -> Vec<u8> {
    const GROUPS: [&[&str]; 4] = [
        &["kettle", "boiler", "teapot"],
        &["descaled", "cleaned", "calcium"],
        &["invoice", "bill"],
        &["monday"],
    ];
    let texts = body["input"].as_array().unwrap();
    let vector = |text: &Value| -> Vec<f64> {
        let text = text.as_str().unwrap().to_lowercase();
        let count = |group: &&[&str]| group.iter().filter(|word| text.contains(**word)).count() as f64;
        GROUPS.iter().map(count).chain([0.1]).collect()
    };
    // Numbered, and the last one first.
    let rows = texts.iter().enumerate().rev();
    let data: Vec<Value> = rows.map(|(at, text)| json!({"index": at, "embedding": vector(text)})).collect();
    http("200 OK", &json!({"object": "list", "data": data, "model": body["model"]}).to_string())
}

fn server(address: &str, dir: &Path) -> super::Server {
    ModelSource::typed(address, "words").unwrap().server(dir)
}

#[test]
fn vectors_come_back_in_the_order_of_the_texts() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Fake::start(vectors);
    let found = server(&fake.address, dir.path()).embed(&["a kettle", "the bill", "nothing"]).unwrap();
    assert_eq!(found, [[1.0, 0.0, 0.0, 0.0, 0.1], [0.0, 0.0, 1.0, 0.0, 0.1], [0.0, 0.0, 0.0, 0.0, 0.1]]);
    let seen = fake.seen.lock().unwrap();
    let (head, body) = &seen[0];
    assert!(head.starts_with("POST /v1/embeddings HTTP/1.1\r\n") && !head.contains("uthorization"), "{head}");
    assert_eq!(body["model"], "words");
}

#[test]
fn a_key_is_sent_where_it_was_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Fake::start(vectors);
    let source = check(&fake.address, "model = \"m\"\nsecret = \"command:echo sesame\"").unwrap();
    assert!(source.server(dir.path()).embed(&["x"]).is_err());
    assert_eq!(fake.requests(), 0);
    source.allow(dir.path()).unwrap();
    source.server(dir.path()).embed(&["x"]).unwrap();
    assert!(fake.seen.lock().unwrap()[0].0.to_lowercase().contains("authorization: bearer sesame\r\n"));
}

#[test]
fn a_server_that_misbehaves_is_told_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = Fake::start(vectors);
    let to = elsewhere.address.clone();
    let with = |body: &'static str| -> Answering { Box::new(move |_| http("200 OK", body)) };
    let redirect = move |_: &Value| {
        format!("HTTP/1.1 307 Go\r\nLocation: {to}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            .into_bytes()
    };
    let endless = |_: &Value| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[".to_vec();
        bytes.extend(std::iter::repeat_n(b' ', 7_000_000));
        bytes
    };
    let silent = |_: &Value| {
        std::thread::sleep(std::time::Duration::from_secs(4));
        Vec::new()
    };
    let cases: Vec<(&str, Answering)> = vec![
        ("no JSON with vectors", with("<html><body>It works!</body></html>")),
        ("no JSON with vectors", with("{\"data\":[{\"embedding\":[NaN]}]}")),
        ("no JSON with vectors", with("{\"data\":[{\"embedding\":null}]}")),
        ("not numbered from 0", with("{\"data\":[{\"index\":1,\"embedding\":[1]}]}")),
        (
            "answers 500: model \"words\" not found,[2J try pulling it first",
            Box::new(|_| http("500 No", "model \"words\"\n not found,\x1b[2J\u{202e} try pulling it first")),
        ),
        ("answers 307", Box::new(redirect)),
        ("longer than 6000000 bytes", Box::new(endless)),
        ("took longer than", Box::new(silent)),
        ("does not answer", Box::new(|_| Vec::new())),
        ("cannot be used", Box::new(|_| b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec())),
    ];
    for (said, answer) in cases {
        let fake = Fake::start(answer);
        let found = server(&fake.address, dir.path()).embed(&["x"]).unwrap_err().to_string();
        assert!(found.contains(said), "{said}: {found}");
        assert!(found.contains("127.0.0.1") && !found.contains(['\n', '\u{1b}', '\u{202e}']), "{found}");
    }
    assert_eq!(elsewhere.requests(), 0, "a redirect was followed");
}

const CONFIG: &str = "version = 1\n[me]\nname = \"Sam Rivera\"\naddresses = [\"sam@us.example\"]\n\
                      domains = [\"us.example\"]\nzone = \"UTC\"\n[[source]]\nid = \"mail\"\nkind = \"eml\"\npath = \"../mail\"\n";

struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new(recall: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let fixture = postil_fixture::Fixture::parse(&format!(
            "//- vault/.postil/config.toml\n{CONFIG}{recall}\n\
             //- vault/Kitchen.md\n# Kitchen\n\nThe kitchen boiler was cleaned in May.\n\n\
             The kitchen has a window to the north.\n\nOur kitchen opens at eight.\n\
             //- vault/Secret.md\n---\naudience: private\n---\n# Secret\n\nThe kitchen will be sold.\n\
             //- mail/1.eml\nFrom: Ana Lima <ana@us.example>\nTo: Sam Rivera <sam@us.example>\nSubject: Kitchen\n\
             Date: Fri, 20 Nov 2026 10:00:00 +0000\nMessage-ID: <1@us.example>\n\n\
             Hi Sam,\n\nwhen was the kitchen boiler cleaned?\n\nAna\n"
        ));
        fixture.write_to(dir.path()).unwrap();
        Self { dir }
    }

    fn open(&self) -> Desk {
        let env = Environment {
            now: "2026-11-23T08:30:00+00:00[UTC]".parse().unwrap(),
            state_root: self.dir.path().join("state"),
            current_dir: self.dir.path().to_path_buf(),
            suggested_name: None,
        };
        let desk = Desk::open(&self.dir.path().join("vault"), env).unwrap();
        desk.sync(&Silent::default()).unwrap();
        desk
    }

    fn kept(&self) -> Option<PathBuf> {
        let states = std::fs::read_dir(self.dir.path().join("state")).unwrap();
        states.map(|state| state.unwrap().path().join("index/vectors.db")).find(|file| file.exists())
    }
}

fn first(desk: &Desk, query: &str) -> (String, String) {
    let hit = desk.search(query, &Filters::default(), 5).unwrap().hits.into_iter().next().unwrap();
    (hit.text, hit.reasons.join(", "))
}

#[test]
fn without_a_section_nothing_is_asked_and_no_file_is_made() {
    let world = World::new("");
    let desk = world.open();
    assert!(!first(&desk, "kitchen teapot descaled").1.contains("meaning"));
    assert_eq!(desk.recall_trouble(), None);
    assert!(!desk.doctor().unwrap().iter().any(|check| check.what == "recall"));
    assert_eq!(world.kept(), None);
}

#[test]
fn a_model_ranks_what_words_found_and_is_shown_among_the_reasons() {
    let fake = Fake::start(vectors);
    let world = World::new(&format!("[recall]\nembeddings = \"{}\"\nmodel = \"words\"\n", fake.address));
    let desk = world.open();
    assert_eq!(fake.requests(), 0, "nothing is asked before something is looked for");
    let (text, reasons) = first(&desk, "kitchen teapot descaled");
    assert!(text.contains("boiler") && reasons.contains("meaning "), "{text}: {reasons}");
    assert_eq!(desk.recall_trouble(), None);
    let asked = fake.requests();
    assert_eq!(first(&desk, "kitchen teapot descaled").0, text);
    assert_eq!(fake.requests(), asked, "what was asked is kept");
    let drafts = desk.draft(&[], &Silent::default()).unwrap();
    assert!(drafts[0].body.contains("cleaned in May"), "{}", drafts[0].body);
    let found = desk.doctor().unwrap().into_iter().find(|check| check.what == "recall").unwrap();
    assert!(found.state == "ok" && found.found.contains("5 numbers"), "{found:?}");
    assert!(world.kept().is_some());
}

#[test]
fn what_a_recipient_may_not_read_is_not_sent_for_them() {
    let fake = Fake::start(vectors);
    let world = World::new(&format!("[recall]\nembeddings = \"{}\"\nmodel = \"words\"\n", fake.address));
    world.open().draft(&[], &Silent::default()).unwrap();
    let seen = fake.seen.lock().unwrap();
    let texts: BTreeSet<&str> = seen
        .iter()
        .flat_map(|(_, body)| body["input"].as_array().unwrap())
        .filter_map(Value::as_str)
        .collect();
    assert!(texts.iter().any(|text| text.contains("cleaned in May")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("sold")), "{texts:?}");
}

#[test]
fn a_dead_server_changes_nothing_but_one_line() {
    let plain = World::new("");
    let expected = plain.open().draft(&[], &Silent::default()).unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let recall = format!("[recall]\nembeddings = \"http://{closed}/v1/embeddings\"\nmodel = \"words\"\n");
    let world = World::new(&recall);
    let desk = world.open();
    let drafts = desk.draft(&[], &Silent::default()).unwrap();
    assert_eq!(drafts[0].body, expected[0].body);
    let trouble = desk.recall_trouble().unwrap();
    assert!(trouble.starts_with("recall went on by words alone: http://127.0.0.1:"), "{trouble}");
    assert!(trouble.contains("does not answer") && !trouble.contains('\n'), "{trouble}");
    let found = desk.doctor().unwrap().into_iter().find(|check| check.what == "recall").unwrap();
    assert_eq!(found.state, "problem");
}
