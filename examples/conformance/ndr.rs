//! `ndr.decode` and `ndr.encode`.

use crate::{
    message::{from_json, to_json},
    ok,
    request::{Answer, Request, hex},
};
use serde_json::{Value, json};
use wintask::{
    ndr::{Error, Transfer},
    rpc::{Direction, Format, Interface},
};

pub fn decode(mut request: Request) -> Answer {
    let target = Target::take(&mut request)?;
    let stub = request.need_hex("hex")?;
    request.done()?;
    let recoded = target.format().and_then(|format| {
        let value = format.decode(&stub, Transfer::NDR20)?;
        let encoded = format.encode(value.clone(), Transfer::NDR20)?;
        Ok(json!({"value": to_json(&value), "encoded": hex(&encoded)}))
    });
    recoded.map_or_else(|error| Ok(refusal(&error)), ok)
}

pub fn encode(mut request: Request) -> Answer {
    let target = Target::take(&mut request)?;
    let value: Value = request.need("value")?;
    request.done()?;
    let format = target.format().map_err(|error| error.to_string())?;
    let value = from_json(&value, format.ty)?;
    let stub = format.encode(value, Transfer::NDR20).map_err(|error| error.to_string())?;
    ok(json!({"hex": hex(&stub)}))
}

/// Which message is meant.
struct Target {
    interface: &'static Interface,
    opnum: u16,
    direction: Direction,
}

impl Target {
    fn take(request: &mut Request) -> Result<Self, String> {
        let interface: String = request.need("interface")?;
        let direction: String = request.need("direction")?;
        Ok(Self {
            interface: Interface::by_name(&interface)
                .ok_or_else(|| format!("no interface is called {interface}"))?,
            opnum: request.need("opnum")?,
            direction: direction
                .parse()
                .map_err(|_| format!("direction: {direction} is neither request nor response"))?,
        })
    }

    fn format(&self) -> Result<&'static Format, Error> {
        self.interface.format(self.opnum, self.direction)
    }
}

fn refusal(error: &Error) -> Value {
    json!({
        "ok": false,
        "fault": format!("{:#010x}", error.fault().0),
        "offset": error.place().offset().unwrap_or_default(),
        "error": error.to_string(),
    })
}
