//! What kind of thing an ask wants.

use crate::pattern::{Pattern, starts_with_any};
use crate::reading::AskKind;

/// Kind by pattern, in order of precedence.
static KINDS: [(AskKind, Pattern); 5] = [
    (
        AskKind::Introduction,
        Pattern::when(
            concat!(
                "introduc|intro|connect me|connect us|put me|put us|vorstellen|bekannt machen|kontakt|mettre en|",
                "presentar|mettermi|voorstellen|apresentar"
            ),
            r"\b(?:introduc(?:e|ing|tion)|intro\b|(?:connect|put) (?:me|us) (?:with|in touch)|vorstellen|bekannt machen|kontakt herstellen|mettre en (?:relation|contact)|presentar(?:me|nos|te)?\b|presentarmi|mettermi in contatto|voorstellen aan|apresentar)",
        ),
    ),
    (
        AskKind::Document,
        Pattern::when(
            concat!(
                "report|sheet|contract|deck|file|link|doc|pdf|slide|presentation|copy|copies|invoice|agreement|",
                "draft|spec|nda|proposal|price list|pricing|template|brochure|quot|certificat|minutes|paper|",
                "statement|receipt|form|attachment|handbook|manual|screenshot|recording|logs|diagram|bericht|",
                "vertrag|preisliste|unterlagen|folien|angebot|rechnung|datei|dokument|protokoll|grille|contrat|",
                "rapport|fichier|lien|facture|devis|presentacion|archivo|enlace|factura|lista de precios|tarif|",
                "relazione|fattura|listino|offert|factuur|prijslijst|bestand|relatorio|arquivo|fatura"
            ),
            r"\b(?:(?:re)?send|share|forward|attach|upload|e-?mail|provide|get me|give me|have|drop|pass|schick[a-z0-9_]*|sende?[a-z0-9_]*|zusend[a-z0-9_]*|zukommen|teilen|envo[iy][a-z0-9_]*|transmett[a-z0-9_]*|partag[a-z0-9_]*|envi[a-z0-9_]*|manda[a-z0-9_]*|compart[a-z0-9_]*|invia[a-z0-9_]*|condivid[a-z0-9_]*|stuur[a-z0-9_]*|sturen|delen|doorstu[a-z0-9_]*|need)\b.{0,80}?\b(?:reports?|sheets?|contracts?|decks?|files?|links?|documents?|docs?|pdfs?|slides?|presentations?|cop(?:y|ies)|invoices?|agreements?|drafts?|specs?|specifications?|ndas?|proposals?|price lists?|pricing|spreadsheets?|templates?|brochures?|quotes?|quotation|certificates?|minutes|paper|statements?|receipts?|forms?|attachments?|handbooks?|manuals?|datasheets?|screenshots?|recordings?|logs|diagrams?|bericht[a-z0-9_]*|vertrag[a-z0-9_]*|preisliste|unterlagen|folien|angebot[a-z0-9_]*|rechnung[a-z0-9_]*|datei[a-z0-9_]*|dokument[a-z0-9_]*|protokoll[a-z0-9_]*|grille|contrat[a-z0-9_]*|rapports?|fichiers?|lien|factures?|devis|presentacion|informe[a-z0-9_]*|contrato[a-z0-9_]*|archivo[a-z0-9_]*|enlace|factura[a-z0-9_]*|documento[a-z0-9_]*|lista de precios|tarifas?|contratt[a-z0-9_]*|relazione|rapporto|fattura|listino|documenti|offerta|rapport|contract[a-z0-9_]*|offerte|factuur|prijslijst|bestand[a-z0-9_]*|documenten|relatorio[a-z0-9_]*|arquivo[a-z0-9_]*|fatura|proposta)\b",
        ),
    ),
    (
        AskKind::Document,
        Pattern::when(
            concat!(
                "bericht|vertrag|preisliste|unterlagen|folien|angebot|rechnung|datei|dokument|protokoll|link|pdf|",
                "prasentation|lizenz|kopie|contract|offerte|factuur|prijslijst|bestand|documenten|verslag"
            ),
            r"\b(?:bericht|vertrag|preisliste|unterlagen|folien|angebot|rechnung|datei|dokument|protokoll|link|pdf|prasentation|lizenz|kopie|contract|offerte|factuur|prijslijst|bestand|documenten|verslag)[a-z]*\b.{0,60}\b(?:schick|send|zusend|zukommen|weiterleit|teilen|stur|stuur|doorstu|delen|mail)[a-z]*",
        ),
    ),
    (
        AskKind::Time,
        Pattern::new(
            r"\b(?:are (?:you|we|they) (?:free|available|around|still on)|(?:can|could|shall|should|would|may) (?:we|you|i) (?:[a-z0-9_]+ )?(?:meet|talk|speak|chat|catch up|have a call|hop|jump|do (?:a|the) call|call|connect|get together|come by|stop by)\b|(?:does|do|would|will|how about|what about|how is|how's) .{0,40}\b(?:work|works|suit)\b(?: (?:for|with) (?:you|everyone))?|(?:is|would) (?:monday|tuesday|wednesday|thursday|friday|tomorrow|next|[0-9]|noon|the [0-9]).{0,40}\b(?:ok|okay|fine|good|possible)\b|find (?:half an hour|an hour|[0-9]+ minutes|some time|time)|what (?:time|day|date)s? (?:[a-z0-9_]+ )?(?:works?|suits?|would|is (?:good|best|ok|convenient))|when (?:are you|can we|could we|can you|could you|would you|should we|works?|suits?|is (?:a )?(?:good|best|convenient)) ?(?:free|available|meet|talk|call|best|a good|time|for you)?|your (?:availability|schedule|calendar)|availability|\b(?:suits?|works? for|convenient for) (?:you|everyone|both)|(?:schedule|set up|arrange|book|organi[sz]e|find) (?:a|an|some|another|the) (?:[a-z0-9_]+ ){0,2}(?:call|meeting|time|chat|slot|demo|session|appointment)|hop on a call|(?:for )?(?:lunch|coffee|dinner|beer|drinks)\b.{0,30}\?|how about (?:monday|tuesday|wednesday|thursday|friday|tomorrow|next|[0-9])|do you have (?:time|half an hour|an hour|a (?:minute|moment|slot)|[0-9]+ minutes|some time)\b|would .{0,30}suit|qu'est-ce qui vous (?:arrange|convient)|que dia (?:os|te|le|les) vien|dia (?:os|te) viene|tienes (?:tiempo|un momento|un hueco)|hai tempo|(?:heb|hebt) (?:je|jij|u) .{0,20}\btijd\b|podemos (?:falar|reunir)|tem (?:tempo|disponibilidade)|hast du (?:zeit|kurz)|haben sie zeit|passt (?:es|dir|ihnen|euch|dein)|passt .{0,30}\?|wann (?:konnen|passt|hast|haben|ware|kann|treffen)|termin|etes-vous (?:libre|disponible)|es-tu (?:libre|dispo)|disponib[a-z0-9_]+|quand (?:pouvons|pourrions|etes|seriez)|quedamos|te (?:va|viene) bien|cuando (?:podemos|puedes|te va)|quando (?:possiamo|sei|ci)|ci (?:vediamo|sentiamo)|ti va bene|heb je tijd|wanneer (?:kunnen|kun|schikt|past)|schikt|komt .{0,30} uit|quando (?:podemos|voce)|marcar (?:uma|um)|reagendar|reschedule|move (?:the|our) (?:call|meeting)|meet (?:on|next|this|tomorrow|at|for|up|with (?:me|us)))",
        ),
    ),
    (
        AskKind::Decision,
        Pattern::new(
            r"\b(?:approv(?:e|al|ed)|sign[- ]?off|sign off|(?:are|is|be) (?:you|everyone|that|this|it) (?:ok|okay|happy|fine|comfortable|good|alright)(?: with| if| for| to)?|ok with|okay with|(?:do|does|would|could|can) (?:you|everyone) agree|which (?:option|version|one (?:do|would|should) (?:you|we)|do you prefer|would you)|what (?:do )?you think|your (?:view|opinion|thoughts|take|decision|verdict|preference|call|approval)|thoughts\b|should (?:we|i)\b|shall (?:we|i)\b|would you be (?:willing|ok|okay|happy|open|interested|up for)|do you want (?:us|me) to|do you prefer|would you (?:prefer|rather)|go ahead|green light|greenlight|decide|prefer\b|do we (?:want|go)|einverstanden|genehmig[a-z0-9_]*|freigabe|freigeben|was (?:meinst|meinen|haltst|halten)|sollen wir|soll ich|was denkst|zustimm[a-z0-9_]*|qu'en (?:penses|pensez)|d'accord (?:pour|avec)|validez|approuv[a-z0-9_]*|votre avis|ton avis|que (?:opinas|te parece|piensas|os parece)|apruebas|de acuerdo con|che ne (?:pensi|dici|pensate)|sei d'accord|approvi|preferisc[a-z0-9_]*|wat (?:vind|denk) (?:je|u|jij)|akkoord|zullen we|goedkeur[a-z0-9_]*|o que (?:acha|voce acha|pensa)|concorda|aprova)\b",
        ),
    ),
];

/// Requests whose answer is a sentence: they ask a question.
static ANSWERED_IN_WORDS: Pattern = Pattern::new(
    r"\b(?:can|could|would|will|please|kannst|konntest|konnten|konnen|pouvez|pourriez|peux|pourrais|puedes|podrias|podria|puoi|potresti|potete|kun|kunt|pode|poderia|mind)\b(?:[ -](?:you|du|sie|ihr|vous|tu|je|u|voce|please|also|kindly|just|quickly|me|mir|uns|nous|me|m'|bitte|auch|possibly))* ?(?:tell|confirm|remind|clarify|explain|say|specify|bis [a-z]+ sagen|sagen|bestatig[a-z0-9_]*|erklar[a-z0-9_]*|dire|confirmer|preciser|indiquer|rappeler|decir[a-z0-9_]*|confirmar[a-z0-9_]*|explicar[a-z0-9_]*|dirmi|dirci|confermar[a-z0-9_]*|spiegar[a-z0-9_]*|vertellen|bevestigen|uitleggen|zeggen|dizer|informar)\b|\b(?:sagen|mitteilen|erklaren)[,?]? ?(?:ob|wann|wie|was|welche|wer|wo)\b|\bdo you (?:happen to )?know\b|\b(?:wondering|wonder|asks?|asked|(?:like|want|wants|need|curious|love) to know|interested to know|je me demande|mi chied[eo][a-z]*|frage mich|fragen uns|(?:vraag|vroeg) me|gerne wissen|savoir|saber|sapere|weten) ?,?(?:[a-z0-9_]+ )?(?:what|when|whether|if|how|who|whom|which|where|why|ob|wann|wie|si|quand|quel|se|of)?\b",
);

/// The kind of a folded clause. `question`: it is a question in form; `dated`: it names a time of day
/// or a day.
pub(super) fn kind(plain: &str, question: bool, dated: bool) -> AskKind {
    if let Some((kind, _)) = KINDS.iter().find(|(_, pattern)| pattern.is_match(plain)) {
        // "have" and "need" make a document ask only as a request: "Do you have the report?" does too,
        // "Does the contract need a copy" is rare.
        return *kind;
    }
    let starts = super::clue::begins_as_question(plain);
    if question && dated && !starts && plain.split(' ').count() <= 7 {
        return AskKind::Time;
    }
    let modal = plain.starts_with("can you")
        || plain.starts_with("could you")
        || plain.starts_with("would you")
        || plain.starts_with("will you")
        || (MODAL.is_match(plain) && !asks_for_fact(plain));
    // "Confirm that you will … and send me …" wants a deed.
    let deed = ["confirm that you", "confirm by return", " and send ", " and put "]
        .iter()
        .any(|words| plain.contains(words));
    let in_words = !deed && ANSWERED_IN_WORDS.is_match(plain);
    if in_words || (question && !modal) { AskKind::Question } else { AskKind::Request }
}

/// "What will you do differently?" wants words, though it holds "will you".
fn asks_for_fact(plain: &str) -> bool {
    starts_with_any(plain, "what|which|who|when|where|why|how").is_some()
}

static MODAL: Pattern = Pattern::new(
    r"\b(?:(?:can|could|would|will) (?:you|someone|anyone)|please|kannst du|konntest du|konnten sie|konnen sie|wurden sie|bitte|pouvez-vous|pourriez-vous|peux-tu|pourrais-tu|merci de|puedes|podrias|podria|por favor|puoi|potresti|potete|per favore|kun je|kunt u|zou je|wil je|pode|poderia)\b",
);

#[cfg(test)]
mod tests {
    use super::{ANSWERED_IN_WORDS, KINDS, MODAL, kind};
    use crate::plain::fold;
    use crate::reading::AskKind;

    fn check(text: &str, expect: AskKind) {
        let plain = fold(text);
        assert_eq!(kind(&plain, text.contains('?'), false), expect, "{text}");
    }

    #[test]
    fn the_kind_is_what_would_answer_it() {
        assert!(KINDS.iter().all(|(_, pattern)| pattern.compiles()));
        assert!(ANSWERED_IN_WORDS.compiles() && MODAL.compiles());
        check("Could you send the updated pricing sheet by Friday?", AskKind::Document);
        check("Please send me the SOC 2 report before Thursday.", AskKind::Document);
        check("Merci aussi de m'envoyer la grille tarifaire 2027", AskKind::Document);
        check("Could you introduce me to Ines?", AskKind::Introduction);
        check("Are you free on Thursday?", AskKind::Time);
        check("Does Thursday 10am work for you?", AskKind::Time);
        check("Hast du Zeit am Montag?", AskKind::Time);
        check("What do you think?", AskKind::Decision);
        check("Should we take the early slot?", AskKind::Decision);
        check("Would you be willing to give a talk?", AskKind::Decision);
        check("Could you confirm the yearly fee we agreed?", AskKind::Question);
        check("Which port does it use?", AskKind::Question);
        check("Can you treat this as urgent?", AskKind::Request);
        check("Please put our order number on the invoice", AskKind::Request);
    }
}
