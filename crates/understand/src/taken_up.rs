//! What "it" is in a promise, where the message that it answers says so: "Could you send the price list?" – "I'll send it".
//!
//! Nothing is guessed: the answered message must ask for one thing, and one only, by the verb of the promise.

use postil_mail::thread::Thread;

use crate::pattern::Pattern;
use crate::plain::fold;
use crate::reading::{Ask, AskKind, PromiseMade};
use crate::topic::best_phrase;

/// "Send it", "send them over", "get that to you". A word behind the pronoun may make it none ("send that list"), so
/// that only the end of the clause or a word of time, way or person may follow.
static DOES_IT: Pattern = Pattern::when(
    "it|them|that|this|those",
    r"\b(?:i|we)(?:'ll| will| shall) (?:[a-z]+ly )?([a-z]+) (?:you )?(?:it|them|that|this|those)(?: (?:by|to|on|before|today|tomorrow|tonight|this|next|over|as|right|later|soon|now|when|once|until|in|at|first)\b|[.,;!]|$)",
);

/// Verbs by which the same thing changes hands.
const HAND_OVER: &[&str] = &["send", "share", "forward", "give", "get", "mail", "email", "pass"];

/// Names the thing of each promise of the owner that takes up what the message before it asked for.
pub(crate) fn name_the_thing(promises: &mut [PromiseMade], thread: &Thread, asks: &[Ask]) {
    for promise in promises.iter_mut().filter(|promise| promise.by_owner) {
        promise.thing = taken_up(promise, thread, asks).and_then(|ask| best_phrase(&ask.matter));
    }
}

/// The one ask that the promise takes up.
pub(crate) fn taken_up<'a>(promise: &PromiseMade, thread: &Thread, asks: &'a [Ask]) -> Option<&'a Ask> {
    let text = fold(&promise.text);
    let verb = DOES_IT.groups(&text).into_iter().next().and_then(|verb| text.get(verb))?;
    let made = thread.messages.iter().position(|message| message.key == promise.message)?;
    let owner = thread.messages.get(made)?.from.as_ref()?;
    let before = thread.messages.get(..made)?;
    let answered =
        before.iter().rfind(|message| message.from.as_ref().is_some_and(|from| from.addr != owner.addr))?;
    let mut fit = asks.iter().filter(|ask| {
        ask.message == answered.key
            && matches!(ask.kind, AskKind::Request | AskKind::Document)
            && is_verb_of(ask, verb)
    });
    let one = fit.next()?;
    fit.next().is_none().then_some(one)
}

/// Whether what is asked for begins with this verb, or with one by which the same is done.
fn is_verb_of(ask: &Ask, word: &str) -> bool {
    let matter = fold(&ask.matter);
    let verb = matter.split(' ').next().unwrap_or_default();
    verb == word || HAND_OVER.contains(&verb) && HAND_OVER.contains(&word)
}

#[cfg(test)]
mod tests {
    use postil_evidence::{Directory, Parties};

    use super::DOES_IT;
    use crate::fixture::{mail, now, owner, thread};
    use crate::verdict::read_thread;

    const SAM: &str = "Sam Rivers <sam@halyard.example>";
    const MAYA: &str = "Maya Okafor <maya@northwind.example>";

    fn check(asked: &str, promised: &str, expect: Option<&str>) {
        let messages = vec![mail(MAYA, SAM, asked), mail(SAM, MAYA, promised)];
        let reading =
            read_thread(&thread(messages), &owner(), &Parties::default(), &Directory::default(), &now());
        let thing = reading.promises.first().and_then(|promise| promise.thing.as_deref());
        assert_eq!(thing, expect, "{asked} {promised} {:?}", reading.promises);
        let shown = reading.reasons.iter().any(|reason| reason.kind == "You were asked");
        assert_eq!(shown, expect.is_some(), "{:?}", reading.reasons);
    }

    #[test]
    fn it_is_what_was_asked_for() {
        assert!(DOES_IT.compiles());
        let asked = "Could you send me the updated pricing sheet?";
        check(asked, "I'll send it tomorrow.", Some("updated pricing sheet"));
        check(asked, "Sure, I will get it to you by Friday.", Some("updated pricing sheet"));
        check("Please review the contract draft.", "I'll review it on Monday.", Some("contract draft"));
    }

    #[test]
    fn nothing_is_guessed() {
        let asked = "Could you send me the updated pricing sheet?";
        check(asked, "I'll send that list tomorrow.", None);
        check(asked, "I'll fix it tomorrow.", None);
        check("Please send the price list. Please send the audit report.", "I'll send it tomorrow.", None);
        check("The pump is broken.", "I'll send it tomorrow.", None);
    }
}
