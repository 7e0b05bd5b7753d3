//! Task definitions: at most 16 times the input.

use super::bounded;
use wintask::{
    Profile,
    xml::{self, Form, Options},
};

const HEAD: &str = "<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">";

fn check(name: &str, bytes: &[u8]) {
    let size = bytes.len();
    for profile in [Profile::Windows, Profile::Specification] {
        let options = Options::default().with_profile(profile);
        bounded(&format!("read {name}"), size, 16, || xml::read(bytes, &options));
        bounded(&format!("recover {name}"), size, 16, || xml::recover(bytes, &options));
    }
    bounded(&format!("carve {name}"), size, 16, || {
        xml::carve(bytes).map(|found| found.bytes.len()).sum::<usize>()
    });
    bounded(&format!("documents {name}"), size, 16, || {
        xml::documents(bytes).iter().map(|document| document.text.len()).sum::<usize>()
    });
}

/// As UTF-8 and as UTF-16.
fn check_text(name: &str, text: &str) {
    check(name, text.as_bytes());
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&format!("{name}, UTF-16"), &utf16);
}

/// A section with a number of identical elements.
fn filled(section: &str, inside: &str, times: usize) -> String {
    format!("{HEAD}<{section}>{}</{section}></Task>", inside.repeat(times))
}

#[test]
fn real_ones() {
    for name in ["backup.xml", "everything.xml", "everything-stored.xml", "two-tasks.xml"] {
        let path = format!("{}/testdata/xml/{name}", env!("CARGO_MANIFEST_DIR"));
        check(name, &std::fs::read(path).unwrap());
    }
}

#[test]
fn much_of_one_thing() {
    check_text("unknown elements", &filled("Settings", "<a/>", 100_000));
    check_text("elements", &filled("Triggers", "<BootTrigger/>", 50_000));
    check_text("nested", &"<a>".repeat(500_000));
    check_text("nested in a task", &format!("{HEAD}{}", "<Data>".repeat(200_000)));
    check_text("references", &filled("Data", "&amp;", 100_000));
    check_text("blank", &filled("Settings", " \r\n", 100_000));
    check_text("comments", &filled("Settings", "<!---->", 100_000));
    check_text("values", &filled("Settings", "<Hidden>true</Hidden>", 50_000));
    check_text("wrong values", &filled("Settings", "<Priority>99</Priority>", 50_000));
    check_text("attributes", &filled("Triggers", "<BootTrigger id='a'/>", 50_000));
    check_text("tasks", &format!("{HEAD}</Task>").repeat(20_000));
    check_text("tasks that are open", &"<Task ".repeat(100_000));
    let many: String = (0..50_000).map(|n| format!(" a{n}=''")).collect();
    check_text("attributes of one element", &format!("{HEAD}<Settings{many}/></Task>"));
    // The shortest distinct names.
    let many: String = (0..65_537).map(|n| format!(" a{n:x}=''")).collect();
    check_text("short attributes of one element", &format!("{HEAD}<Settings{many}/></Task>"));
    let many: String = (0..50_000).map(|n| format!(" xmlns:a{n}='b'")).collect();
    check_text("namespaces of one element", &format!("<Task{many}/>"));
    check_text("one long text", &filled("Data", &"x".repeat(1000), 1000));
    check_text(
        "one long command",
        &format!(
            "{HEAD}<Actions><Exec><Command>{}</Command></Exec></Actions></Task>",
            "&lt;".repeat(200_000)
        ),
    );
}

#[test]
fn bytes_that_are_no_text() {
    for value in [0x00, 0x3C, 0x80, 0xFF] {
        check(&format!("64 KiB of {value:#x}"), &vec![value; 65536]);
    }
    check("lone surrogates", &[b'<', 0].into_iter().chain([0x00, 0xD8].repeat(50_000)).collect::<Vec<_>>());
}

/// Writing also stays within a multiple of the definition.
#[test]
fn written() {
    let description = "&lt;".repeat(100_000);
    let text = format!(
        "{HEAD}<RegistrationInfo><Description>{description}</Description></RegistrationInfo>\
         <Actions><Exec><Command>a</Command></Exec></Actions></Task>"
    );
    let task = xml::read_text(&text, &Options::default()).unwrap();
    for form in [Form::Server, Form::File, Form::Utf8] {
        bounded("write", text.len(), 16, || xml::write(&task, form).map(|bytes| bytes.len()));
    }
}
