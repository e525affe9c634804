//! How close texts come in meaning, told by an embedding model that the owner set up. Without one nothing here runs.
//!
//! This file asks each text once, keeps what it was told (see [`vectors`](self::vectors)), and decides when a model is not
//! asked again. It knows no HTTP: how a model is reached is the embedder's matter. It must not see a passage that is not
//! cleared for whoever asks: its caller hands over texts of cleared passages only.
//!
//! A vector is taken for a property of its text: of equal numbers whether it was kept or is new, since both are rounded
//! in the same way. Whether a model is given up for a run is decided by a fixed text, or for one asker by that asker's
//! own texts, so that no passage has a say in what recipients get who may not read it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use postil_evidence::ContentHash;

use vectors::{Vector, Vectors};

mod vectors;

/// How many texts one request holds: servers take 32 at least, and a slow machine should manage these in the time that a
/// request has.
const AT_ONCE: usize = 16;
/// The most numbers a vector may have; models of today have 256 to 4,096.
const MOST_NUMBERS: usize = 8_192;
/// What is asked first in a run: whether the model answers, how many numbers it gives, and whether it is the one that
/// the kept vectors are of.
const FIXED_TEXT: &str = "A postil is a note in the margin.";
/// Two vectors of the fixed text that are further apart than this are of two models.
const SAME_MODEL: f64 = 0.999;

/// Whose machine a model runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunsOn {
    /// This one: no text leaves it.
    ThisMachine,
    /// Another: private passages are not shown to it.
    Elsewhere,
}

/// An embedding model.
pub trait Embed: Send + Sync {
    /// Which model this is: vectors of one name are compared with each other.
    fn name(&self) -> &str;

    /// Whose machine it runs on.
    fn runs_on(&self) -> RunsOn;

    /// One vector for each text, in their order.
    ///
    /// # Errors
    /// Where there is no answer, or it is none. It must come back in bounded time.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}

/// Why there is no vector: in one line, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// It is not asked: the owner did not let texts go there, or its secret cannot be had.
    #[error("{what}; {hint}")]
    NotReady {
        /// What is missing.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Nothing answered.
    #[error("{place} does not answer ({why}); start it, or take [recall] out of .postil/config.toml")]
    Unreachable {
        /// Where it should be.
        place: String,
        /// What the system said.
        why: String,
    },
    /// No whole answer came in time.
    #[error(
        "{place} took longer than {seconds} s; take a smaller model, or try again when the machine is idle"
    )]
    Slow {
        /// Where it is.
        place: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server said no.
    #[error("{place} answers {code}: {said}; look at the address and the model's name in [recall]")]
    Refused {
        /// Where it is.
        place: String,
        /// The status of HTTP.
        code: u16,
        /// The start of what it said.
        said: String,
    },
    /// What it said holds no vectors.
    #[error("what {place} answers cannot be used ({why}); is it an OpenAI-compatible /embeddings address?")]
    Nonsense {
        /// Where it is, or which model.
        place: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Who a model is asked for: the owner, or recipients by their fingerprint.
pub(crate) type AskedFor = Option<ContentHash>;

/// A model, what it said before, and whether it is still asked.
pub struct Embeddings {
    model: Box<dyn Embed>,
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stage: Stage,
    /// Askers one of whose requests failed: not asked for again in this run.
    failed_for: Vec<AskedFor>,
    /// What went wrong first.
    trouble: Option<EmbedError>,
}

#[derive(Default)]
enum Stage {
    /// Nothing was asked yet.
    #[default]
    Unasked,
    /// The fixed text was answered.
    Answers(Answering),
    /// It was not: the model is not asked again.
    GivenUp,
}

struct Answering {
    /// How many numbers its vectors have.
    numbers: usize,
    vectors: Vectors,
}

impl Embeddings {
    /// A model whose vectors are kept in `file`, which is made at the first question.
    #[must_use]
    pub fn new(model: Box<dyn Embed>, file: &Path) -> Self {
        Self { model, file: file.to_owned(), state: Mutex::default() }
    }

    /// What went wrong first since this value was made, in one line; recall went on without it.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.state().trouble.as_ref().map(ToString::to_string)
    }

    /// Asks for the fixed text: how many numbers a vector has, and how many vectors are kept.
    ///
    /// # Errors
    /// What is in the way.
    pub fn check(&self) -> Result<(usize, u64), EmbedError> {
        let mut state = self.state();
        self.begin(&mut state);
        match (&state.stage, &state.trouble) {
            (Stage::Answers(answering), _) => Ok((answering.numbers, answering.vectors.count())),
            (Stage::Unasked | Stage::GivenUp, Some(error)) => Err(error.clone()),
            (Stage::Unasked | Stage::GivenUp, None) => Err(self.nonsense("nothing was said")),
        }
    }

    /// Whose machine the model runs on.
    pub(crate) fn runs_on(&self) -> RunsOn {
        self.model.runs_on()
    }

    /// How close each of `texts` is to `asked`, from -1 to 1; `None` where the model does not say all of it.
    pub(crate) fn closeness(&self, asker: AskedFor, asked: &str, texts: &[String]) -> Option<Vec<f64>> {
        let mut state = self.state();
        self.begin(&mut state);
        if state.failed_for.contains(&asker) {
            return None;
        }
        let Stage::Answers(answering) = &mut state.stage else { return None };
        let all: Vec<&str> = std::iter::once(asked).chain(texts.iter().map(String::as_str)).collect();
        match self.vectors_of(answering, &all) {
            Ok(vectors) => {
                let (asked, texts) = vectors.split_first()?;
                Some(texts.iter().map(|text| asked.closeness(text)).collect())
            }
            Err(error) => {
                // Its own texts may be the reason, so this asker alone goes without. Others do where the fixed text
                // fails as well.
                state.failed_for.push(asker);
                state.trouble.get_or_insert(error);
                if self.ask(&[FIXED_TEXT], None).is_err() {
                    state.stage = Stage::GivenUp;
                }
                None
            }
        }
    }

    /// Asks for the fixed text, where that was not done yet.
    fn begin(&self, state: &mut State) {
        if !matches!(state.stage, Stage::Unasked) {
            return;
        }
        let first = self
            .ask(&[FIXED_TEXT], None)
            .and_then(|mut vectors| vectors.pop().ok_or_else(|| self.nonsense("no vector")));
        match first {
            Ok(vector) => {
                let numbers = vector.len();
                let mut vectors = Vectors::open(&self.file, self.model.name(), numbers);
                let hash = ContentHash::of(FIXED_TEXT.as_bytes());
                let known = vectors.find(&[hash]).remove(&hash);
                match known {
                    Some(known) if known.closeness(&vector) >= SAME_MODEL => {}
                    Some(_) => {
                        vectors.forget();
                        vectors.keep(&[(hash, &vector)]);
                    }
                    None => vectors.keep(&[(hash, &vector)]),
                }
                state.stage = Stage::Answers(Answering { numbers, vectors });
            }
            Err(error) => {
                state.trouble.get_or_insert(error);
                state.stage = Stage::GivenUp;
            }
        }
    }

    /// The vectors of texts, in their order: those that are kept, and the others from the model.
    fn vectors_of(&self, answering: &mut Answering, texts: &[&str]) -> Result<Vec<Vector>, EmbedError> {
        let hashes: Vec<ContentHash> = texts.iter().map(|text| ContentHash::of(text.as_bytes())).collect();
        let mut known = answering.vectors.find(&hashes);
        let missing: BTreeMap<ContentHash, &str> = hashes
            .iter()
            .copied()
            .zip(texts.iter().copied())
            .filter(|(hash, _)| !known.contains_key(hash))
            .collect();
        let missing: Vec<(ContentHash, &str)> = missing.into_iter().collect();
        for part in missing.chunks(AT_ONCE) {
            let (hashes, texts): (Vec<ContentHash>, Vec<&str>) = part.iter().copied().unzip();
            let vectors = self.ask(&texts, Some(answering.numbers))?;
            let rows: Vec<(ContentHash, &Vector)> = hashes.iter().copied().zip(&vectors).collect();
            answering.vectors.keep(&rows);
            known.extend(hashes.into_iter().zip(vectors));
        }
        let found = hashes.iter().map(|hash| known.get(hash).cloned());
        found.collect::<Option<_>>().ok_or_else(|| self.nonsense("a vector is missing"))
    }

    /// Asks the model, and looks at what it says.
    fn ask(&self, texts: &[&str], numbers: Option<usize>) -> Result<Vec<Vector>, EmbedError> {
        let answer = self.model.embed(texts)?;
        if answer.len() != texts.len() {
            return Err(self.nonsense(&format!("{} vectors for {} texts", answer.len(), texts.len())));
        }
        let wanted = numbers.or_else(|| answer.first().map(Vec::len)).unwrap_or_default();
        if wanted == 0 || wanted > MOST_NUMBERS {
            return Err(self.nonsense(&format!("a vector of {wanted} numbers")));
        }
        let mut vectors = Vec::with_capacity(answer.len());
        for vector in answer {
            if vector.len() != wanted {
                let what = format!("vectors of {wanted} and of {} numbers", vector.len());
                return Err(self.nonsense(&what));
            }
            vectors.push(Vector::of(&vector).ok_or_else(|| self.nonsense("a number that is none"))?);
        }
        Ok(vectors)
    }

    fn nonsense(&self, why: &str) -> EmbedError {
        EmbedError::Nonsense { place: format!("the model {}", self.model.name()), why: why.to_owned() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
