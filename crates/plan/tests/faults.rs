//! The disk fails at every step, once and for good; people write at the worst moment. In the end a
//! plan is on the disk whole or not at all, and nobody's bytes are lost.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use postil_evidence::{ContentHash, NotePath};
use postil_plan::{
    Change, Disk, FileKind, Plan, PlanError, PropertyValue, RealDisk, Recovered, Step, apply, preview,
    recover, undo,
};
use tempfile::TempDir;

/// Fails operation `at`, and with `for_good` every one after it. A failed write leaves half a file.
struct FailingDisk {
    at: usize,
    for_good: bool,
    done: Cell<usize>,
}

impl FailingDisk {
    fn new(at: usize, for_good: bool) -> Self {
        Self { at, for_good, done: Cell::new(0) }
    }

    fn step(&self) -> io::Result<()> {
        let now = self.done.replace(self.done.get() + 1);
        let fails = now == self.at || (self.for_good && now > self.at);
        if fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for FailingDisk {
    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        self.step()?;
        RealDisk.kind(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.step()?;
        RealDisk.read(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.step()?;
        RealDisk.list(folder)
    }
    fn write_new(&self, path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
        let half = bytes.split_at(bytes.len() / 2).0;
        self.step().inspect_err(|_| write_quickly(path, half, like).unwrap_or_default())?;
        write_quickly(path, bytes, like)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.make_folder(path)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename_new(from, to)
    }
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.exchange(a, b)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove_file(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove_folder(path)
    }
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        self.step()
    }
}

/// As the real disk writes, but without waiting: these tests write some ten thousand files.
fn write_quickly(path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    io::Write::write_all(&mut file, bytes)?;
    like.map_or(Ok(()), |like| file.set_permissions(std::fs::metadata(like)?.permissions()))
}

fn quick() -> FailingDisk {
    FailingDisk::new(usize::MAX, false)
}

/// Lets somebody save `bytes` at `path` right before the n-th exchange.
struct MeddlingDisk {
    path: PathBuf,
    bytes: &'static [u8],
    before_exchange: usize,
    exchanges: RefCell<usize>,
}

impl Disk for MeddlingDisk {
    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        RealDisk.kind(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(folder)
    }
    fn write_new(&self, path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
        RealDisk.write_new(path, bytes, like)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.make_folder(path)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename_new(from, to)
    }
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        let now = self.exchanges.replace_with(|n| *n + 1);
        if now == self.before_exchange {
            save(&self.path, self.bytes);
        }
        RealDisk.exchange(a, b)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_file(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_folder(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn save(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = std::fs::File::create(path).unwrap();
    io::Write::write_all(&mut file, bytes).unwrap();
}

const ANA: &[u8] = b"---\r\n# mine\r\nstatus: draft # why\r\nx: [1,  2]\r\n---\r\nText of Ana.\r\n";
const BEN: &[u8] = b"No front matter.\n";

#[expect(clippy::unwrap_used, reason = "a test")]
fn vault() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    save(&dir.path().join("v/People/Ana.md"), ANA);
    save(&dir.path().join("v/People/Ben.md"), BEN);
    save(&dir.path().join("v/.obsidian/templates.json"), br#"{"folder":"Templates"}"#);
    dir
}

fn places(dir: &TempDir) -> (PathBuf, PathBuf) {
    (dir.path().join("v"), dir.path().join("journal"))
}

fn create(path: &str, text: &str) -> Step {
    Step { change: Change::Create { path: path.to_owned(), bytes: text.into() }, reason: "new".to_owned() }
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn set(path: &str, before: &[u8], key: &str, value: &str) -> Step {
    let change = Change::SetProperty {
        path: NotePath::parse(path).unwrap(),
        base: ContentHash::of(before),
        key: key.to_owned(),
        value: PropertyValue::Text(value.to_owned()),
    };
    Step { change, reason: "it was said".to_owned() }
}

fn plan() -> Plan {
    let steps = vec![
        create("Outbox/Drafts/a.md", "# A\n"),
        set("People/Ana.md", ANA, "status", "approved"),
        set("People/Ana.md", ANA, "last_contact", "2026-11-20"),
        set("People/Ben.md", BEN, "status", "seen"),
        create("Sources/b.eml", "From: x\n"),
    ];
    Plan { id: "op-1".to_owned(), steps }
}

/// Every file and folder of the vault with its bytes; folders end in `/`.
#[expect(clippy::unwrap_used, reason = "a test")]
fn everything(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_symlink() {
                found.insert(name, b"link".to_vec());
            } else if path.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                open.push(path);
            } else {
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn nothing_and_all() -> (BTreeMap<String, Vec<u8>>, BTreeMap<String, Vec<u8>>) {
    let dir = vault();
    let (root, journal) = places(&dir);
    let nothing = everything(&root);
    apply(&root, &journal, &plan(), &RealDisk).unwrap();
    (nothing, everything(&root))
}

#[test]
fn a_plan_is_applied_and_taken_back_to_the_byte() {
    let dir = vault();
    let (root, journal) = places(&dir);
    let before = everything(&root);
    let previews = preview(&root, &plan());
    assert!(previews.iter().all(|p| p.refused.is_none()));
    assert_eq!(
        previews[1].diff,
        "--- People/Ana.md\n+++ People/Ana.md\n@@ -1,5 +1,5 @@\n ---\n # mine\n-status: draft # why\n+status: approved # why\n x: [1,  2]\n ---\n"
    );
    assert_eq!(everything(&root), before, "a preview writes nothing");
    let applied = apply(&root, &journal, &plan(), &RealDisk).unwrap();
    assert_eq!(applied.created, ["Outbox/Drafts/a.md", "Sources/b.eml"]);
    assert_eq!(applied.changed, ["People/Ana.md", "People/Ben.md"]);
    let after = everything(&root);
    assert_eq!(
        String::from_utf8_lossy(&after["People/Ana.md"]),
        "---\r\n# mine\r\nstatus: approved # why\r\nx: [1,  2]\r\nlast_contact: \"2026-11-20\"\r\n---\r\nText of Ana.\r\n"
    );
    assert_eq!(after["People/Ben.md"], b"---\nstatus: seen\n---\nNo front matter.\n");
    assert!(matches!(apply(&root, &journal, &plan(), &RealDisk), Err(PlanError::Known { .. })));
    let undone = undo(&root, &journal, "op-1", &RealDisk).unwrap();
    assert_eq!((undone.taken_back.len(), undone.kept.len()), (4, 0));
    assert_eq!(everything(&root), before);
    assert!(matches!(undo(&root, &journal, "op-1", &RealDisk), Err(PlanError::Unknown { .. })));
}

#[test]
fn an_undo_leaves_what_was_written_since() {
    let dir = vault();
    let (root, journal) = places(&dir);
    apply(&root, &journal, &plan(), &RealDisk).unwrap();
    save(&root.join("People/Ana.md"), b"mine now");
    save(&root.join("Outbox/Drafts/a.md"), b"edited draft");
    let undone = undo(&root, &journal, "op-1", &RealDisk).unwrap();
    assert_eq!(undone.kept, ["Outbox/Drafts/a.md", "People/Ana.md"]);
    let after = everything(&root);
    assert_eq!(after["People/Ana.md"], b"mine now");
    assert_eq!(after["Outbox/Drafts/a.md"], b"edited draft");
    assert_eq!(after["People/Ben.md"], BEN);
    assert!(!after.keys().any(|name| name.contains("postil") || name.contains(".eml")));
}

#[test]
fn the_disk_fails_at_every_step_of_apply() {
    let (nothing, all) = nothing_and_all();
    for for_good in [false, true] {
        let mut faults = 0;
        for at in 0.. {
            let dir = vault();
            let (root, journal) = places(&dir);
            let disk = FailingDisk::new(at, for_good);
            let result = apply(&root, &journal, &plan(), &disk);
            if disk.done.get() <= at {
                assert!(result.is_ok());
                break;
            }
            faults += 1;
            let now = everything(&root);
            match &result {
                Ok(_) => assert_eq!(now, all, "step {at}"),
                Err(PlanError::Interrupted { .. }) => {}
                Err(_) => assert_eq!(now, nothing, "step {at}"),
            }
            assert!(for_good || !matches!(result, Err(PlanError::Interrupted { .. })), "step {at}");
            let recovered = recover(&root, &journal, &quick()).unwrap();
            let now = everything(&root);
            assert!(now == all || now == nothing, "step {at} {recovered:?} {:?}", now.keys());
            if now == nothing {
                apply(&root, &journal, &plan(), &quick()).unwrap();
                assert_eq!(everything(&root), all, "step {at}");
            }
        }
        assert!(faults > 40, "{faults}");
    }
}

#[test]
fn the_disk_fails_at_every_step_of_recovery_and_undo() {
    let (nothing, all) = nothing_and_all();
    let mut faults = 0;
    for crash in (0..90).step_by(6) {
        for at in 0.. {
            let dir = vault();
            let (root, journal) = places(&dir);
            let crashed = apply(&root, &journal, &plan(), &FailingDisk::new(crash, true));
            let disk = FailingDisk::new(at, true);
            let first = if crashed.is_ok() {
                undo(&root, &journal, "op-1", &disk).map(|_| ())
            } else {
                recover(&root, &journal, &disk).map(|_| ())
            };
            recover(&root, &journal, &quick()).unwrap();
            let now = everything(&root);
            assert!(now == all || now == nothing, "crash {crash} step {at} {:?}", now.keys());
            if first.is_ok() && disk.done.get() <= at {
                break;
            }
            faults += 1;
        }
    }
    for at in 0.. {
        let dir = vault();
        let (root, journal) = places(&dir);
        apply(&root, &journal, &plan(), &quick()).unwrap();
        let disk = FailingDisk::new(at, true);
        let first = undo(&root, &journal, "op-1", &disk);
        let recovered = recover(&root, &journal, &quick()).unwrap();
        let now = everything(&root);
        assert!(now == nothing || (recovered.is_empty() && now == all), "step {at}");
        if first.is_ok() && disk.done.get() <= at {
            break;
        }
        faults += 1;
    }
    assert!(faults > 300, "{faults}");
}

#[test]
fn a_save_at_the_worst_moment_is_never_lost() {
    for before_exchange in 0..2 {
        let dir = vault();
        let (root, journal) = places(&dir);
        let note = ["People/Ana.md", "People/Ben.md"][before_exchange];
        let disk = MeddlingDisk {
            path: root.join(note),
            bytes: b"saved meanwhile",
            before_exchange,
            exchanges: RefCell::new(0),
        };
        let result = apply(&root, &journal, &plan(), &disk);
        assert!(matches!(&result, Err(PlanError::Changed { path }) if path == note), "{result:?}");
        let mut expect = everything(vault().path().join("v").as_path());
        expect.insert(note.to_owned(), b"saved meanwhile".to_vec());
        assert_eq!(everything(&root), expect);
    }
}

fn check_refused(steps: Vec<Step>, why: &str) {
    let dir = vault();
    let (root, journal) = places(&dir);
    save(&root.join("Broken.md"), b"---\na: [\n---\n");
    #[cfg(unix)]
    assert!(std::os::unix::fs::symlink(root.join("People/Ben.md"), root.join("Link.md")).is_ok());
    #[cfg(unix)]
    assert!(std::os::unix::fs::symlink("/tmp", root.join("Out")).is_ok());
    let before = everything(&root);
    let result = apply(&root, &journal, &Plan { id: "op".to_owned(), steps }, &RealDisk);
    let text = result.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(text.contains(why), "{text:?} has no {why:?}");
    assert_eq!(everything(&root), before);
}

#[test]
fn what_must_not_be_written_is_refused() {
    for path in [
        "../x.md",
        "/x.md",
        "a//x.md",
        "a\\x.md",
        ".obsidian/x.md",
        ".trash/x.md",
        "a/.git/x.md",
        ".x.md",
        "Templates/x.md",
        "templates/a/x.md",
        "x.js",
        "x",
        "a:b.md",
        "con.md",
        "a ./x.md",
        "x\u{202e}.md",
        "Out/x.md",
    ] {
        check_refused(vec![create(path, "x")], "never written");
    }
    check_refused(vec![create("x.md", "")], "empty");
    check_refused(vec![create("People/ana.MD", "x")], "exists already as Ana.md");
    check_refused(vec![create("x.md", "x"), create("X.md", "y")], "another step");
    check_refused(vec![create("new.md", "x"), set("People/Ana.md", b"older", "a", "b")], "changed since");
    check_refused(vec![set("Gone.md", b"", "a", "b")], "changed since");
    check_refused(vec![set("Broken.md", b"---\na: [\n---\n", "a", "b")], "cannot be read");
    check_refused(vec![set("People/Ana.md", ANA, "a: b", "c")], "quotes");
    #[cfg(unix)]
    check_refused(vec![set("Link.md", BEN, "a", "b")], "left alone");
}

#[test]
fn a_file_made_meanwhile_is_not_overwritten_and_permissions_stay() {
    let dir = vault();
    let (root, journal) = places(&dir);
    let steps: Vec<Step> = (0..200).map(|n| create(&format!("Outbox/{n}.md"), &"x".repeat(5_000))).collect();
    let applied = apply(&root, &journal, &Plan { id: "many".to_owned(), steps }, &quick()).unwrap();
    assert_eq!(applied.created.len(), 200);
    let again = Plan { id: "again".to_owned(), steps: vec![create("Outbox/7.md", "y")] };
    assert!(matches!(apply(&root, &journal, &again, &RealDisk), Err(PlanError::Exists { .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let ana = root.join("People/Ana.md");
        std::fs::set_permissions(&ana, std::fs::Permissions::from_mode(0o640)).unwrap();
        let plan = Plan { id: "mode".to_owned(), steps: vec![set("People/Ana.md", ANA, "status", "sent")] };
        apply(&root, &journal, &plan, &RealDisk).unwrap();
        assert_eq!(std::fs::metadata(&ana).unwrap().permissions().mode() & 0o777, 0o640);
    }
}

#[test]
fn recovery_says_what_it_did() {
    let dir = vault();
    let (root, journal) = places(&dir);
    assert_eq!(recover(&root, &journal, &quick()).unwrap(), []);
    let mut seen = Vec::new();
    for at in 0..200 {
        let dir = vault();
        let (root, journal) = places(&dir);
        if apply(&root, &journal, &plan(), &FailingDisk::new(at, true)).is_ok() {
            break;
        }
        for recovered in recover(&root, &journal, &quick()).unwrap() {
            seen.push(match recovered {
                Recovered::Finished { .. } => "finished",
                Recovered::PutBack { kept, .. } => {
                    assert!(kept.is_empty());
                    "put back"
                }
                Recovered::Undone(_) => "undone",
            });
        }
    }
    assert!(seen.contains(&"finished") && seen.contains(&"put back"), "{seen:?}");
}
