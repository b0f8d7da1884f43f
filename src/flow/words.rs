//! The fixed words of the format: each enum is one closed list an author may choose from.

/// Declares an enum whose variants are words of the format, with the list of them and the way there and back.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word as it is written in a file.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The variant a word names.
            pub fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::named(&word).ok_or_else(|| {
                    let expected: &'static [&'static str] = &[$($text),+];
                    serde::de::Error::unknown_variant(&word, expected)
                })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The answer types of a question (R4–R14).
    QuestionType {
        /// Any text (R5).
        Text = "text",
        /// One of up to ten options (R6).
        MultipleChoice = "multiple_choice",
        /// An exact decimal, with bounds if wanted (R8, R9).
        Number = "number",
        /// A calendar day (R10).
        Date = "date",
        /// A phone number with its country code (R11).
        Phone = "phone",
        /// An e-mail address (R12).
        Email = "email",
        /// A web address (R13).
        Url = "url",
        /// One to five stars (R14).
        Rating = "rating",
        /// A place on the map.
        Location = "location",
    }
}

impl QuestionType {
    /// The types of contact fields that can hold its answers. An undeclared field is text (our choice, respondio.md section 6).
    pub const fn field_types(self) -> &'static [FieldType] {
        match self {
            Self::Text | Self::MultipleChoice => &[FieldType::Text, FieldType::List],
            Self::Number | Self::Rating => &[FieldType::Number, FieldType::Text],
            Self::Date => &[FieldType::Date, FieldType::Text],
            Self::Phone => &[FieldType::Phone, FieldType::Text],
            Self::Email => &[FieldType::Email, FieldType::Text],
            Self::Url => &[FieldType::Url, FieldType::Text],
            Self::Location => &[FieldType::Text],
        }
    }
}

words! {
    /// The date formats a question may allow. Matched whatever the case; `mm/dd/yyyy` is the default (R10).
    DateFormat {
        /// 09/19/2021
        MmDdYyyySlash = "mm/dd/yyyy",
        /// 2021/09/19
        YyyyMmDdSlash = "yyyy/mm/dd",
        /// 09/19/21
        MmDdYySlash = "mm/dd/yy",
        /// 09-19-21
        MmDdYyDash = "mm-dd-yy",
        /// Sep/19/2021
        MmmDdYyyySlash = "mmm/dd/yyyy",
        /// Sep-19-2021
        MmmDdYyyyDash = "mmm-dd-yyyy",
        /// Sep/19/21
        MmmDdYySlash = "mmm/dd/yy",
        /// Sep-19-21
        MmmDdYyDash = "mmm-dd-yy",
        /// 09/19, in the virtual year
        MmDdSlash = "mm/dd",
        /// 09-19-2021
        MmDdYyyyDash = "mm-dd-yyyy",
        /// 2021-09-19
        YyyyMmDdDash = "yyyy-mm-dd",
    }
}

words! {
    /// The kinds of attachment.
    AttachmentKind {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// Speech or music.
        Audio = "audio",
        /// Anything else.
        File = "file",
    }
}

words! {
    /// The types of contact fields.
    FieldType {
        /// Any text.
        Text = "text",
        /// One of a list of options.
        List = "list",
        /// Yes or no.
        Checkbox = "checkbox",
        /// An e-mail address.
        Email = "email",
        /// An exact decimal.
        Number = "number",
        /// A web address.
        Url = "url",
        /// A calendar day.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A phone number.
        Phone = "phone",
    }
}

words! {
    /// The types of channels.
    ChannelType {
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// Facebook Messenger.
        Messenger = "messenger",
        /// Instagram.
        Instagram = "instagram",
        /// Telegram.
        Telegram = "telegram",
        /// LINE.
        Line = "line",
        /// Viber.
        Viber = "viber",
        /// Google Business Messages.
        GoogleBusinessMessages = "google_business_messages",
        /// The chat box of a web site.
        WebChat = "web_chat",
        /// A channel of one's own.
        Custom = "custom",
        /// Text messages of the telephone network.
        Sms = "sms",
        /// E-mail.
        Email = "email",
    }
}

impl ChannelType {
    /// The name people know it by.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Whatsapp => "WhatsApp",
            Self::Messenger => "Messenger",
            Self::Instagram => "Instagram",
            Self::Telegram => "Telegram",
            Self::Line => "LINE",
            Self::Viber => "Viber",
            Self::GoogleBusinessMessages => "Google Business Messages",
            Self::WebChat => "Web chat",
            Self::Custom => "Custom channel",
            Self::Sms => "SMS",
            Self::Email => "E-mail",
        }
    }
}
