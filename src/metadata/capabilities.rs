//! What the words in a bundle's `capabilities` mean: one table.
//!
//! A capability says what a database with the module may do. A cluster serves its own list at
//! `GET /v1/cluster/module-capabilities`, so an unknown word is no error: it may be a newer one.
//! Source: that list as Redis documents it, and the names that Redis' own modules use.

use crate::nearest::nearest;

/// Every capability that is known, with what it means.
pub static CAPABILITIES: [(&str, &str); 19] = [
    ("types", "has data types of its own"),
    ("no_multi_key", "no command works on several keys"),
    ("replica_of", "works in a database that is a Replica Of another"),
    ("backup_restore", "its data can be exported and imported"),
    ("eviction_expiry", "its keys can expire and be evicted"),
    ("reshard_rebalance", "its keys can move to other shards"),
    ("failover_migrate", "survives failover and migration of a shard"),
    ("persistence_aof", "its data is persisted in an append-only file"),
    ("persistence_rdb", "its data is persisted in snapshots"),
    ("hash_policy", "works with a hashing policy of the database's own"),
    ("flash", "works with Auto Tiering: data in RAM and flash"),
    ("crdb", "works in an Active-Active database"),
    ("clustering", "works in a database of several shards"),
    ("intershard_tls", "its own traffic between shards can be encrypted"),
    ("intershard_tls_pass", "takes a password for the keys of that encryption"),
    ("ipv6", "works over IPv6"),
    ("bigstore_version_2", "works with the second version of Auto Tiering"),
    ("asm", "works while slots migrate atomically"),
    ("short_form_clusterset", "understands the short form of CLUSTERSET"),
];

/// What a capability means; `None` where it is not known.
pub fn meaning(name: &str) -> Option<&'static str> {
    CAPABILITIES.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
}

/// The known capability that looks most like `name`.
pub fn near(name: &str) -> Option<&'static str> {
    nearest(name, CAPABILITIES.iter().map(|(known, _)| *known), 1).first().copied()
}
