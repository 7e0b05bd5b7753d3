//! The table of an interface, and the items generated from it.

/// Implements [`Message`](super::Message) for a structure whose fields are parameters.
macro_rules! message {
    ($ty:ident, $idl:expr, { $($field:ident: $fty:ty = $($name:literal)*,)* }) => {
        impl $crate::rpc::Message for $ty {
            fn read(reader: &mut $crate::ndr::Reader<'_>) -> $crate::ndr::Result<Self> {
                let _ = &reader;
                Ok(Self { $($field: reader.named::<$fty>($crate::ndr::macros::names!($field $($name)*))?,)* })
            }

            fn write(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                let _ = &writer;
                $(writer.parameter($crate::ndr::macros::names!($field $($name)*).name, &self.$field)?;)*
                Ok(())
            }

            fn most(&self, transfer: $crate::ndr::Transfer) -> usize {
                let _ = transfer;
                [$($crate::ndr::Wire::most(&self.$field, transfer.syntax)),*]
                    .into_iter()
                    .fold(0, usize::saturating_add)
            }
        }

        $crate::ndr::macros::record!($ty, $idl, { $($field: $fty = $($name)*,)* });
    };
}

/// Defines an interface: its binding and, by opnum, its methods (name, impacket's name, section). Parameters are in
/// IDL order, as `rust_name: Type = "IDLName"`, `= "IDLCount" "IDLName"` if two parameters form one field, or without
/// a name if the IDL's is the same. `[from field]` marks an `[in, out]` parameter: a failed call returns the value of
/// that field in the request.
macro_rules! interface {
    (
        $name:literal, $uuid:literal, $version:expr, $endpoint:expr, $status:ident;
        $(
            $(#[$meta:meta])*
            $opnum:literal $method:ident $alias:literal $section:literal -> $response:ident
            in { $($(#[$in_meta:meta])* $in:ident: $in_ty:ty $(= $($in_name:literal)+)?,)* }
            out {
                $($(#[$out_meta:meta])* $out:ident: $out_ty:ty $(= $($out_name:literal)+)? $([from $echo:ident])?,)*
            }
        )*
    ) => {
        #[doc = concat!("The interface ", $name, " and its methods.")]
        pub static INTERFACE: $crate::rpc::Interface = $crate::rpc::Interface {
            name: $name,
            uuid: uuid::uuid!($uuid),
            version: $version,
            endpoint: $endpoint,
            methods: &[$(
                $crate::rpc::Method {
                    opnum: $opnum,
                    name: stringify!($method),
                    section: $section,
                    request: $crate::rpc::Format::of::<$method>(),
                    response: $crate::rpc::Format::of::<$response>(),
                },
            )*],
        };

        $(
            $(#[$meta])*
            #[doc = concat!("\n\nThe request of `", stringify!($method), "`: opnum ", $opnum, ", [MS-TSCH] ", $section, ".")]
            #[doc(alias = $alias)]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct $method {
                $(
                    $(#[$in_meta])*
                    $(
                        #[doc = concat!("(", $("`", $in_name, "` ",)+ "in the IDL)")]
                        $(#[doc(alias = $in_name)])+
                    )?
                    pub $in: $in_ty,
                )*
            }

            #[doc = concat!("The response of [`", stringify!($method), "`]: opnum ", $opnum, ", [MS-TSCH] ", $section, ".")]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct $response {
                $(
                    $(#[$out_meta])*
                    $(
                        #[doc = concat!("(", $("`", $out_name, "` ",)+ "in the IDL)")]
                        $(#[doc(alias = $out_name)])+
                    )?
                    pub $out: $out_ty,
                )*
                /// The return value.
                pub status: $status,
            }

            $crate::rpc::macros::message!($method, stringify!($method), { $($in: $in_ty = $($($in_name)+)?,)* });
            $crate::rpc::macros::message!($response, stringify!($response), {
                $($out: $out_ty = $($($out_name)+)?,)*
                status: $status =,
            });

            impl $crate::rpc::Call for $method {
                const INTERFACE: &'static $crate::rpc::Interface = &INTERFACE;
                const OPNUM: u16 = $opnum;
                type Response = $response;
                type Status = $status;

                #[allow(clippy::needless_update, reason = "a response may have only its status")]
                fn failure(&self, status: impl Into<$status>) -> $response {
                    $response {
                        $($($out: self.$echo.clone().into(),)?)*
                        status: status.into(),
                        ..Default::default()
                    }
                }

                fn status(response: &$response) -> $status {
                    response.status
                }
            }

            impl From<$method> for Request {
                fn from(request: $method) -> Self {
                    Self::$method(request)
                }
            }

            impl From<$response> for Response {
                fn from(response: $response) -> Self {
                    Self::$method(response)
                }
            }
        )*

        #[doc = concat!("A request of ", $name, ".\n\n| opnum | method | section |\n|---|---|---|\n",
            $("| ", $opnum, " | [`", stringify!($method), "`] | ", $section, " |\n",)*)]
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub enum Request {
            $(#[doc = concat!("Opnum ", $opnum, ".")] $method($method),)*
        }

        #[doc = concat!("A response of ", $name, "; the variants are named after the methods.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub enum Response {
            $(#[doc = concat!("Opnum ", $opnum, ".")] $method($response),)*
        }

        $crate::rpc::macros::messages!(Request { $($opnum $method: $method,)* });
        $crate::rpc::macros::messages!(Response { $($opnum $method: $response,)* });

        impl Request {
            /// The response of a failed call: NULL pointers, zero counts and numbers, and `[in, out]` parameters with
            /// the values of the request.
            #[must_use]
            pub fn failure(&self, status: impl Into<$status>) -> Response {
                match self {
                    $(Self::$method(request) => $crate::rpc::Call::failure(request, status).into(),)*
                }
            }
        }

        impl Response {
            /// The return value.
            #[must_use]
            pub fn status(&self) -> $status {
                match self {
                    $(Self::$method(response) => response.status,)*
                }
            }
        }
    };
}

/// Defines the common methods of the enums of all requests and of all responses.
macro_rules! messages {
    ($enum:ident { $($opnum:literal $method:ident: $ty:ident,)* }) => {
        impl $enum {
            /// Decodes a whole stub of NDR 2.0, little-endian, as Windows sends it.
            ///
            /// # Errors
            /// An opnum that the interface does not have, or an invalid stub, with the location.
            pub fn decode(opnum: u16, stub: &[u8]) -> $crate::ndr::Result<Self> {
                Self::decode_as(opnum, stub, $crate::ndr::Transfer::NDR20)
            }

            /// Decodes a whole stub.
            ///
            /// # Errors
            /// An opnum that the interface does not have, or an invalid stub, with the location.
            pub fn decode_as(
                opnum: u16,
                stub: &[u8],
                transfer: $crate::ndr::Transfer,
            ) -> $crate::ndr::Result<Self> {
                match opnum {
                    $($opnum => $crate::rpc::Message::decode_as(stub, transfer).map(Self::$method),)*
                    _ => Err($crate::rpc::interface::no_such_method(opnum)),
                }
            }

            /// Encodes a stub of NDR 2.0, little-endian. Passwords are in clear text; the caller must wipe them.
            ///
            /// # Errors
            /// A value that the wire cannot represent.
            pub fn encode(&self) -> $crate::ndr::Result<Vec<u8>> {
                self.encode_as($crate::ndr::Transfer::NDR20)
            }

            /// Encodes a stub.
            ///
            /// # Errors
            /// A value that the wire cannot represent.
            pub fn encode_as(&self, transfer: $crate::ndr::Transfer) -> $crate::ndr::Result<Vec<u8>> {
                match self {
                    $(Self::$method(message) => $crate::rpc::Message::encode_as(message, transfer),)*
                }
            }

            /// Converts the message to parameter values, for printing or for lookup by name.
            #[must_use]
            pub fn into_structure(self) -> $crate::ndr::Structure {
                match self {
                    $(Self::$method(message) => $crate::ndr::Record::into_structure(message),)*
                }
            }

            /// The opnum of the method.
            #[must_use]
            pub fn opnum(&self) -> u16 {
                match self {
                    $(Self::$method(_) => $opnum,)*
                }
            }
        }

        impl std::fmt::Display for $enum {
            /// The name of the message, followed by its parameters, one per line. Passwords are hidden.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let structure = self.clone().into_structure();
                write!(f, "{}\n{structure}", structure.ty().name)
            }
        }
    };
}

pub(crate) use {interface, message, messages};
