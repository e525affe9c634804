//! A notice: an office tells many what is due and asks nobody in particular.

use postil_mail::message::Message;

use crate::ask;
use crate::mass::is_office;
use crate::pattern::Pattern;
use crate::plain::fold;
use crate::reading::{Ask, AskKind};

/// The words by which an office's mail says that it is a notice, where it asks no question and wants
/// nothing sent, decided or agreed. What a person reminds of is no notice: they wait for an answer.
pub(crate) fn notice(message: &Message, open: &[&Ask]) -> Option<String> {
    static SAYS_SO: Pattern = Pattern::when(
        "this is|dies ist|hiermit|wir mochten|erinnern|rappel|recorda|ricord|herinner|lembr",
        r"\bthis is (?:just )?(?:a|an|your|the) (?:(?:\w+ )?(?:friendly|gentle|quick|automatic|automated|courtesy|final|first|second) |)(?:reminder|notice|notification|announcement)\b|\bdies ist eine? (?:\w+ )?(?:erinnerung|mitteilung|benachrichtigung|hinweis)\b|\bhiermit (?:erinnern|informieren) wir\b|\bwir mochten (?:sie|euch) (?:daran |daruber )?(?:erinnern|informieren)\b|\bnous vous rappelons\b|\bceci est un rappel\b|\b(?:le|les|os|te) recordamos\b|\bla presente per ricordar|\b(?:vi|le|ti) ricordiamo\b|\bdit is een (?:\w+ )?herinnering\b|\bherinneren (?:wij|we) (?:u|je)\b|\b(?:este e um|lembramos)\b",
    );
    let is_request = |ask: &&Ask| match ask.kind {
        AskKind::Request => true,
        AskKind::Question | AskKind::Time | AskKind::Document | AskKind::Decision | AskKind::Introduction => {
            false
        }
    };
    if !message.from.as_ref().is_some_and(is_office) || !open.iter().all(is_request) {
        return None;
    }
    let plain = fold(&message.own_words());
    if plain.contains('?') {
        return None;
    }
    Some(ask::folded_space(plain.get(SAYS_SO.find(&plain)?)?))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{mail, now, owner, thread};
    use crate::reading::Verdict;
    use crate::verdict::read_thread;
    use postil_evidence::{Directory, Parties};

    #[track_caller]
    fn check(from: &str, text: &str, expect: Verdict) {
        let thread = thread(vec![mail(from, "sam@halyard.example", text)]);
        let reading = read_thread(&thread, &owner(), &Parties::default(), &Directory::default(), &now());
        assert_eq!(reading.verdict, expect, "{from}: {text}: {:?}", reading.reasons);
    }

    #[test]
    fn an_offices_reminder_is_for_information() {
        let reminder = "Hi Sam,\n\nThis is a friendly reminder that timesheets are due on Friday. Please make sure that yours is complete.\n";
        check("People Team <people@halyard.example>", reminder, Verdict::Info);
        check("Maya Okafor <maya@northwind.example>", reminder, Verdict::Reply);
        let asks = format!("{reminder}\nWill you be in on Friday?\n");
        check("People Team <people@halyard.example>", &asks, Verdict::Reply);
        let wants = "Hi Sam,\n\nThis is a reminder: please send me the signed contract by Friday.\n";
        check("Legal Department <legal@halyard.example>", wants, Verdict::Reply);
        let german = "Hallo Sam,\n\nwir m\u{f6}chten euch daran erinnern, dass am Freitag die Wartung ist. Bitte speichert eure Arbeit.\n";
        check("IT Support <it@halyard.example>", german, Verdict::Info);
    }
}
