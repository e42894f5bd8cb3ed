//! A plan for programs, by serde: what is called as in a module.yaml has the same shape.
//!
//! In: parts of a [`Plan`](super::Plan). Out: JSON.

use serde::{Serialize, Serializer};

use crate::descriptor::document::{Port, Protocol};

#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: &'a str,
}

/// Names with values, in their order.
pub fn settings<S: Serializer>(settings: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(settings.iter().map(|(name, value)| Setting { name, value }))
}

#[derive(Serialize)]
struct Listening {
    value: u16,
    protocol: &'static str,
}

/// Ports, each with its protocol.
pub fn ports<S: Serializer>(ports: &[Port], to: S) -> Result<S::Ok, S::Error> {
    let listening = |port: &Port| Listening { value: port.value, protocol: protocol(port) };
    to.collect_seq(ports.iter().map(listening))
}

/// How a port is talked to: tcp where it is not said.
pub fn protocol(port: &Port) -> &'static str {
    match port.protocol.unwrap_or(Protocol::Tcp) {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// What is one of a few, by its name.
pub fn name<S: Serializer>(it: &impl AsRef<str>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(it.as_ref())
}
