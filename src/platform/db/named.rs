//! Enums that travel by name: one spelling in PostgreSQL, in JSON and in the API's document.

/// Declares such enums. A name that no variant has is an error wherever it comes from, the database too.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$about:meta])* $variant:ident = $text:tt,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        $vis enum $name {
            $($(#[$about])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All, in the order of their declaration.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As the tables and the API have it.
            $vis fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            fn from_name(name: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|known| known.name() == name);
                found.copied().ok_or_else(|| format!("there is no {} named {name}", stringify!($name)))
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Text, diesel::pg::Pg>::to_sql(self.name(), out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(
                bytes: <diesel::pg::Pg as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                let name = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>>::from_sql(bytes)?;
                Ok(Self::from_name(&name)?)
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    named! {
        /// How fast.
        enum Tempo {
            Slow = "largo",
            /// Very.
            Fast = "prestissimo",
        }
    }

    #[test]
    fn a_name_is_the_same_everywhere() {
        for tempo in Tempo::ALL {
            assert_eq!(serde_json::to_value(tempo).expect("json"), tempo.name());
            assert_eq!(Tempo::from_name(tempo.name()), Ok(*tempo));
        }
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        assert_eq!(Tempo::from_name("andante"), Err("there is no Tempo named andante".to_owned()));
        assert!(serde_json::from_str::<Tempo>("\"andante\"").is_err());
    }
}
