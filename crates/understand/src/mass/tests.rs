//! Fictional mail to Sam Rivers of Halyard.

use postil_evidence::{Addr, HeaderText, Mailbox};
use postil_mail::parse_message;

use super::mass_mailed;
use crate::fixture::owner;

/// Reads a whole mail; its header may be cut short.
fn signs(raw: &str) -> Option<Vec<String>> {
    mass_mailed(&parse_message(raw.as_bytes()), &owner())
}

#[track_caller]
fn personal(raw: &str) {
    assert_eq!(signs(raw), None, "{raw}");
}

#[track_caller]
fn made_for_many(raw: &str, sign: &str) {
    let found = signs(raw).unwrap_or_default();
    assert!(found.iter().any(|words| words == sign), "{found:?}\n{raw}");
}

const TO: &str =
    "To: sam@halyard.example\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID: <CAF7x@mail.lima.example>\n";

#[test]
fn a_strangers_first_letter_is_a_persons() {
    personal(&format!(
        "From: Ana Lima <ana.lima84@lima.example>\n{TO}Subject: Your talk in Porto\n\n\
         Hello,\n\nI heard your talk in Porto. Could you send me the slides? They are not at https://talks.example/12 yet.\n\nAna\n"
    ));
    personal(&format!(
        "From: ana@lima.example\n{TO}Subject: Question!\n\nHi Sam,\n\nhow much is the big pump?\n"
    ));
    // Formal, from a role's address, by people who do not know a name.
    personal(&format!(
        "From: Lima Pumpen <einkauf@lima.example>\n{TO}Subject: Anfrage\n\nSehr geehrte Damen und Herren,\n\n\
         bitte senden Sie uns ein Angebot.\n\nMit freundlichen Grüßen\nAna Lima\n"
    ));
}

#[test]
fn html_of_a_mail_program_is_a_persons() {
    let outlook = "MIME-Version: 1.0\nX-Mailer: Microsoft Outlook 16.0\nContent-Type: multipart/alternative; boundary=b\n\n\
        --b\nContent-Type: text/plain; charset=utf-8\n\nHello,\n\nCould you call me about the offer?\n\nBest,\nAna Lima\nLima Pumps\nhttps://lima.example\n\
        --b\nContent-Type: text/html; charset=utf-8\n\n<html><head><style>p{margin:0}</style></head><body lang=DE>\
        <p class=MsoNormal>Hello,</p><p>Could you call me about the offer?</p><table><tr><td><img src='https://lima.example/logo.png'></td>\
        <td><p><span style='color:navy'>Ana Lima</span></p><a href='https://lima.example'>lima.example</a></td></tr></table></body></html>\n--b--\n";
    personal(&format!("From: Ana Lima <ana@lima.example>\n{TO}Subject: Offer\n{outlook}"));
}

#[test]
fn an_answer_is_a_persons_whatever_its_build() {
    personal(&format!(
        "From: Ana Lima <ana@lima.example>\n{TO}Subject: Re: Offer\nIn-Reply-To: <1@halyard.example>\nReferences: <1@halyard.example>\n\
         Content-Type: text/html\n\n<html><body><p>Could you <b>call</b> me?</p><img src='https://lima.example/logo.png'>\
         <blockquote>Shall I?</blockquote></body></html>\n"
    ));
}

#[test]
fn a_page_without_bulk_headers_is_made_for_many() {
    let page = "Content-Type: text/html\n\n<html><body><table bgcolor=#003366><tr><td><table><tr><td><table><tr><td>\
        <img src='https://shop.example/top.gif'><a href='https://shop.example/a'>Shoes</a> <a href='https://shop.example/b'>Bags</a>\
        <a href='https://shop.example/c'>Which hat suits you?</a></td></tr></table></td></tr></table></td></tr></table>\
        <a href='https://shop.example/out?u=7'>Newsletter abbestellen</a></body></html>\n";
    let raw = format!("From: Shop <hello@shop.example>\n{TO}Subject: Autumn\n{page}");
    made_for_many(&raw, "laid out in tables");
    made_for_many(&raw, "HTML without plain text");
    // A name filled in changes nothing.
    made_for_many(&raw.replace("<body>", "<body><p>Hi Sam,</p>"), "HTML without plain text");
}

#[test]
fn plain_text_made_for_many_is_known_by_how_it_was_sent() {
    let raw = "Received: from x by mx.halyard.example with SMTP id 4; Fri, 20 Nov 2026 10:00:09 +0100\n\
        From: \"Best Offers\" <bo20931@free.example>\nReply-To: orders@other.example\nTo: undisclosed-recipients:;\n\
        Date: Fri, 20 Nov 2026 02:00:00 -1700\nMessage-ID: <20261120090009.4DE1@mx.halyard.example>\n\
        Subject: ARE YOU READY?    78123\n\nDear Friend,\n\nWould you like to earn more? Write to me.\n";
    made_for_many(raw, "a Date with no zone on earth");
    made_for_many(raw, "a serial mark in the subject");
    let found = signs(raw).unwrap_or_default();
    assert!(found.len() <= 4 && found.iter().all(|words| words.len() < 60), "{found:?}");
}

#[test]
fn readers_tell() {
    let mail = |to: &str| {
        format!(
            "From: moreinfo@deals.example\nTo: {to}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID: <1@deals.example>\n\
             Subject: Rates\n\nWhen can we talk about your rates?\n"
        )
    };
    personal(&mail("sam@halyard.example"));
    made_for_many(
        &mail("sally@b.example, salim@c.example, sam@halyard.example, samuel@d.example, sa@e.example"),
        "readers in the order of a list",
    );
    made_for_many(&mail("someone@else.example").replace("Rates", "RATES FALL AGAIN"), "not addressed to you");
}

#[test]
fn trifles_alone_do_not_decide() {
    personal(&format!(
        "From: ana@lima.example\nReply-To: ana@lima.example\n{TO}X-Priority: 1\nSubject: Urgent!\n\nDear Sir,\n\ncould you call me?\n"
    ));
}

#[test]
fn a_post_to_a_list_is_not_judged_by_the_lists_footer() {
    personal(&format!(
        "From: Ana Lima <ana@lima.example>\n{TO}List-Id: <pumps.lists.example>\nList-Post: <mailto:pumps@lists.example>\n\
         Subject: [pumps] Which seal?\n\nWhich seal fits the old pump? See https://lima.example/old\n\n\
         _______________________________________________\npumps mailing list\nhttps://lists.example/pumps\nUnsubscribe: https://lists.example/pumps/leave\n"
    ));
}

#[test]
fn odd_input_is_no_trouble() {
    for raw in ["", "\n\n", "From: \n\n\u{fffd}", "Subject: =?utf-8?Q?=0D=0A?=\n\n!!!!!!!!\n"] {
        let _found = signs(raw);
    }
    let mut message = parse_message(b"From: a@x.example\n\nhi\n");
    message.from =
        Some(Mailbox { name: HeaderText::clean("é\u{200d}"), addr: Addr::parse("a@x.example").unwrap() });
    let _found = mass_mailed(&message, &owner());
}
