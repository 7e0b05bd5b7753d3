//! serde support. A condition is text. A descriptor is SDDL if that is lossless, otherwise hexadecimal digits of the
//! binary form. An ACL is a descriptor that contains only a DACL. An ACE is SDDL, or otherwise a whole ACL.

use super::{Ace, Acl, Condition, SecurityDescriptor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use std::borrow::Cow;

impl Serialize for SecurityDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sddl = self.to_string();
        if sddl.parse().is_ok_and(|read: Self| read == *self) {
            return serializer.serialize_str(&sddl);
        }
        serializer.serialize_str(&hex(&self.to_bytes().map_err(S::Error::custom)?))
    }
}

impl<'de> Deserialize<'de> for SecurityDescriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        // SDDL has a colon after the first letter; hexadecimal digits never do.
        match unhex(&text).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => Self::from_bytes(&bytes).map_err(D::Error::custom),
            None => text.parse().map_err(D::Error::custom),
        }
    }
}

impl Serialize for Acl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SecurityDescriptor { dacl: self.clone().into(), ..SecurityDescriptor::new() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Acl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let descriptor = SecurityDescriptor::deserialize(deserializer)?;
        descriptor.dacl.acl().cloned().ok_or_else(|| D::Error::custom("expected a DACL"))
    }
}

impl Serialize for Ace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sddl = self.to_string();
        if sddl.parse().is_ok_and(|read: Self| read == *self) {
            return serializer.serialize_str(&sddl);
        }
        Acl::new(vec![self.clone()]).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        match unhex(&text).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => {
                let descriptor = SecurityDescriptor::from_bytes(&bytes).map_err(D::Error::custom)?;
                match descriptor.dacl.aces() {
                    [ace] => Ok(ace.clone()),
                    _ => Err(D::Error::custom("expected one ACE")),
                }
            }
            None => text.parse().map_err(D::Error::custom),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.has_sddl() {
            return serializer.collect_str(self);
        }
        serializer.serialize_str(&hex(&self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        // Hexadecimal digits of a valid condition cannot be an attribute name.
        match unhex(&text).and_then(|bytes| Self::from_bytes(&bytes)) {
            Some(condition) => Ok(condition),
            None => text.parse().map_err(D::Error::custom),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
