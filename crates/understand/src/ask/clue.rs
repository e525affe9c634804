//! Whether a sentence asks its reader for something, and what gave it away.
//!
//! Rules only, on folded text; the weights are the share of sentences of that shape that do ask.
//!
//! # Source
//! Weights were set by hand and checked on the Parakweet intent set (Apache-2.0) and the verified
//! Enron intent set (MIT); no row of theirs is in the code.

use std::sync::LazyLock;

use regex::Regex;
use regex::bytes::{RegexSet, RegexSetBuilder, SetMatches};

/// What a rule says about a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// It asks a question.
    Question,
    /// It asks for something to be done.
    Request,
    /// It looks like an ask and is none.
    Never,
    /// It is written to many: it asks less.
    Selling,
}

/// What gave a sentence away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clue {
    /// How likely the sentence asks, 0 to 1.
    pub(super) score: f64,
    /// Whether it is a question in form.
    pub(super) question: bool,
    /// In a phrase.
    pub(super) reason: &'static str,
}

/// Below this a sentence is not taken as an ask.
pub(super) const ASKS_FROM: f64 = 0.5;

use Says::{Never, Question, Request, Selling};

/// Question words and auxiliaries that begin a question, by language, after a lead-in.
const QUESTION_START: &str = concat!(
    r"^(?:what|who|whom|whose|when|where|which|why|how|do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|shall|may|might|am|any|anything|anyone|isn't|aren't|don't|doesn't|didn't|won't|can't|couldn't|wouldn't|haven't|hasn't|shouldn't|",
    r"wer|wen|wem|was|wann|wo|wohin|woher|warum|wieso|weshalb|wie|wieviel|welche[rsnm]?|bis wann|ab wann|seit wann|kann|kannst|konnen|konnte|konntest|konnten|konntet|wurdest|wurden|durfen|darf|soll|sollen|hast|habt|haben|hat|ist|sind|gibt|gilt|passt|wird|werden|mochtest|willst|brauchst|brauchen|lauft|",
    r"qui|que|quoi|quand|ou|pourquoi|comment|combien|quel|quelle|quels|quelles|est-ce|peux-tu|pouvez-vous|pourriez-vous|pourrais-tu|avez-vous|as-tu|y a-t-il|serait-il|",
    r"quien|quienes|cuando|donde|por que|como|cuanto|cuanta|cuantos|cuantas|cual|cuales|puedes|puede|podrias|podria|podeis|pueden|tienes|tiene|teneis|hay|",
    r"chi|che|cosa|dove|perche|quanto|quanta|quanti|quale|quali|puoi|potresti|potete|potreste|potrebbe|avete|hai|c'e|",
    r"wie|wat|wanneer|waar|waarom|hoe|hoeveel|welke?|kun|kunt|kunnen|zou|zouden|heb|hebben|heeft|is er|zijn|",
    r"quem|quando|onde|porque|quantos|quantas|qual|quais|pode|podes|poderia|podem|voce|tem)\b"
);

/// Verbs that begin a bare imperative in mail.
///
/// # Source
/// The commonest sentence-initial verbs of request sentences in business mail (Cohen, Carvalho and
/// Mitchell, Learning to Classify Email into Speech Acts, EMNLP 2004).
const IMPERATIVE: &str = r"^(?:send|resend|share|forward|fwd|review|check|confirm|call|tell|give|provide|schedule|set up|add|update|fix|bring|book|sign|approve|take a look|have a look|look (?:at|into|over|through)|make|try|put|get|keep|remember|reply|respond|advise|arrange|attach|ask|contact|submit|complete|fill|print|prepare|draft (?:a|an|the|your|me|us|it)|write|include|remove|delete|change|move|cancel|verify|ensure|pick|drop|stop|start|hold|note down|e-?mail|mail|text|ping|phone|invite|introduce|notify|inform|follow up|get back|come|join|go ahead|go over|read|help|use|talk|speak|work with|coordinate|handle|deal with|find out|figure out|think about|consider|meet|plan (?:to|for|on)|wait|don't (?:send|share|forward|use|do|tell|go|delete|change|wait)|do not (?:send|share|forward|use|do|tell|go|delete|change|wait|hesitate)|let (?:me|us|him|her|them|everyone)|pass|post|run|see if|see whether|see that|leave|return|buy|order|pay|save|show|explain|describe|clarify|specify|suggest|propose|pls|plz|report (?:back|to|on)|revise|edit|copy (?:me|us|the|in)|cc|enter|finalize|finalise|proceed|discuss|touch base|bear with|do (?:it|this|that|the|your|not forget)|be (?:sure|there|ready|prepared|available)|paste|press|click|open|download|install|log in|sign up|visit|treat|charge|mark|turn|set|address|finish|answer|watch|listen|choose|select|vote|rsvp)\b";

const RULES: &[(Says, f64, &str, &str)] = &[
    // Shapes that are never asks.
    (
        Never,
        0.05,
        "greeting",
        r"^(?:(?:hi|hello|hey|dear)\b[^?]{0,30}[,!-] )?(?:and )?(?:so )?how (?:are|r) (?:you|things|u)(?: all| both| guys)?(?: doing| going| today| these days| feeling)?(?: today| these days)?,? ?[a-z]{0,12} ?\?",
    ),
    (
        Never,
        0.05,
        "greeting",
        r"^how(?:'s| is| are) (?:it going|everything|life|things|the family|your (?:day|week|weekend))|^what's up\b|^how (?:was|is|did) your (?:weekend|holiday|vacation|trip)\b.{0,20}\?$",
    ),
    (
        Never,
        0.05,
        "greeting",
        r"^(?:i )?(?:hope|trust) (?:you|this|all|everything|that you|your)\b|^wie geht(?:'s| es)\b|^comment (?:vas|allez|ca va)|^ca va\b|^como (?:estas|esta|vai|estais)\b|^que tal\b[^a-z]*$|^come (?:stai|va|state)\b|^hoe gaat het|^tudo bem\b|^alles (?:gut|klar) ?\?",
    ),
    (
        Never,
        0.1,
        "polite close",
        r"\bif you (?:have|should have|need|had|got|require) (?:any|further|more|some|additional|other|anything)\b.{0,40}\b(?:questions?|concerns?|comments?|queries|issues|problems|information|details|assistance|help|info|clarification|else)?\b.{0,60}(?:let (?:me|us) know|call|contact|feel free|hesitate|reach|e-?mail|just (?:ask|reply)|get in touch|give (?:me|us))",
    ),
    (
        Never,
        0.1,
        "polite close",
        r"(?:let (?:me|us) know|call|contact|feel free|hesitate|reach out|give me a call|e-?mail).{0,70}\b(?:if (?:you have|there are) (?:any|further|more|other|additional)|with (?:any|further)|should you have|if you need (?:any|anything|further|more|additional)|if i can be of|if (?:i|we) can (?:help|assist|do anything|be of))",
    ),
    (
        Never,
        0.1,
        "polite close",
        r"^(?:should you|in case you) (?:have|need|require)\b|^any questions,? (?:just |please )?(?:let|call|ask|contact|feel)|bei (?:ruck)?fragen\b|wenn (?:sie|du|ihr) (?:noch )?fragen|n'hesitez pas|si vous avez (?:des|d'autres) questions|si (?:tienes|tiene) (?:alguna )?(?:duda|pregunta)|no dudes? en|non esitare|se hai domande|als je (?:nog )?vragen|mocht u|caso tenha|se tiver (?:alguma )?(?:duvida|pergunta)|stehe .{0,30}zur verfugung",
    ),
    (
        Never,
        0.1,
        "attachment notice",
        r"\bplease (?:find|see|note|be advised|be aware|be informed|accept (?:my|our)|excuse|forgive|pardon|ignore|disregard|refer|do not reply|don't reply|do not respond|consider the environment|read (?:the )?below)\b",
    ),
    (
        Never,
        0.1,
        "attachment notice",
        r"^(?:(?:see|find) (?:the )?(?:attached|enclosed|below)|(?:attached|enclosed) (?:please|is|are)|anbei\b|im anhang|veuillez trouver|ci-joint|vous trouverez|adjunto|in allegato|bijgevoegd|em anexo|segue em anexo)",
    ),
    (
        Never,
        0.1,
        "polite close",
        r"^(?:i |we )?look(?:ing)? forward to\b|^(?:many )?thanks in advance|^vielen dank im voraus|^thank you (?:for your (?:time|understanding|patience|help|cooperation|attention|interest|support))\b",
    ),
    (
        Never,
        0.1,
        "condition",
        r"^if you (?:can |could |still )?(?:tell|send|give|let|get|reply|answer|share|confirm)\b[^?]*\b(?:i|we)(?:'ll| can| could| will| shall)\b[^?]*$",
    ),
    (
        Never,
        0.1,
        "rhetorical",
        r"^(?:who knows|right|ok|okay|really|seriously|makes? sense|why not|so what|guess what|you know what|you know|no|yes|deal|agreed|huh|what|eh|what gives|who cares|who would have thought|how cool is that|isn't (?:that|it) (?:great|nice|funny|amazing|wonderful|awesome|cool)|can you (?:believe|imagine)\b[^?]*|nicht wahr|oder|no e vero|verdad|d'accord|quien sabe|wer weiss|qui sait) ?[?!]+$",
    ),
    (
        Never,
        0.1,
        "no reply wanted",
        r"\b(?:no (?:reply|response|answer|action)(?: is)? (?:needed|necessary|required|expected)|no need to (?:reply|respond|answer)|nothing (?:needed|to do) (?:from you|on your (?:side|end|part))|keine antwort notig|pas besoin de repondre)\b",
    ),
    (
        Never,
        0.15,
        "opt-out notice",
        r"\b(?:unsubscribe|opt[- ]out|opt out|remove (?:your(?:self)?|you) (?:from|name)|stop receiving|no longer (?:wish|want|like) to receive|if (?:this (?:e-?mail|message) (?:has )?reached you|you (?:have|are) (?:received|not the intended))|in error|view (?:it |this )?(?:e-?mail )?in (?:your|a) browser|abmelden|se desabonner|darse de baja)\b",
    ),
    (
        Never,
        0.15,
        "reported",
        r"^(?:i|we|he|she|they) (?:did|have|had|was|were|will|can|could|should|would|might|just)? ?(?:asked|told|called|sent|checked|reviewed|confirmed|forwarded|answered|replied)\b[^?]*$",
    ),
    // Selling.
    (
        Selling,
        0.3,
        "marketing",
        r"^(?:are you |ready to |still |want to |looking (?:for|to) |tired of |need (?:a|an|some|help|more) |wanna |interested in |struggling |thinking (?:of|about) |wondering how to |did you know|who (?:says|doesn't)|what's (?:new|next|inside)|why (?:wait|pay|choose|settle)|how (?:much|many) (?:could you|can you) (?:save|earn)|have you (?:ever|heard|tried|always))[^?]*(?:\b(?:save|saving|savings|earn|win|free|sale|offer|deal|discount|money|loan|debt|credit|weight|luxury|shop|subscribe|today|now|our|ready|boost|grow|business|rich|invest[a-z0-9_]*|success|lose)\b|[0-9] ?%)",
    ),
    (
        Selling,
        0.25,
        "marketing",
        r"\b(?:click (?:here|the|on|below|this|now)|follow(?:ing)? (?:the )?link|shop now|order now|buy now|act now|limited time|don't miss|sign up (?:now|today|for)|visit (?:us|our|www|http)|check out (?:our|the|this|these|some)|learn more|read more|find out more|get started|download (?:the|our|now)|free (?:trial|shipping|gift|download|copy|quote)|special offer|promo(?:tion)? code|coupon|% off|gift card|follow us|like us|tell (?:a|your) friends?|terms and conditions|log ?in to your|your (?:free )?(?:account|subscription|order|password|membership|copy)|activate|newsletter|click\b|jetzt (?:kaufen|sichern|buchen)|verify your|update your (?:account|information|profile|payment))\b|\$link|\$ ?[0-9][0-9,]* (?:cash|today|now)",
    ),
    (
        Selling,
        0.35,
        "marketing",
        r"\b(?:our (?:customers|app|website|site|store|team of|newest|latest|exclusive|special|app's)|members|subscribers|guaranteed?|winners?|congratulations|bonus|million|app store|itunes|google play|webinar)\b",
    ),
    // Requests.
    (
        Request,
        0.93,
        "asks with \"could you\"",
        r"(?:^|[,;:.(!-] ?|\b(?:so|and|but|if|also|then|please|or|when|maybe|perhaps) )(?:can|could|would|will|cld|wld) (?:you|u|y'all|someone|somebody|anyone|one of you)\b(?: guys| all| both)?",
    ),
    (
        Request,
        0.85,
        "asks with \"could we\"",
        r"^(?:can|could|may|might|shall|should) (?:we|i) (?:please |maybe |possibly |perhaps |also |just )?[a-z]+",
    ),
    (
        Request,
        0.88,
        "asks with \"please\"",
        r"(?:^|[,;:(-] ?|\b(?:and|so|then|but|also|would you|could you|can you|if so|or) )(?:please|pls|plz|kindly)[, ]+(?:also |do |just |do not |don't |kindly |feel free to )?[a-z]+",
    ),
    (
        Request,
        0.8,
        "asks with \"please\"",
        r"\b(?:please|pls|plz)[.!?]*$|\bplease (?:let|send|call|confirm|check|review|advise|forward|give|provide|make|take|reply|respond|contact|tell|keep|get|add|include|ensure|email|e-mail|help|use)\b",
    ),
    (
        Request,
        0.88,
        "asks to be told",
        r"\b(?:let (?:me|us|him|her|them|everyone|everybody|[a-z]+) know|lmk|keep (?:me|us) (?:posted|informed|updated|in the loop|advised)|(?:get|come|write|report) back to (?:me|us)|give (?:me|us) (?:a|your|some|the|an|feedback)|tell (?:me|us)\b|send (?:me|us|it|them|this|that|over|him|her)\b|call me\b|e-?mail me|drop me|shoot me|text me|ping me|return my call|remind me)",
    ),
    (
        Request,
        0.9,
        "indirect question",
        r"\b(?:i was|i'm|i am|we were|was|just|been|we are|we're) (?:just |also |really |curious and )?(?:wondering|curious|hoping)\b|^wondering (?:if|whether|what|when|how|who)\b|\bi wonder (?:if|whether|what|when|how|who) (?:you|we|it|there)",
    ),
    (
        Request,
        0.85,
        "indirect question",
        r"\b(?:(?:any|some|a) (?:chance|possibility|way) (?:to|of|that|you|we|i)|(?:would it be|is it|if it's|be) possible (?:to|for|that|if)|do you (?:happen to )?(?:know|have|think|want|need|mind|remember|recall)|could i (?:ask|trouble|bother)|may i ask|can i (?:ask|get|have)|might you|mind if i)\b",
    ),
    (
        Request,
        0.85,
        "indirect question",
        r"\b(?:asks?|asked|asking|want(?:s|ed)? to know|need(?:s|ed)? to know|like to (?:know|understand|hear|confirm|ask)|interested to (?:know|hear)|curious) (?:you |me |us )?(?:at |by |for |in |about |to |on |from |until )?(?:what|when|whether|if|how|who|whom|which|where|why)\b",
    ),
    (
        Request,
        0.82,
        "asks with \"I would appreciate\"",
        r"\b(?:i|we)(?:'d| would| will|'ll)? (?:really |greatly |very much |so |also |certainly |much )?(?:appreciate (?:it if|if|your|any|a|an|the|hearing|some|knowing)|be (?:very |most |so |really |extremely )?(?:grateful|thankful|obliged|happy if|glad if|pleased if) ?(?:if|for|to|you)?)|\bwould be (?:greatly |much |very )?appreciated|\bgrateful (?:if|for (?:your|any))",
    ),
    (
        Request,
        0.82,
        "asks with \"it would be great if\"",
        r"\b(?:it|that)(?:'d| would| will|'ll) be (?:really |very |so |most |extremely |super |absolutely )?(?:great|good|helpful|nice|useful|wonderful|fantastic|ideal|best|appreciated|lovely|cool|perfect|awesome|better|a (?:great|big) help) (?:if|to (?:have|get|know|hear|see)|for you|could)",
    ),
    (
        Request,
        0.78,
        "says what they would like of you",
        r"\b(?:i|we)(?:'d| would| should)? (?:also |really |just |still )?(?:like|love|want|need|prefer|expect) (?:for )?(?:you(?:r)? |to (?:ask|get|see|hear|know|schedule|discuss|set up|meet|talk|have you|request|invite|speak|chat|arrange|receive|hear from|understand|confirm|catch up|get together|pick your|visit with you))",
    ),
    (
        Request,
        0.76,
        "says what is needed",
        r"\b(?:i|we)(?:'ll| will| do| still| also| really| just|'d)? need (?:to (?:know|have|get|see|hear|receive|talk|meet|discuss|set up|schedule)|you\b|your\b|this\b|it\b|them\b|these\b|help|someone|approval|confirmation|(?:a|an|the|some|any|all)\b.{0,60}\b(?:by|before|from you|asap|today|tomorrow|soon|immediately)\b)|\bneeds? (?:your|to be (?:done|completed|signed|sent|submitted|approved|reviewed))\b",
    ),
    (
        Request,
        0.66,
        "says what you should do",
        r"\byou (?:really |also |all |both |guys |will )?(?:need to|should|must|have to|'ll have to|ought to|may want to|might want to|can (?:send|call|reach me|give|let))\b|\b(?:make sure|don't forget|do not forget|be sure|remember to|be sure to|try to|ensure that|see (?:if|that|whether) you)\b|\bif you (?:could|would|can|wouldn't mind|don't mind)\b",
    ),
    (Request, 0.72, "bare request", IMPERATIVE),
    (
        Request,
        0.55,
        "bare request",
        r"^(?:feel free|let's|lets|let us|shall we|why don't (?:you|we)|how about|what about|maybe we (?:could|can|should)|perhaps we|we should|you are invited|you're invited|give .{1,20} a (?:call|shout|ring|holler))\b",
    ),
    (
        Request,
        0.8,
        "asks for news",
        r"\b(?:any (?:news|update|updates|progress|word|luck|thoughts|feedback|ideas|idea|comments|suggestions|objections|plans|interest)\b|(?:just |i am |i'm |am |wanted to )(?:checking in|following up|circling back|follow up|check in|chasing|check (?:if|whether|on|that))|following up on|gentle reminder|friendly reminder|(?:still )?waiting (?:for|on) (?:your|you|the|a) )|\b(?:your|you) (?:thoughts|feedback|view|opinion|take|input|advice|comments|approval|confirmation|availability) (?:on|about|by|would|is|are|please)\b|^thoughts\b|^comments\?|^(?:your )?(?:view|opinion|feedback)\?",
    ),
    (
        Request,
        0.74,
        "asks for a time",
        r"\b(?:(?:schedule|set up|arrange|plan|have|do|organi[sz]e|hop on|get on|jump on) (?:a|an|some|another|the) (?:[a-z0-9_]+ )?(?:call|meeting|time|chat|conference|lunch|coffee|demo|conversation|session|appointment)\b.{0,60}(?:with you|next|this|tomorrow|monday|tuesday|wednesday|thursday|friday|week|soon|\?|to (?:discuss|talk|go over|review))|(?:are|r) you (?:free|available|around|open|up for|interested|able|coming|going|planning|ok|okay)|what time (?:works|suits|is)|when (?:works|suits|would|can|could|are|is|do|will)\b|(?:let's|can we|could we|shall we|should we|like to) (?:get together|meet)|meet with me|join (?:us|me)|see you at .{1,30}\?|work for you|works for you|suits you|your (?:availability|calendar|schedule))\b",
    ),
    // Requests of the other languages.
    (
        Request,
        0.9,
        "bittet",
        r"\b(?:bitte|kannst du|konntest du|konnten sie|konnen sie|konntet ihr|konnt ihr|kann jemand|wurdest du|wurden sie|ware (?:es|super|toll|schon|nett)\b.{0,40}\bwenn|magst du|mochtest du|sag(?:e|t)? (?:mir|uns)|gib (?:mir|uns)|gebt|lass (?:mich|uns) wissen|lassen sie (?:mich|uns) wissen|schick(?:e|t)? (?:mir|uns)|sende? (?:mir|uns)|melde dich|melden sie sich|ich (?:brauche|benotige)|wir (?:brauchen|benotigen) .{0,60}\b(?:bis|noch)|hast du zeit|passt (?:es|dir|ihnen|euch)|ich (?:wollte|wurde gern[e]?) (?:fragen|wissen)|gibt es (?:schon )?(?:neuigkeiten|etwas neues))\b",
    ),
    (
        Request,
        0.9,
        "demande",
        r"\b(?:merci (?:aussi |egalement |donc |bien vouloir )?de (?:me |m'|nous |bien |ne |vous |confirmer|preciser|valider|faire|repondre|transmettre|completer|l')|merci (?:aussi |egalement )?d'|peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|s'il (?:te|vous) plait|svp|stp|veuillez|dites-moi|dis-moi|envoyez|envoie-moi|envoie|faites-moi|j'aimerais (?:savoir|avoir)|je voudrais|nous aurions besoin|j'aurais besoin|j'ai besoin|auriez-vous|seriez-vous|serait-il possible|tenez-moi|confirmez|n'oubliez? pas)",
    ),
    (
        Request,
        0.9,
        "pide",
        r"\b(?:por favor|puedes|podrias|podria(?:is|n)?|puede(?:s|n)? (?:usted|enviar|mandar|confirmar|decir)|envia(?:me|nos)|enviame|mandame|dime|digame|diganos|me gustaria (?:saber|tener)|quisiera (?:saber|pedir)|necesito|necesitamos|me (?:puedes|puede|podrias) |avisa(?:me)?|confirma(?:me)?|te agradeceria|agradeceria|seria posible|no olvides|hazme|tienes (?:tiempo|un momento)|te va bien|te viene bien)\b",
    ),
    (
        Request,
        0.9,
        "chiede",
        r"\b(?:per favore|per cortesia|per piacere|puoi|potresti|potete|potreste|potrebbe|mandami|inviami|fammi sapere|fatemi sapere|mi faccia sapere|dimmi|mi serve|ci serve|avrei bisogno|vorrei sapere|gradirei|ti sarei grat[oa]|sarebbe possibile|non dimenticare|confermami|hai tempo|ti va bene)\b",
    ),
    (
        Request,
        0.9,
        "vraagt",
        r"\b(?:alsjeblieft|alstublieft|a\.u\.b|aub|svp|graag (?:een|je|uw|even|voor|ontvang|hoor|zou)|kun je|kunt u|kan je|kunnen jullie|kun jij|zou je|zou u|zouden jullie|wil je|wilt u|stuur (?:me|mij|ons)|laat (?:me|mij|ons|het)(?: even)? weten|ik (?:heb .{1,40} nodig|hoor graag|zou graag)|vergeet niet|heb je tijd|schikt)\b",
    ),
    (
        Request,
        0.9,
        "pede",
        r"\b(?:por favor|pode(?:ria|s|m)? (?:me|nos|voce|enviar|mandar|confirmar|dizer|fazer|verificar|ver|por|ajudar|compartilhar|passar)|poderia|poderias|podes|me (?:envie|mande|avise|confirme|diga)|envie(?:-me)?|mande|avise|gostaria de (?:saber|pedir|ter)|preciso (?:de|que|do|da)|precisamos|agradeceria|seria possivel|nao (?:se )?esqueca|diga-me|me diga|tem tempo|voce (?:pode|tem|poderia|consegue))\b",
    ),
    // Questions.
    (Question, 0.9, "ends in a question mark and begins as a question", r"\A(?:QUESTION)[^?]*\?"),
];

/// Words before the ask itself: a vocative is cut elsewhere.
static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^(?:["'(*¿_\x01 ]+|(?:hi|hello|hey|dear|hallo|hola|ciao|bonjour|ola)(?: [a-z'-]+){0,3} ?[,!:-]+ |"#,
        r"(?:and|also|but|so|then|ok|okay|well|now|btw|by the way|ps|p\.s\.?|additionally|finally|first(?:ly)?|second(?:ly)?|third(?:ly)?|last(?:ly)?|in addition|otherwise|meanwhile|anyway|sorry|oh|yes|no|again|just|actually|besides|plus|further(?:more)?|in the meantime|if (?:possible|so|not)|thanks|thank you|quick (?:question|one)|(?:one|another|a) (?:more |last |other |quick |further |small )?(?:thing|question|request|point)|my question(?: is)?|question|und|auch|aber|ausserdem|noch eine frage|eine frage|also|et|aussi|mais|alors|y|tambien|pero|e|anche|ma|inoltre|en|ook|maar|tambem|mas)(?:[,:;.!-]+ ?| ))+"
    ))
    .ok()
});

struct Rules {
    set: RegexSet,
    question: Regex,
}

static RULESET: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let patterns = RULES
        .iter()
        .map(|(_, _, _, pattern)| pattern.replace("QUESTION", QUESTION_START.trim_start_matches('^')));
    let set = RegexSetBuilder::new(patterns)
        .unicode(false)
        .size_limit(64 << 20)
        .dfa_size_limit(32 << 20)
        .build()
        .ok()?;
    Some(Rules { set, question: Regex::new(QUESTION_START).ok()? })
});

/// How many bytes of lead-in stand before the ask: "And also, ", "Quick question: ", "Hi Sam, ".
pub(super) fn lead_in(plain: &str) -> usize {
    LEAD.as_ref().and_then(|lead| lead.find(plain)).map_or(0, |found| found.end())
}

/// Whether a folded text begins as a question does.
pub(super) fn begins_as_question(plain: &str) -> bool {
    RULESET.as_ref().is_some_and(|rules| rules.question.is_match(plain))
}

/// Whether a folded sentence ends in a question mark, closing quotes and brackets aside.
pub(super) fn ends_in_question_mark(plain: &str) -> bool {
    let end = plain.trim_end_matches(['"', '\'', ')', ']', '!', '.', ' ', '*', '_', '\u{1}', ':', '-']);
    end.ends_with('?') && !ends_in_url(end)
}

fn ends_in_url(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default();
    word.contains("://") || word.starts_with("www.")
}

/// What gives the folded sentence away; `None` where nothing does.
pub(super) fn clue(sentence: &str) -> Option<Clue> {
    let rules = RULESET.as_ref()?;
    let whole = sentence.trim();
    let lead = lead_in(whole);
    let core = whole.get(lead..).filter(|core| !core.is_empty()).unwrap_or(whole);
    let marked = ends_in_question_mark(whole);
    let starts = rules.question.is_match(core);
    let mut best = Clue { score: 0.0, question: marked, reason: "" };
    let (mut never, mut selling) = (1.0_f64, 1.0_f64);
    let mut consider = |found: SetMatches| {
        for index in &found {
            let Some((says, score, reason, _)) = RULES.get(index) else { continue };
            match says {
                Never => never = never.min(*score),
                Selling => selling = selling.min(*score),
                Question | Request if *score > best.score => {
                    best = Clue { score: *score, question: marked || (*says == Question), reason };
                }
                Question | Request => {}
            }
        }
    };
    consider(rules.set.matches(core.as_bytes()));
    if lead > 0 {
        consider(rules.set.matches(whole.as_bytes()));
    }
    if marked {
        let (score, reason) = if starts {
            (0.92, "ends in a question mark and begins as a question")
        } else if has_word(
            core,
            &["you", "your", "du", "sie", "ihr", "vous", "tu", "usted", "voce", "je", "u"],
        ) {
            (0.85, "ends in a question mark and speaks to you")
        } else {
            (0.72, "ends in a question mark")
        };
        if score > best.score {
            best = Clue { score, question: true, reason };
        }
    }
    if best.score == 0.0 {
        return None;
    }
    best.question = marked;
    // A strong ask beside a polite phrase stays one: "Thanks for the file, could you resend it?"
    if never < 1.0 && (best.score < 0.9 || !marked || never < 0.11) {
        best.score = best.score.min(never);
    }
    if selling < 1.0 {
        best.score =
            best.score.min(selling.max(if marked && selling > 0.3 && best.score > 0.9 { 0.6 } else { 0.0 }));
    }
    // "You" of everybody in a long text asks less than a short sentence does.
    if whole.len() > 400 && !marked {
        best.score *= 0.7;
    }
    Some(best)
}

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{LEAD, RULESET};

    #[test]
    fn every_rule_compiles() {
        assert!(RULESET.is_some());
        assert!(LEAD.is_some());
    }
}
