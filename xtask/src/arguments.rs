//! The words after a command: `--name value` pairs, each taken once. What is left over is an error.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// The words not yet taken.
#[derive(Debug)]
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    pub(crate) fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// The whole number after `name`. `None` where `name` is not given.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<usize>> {
        let Some(word) = self.value(name)? else { return Ok(None) };
        let digits = word.replace('_', "");
        digits.parse().map(Some).with_context(|| format!("{name} wants a whole number, not `{word}`"))
    }

    /// The path after `name`. `None` where `name` is not given.
    pub(crate) fn path(&mut self, name: &str) -> Result<Option<PathBuf>> {
        Ok(self.value(name)?.map(PathBuf::from))
    }

    /// Refuses words that no option took.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => bail!("no option `{word}` here; `cargo xtask help` lists what there is"),
        }
    }

    /// The word after `name`. `None` where `name` is not given.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        if at + 1 >= self.0.len() {
            bail!("{name} wants a value");
        }
        self.0.remove(at);
        Ok(Some(self.0.remove(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn takes_values_in_any_order() {
        let mut arguments = words("--dir out --messages 10_000");
        assert_eq!(arguments.number("--messages").unwrap(), Some(10_000));
        assert_eq!(arguments.path("--dir").unwrap(), Some(PathBuf::from("out")));
        assert_eq!(arguments.number("--notes").unwrap(), None);
        arguments.finish().unwrap();
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(words("--fast").finish().unwrap_err().to_string().contains("--fast"));
        assert!(words("--dir").path("--dir").is_err());
        assert!(words("--notes many").number("--notes").is_err());
    }
}
