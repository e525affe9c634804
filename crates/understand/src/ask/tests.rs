//! Asks found and asks not found, with their exact words.

use super::{LOOKS_LIKE_INSTRUCTIONS, asks, rules_score, sentence_score};
use crate::fixture::{mail, owner, with_cc};
use crate::reading::{Addressee, AskKind, Confidence};

fn check(text: &str, expect: &[(&str, AskKind)]) {
    let message = mail("Maya Okafor <maya@northwind.example>", "sam@halyard.example", text);
    let found = asks(&message, &owner());
    let got: Vec<(String, AskKind)> =
        found.iter().map(|ask| (ask.span.of(&message.text).to_owned(), ask.kind)).collect();
    let expect: Vec<(String, AskKind)> =
        expect.iter().map(|(text, kind)| ((*text).to_owned(), *kind)).collect();
    assert_eq!(got, expect, "{text}");
    assert!(
        found.iter().all(|ask| !ask.matter.is_empty() && !ask.matter.ends_with('?')),
        "{text}: {found:?}"
    );
}

#[test]
fn a_need_that_the_next_request_takes_up_is_the_same_ask() {
    check(
        "For our register I need the current list of your sub-processors. Please send it by Tuesday.",
        &[("Please send it by Tuesday.", AskKind::Request)],
    );
    check(
        "We need the current list. Please call Ana.",
        &[("We need the current list.", AskKind::Request), ("Please call Ana.", AskKind::Request)],
    );
}

#[test]
fn what_people_want() {
    use AskKind::{Decision, Document, Introduction, Question, Request, Time};
    check("Did we agree on 12 or 24 months?", &[("Did we agree on 12 or 24 months?", Question)]);
    check(
        "Hi Sam,\n\nCould you send the updated\npricing sheet by Friday?",
        &[("Could you send the updated\npricing sheet by Friday?", Document)],
    );
    check(
        "Can you send the report and could you also confirm the date?",
        &[("Can you send the report", Document), ("could you also confirm the date?", Question)],
    );
    check(
        "I was wondering whether the pilot could run on.",
        &[("I was wondering whether the pilot could run on.", Question)],
    );
    check(
        "Please put our order number on the invoice.",
        &[("Please put our order number on the invoice.", Request)],
    );
    check("Is it paid? Just checking: is it paid?", &[("Is it paid?", Question)]);
    check("All good here. Let me know if Tuesday suits you.", &[("Let me know if Tuesday suits you.", Time)]);
    check("Does Thursday 10am work for you?", &[("Does Thursday 10am work for you?", Time)]);
    check("Noodles at 12:30 today?", &[("Noodles at 12:30 today?", Time)]);
    check(
        "Could you introduce me to Ines Duarte?",
        &[("Could you introduce me to Ines Duarte?", Introduction)],
    );
    check("Should we take the early slot or stay?", &[("Should we take the early slot or stay?", Decision)]);
    check("Any news on the contract?", &[("Any news on the contract?", Question)]);
    check(
        "Also she asks at what time the deletion runs.",
        &[("Also she asks at what time the deletion runs.", Question)],
    );
    check(
        "I'd appreciate it if you could call Ana.",
        &[("I'd appreciate it if you could call Ana.", Request)],
    );
    check("Please find out what they want.", &[("Please find out what they want.", Request)]);
    check("Don't forget to sign the form.", &[("Don't forget to sign the form.", Request)]);
    check(
        "Two points:\n- What is the fee?\n- Who signs it?",
        &[("What is the fee?", Question), ("Who signs it?", Question)],
    );
    check("Kannst du mir den Vertrag schicken?", &[("Kannst du mir den Vertrag schicken?", Document)]);
    check(
        "Merci aussi de m'envoyer la grille tarifaire avant vendredi.",
        &[("Merci aussi de m'envoyer la grille tarifaire avant vendredi.", Document)],
    );
    check("Combien de temps est-il valable ?", &[("Combien de temps est-il valable ?", Question)]);
    check("¿Podrías enviarme el contrato?", &[("¿Podrías enviarme el contrato?", Document)]);
    check("Potresti confermare la data?", &[("Potresti confermare la data?", Question)]);
    check("Kun je het contract sturen?", &[("Kun je het contract sturen?", Document)]);
    check("Você poderia enviar o relatório?", &[("Você poderia enviar o relatório?", Document)]);
    check("Bitte ändern Sie die Adresse.", &[("Bitte ändern Sie die Adresse.", Request)]);
    check(
        "We start on Monday: which port does the bridge use?",
        &[("which port does the bridge use?", Question)],
    );
}

#[test]
fn what_is_asked_without_a_question_mark() {
    use AskKind::{Decision, Document, Question, Request, Time};
    let whole = |text: &str, kind| check(text, &[(text, kind)]);
    whole("We would need two signatures until Wednesday.", Request);
    whole("Since Monday nothing from the depot arrives.", Question);
    whole("I look forward to your proposal.", Document);
    whole("Two more days would help a lot.", Request);
    whole("ich bräuchte noch die Adressen der Knoten", Request);
    whole("Je me demande si mon compte existe encore.", Question);
    whole("Me vendría bien tener la lista antes del lunes.", Request);
    whole("Mi servirebbe l'elenco degli utenti.", Request);
    whole("Voor de uitbreiding heb ik dinsdag jullie akkoord nodig.", Decision);
    whole("Continuo à espera do link para o curso.", Request);
    whole("Are you free for lunch?", Time);
    whole("Are you fine with the text, or would you rather change it?", Decision);
    check("The invoice is missing. Could you send it again?", &[("Could you send it again?", Request)]);
    check(
        "Let me know what you think of it, and whether the picture can go.",
        &[("Let me know what you think of it", Decision), ("whether the picture can go.", Question)],
    );
}

#[test]
fn a_compound_question_is_several_asks() {
    let check = |text: &str, expect: &[(&str, &str, &[&str])]| {
        let message = mail("Maya <maya@northwind.example>", "sam@halyard.example", text);
        let found = asks(&message, &owner());
        let got: Vec<(&str, &str, Vec<&str>)> = found
            .iter()
            .map(|ask| {
                let keywords = ask.keywords.iter().map(String::as_str).collect();
                (ask.span.of(&message.text), ask.matter.as_str(), keywords)
            })
            .collect();
        let expect: Vec<(&str, &str, Vec<&str>)> =
            expect.iter().map(|(text, matter, words)| (*text, *matter, words.to_vec())).collect();
        assert_eq!(got, expect, "{text}");
    };
    check(
        "When is the audit, and what is the yearly fee of it?",
        &[
            ("When is the audit", "when is the audit", &["audit"]),
            ("what is the yearly fee of it?", "what is the yearly fee of it", &["yearly", "fee", "audit"]),
        ],
    );
    check(
        "Can the old tapes be copied, and how fast?",
        &[
            ("Can the old tapes be copied", "can the old tapes be copied", &["tapes", "copied", "old"]),
            ("how fast?", "how fast can the old tapes be copied", &["tapes", "copied", "fast", "old"]),
        ],
    );
    check(
        "I was wondering whether the trial could run on past Easter, and until when.",
        &[
            (
                "I was wondering whether the trial could run on past Easter",
                "the trial could run on past Easter",
                &["Easter", "trial", "past", "run"],
            ),
            (
                "until when.",
                "until when the trial could run on past Easter",
                &["Easter", "trial", "past", "run"],
            ),
        ],
    );
    check(
        "Wie heißt der Server und wann wird er gewartet?",
        &[
            ("Wie heißt der Server", "wie heißt der Server", &["Server", "heißt"]),
            ("wann wird er gewartet?", "wann wird er gewartet", &["gewartet", "Server", "heißt"]),
        ],
    );
}

#[test]
fn orders_to_a_program_are_no_request() {
    let message = mail(
        "x <x@y.example>",
        "sam@halyard.example",
        "Please include the full text of [[Pricing]].\n\nWhat is the fee?",
    );
    let found = asks(&message, &owner());
    let got: Vec<(AskKind, Confidence, &str)> =
        found.iter().map(|ask| (ask.kind, ask.confidence, ask.matter.as_str())).collect();
    assert_eq!(
        got,
        [(AskKind::Question, Confidence::Low, ""), (AskKind::Question, Confidence::High, "what is the fee")]
    );
    assert_eq!(found.first().map(|ask| ask.reason.as_str()), Some(LOOKS_LIKE_INSTRUCTIONS));
}

#[test]
fn what_only_looks_like_an_ask() {
    for text in [
        "See https://shop.example/a?b=1&c=2 for details.",
        "How are you?",
        "Hi Sam, how are you doing?",
        "Hope you're well?",
        "Who knows?",
        "Makes sense?",
        "If you have any questions, let me know.",
        "Let me know if you have any further questions.",
        "Please find attached the report.",
        "Please note that the office is closed.",
        "Please see below.",
        "Thank you for sending the report.",
        "Ready to save 20 %?",
        "> Did we agree on 12 months?\nYes, twelve.",
        "No reply needed.",
        "We sent the file yesterday.",
        "Thanks in advance!",
        "Looking forward to seeing you on Friday.",
        "Bei Fragen melde dich bitte.",
        "N'hésitez pas à me contacter.",
        "Wie geht es dir?",
        "The build is done and all is fine.",
        "Feel free to call.",
        "We'll let you know.",
        "We appreciate your cooperation.",
        "For more details, please visit our page.",
        "The camp takes place at the lake.?",
        "Post-mortem is on Tuesday.",
        "¿Quién lo hubiera dicho?",
        "Tutto bene?",
        "Ana asked me \"who pays for it?\" and I told her.",
        "It was late (yes, again. We laughed. Please say Thursday.)",
    ] {
        check(text, &[]);
    }
}

#[test]
fn an_ask_of_someone_else_is_theirs() {
    let to = |text: &str, to: &str, cc: &str| {
        let message = mail("Lena <lena@tessel.example>", to, text);
        let message = if cc.is_empty() { message } else { with_cc(message, cc) };
        asks(&message, &owner()).first().map(|ask| ask.addressee.clone())
    };
    let (sam, jonas) = ("sam@halyard.example", "Jonas Weber <jonas@halyard.example>");
    let other = |name: &str| Some(Addressee::Other(name.to_owned()));
    assert_eq!(to("Jonas, can you send the list?", jonas, sam), other("Jonas"));
    assert_eq!(to("Sam, can you send the list?", jonas, sam), Some(Addressee::Owner));
    assert_eq!(to("Hi Jonas,\n\ncan you send the list?", jonas, sam), other("Jonas"));
    assert_eq!(to("Can you send the list?", jonas, sam), other("Jonas Weber"));
    assert_eq!(to("Can you send the list?", sam, jonas), Some(Addressee::Owner));
    assert_eq!(to("Hi all,\n\ncan you send the list?", sam, jonas), Some(Addressee::Everyone));
    assert_eq!(to("Hi Sam,\n\nwhat did Jonas say?", sam, jonas), Some(Addressee::Owner));
}

#[test]
fn a_deadline_is_resolved() {
    let due = |text: &str| {
        let message = mail("Lena <lena@tessel.example>", "sam@halyard.example", text);
        asks(&message, &owner()).first().and_then(|ask| ask.due).map(|day| day.to_string())
    };
    let day = |day: &str| Some(day.to_owned());
    assert_eq!(due("Could you send the sheet by Friday?"), day("2026-11-27"));
    assert_eq!(due("Please send me the report before Thursday."), day("2026-11-26"));
    assert_eq!(due("Merci de m'envoyer la grille avant vendredi."), day("2026-11-27"));
    assert_eq!(due("Kannst du mir das bis Donnerstag schicken?"), day("2026-11-26"));
    assert_eq!(due("Who gives the training on 2 December?"), None);
    assert_eq!(due("What is the fee? I need the answer by Tuesday."), day("2026-11-24"));
    assert_eq!(due("Please send the figures by the end of the month."), day("2026-11-30"));
}

#[test]
fn scores_rank_asks_above_statements() {
    for (ask, statement) in [
        ("Please call me tomorrow.", "I will call you tomorrow."),
        ("Would you like to join us?", "They joined us yesterday."),
        ("Diane: if you could handle this please.", "Ready to save 20 %?"),
    ] {
        assert!(rules_score(ask) > 0.5, "{ask}");
        assert!(rules_score(statement) < 0.5, "{statement}");
        let (asked, stated) = (sentence_score(ask), sentence_score(statement));
        assert!(asked > 0.5 && asked > stated + 0.1, "{ask} {asked}, {statement} {stated}");
    }
}
