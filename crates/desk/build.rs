//! Lists the files of the demo corpus as constants, so that the program carries its demo.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/demo");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for part in ["vault", "mail"] {
        collect(&root.join(part), &mut files)?;
    }
    files.sort();
    let mut code = String::from(
        "/// Every file of the demo: path below `corpus/demo`, and its bytes.\npub(crate) const FILES: &[(&str, &[u8])] = &[\n",
    );
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _written = writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string());
    }
    code.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    File::create(out.join("demo_files.rs"))?.write_all(code.as_bytes())
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
