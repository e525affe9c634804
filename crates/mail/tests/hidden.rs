//! Text that a mail hides from people never reaches a message's text; what people see does.

use postil_mail::html::visible_text;
use postil_mail::parse_message;

/// Ways of hiding `SECRET`, as a whole body.
const TRICKS: &[&str] = &[
    "<div style='display:none'>SECRET</div>",
    "<div style='visibility:hidden'>SECRET</div>",
    "<span style='opacity:0'>SECRET</span>",
    "<span style='opacity:.4'><span style='opacity:.2'>SECRET</span></span>",
    "<span style='font-size:0'>SECRET</span>",
    "<span style='font-size:1px;line-height:1px'>SECRET</span>",
    "<div style='font-size:40%'><span style='font-size:0.3em'>SECRET</span></div>",
    "<p style='font:0/0 a'>SECRET</p>",
    "<span style='color:#fff'>SECRET</span>",
    "<span style='color:hsl(0,0%,98%)'>SECRET</span>",
    "<font color='#fefefe'>SECRET</font>",
    "<div style='background:#123456'><span style='color:#143557'>SECRET</span></div>",
    "<table bgcolor=navy><tr><td><font color=navy>SECRET</font></td></tr></table>",
    "<div style='background:linear-gradient(#fff,#fefefe);color:white'>SECRET</div>",
    "<span style='color:transparent'>SECRET</span>",
    "<span style='color:rgba(0,0,0,.02)'>SECRET</span>",
    "<span style='color:#00000005'>SECRET</span>",
    "<span style='-webkit-text-fill-color:transparent'>SECRET</span>",
    "<div style='position:absolute;left:-9999px'>SECRET</div>",
    "<div style='position:fixed;top:-200vh'>SECRET</div>",
    "<div style='margin-left:-9999px'>SECRET</div>",
    "<div style='text-indent:-9999px'>SECRET</div>",
    "<div style='max-height:0;overflow:hidden'>SECRET</div>",
    "<div style='height:1px;width:1px;overflow:hidden'>SECRET</div>",
    "<div style='clip:rect(0,0,0,0);position:absolute'>SECRET</div>",
    "<div style='clip-path:inset(100%)'>SECRET</div>",
    "<div style='transform:scale(0)'>SECRET</div>",
    "<div style='transform:translate(-9999px,0)'>SECRET</div>",
    "<div style='filter:opacity(0)'>SECRET</div>",
    "<div style='mso-hide:all'>SECRET</div>",
    "<div hidden>SECRET</div>",
    "<div aria-hidden='true'>SECRET</div>",
    "<style>.x1{display:none}</style><div class='a x1'>SECRET</div>",
    "<style>@media screen{#i1{font-size:0!important}}</style><p id=i1 style='font-size:12px'>SECRET</p>",
    "<style>.outer p{visibility:hidden}</style><div class=outer><p>SECRET</p></div>",
    "<style>:root{--c:#fff}.v{color:var(--c)}</style><p class=v>SECRET</p>",
    "<title>SECRET</title>",
    "<template><p>SECRET</p></template>",
    "<noscript>SECRET</noscript>",
    "<svg><text>SECRET</text></svg>",
    "<details><summary>more</summary>SECRET</details>",
    "<img alt='SECRET' title='SECRET'><a title='SECRET'>x</a>",
    "<!-- SECRET --><!--[if mso]>SECRET<![endif]-->",
    "<script>SECRET</script><style>SECRET{}</style>",
    "<input type=hidden value=SECRET><select><option>SECRET</select>",
    "<object>SECRET</object><dialog>SECRET</dialog>",
    "<div style='d\\69splay:/**/n\\6fne'>SECRET</div>",
    "<div style=\"display&#58;none\">SECRET</div>",
];

/// What may stand around a trick; `@` is its place.
const AROUND: &[&str] = &[
    "@",
    "<div><p>@</p></div>",
    "<table><tr><td>@</td><td>cell</td></tr></table>",
    "<blockquote type=cite>@</blockquote>",
    "<ul><li>@</li></ul>",
    "<center><font face=Arial>@</font></center>",
    "<a href='https://x.example/'>@</a>",
    "<b><i><u>@</b></i></u>",
    "<div style='color:#222;background:#fff'>@</div>",
    "<p>before @ after</p>",
    "<div style='font-size:14px'><span>@",
    "<pre>@</pre>",
    "<h1>@</h1><hr>",
    "<DIV CLASS=Wrap STYLE='FONT-FAMILY:Arial'>@</DIV>",
    "<div dir=rtl lang=ar>@</div>",
    "<section><article>@</article></section>",
    "<form><fieldset><legend>l</legend>@</fieldset></form>",
    "<div style='visibility:visible;display:block'>@</div>",
    "<p>one<p>two @<p>three",
];

#[test]
fn nine_hundred_hidden_strings_reach_no_text() {
    let mut cases = 0;
    for (number, trick) in TRICKS.iter().enumerate() {
        for (place, around) in AROUND.iter().enumerate() {
            // A trick inside another one, now and then.
            let second = TRICKS[(number * 7 + place * 3) % TRICKS.len()];
            let inner = if place % 5 == 4 { format!("{trick}{second}") } else { (*trick).to_owned() };
            let html = format!(
                "<html><body><p>Shown first.</p>{}<p>Shown last.</p></body></html>",
                around.replace('@', &inner)
            );
            let raw = format!("From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n{html}\n");
            let message = parse_message(raw.as_bytes());
            assert!(!message.text.contains("SECRET"), "{html}\n{}", message.text);
            assert!(!message.own_words().contains("SECRET"));
            assert!(message.text.contains("Shown first."), "{html}\n{}", message.text);
            cases += 1;
        }
    }
    assert!(cases >= 900, "{cases}");
}

#[test]
fn what_people_see_is_kept() {
    for html in [
        "<div style='display:none;display:block'>SEEN</div>",
        "<div style='visibility:hidden'><span style='visibility:visible'>SEEN</span></div>",
        "<style>@media (max-width:600px){.m{display:none}}</style><p class=m>SEEN</p>",
        "<style>.d{display:none}.d{display:block}</style><p class=d>SEEN</p>",
        "<style>p:hover{display:none}p::before{display:none}</style><p>SEEN</p>",
        "<style>.x .y{display:none}</style><p class=y>SEEN</p>",
        "<style>.x{display:none}</style><p class=x style='display:block!important'>SEEN</p>",
        "<table bgcolor='#1a2b3c'><tr><td style='color:#fff'>SEEN</td></tr></table>",
        "<body bgcolor=000000 text=ffffff><p>SEEN</p>",
        "<style>.hero{background:#003366}.hero td{color:#ffffff}</style><table class=hero><tr><td>SEEN</td></tr></table>",
        "<td background='x.png'><font color=white>SEEN</font></td>",
        "<div style='color:#fff;background:#fff'><a href='https://x.example/SEEN'>SEEN</a></div>",
        "<div style='font-size:0'><span style='font-size:14px'>SEEN</span></div>",
        "<td width=1 style='width:1px'>SEEN</td>",
        "<span style='color:#999999'>SEEN</span>",
        "<div style='line-height:0;margin:0 auto;padding:0;border:0'>SEEN</div>",
        "<details open>SEEN</details>",
        "<details><summary>SEEN</summary>x</details>",
        "<p style='mso-line-height-rule:exactly;overflow:hidden;height:40px'>SEEN</p>",
        "<button style='background-color:#0a0;color:#fff'>SEEN</button>",
        "<font size=1>SEEN</font><sub>x</sub>",
        "<p style='color:red;font:bold 12px/1.4 Arial,sans-serif'>SEEN</p>",
        "<center style='max-width:600px;width:100%'>SEEN</center>",
        "<p>1 < 2 SEEN</p>",
    ] {
        assert!(visible_text(html).text.contains("SEEN"), "{html}");
    }
}

/// Sentences in several languages, all to be seen, in the forms that newsletters and business mail have.
#[test]
fn visible_words_of_newsletters_are_kept() {
    let words = [
        "Guten",
        "Tag",
        "retention",
        "terms",
        "invoice",
        "données",
        "Привет",
        "你好",
        "価格",
        "مرحبا",
        "42",
        "€9.50",
    ];
    let (mut told, mut kept) = (0, 0);
    for number in 0..500_usize {
        let word = |i: usize| words[(number * 5 + i * 7) % words.len()];
        let text: Vec<String> = (0..24).map(|i| format!("{}{i}", word(i))).collect();
        let cells: String =
            text.iter().map(|w| format!("<td style='padding:4px;color:#333'>{w}</td>")).collect();
        let html = match number % 5 {
            0 => format!("<table width=600 bgcolor='#f4f4f4'><tr>{cells}</tr></table>"),
            1 => format!(
                "<style>body{{margin:0}}.b{{background:#204060;color:#fff}}</style><div class=b><p>{}</p></div>",
                text.join(" ")
            ),
            2 => format!(
                "<div class=MsoNormal><span lang=EN-US style='font-size:11.0pt;font-family:Calibri;color:#1F497D'>{}<o:p></o:p></span></div>",
                text.join("&nbsp;")
            ),
            3 => format!(
                "<ul>{}</ul>",
                text.iter()
                    .map(|w| format!("<li><a href='https://x.example/'>{w}</a></li>"))
                    .collect::<String>()
            ),
            _ => format!(
                "<div dir=ltr>{}</div><blockquote type=cite>{}</blockquote>",
                text[..12].join("<br>"),
                text[12..].join(" <b>x</b> ")
            ),
        };
        let seen = visible_text(&html).text;
        told += text.len();
        kept += text.iter().filter(|word| seen.contains(word.as_str())).count();
    }
    assert!(kept * 1_000 >= told * 995, "{kept} of {told}");
}

#[test]
fn hostile_pages_are_read_whole() {
    for (piece, count) in [
        ("<div>", 50_000),
        ("<b><i>", 40_000),
        ("<table><tr><td>", 20_000),
        ("<blockquote>", 50_000),
        ("<a href=x>", 50_000),
        ("<p class='a b c d'>", 30_000),
        ("</div>", 50_000),
        ("<!--", 50_000),
        ("&#x41;", 50_000),
        ("<style>a{", 20_000),
    ] {
        let css = "<style>".to_owned() + &".a .b .c .d{color:red}".repeat(200) + "</style>";
        let seen = visible_text(&(css + &piece.repeat(count) + "end"));
        assert!(seen.text.len() < 8 * 1024 * 1024, "{piece}");
    }
    let nested = "@media screen{".repeat(20_000);
    assert_eq!(visible_text(&format!("<style>{nested}</style>seen")).text.trim(), "seen");
    let wide = format!("<p {}>seen</p>", "style='color:red' ".repeat(20_000));
    assert_eq!(visible_text(&wide).text.lines().next().unwrap().trim(), "seen");
}
