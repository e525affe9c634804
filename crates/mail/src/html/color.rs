//! Colours as CSS and HTML write them, and whether two can be told apart.
//!
//! # Source
//! CSS Color Module Level 4, sections 4 to 7 and 6.1 (the 148 names); WCAG 2.2 (contrast).

/// Red, green, blue, and how opaque it is, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Color {
    pub(crate) rgb: [u8; 3],
    pub(crate) alpha: f32,
}

/// Less contrast than this cannot be read.
///
/// # Source
/// SECURITY.md T3: contrast below 1.5 against the nearest background is hidden.
const CONTRAST: f32 = 1.5;

/// Whether text of colour `a` cannot be told from a background of colour `b`.
pub(crate) fn same_color(a: [u8; 3], b: [u8; 3]) -> bool {
    let (a, b) = (luminance(a), luminance(b));
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    (high + 0.05) / (low + 0.05) < CONTRAST
}

fn luminance(color: [u8; 3]) -> f32 {
    let [r, g, b] = color.map(|channel| {
        let c = f32::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The colour over a background.
pub(crate) fn over(color: Color, background: [u8; 3]) -> [u8; 3] {
    let mix = |top: u8, below: u8| {
        let mixed = f32::from(top) * color.alpha + f32::from(below) * (1.0 - color.alpha);
        mixed.clamp(0.0, 255.0) as u8
    };
    let ([r, g, b], [x, y, z]) = (color.rgb, background);
    [mix(r, x), mix(g, y), mix(b, z)]
}

/// The first colour in a value; `None` where it names none. The value is in lower case.
pub(crate) fn color(value: &str) -> Option<Color> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return hex_color(hex);
    }
    for (function, read) in [("rgb", rgb as fn(&str) -> Option<Color>), ("hsl", hsl), ("hwb", |_| None)] {
        if let Some(rest) = value.strip_prefix(function) {
            let inner = rest.strip_prefix('a').unwrap_or(rest).trim_start().strip_prefix('(')?;
            return read(inner.split(')').next()?);
        }
    }
    let word = value.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    if word == "transparent" {
        return Some(Color { rgb: [0, 0, 0], alpha: 0.0 });
    }
    let (_, rgb) = NAMES.iter().find(|(name, _)| *name == word)?;
    let [_, r, g, b] = rgb.to_be_bytes();
    Some(Color { rgb: [r, g, b], alpha: 1.0 })
}

fn hex_color(hex: &str) -> Option<Color> {
    let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
    let digits: Vec<u8> =
        hex.get(..end)?.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let solid = |rgb| Some(Color { rgb, alpha: 1.0 });
    match digits.as_slice() {
        [r, g, b] => solid([r * 17, g * 17, b * 17]),
        [r, g, b, a] => Some(Color { rgb: [r * 17, g * 17, b * 17], alpha: f32::from(*a) / 15.0 }),
        [r1, r2, g1, g2, b1, b2, a1, a2] => Some(Color {
            rgb: [r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2],
            alpha: f32::from(a1 * 16 + a2) / 255.0,
        }),
        [r1, r2, g1, g2, b1, b2, ..] => solid([r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2]),
        _ => None,
    }
}

/// Up to four numbers of a colour function: the value, and whether it is in percent.
fn arguments(inner: &str) -> Vec<(f32, bool)> {
    let parts = inner.split([',', ' ', '/']).filter(|part| !part.is_empty()).take(4);
    parts
        .map(|part| match part.strip_suffix('%') {
            Some(number) => (number.parse().unwrap_or(100.0), true),
            None => (part.trim_end_matches("deg").parse().unwrap_or(0.0), false),
        })
        .collect()
}

fn alpha(argument: Option<&(f32, bool)>) -> f32 {
    argument.map_or(1.0, |(n, is_percent)| if *is_percent { n / 100.0 } else { *n }).clamp(0.0, 1.0)
}

fn rgb(inner: &str) -> Option<Color> {
    let arguments = arguments(inner);
    let channel = |i: usize| {
        let (n, is_percent) = arguments.get(i)?;
        Some((if *is_percent { n * 2.55 } else { *n }).clamp(0.0, 255.0) as u8)
    };
    Some(Color { rgb: [channel(0)?, channel(1)?, channel(2)?], alpha: alpha(arguments.get(3)) })
}

fn hsl(inner: &str) -> Option<Color> {
    let arguments = arguments(inner);
    let hue = arguments.first()?.0.rem_euclid(360.0) / 30.0;
    let (s, l) =
        (arguments.get(1)?.0.clamp(0.0, 100.0) / 100.0, arguments.get(2)?.0.clamp(0.0, 100.0) / 100.0);
    let a = s * l.min(1.0 - l);
    let channel = |n: f32| {
        let k = (n + hue).rem_euclid(12.0);
        ((l - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0).clamp(0.0, 255.0) as u8
    };
    Some(Color { rgb: [channel(0.0), channel(8.0), channel(4.0)], alpha: alpha(arguments.get(3)) })
}

const NAMES: &[(&str, u32)] = &[
    ("aliceblue", 0x00f0_f8ff),
    ("antiquewhite", 0x00fa_ebd7),
    ("aqua", 0x0000_ffff),
    ("aquamarine", 0x007f_ffd4),
    ("azure", 0x00f0_ffff),
    ("beige", 0x00f5_f5dc),
    ("bisque", 0x00ff_e4c4),
    ("black", 0x0000_0000),
    ("blanchedalmond", 0x00ff_ebcd),
    ("blue", 0x0000_00ff),
    ("blueviolet", 0x008a_2be2),
    ("brown", 0x00a5_2a2a),
    ("burlywood", 0x00de_b887),
    ("cadetblue", 0x005f_9ea0),
    ("chartreuse", 0x007f_ff00),
    ("chocolate", 0x00d2_691e),
    ("coral", 0x00ff_7f50),
    ("cornflowerblue", 0x0064_95ed),
    ("cornsilk", 0x00ff_f8dc),
    ("crimson", 0x00dc_143c),
    ("cyan", 0x0000_ffff),
    ("darkblue", 0x0000_008b),
    ("darkcyan", 0x0000_8b8b),
    ("darkgoldenrod", 0x00b8_860b),
    ("darkgray", 0x00a9_a9a9),
    ("darkgreen", 0x0000_6400),
    ("darkgrey", 0x00a9_a9a9),
    ("darkkhaki", 0x00bd_b76b),
    ("darkmagenta", 0x008b_008b),
    ("darkolivegreen", 0x0055_6b2f),
    ("darkorange", 0x00ff_8c00),
    ("darkorchid", 0x0099_32cc),
    ("darkred", 0x008b_0000),
    ("darksalmon", 0x00e9_967a),
    ("darkseagreen", 0x008f_bc8f),
    ("darkslateblue", 0x0048_3d8b),
    ("darkslategray", 0x002f_4f4f),
    ("darkslategrey", 0x002f_4f4f),
    ("darkturquoise", 0x0000_ced1),
    ("darkviolet", 0x0094_00d3),
    ("deeppink", 0x00ff_1493),
    ("deepskyblue", 0x0000_bfff),
    ("dimgray", 0x0069_6969),
    ("dimgrey", 0x0069_6969),
    ("dodgerblue", 0x001e_90ff),
    ("firebrick", 0x00b2_2222),
    ("floralwhite", 0x00ff_faf0),
    ("forestgreen", 0x0022_8b22),
    ("fuchsia", 0x00ff_00ff),
    ("gainsboro", 0x00dc_dcdc),
    ("ghostwhite", 0x00f8_f8ff),
    ("gold", 0x00ff_d700),
    ("goldenrod", 0x00da_a520),
    ("gray", 0x0080_8080),
    ("green", 0x0000_8000),
    ("greenyellow", 0x00ad_ff2f),
    ("grey", 0x0080_8080),
    ("honeydew", 0x00f0_fff0),
    ("hotpink", 0x00ff_69b4),
    ("indianred", 0x00cd_5c5c),
    ("indigo", 0x004b_0082),
    ("ivory", 0x00ff_fff0),
    ("khaki", 0x00f0_e68c),
    ("lavender", 0x00e6_e6fa),
    ("lavenderblush", 0x00ff_f0f5),
    ("lawngreen", 0x007c_fc00),
    ("lemonchiffon", 0x00ff_facd),
    ("lightblue", 0x00ad_d8e6),
    ("lightcoral", 0x00f0_8080),
    ("lightcyan", 0x00e0_ffff),
    ("lightgoldenrodyellow", 0x00fa_fad2),
    ("lightgray", 0x00d3_d3d3),
    ("lightgreen", 0x0090_ee90),
    ("lightgrey", 0x00d3_d3d3),
    ("lightpink", 0x00ff_b6c1),
    ("lightsalmon", 0x00ff_a07a),
    ("lightseagreen", 0x0020_b2aa),
    ("lightskyblue", 0x0087_cefa),
    ("lightslategray", 0x0077_8899),
    ("lightslategrey", 0x0077_8899),
    ("lightsteelblue", 0x00b0_c4de),
    ("lightyellow", 0x00ff_ffe0),
    ("lime", 0x0000_ff00),
    ("limegreen", 0x0032_cd32),
    ("linen", 0x00fa_f0e6),
    ("magenta", 0x00ff_00ff),
    ("maroon", 0x0080_0000),
    ("mediumaquamarine", 0x0066_cdaa),
    ("mediumblue", 0x0000_00cd),
    ("mediumorchid", 0x00ba_55d3),
    ("mediumpurple", 0x0093_70db),
    ("mediumseagreen", 0x003c_b371),
    ("mediumslateblue", 0x007b_68ee),
    ("mediumspringgreen", 0x0000_fa9a),
    ("mediumturquoise", 0x0048_d1cc),
    ("mediumvioletred", 0x00c7_1585),
    ("midnightblue", 0x0019_1970),
    ("mintcream", 0x00f5_fffa),
    ("mistyrose", 0x00ff_e4e1),
    ("moccasin", 0x00ff_e4b5),
    ("navajowhite", 0x00ff_dead),
    ("navy", 0x0000_0080),
    ("oldlace", 0x00fd_f5e6),
    ("olive", 0x0080_8000),
    ("olivedrab", 0x006b_8e23),
    ("orange", 0x00ff_a500),
    ("orangered", 0x00ff_4500),
    ("orchid", 0x00da_70d6),
    ("palegoldenrod", 0x00ee_e8aa),
    ("palegreen", 0x0098_fb98),
    ("paleturquoise", 0x00af_eeee),
    ("palevioletred", 0x00db_7093),
    ("papayawhip", 0x00ff_efd5),
    ("peachpuff", 0x00ff_dab9),
    ("peru", 0x00cd_853f),
    ("pink", 0x00ff_c0cb),
    ("plum", 0x00dd_a0dd),
    ("powderblue", 0x00b0_e0e6),
    ("purple", 0x0080_0080),
    ("rebeccapurple", 0x0066_3399),
    ("red", 0x00ff_0000),
    ("rosybrown", 0x00bc_8f8f),
    ("royalblue", 0x0041_69e1),
    ("saddlebrown", 0x008b_4513),
    ("salmon", 0x00fa_8072),
    ("sandybrown", 0x00f4_a460),
    ("seagreen", 0x002e_8b57),
    ("seashell", 0x00ff_f5ee),
    ("sienna", 0x00a0_522d),
    ("silver", 0x00c0_c0c0),
    ("skyblue", 0x0087_ceeb),
    ("slateblue", 0x006a_5acd),
    ("slategray", 0x0070_8090),
    ("slategrey", 0x0070_8090),
    ("snow", 0x00ff_fafa),
    ("springgreen", 0x0000_ff7f),
    ("steelblue", 0x0046_82b4),
    ("tan", 0x00d2_b48c),
    ("teal", 0x0000_8080),
    ("thistle", 0x00d8_bfd8),
    ("tomato", 0x00ff_6347),
    ("turquoise", 0x0040_e0d0),
    ("violet", 0x00ee_82ee),
    ("wheat", 0x00f5_deb3),
    ("white", 0x00ff_ffff),
    ("whitesmoke", 0x00f5_f5f5),
    ("yellow", 0x00ff_ff00),
    ("yellowgreen", 0x009a_cd32),
];

#[cfg(test)]
mod tests {
    use super::{color, same_color};

    #[test]
    fn colours_are_read() {
        for (value, rgb, opaque) in [
            ("#fff", [255, 255, 255], true),
            ("#11223344", [17, 34, 51], false),
            ("rgb(250, 0%, 100%)", [250, 0, 255], true),
            ("rgba(1 2 3 / 10%)", [1, 2, 3], false),
            ("hsl(120, 100%, 25%)", [0, 127, 0], true),
            ("rebeccapurple", [102, 51, 153], true),
            ("white url(x)", [255, 255, 255], true),
            ("transparent", [0, 0, 0], false),
        ] {
            let found = color(value).unwrap();
            assert_eq!((found.rgb, found.alpha == 1.0), (rgb, opaque), "{value}");
        }
        for none in ["", "url(white.png)", "inherit", "#", "rgb(", "#xyz"] {
            assert_eq!(color(none), None, "{none}");
        }
        assert!(
            same_color([255, 255, 255], [250, 250, 250]) && !same_color([153, 153, 153], [255, 255, 255])
        );
    }
}
