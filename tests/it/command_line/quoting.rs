//! Windows' quoting rules: the examples of Microsoft's "Parsing C command-line arguments" (EVIDENCE.md CMD-01), and cases
//! of each rule.

use wintask::command_line::{arguments, join};

fn words(line: &str) -> Vec<String> {
    arguments(line).into_iter().map(|argument| argument.text).collect()
}

#[test]
fn documented_examples() {
    for (line, expected) in [
        (r#"p "a b c" d e"#, &["p", "a b c", "d", "e"][..]),
        (r#"p "ab\"c" "\\" d"#, &["p", r#"ab"c"#, r"\", "d"]),
        (r#"p a\\\b d"e f"g h"#, &["p", r"a\\\b", "de fg", "h"]),
        (r#"p a\\\"b c d"#, &["p", r#"a\"b"#, "c", "d"]),
        (r#"p a\\\\"b c" d e"#, &["p", r"a\\b c", "d", "e"]),
        (r#"p a"b"" c d"#, &["p", r#"ab" c d"#]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
}

#[test]
fn each_rule() {
    for (line, expected) in [
        ("", &[][..]),
        ("  \t ", &[]),
        ("a", &["a"]),
        ("  a  b\t\tc ", &["a", "b", "c"]),
        // Backslashes of the program are ordinary, and it may be quoted in parts.
        (r#""C:\Program Files\"a b"#, &[r"C:\Program Files\a", "b"]),
        (r#""a\" b"#, &[r"a\", "b"]),
        // An empty argument, and one that is not closed.
        (r#"p "" x"#, &["p", "", "x"]),
        (r#"p "a b"#, &["p", "a b"]),
        // Backslashes that end an argument or the line.
        (r"p a\ b\", &["p", r"a\", r"b\"]),
        (r#"p "a\\" b"#, &["p", r"a\", "b"]),
        ("p a\u{a0}b", &["p", "a\u{a0}b"]),
        ("p é \"日 本\"", &["p", "é", "日 本"]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
}

#[test]
fn places_are_those_of_the_arguments() {
    let line = r#"p  é "a b" c"#;
    let spans: Vec<&str> = arguments(line).iter().map(|argument| &line[argument.span.clone()]).collect();
    assert_eq!(spans, ["p", "é", r#""a b""#, "c"]);
}

#[test]
fn joining_quotes_only_what_needs_it() {
    assert_eq!(
        join(["C:\\a b\\x.exe", "/tn", r"C:\a b\", r#"x"y"#]),
        r#""C:\a b\x.exe" /tn "C:\a b\\" "x\"y""#
    );
    assert_eq!(join(["p", r"\\server\x", "a\tb", ""]), "p \\\\server\\x \"a\tb\" \"\"");
}
