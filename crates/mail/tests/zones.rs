//! Whose words: texts with their zones, one letter a line.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use postil_evidence::{Addr, HeaderText, Mailbox};
use postil_mail::ZoneKind;
use postil_mail::zones::{layout, zones};

/// One letter for each line: P paragraph, S salutation, C closing, Q quotation, M marker, H headers,
/// G signature, U program's signature, D disclaimer, - separator, K code, p patch, L log, X technical, T table, . blank.
fn letters(text: &str, zones: &[postil_mail::Zone]) -> String {
    let letter = |kind| match kind {
        ZoneKind::Paragraph => 'P',
        ZoneKind::Salutation => 'S',
        ZoneKind::Closing => 'C',
        ZoneKind::Quotation => 'Q',
        ZoneKind::QuotationMarker => 'M',
        ZoneKind::InlineHeaders => 'H',
        ZoneKind::PersonalSignature => 'G',
        ZoneKind::MuaSignature => 'U',
        ZoneKind::Disclaimer => 'D',
        ZoneKind::Separator => '-',
        ZoneKind::Code => 'K',
        ZoneKind::Patch => 'p',
        ZoneKind::Log => 'L',
        ZoneKind::Table => 'T',
        ZoneKind::Technical => 'X',
        ZoneKind::SectionHeading => '#',
        ZoneKind::Empty => '.',
    };
    zones.iter().flat_map(|zone| zone.span.of(text).lines().map(move |_| letter(zone.kind))).collect()
}

fn check(text: &str, expect: &str) {
    let maya = Mailbox {
        name: HeaderText::clean("Maya Okafor"),
        addr: Addr::parse("maya@northwind.example").unwrap(),
    };
    let found = zones(text, Some(&maya));
    assert_eq!(letters(text, &found), expect, "{text}");
}

#[test]
fn attributions_of_many_languages() {
    for line in [
        "On Mon, 3 Feb 2025 at 10:04, Sam Lee <sam@acme.example> wrote:",
        "On Mon, 3 Feb 2025 at 10:04, Sam Lee <\nsam@acme.example> wrote:",
        "Am 03.02.2025 um 10:04 schrieb Sam Lee:",
        "Am Mo., 3. Feb. 2025 um 10:04 Uhr schrieb Sam Lee <sam@acme.example>:",
        "Le lun. 3 févr. 2025 à 10:04, Sam Lee <sam@acme.example> a écrit :",
        "El lun, 3 feb 2025 a las 10:04, Sam Lee (<sam@acme.example>) escribió:",
        "Em seg., 3 de fev. de 2025 às 10:04, Sam Lee <sam@acme.example> escreveu:",
        "Il giorno lun 3 feb 2025 alle ore 10:04 Sam Lee <sam@acme.example> ha scritto:",
        "Op ma 3 feb 2025 om 10:04 schreef Sam Lee <sam@acme.example>:",
        "Den mån 3 feb. 2025 kl 10:04 skrev Sam Lee <sam@acme.example>:",
        "W dniu 2025-02-03 10:04, Sam Lee napisał(a):",
        "po 3. 2. 2025 v 10:04 odesílatel Sam Lee <sam@acme.example> napsal:",
        "пн, 3 февр. 2025 г. в 10:04, Sam Lee <sam@acme.example>:",
        "03.02.2025 10:04, Sam Lee пишет:",
        "3 Şub 2025 Pzt 10:04 tarihinde Sam Lee <sam@acme.example> şunu yazdı:",
        "Sam Lee <sam@acme.example> ezt írta (időpont: 2025. febr. 3., H, 10:04):",
        "2025年2月3日(月) 10:04 Sam Lee <sam@acme.example>:",
        "在 2025年2月3日，上午10:04，Sam Lee <sam@acme.example> 写道：",
        "2025년 2월 3일 (월) 오전 10:04, Sam Lee <sam@acme.example>님이 작성:",
        "ma 3. helmik. 2025 klo 10.04 Sam Lee (sam@acme.example) kirjoitti:",
        "Vào Th 2, 3 thg 2, 2025 vào lúc 10:04 Sam Lee <sam@acme.example> đã viết:",
    ] {
        let marks = "M".repeat(line.lines().count());
        check(&format!("Sounds good to me.\n\n{line}\n\n> Shall we meet?\n"), &format!("P.{marks}.Q"));
        check(
            &format!("Sounds good to me.\n\n{line}\n> Shall we meet?\n\nOn Friday please.\n"),
            &format!("P.{marks}Q.P"),
        );
    }
}

#[test]
fn originals_below_a_reply_are_quotations() {
    check(
        "Yes.\n\n-----Original Message-----\nFrom: Sam\nSent: Monday\nSubject: x\n\nShall we?\n",
        "P.MHHH.Q",
    );
    check("Ja.\n\nVon: Sam Lee\nGesendet: Montag\nAn: Maya\nBetreff: x\n\nWollen wir?\n", "P.HHHH.Q");
    check("Oui.\n\nDe : Sam Lee\nEnvoyé : lundi\nÀ : Maya\nObjet : x\n\nOn y va ?\n", "P.HHHH.Q");
    check("好的。\n\n发件人: Sam\n发送时间: 2025年2月3日\n收件人: Maya\n主题: x\n\n可以吗？\n", "P.HHHH.Q");
    check("Ok.\n\nFra: Sam\nSendt: mandag\nTil: Maya\nEmne: x\n\nSkal vi?\n", "P.HHHH.Q");
    check("On 2 May 2025, at 10:04, Sam <sam@acme.example> wrote:\n\nShall we?\n\nTo: nobody\n", "M.P.P");
    check(
        "FYI\n\n---------- Forwarded message ----------\nFrom: Sam\nTo: Maya\n\nLook at this.\n",
        "P.MHH.Q",
    );
}

#[test]
fn a_bare_forward_keeps_its_words_and_a_layout_reads_both() {
    let forward = "---------- Forwarded message ----------\nFrom: Sam\nTo: Maya\n\nLook at this.\n";
    check(forward, "MHH.P");
    let reply =
        "Yes.\n\n-----Original Message-----\nFrom: Sam\nTo: Maya\n\nHi Maya,\n\nshall we?\n\nBest,\nSam\n";
    check(reply, "P.MHH.Q.Q.QQ");
    assert_eq!(letters(reply, &layout(reply, None)), "P.MHH.S.P.CC");
}

#[test]
fn interleaved_answers_are_own_words() {
    check("Hi Sam,\n\n> one?\n\nYes.\n\n> two?\nNo.\n\nMaya\n", "S.Q.P.QP.C");
    check(">> deep\n> less\nAB> initials\n| bar\nown\n", "QQQQP");
}

#[test]
fn endings_are_told_apart() {
    check("It is all done now.\n\n-- \nMaya Okafor\n+1 555 0100 200\n", "P.-GG");
    check("It is all done now.\n\nBest regards,\nMaya Okafor\nHead of Ops\nTel: +1 555 0100 200\n", "P.CCGG");
    check("It is all done now.\n\nViele Grüße\nMaya\n\nVon meinem iPhone gesendet\n", "P.CC.U");
    check(
        "It is all done now.\n\n_______________________________________________\nusers mailing list\nusers@lists.example\n",
        "P.-UU",
    );
    check(
        "It is all done now.\n\nThis e-mail is confidential and intended only for the addressee. If you are not\nthe intended recipient, delete this message.\n",
        "P.DD",
    );
    check("Hi\nSent from my phone\n", "SU");
    check("Thanks,\n\nI will do it tomorrow, and there is more to say about that.\n", "P.P");
}

#[test]
fn nothing_but_a_signature_is_kept() {
    check("-- \nMaya Okafor\n", "-P");
    check("", "");
    check("\n\n", "..");
}

#[test]
fn a_huge_text_is_read_in_time() {
    let text = "On the one hand: yes. On the other, no\n".repeat(200_000);
    assert_eq!(zones(&text, None).last().map(|zone| zone.span.end), Some(text.len()));
}

#[test]
fn a_patch_is_one_zone_with_its_list_of_files() {
    check(
        "Please look at this.\n\n---\n pump.c | 4 ++--\n 1 file changed, 2 insertions(+), 2 deletions(-)\n\n\
         diff --git a/pump.c b/pump.c\nindex 4f11874..ffe21e2 100644\n--- a/pump.c\n+++ b/pump.c\n\
         @@ -1,3 +1,3 @@\n int main(void)\n-{ stop(); }\n+{ start(); }\n // end\n-- \n2.39.2\n\nBest,\nMaya\n",
        "P.ppp.ppppppppppp.CC",
    );
}

#[test]
fn a_patch_that_was_wrapped_ends_with_its_last_hunk() {
    check(
        "@@ -1,2 +1,2 @@\n-a line that is far too long and was\nwrapped\n+short\n context\n\nDoes it help you?\n",
        "ppppp.P",
    );
}

#[test]
fn program_output_is_told_from_the_sentences_around_it() {
    check(
        "Since today it stops with this:\n\n# pumpctl status /dev/pump0\n\
         err:pump:load_valve error reading /etc/pump.conf\nfixme:valve:open_all stub\n\nWhat should I do?\n",
        "P.LLL.P",
    );
    check(
        "    at pump.Valve.open(Valve.java:12)\n    ... 9 more\n    at pump.Main.main(Main.java:3)\n",
        "LLL",
    );
}

#[test]
fn a_place_on_the_web_or_a_price_is_no_output() {
    check("Here it is:\nhttps://acme.example/a/b/c?x=1\n\n$400 a month, 5% off.\n", "PP.P");
}

#[test]
fn statements_are_code() {
    check("targets <- read.table(\"pumps.txt\")\nfit.2 <- fit(targets, spacing = 4)\n", "KK");
}

#[test]
fn three_fields_in_a_row_are_a_table_and_one_is_prose() {
    check("Author: maya\nRevision: 4711\nLog:\nThe valve opens again.\n\nFine?\n", "TTTT.P");
    check("Date: tomorrow works for me.\n", "P");
}

#[test]
fn a_signed_message_keeps_its_words_and_drops_its_armour() {
    check(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe pump runs.\n\n-----BEGIN PGP SIGNATURE-----\n\n\
         iQIcBAEBCAAGBQJQTJ2bAAoJELgq\n=abcd\n-----END PGP SIGNATURE-----\n",
        "XX.P.X.XXX",
    );
}

#[test]
fn names_of_attachments_are_the_programs() {
    check("Attached is the plan.\n\nMaya\n\n - Plan 2027.doc\n", "P.C.X");
}

#[test]
fn a_note_in_a_tracker_has_its_marker() {
    check("Ana Lima commented on PUMP-12:\n\nIt runs again.\n", "M.P");
    check("--- Comment #4 from Ana Lima <ana@lima.example> ---\nIt runs again.\n", "MP");
}

#[test]
fn a_copied_head_of_lotus_notes_is_not_an_attribution() {
    let copied = "Alan Field@NORTHWIND\n11/29/2000 09:30 AM\nTo: Barton Clay/HOU/NW@NW\ncc:  \nSubject: Rail\n\nKay may be right.\n";
    let text = format!("Thanks for your help.\n\n{copied}");
    let zones = layout(&text, None);
    assert_eq!(letters(&text, &zones), "C.MMHHH.P");
}

#[test]
fn the_end_of_a_wrapped_quote_belongs_to_it() {
    check(
        "> The pump in hall two has been standing still since Monday and\nnobody\n> knows why that is so.\n\nIt is the valve.\n",
        "QQQ.P",
    );
    // An answer between two quoted lines stays one.
    check(
        "> Does the pump in hall two run again, and is it dry in there now?\nYes.\n> And hall three?\nNo.\n",
        "QPQP",
    );
}

#[test]
fn rules_in_a_signature_are_separators() {
    check("Fine.\n\n-- \nMaya Okafor\nNorthwind\n-- \nHorses are good animals.\n", "P.-GG-G");
}

#[test]
fn an_address_below_a_name_is_a_signature() {
    check(
        "Call me when you land.\n\nMaya Okafor\n1400 Smith Street, Suite 3885\nHouston, TX 77002\nPhone 713-555-0199\n",
        "P.GGGG",
    );
}

#[test]
fn columns_keep_their_rule_and_their_head() {
    check("METER        NAME\n------ ------------\n001    north   4 bar\n002    south   5 bar\n", "TTTT");
}

#[test]
fn own_words_end_before_the_formula_and_keep_thanks() {
    let own = |body: &str| {
        let raw = format!("From: maya@northwind.example\r\nSubject: x\r\n\r\n{body}");
        postil_mail::parse_message(raw.as_bytes()).own_words()
    };
    assert_eq!(own("It runs.\n\nBest regards,\nMaya\n"), "It runs.");
    assert_eq!(own("It runs.\n\nThanks,\nMaya\n"), "It runs.\n\nThanks,\nMaya");
    assert_eq!(own("It runs.\n\nRegards, Maya\n"), "It runs.\n\nRegards, Maya");
    assert_eq!(own("Best regards,\nMaya\n"), "Best regards,\nMaya");
    assert_eq!(own("Yes.--- On Wed, 4 Apr 2012, Sam Lee <sam@acme.example> wrote:\n> Dry?\n"), "Yes.");
}
