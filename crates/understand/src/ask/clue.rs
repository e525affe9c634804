//! Whether a sentence asks its reader for something, and what gave it away.
//!
//! Rules only, on folded text; the weights are the share of sentences of that shape that do ask.
//!
//! # Source
//! Weights were set by hand and checked on the Parakweet intent set (Apache-2.0) and the verified
//! Enron intent set (MIT); no row of theirs is in the code. The rules for complaints, for what somebody would like and
//! for implied asks in six languages were written against the odd half of corpus/asks.

use crate::pattern::{Pattern, has_word, starts_with_any};

/// What a rule says about a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
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

/// The reason of a sentence that says what is wrong.
pub(super) const COMPLAINS: &str = "complains";

/// The reason of a sentence that says what somebody would like.
pub(super) const WOULD_LIKE: &str = "says what they would like";

use Says::{Never, Request, Selling};

/// Question words and auxiliaries that begin a question, by language, after a lead-in.
const QUESTION_START: &str = concat!(
    "what|who|whom|whose|when|where|which|why|how|do|does|did|is|are|was|were|has|have|had|can|could|",
    "will|would|should|shall|may|might|am|any|anything|anyone|isn't|aren't|don't|doesn't|didn't|",
    "won't|can't|couldn't|wouldn't|haven't|hasn't|shouldn't|wer|wen|wem|wann|wo|wohin|woher|warum|",
    "wieso|weshalb|wie|wieviel|welche|welcher|welches|welchen|welchem|bis wann|ab wann|seit wann|",
    "kann|kannst|konnen|konnte|konntest|konnten|konntet|wurdest|wurden|durfen|darf|soll|sollen|hast|",
    "habt|haben|hat|ist|sind|gibt|gilt|passt|wird|werden|mochtest|willst|brauchst|brauchen|lauft|qui|",
    "que|quoi|quand|ou|pourquoi|comment|combien|quel|quelle|quels|quelles|est-ce|peux-tu|pouvez-vous|",
    "pourriez-vous|pourrais-tu|avez-vous|as-tu|y a-t-il|serait-il|quien|quienes|cuando|donde|por que|",
    "como|cuanto|cuanta|cuantos|cuantas|cual|cuales|puedes|puede|podrias|podria|podeis|pueden|tienes|",
    "tiene|teneis|hay|chi|che|cosa|dove|perche|quanto|quanta|quanti|quale|quali|puoi|potresti|potete|",
    "potreste|potrebbe|avete|hai|c'e|wat|wanneer|waar|waarom|hoe|hoeveel|welk|welke|kun|kunt|kunnen|",
    "zou|zouden|heb|hebben|heeft|is er|zijn|quem|quando|onde|porque|quantos|quantas|qual|quais|pode|",
    "podes|poderia|podem|voce|tem"
);

/// Verbs that begin a bare imperative in mail.
///
/// # Source
/// The commonest sentence-initial verbs of request sentences in business mail (Cohen, Carvalho and
/// Mitchell, Learning to Classify Email into Speech Acts, EMNLP 2004).
const IMPERATIVE: &str = concat!(
    "send|resend|share|forward|fwd|review|check|confirm|call|tell|give|provide|schedule|set up|add|",
    "update|fix|bring|book|sign|approve|take a look|have a look|look at|look into|look over|",
    "look through|make|try|put|get|keep|remember|reply|respond|advise|arrange|attach|ask|contact|",
    "submit|complete|fill|print|prepare|draft a|draft an|draft the|draft your|draft me|draft us|",
    "draft it|write|include|remove|delete|change|move|cancel|verify|ensure|pick|drop|stop|start|hold|",
    "note down|email|e-mail|mail|text|ping|phone|invite|introduce|notify|inform|follow up|get back|",
    "come|join|go ahead|go over|read|help|use|talk|speak|work with|coordinate|handle|deal with|",
    "find out|figure out|think about|consider|meet|plan to|plan for|plan on|wait|don't send|",
    "don't share|don't forward|don't use|don't do|don't tell|don't go|don't delete|don't change|",
    "don't wait|do not send|do not share|do not forward|do not use|do not do|do not tell|do not go|",
    "do not delete|do not change|do not wait|do not hesitate|let me|let us|let him|let her|let them|",
    "let everyone|pass|post|run|see if|see whether|see that|leave|return|buy|order|pay|save|show|",
    "explain|describe|clarify|specify|suggest|propose|pls|plz|report back|report to|report on|revise|",
    "edit|copy me|copy us|copy the|copy in|cc|enter|finalize|finalise|proceed|discuss|touch base|",
    "bear with|do it|do this|do that|do the|do your|do not forget|be sure|be there|be ready|",
    "be prepared|be available|paste|press|click|open|download|install|log in|sign up|visit|treat|",
    "charge|mark|turn|set|address|finish|answer|watch|listen|choose|select|vote|rsvp"
);

/// One shape of sentence and what it says.
struct Rule {
    says: Says,
    score: f64,
    reason: &'static str,
    test: Test,
}

enum Test {
    Matches(Pattern),
    Starts(&'static str),
}

const fn rule(
    says: Says,
    score: f64,
    reason: &'static str,
    triggers: &'static str,
    pattern: &'static str,
) -> Rule {
    Rule { says, score, reason, test: Test::Matches(Pattern::when(triggers, pattern)) }
}

impl Rule {
    fn fits(&self, text: &str) -> bool {
        match &self.test {
            Test::Matches(pattern) => pattern.is_match(text),
            Test::Starts(words) => starts_with_any(text, words).is_some(),
        }
    }
}

static RULES: [Rule; 48] = [
    rule(
        Never,
        0.05,
        "greeting",
        "how are |how r ",
        r"^(?:(?:hi|hello|hey|dear)\b[^?]{0,30}[,!-] )?(?:and )?(?:so )?how (?:are|r) (?:you|things|u)(?: all| both| guys)?(?: doing| going| today| these days| feeling)?(?: today| these days)?,? ?[a-z]{0,12} ?\?",
    ),
    rule(
        Never,
        0.05,
        "greeting",
        "how's |how is |how are |what's up|how was |how did ",
        r"^how(?:'s| is| are) (?:it going|everything|life|things|the family|your (?:day|week|weekend))|^what's up\b|^how (?:was|is|did) your (?:weekend|holiday|vacation|trip)\b.{0,20}\?$",
    ),
    rule(
        Never,
        0.05,
        "greeting",
        "hope|trust |tutto bene|todo bien|tout va bien|alles goed|tudo certo|wie geht|comment |ca va|como |que tal|come s|come v|hoe gaat|tudo bem|alles ",
        r"^(?:i )?(?:hope|trust) (?:you|this|all|everything|that you|your)\b|^wie geht(?:'s| es)\b|^(?:tutto bene|todo bien|tout va bien|alles goed|tudo certo)\b|^comment (?:vas|allez|ca va)|^ca va\b|^como (?:estas|esta|vai|estais)\b|^que tal\b[^a-z]*$|^come (?:stai|va|state)\b|^hoe gaat het|^tudo bem\b|^alles (?:gut|klar) ?\?",
    ),
    rule(
        Never,
        0.1,
        "polite close",
        "if you ",
        r"\bif you (?:have|should have|need|had|got|require) (?:any|further|more|some|additional|other|anything)\b.{0,40}\b(?:questions?|concerns?|comments?|queries|issues|problems|information|details|assistance|help|info|clarification|else)?\b.{0,60}(?:let (?:me|us) know|call|contact|feel free|hesitate|reach|e-?mail|just (?:ask|reply)|get in touch|give (?:me|us))",
    ),
    rule(
        Never,
        0.1,
        "polite close",
        "if you have |if there are |with any|with further|should you have|if you need |if i can |if we can ",
        r"(?:let (?:me|us) know|call|contact|feel free|hesitate|reach out|give me a call|e-?mail).{0,70}\b(?:if (?:you have|there are) (?:any|further|more|other|additional)|with (?:any|further)|should you have|if you need (?:any|anything|further|more|additional)|if i can be of|if (?:i|we) can (?:help|assist|do anything|be of))",
    ),
    rule(
        Never,
        0.1,
        "polite close",
        concat!(
            "should you |in case you |^any |^for |^to get |qualquer duvida|mocht je|qualsiasi|fragen|n'hesitez|si vous avez|si tiene|no dude|non esitare|",
            "se hai domande|vragen|mocht u|caso tenha|se tiver|verfugung"
        ),
        r"^(?:should you|in case you) (?:have|need|require)\b|^any (?:other |further )?(?:questions|problems|concerns|comments)(?: or [a-z]+)?,? (?:just |please )?(?:let|call|ask|contact|feel)|^(?:for|to get) (?:more|further|additional|other) (?:details|information|info|help|questions)\b[^?]*|qualquer duvida\b|mocht je\b|qualsiasi dubbio\b|bei (?:ruck)?fragen\b|wenn (?:sie|du|ihr) (?:noch )?fragen|n'hesitez pas|si vous avez (?:des|d'autres) questions|si (?:tienes|tiene) (?:alguna )?(?:duda|pregunta)|no dudes? en|non esitare|se hai domande|als je (?:nog )?vragen|mocht u|caso tenha|se tiver (?:alguma )?(?:duvida|pergunta)|stehe .{0,30}zur verfugung",
    ),
    rule(
        Never,
        0.1,
        "attachment notice",
        "please",
        r"\bplease,? (?:find (?:attached|enclosed|below|here|herewith|hereby|the|our|my|an?|your|some|this|these|it|them|link|in|both|two|all|at)\b|see|note|be advised|be aware|be informed|accept (?:my|our)|excuse|forgive|pardon|ignore|disregard|refer|do not reply|don't reply|do not respond|consider the environment|read (?:the )?below)\b",
    ),
    rule(
        Never,
        0.1,
        "attachment notice",
        "attached|enclosed|below|anbei|anhang|trouver|ci-joint|adjunto|allegato|bijgevoegd|em anexo",
        r"^(?:(?:see|find) (?:the )?(?:attached|enclosed|below)|(?:attached|enclosed) (?:please|is|are)|anbei\b|im anhang|veuillez trouver|ci-joint|vous trouverez|adjunto|in allegato|bijgevoegd|em anexo|segue em anexo)",
    ),
    rule(
        Never,
        0.1,
        "polite close",
        "forward|in advance|appreciate|im voraus|thank you for",
        r"^(?:i |we )?look(?:ing)? forward to (?:seeing|meeting|hearing|working|talking|speaking|it|that|this|the|our|a|you\b|next|monday|tuesday|wednesday|thursday|friday|your (?:reply|response|answer|visit|message|mail|email|call|participation|presence|support|help))|^(?:i |we )?look(?:ing)? forward\.?$|\bappreciate (?:all )?(?:your|the) (?:cooperation|understanding|patience|help|support|time|assistance|business|interest)\b|^(?:many )?thanks in advance|^vielen dank im voraus|^thank you (?:for your (?:time|understanding|patience|help|cooperation|attention|interest|support))\b",
    ),
    rule(
        Never,
        0.1,
        "condition",
        "^if you ",
        r"^if you (?:can |could |still )?(?:tell|send|give|let|get|reply|answer|share|confirm)\b[^?]*\b(?:i|we)(?:'ll| can| could| will| shall)\b[^?]*$",
    ),
    rule(
        Never,
        0.1,
        "rhetorical",
        concat!(
            "^who |^right|^ok|^really|^seriously|^make|^why not|^so what|^guess what|^you know|^no|^yes|",
            "^deal|^agreed|^huh|^what|^eh|^how cool|^isn't |^can you believe|^can you imagine|^nicht wahr|",
            "^oder|^verdad|^d'accord|quien |^qui l'eut|^wer hatte|^chi l'avr|^wie had|^quem diria|^wer weiss|^qui sait"
        ),
        r"^(?:who knows|right|ok|okay|really|seriously|makes? sense|why not|so what|guess what|you know what|you know|no|yes|deal|agreed|huh|what|eh|what gives|who cares|who would have thought|how cool is that|(?:who|what) would(?: ever)? have (?:thought|guessed|expected)\b[^?]*|(?:.{0,2})quien (?:lo )?hubiera dicho|qui l'eut cru|wer hatte (?:das )?gedacht\b[^?]*|chi l'avrebbe detto|wie had dat gedacht|quem diria|isn't (?:that|it) (?:great|nice|funny|amazing|wonderful|awesome|cool)|can you (?:believe|imagine)\b[^?]*|nicht wahr|oder|no e vero|verdad|d'accord|quien sabe|wer weiss|qui sait) ?[?!]+$",
    ),
    rule(
        Never,
        0.1,
        "no reply wanted",
        "no reply|no response|no answer|no action|no need to|nothing |keine antwort|pas besoin",
        r"\b(?:no (?:reply|response|answer|action)(?: is)? (?:needed|necessary|required|expected)|no need to (?:reply|respond|answer)|nothing (?:needed|to do) (?:from you|on your (?:side|end|part))|keine antwort notig|pas besoin de repondre)\b",
    ),
    rule(
        Never,
        0.15,
        "opt-out notice",
        concat!(
            "unsubscribe|opt-out|opt out|remove you|stop receiving|no longer |reached you|you have received|",
            "you are received|not the intended|in error|browser|abmelden|desabonner|darse de baja"
        ),
        r"\b(?:unsubscribe|opt[- ]out|opt out|remove (?:your(?:self)?|you) (?:from|name)|stop receiving|no longer (?:wish|want|like) to receive|if (?:this (?:e-?mail|message) (?:has )?reached you|you (?:have|are) (?:received|not the intended))|in error|view (?:it |this )?(?:e-?mail )?in (?:your|a) browser|abmelden|se desabonner|darse de baja)\b",
    ),
    rule(
        Never,
        0.12,
        "tells of their own",
        "let you know|let u know|have a|have an|'ve a",
        r"\b(?:i|we|he|she|they)(?:'ll| will| can| shall| would)? (?:also |then |be sure to )?let (?:you|u) know\b[^?]*$|^(?:i|we)(?:'ve| have)(?: got)? (?:a|an|another) (?:[a-z]+ )?(?:meeting|call|appointment|class|conference|flight)\b[^?]*$",
    ),
    rule(
        Never,
        0.15,
        "reported",
        "asked|told|called|sent|checked|reviewed|confirmed|forwarded|answered|replied",
        r"^(?:i|we|he|she|they) (?:did|have|had|was|were|will|can|could|should|would|might|just)? ?(?:asked|told|called|sent|checked|reviewed|confirmed|forwarded|answered|replied)\b[^?]*$",
    ),
    rule(
        Selling,
        0.3,
        "marketing",
        concat!(
            "^are you |^ready to |^still |^want to |^looking |^tired of |^need |^wanna |^interested in |",
            "^struggling |^thinking |^wondering how to |^did you know|^who |^what's |^why |^how |^have you "
        ),
        r"^(?:are you |ready to |still |want to |looking (?:for|to) |tired of |need (?:a|an|some|help|more) |wanna |interested in |struggling |thinking (?:of|about) |wondering how to |did you know|who (?:says|doesn't)|what's (?:new|next|inside)|why (?:wait|pay|choose|settle)|how (?:much|many) (?:could you|can you) (?:save|earn)|have you (?:ever|heard|tried|always))[^?]*(?:\b(?:save|saving|savings|earn|win|free|sale|offer|deal|discount|money|loan|debt|credit|weight|luxury|shop|subscribe|today|now|our|ready|boost|grow|business|rich|invest[a-z0-9_]*|success|lose)\b|[0-9] ?%)",
    ),
    rule(
        Selling,
        0.25,
        "marketing",
        concat!(
            "click|link|shop now|order now|buy now|act now|limited time|don't miss|sign up|visit |check out|",
            "learn more|read more|find out more|get started|download|free |special offer|promo|coupon|% off|",
            "gift card|follow us|like us|tell a friend|tell your friend|terms and conditions|in to your|",
            "your account|your subscription|your order|your password|your membership|your copy|activate|",
            "newsletter|jetzt |verify your|update your|$"
        ),
        r"\b(?:click (?:here|the|on|below|this|now)|follow(?:ing)? (?:the )?link|shop now|order now|buy now|act now|limited time|don't miss|sign up (?:now|today|for)|visit (?:us|our|www|http)|check out (?:our|the|this|these|some)|learn more|read more|find out more|get started|download (?:the|our|now)|free (?:trial|shipping|gift|download|copy|quote)|special offer|promo(?:tion)? code|coupon|% off|gift card|follow us|like us|tell (?:a|your) friends?|terms and conditions|log ?in to your|your (?:free )?(?:account|subscription|order|password|membership|copy)|activate|newsletter|click\b|jetzt (?:kaufen|sichern|buchen)|verify your|update your (?:account|information|profile|payment))\b|\$link|\$ ?[0-9][0-9,]* (?:cash|today|now)",
    ),
    rule(
        Selling,
        0.35,
        "marketing",
        concat!(
            "our customers|our app|our website|our site|our store|our team of|our newest|our latest|",
            "our exclusive|our special|members|subscribers|guarantee|winner|congratulations|bonus|million|",
            "app store|itunes|google play|webinar"
        ),
        r"\b(?:our (?:customers|app|website|site|store|team of|newest|latest|exclusive|special|app's)|members|subscribers|guaranteed?|winners?|congratulations|bonus|million|app store|itunes|google play|webinar)\b",
    ),
    rule(
        Request,
        0.93,
        "asks with \"could you\"",
        concat!(
            "can you|could you|would you|will you|cld |wld |can u|could u|would u|will u| someone| somebody|",
            " anyone| one of you| y'all"
        ),
        r"(?:^|[,;:.(!-] ?|\b(?:so|and|but|if|also|then|please|or|when|maybe|perhaps) )(?:can|could|would|will|cld|wld) (?:you|u|y'all|someone|somebody|anyone|one of you)\b(?: guys| all| both)?",
    ),
    rule(
        Request,
        0.85,
        "asks with \"could we\"",
        "^can |^could |^may |^might |^shall |^should ",
        r"^(?:can|could|may|might|shall|should) (?:we|i) (?:please |maybe |possibly |perhaps |also |just )?[a-z]+",
    ),
    rule(
        Request,
        0.88,
        "asks with \"please\"",
        "please|pls|plz|kindly",
        r"(?:^|[,;:(-] ?|\b(?:and|so|then|but|also|would you|could you|can you|if so|or) )(?:please|pls|plz|kindly)[, ]+(?:also |do |just |do not |don't |kindly |feel free to )?[a-z]+",
    ),
    rule(
        Request,
        0.8,
        "asks with \"please\"",
        "please|pls|plz",
        r"\b(?:please|pls|plz)[.!?]*$|\bplease (?:let|send|call|confirm|check|review|advise|forward|give|provide|make|take|reply|respond|contact|tell|keep|get|add|include|ensure|email|e-mail|help|use)\b",
    ),
    rule(
        Request,
        0.88,
        "asks to be told",
        concat!(
            "know|lmk|keep me|keep us|back to |give me|give us|tell me|tell us|send |call me|mail me|drop me|",
            "shoot me|text me|ping me|return my call|remind me"
        ),
        r"\b(?:let (?:me|us|him|her|them|everyone|everybody|[a-z]+) know|lmk|keep (?:me|us) (?:posted|informed|updated|in the loop|advised)|(?:get|come|write|report) back to (?:me|us)|give (?:me|us) (?:a|your|some|the|an|feedback)|tell (?:me|us)\b|send (?:me|us|it|them|this|that|over|him|her)\b|call me\b|e-?mail me|drop me|shoot me|text me|ping me|return my call|remind me)",
    ),
    rule(
        Request,
        0.9,
        "indirect question",
        "wonder|curious|hoping",
        r"\b(?:i was|i'm|i am|we were|was|just|been|we are|we're) (?:just |also |really |curious and )?(?:wondering|curious|hoping)\b|^wondering (?:if|whether|what|when|how|who)\b|\bi wonder (?:if|whether|what|when|how|who) (?:you|we|it|there)",
    ),
    rule(
        Request,
        0.85,
        "indirect question",
        "chance|possibility| way|possible|do you |could i |may i ask|can i |might you|mind if i",
        r"\b(?:(?:any|some|a) (?:chance|possibility|way) (?:to|of|that|you|we|i)|(?:would it be|is it|if it's|be) possible (?:to|for|that|if)|do you (?:happen to )?(?:know|have|think|want|need|mind|remember|recall)|could i (?:ask|trouble|bother)|may i ask|can i (?:ask|get|have)|might you|mind if i)\b",
    ),
    rule(
        Request,
        0.85,
        "indirect question",
        "ask|to know|like to |interested to|curious",
        r"\b(?:asks?|asked|asking|want(?:s|ed)? to know|need(?:s|ed)? to know|like to (?:know|understand|hear|confirm|ask)|interested to (?:know|hear)|curious) (?:you |me |us )?(?:at |by |for |in |about |to |on |from |until )?(?:what|when|whether|if|how|who|whom|which|where|why)\b",
    ),
    rule(
        Request,
        0.82,
        "asks with \"I would appreciate\"",
        "appreciat|grateful|thankful|obliged|happy if|glad if|pleased if",
        r"\b(?:i|we)(?:'d| would| will|'ll)? (?:really |greatly |very much |so |also |certainly |much )?(?:appreciate (?:it if|if|your|any|a|an|the|hearing|some|knowing)|be (?:very |most |so |really |extremely )?(?:grateful|thankful|obliged|happy if|glad if|pleased if) ?(?:if|for|to|you)?)|\bwould be (?:greatly |much |very )?appreciated|\bgrateful (?:if|for (?:your|any))",
    ),
    rule(
        Request,
        0.82,
        "asks with \"it would be great if\"",
        "'d be |would be |will be |'ll be ",
        r"\b(?:it|that)(?:'d| would| will|'ll) be (?:really |very |so |most |extremely |super |absolutely )?(?:great|good|helpful|nice|useful|wonderful|fantastic|ideal|best|appreciated|lovely|cool|perfect|awesome|better|a (?:great|big) help) (?:if|to (?:have|get|know|hear|see)|for you|could)",
    ),
    rule(
        Request,
        0.78,
        "says what they would like of you",
        "like |love |want |need |prefer |expect ",
        r"\b(?:i|we)(?:'d| would| should)? (?:also |really |just |still )?(?:like|love|want|need|prefer|expect) (?:for )?(?:you(?:r)? |to (?:ask|get|see|hear|know|schedule|discuss|set up|meet|talk|have you|request|invite|speak|chat|arrange|receive|hear from|understand|confirm|catch up|get together|pick your|visit with you))",
    ),
    rule(
        Request,
        0.76,
        "says what is needed",
        "need",
        r"\b(?:i|we)(?:'ll| will| do| still| also| really| just|'d)? need (?:to (?:know|have|get|see|hear|receive|talk|meet|discuss|set up|schedule)|you\b|your\b|this\b|it\b|them\b|these\b|help|someone|approval|confirmation|(?:a|an|the|some|any|all)\b.{0,60}\b(?:by|before|from you|asap|today|tomorrow|soon|immediately)\b)|\b(?:i|we) (?:would|shall|will|should|must)(?: also| still)? (?:need|require)\b|\b(?:i|we)(?: also| still)? need (?:the|two|three|four|somebody|some) [a-z]|\b(?:i|we)(?: also| still)? need an? (?:list|copy|number|quote|signature|decision|confirmation|signed|updated|final|revised)\b|^need (?:the|your|a|an|some|confirmation)\b|\bneeds? (?:your|to be (?:done|completed|signed|sent|submitted|approved|reviewed))\b",
    ),
    rule(
        Request,
        0.66,
        "says what you should do",
        "you |make sure|forget|be sure|remember to|try to|ensure that",
        r"\byou (?:really |also |all |both |guys |will )?(?:need to|should|must|have to|'ll have to|ought to|may want to|might want to|can (?:send|call|reach me|give|let))\b|\b(?:make sure|don't forget|do not forget|be sure|remember to|be sure to|try to|ensure that|see (?:if|that|whether) you)\b|\bif you (?:could|would|can|wouldn't mind|don't mind)\b",
    ),
    Rule { says: Request, score: 0.72, reason: "bare request", test: Test::Starts(IMPERATIVE) },
    rule(
        Request,
        0.55,
        "bare request",
        concat!(
            "^feel free|^let|^shall we|^why don't|^how about|^what about|^maybe we|^perhaps we|^we should|",
            "^you|^give "
        ),
        r"^(?:feel free|let's|lets|let us|shall we|why don't (?:you|we)|how about|what about|maybe we (?:could|can|should)|perhaps we|we should|you are invited|you're invited|give .{1,20} a (?:call|shout|ring|holler))\b",
    ),
    rule(
        Request,
        0.8,
        "asks for news",
        concat!(
            "any |checking in|following up|circling back|follow up|check in|chasing|check if|check whether|",
            "check on|check that|reminder|waiting |thoughts|feedback|view|opinion|take|input|advice|comments|",
            "approval|confirmation|availability"
        ),
        r"\b(?:any (?:news|update|updates|progress|word|luck|thoughts|feedback|ideas|idea|comments|suggestions|objections|plans|interest)\b|(?:just |i am |i'm |am |wanted to )(?:checking in|following up|circling back|follow up|check in|chasing|check (?:if|whether|on|that))|following up on|gentle reminder|friendly reminder|(?:still )?waiting (?:for|on) (?:your|you|the|a) )|\b(?:your|you) (?:thoughts|feedback|view|opinion|take|input|advice|comments|approval|confirmation|availability) (?:on|about|by|would|is|are|please)\b|^thoughts\b|^comments\?|^(?:your )?(?:view|opinion|feedback)\?",
    ),
    rule(
        Request,
        0.74,
        "asks for a time",
        concat!(
            "call|meeting|time|chat|conference|lunch|coffee|demo|conversation|session|appointment|are you |",
            "r you |when |get together|meet|join |see you at|work for you|works for you|suits you|",
            "your availability|your calendar|your schedule"
        ),
        r"\b(?:(?:schedule|set up|arrange|plan|have|do|organi[sz]e|hop on|get on|jump on) (?:a|an|some|another|the) (?:[a-z0-9_]+ )?(?:call|meeting|time|chat|conference|lunch|coffee|demo|conversation|session|appointment)\b.{0,60}(?:with you|next|this|tomorrow|monday|tuesday|wednesday|thursday|friday|week|soon|\?|to (?:discuss|talk|go over|review))|(?:are|r) you (?:free|available|around|open|up for|interested|able|coming|going|planning|ok|okay)|what time (?:works|suits|is)|when (?:works|suits|would|can|could|are|is|do|will)\b|(?:let's|can we|could we|shall we|should we|like to) (?:get together|meet)|meet with me|join (?:us|me)|see you at .{1,30}\?|work for you|works for you|suits you|your (?:availability|calendar|schedule))\b",
    ),
    rule(
        Request,
        0.9,
        "bittet",
        concat!(
            "bitte|kannst du|konntest du|konnten sie|konnen sie|konntet ihr|konnt ihr|kann jemand|wurdest du|",
            "wurden sie|ware es|ware super|ware toll|ware schon|ware nett|magst du|mochtest du|sag mir|",
            "sage mir|sagt mir|sag uns|sage uns|sagt uns|gib mir|gib uns|gebt|lass|schick|send mir|sende mir|",
            "send uns|sende uns|melde|ich brauche|ich benotige|wir brauchen|wir benotigen|ich wollte|",
            "ich wurde|hast du zeit|passt |gibt es "
        ),
        r"\b(?:bitte|kannst du|konntest du|konnten sie|konnen sie|konntet ihr|konnt ihr|kann jemand|wurdest du|wurden sie|ware (?:es|super|toll|schon|nett)\b.{0,40}\bwenn|magst du|mochtest du|sag(?:e|t)? (?:mir|uns)|gib (?:mir|uns)|gebt|lass (?:mich|uns) wissen|lassen sie (?:mich|uns) wissen|schick(?:e|t)? (?:mir|uns)|sende? (?:mir|uns)|melde dich|melden sie sich|ich (?:brauche|benotige)|wir (?:brauchen|benotigen) .{0,60}\b(?:bis|noch)|hast du zeit|passt (?:es|dir|ihnen|euch)|ich (?:wollte|wurde gern[e]?) (?:fragen|wissen)|gibt es (?:schon )?(?:neuigkeiten|etwas neues))\b",
    ),
    rule(
        Request,
        0.9,
        "demande",
        concat!(
            "merci |peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|plait|svp|stp|veuillez|dites-moi|dis-moi|",
            "envoyez|envoie|faites-moi|j'aimerais|je voudrais|besoin|auriez-vous|seriez-vous|serait-il|",
            "tenez-moi|confirmez|n'oublie"
        ),
        r"\b(?:merci (?:aussi |egalement |donc |bien vouloir )?de (?:me |m'|nous |bien |ne |vous |confirmer|preciser|valider|faire|repondre|transmettre|completer|l')|merci (?:aussi |egalement )?d'|peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|s'il (?:te|vous) plait|svp|stp|veuillez|dites-moi|dis-moi|envoyez|envoie-moi|envoie|faites-moi|j'aimerais (?:savoir|avoir)|je voudrais|nous aurions besoin|j'aurais besoin|j'ai besoin|auriez-vous|seriez-vous|serait-il possible|tenez-moi|confirmez|n'oubliez? pas)",
    ),
    rule(
        Request,
        0.9,
        "pide",
        concat!(
            "por favor|puede|podria|envia|mandame|dime|digame|diganos|gustaria|quisiera|necesit|avisa|",
            "confirma|agradeceria|seria posible|no olvides|hazme|tienes |te va bien|te viene bien"
        ),
        r"\b(?:por favor|puedes|podrias|podria(?:is|n)?|puede(?:s|n)? (?:usted|enviar|mandar|confirmar|decir)|envia(?:me|nos)|enviame|mandame|dime|digame|diganos|me gustaria (?:saber|tener)|quisiera (?:saber|pedir)|necesito|necesitamos|me (?:puedes|puede|podrias) |avisa(?:me)?|confirma(?:me)?|te agradeceria|agradeceria|seria posible|no olvides|hazme|tienes (?:tiempo|un momento)|te va bien|te viene bien)\b",
    ),
    rule(
        Request,
        0.9,
        "chiede",
        concat!(
            "per favore|per cortesia|per piacere|puoi|potre|potete|mandami|inviami|sapere|dimmi|mi serve|",
            "ci serve|avrei bisogno|gradirei|sarei grat|sarebbe possibile|non dimenticare|confermami|",
            "hai tempo|ti va bene"
        ),
        r"\b(?:per favore|per cortesia|per piacere|puoi|potresti|potete|potreste|potrebbe|mandami|inviami|fammi sapere|fatemi sapere|mi faccia sapere|dimmi|mi serve|ci serve|avrei bisogno|vorrei sapere|gradirei|ti sarei grat[oa]|sarebbe possibile|non dimenticare|confermami|hai tempo|ti va bene)\b",
    ),
    rule(
        Request,
        0.9,
        "vraagt",
        concat!(
            "alsjeblieft|alstublieft|a.u.b|=aub|=svp|graag |kun je|kunt u|kan je|kunnen jullie|kun jij|zou|",
            "wil je|wilt u|stuur |laat |ik heb |ik hoor |ik zou |vergeet niet|heb je tijd|schikt"
        ),
        r"\b(?:alsjeblieft|alstublieft|a\.u\.b|aub|svp|graag (?:een|je|uw|even|voor|ontvang|hoor|zou)|kun je|kunt u|kan je|kunnen jullie|kun jij|zou je|zou u|zouden jullie|wil je|wilt u|stuur (?:me|mij|ons)|laat (?:me|mij|ons|het)(?: even)? weten|ik (?:heb .{1,40} nodig|hoor graag|zou graag)|vergeet niet|heb je tijd|schikt)\b",
    ),
    rule(
        Request,
        0.9,
        "pede",
        concat!(
            "por favor|=pode|=podem|=podes|=poderia|=poderias|pode me|me envie|me mande|me avise|me confirme|",
            "me diga|=envie|=mande|=avise|gostaria de|=preciso|precisamos|agradeceria|seria possivel|esqueca|",
            "diga-me|tem tempo|voce "
        ),
        r"\b(?:por favor|pode(?:ria|s|m)? (?:me|nos|voce|enviar|mandar|confirmar|dizer|fazer|verificar|ver|por|ajudar|compartilhar|passar)|poderia|poderias|podes|me (?:envie|mande|avise|confirme|diga)|envie(?:-me)?|mande|avise|gostaria de (?:saber|pedir|ter)|preciso (?:de|que|do|da)|precisamos|agradeceria|seria possivel|nao (?:se )?esqueca|diga-me|me diga|tem tempo|voce (?:pode|tem|poderia|consegue))\b",
    ),
    rule(
        Request,
        0.72,
        WOULD_LIKE,
        "would like|would love|would help|would suit|would be best",
        r"\b(?:i|we|he|she|they|[a-z]+) would (?:like|love) (?:the|an?|your|two|three|some|more|another|it|to (?:see|have|know|get|receive|understand|speak|talk|meet))\b|\bwould (?:really )?help (?:a lot|a great deal|me|us|very much)\b|\bwould suit (?:me|us) (?:best|well|better|fine)\b",
    ),
    rule(
        Request,
        0.7,
        COMPLAINS,
        concat!(
            "since |still |missing|second time|third time|fourth time|fifth time|has not|hasn't|have not|haven't|",
            "as soon as "
        ),
        r"\bsince (?:yesterday|this morning|last [a-z]+|the [a-z]+|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b.{0,30}\b(?:nothing|no|not|cannot|can't|fails?|failing|down|broken|unable|error)\b|\b(?:i|we)(?:'re| are| am|'m)? still (?:have no|have not|haven't|waiting|missing|without|need)\b|\b(?:is|are)(?: still)? missing\b|\b(?:the|this is the|for the) (?:second|third|fourth|fifth) time\b|\b(?:has not|hasn't|have not|haven't) (?:yet )?been (?:paid|answered|delivered|fixed|sent|processed|received|resolved)\b|\b(?:has|have)(?:n't| not)(?: yet)? (?:arrived|reached (?:me|us))\b|\bas soon as (?:i|we) (?:get|have|receive)\b",
    ),
    rule(
        Request,
        0.7,
        "asks for a proposal",
        "forward to your ",
        r"\bforward to your (?:proposal|offer|suggestions?|decision|comments|quote|quotation|draft|thoughts|view)\b",
    ),
    rule(
        Request,
        0.85,
        "bittet",
        concat!(
            "brauchte|brauche|benotig|fehlt|fehlen|ich bitte|wir bitten|wurde|interessiert|frage mich|",
            "fragen uns|warte noch|warten noch|seit "
        ),
        r"\b(?:ich|wir) (?:brauchten?|benotigten?)\b|\b(?:mir|uns) (?:fehlt|fehlen)\b|\b(?:ich bitte|wir bitten)(?: sie| dich| euch)? (?:um|darum)\b|\b(?:mich|uns) (?:wurde|interessiert)\b.{0,20}(?:interessier|,? ob|wie|wann|was)|\b(?:ich frage mich|wir fragen uns)\b|\b(?:ich warte|wir warten) noch\b|\bseit (?:gestern|heute|montag|dienstag|mittwoch|donnerstag|freitag)\b.{0,40}\b(?:nicht|kein|keine|keinen|nichts)\b",
    ),
    rule(
        Request,
        0.85,
        "demande",
        "me demande |merci de |faudrait|j'attends|nous attendons|depuis ",
        r"\bje me demande (?:si|quand|comment|pourquoi)\b|\bmerci de (?:[a-z']+ )?[a-z']+(?:er|ir|re|oir)\b|\bil (?:me |nous )?faudrait\b|\b(?:j'attends|nous attendons) (?:toujours|encore)\b|\bdepuis (?:hier|ce matin|lundi|mardi|mercredi|jeudi|vendredi)\b.{0,40}\b(?:ne|n'|plus|pas|rien)\b",
    ),
    rule(
        Request,
        0.85,
        "pide",
        concat!(
            "vendria bien|queria saber|querria saber|quisiera saber|queriamos saber|olvid|esperando|seguimos sin|",
            "sigo sin|espera |consegue|aguardo|recebi|desde "
        ),
        r"\b(?:me|nos) vendria bien\b|\b(?:queria|querria|quisiera|queriamos) saber\b|\bno (?:te|se|os) olvid(?:es|e|eis)\b|\b(?:sigo|seguimos) (?:esperando|sin)\b|\b(?:continuo|continuamos|ainda estou|estou) (?:a|ainda a) espera (?:d|que)|\bconsegue(?:s|m)? [a-z]+r\b|\bainda (?:nao recebi|aguardo)\b|\bdesde (?:ayer|esta manana|ontem|hoje)\b.{0,40}\b(?:no|nao|nada|sin)\b",
    ),
    rule(
        Request,
        0.85,
        "chiede",
        concat!(
            "servirebbe|vorre|mi chied|aspetto ancora|aspettiamo ancora|da stamattina|da ieri|da lunedi|",
            "da martedi|heb |hebben |vroeg me|vraag me|vragen ons|wacht nog|wachten nog|sinds "
        ),
        r"\b(?:mi|ci) servirebb(?:e|ero)\b|\b(?:vorrebbe|vorremmo|vorrebbero|vorrei) (?:sapere|avere|ricevere)\b|\bmi (?:chiedo|chiedevo) se\b|\b(?:aspetto|aspettiamo) ancora\b|\bda (?:stamattina|ieri|lunedi|martedi)\b.{0,50}\b(?:non|errore|nulla|niente|nessun)|\b(?:heb|hebben) (?:ik|we|wij)\b.{1,60}\bnodig\b|\b(?:ik (?:vroeg|vraag) me|wij vragen ons|we vragen ons) (?:nog )?af\b|\b(?:ik wacht|we wachten) nog\b|\bsinds (?:gisteren|vanochtend|maandag)\b.{0,40}\b(?:niet|geen|niets)\b",
    ),
];

/// Words before the ask itself: a vocative is cut elsewhere.
static LEAD: Pattern = Pattern::new(concat!(
    r#"^(?:["'(*_\x01 ]+|(?:hi|hello|hey|dear|hallo|hola|ciao|bonjour|ola)(?: [a-z'-]+){0,3} ?[,!:-]+ |"#,
    r"(?:and|also|but|so|then|ok|okay|well|now|btw|by the way|ps|p\.s\.?|additionally|finally|first(?:ly)?|second(?:ly)?|third(?:ly)?|last(?:ly)?|in addition|otherwise|meanwhile|anyway|sorry|oh|yes|no|again|just|actually|besides|plus|further(?:more)?|in the meantime|if (?:possible|so|not)|thanks|thank you|quick (?:question|one)|(?:one|another|a) (?:more |last |other |quick |further |small )?(?:thing|question|request|point)|my question(?: is)?|question|und|auch|aber|ausserdem|noch eine frage|eine frage|also|et|aussi|mais|alors|y|tambien|pero|e|anche|ma|inoltre|en|ook|maar|tambem|mas)(?:[,:;.!-]+ ?| ))+"
));

/// How many bytes of lead-in stand before the ask: "And also, ", "Quick question: ", "Hi Sam, ".
pub(super) fn lead_in(plain: &str) -> usize {
    LEAD.find(plain).map_or(0, |found| found.end)
}

/// Whether a folded text begins as a question does.
pub(super) fn begins_as_question(plain: &str) -> bool {
    starts_with_any(plain, QUESTION_START).is_some()
}

/// Whether a folded text begins with a verb that asks for a deed.
pub(super) fn begins_as_request(plain: &str) -> bool {
    starts_with_any(plain, IMPERATIVE).is_some()
}

/// Whether a folded sentence ends in a question mark, closing quotes and brackets aside.
pub(super) fn ends_in_question_mark(plain: &str) -> bool {
    let end = plain.trim_end_matches(['"', '\'', ')', ']', '!', '.', ' ', '*', '_', '\u{1}', ':', '-']);
    // ".?" is what is left of a lost white space.
    let said = end.trim_end_matches(['?', ' ']);
    end.ends_with('?')
        && !ends_in_url(end)
        && (end.ends_with("??") || end.ends_with(" ?") || !(said.ends_with('.') || said.ends_with("!)")))
        && said.contains(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

fn ends_in_url(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default();
    word.contains("://") || word.starts_with("www.")
}

/// What gives the folded sentence away; `None` where nothing does.
pub(super) fn clue(sentence: &str) -> Option<Clue> {
    let whole = sentence.trim();
    let lead = lead_in(whole);
    let core = whole.get(lead..).filter(|core| !core.is_empty()).unwrap_or(whole);
    let marked = ends_in_question_mark(whole);
    let starts = begins_as_question(core);
    let mut best = Clue { score: 0.0, question: marked, reason: "" };
    let (mut never, mut selling) = (1.0_f64, 1.0_f64);
    for rule in &RULES {
        // A rule that cannot change the outcome any more is not tried.
        let weaker = rule.says == Request && rule.score <= best.score;
        if weaker || !(rule.fits(core) || (lead > 0 && rule.fits(whole))) {
            continue;
        }
        match rule.says {
            Never => never = never.min(rule.score),
            Selling => selling = selling.min(rule.score),
            Request => best = Clue { score: rule.score, question: marked, reason: rule.reason },
        }
    }
    if starts && core.contains('?') && best.score < 0.9 {
        best = Clue { score: 0.9, question: true, reason: "begins as a question" };
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
    // "Are you free for lunch?" is no advertisement.
    let of_time = core.starts_with("are you free") || core.starts_with("are you available");
    if selling < 1.0 && !of_time {
        best.score =
            best.score.min(selling.max(if marked && selling > 0.3 && best.score > 0.9 { 0.6 } else { 0.0 }));
    }
    // "You" of everybody in a long text asks less than a short sentence does.
    if whole.len() > 400 && !marked {
        best.score *= 0.7;
    }
    Some(best)
}

/// The places in the list of rules of those that fit the folded sentence.
pub(super) fn fitting(sentence: &str) -> Vec<usize> {
    let whole = sentence.trim();
    let lead = lead_in(whole);
    let core = whole.get(lead..).filter(|core| !core.is_empty()).unwrap_or(whole);
    let fits = |rule: &Rule| rule.fits(core) || (lead > 0 && rule.fits(whole));
    RULES.iter().enumerate().filter(|(_, rule)| fits(rule)).map(|(place, _)| place).collect()
}

/// What the rule at this place in the list says of a sentence that it fits; empty for none.
pub(super) fn reason_at(place: usize) -> &'static str {
    RULES.get(place).map_or("", |rule| rule.reason)
}

#[cfg(test)]
mod tests {
    use super::{LEAD, RULES, Test};
    use crate::plain::fold;

    #[test]
    fn every_rule_compiles() {
        assert!(LEAD.compiles());
        for rule in &RULES {
            if let Test::Matches(pattern) = &rule.test {
                assert!(pattern.compiles(), "{pattern:?}");
            }
        }
    }

    /// The words that call a rule up must not hide a sentence from it.
    #[test]
    fn triggers_hide_nothing() {
        for text in include_str!("triggers.txt").lines() {
            let plain = fold(text);
            for rule in &RULES {
                if let Test::Matches(pattern) = &rule.test {
                    assert_eq!(
                        pattern.is_match(&plain),
                        pattern.is_match_untriggered(&plain),
                        "{text}: {}",
                        rule.reason
                    );
                }
            }
        }
    }
}
