//! What people promised: "I'll send it by Wednesday".

use postil_evidence::{Addr, Span};
use postil_mail::message::{Message, ZoneKind};

use crate::ask;
use crate::date::dates_in;
use crate::pattern::Pattern;
use crate::plain::{Plain, fold};
use crate::reading::{Grain, PromiseMade};
use crate::sentence::sentences;

/// Verbs of things that are later done or not; "I'll be out of office" promises nothing.
macro_rules! deeds {
    () => {
        r"(?:send|share|forward|get|come|check|look|find|let|write|call|ask|prepare|review|confirm|follow|update|provide|draft|set|schedule|arrange|fix|put|make|take care|talk|speak|try|do|finish|deliver|give|reply|respond|answer|revert|circle|report|dig|investigate|introduce|connect|bring|add|sort|handle|sign|return|post|keep|raise|chase|pass|file|complete|submit|work|see (?:if|what|whether)|have (?:it|the|a|this|that|an)|run|upload|book|invite)"
    };
}

static PROMISE: Pattern = Pattern::when(
    "'ll | will |^will |shall |going to |promise to |let me |allow me |^on it|^leave it|^consider it",
    concat!(
        r"(?:\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to| promise to) (?:also |then |just |gladly |happily |personally |definitely |certainly |try to |be sure to |make sure to )*",
        deeds!(),
        r"\b|\b(?:let me|allow me to) (?:check|ask|look|find|see|confirm|get back|think|verify|talk|speak|dig|investigate|review|have a look|come back|follow up)\b|^(?:will do|on it|leave it with me|consider it done|will (?:send|check|revert|get back|let you know|follow up|share|update|come back|look|confirm)\b)|\byou(?:'ll| will) (?:have|get|receive|hear) (?:it|the|this|that|them|an?|from (?:me|us)|my|our)\b)",
    ),
);

/// The same in the other languages.
static PROMISE_ABROAD: Pattern = Pattern::when(
    "=ich|=wir|=melde|=je|=nous|=te|=le|=os|=les|=lo|=la|=ti|=vi|=ik|=vou|=envio|=mando|=verifico",
    concat!(
        r"(?:\bich (?:schicke|sende|melde|prufe|kummere|klare|frage|gebe|liefere|bereite|schaue|sehe|komme|werde|rufe|stelle|reiche|leite|kann .{0,30}(?:schicken|senden|klaren))\b|\bwir (?:schicken|senden|melden|prufen|kummern|klaren|liefern|kommen .{0,20}zuruck)\b|\bmelde mich\b",
        r"|\bje (?:vous |te |t'|l'|le |la |les |vous l'|te l')?(?:envoie|enverrai|reviens|reviendrai|verifie|verifierai|transmets|transmettrai|prepare|preparerai|tiens au courant|confirme|confirmerai|recontacte|rappelle)\b|\bnous vous (?:enverrons|envoyons|reviendrons|tiendrons)\b",
        r"|\b(?:te|le|os|les) (?:lo |la )?(?:envio|mando|enviare|confirmo|digo|aviso|mandare|enviaremos|respondo)\b|\b(?:lo|la) (?:reviso|miro|envio|compruebo)\b",
        r"|\b(?:ti|vi|le) (?:invio|mando|inviero|mandero|faccio sapere|confermo|aggiorno|rispondo)\b|\bik (?:stuur|kom|zal|laat|check|zoek|bel)\b|\b(?:vou|envio|mando|te aviso|verifico) (?:enviar|mandar|verificar|te|lhe|o|a|confirmar)\b)",
    ),
);

/// Promises that only put an answer off.
static PUTS_OFF: Pattern = Pattern::new(
    r"\b(?:get back|come back|back to you|let you know|let me (?:check|ask|look|see|find|think|confirm|talk|verify|get)|will (?:check|look|ask|find out|confirm|let you|revert|investigate|dig)|'ll (?:check|look|ask|find|confirm|let you|revert|investigate|dig|see)|melde mich|prufe|klare|frage nach|reviens vers|reviendrai|verifie|lo reviso|te digo|faccio sapere|verifico|kom er op terug|zoek het uit|leave it with me)\b",
);

/// Conditions and denials that make a promise none.
static UNDONE: Pattern = Pattern::new(
    r"\b(?:if you (?:want|like|need|wish|prefer|send|have)|unless|i'll be (?:out|away|on|in|at)|as i said i would|feel free|cannot|can't|won't|not be able)\b|\?\s*$",
);

/// The promises in the own words of `message`, in text order.
#[must_use]
pub fn promises(message: &Message, owner_addrs: &[Addr]) -> Vec<PromiseMade> {
    let by_owner = message.from.as_ref().is_some_and(|from| owner_addrs.contains(&from.addr));
    let mut found = Vec::new();
    if is_passed_on(message) {
        return found;
    }
    for zone in message.own_zones().filter(|zone| !matches!(zone.kind, ZoneKind::Code | ZoneKind::Log)) {
        for sentence in sentences(zone.span.of(&message.text)) {
            let span = sentence.shifted(zone.span.start);
            if let Some(promise) = promise(message, span, by_owner) {
                found.push(promise);
            }
        }
    }
    found
}

/// Whether the words are a newsletter's that the sender only passed on: some programs leave no mark between the two.
fn is_passed_on(message: &Message) -> bool {
    static FORWARD: Pattern = Pattern::when(":", r"^(?:fw|fwd|wg|tr|rv|enc|doorst|vs|vl|pd|i) ?:");
    static TAKE_OFF: Pattern = Pattern::when(
        "unsubscribe|stop receiving|abmelden|abbestellen|desabonner|desinscrire|darse de baja|cancellati|uitschrijven",
        r"\b(?:unsubscribe|stop receiving|abmelden|abbestellen|desabonner|desinscrire|darse de baja|cancellati|uitschrijven)\b",
    );
    let subject = fold(message.subject.as_str());
    FORWARD.is_match(subject.trim())
        && message.own_zones().any(|zone| TAKE_OFF.is_match(&fold(zone.span.of(&message.text))))
}

fn promise(message: &Message, span: Span, by_owner: bool) -> Option<PromiseMade> {
    let plain = Plain::of(&message.text, span);
    let text = plain.text();
    if text.len() > 500 || !(PROMISE.is_match(text) || PROMISE_ABROAD.is_match(text)) || UNDONE.is_match(text)
    {
        return None;
    }
    let sent = message.date.as_ref();
    let dates = sent.map(|sent| dates_in(&message.text, span, sent)).unwrap_or_default();
    let day = |grain| {
        matches!(
            grain,
            Grain::Minute | Grain::Hour | Grain::DayPart | Grain::Day | Grain::Week | Grain::Month
        )
    };
    let due = dates
        .iter()
        .find(|date| day(date.grain) && sent.is_some_and(|sent| date.start.date() >= sent.date()));
    Some(PromiseMade {
        message: message.key,
        span,
        text: ask::folded_space(span.of(&message.text)),
        by_owner,
        due: due.map(ask::last_day),
        thing: None,
    })
}

/// Whether the promise only puts an answer off: "I'll check and come back to you".
#[must_use]
pub fn puts_off(promise: &PromiseMade) -> bool {
    PUTS_OFF.is_match(&fold(&promise.text))
}

#[cfg(test)]
mod tests {
    use super::{PROMISE, PROMISE_ABROAD, PUTS_OFF, UNDONE, promises, puts_off};
    use crate::fixture::{mail, owner};

    #[test]
    fn promises_are_found_with_their_day() {
        assert!(PROMISE.compiles() && PROMISE_ABROAD.compiles() && PUTS_OFF.compiles() && UNDONE.compiles());
        for (text, due, off) in [
            ("I'll send it by Wednesday.", Some("2026-11-25"), false),
            ("I will get back to you next week.", Some("2026-11-27"), true),
            ("Let me check with Ana.", None, true),
            ("Ich schicke dir den Vertrag bis Montag.", Some("2026-11-23"), false),
            ("Je vous envoie la grille demain.", Some("2026-11-21"), false),
            ("Will do.", None, false),
        ] {
            let found = promises(&mail("sam@halyard.example", "ana@acme.example", text), &owner().addrs);
            assert_eq!(found.len(), 1, "{text}");
            let promise = found.first().unwrap();
            assert!(promise.by_owner);
            assert_eq!(promise.due.map(|day| day.to_string()).as_deref(), due, "{text}");
            assert_eq!(puts_off(promise), off, "{text}");
        }
    }

    #[test]
    fn not_every_will_is_a_promise() {
        for text in [
            "I'll be out of office on Friday.",
            "It will rain.",
            "If you want I can send it.",
            "Could I send it?",
            "You will love it.",
            "> I'll send it.",
        ] {
            assert_eq!(
                promises(&mail("sam@halyard.example", "ana@acme.example", text), &owner().addrs),
                [],
                "{text}"
            );
        }
    }

    #[test]
    fn what_a_newsletter_promises_is_not_promised_by_who_passes_it_on() {
        let text = "On Wednesday we'll talk with Ana Stone about prices.\nTo stop, unsubscribe here.";
        let mut passed_on = mail("sam@halyard.example", "ana@acme.example", text);
        assert_eq!(promises(&passed_on, &owner().addrs).len(), 1);
        passed_on.subject = postil_evidence::HeaderText::clean("FW: Energy news, live");
        assert_eq!(promises(&passed_on, &owner().addrs), []);
        let own = "I'll send the list on Monday.";
        let mut own = mail("sam@halyard.example", "ana@acme.example", own);
        own.subject = postil_evidence::HeaderText::clean("FW: list");
        assert_eq!(promises(&own, &owner().addrs).len(), 1);
    }
}
