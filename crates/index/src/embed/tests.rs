//! What is asked of a model and how often, and what happens where it misbehaves.

use std::sync::{Arc, Mutex};

use postil_evidence::ContentHash;

use super::{AskedFor, Embed, EmbedError, Embeddings, FIXED_TEXT, RunsOn};

/// A model that counts letters, notes what it was asked, and misbehaves where a text says so.
#[derive(Default)]
struct Letters {
    asked: Arc<Mutex<Vec<String>>>,
    /// Misbehaves whatever the text.
    always: Option<&'static str>,
    /// Turns its vectors, as another model behind the same name would.
    turned: bool,
}

impl Embed for Letters {
    fn name(&self) -> &str {
        "letters"
    }

    fn runs_on(&self) -> RunsOn {
        RunsOn::ThisMachine
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.asked.lock().unwrap().extend(texts.iter().map(|text| (*text).to_owned()));
        let vector = |text: &str| -> Vec<f32> {
            let count = |letter: char| text.chars().filter(|c| *c == letter).count() as f32;
            let mut numbers: Vec<f32> = ('a'..='h').map(count).collect();
            if self.turned {
                numbers.rotate_left(1);
            }
            numbers
        };
        let mut vectors: Vec<Vec<f32>> = texts.iter().map(|text| vector(text)).collect();
        let told = texts.iter().find_map(|text| text.strip_prefix("misbehave: "));
        match self.always.or(told) {
            None => {}
            Some("silent") => {
                return Err(EmbedError::Slow { place: "letters".to_owned(), seconds: 10 });
            }
            Some("few") => drop(vectors.pop()),
            Some("many") => vectors.push(vec![0.0; 8]),
            Some("nan") => vectors[0][3] = f32::NAN,
            Some("other length") => vectors.iter_mut().last().unwrap().push(1.0),
            Some(other) => panic!("{other}"),
        }
        Ok(vectors)
    }
}

struct Case {
    dir: tempfile::TempDir,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Case {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), asked: Arc::default() }
    }

    /// A run of its own over the same file.
    fn run(&self, always: Option<&'static str>, turned: bool) -> Embeddings {
        let model = Letters { asked: Arc::clone(&self.asked), always, turned };
        Embeddings::new(Box::new(model), &self.dir.path().join("vectors.db"))
    }

    /// What the model was asked since the last look.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn asker(name: &str) -> AskedFor {
    Some(ContentHash::of(name.as_bytes()))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_text_is_asked_once_and_kept_for_later_runs() {
    let case = Case::new();
    let first = case.run(None, false);
    assert_eq!(case.asked(), [""; 0], "nothing before the first question");
    assert!(!case.dir.path().join("vectors.db").exists());
    let close = first.closeness(asker("x"), "ab", &texts(&["abc", "gh", "abc", "ba"])).unwrap();
    assert_eq!((close[0].to_bits(), close[1], close[3]), (close[2].to_bits(), 0.0, 1.0));
    assert!((close[0] - (2.0_f64 / 3.0).sqrt()).abs() < 1e-9);
    assert_eq!(case.asked(), [FIXED_TEXT, "ab", "abc", "ba", "gh"]);
    assert_eq!(first.closeness(None, "ab", &texts(&["abc", "gh", "abc", "ba"])), Some(close.clone()));
    assert_eq!(case.asked(), [""; 0]);
    drop(first);
    let second = case.run(None, false);
    assert_eq!(second.closeness(asker("y"), "ab", &texts(&["abc", "gh", "abc", "ba"])), Some(close));
    assert_eq!(case.asked(), [FIXED_TEXT]);
    assert_eq!(second.check().unwrap(), (8, 5));
}

#[test]
fn another_model_behind_the_same_name_starts_anew() {
    let case = Case::new();
    case.run(None, false).closeness(None, "a", &texts(&["b"])).unwrap();
    case.asked();
    case.run(None, true).closeness(None, "a", &texts(&["b"])).unwrap();
    assert_eq!(case.asked(), [FIXED_TEXT, "a", "b"]);
}

#[test]
fn a_model_that_answers_badly_is_asked_once_in_a_run() {
    for (always, said) in [
        ("silent", "took longer than 10 s"),
        ("few", "0 vectors for 1 texts"),
        ("many", "2 vectors for 1 texts"),
        ("nan", "a number that is none"),
    ] {
        let case = Case::new();
        let run = case.run(Some(always), false);
        for name in ["x", "y"] {
            assert_eq!(run.closeness(asker(name), "a", &texts(&["b", "c"])), None, "{always}");
        }
        assert_eq!(case.asked(), [FIXED_TEXT], "{always}");
        let trouble = run.trouble().unwrap();
        assert!(trouble.contains(said), "{trouble}");
        assert_eq!(run.check().unwrap_err().to_string(), trouble);
    }
}

#[test]
fn a_text_that_a_model_chokes_on_takes_nothing_from_other_askers() {
    for told in ["silent", "few", "nan", "other length"] {
        let case = Case::new();
        let run = case.run(None, false);
        let bad = format!("misbehave: {told}");
        assert_eq!(run.closeness(asker("x"), "a", &texts(&["b", &bad])), None, "{told}");
        assert_eq!(run.closeness(asker("x"), "a", &texts(&["b"])), None, "x is not asked for again: {told}");
        assert!(run.trouble().is_some());
        let alone = Case::new();
        let other = alone.run(None, false).closeness(asker("y"), "a", &texts(&["b", "ab"]));
        assert!(other.is_some());
        assert_eq!(run.closeness(asker("y"), "a", &texts(&["b", "ab"])), other, "{told}");
    }
}
