//! The ports that an image listens on.
//!
//! In: `expose` of the target, `ports` of all. Out: each port once.

use super::contributor::Contributor;
use crate::assembly::Request;
use crate::descriptor::document::{Port, Protocol, Words};
use crate::error::Error;

/// The ports of all, in their order.
pub(super) fn ports(request: &Request, all: &[Contributor]) -> Result<Vec<Port>, Error> {
    let target = Contributor::target(request);
    let exposed = match &request.target.expose {
        None => Vec::new(),
        Some(Words::Text(text)) => text.split_whitespace().collect(),
        Some(Words::List(list)) => list.iter().flat_map(|text| text.split_whitespace()).collect(),
    };
    let exposed: Vec<Port> =
        exposed.into_iter().map(|text| port(&target, text)).collect::<Result<_, _>>()?;
    let ports = all.iter().filter_map(|who| who.definition.ports.as_deref()).flatten().cloned();
    let mut each: Vec<Port> = Vec::new();
    for port in exposed.into_iter().chain(ports) {
        if !each.iter().any(|other| key(other) == key(&port)) {
            each.push(port);
        }
    }
    Ok(each)
}

fn key(port: &Port) -> (u16, Protocol) {
    (port.value, port.protocol.unwrap_or(Protocol::Tcp))
}

/// `6379`, `6379/tcp` or `6380/udp`.
fn port(target: &Contributor, text: &str) -> Result<Port, Error> {
    let (number, protocol) = text.split_once('/').map_or((text, None), |(n, p)| (n, Some(p)));
    let known = Protocol::ALL.into_iter().find(|it| Some(it.as_ref()) == protocol);
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    match number.parse() {
        Ok(value @ 1..) if digits && protocol.is_some() == known.is_some() => {
            Ok(Port { value, protocol: known, description: None })
        }
        _ => Err(target.cannot(
            format!("{text:?} of `expose` is no port"),
            "write a number from 1 to 65535, with /tcp or /udp behind it or nothing",
        )),
    }
}
