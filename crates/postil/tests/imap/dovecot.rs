//! A Dovecot of the test's own: on loopback, in a temporary folder, as an ordinary user. Where the test runs as root it is
//! started as `nobody`, since Dovecot opens no mail of root's.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The user `nobody` and its group, on every Linux.
const NOBODY: u32 = 65_534;

/// The password of every user.
pub(crate) const PASSWORD: &str = "correct-horse";
/// A token for `sam`, signed with [`TOKEN_KEY`], valid from 2020 to 2120.
pub(crate) const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzYW0iLCJlbWFpbCI6InNhbSIsImlhdCI6MTU3NzgzNjgwMCwibmJmIjoxNTc3ODM2ODAwLCJleHAiOjQ3MzM1MTA0MDB9.8LRpzU7ulL_Q_krexAGayf5Dzet2E7qoueTDNTUOG9Y";
const TOKEN_KEY: &str = "YSBrZXkgZm9yIHRlc3RzIG9mIFBvc3RpbCwgd29ydGggbm90aGluZw==";

pub(crate) struct Dovecot {
    dir: tempfile::TempDir,
    child: Child,
    /// Plain, with STARTTLS.
    pub(crate) port: u16,
    /// TLS from the first byte.
    pub(crate) tls_port: u16,
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn installed() -> Option<PathBuf> {
    ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].iter().map(PathBuf::from).find(|path| path.is_file())
}

impl Dovecot {
    /// Starts one with these lines more in its configuration. `None`, and a line that says so, where Dovecot is not
    /// installed.
    pub(crate) fn start(more: &str) -> Option<Self> {
        let Some(program) = installed() else {
            println!("skipped: dovecot is not installed");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        let (port, tls_port) = (free_port(), free_port());
        let at = dir.path().display().to_string();
        let me = std::fs::metadata(dir.path()).unwrap();
        let (uid, gid) = if me.uid() == 0 { (NOBODY, NOBODY) } else { (me.uid(), me.gid()) };
        let (user, group) = (name_of("/etc/passwd", uid), name_of("/etc/group", gid));
        make_certificates(dir.path());
        for (name, bytes) in [
            ("oauth2", OAUTH2.replace("{at}", &at).into_bytes()),
            ("dovecot.conf", config(&at, port, tls_port, &user, &group, more).into_bytes()),
        ] {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let keys = dir.path().join("keys/default/HS256");
        std::fs::create_dir_all(&keys).unwrap();
        std::fs::write(keys.join("default"), TOKEN_KEY).unwrap();
        std::fs::create_dir(dir.path().join("mail")).unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        if me.uid() == 0 {
            own(dir.path(), uid, gid);
        }
        let mut command = Command::new(program);
        command.args(["-F", "-c"]).arg(dir.path().join("dovecot.conf"));
        let child = as_user(&mut command, dir.path()).spawn().unwrap();
        let mut dovecot = Self { dir, child, port, tls_port };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(dovecot.child.try_wait().unwrap().is_none(), "{}", dovecot.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(dovecot)
    }

    /// The certificate of the CA that signed its own.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// What it wrote to its log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Runs doveadm; what it says.
    #[track_caller]
    pub(crate) fn admin(&self, args: &[&str]) -> String {
        let mut command = Command::new("/usr/bin/doveadm");
        command.arg("-c").arg(self.dir.path().join("dovecot.conf")).args(args);
        command.stdin(Stdio::null()).env_clear();
        let command = as_user(&mut command, self.dir.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = command.output().unwrap();
        let (out, err) = (output.stdout, String::from_utf8_lossy(&output.stderr));
        let out = String::from_utf8(out).unwrap();
        assert!(output.status.success(), "doveadm {args:?}: {out}\n{err}\n{}", self.log());
        out
    }

    /// The Maildir of a folder of `sam`'s, by its name on disk (`.Work.2024`; empty for the inbox).
    pub(crate) fn maildir(&self, folder: &str) -> PathBuf {
        self.dir.path().join("mail/sam").join(folder)
    }

    /// Puts a message into a folder, as delivery does.
    pub(crate) fn deliver(&self, folder: &str, name: &str, mail: &[u8]) {
        let maildir = self.maildir(folder);
        for part in ["tmp", "new", "cur"] {
            std::fs::create_dir_all(maildir.join(part)).unwrap();
        }
        let (from, to) = (maildir.join("tmp").join(name), maildir.join("new").join(name));
        std::fs::write(&from, mail).unwrap();
        std::fs::set_permissions(&from, std::fs::Permissions::from_mode(0o644)).unwrap();
        std::fs::rename(from, to).unwrap();
    }

    /// Makes everything Dovecot's own again, where the test runs as root.
    pub(crate) fn settle(&self) {
        if std::fs::metadata(self.dir.path().join("mail")).unwrap().uid() == NOBODY {
            own(&self.dir.path().join("mail"), NOBODY, NOBODY);
        }
    }

    /// Every message of every folder with its flags, as the server has them.
    pub(crate) fn flags(&self) -> Vec<String> {
        let said = self.admin(&["-f", "flow", "fetch", "-u", "sam", "mailbox uid flags", "mailbox", "*"]);
        let mut lines: Vec<String> = said.lines().map(|line| line.replace("\\Recent", "")).collect();
        lines.sort();
        lines
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let mut stop = Command::new("/usr/bin/doveadm");
        stop.arg("-c").arg(self.dir.path().join("dovecot.conf")).arg("stop");
        if !as_user(&mut stop, self.dir.path()).status().is_ok_and(|status| status.success()) {
            self.child.kill().unwrap();
        }
        self.child.wait().unwrap();
    }
}

/// Runs a command as whoever owns the folder.
fn as_user<'c>(command: &'c mut Command, dir: &Path) -> &'c mut Command {
    let owner = std::fs::metadata(dir).unwrap();
    if std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// Makes a CA nobody trusts and a certificate it signed for `localhost`, in files of the folder. `openssl` comes with
/// Debian's Dovecot.
fn make_certificates(dir: &Path) {
    std::fs::write(dir.join("server.ext"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
        .unwrap();
    let new_key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for line in [
        format!(
            "req -x509 {new_key} -keyout ca.key -out ca.pem -days 30 -subj /CN=Tests \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign"
        ),
        format!("req {new_key} -keyout server.key -out server.csr -subj /CN=localhost"),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile server.ext"
            .to_owned(),
    ] {
        let output = Command::new("openssl").args(line.split_whitespace()).current_dir(dir).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn own(path: &Path, uid: u32, gid: u32) {
    chown(path, Some(uid), Some(gid)).unwrap();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            own(&entry.unwrap().path(), uid, gid);
        }
    }
}

/// The name of a number in `/etc/passwd` or `/etc/group`.
fn name_of(file: &str, id: u32) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let found = text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id.to_string()).then(|| name.to_owned())
    });
    found.unwrap_or_else(|| id.to_string())
}

const OAUTH2: &str = "introspection_mode = local
local_validation_key_dict = fs:posix:prefix={at}/keys/
username_attribute = sub
";

fn config(at: &str, port: u16, tls_port: u16, user: &str, group: &str, more: &str) -> String {
    format!(
        "protocols = imap
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/log
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{at}/mail/%u
mail_fsync = never
mail_max_userip_connections = 1000
ssl = yes
ssl_cert = <{at}/server.pem
ssl_key = <{at}/server.key
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
passdb {{
  driver = static
  mechanisms = plain login
  args = password={PASSWORD}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {at}/oauth2
}}
userdb {{
  driver = static
  args = home={at}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junkyard {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
{more}
"
    )
}
