//! The fixed phrases of a reply, in every language, each with an id.
//!
//! A phrase states nothing: it holds no number, name or date of its own. `{0}`, `{1}`, `{2}` are
//! filled with parts whose source is known. Families list phrases that say the same, so that no
//! phrase need stand twice in one mail.

use crate::language::Language;

/// Phrases that say the same, in the order they are used up.
pub(crate) type Family = &'static [&'static str];

pub(crate) const LEAD: Family = &["lead.1", "lead.2", "lead.3"];
pub(crate) const QUOTE: Family = &["quote.1", "quote.3", "quote.2"];
pub(crate) const QUOTE_UNDATED: Family = &["quote.u1", "quote.u2", "quote.u3"];
pub(crate) const QUOTE_MAIL: Family = &["mail.1", "mail.2"];
pub(crate) const WROTE: Family = &["wrote.1", "wrote.2"];
pub(crate) const WROTE_QUOTE: Family = &["wrotequote.1", "wrotequote.2"];
pub(crate) const AS_OF: Family = &["asof.1", "asof.2"];
pub(crate) const AGREED: Family = &["agreed.1", "agreed.2", "agreed.3"];
pub(crate) const AGREED_UNDATED: Family = &["agreed.u1", "agreed.u2"];
pub(crate) const AGREED_THAT: Family = &["agreedthat.1", "agreedthat.2", "agreedthat.3"];
pub(crate) const AGREED_THAT_UNDATED: Family = &["agreedthat.u1", "agreedthat.u2"];
pub(crate) const NEWEST: Family = &["newest.1", "newest.2"];
pub(crate) const EARLIER: Family = &["earlier.1", "earlier.2"];
pub(crate) const NEWEST_THAT: Family = &["newestthat.1", "newestthat.2"];
pub(crate) const EARLIER_THAT: Family = &["earlierthat.1", "earlierthat.2"];
pub(crate) const TWO: Family = &["two.1", "two.2"];
pub(crate) const OTHER: Family = &["other.1", "other.2"];
pub(crate) const MORE: Family = &["more.1", "more.2", "more.3"];
pub(crate) const TASK: Family = &["task.1", "task.2"];
pub(crate) const TASK_DUE: Family = &["task.due.1", "task.due.2"];
pub(crate) const PROMISE: Family = &["promise.1", "promise.2", "promise.3"];
pub(crate) const PROMISE_ABOUT: Family = &["promise.about.1", "promise.about.2"];
pub(crate) const SLOT_DECIDE: Family = &["slot.decide.1", "slot.decide.2"];
pub(crate) const SLOT_CHOICE: Family = &["slot.choice.1", "slot.question.1", "slot.question.2"];
pub(crate) const SLOT_ASKED: Family = &["slot.asked.1", "slot.asked.2"];
pub(crate) const SLOT_QUESTION: Family = &["slot.question.1", "slot.question.2"];

const ENGLISH: &[(&str, &str)] = &[
    ("plain", "{0}"),
    ("greeting.casual.none", "Hi,"),
    ("greeting.casual.one", "Hi {0},"),
    ("greeting.casual.two", "Hi {0}, hi {1},"),
    ("greeting.casual.all", "Hi all,"),
    ("greeting.neutral.none", "Hello,"),
    ("greeting.neutral.one", "Hello {0},"),
    ("greeting.neutral.two", "Hello {0}, hello {1},"),
    ("greeting.neutral.all", "Hello all,"),
    ("greeting.formal.none", "Hello,"),
    ("greeting.formal.one", "Dear {0},"),
    ("greeting.formal.two", "Dear {0}, dear {1},"),
    ("greeting.formal.all", "Dear all,"),
    ("closing.casual", "Best,"),
    ("closing.neutral", "Best regards,"),
    ("closing.formal", "Kind regards,"),
    ("opener.slow", "Sorry for the slow reply."),
    ("opener.thanks", "Thanks for your mail."),
    ("opener.asked", "Thanks for asking."),
    ("opener.time", "Thanks for the suggestion."),
    ("ack.1", "Thanks for letting me know."),
    ("ack.2", "Much appreciated."),
    ("lead.1", "On {1}: {0}"),
    ("lead.2", "As for {1}: {0}"),
    ("lead.3", "About {1}: {0}"),
    ("quote.1", "My notes from {1} say: “{0}”."),
    ("quote.2", "On {1} I noted: “{0}”."),
    ("quote.3", "From {1} I also have: “{0}”."),
    ("quote.u1", "My notes say: “{0}”."),
    ("quote.u2", "I have noted: “{0}”."),
    ("quote.u3", "I also have this: “{0}”."),
    ("mail.1", "The mail of {1} says: “{0}”."),
    ("mail.2", "In the mail of {1} I find: “{0}”."),
    ("wrote.1", "As I wrote on {1}: {0}"),
    ("wrote.2", "From my mail of {1}: {0}"),
    ("wrotequote.1", "On {1} I wrote: “{0}”."),
    ("wrotequote.2", "My mail of {1} says: “{0}”."),
    ("asof.1", "{0} (as of {1})."),
    ("asof.2", "{0} (as I noted on {1})."),
    ("agreed.1", "We agreed on {0} on {1}."),
    ("agreed.2", "We settled on {0} on {1}."),
    ("agreed.3", "On {1} we decided on {0}."),
    ("agreed.u1", "We agreed on {0}."),
    ("agreed.u2", "We settled on {0}."),
    ("agreedthat.1", "We agreed on {1} that {0}."),
    ("agreedthat.2", "Our decision of {1} is that {0}."),
    ("agreedthat.3", "On {1} we settled that {0}."),
    ("agreedthat.u1", "We agreed that {0}."),
    ("agreedthat.u2", "Our decision is that {0}."),
    ("newest.1", "My latest note on this, from {1}, says: “{0}”."),
    ("newest.2", "The newest I have here is from {1}: “{0}”."),
    ("earlier.1", "An earlier one, from {1}, said: “{0}”."),
    ("earlier.2", "Before that, on {1}, I had noted: “{0}”."),
    ("newestthat.1", "My latest note on this, from {1}, says that {0}."),
    ("newestthat.2", "The newest I have here, from {1}, is that {0}."),
    ("earlierthat.1", "An earlier one, from {1}, said that {0}."),
    ("earlierthat.2", "Before that, on {1}, I had noted that {0}."),
    ("two.1", "I have two notes on this that differ. One says: “{0}”."),
    ("two.2", "My notes differ here. One says: “{0}”."),
    ("other.1", "The other says: “{0}”."),
    ("other.2", "Another says: “{0}”."),
    ("more.1", "For what it is worth: {0}"),
    ("more.2", "What I can say so far: {0}"),
    ("more.3", "One thing that bears on it: {0}"),
    ("missing.one", "Let me check {0} and come back to you."),
    ("missing.one.comma", "Let me check {0}, and come back to you."),
    ("missing.that", "Let me check that and come back to you."),
    ("missing.other", "The other question I need to check first; I'll come back to you on it."),
    ("missing.too", "I'll come back to you on “{0}” too."),
    ("missing.two", "Let me check {0}, and also {1}, and come back to you."),
    ("missing.three", "Let me check {0}, {1}, and also {2}, and come back to you."),
    ("missing.all", "Let me check on your questions and come back to you."),
    ("missing.rest", "The other questions I need to check first; I'll come back to you on them."),
    ("promise.1", "I'll {0}."),
    ("promise.2", "I'll also {0}."),
    ("promise.3", "And I'll {0}."),
    ("promise.about.1", "As for {1}, I'll {0}."),
    ("promise.about.2", "On {1}, I'll {0}."),
    ("promise.late", "I'll {0} [by when? {1} has passed]."),
    ("task.1", "I still have to {0}."),
    ("task.2", "It is on my list to {0}."),
    ("task.due.1", "I still have to {0}, by {1}."),
    ("task.due.2", "It is on my list to {0}, by {1}."),
    ("slot.decide.1", "On {0}: [your decision]."),
    ("slot.decide.2", "As to {0}: [your decision]."),
    ("slot.choice.1", "On your question “{0}”: [your decision]."),
    ("slot.asked.1", "You asked me to {0}: [your answer]."),
    ("slot.asked.2", "As for your request to {0}: [your answer]."),
    ("slot.question.1", "On “{0}”: [your answer]."),
    ("slot.question.2", "As for “{0}”: [your answer]."),
    ("slot.plain", "[your answer]"),
    ("intro", "Thanks for the introduction."),
    ("slot.intro", "[your answer: what do you want to say to them?]"),
    ("time.one", "{0}."),
    ("time.two", "{0}, and {1}."),
    ("time.three", "{0}, {1}, and {2}."),
    ("slot.time.none", "On the time: [your answer: when would suit you?]"),
    ("slot.time.one", "[your answer: does this suit you?]"),
    ("slot.time.many", "[your answer: which of these suits you?]"),
    ("word.at", " at "),
    ("word.is", " is "),
    ("word.forme", " for me"),
    ("word.yours", " your time"),
];

const GERMAN: &[(&str, &str)] = &[
    ("plain", "{0}"),
    ("greeting.casual.none", "Hallo,"),
    ("greeting.casual.one", "Hallo {0},"),
    ("greeting.casual.two", "Hallo {0}, hallo {1},"),
    ("greeting.casual.all", "Hallo zusammen,"),
    ("greeting.neutral.none", "Guten Tag,"),
    ("greeting.neutral.one", "Guten Tag {0},"),
    ("greeting.neutral.two", "Guten Tag {0}, guten Tag {1},"),
    ("greeting.neutral.all", "Guten Tag zusammen,"),
    ("greeting.formal.none", "Sehr geehrte Damen und Herren,"),
    ("greeting.formal.one", "Guten Tag {0},"),
    ("greeting.formal.two", "Guten Tag {0}, guten Tag {1},"),
    ("greeting.formal.all", "Guten Tag zusammen,"),
    ("closing.casual", "Viele Grüße"),
    ("closing.neutral", "Viele Grüße"),
    ("closing.formal", "Freundliche Grüße"),
    ("opener.slow", "Entschuldigung für die späte Antwort."),
    ("opener.thanks", "Danke für die Nachricht."),
    ("opener.asked", "Danke für die Nachricht."),
    ("opener.time", "Danke für den Vorschlag."),
    ("ack.1", "Danke für die Information."),
    ("ack.2", "Das hilft mir weiter."),
    ("lead.1", "Zum Thema {1}: {0}"),
    ("lead.2", "Zu {1}: {0}"),
    ("quote.1", "In meinen Notizen vom {1} steht: „{0}“."),
    ("quote.2", "Am {1} habe ich festgehalten: „{0}“."),
    ("quote.3", "Vom {1} habe ich außerdem: „{0}“."),
    ("quote.u1", "In meinen Notizen steht: „{0}“."),
    ("quote.u2", "Festgehalten habe ich: „{0}“."),
    ("quote.u3", "Außerdem habe ich: „{0}“."),
    ("mail.1", "In der Mail vom {1} steht: „{0}“."),
    ("mail.2", "Die Mail vom {1} sagt dazu: „{0}“."),
    ("wrote.1", "Wie am {1} geschrieben: {0}"),
    ("wrote.2", "Aus meiner Mail vom {1}: {0}"),
    ("wrotequote.1", "Am {1} habe ich geschrieben: „{0}“."),
    ("wrotequote.2", "In meiner Mail vom {1} steht: „{0}“."),
    ("asof.1", "{0} (Stand {1})."),
    ("agreed.1", "Am {1} haben wir vereinbart: {0}."),
    ("agreed.2", "Unsere Entscheidung vom {1}: {0}."),
    ("agreed.u1", "Wir haben vereinbart: {0}."),
    ("agreed.u2", "Unsere Entscheidung ist: {0}."),
    ("agreedthat.1", "Am {1} haben wir vereinbart: {0}."),
    ("agreedthat.2", "Unsere Entscheidung vom {1}: {0}."),
    ("agreedthat.u1", "Wir haben vereinbart: {0}."),
    ("agreedthat.u2", "Unsere Entscheidung ist: {0}."),
    ("newest.1", "Meine neueste Notiz dazu, vom {1}, sagt: „{0}“."),
    ("newest.2", "Der neueste Stand, vom {1}: „{0}“."),
    ("earlier.1", "Eine frühere vom {1} sagte: „{0}“."),
    ("earlier.2", "Davor, am {1}, hatte ich notiert: „{0}“."),
    ("two.1", "Dazu habe ich zwei Notizen, die sich unterscheiden. Die eine sagt: „{0}“."),
    ("other.1", "Die andere sagt: „{0}“."),
    ("more.1", "Dazu passt: {0}"),
    ("more.2", "Soviel kann ich schon sagen: {0}"),
    ("missing.quote", "Zur Frage „{0}“ schaue ich nach und melde mich."),
    ("missing.all", "Ich schaue bei allen Fragen nach und melde mich."),
    ("missing.rest", "Zu den anderen Fragen schaue ich nach und melde mich."),
    ("promise.send", "Ich schicke {0}."),
    ("promise.send.by", "Ich schicke {0} bis {1}."),
    ("promise.send.before", "Ich schicke {0} vor {1}."),
    ("promise.quote", "Zu „{0}“: Ich kümmere mich darum."),
    ("promise.quote.by", "Zu „{0}“: Ich kümmere mich bis {1} darum."),
    ("promise.quote.before", "Zu „{0}“: Ich kümmere mich vor {1} darum."),
    ("slot.choice.1", "Zur Frage „{0}“: [Ihre Entscheidung]."),
    ("slot.plain", "[Ihre Antwort]"),
    ("slot.question.1", "Zur Frage „{0}“: [Ihre Antwort]."),
    ("slot.question.2", "Und zu „{0}“: [Ihre Antwort]."),
    ("intro", "Danke für die Vorstellung."),
    ("slot.intro", "[Ihre Antwort: Was möchten Sie schreiben?]"),
    ("time.one", "{0}."),
    ("time.two", "{0}, und {1}."),
    ("time.three", "{0}, {1}, und {2}."),
    ("slot.time.none", "Zum Termin: [Ihre Antwort: Wann passt es Ihnen?]"),
    ("slot.time.one", "[Ihre Antwort: Passt das?]"),
    ("slot.time.many", "[Ihre Antwort: Welcher Termin passt?]"),
    ("word.at", " um "),
    ("word.is", " ist "),
    ("word.forme", " bei mir"),
    ("word.yours", " Ihrer Zeit"),
];

const FRENCH: &[(&str, &str)] = &[
    ("plain", "{0}"),
    ("greeting.casual.none", "Bonjour,"),
    ("greeting.casual.one", "Bonjour {0},"),
    ("greeting.casual.two", "Bonjour {0}, bonjour {1},"),
    ("greeting.casual.all", "Bonjour à tous,"),
    ("greeting.neutral.none", "Bonjour,"),
    ("greeting.neutral.one", "Bonjour {0},"),
    ("greeting.neutral.two", "Bonjour {0}, bonjour {1},"),
    ("greeting.neutral.all", "Bonjour à tous,"),
    ("greeting.formal.none", "Bonjour,"),
    ("greeting.formal.one", "Bonjour {0},"),
    ("greeting.formal.two", "Bonjour {0}, bonjour {1},"),
    ("greeting.formal.all", "Bonjour à tous,"),
    ("closing.casual", "Bonne journée,"),
    ("closing.neutral", "Bien cordialement,"),
    ("closing.formal", "Cordialement,"),
    ("opener.slow", "Désolé pour cette réponse tardive."),
    ("opener.thanks", "Merci pour le message."),
    ("opener.asked", "Merci pour le message."),
    ("opener.time", "Merci pour la proposition."),
    ("ack.1", "Merci pour l'information."),
    ("ack.2", "C'est bien noté."),
    ("lead.1", "Concernant {1} : {0}"),
    ("quote.1", "Mes notes du {1} disent : « {0} »."),
    ("quote.2", "Le {1}, j'ai noté ceci : « {0} »."),
    ("quote.3", "Du {1}, j'ai également : « {0} »."),
    ("quote.u1", "Mes notes disent : « {0} »."),
    ("quote.u2", "J'ai noté ceci : « {0} »."),
    ("quote.u3", "J'ai également : « {0} »."),
    ("mail.1", "Le message du {1} dit : « {0} »."),
    ("mail.2", "Dans le message du {1} je lis : « {0} »."),
    ("wrote.1", "Comme je l'ai écrit le {1} : {0}"),
    ("wrote.2", "Dans mon message du {1} : {0}"),
    ("wrotequote.1", "Le {1}, j'ai écrit : « {0} »."),
    ("wrotequote.2", "Mon message du {1} dit : « {0} »."),
    ("asof.1", "{0} (état du {1})."),
    ("agreed.1", "Le {1}, nous avons convenu de ceci : {0}."),
    ("agreed.2", "Notre décision du {1} : {0}."),
    ("agreed.u1", "Nous avons convenu de ceci : {0}."),
    ("agreed.u2", "Notre décision : {0}."),
    ("agreedthat.1", "Le {1}, nous avons convenu de ceci : {0}."),
    ("agreedthat.2", "Notre décision du {1} : {0}."),
    ("agreedthat.u1", "Nous avons convenu de ceci : {0}."),
    ("agreedthat.u2", "Notre décision : {0}."),
    ("newest.1", "Ma note la plus récente, du {1}, dit : « {0} »."),
    ("newest.2", "Le plus récent que j'aie, du {1} : « {0} »."),
    ("earlier.1", "Une note antérieure, du {1}, disait : « {0} »."),
    ("earlier.2", "Avant cela, le {1}, j'avais noté : « {0} »."),
    ("two.1", "J'ai deux notes qui diffèrent. L'une dit : « {0} »."),
    ("other.1", "L'autre dit : « {0} »."),
    ("more.1", "À ce sujet : {0}"),
    ("more.2", "Ce que je peux déjà dire : {0}"),
    ("missing.quote", "Pour la question « {0} », je vérifie et j'y reviens rapidement."),
    ("missing.all", "Je vérifie tous ces points et j'y reviens rapidement."),
    ("missing.rest", "Pour les autres questions, je vérifie et j'y reviens rapidement."),
    ("promise.send", "J'envoie {0}."),
    ("promise.send.by", "J'envoie {0} d'ici au {1}."),
    ("promise.send.before", "J'envoie {0} avant le {1}."),
    ("promise.quote", "Pour « {0} » : je m'en occupe."),
    ("promise.quote.by", "Pour « {0} » : je m'en occupe d'ici au {1}."),
    ("promise.quote.before", "Pour « {0} » : je m'en occupe avant le {1}."),
    ("slot.choice.1", "Pour la question « {0} » : [votre décision]."),
    ("slot.plain", "[votre réponse]"),
    ("slot.question.1", "Pour la question « {0} » : [votre réponse]."),
    ("slot.question.2", "Et pour « {0} » : [votre réponse]."),
    ("intro", "Merci pour la mise en relation."),
    ("slot.intro", "[votre réponse : que souhaitez-vous leur dire ?]"),
    ("time.one", "{0}."),
    ("time.two", "{0}, et {1}."),
    ("time.three", "{0}, {1}, et {2}."),
    ("slot.time.none", "Pour le rendez-vous : [votre réponse : quand cela vous convient-il ?]"),
    ("slot.time.one", "[votre réponse : cela vous convient-il ?]"),
    ("slot.time.many", "[votre réponse : laquelle de ces dates vous convient ?]"),
    ("word.at", " à "),
    ("word.is", ", soit "),
    ("word.forme", " pour moi"),
    ("word.yours", " chez vous"),
];

const SPANISH: &[(&str, &str)] = &[
    ("plain", "{0}"),
    ("greeting.casual.none", "Hola:"),
    ("greeting.casual.one", "Hola, {0}:"),
    ("greeting.casual.two", "Hola, {0}; hola, {1}:"),
    ("greeting.casual.all", "Hola a todos:"),
    ("greeting.neutral.none", "Buenos días:"),
    ("greeting.neutral.one", "Buenos días, {0}:"),
    ("greeting.neutral.two", "Buenos días, {0} y {1}:"),
    ("greeting.neutral.all", "Buenos días a todos:"),
    ("greeting.formal.none", "Buenos días:"),
    ("greeting.formal.one", "Buenos días, {0}:"),
    ("greeting.formal.two", "Buenos días, {0} y {1}:"),
    ("greeting.formal.all", "Buenos días a todos:"),
    ("closing.casual", "Un saludo,"),
    ("closing.neutral", "Un saludo,"),
    ("closing.formal", "Saludos cordiales,"),
    ("opener.slow", "Perdón por la demora en responder."),
    ("opener.thanks", "Gracias por el mensaje."),
    ("opener.asked", "Gracias por el mensaje."),
    ("opener.time", "Gracias por la propuesta."),
    ("ack.1", "Gracias por la información."),
    ("ack.2", "Queda anotado."),
    ("lead.1", "Sobre {1}: {0}"),
    ("quote.1", "Mis notas del {1} dicen: «{0}»."),
    ("quote.2", "El {1} anoté lo siguiente: «{0}»."),
    ("quote.3", "Del {1} tengo también: «{0}»."),
    ("quote.u1", "Mis notas dicen: «{0}»."),
    ("quote.u2", "Tengo anotado lo siguiente: «{0}»."),
    ("quote.u3", "También tengo: «{0}»."),
    ("mail.1", "El correo del {1} dice: «{0}»."),
    ("mail.2", "En el correo del {1} leo: «{0}»."),
    ("wrote.1", "Como escribí el {1}: {0}"),
    ("wrote.2", "De mi correo del {1}: {0}"),
    ("wrotequote.1", "El {1} escribí: «{0}»."),
    ("wrotequote.2", "Mi correo del {1} dice: «{0}»."),
    ("asof.1", "{0} (a fecha del {1})."),
    ("agreed.1", "El {1} acordamos lo siguiente: {0}."),
    ("agreed.2", "Nuestra decisión del {1}: {0}."),
    ("agreed.u1", "Acordamos lo siguiente: {0}."),
    ("agreed.u2", "Nuestra decisión: {0}."),
    ("agreedthat.1", "El {1} acordamos lo siguiente: {0}."),
    ("agreedthat.2", "Nuestra decisión del {1}: {0}."),
    ("agreedthat.u1", "Acordamos lo siguiente: {0}."),
    ("agreedthat.u2", "Nuestra decisión: {0}."),
    ("newest.1", "Mi nota más reciente, del {1}, dice: «{0}»."),
    ("newest.2", "Lo último que tengo, del {1}: «{0}»."),
    ("earlier.1", "Una anterior, del {1}, decía: «{0}»."),
    ("earlier.2", "Antes, el {1}, había anotado: «{0}»."),
    ("two.1", "Tengo dos notas distintas. Una dice: «{0}»."),
    ("other.1", "La otra dice: «{0}»."),
    ("more.1", "Al respecto: {0}"),
    ("more.2", "Lo que ya puedo decir: {0}"),
    ("missing.quote", "Sobre la pregunta «{0}», lo consulto y respondo en cuanto lo sepa."),
    ("missing.all", "Consulto todas las preguntas y respondo en cuanto lo sepa."),
    ("missing.rest", "Las demás preguntas las consulto y respondo en cuanto lo sepa."),
    ("promise.send", "Envío {0}."),
    ("promise.send.by", "Envío {0} a más tardar el {1}."),
    ("promise.send.before", "Envío {0} antes del {1}."),
    ("promise.quote", "Sobre «{0}»: me ocupo de ello."),
    ("promise.quote.by", "Sobre «{0}»: me ocupo de ello a más tardar el {1}."),
    ("promise.quote.before", "Sobre «{0}»: me ocupo de ello antes del {1}."),
    ("slot.choice.1", "Sobre la pregunta «{0}»: [su decisión]."),
    ("slot.plain", "[su respuesta]"),
    ("slot.question.1", "Sobre la pregunta «{0}»: [su respuesta]."),
    ("slot.question.2", "Y sobre «{0}»: [su respuesta]."),
    ("intro", "Gracias por la presentación."),
    ("slot.intro", "[su respuesta: ¿qué desea decirles?]"),
    ("time.one", "{0}."),
    ("time.two", "{0}, y {1}."),
    ("time.three", "{0}, {1}, y {2}."),
    ("slot.time.none", "Sobre la hora: [su respuesta: ¿cuándo le conviene?]"),
    ("slot.time.one", "[su respuesta: ¿le conviene?]"),
    ("slot.time.many", "[su respuesta: ¿cuál le conviene?]"),
    ("word.at", " a las "),
    ("word.is", " son las "),
    ("word.forme", " para mí"),
    ("word.yours", " de su zona"),
];

/// Phrases of no language.
const COMMON: &[(&str, &str)] = &[
    ("greeting.config.none", "{0},"),
    ("greeting.config.one", "{0} {1},"),
    ("greeting.config.two", "{0} {1}, {0} {2},"),
    ("greeting.config.all", "{0},"),
];

fn table(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
    }
}

/// The phrase with this id, if the language has it.
#[must_use]
pub fn template(language: Language, id: &str) -> Option<&'static str> {
    table(language).iter().chain(COMMON).find(|(own, _)| *own == id).map(|(_, text)| *text)
}

/// Every phrase of a language.
pub(crate) fn all(language: Language) -> impl Iterator<Item = &'static str> {
    table(language).iter().chain(COMMON).map(|(_, text)| *text)
}

/// The phrase with its places filled; a place without a part stays empty.
#[must_use]
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut chars = template.chars();
    while let Some(c) = chars.next() {
        if c != '{' {
            out.push(c);
            continue;
        }
        let place = chars.next().and_then(|digit| digit.to_digit(10)).and_then(|n| usize::try_from(n).ok());
        chars.next();
        out.push_str(place.and_then(|n| parts.get(n)).copied().unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, FRENCH, GERMAN, SPANISH, fill};

    #[test]
    fn no_phrase_states_a_figure_and_ids_are_unique() {
        for table in [ENGLISH, GERMAN, FRENCH, SPANISH, super::COMMON] {
            for (i, (id, text)) in table.iter().enumerate() {
                assert!(!table.iter().skip(i + 1).any(|(other, _)| other == id), "{id} stands twice");
                let bare = text.replace("{0}", "").replace("{1}", "").replace("{2}", "");
                assert!(!bare.contains(|c: char| c.is_ascii_digit() || c == '{'), "{id}: {text}");
            }
        }
    }

    #[test]
    fn places_are_filled_once_and_never_rescanned() {
        assert_eq!(fill("On {1}: {0}", &["{1} x", "logs"]), "On logs: {1} x");
    }
}
