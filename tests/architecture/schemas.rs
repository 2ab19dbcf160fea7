//! Each schema of the API's document has a name of its own: the document is a map by names, and of two types that share one
//! the second silently takes the first one's place.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};

use super::source::{Found, SERVER, Source, Violation, assert_guilty, hold};

fn schemas_have_names_of_their_own(sources: &[Source]) -> Vec<Violation> {
    let mut known: HashMap<&str, String> = HashMap::new();
    let mut violations = Vec::new();
    for source in sources {
        for schema in &source.schemas {
            let place = format!("{}:{}", source.path, schema.line);
            if let Some(first) = known.get(schema.it.as_str()) {
                let advice = format!("`{first}` is called `{}` in the API's document as well: rename one", schema.it);
                violations.push(Violation::at(source, schema.line, advice));
            } else {
                known.insert(&schema.it, place);
            }
        }
    }
    violations
}

/// The names under which the types of a file stand in the API's document, those in macros included: whatever derives
/// `ToSchema`, and what `named!` and `ids!` declare.
pub(crate) fn schemas(text: &str) -> Vec<Found<String>> {
    let mut found = Vec::new();
    scan(text.parse().expect("Rust"), false, &mut found);
    found
}

fn scan(tokens: TokenStream, is_named: bool, found: &mut Vec<Found<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut is_schema, mut renamed, mut is_test) = (is_named, None, false);
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1), tokens.get(at + 2)) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(attribute)), _) if hash.as_char() == '#' => {
                is_schema |= derives_schema(attribute.stream());
                is_test = is_test || attribute.stream().to_string().replace(' ', "") == "cfg(test)";
                renamed = new_name(attribute.stream()).or(renamed);
            }
            (TokenTree::Ident(word), Some(TokenTree::Ident(name)), _) if *word == "struct" || *word == "enum" => {
                let it = renamed.take().unwrap_or_else(|| name.to_string());
                found.extend(is_schema.then(|| Found { it, line: name.span().start().line }));
                is_schema = is_named;
            }
            (TokenTree::Ident(word), Some(TokenTree::Punct(bang)), Some(TokenTree::Group(body)))
                if bang.as_char() == '!' && *word == "ids" =>
            {
                found.extend(names_in(body.stream()));
            }
            (TokenTree::Ident(word), Some(TokenTree::Punct(bang)), Some(TokenTree::Group(body)))
                if bang.as_char() == '!' && *word == "named" =>
            {
                scan(body.stream(), true, found);
            }
            (TokenTree::Ident(word), ..)
                if ["fn", "impl", "mod", "use", "struct", "enum"].iter().any(|it| word == it) =>
            {
                (is_schema, renamed) = (is_named, None);
            }
            // What a unit test declares is in no document.
            (TokenTree::Group(_), ..)
                if is_test && matches!(&tokens[..at], [.., module, _] if is_word(module, "mod")) =>
            {
                is_test = false;
            }
            (TokenTree::Group(group), ..) if !is_body_of(&tokens[..at], "named") => scan(group.stream(), false, found),
            _ => {}
        }
    }
}

/// Whether a group that comes behind these tokens is what a macro of this name is called with.
fn is_body_of(before: &[TokenTree], name: &str) -> bool {
    matches!(before, [.., TokenTree::Ident(word), TokenTree::Punct(bang)] if *word == name && bang.as_char() == '!')
}

fn derives_schema(attribute: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    matches!(tokens.as_slice(), [TokenTree::Ident(derive), TokenTree::Group(traits), ..]
        if *derive == "derive" && traits.stream().into_iter().any(|token| is_word(&token, "ToSchema")))
}

/// `#[schema(as = Name)]`.
fn new_name(attribute: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    let [TokenTree::Ident(schema), TokenTree::Group(inside), ..] = tokens.as_slice() else { return None };
    let inside: Vec<TokenTree> = inside.stream().into_iter().collect();
    let at = inside.iter().position(|token| is_word(token, "as")).filter(|_| *schema == "schema")?;
    inside.get(at + 2).map(ToString::to_string)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident == word)
}

/// The names of `ids! { /// An account.\n AccountId, … }`.
fn names_in(body: TokenStream) -> Vec<Found<String>> {
    let names = body.into_iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(Found { it: name.to_string(), line: name.span().start().line }),
        _ => None,
    });
    names.collect()
}

#[test]
fn the_document_has_each_name_once() {
    hold(&schemas_have_names_of_their_own(&SERVER));
}

#[test]
fn schemas_are_read_from_types_and_macros() {
    let text = "#[derive(Debug, ToSchema)]\n#[serde(tag = \"a\")]\npub(crate) struct One { two: Two }
        struct NoSchema;
        named! { /// What.\n#[derive(Default)]\npub(crate) enum Kind { A = \"a\", } }
        #[derive(utoipa::ToSchema)] #[schema(as = Other)] enum Renamed { A }
        macro_rules! m { () => { #[derive(ToSchema)] pub struct InMacro {} #[derive(ToSchema)] enum $name {} struct Plain; } }
        ids! { /// An account.\n AccountId, /// A track.\n TrackId }
        mod inner { #[derive(ToSchema)] struct Inner; }
        #[cfg(test)] mod tests { #[derive(ToSchema)] struct Sample; }";
    let found: Vec<String> = schemas(text).into_iter().map(|schema| schema.it).collect();
    assert_eq!(found, ["One", "Kind", "Other", "InMacro", "AccountId", "TrackId", "Inner"]);
}

#[test]
fn a_name_that_two_types_have_is_found() {
    let check = |text| {
        let first = Source::parse("src/artists/links.rs", "#[derive(ToSchema)]\nstruct Link {}");
        schemas_have_names_of_their_own(&[first, Source::parse("src/streaming/link.rs", text)])
    };
    assert_guilty(&check("\n#[derive(ToSchema)]\nstruct Link {}"), "src/streaming/link.rs:3");
    assert_guilty(&check("named! { enum Link { A = \"a\", } }"), "src/streaming/link.rs:1");
    hold(&check("struct Link {}"));
    hold(&check("#[derive(ToSchema)] #[schema(as = PlayLink)] struct Link {}"));
}
