//! The tables that the `src/<module>/schema.rs` declare.

use std::path::{Path, PathBuf};

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, GenericArgument, Ident, Item, ItemUse, PathArguments, Token, Type, braced, parenthesized};

/// A diesel `table!`.
#[derive(Debug)]
pub(crate) struct Table {
    /// `schema.table`.
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub(crate) struct Column {
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    /// As PostgreSQL's `format_type` writes it.
    #[diesel(sql_type = Text)]
    pub(crate) kind: String,
    #[diesel(sql_type = Bool)]
    pub(crate) nullable: bool,
    /// Whether it is part of the primary key.
    #[diesel(sql_type = Bool)]
    pub(crate) key: bool,
}

/// PostgreSQL's name of a diesel SQL type, if the rule knows it.
fn kind_of(diesel_type: &str) -> Option<&'static str> {
    Some(match diesel_type {
        "Uuid" => "uuid",
        "Text" | "VarChar" => "text",
        "Bool" => "boolean",
        "Int2" | "SmallInt" => "smallint",
        "Int4" | "Integer" => "integer",
        "Int8" | "BigInt" => "bigint",
        "Float4" | "Float" => "real",
        "Float8" | "Double" => "double precision",
        // Amounts of money, in the one precision that there is.
        "Numeric" => "numeric(36,18)",
        "Bytea" | "Binary" => "bytea",
        "Json" => "json",
        "Jsonb" => "jsonb",
        "Date" => "date",
        "Timestamptz" => "timestamp with time zone",
        "Interval" => "interval",
        "Inet" => "inet",
        "Tsvector" => "tsvector",
        _ => return None,
    })
}

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        while input.peek(Token![use]) {
            input.parse::<ItemUse>()?;
        }
        Attribute::parse_outer(input)?;
        let schema: Ident = input.parse()?;
        input.parse::<Token![.]>()?;
        let table: Ident = input.parse()?;
        let (keys, fields);
        parenthesized!(keys in input);
        let keys = Punctuated::<Ident, Token![,]>::parse_terminated(&keys)?;
        braced!(fields in input);
        let mut columns = Vec::new();
        while !fields.is_empty() {
            columns.push(column(&fields, &keys)?);
        }
        columns.sort();
        Ok(Self { name: format!("{schema}.{table}"), columns })
    }
}

fn column(fields: ParseStream<'_>, keys: &Punctuated<Ident, Token![,]>) -> syn::Result<Column> {
    let attributes = Attribute::parse_outer(fields)?;
    let name: Ident = fields.parse()?;
    fields.parse::<Token![->]>()?;
    let (kind, nullable) = kind_and_nullable(&fields.parse()?)?;
    fields.parse::<Option<Token![,]>>()?;
    let key = keys.iter().any(|key| *key == name);
    // A column whose name is a word of Rust has another one here.
    let renamed = attributes.iter().find(|attribute| attribute.path().is_ident("sql_name"));
    let name = match renamed.map(|attribute| attribute.meta.require_name_value()).transpose()? {
        Some(syn::MetaNameValue { value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }), .. }) => {
            text.value()
        }
        _ => name.to_string(),
    };
    Ok(Column { name, kind, nullable, key })
}

/// `Nullable<Array<Text>>` is `text[]`, nullable.
fn kind_and_nullable(sql_type: &Type) -> syn::Result<(String, bool)> {
    let unknown =
        || syn::Error::new_spanned(sql_type, "tests/schema/declared.rs does not know this type: add it there");
    let Type::Path(path) = sql_type else { return Err(unknown()) };
    let last = path.path.segments.last().ok_or_else(unknown)?;
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => Some(kind_and_nullable(inner)?.0),
            _ => None,
        },
        _ => None,
    };
    match (last.ident.to_string().as_str(), inner) {
        ("Nullable", Some(inner)) => Ok((inner, true)),
        ("Array", Some(inner)) => Ok((format!("{inner}[]"), false)),
        (name, None) => kind_of(name).map(|kind| (kind.to_owned(), false)).ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

/// The tables that a `schema.rs` declares.
pub(crate) fn declared(text: &str) -> syn::Result<Vec<Table>> {
    let file = syn::parse_file(text)?;
    let macros =
        file.items.into_iter().filter_map(|item| if let Item::Macro(item) = item { Some(item.mac) } else { None });
    let tables = macros.filter(|call| call.path.segments.last().is_some_and(|last| last.ident == "table"));
    tables.map(|call| call.parse_body()).collect()
}

/// Every `schema.rs` of the server.
pub(crate) fn schema_files() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = source.read_dir().expect("there is a source").flatten().map(|entry| entry.path().join("schema.rs"));
    files.filter(|file| file.exists()).collect()
}

#[test]
fn an_unknown_type_is_found() {
    let error = declared("diesel::table! { one.things (id) { id -> Mystery, } }").unwrap_err();
    assert!(error.to_string().contains("does not know this type"), "{error}");
}
