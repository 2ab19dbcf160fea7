//! Walks the syntax of a file and notes what the rules ask for.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Ident, Meta, Signature, UseTree};

use super::source::{Found, Function, Source};

/// What was read so far.
pub(crate) struct Reader {
    source: Source,
    /// What each imported name stands for.
    imports: HashMap<String, Vec<String>>,
    /// The inline modules that the reader is in.
    inline: Vec<String>,
}

impl Reader {
    /// Fills `empty` with what the syntax holds.
    pub(crate) fn read(empty: Source, syntax: &syn::File) -> Source {
        let mut reader = Self { source: empty, imports: HashMap::new(), inline: Vec::new() };
        reader.visit_file(syntax);
        reader.finish()
    }

    /// Completes the paths that begin with an imported name.
    fn finish(mut self) -> Source {
        for mention in &mut self.source.mentions {
            if let Some(full) = self.imports.get(&mention.it[0]) {
                mention.it.splice(..1, full.iter().cloned());
            }
        }
        self.source
    }

    fn mention(&mut self, segments: Vec<String>, span: Span) {
        let it = self.absolute(segments);
        self.source.mentions.push(found(it, span));
    }

    /// `super::Handle` as `crate::accounts::Handle`; what begins with another name is left as it is.
    fn absolute(&self, segments: Vec<String>) -> Vec<String> {
        if !["self", "super"].contains(&segments[0].as_str()) {
            return segments;
        }
        let mut place = vec!["crate".to_owned()];
        place.extend(self.source.place.iter().chain(&self.inline).cloned());
        let ups = segments.iter().take_while(|segment| *segment == "super").count();
        place.truncate(place.len().saturating_sub(ups).max(1));
        place.extend(segments.into_iter().skip_while(|segment| segment == "self" || segment == "super"));
        place
    }

    fn import(&mut self, tree: &UseTree, mut before: Vec<String>) {
        let name = match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                return self.import(&path.tree, before);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, before.clone()));
            }
            UseTree::Glob(_) => return self.mention(before, tree.span()),
            UseTree::Name(name) => &name.ident,
            UseTree::Rename(rename) => &rename.ident,
        };
        if name != "self" {
            before.push(name.to_string());
        }
        let known_as = if let UseTree::Rename(rename) = tree {
            rename.rename.to_string()
        } else {
            before[before.len() - 1].clone()
        };
        let full = self.absolute(before);
        self.source.mentions.push(found(full.clone(), tree.span()));
        self.imports.insert(known_as, full);
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        let (open, close) = (block.brace_token.span.open().start().line, block.brace_token.span.close().end().line);
        let line = signature.span().start().line;
        self.source.functions.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: close - line + 1,
            body_lines: (close - open).saturating_sub(1),
            attributes: attributes.iter().filter_map(last_segment).collect(),
        });
    }

    /// Paths and strings among tokens that syn does not parse.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut span, mut colons) = (Vec::new(), Span::call_site(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(ref punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) => {
                    if colons != 2 || path.is_empty() {
                        self.flush(&mut path, span);
                        span = ident.span();
                    }
                    path.push(ident.to_string());
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.source.strings.push(found(text.value(), literal.span()));
                    }
                }
                TokenTree::Punct(_) => self.flush(&mut path, span),
            }
            colons = 0;
        }
        self.flush(&mut path, span);
    }

    fn flush(&mut self, path: &mut Vec<String>, span: Span) {
        if !path.is_empty() {
            self.mention(std::mem::take(path), span);
        }
    }

    /// The `schema.table` of `table! { schema.table (id) { … } }`.
    fn table(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for window in tokens.windows(3) {
            if let [TokenTree::Ident(schema), TokenTree::Punct(dot), TokenTree::Ident(table)] = window
                && dot.as_char() == '.'
            {
                self.source.strings.push(found(format!("{schema}.{table}"), schema.span()));
            }
        }
    }

    fn define(&mut self, name: &Ident) {
        self.source.types.push(found(name.to_string(), name.span()));
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // What a unit test names is its own affair.
        if item.attrs.iter().any(is_cfg_test) {
            return;
        }
        self.source.modules.push(found(item.ident.to_string(), item.span()));
        self.inline.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inline.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mention(segments, path.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        if call.path.segments.last().is_some_and(|last| last.ident == "table") {
            self.table(call.tokens.clone());
        }
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let Meta::List(list) = &attribute.meta else { return };
        if list.path.is_ident("derive") {
            let traits =
                list.parse_args_with(syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
            for path in traits.iter().flatten() {
                self.source.derives.extend(path.segments.last().map(|last| found(last.ident.to_string(), last.span())));
            }
        }
        self.visit_path(&list.path);
        self.tokens(list.tokens.clone());
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.source.strings.push(found(text.value(), text.span()));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.source.methods.push(found(call.method.to_string(), call.method.span()));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.define(&item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.define(&item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.define(&item.ident);
        visit::visit_item_union(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.define(&item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.define(&item.ident);
        visit::visit_item_type(self, item);
    }
}

fn found<T>(it: T, span: Span) -> Found<T> {
    Found { it, line: span.start().line }
}

fn last_segment(attribute: &Attribute) -> Option<String> {
    attribute.path().segments.last().map(|last| last.ident.to_string())
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<Ident>().is_ok_and(|condition| condition == "test")
}

#[test]
fn a_path_is_completed_by_the_place_and_the_imports() {
    let text = "use super::{email::Email, Handle as Nick};\nfn f() -> Nick { vec![Email::parse(crate::x::Y)]; a::b() }";
    let source = Source::parse("src/accounts/register.rs", text);
    let paths: Vec<String> = source.mentions.iter().map(|mention| mention.it.join("::")).collect();
    for path in ["crate::accounts::Handle", "crate::accounts::email::Email::parse", "crate::x::Y", "a::b"] {
        assert!(paths.iter().any(|found| found == path), "{path} is not in {paths:?}");
    }
}
