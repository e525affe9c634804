//! A content hash: equal bytes, equal hash. Used for change detection and stable ids, never for
//! secrets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The first 16 bytes of the BLAKE3 hash of some bytes, shown as 32 lower-case hex digits.
///
/// # Source
/// BLAKE3 (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, 2020). 128 bits keep accidental collisions
/// out of reach for any mailbox.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 16]);

impl ContentHash {
    /// Hashes one run of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts(&[bytes])
    }

    /// Hashes several fields. Each is preceded by its length, so `["ab", "c"]` and `["a", "bc"]`
    /// differ; one field alone hashes as in [`ContentHash::of`].
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut out = [0; 16];
        for (to, from) in out.iter_mut().zip(hasher.finalize().as_bytes()) {
            *to = *from;
        }
        Self(out)
    }

    /// The 16 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The hash with exactly these bytes, as stored earlier by [`ContentHash::bytes`].
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 hex digits; anything else is `None`.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut out = [0; 16];
        for (to, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
            let high = char::from(*pair.first()?).to_digit(16)?;
            let low = char::from(*pair.get(1)?).to_digit(16)?;
            *to = u8::try_from(high * 16 + low).ok()?;
        }
        Some(Self(out))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::parse(&hex).ok_or_else(|| serde::de::Error::custom("not 32 hex digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::ContentHash;

    #[test]
    fn hex_round_trips_and_field_borders_count() {
        let hash = ContentHash::of(b"hello");
        assert_eq!(ContentHash::parse(&hash.to_string()), Some(hash));
        assert_ne!(ContentHash::of_parts(&[b"ab", b"c"]), ContentHash::of_parts(&[b"a", b"bc"]));
        assert_eq!(ContentHash::parse("xyz"), None);
    }
}
