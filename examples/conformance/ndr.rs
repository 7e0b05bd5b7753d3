//! `ndr.decode` and `ndr.encode`.

use crate::{
    message::{from_json, to_json},
    ok,
    request::{Answer, Request, hex},
};
use serde_json::{Value, json};
use wintask::{
    ndr::{Error, Transfer},
    rpc::{Format, Interface},
};

pub fn decode(mut request: Request) -> Answer {
    let target = Target::take(&mut request)?;
    let stub = request.need_hex("hex")?;
    request.done()?;
    let Some(format) = target.format() else { return Ok(target.no_such_method()) };
    let recoded = (format.decode)(&stub, Transfer::NDR20)
        .and_then(|value| Ok(((format.encode)(&value, Transfer::NDR20)?, value)));
    match recoded {
        Ok((encoded, value)) => {
            ok(json!({"value": to_json(&value, format.parameters), "encoded": hex(&encoded)}))
        }
        Err(error) => Ok(refusal(&error)),
    }
}

pub fn encode(mut request: Request) -> Answer {
    let target = Target::take(&mut request)?;
    let value: Value = request.need("value")?;
    request.done()?;
    let format = target.format().ok_or_else(|| format!("no method has opnum {}", target.opnum))?;
    let value = from_json(&value, format.parameters)?;
    let stub = (format.encode)(&value, Transfer::NDR20).map_err(|error| error.to_string())?;
    ok(json!({"hex": hex(&stub)}))
}

/// Which message is meant.
struct Target {
    interface: &'static Interface,
    opnum: u16,
    request: bool,
}

impl Target {
    fn take(request: &mut Request) -> Result<Self, String> {
        let interface: String = request.need("interface")?;
        let direction: String = request.need("direction")?;
        Ok(Self {
            interface: Interface::by_name(&interface).ok_or_else(|| format!("no interface is called {interface}"))?,
            opnum: request.need("opnum")?,
            request: match direction.as_str() {
                "request" => true,
                "response" => false,
                other => return Err(format!("direction: {other} is neither request nor response")),
            },
        })
    }

    fn format(&self) -> Option<&'static Format> {
        let method = self.interface.method(self.opnum)?;
        Some(if self.request { &method.request } else { &method.response })
    }

    fn no_such_method(&self) -> Value {
        let fault = wintask::ndr::Fault::OPNUM_OUT_OF_RANGE;
        let error = format!("no method has opnum {}", self.opnum);
        json!({"ok": false, "fault": format!("{:#010x}", fault.0), "offset": 0, "error": error})
    }
}

fn refusal(error: &Error) -> Value {
    json!({
        "ok": false,
        "fault": format!("{:#010x}", error.fault().0),
        "offset": error.place().offset(),
        "error": error.to_string(),
    })
}
