//! Bytes of any encoding, and declarations that disagree with them (EVIDENCE.md XML-07).

use super::{document, read};
use wintask::{
    Profile,
    dtyp::HResult,
    xml::{self, Options},
};

fn utf16(text: &str, unit: fn(u16) -> [u8; 2], bom: bool) -> Vec<u8> {
    let bom = bom.then_some(0xFEFF);
    bom.into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn the_bytes_decide() {
    let text = document(
        "1.2",
        "  <RegistrationInfo><Author>Zoë 𝄞 日本語 and some ASCII after it</Author></RegistrationInfo>",
    );
    let expected = read(&text).unwrap();
    assert_eq!(expected.registration_info.author.as_deref(), Some("Zoë 𝄞 日本語 and some ASCII after it"));
    for declaration in [
        "",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?>",
    ] {
        let text = format!("{declaration}{text}");
        let files = [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            utf16(&text, u16::to_le_bytes, true),
            utf16(&text, u16::to_le_bytes, false),
            utf16(&text, u16::to_be_bytes, true),
            utf16(&text, u16::to_be_bytes, false),
        ];
        for (index, file) in files.iter().enumerate() {
            assert_eq!(
                xml::read(file, &Options::default()).as_ref(),
                Ok(&expected),
                "{declaration:?} {index}"
            );
        }
    }
}

/// A string is UTF-16. Passing on the text of a UTF-8 file with its declaration is a common mistake.
#[test]
fn a_declaration_in_a_string() {
    let text = document("1.2", "");
    for good in ["", "<?xml version=\"1.0\"?>\n", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n"] {
        assert!(read(&format!("{good}{text}")).is_ok(), "{good}");
    }
    let error = read(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}")).unwrap_err();
    assert_eq!(error.hresult(), HResult::SCHED_E_MALFORMEDXML);
    // EVIDENCE.md XML-07.
    assert_eq!(error.kind().info.to_string(), "(1,40)::ERROR: unable to switch the encoding");
}

#[test]
fn bytes_of_no_encoding() {
    let text = document("1.2", "  <RegistrationInfo><Author>@</Author></RegistrationInfo>");
    let latin1 = text
        .replace('@', "\u{1}")
        .into_bytes()
        .into_iter()
        .map(|b| if b == 1 { 0xEB } else { b })
        .collect::<Vec<_>>();
    let error = xml::read(&latin1, &Options::default()).unwrap_err();
    assert_eq!(error.hresult(), HResult::SCHED_E_MALFORMEDXML);
    assert_eq!(error.place().offset().unwrap(), latin1.iter().position(|b| *b == 0xEB).unwrap());
    let mut lone = utf16(&text, u16::to_le_bytes, true);
    let at = lone.iter().position(|b| *b == b'@').unwrap();
    lone[at + 1] = 0xD8;
    let error = xml::read(&lone, &Options::default()).unwrap_err();
    assert_eq!((error.hresult(), error.place().offset().unwrap()), (HResult::SCHED_E_MALFORMEDXML, at));
    // An odd byte at the end of UTF-16.
    let mut odd = utf16(&document("1.2", ""), u16::to_le_bytes, true);
    odd.push(0);
    assert!(xml::read(&odd, &Options::default()).is_err());
}

/// Offsets count the file's own bytes; lines and columns count its text.
#[test]
fn offsets_in_the_bytes() {
    let text = document("1.2", "  <!-- é日𝄞 --><Settings><Priority>99</Priority></Settings>");
    let at = text.find("99").unwrap();
    let units = text[..at].encode_utf16().count();
    for (file, expected) in [
        (text.clone().into_bytes(), at),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), at + 3),
        (utf16(&text, u16::to_le_bytes, true), 2 + 2 * units),
        (utf16(&text, u16::to_be_bytes, false), 2 * units),
    ] {
        let error = xml::read(&file, &Options::default()).unwrap_err();
        assert_eq!(error.place().offset().unwrap(), expected);
        let column = text[..at].lines().last().unwrap().encode_utf16().count() + 1;
        assert!(error.to_string().starts_with(&format!("2:{column}, Task/Settings/Priority:")), "{error}");
        let recovered = xml::recover(&file, &Options::default());
        assert_eq!(recovered.findings.iter().next().unwrap().place().offset().unwrap(), expected);
    }
}

/// Violations of [XML] 1.0 that a lenient event reader accepts. Both profiles reject each of them, and so does
/// libxml2, as the interop tests show.
#[test]
fn malformed() {
    let good = document("1.2", "");
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    let cases = [
        String::new(),
        " ".into(),
        "<".into(),
        "text".into(),
        format!("text{good}"),
        format!("{good}text"),
        format!("{good}{good}"),
        format!("{good}<x/>"),
        format!("{good}<![CDATA[]]>"),
        format!(" <?xml version=\"1.0\"?>{good}"),
        format!("<?xml encoding=\"UTF-16\"?>{good}"),
        format!("<?xml version=\"2.0\"?>{good}"),
        format!("<?xml version=\"1.0\" encoding=\"\"?>{good}"),
        format!("<?xml version=\"1.0\" standalone=\"maybe\"?>{good}"),
        format!("<?xml version=\"1.0\" foo=\"bar\"?>{good}"),
        format!("<?XML version=\"1.0\"?>{good}"),
        format!("<?1?>{good}"),
        format!("<!DOCTYPE Task>{good}"),
        format!("<!DOCTYPE Task [<!ENTITY a \"b\">]>{good}"),
        format!("<!-- a -- b -->{good}"),
        format!("<!-- a --->{good}"),
        format!("<!FOO>{good}"),
        good[..good.len() - 1].into(),
        good[..good.len() - 7].into(),
        with("</Task>", "</task>"),
        with("</Task>", "</ Task>"),
        with("</Exec>", "</Actions>"),
        with("</Task>", ""),
        with("notepad.exe", "a & b"),
        with("notepad.exe", "&nbsp;"),
        with("notepad.exe", "&#0;"),
        with("notepad.exe", "&#xD800;"),
        with("notepad.exe", "&#xFFFE;"),
        with("notepad.exe", "&#x;"),
        with("notepad.exe", "&#+5;"),
        with("notepad.exe", "&amp"),
        with("notepad.exe", "a]]>b"),
        with("notepad.exe", "a\u{1}b"),
        with("notepad.exe", "a\u{FFFF}b"),
        with("notepad.exe", "<1a/>"),
        with("notepad.exe", "<a$/>"),
        with("notepad.exe", "<x:a/>"),
        with("notepad.exe", "<a b=c/>"),
        with("notepad.exe", "<a b='<'/>"),
        with("notepad.exe", "<a b/>"),
        with("notepad.exe", "<a b='1'c='2'/>"),
        with("notepad.exe", "<a b='1' b='2'/>"),
        with("notepad.exe", "<a b='&x;'/>"),
        with("notepad.exe", "<a b='1\"/>"),
        with("notepad.exe", "<a xmlns:x=''/>"),
        with("notepad.exe", "<a x:b='1'/>"),
        with("notepad.exe", "<![CDATA[ never closed"),
    ];
    for text in cases {
        for profile in [Profile::Windows, Profile::Specification] {
            let options = Options::default().with_profile(profile);
            let error = xml::read_text(&text, &options).expect_err(&text);
            assert_eq!(error.hresult(), HResult::SCHED_E_MALFORMEDXML, "{text}\n{error}");
            let info = &error.kind().info;
            assert!(info.node.is_empty() && info.value.starts_with("ERROR: "), "{text}: {info}");
            assert!(error.place().offset().unwrap() <= text.len());
            // The forgiving reader reports it as well, and reads on.
            assert!(!xml::recover_text(&text, &options).findings.is_empty());
        }
    }
}

/// [XML] 2.10, 2.11, 3.3.3: line ends, references, sections, comments.
#[test]
fn text_of_values() {
    let value = |inner: &str| {
        read(&document("1.2", &format!("  <RegistrationInfo><Author>{inner}</Author></RegistrationInfo>")))
            .unwrap()
            .registration_info
            .author
    };
    for (inner, expected) in [
        ("a&lt;&gt;&amp;&quot;&apos;b", "a<>&\"'b"),
        ("a&#65;&#x42;&#x1D11E;", "aAB𝄞"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a&#13;&#10;b", "a\r\nb"),
        ("<![CDATA[<a>&amp;]]>b", "<a>&amp;b"),
        ("<![CDATA[a\r\nb]]>", "a\nb"),
        ("a<!-- c -->b<?p x?>c", "abc"),
        (" a ", " a "),
        ("\"Task1\"", "\"Task1\""),
        ("", ""),
    ] {
        assert_eq!(value(inner).as_deref(), Some(expected), "{inner:?}");
    }
}

#[test]
fn prefixes() {
    let text = "<t:Task version=\"1.2\" xmlns:t=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
                <t:Actions><t:Exec><t:Command>x</t:Command></t:Exec></t:Actions></t:Task>";
    assert_eq!(read(text).unwrap().actions.list.len(), 1);
    let mixed = text.replace("<t:Command>x</t:Command>", "<Command xmlns=\"urn:x\">x</Command>");
    assert_eq!(read(&mixed).unwrap_err().hresult(), HResult::SCHED_E_NAMESPACE);
}

/// A million nested elements: rejected beyond the depth that XmlLite and libxml2 accept, without recursion.
#[test]
fn depth() {
    for inner in ["<a>".repeat(1_000_000), document("1.2", &format!("<Data>{}", "<a>".repeat(1_000_000)))] {
        assert!(read(&inner).unwrap_err().hresult().is_failure());
        let recovered = xml::recover(inner.as_bytes(), &Options::default());
        assert!(recovered.findings.iter().any(|f| f.code() == "xml.syntax"), "{:?}", recovered.findings);
    }
    let deep = |n: usize| document("1.2", &format!("<Data>{}{}</Data>", "<a>".repeat(n), "</a>".repeat(n)));
    assert!(read(&deep(254)).is_ok());
    let error = read(&deep(255)).unwrap_err();
    assert_eq!(error.kind().info.value, "ERROR: maximum element depth exceeded");
}

/// Facts: windows-1252 as published by its vendor; browsers read ISO-8859-1 as the same.
#[test]
fn declared_as_windows_1252() {
    for declared in ["windows-1252", "WINDOWS-1252", "iso-8859-1"] {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"{declared}\"?>\n{}",
            document(
                "1.2",
                "  <RegistrationInfo><Author>Zo\u{1}, 5 \u{2}</Author><Nonsense/></RegistrationInfo>"
            ),
        );
        let file: Vec<u8> = text
            .bytes()
            .map(|byte| match byte {
                1 => 0xEB,
                2 => 0x80,
                other => other,
            })
            .collect();

        let error = xml::read(&file, &Options::default()).unwrap_err();
        assert_eq!(error.hresult(), HResult::SCHED_E_MALFORMEDXML);
        assert_eq!(
            error.kind().to_string(),
            format!("the file is declared as {declared}, but only UTF-8 and UTF-16 are accepted")
        );
        let at = file.iter().position(|byte| *byte == 0xEB);
        assert_eq!(error.place().offset(), at);

        let recovered = xml::recover(&file, &Options::default());
        assert_eq!(recovered.task.unwrap().registration_info.author.as_deref(), Some("Zoë, 5 €"));
        let found: Vec<_> = recovered.findings.iter().map(|it| (it.code(), it.place().offset())).collect();
        let nonsense = file.windows(9).position(|bytes| bytes == b"<Nonsense");
        assert_eq!(found, [("xml.syntax", at), ("xml.unknown_element", nonsense)]);
    }
    // The declaration does not matter to text that is UTF-8.
    let text = format!("<?xml version=\"1.0\" encoding=\"windows-1252\"?>{}", document("1.2", ""));
    assert_eq!(xml::read(text.as_bytes(), &Options::default()), read(&document("1.2", "")));
    assert!(xml::recover(text.as_bytes(), &Options::default()).findings.is_empty());
}
