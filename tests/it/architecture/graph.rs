//! Which file imports which: enough of Rust's rules for names to resolve `crate::`, `super::` and `self::` paths and
//! re-exports, in `use` lines and elsewhere.
//!
//! A re-export is not an import. `pub use sid::Sid` in `security/mod.rs` defines where `security::Sid` is, and a
//! file with `use super::Sid` then imports `security/sid.rs`. So a `mod.rs` that only declares and re-exports is in no
//! circle, and one that defines what its children import is.

use std::collections::{BTreeMap, BTreeSet};

/// The path of a module, outermost name first; empty for the crate itself.
type Module = Vec<String>;

/// What matters of a source file.
#[derive(Default)]
struct File {
    name: String,
    /// What is named in it: paths, and the module that they start from.
    named: Vec<Path>,
    /// What it re-exports: the public name, and the item that it refers to.
    reexports: BTreeMap<String, Path>,
}

struct Path {
    /// Inside inline modules, how many of them.
    inline: usize,
    segments: Vec<String>,
}

/// Files by module.
pub(super) struct Graph {
    files: BTreeMap<Module, File>,
}

impl Graph {
    /// Reads sources: names relative to `src`, with `/` between, and texts.
    pub(super) fn new(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files = BTreeMap::new();
        for (name, text) in sources {
            let module = name.trim_end_matches(".rs").trim_end_matches("/mod");
            let module: Module = match module {
                "lib" => Vec::new(),
                module => module.split('/').map(str::to_owned).collect(),
            };
            let mut file = File { name, ..File::default() };
            Reader::new(&text).read(&mut file);
            files.insert(module, file);
        }
        Self { files }
    }

    /// The files that each file imports. With `reexports`, also those that it re-exports from.
    pub(super) fn imports(&self, reexports: bool) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut imports = BTreeMap::new();
        for (module, file) in &self.files {
            let reexported = file.reexports.values().filter(|_| reexports);
            let paths = file.named.iter().chain(reexported);
            let found =
                paths.filter_map(|path| self.resolve(module, path, 0)).map(|m| self.files[&m].name.as_str());
            imports.insert(file.name.as_str(), found.filter(|name| *name != file.name).collect());
        }
        imports
    }

    /// The module in whose file the path's item is defined; `None` for other crates, locals and prelude names.
    fn resolve(&self, from: &Module, path: &Path, depth: usize) -> Option<Module> {
        assert!(depth < 32, "re-exports go round in circles: {:?}", path.segments);
        let mut inline = path.inline;
        let mut segments = path.segments.iter().map(String::as_str).peekable();
        let mut module = from.clone();
        match *segments.peek()? {
            "crate" => module.clear(),
            "self" | "super" => {}
            first => {
                let mut child = module.clone();
                child.push(first.to_owned());
                self.files.get(&child)?;
            }
        }
        while let Some(segment) = segments.next() {
            match segment {
                "crate" | "self" => continue,
                "super" if inline > 0 => {
                    inline -= 1;
                    continue;
                }
                "super" => {
                    module.pop();
                    continue;
                }
                _ => {}
            }
            let mut child = module.clone();
            child.push(segment.to_owned());
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            let Some(target) = self.files.get(&module)?.reexports.get(segment) else { break };
            let mut whole = target.segments.clone();
            whole.extend(segments.map(str::to_owned));
            let whole = Path { inline: target.inline, segments: whole };
            // What is re-exported from another crate is this file's own word.
            return self.resolve(&module, &whole, depth + 1).or(Some(module));
        }
        self.files.contains_key(&module).then_some(module)
    }

    /// Circles of files, one for each group of files that reach each other; each as the files on the way.
    pub(super) fn circles(&self) -> Vec<Vec<&str>> {
        let imports = self.imports(false);
        let reach = |from: &'_ str| {
            let (mut seen, mut todo) = (BTreeSet::new(), vec![from.to_owned()]);
            while let Some(next) = todo.pop() {
                for &file in &imports[next.as_str()] {
                    if seen.insert(file) {
                        todo.push(file.to_owned());
                    }
                }
            }
            seen
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            imports.keys().map(|file| (*file, reach(file))).collect();
        let mut done = BTreeSet::new();
        let mut circles = Vec::new();
        for (&file, reached_from) in &reached {
            if !reached_from.contains(file) || done.contains(file) {
                continue;
            }
            done.extend(reached_from.iter().copied().filter(|other| reached[other].contains(file)));
            circles.push(shortest(&imports, file));
        }
        circles
    }
}

/// The shortest way from a file back to itself.
fn shortest<'a>(imports: &BTreeMap<&'a str, BTreeSet<&'a str>>, file: &'a str) -> Vec<&'a str> {
    let mut ways = std::collections::VecDeque::from([vec![file]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for &next in &imports[way.last().unwrap()] {
            if next == file {
                return way;
            }
            if seen.insert(next) {
                ways.push_back([&way[..], &[next]].concat());
            }
        }
    }
    unreachable!("{file} is in a circle")
}

/// A source without comments and literals, as words and marks.
struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self { tokens: tokens(text), at: 0 }
    }

    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().unwrap_or_default()
    }

    fn read(&mut self, file: &mut File) {
        let (mut depth, mut inline) = (0usize, Vec::new());
        while self.at < self.tokens.len() {
            let before = if self.at == 0 { "" } else { &self.tokens[self.at - 1] };
            match self.peek(0) {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    inline.retain(|opened| *opened <= depth);
                }
                "mod" if self.peek(2) == "{" => {
                    inline.push(depth + 1);
                }
                "use" => {
                    let public = is_public(&self.tokens[..self.at]);
                    self.at += 1;
                    let mut leaves = Vec::new();
                    self.tree(Vec::new(), &mut leaves);
                    for (name, segments) in leaves {
                        let path = Path { inline: inline.len(), segments };
                        if public && inline.is_empty() {
                            file.reexports.insert(name, path);
                        } else {
                            file.named.push(path);
                        }
                    }
                    continue;
                }
                word if is_word(word) && self.peek(1) == "::" && before != "::" => {
                    let mut segments = vec![self.next()];
                    while self.peek(0) == "::" && is_word(self.peek(1)) {
                        self.at += 1;
                        segments.push(self.next());
                    }
                    file.named.push(Path { inline: inline.len(), segments });
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// One tree of a `use` line: its leaves, each with the name it gets.
    fn tree(&mut self, mut prefix: Vec<String>, leaves: &mut Vec<(String, Vec<String>)>) {
        loop {
            match self.next().as_str() {
                "::" => continue,
                "{" => {
                    while self.peek(0) != "}" && self.at < self.tokens.len() {
                        self.tree(prefix.clone(), leaves);
                        if self.peek(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "as" => {
                    let name = self.next();
                    leaves.push((name, prefix));
                    return;
                }
                "*" => panic!("a glob import of {prefix:?}: name what is needed"),
                // `alias::{self, Alias}` names the module.
                "self" if !prefix.is_empty() => {}
                word => prefix.push(word.to_owned()),
            }
            if !matches!(self.peek(0), "::" | "as" | "{") {
                leaves.push((prefix.last().cloned().unwrap_or_default(), prefix));
                return;
            }
        }
    }
}

/// Whether what comes next is public: `pub` or `pub(…)` is last.
fn is_public(before: &[String]) -> bool {
    match before.last().map(String::as_str) {
        Some("pub") => true,
        Some(")") => {
            before.iter().rposition(|t| t == "(").is_some_and(|open| open > 0 && before[open - 1] == "pub")
        }
        _ => false,
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::` and single marks; comments, strings, characters and lifetimes left out.
fn tokens(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word: usize =
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = raw_string(rest) {
            raw
        } else if c == '"' {
            string(rest, '"')
        } else if rest.starts_with("b\"") || rest.starts_with("c\"") {
            1 + string(&rest[1..], '"')
        } else if c == '\'' {
            character(rest)
        } else if word > 0 {
            out.push(rest[..word].to_owned());
            word
        } else if rest.starts_with("::") {
            out.push("::".to_owned());
            2
        } else {
            if !c.is_whitespace() {
                out.push(c.to_string());
            }
            c.len_utf8()
        };
        rest = &rest[skip..];
    }
    out
}

/// The length of a raw string, if one starts here.
fn raw_string(rest: &str) -> Option<usize> {
    let start = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = start.chars().take_while(|c| *c == '#').count();
    let inside = start[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let open = rest.len() - inside.len();
    Some(inside.find(&end).map_or(rest.len(), |at| open + at + end.len()))
}

/// The length of a literal with escapes.
fn string(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character, or of the mark of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => string(rest, '\''),
        _ => 1,
    }
}
