//! Kinds of mail that a standing rule can name, each told by how the mail was sent or by what its subject
//! calls it. A person who writes about an invoice has sent no invoice.

use postil_mail::message::Message;
use postil_mail::subject::without_prefixes;

use super::rule::says;
use crate::bulk::{SentAs, sent_as};
use crate::mass::is_office;
use crate::plain::fold;

/// A kind of mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// What it may be called; the first is shown.
    pub(super) names: &'static [&'static str],
    told: Told,
}

/// How a kind is told.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// Over a discussion list.
    List,
    /// By a program, or an office's mail that is called so.
    Program(&'static [&'static str]),
    /// To many, or an office's mail that is called so.
    Many(&'static [&'static str]),
    /// A calendar mail, or an office's mail that is called so.
    Calendar(&'static [&'static str]),
    /// A mail that is no letter and is called so.
    Called(&'static [&'static str]),
}

/// The kinds. Words of subjects are folded, and in English, German, French, Spanish, Italian, Dutch, Portuguese.
///
/// # Source
/// Written from what shops, banks and programs put into subjects; watched on no set.
pub(super) static KINDS: &[Kind] = &[
    Kind {
        names: &["receipts", "receipt", "payment confirmations", "order confirmations"],
        told: Told::Called(&[
            "receipt",
            "receipts",
            "payment received",
            "payment confirmation",
            "order confirmation",
            "your order",
            "quittung",
            "zahlungsbestatigung",
            "bestellbestatigung",
            "kaufbeleg",
            "recu",
            "confirmation de paiement",
            "confirmation de commande",
            "recibo",
            "confirmacion de pago",
            "confirmacion de pedido",
            "ricevuta",
            "conferma di pagamento",
            "conferma dell ordine",
            "betalingsbewijs",
            "betaalbevestiging",
            "orderbevestiging",
            "bestelbevestiging",
            "confirmacao de pagamento",
            "confirmacao do pedido",
        ]),
    },
    Kind {
        names: &["invoices", "invoice", "bills"],
        told: Told::Called(&[
            "invoice",
            "invoices",
            "your bill",
            "rechnung",
            "monatsrechnung",
            "schlussrechnung",
            "facture",
            "factura",
            "fattura",
            "factuur",
            "fatura",
        ]),
    },
    Kind {
        names: &["newsletters", "newsletter", "bulk mail", "mass mail"],
        told: Told::Many(&[
            "newsletter",
            "digest",
            "rundbrief",
            "infobrief",
            "infolettre",
            "lettre d information",
            "boletin",
            "bollettino",
            "nieuwsbrief",
            "boletim",
        ]),
    },
    Kind {
        names: &["notifications", "notification", "automatic mail", "automated mail"],
        told: Told::Program(&[
            "notification",
            "benachrichtigung",
            "notificacion",
            "notifica",
            "melding",
            "kennisgeving",
            "notificacao",
        ]),
    },
    Kind {
        names: &["invitations", "invitation", "calendar mail"],
        told: Told::Calendar(&["invitation", "einladung", "invitacion", "invito", "uitnodiging", "convite"]),
    },
    Kind {
        names: &["reports", "report"],
        told: Told::Called(&[
            "report",
            "bericht",
            "statusbericht",
            "monatsbericht",
            "wochenbericht",
            "rapport",
            "compte rendu",
            "informe",
            "rapporto",
            "resoconto",
            "verslag",
            "relatorio",
        ]),
    },
    Kind {
        names: &["reminders", "reminder"],
        told: Told::Called(&[
            "reminder",
            "erinnerung",
            "zahlungserinnerung",
            "rappel",
            "recordatorio",
            "promemoria",
            "herinnering",
            "lembrete",
        ]),
    },
    Kind {
        names: &["surveys", "survey"],
        told: Told::Called(&[
            "survey",
            "feedback",
            "umfrage",
            "sondage",
            "enquete",
            "encuesta",
            "sondaggio",
            "pesquisa",
        ]),
    },
    Kind {
        names: &["deliveries", "delivery notices", "shipping notices"],
        told: Told::Called(&[
            "shipped",
            "shipment",
            "delivery",
            "your package",
            "versandbestatigung",
            "sendung",
            "lieferung",
            "livraison",
            "colis",
            "envio",
            "entrega",
            "spedizione",
            "consegna",
            "bezorging",
            "verzonden",
            "encomenda",
        ]),
    },
    Kind { names: &["mailing lists", "mailing list", "lists", "list mail"], told: Told::List },
];

/// The kind of this name.
pub(super) fn find_kind(name: &str) -> Option<&'static Kind> {
    let name = name.trim().to_lowercase();
    KINDS.iter().find(|kind| kind.names.contains(&name.as_str()))
}

impl Kind {
    pub(super) fn fits(&self, message: &Message) -> bool {
        let sent = sent_as(message);
        let is_called = |names: &[&str], by_office: bool| {
            is_no_letter(message, &sent, by_office) && {
                let subject = fold(message.subject.as_str());
                names.iter().any(|name| says(&subject, name))
            }
        };
        match &self.told {
            Told::List => message.delivery.list_id.is_some() || message.delivery.list_post.is_some(),
            Told::Program(names) => matches!(sent, SentAs::Automated(_)) || is_called(names, true),
            Told::Many(names) => matches!(sent, SentAs::Bulk(_)) || is_called(names, true),
            Told::Calendar(names) => matches!(sent, SentAs::Calendar(_)) || is_called(names, true),
            Told::Called(names) => is_called(names, false),
        }
    }
}

/// Whether a mail begins a matter, asks nothing in its subject, and was made by a program or an office, or
/// brings what it is called as a file. `by_office`: a file is not enough.
fn is_no_letter(message: &Message, sent: &SentAs, by_office: bool) -> bool {
    let subject = message.subject.as_str();
    let begins = message.in_reply_to.is_empty() && message.references.is_empty();
    let is_plain = without_prefixes(subject).len() == subject.trim().len() && !subject.contains('?');
    let is_sent_so = match sent {
        SentAs::Bulk(_) | SentAs::Automated(_) | SentAs::Calendar(_) => true,
        SentAs::Person | SentAs::List => message.from.as_ref().is_some_and(is_office),
    };
    let has_file = !by_office && !message.attachments.is_empty();
    let is_page = message.delivery.build.layout.tables >= 3;
    begins && is_plain && (is_sent_so || has_file || is_page)
}
