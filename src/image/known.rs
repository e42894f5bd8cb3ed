//! What is known of images that others begin from.
//!
//! In: a [`Reference`]. Out: who runs them, and what installs packages in them. Source: their
//! Dockerfiles, which their publishers show.

use super::{HUB, Reference};
use crate::descriptor::document::Manager::{self, Apk, AptGet, Dnf, Microdnf, Yum};

/// What is known of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// Who runs it.
    pub user: Option<&'static str>,
    /// What installs packages in it.
    pub manager: Option<Manager>,
    /// Whether nothing in it would start a server.
    pub has_no_server: bool,
}

/// A part of the names of its registries.
const RED_HAT: &str = "redhat.";

/// Registry, start of the repository, a part of its name and tag, user and manager.
type Row = (&'static str, &'static str, &'static str, &'static str, Option<Manager>);

/// The first that fits counts.
#[rustfmt::skip]
const KNOWN: [Row; 25] = [
    (HUB, "redislabs/redis", "", "redislabs", None),
    (HUB, "redis/redis-stack", "", "root", Some(AptGet)),
    (HUB, "valkey/valkey", "alpine", "root", Some(Apk)),
    (HUB, "valkey/valkey", "", "root", Some(AptGet)),
    (HUB, "bitnami/redis", "", "1001", Some(AptGet)),
    (HUB, "library/alpine", "", "root", Some(Apk)),
    (HUB, "library/debian", "", "root", Some(AptGet)),
    (HUB, "library/ubuntu", "", "root", Some(AptGet)),
    (HUB, "library/buildpack-deps", "", "root", Some(AptGet)),
    (HUB, "library/redis", "alpine", "root", Some(Apk)),
    (HUB, "library/redis", "", "root", Some(AptGet)),
    (HUB, "library/fedora", "", "root", Some(Dnf)),
    (HUB, "library/rockylinux", "minimal", "root", Some(Microdnf)),
    (HUB, "library/rockylinux", "", "root", Some(Dnf)),
    (HUB, "library/almalinux", "minimal", "root", Some(Microdnf)),
    (HUB, "library/almalinux", "", "root", Some(Dnf)),
    (HUB, "library/oraclelinux", "slim", "root", Some(Microdnf)),
    (HUB, "library/oraclelinux", "", "root", Some(Yum)),
    (HUB, "library/amazonlinux", "", "root", Some(Yum)),
    (HUB, "library/centos", "", "root", Some(Yum)),
    (HUB, "library/", "", "root", None),
    (RED_HAT, "ubi", "minimal", "root", Some(Microdnf)),
    (RED_HAT, "ubi", "micro", "root", None),
    (RED_HAT, "ubi", "init", "root", Some(Yum)),
    (RED_HAT, "ubi", "ubi", "root", Some(Yum)),
];

/// What is known of the image; of `scratch` that nobody else is there.
pub fn known(image: Option<&Reference>) -> Base {
    let Some(Reference { registry, repository, tag, .. }) = image else {
        return Base { user: Some("root"), manager: None, has_no_server: true };
    };
    let whole = format!("{repository}:{}", tag.as_deref().unwrap_or_default());
    let fits = |row: &&Row| {
        let is_meant = match row.1.ends_with('/') || row.0 == RED_HAT {
            true => repository.starts_with(row.1),
            false => repository == row.1 || repository.strip_prefix(row.1) == Some("-server"),
        };
        let is_there = row.0 == registry || row.0 == RED_HAT && registry.contains(RED_HAT);
        is_there && is_meant && whole.contains(row.2)
    };
    let row = KNOWN.iter().find(fits);
    let has_server = ["redis", "valkey"].iter().any(|server| repository.contains(server));
    row.map_or_else(Base::default, |row| Base {
        user: Some(row.3),
        manager: row.4,
        has_no_server: !has_server && row.1 != "library/",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_name_and_tag() {
        for (image, user, manager) in [
            ("redis", Some("root"), Some(AptGet)),
            ("docker.io/library/redis:7.2-alpine3.20", Some("root"), Some(Apk)),
            ("redislabs/redis:7.4.2-54", Some("redislabs"), None),
            ("redislabs/redisearch", None, None),
            ("redis/redis-stack-server:latest", Some("root"), Some(AptGet)),
            ("nginx", Some("root"), None),
            ("rockylinux:9-minimal", Some("root"), Some(Microdnf)),
            ("registry.redhat.io/ubi9/ubi-minimal:9.4", Some("root"), Some(Microdnf)),
            ("registry.redhat.io/ubi9:9.4", Some("root"), Some(Yum)),
            ("localhost:5000/redis", None, None),
            ("quay.io/library/redis", None, None),
        ] {
            let base = known(Some(&image.parse().unwrap()));
            assert_eq!((base.user, base.manager), (user, manager), "{image}");
        }
        for (image, has_no_server) in [("debian:12", true), ("redis", false), ("nginx", false)] {
            let base = known(Some(&image.parse().unwrap()));
            assert_eq!(base.has_no_server, has_no_server, "{image}");
        }
        assert_eq!(known(None).user, Some("root"));
    }
}
