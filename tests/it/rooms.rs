//! A room imports only what stands above it: read from the sources, macros and function bodies included.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The rooms from the top of the house down; each may use those in the lines above its own.
const HOUSE: &[&[&str]] = &[
    &["domain"],
    &["text"],
    &["playbook"],
    &["classify"],
    &["decide"],
    &["desk"],
    &["check"],
    &["learn"],
    &["breaker"],
    &["orders", "nearness"],
    &["engine"],
    &["channels"],
    &["store"],
    &["replay"],
    &["shops"],
    &["inbox", "outbox"],
    &["report"],
    &["server"],
    &["app"],
    &["cli"],
    &["main"],
];

/// Import nothing but the rooms named here, whatever else stands above them.
const NARROWER: &[(&str, &[&str])] = &[("domain", &[]), ("text", &["domain"]), ("playbook", &["domain", "text"])];

/// Rooms without clock, network, database, environment or threads of their own.
const PURE: &[&str] = &["domain", "text", "playbook", "classify", "decide", "desk", "learn"];

/// What a pure room never names. A word alone counts anywhere in a path, several as they follow each other.
const IMPURE: &[&[&str]] = &[
    &["tokio"],
    &["axum"],
    &["sqlx"],
    &["reqwest"],
    &["std", "fs"],
    &["std", "env"],
    &["std", "net"],
    &["SystemTime"],
    &["Instant"],
    &["Timestamp", "now"],
    &["Zoned", "now"],
];

/// `playbook` reads the files that people edit.
const READS_FILES: &str = "playbook";

/// A path in a source, and where it stands.
struct Named {
    /// As it was written, use trees opened.
    words: Vec<String>,
    /// The module it stands in, from the crate's root.
    module: Vec<String>,
    line: usize,
}

/// Gathers every path of a file.
struct Reader {
    module: Vec<String>,
    named: Vec<Named>,
    /// `#[path]` modules of this file: where it is, and which module it is.
    moved: Vec<(String, Vec<String>)>,
}

impl Reader {
    fn read(module: Vec<String>, source: &str) -> Self {
        let file = syn::parse_file(source).expect("a source parses");
        let mut reader = Self { module, named: Vec::new(), moved: Vec::new() };
        reader.visit_file(&file);
        reader
    }

    fn add(&mut self, words: Vec<String>, span: Span) {
        self.named.push(Named { words, module: self.module.clone(), line: span.start().line });
    }

    fn open(&mut self, tree: &syn::UseTree, before: &[String], span: Span) {
        let with = |word: &syn::Ident| [before, &[word.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.open(&path.tree, &with(&path.ident), path.ident.span()),
            syn::UseTree::Name(name) if name.ident == "self" => self.add(before.to_vec(), span),
            syn::UseTree::Name(name) => self.add(with(&name.ident), name.ident.span()),
            syn::UseTree::Rename(rename) => self.add(with(&rename.ident), rename.ident.span()),
            syn::UseTree::Glob(_) => self.add([before, &["*".to_owned()]].concat(), span),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.open(tree, before, span)),
        }
    }

    /// Paths among the tokens of a macro or an attribute: `a::b`, `a::{b, c::d}`, and `"crate::a"` in a text.
    fn scan(&mut self, tokens: TokenStream, before: &[String]) {
        let mut tokens = tokens.into_iter().peekable();
        let mut words: Vec<String> = Vec::new();
        let mut place = Span::call_site();
        let mut joined = false;
        let mut opened = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) => {
                    if !joined && !words.is_empty() {
                        self.end(&mut words, before, place);
                    }
                    place = word.span();
                    words.push(word.to_string());
                    (joined, opened) = (false, false);
                }
                TokenTree::Punct(mark)
                    if mark.as_char() == ':' && mark.spacing() == Spacing::Joint && !words.is_empty() =>
                {
                    joined = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
                    if joined {
                        tokens.next();
                    }
                }
                TokenTree::Group(group) if joined && group.delimiter() == Delimiter::Brace => {
                    let so_far = [before, &words].concat();
                    self.scan(group.stream(), &so_far);
                    words.clear();
                    joined = false;
                    opened = true;
                }
                TokenTree::Group(group) => {
                    self.end(&mut words, before, place);
                    self.scan(group.stream(), &[]);
                    joined = false;
                }
                TokenTree::Literal(literal) => {
                    self.end(&mut words, before, place);
                    self.scan_text(&literal.to_string(), literal.span());
                    joined = false;
                }
                TokenTree::Punct(_) => {
                    self.end(&mut words, before, place);
                    joined = false;
                }
            }
        }
        if !opened {
            self.end(&mut words, before, place);
        }
    }

    /// `#[serde(with = "crate::…")]`
    fn scan_text(&mut self, literal: &str, span: Span) {
        let text = literal.trim_matches('"');
        if text.starts_with("crate::") || text.starts_with("super::") {
            self.add(text.split("::").map(str::to_owned).collect(), span);
        }
    }

    fn end(&mut self, words: &mut Vec<String>, before: &[String], span: Span) {
        if !words.is_empty() {
            let words = [before, &std::mem::take(words)].concat();
            self.add(words, span);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.open(&item.tree, &[], item.use_token.span);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("path")) {
            if let syn::Meta::NameValue(pair) = &attribute.meta
                && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &pair.value
            {
                self.moved.push((path.value(), self.module.clone()));
            }
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(words, path.segments[0].ident.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        self.scan(mac.tokens.clone(), &[]);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.scan(item.mac.tokens.clone(), &[]);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone(), &[]);
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in crate::x)` imports nothing.
    }
}

/// Where a path leads if it leads out of the module by `crate`, `super` or our own name: the words from the root.
fn from_root(named: &Named) -> Option<Vec<String>> {
    let words: Vec<&str> = named.words.iter().map(String::as_str).collect();
    match words.first().copied()? {
        "crate" | "xiaoer" => Some(named.words[1..].to_vec()),
        "self" | "super" => {
            let rest = words.iter().skip_while(|word| matches!(**word, "self" | "super"));
            let up = words.iter().take_while(|word| matches!(**word, "self" | "super"));
            let up = up.filter(|word| **word == "super").count();
            let base = named.module.len().saturating_sub(up);
            let mut path = named.module[..base].to_vec();
            path.extend(rest.map(|word| (*word).to_owned()));
            Some(path)
        }
        _ => None,
    }
}

/// The rules that the paths of one file break.
fn broken(file: &str, reader: &Reader) -> Vec<String> {
    let mut told = Vec::new();
    for named in &reader.named {
        let room = named.module.first().map_or("lib", String::as_str);
        let mut tell = |what: &str| {
            told.push(format!("{file}:{}: {room} {what}: {}", named.line, named.words.join("::")));
        };
        if let Some(path) = from_root(named) {
            match path.first().map(String::as_str) {
                Some(other) if other == room || may_import(room, other) => {}
                // The root's own declarations, and the crate itself as a word of a visibility or a macro.
                _ if room == "lib" || (named.words.len() == 1 && named.words[0] == "crate") => {}
                Some("*") | None => tell("takes the whole house"),
                Some(other) if level(other).is_none() => tell("names what is no room"),
                Some(_) => tell("imports what doesn't stand above it"),
            }
        }
        let reads_files = |impure: &[&str]| room == READS_FILES && impure == ["std", "fs"];
        if PURE.contains(&room) && IMPURE.iter().any(|impure| names(&named.words, impure) && !reads_files(impure)) {
            tell("is pure and can't name");
        }
    }
    told.sort();
    told.dedup();
    told
}

fn level(room: &str) -> Option<usize> {
    HOUSE.iter().position(|rooms| rooms.contains(&room))
}

fn may_import(room: &str, other: &str) -> bool {
    if let Some((_, rooms)) = NARROWER.iter().find(|(narrow, _)| *narrow == room) {
        return rooms.contains(&other);
    }
    matches!((level(room), level(other)), (Some(own), Some(above)) if above < own)
}

fn names(words: &[String], impure: &[&str]) -> bool {
    words.windows(impure.len()).any(|window| window == impure)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// `src/classify/slots/mod.rs` is the module `classify::slots`.
fn module_of(below_src: &Path) -> Vec<String> {
    let mut module: Vec<String> =
        below_src.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    module
}

fn of_room(room: &str, source: &str) -> Vec<String> {
    broken("inline.rs", &Reader::read(module_of(Path::new(room)), source))
}

#[test]
fn every_room_imports_only_what_stands_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 100, "the sources were found");
    let read: Vec<(PathBuf, Reader)> = files
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(&src).unwrap().to_owned();
            let reader = Reader::read(module_of(&below), &std::fs::read_to_string(&path).unwrap());
            (below, reader)
        })
        .collect();
    // A file that another one names by `#[path]` is the module it is named as.
    let moved: Vec<(PathBuf, Vec<String>)> = read
        .iter()
        .flat_map(|(file, reader)| {
            let folder = file.parent().unwrap();
            reader.moved.iter().map(move |(path, module)| (folder.join(path), module.clone()))
        })
        .collect();
    let mut told = Vec::new();
    for (file, reader) in &read {
        let room = module_of(file);
        if let Some(first) = room.first() {
            assert!(level(first).is_some(), "{}: the house has no room of that name", file.display());
        }
        let shown = format!("src/{}", file.display());
        match moved.iter().find(|(path, _)| path == file) {
            Some((_, module)) => {
                let source = std::fs::read_to_string(src.join(file)).unwrap();
                told.extend(broken(&shown, &Reader::read(module.clone(), &source)));
            }
            None => told.extend(broken(&shown, reader)),
        }
    }
    assert!(told.is_empty(), "{} break the order of the rooms:\n{}", told.len(), told.join("\n"));
}

#[test]
fn a_broken_order_is_seen_however_it_is_written() {
    let red: &[(&str, &str)] = &[
        ("text/mod.rs", "use crate::playbook::Playbook;"),
        ("text/mod.rs", "use crate::{domain::At, playbook};"),
        ("text/mod.rs", "use crate::{domain::{At, IntentId}, decide::{self, Moment}};"),
        ("text/mod.rs", "use crate::store as shelf;"),
        ("text/mod.rs", "use crate::*;"),
        ("text/mod.rs", "use super::decide;"),
        ("text/mod.rs", "use super::*;"),
        ("text/fold.rs", "use super::super::decide::Moment;"),
        ("text/fold.rs", "mod inner { use super::super::super::decide::Moment; }"),
        ("text/mod.rs", "fn f() { crate::decide::decide(); }"),
        ("text/mod.rs", "fn f() { use crate::engine::Engine; }"),
        ("text/mod.rs", "fn f(of: &crate::engine::Engine) {}"),
        ("text/mod.rs", "impl crate::engine::Orders for T {}"),
        ("text/mod.rs", "fn f() { let x: Vec<crate::store::Store> = vec![]; }"),
        ("text/mod.rs", "fn f() { println!(\"{}\", crate::store::NAME); }"),
        ("text/mod.rs", "fn f() { vec![1, g(super::store::NAME)]; }"),
        ("text/mod.rs", "macro_rules! m { () => { use $crate::store::{Store, Writer}; } }"),
        ("text/mod.rs", "macro_rules! m { () => { use crate::{domain::At, store::Store}; } }"),
        ("text/mod.rs", "#[derive(A)] #[serde(with = \"crate::store::words\")] struct S;"),
        ("text/mod.rs", "#[cfg(test)] mod tests { use crate::engine::Engine; }"),
        ("domain/time.rs", "use crate::text::Text;"),
        ("playbook/load.rs", "use crate::classify::Classifier;"),
        ("check/mod.rs", "use crate::engine::Engine;"),
        ("inbox.rs", "use crate::outbox::Outbox;"),
        ("engine.rs", "use xiaoer::shops::Shop;"),
        ("app.rs", "use crate::cli::Cli;"),
        ("text/mod.rs", "use crate::helpers::pad;"),
        ("decide/mod.rs", "use crate::desk::guard;"),
        ("desk/mod.rs", "use crate::store::Store;"),
        ("desk/mod.rs", "use crate::learn::group;"),
        ("learn/mod.rs", "use crate::orders::mask;"),
        ("learn/mod.rs", "use std::fs;"),
        ("desk/mod.rs", "fn f() { jiff::Zoned::now(); }"),
        ("decide/mod.rs", "use tokio::time;"),
        ("decide/mod.rs", "fn f() { tokio::spawn(g()); }"),
        ("decide/mod.rs", "use std::{fmt, fs};"),
        ("decide/mod.rs", "use std::time::{Duration, Instant};"),
        ("decide/mod.rs", "fn f() { std::env::var(\"HOME\"); }"),
        ("classify/mod.rs", "fn f() { jiff::Timestamp::now(); }"),
        ("classify/mod.rs", "fn f() -> Timestamp { g!(Timestamp::now()) }"),
        ("domain/mod.rs", "type T = std::time::SystemTime;"),
        ("text/mod.rs", "use std::net::IpAddr;"),
        ("text/mod.rs", "use reqwest::Client;"),
        ("domain/mod.rs", "#[derive(sqlx::FromRow)] struct S;"),
        ("domain/mod.rs", "use axum::Json;"),
        ("classify/mod.rs", "use std::fs;"),
        ("playbook/mod.rs", "use std::env;"),
    ];
    for (room, source) in red {
        assert!(!of_room(room, source).is_empty(), "not seen in {room}: {source}");
    }
}

#[test]
fn a_house_in_order_is_left_alone() {
    let green: &[(&str, &str)] = &[
        ("text/mod.rs", "use crate::domain::Language; use super::domain::At;"),
        (
            "text/fold.rs",
            "use super::is_han; use crate::text::Text; mod tests { use super::*; use super::super::Text; }",
        ),
        ("decide/ladder.rs", "fn f() { vec![crate::domain::At(0)]; let fs = 1; x::<tests::A>(); }"),
        ("decide/ladder.rs", "pub(crate) fn f() {} pub(in crate::decide) fn g() {}"),
        ("playbook/layer.rs", "fn f() { std::fs::read(\"shop.yaml\"); }"),
        ("inbox.rs", "use crate::{engine::Engine, store::{self, Store}}; use tokio::time::Instant;"),
        ("main.rs", "use xiaoer::cli;"),
        ("decide/mod.rs", "struct Now { fs: u8 } /// `tokio` and crate::store in words alone\nfn f() {}"),
        ("lib.rs", "pub mod app; pub use crate::domain::At;"),
    ];
    for (room, source) in green {
        assert_eq!(of_room(room, source), Vec::<String>::new(), "{room}: {source}");
    }
}
