//! The table of an interface, and all that comes from it.

/// Reads a top-level parameter; an error about a count bears the count's own name.
macro_rules! read_parameter {
    ($reader:ident, $ty:ty, $name:literal) => {
        $reader.parameter::<$ty>($name)?
    };
    ($reader:ident, $ty:ty, $count:literal $name:literal) => {{
        let in_place = $reader.counted::<$ty>($count, $name)?;
        $reader.pointees::<$ty>($name, in_place)?
    }};
}

/// A parameter of the response to a call that failed.
macro_rules! failed_parameter {
    ($request:ident) => {
        Default::default()
    };
    ($request:ident $echo:ident) => {
        $request.$echo.clone().into()
    };
}

/// [`Message`](super::Message) of a structure whose fields are parameters.
macro_rules! message {
    ($ty:ident, $idl:expr, { $($field:ident: $fty:ty = $($name:literal)+,)* }) => {
        impl $crate::rpc::Message for $ty {
            fn read(reader: &mut $crate::ndr::Reader<'_>) -> $crate::ndr::Result<Self> {
                let _ = &reader;
                Ok(Self { $($field: $crate::rpc::macros::read_parameter!(reader, $fty, $($name)+),)* })
            }

            fn write(&self, writer: &mut $crate::ndr::Writer) -> $crate::ndr::Result<()> {
                let _ = &writer;
                $(writer.parameter($crate::ndr::macros::field_name!($($name)+), &self.$field)?;)*
                Ok(())
            }

            fn most(&self, transfer: $crate::ndr::Transfer) -> usize {
                let _ = transfer;
                [$($crate::ndr::Wire::most(&self.$field, transfer.syntax)),*]
                    .into_iter()
                    .fold(0, usize::saturating_add)
            }
        }

        $crate::ndr::macros::shape!($ty, $idl, { $($field: $fty = $($name)+,)* });
    };
}

/// An interface: its binding facts and, in order of opnum, its methods with their parameters in the IDL's order as
/// `rust_name: Type = "IDLName"` (`= "IDLCount" "IDLName"` where two parameters are one field). `from field` marks an
/// `[in, out]` parameter: a call that fails hands back what the request has in that field.
macro_rules! interface {
    (
        $name:literal, $uuid:literal, $version:expr, $endpoint:expr, $status:ident;
        $(
            $(#[$meta:meta])*
            $opnum:literal $method:ident $section:literal -> $response:ident
            in { $($(#[$in_meta:meta])* $in:ident: $in_ty:ty = $($in_name:literal)+,)* }
            out {
                $($(#[$out_meta:meta])* $out:ident: $out_ty:ty = $($out_name:literal)+ $(from $echo:ident)?,)*
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
                    request: $crate::rpc::macros::format!($method),
                    response: $crate::rpc::macros::format!($response),
                },
            )*],
        };

        $(
            $(#[$meta])*
            #[doc = concat!("\n\nThe request of `", stringify!($method), "`: opnum ", $opnum, ", [MS-TSCH] ", $section, ".")]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct $method {
                $(
                    $(#[$in_meta])*
                    #[doc = concat!("(", $("`", $in_name, "` ",)+ "in the IDL)")]
                    pub $in: $in_ty,
                )*
            }

            #[doc = concat!("The response of [`", stringify!($method), "`]: opnum ", $opnum, ", [MS-TSCH] ", $section, ".")]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct $response {
                $(
                    $(#[$out_meta])*
                    #[doc = concat!("(", $("`", $out_name, "` ",)+ "in the IDL)")]
                    pub $out: $out_ty,
                )*
                /// The return value.
                pub status: $status,
            }

            $crate::rpc::macros::message!($method, stringify!($method), { $($in: $in_ty = $($in_name)+,)* });
            $crate::rpc::macros::message!($response, stringify!($response), {
                $($out: $out_ty = $($out_name)+,)*
                status: $status = "status",
            });

            impl $crate::rpc::Call for $method {
                const OPNUM: u16 = $opnum;
                type Response = $response;
                type Status = $status;

                fn failure(&self, status: impl Into<$status>) -> $response {
                    $response {
                        $($out: $crate::rpc::macros::failed_parameter!(self $($echo)?),)*
                        status: status.into(),
                    }
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
        #[non_exhaustive]
        pub enum Request {
            $(#[doc = concat!("Opnum ", $opnum, ".")] $method($method),)*
        }

        #[doc = concat!("A response of ", $name, "; each variant bears its method's name.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Response {
            $(#[doc = concat!("Opnum ", $opnum, ".")] $method($response),)*
        }

        $crate::rpc::macros::messages!(Request { $($opnum $method: $method,)* });
        $crate::rpc::macros::messages!(Response { $($opnum $method: $response,)* });

        impl Request {
            /// The response of a call that failed: pointers NULL, counts and numbers 0, and what is `[in, out]` as it
            /// came.
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

/// The row of a message for those who deal with any.
macro_rules! format {
    ($ty:ident) => {
        $crate::rpc::Format {
            parameters: match <$ty as $crate::ndr::Shape>::TYPE {
                $crate::ndr::Type::Structure { fields, .. } => fields,
                _ => &[],
            },
            decode: |stub, transfer| {
                <$ty as $crate::rpc::Message>::decode_as(stub, transfer)
                    .map(|message| $crate::ndr::Shape::to_value(&message))
            },
            encode: |value, transfer| {
                let message: $ty = $crate::ndr::Shape::from_value(value)?;
                $crate::rpc::Message::encode_as(&message, transfer)
            },
        }
    };
}

/// What the enums over all requests, and over all responses, have in common.
macro_rules! messages {
    ($enum:ident { $($opnum:literal $method:ident: $ty:ident,)* }) => {
        impl $enum {
            /// Decodes a whole stub of NDR 2.0, little-endian, as Windows sends it.
            ///
            /// # Errors
            /// An opnum that the interface has not; what is wrong with the stub, and where.
            pub fn decode(opnum: u16, stub: &[u8]) -> $crate::ndr::Result<Self> {
                Self::decode_as(opnum, stub, $crate::ndr::Transfer::NDR20)
            }

            /// Decodes a whole stub.
            ///
            /// # Errors
            /// An opnum that the interface has not; what is wrong with the stub, and where.
            pub fn decode_as(
                opnum: u16,
                stub: &[u8],
                transfer: $crate::ndr::Transfer,
            ) -> $crate::ndr::Result<Self> {
                match opnum {
                    $($opnum => $crate::rpc::Message::decode_as(stub, transfer).map(Self::$method),)*
                    _ => Err($crate::rpc::no_such_method(opnum)),
                }
            }

            /// Encodes a stub of NDR 2.0, little-endian. It holds passwords in the clear, and is the caller's to wipe.
            ///
            /// # Errors
            /// What cannot be said on the wire.
            pub fn encode(&self) -> $crate::ndr::Result<Vec<u8>> {
                self.encode_as($crate::ndr::Transfer::NDR20)
            }

            /// Encodes a stub.
            ///
            /// # Errors
            /// What cannot be said on the wire.
            pub fn encode_as(&self, transfer: $crate::ndr::Transfer) -> $crate::ndr::Result<Vec<u8>> {
                match self {
                    $(Self::$method(message) => $crate::rpc::Message::encode_as(message, transfer),)*
                }
            }

            /// The method's number.
            #[must_use]
            pub fn opnum(&self) -> u16 {
                match self {
                    $(Self::$method(_) => $opnum,)*
                }
            }
        }
    };
}

pub(crate) use {failed_parameter, format, interface, message, messages, read_parameter};
