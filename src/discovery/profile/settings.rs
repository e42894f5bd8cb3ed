//! What a server is configured with that was started to load a module, by version.
//!
//! Source: `CONFIG GET *` of servers from 4.0 to 8.2 and of Valkey 8.0 and 9.1, started as discovery
//! starts them. What depends on the machine is not here, nor what came and went.

use super::{Profile, Since, redis, valkey};

/// Name and value, with `=` between them, of what a version brought or has otherwise than those before.
const SETTINGS: &[(Since, &[&str])] = &[
    (
        redis(4, 0),
        &[
            "activedefrag=no",
            "activerehashing=yes",
            "aof-load-truncated=yes",
            "aof-rewrite-incremental-fsync=yes",
            "aof-use-rdb-preamble=no",
            "appendfsync=everysec",
            "appendonly=no",
            "auto-aof-rewrite-min-size=67108864",
            "auto-aof-rewrite-percentage=100",
            "bind=",
            "client-output-buffer-limit=normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60",
            "client-query-buffer-limit=1073741824",
            "cluster-announce-bus-port=0",
            "cluster-announce-ip=",
            "cluster-announce-port=0",
            "cluster-migration-barrier=1",
            "cluster-node-timeout=15000",
            "cluster-require-full-coverage=yes",
            "cluster-slave-no-failover=no",
            "cluster-slave-validity-factor=10",
            "daemonize=no",
            "databases=16",
            "dbfilename=dump.rdb",
            "hash-max-ziplist-entries=512",
            "hash-max-ziplist-value=64",
            "hz=10",
            "latency-monitor-threshold=0",
            "lazyfree-lazy-eviction=no",
            "lazyfree-lazy-expire=no",
            "lazyfree-lazy-server-del=no",
            "lfu-decay-time=1",
            "lfu-log-factor=10",
            "list-compress-depth=0",
            "list-max-ziplist-size=-2",
            "logfile=",
            "loglevel=notice",
            "lua-time-limit=5000",
            "masterauth=",
            "maxmemory=0",
            "maxmemory-policy=noeviction",
            "maxmemory-samples=5",
            "min-slaves-max-lag=10",
            "min-slaves-to-write=0",
            "no-appendfsync-on-rewrite=no",
            "notify-keyspace-events=",
            "port=0",
            "protected-mode=yes",
            "proto-max-bulk-len=536870912",
            "rdbchecksum=yes",
            "rdbcompression=yes",
            "repl-backlog-size=1048576",
            "repl-backlog-ttl=3600",
            "repl-disable-tcp-nodelay=no",
            "repl-diskless-sync=no",
            "repl-diskless-sync-delay=5",
            "repl-ping-slave-period=10",
            "repl-timeout=60",
            "requirepass=",
            "save=",
            "set-max-intset-entries=512",
            "slave-announce-ip=",
            "slave-announce-port=0",
            "slave-lazy-flush=no",
            "slave-priority=100",
            "slave-read-only=yes",
            "slave-serve-stale-data=yes",
            "slaveof=",
            "slowlog-log-slower-than=10000",
            "slowlog-max-len=128",
            "stop-writes-on-bgsave-error=yes",
            "supervised=no",
            "syslog-facility=local0",
            "tcp-keepalive=300",
            "timeout=0",
            "unixsocketperm=700",
            "zset-max-ziplist-entries=128",
            "zset-max-ziplist-value=64",
        ],
    ),
    (
        redis(5, 0),
        &[
            "aof-use-rdb-preamble=yes",
            "cluster-replica-no-failover=no",
            "cluster-replica-validity-factor=10",
            "min-replicas-max-lag=10",
            "min-replicas-to-write=0",
            "rdb-save-incremental-fsync=yes",
            "repl-ping-replica-period=10",
            "replica-announce-ip=",
            "replica-announce-port=0",
            "replica-ignore-maxmemory=yes",
            "replica-lazy-flush=no",
            "replica-priority=100",
            "replica-read-only=yes",
            "replica-serve-stale-data=yes",
            "replicaof=",
            "slave-ignore-maxmemory=yes",
            "stream-node-max-bytes=4096",
            "stream-node-max-entries=100",
        ],
    ),
    (
        redis(6, 0),
        &[
            "aclfile=",
            "acllog-max-len=128",
            "active-expire-effort=1",
            "always-show-logo=no",
            "appendfilename=appendonly.aof",
            "cluster-allow-reads-when-down=no",
            "cluster-enabled=no",
            "io-threads=1",
            "lazyfree-lazy-user-del=no",
            "masteruser=",
            "oom-score-adj=no",
            "oom-score-adj-values=0 200 800",
            "rdb-del-sync-files=no",
            "repl-diskless-load=disabled",
            "syslog-enabled=no",
            "tracking-table-max-keys=1000000",
        ],
    ),
    (
        redis(6, 2),
        &[
            "acl-pubsub-default=allchannels",
            "cluster-allow-replica-migration=yes",
            "cluster-announce-tls-port=0",
            "crash-log-enabled=yes",
            "lazyfree-lazy-user-flush=no",
            "maxmemory-eviction-tenacity=10",
            "replica-announced=yes",
        ],
    ),
    (
        redis(7, 0),
        &[
            "acl-pubsub-default=resetchannels",
            "aof-timestamp-enabled=no",
            "appenddirname=appendonlydir",
            "bind=* -::*",
            "bind-source-addr=",
            "busy-reply-threshold=5000",
            "cluster-allow-pubsubshard-when-down=yes",
            "cluster-announce-hostname=",
            "cluster-config-file=nodes.conf",
            "cluster-link-sendbuf-limit=0",
            "cluster-port=0",
            "cluster-preferred-endpoint-type=ip",
            "enable-debug-command=no",
            "enable-module-command=local",
            "enable-protected-configs=no",
            "hash-max-listpack-entries=512",
            "hash-max-listpack-value=64",
            "latency-tracking=yes",
            "latency-tracking-info-percentiles=50 99 99.9",
            "list-max-listpack-size=-2",
            "maxmemory-clients=0",
            "propagation-error-behavior=ignore",
            "repl-diskless-sync=yes",
            "repl-diskless-sync-max-replicas=0",
            "replica-ignore-disk-write-errors=no",
            "shutdown-on-sigint=default",
            "shutdown-on-sigterm=default",
            "shutdown-timeout=10",
            "tls-auth-clients=yes",
            "tls-ca-cert-dir=",
            "tls-ca-cert-file=",
            "tls-cert-file=",
            "tls-ciphers=",
            "tls-ciphersuites=",
            "tls-client-cert-file=",
            "tls-client-key-file=",
            "tls-client-key-file-pass=",
            "tls-cluster=no",
            "tls-dh-params-file=",
            "tls-key-file=",
            "tls-key-file-pass=",
            "tls-port=0",
            "tls-prefer-server-ciphers=no",
            "tls-protocols=",
            "tls-replication=no",
            "tls-session-cache-size=20480",
            "tls-session-cache-timeout=300",
            "tls-session-caching=yes",
            "zset-max-listpack-entries=128",
            "zset-max-listpack-value=64",
        ],
    ),
    (
        redis(7, 2),
        &[
            "cluster-announce-human-nodename=",
            "locale-collate=",
            "set-max-listpack-entries=128",
            "set-max-listpack-value=64",
        ],
    ),
    (
        valkey(8, 0),
        &[
            "lazyfree-lazy-eviction=yes",
            "lazyfree-lazy-expire=yes",
            "lazyfree-lazy-server-del=yes",
            "lazyfree-lazy-user-del=yes",
            "lazyfree-lazy-user-flush=yes",
            "repl-backlog-size=10485760",
            "replica-lazy-flush=yes",
            "slave-lazy-flush=yes",
        ],
    ),
];

impl Profile {
    /// A name as the server writes it and its value; nothing for one that is not known here.
    pub fn setting(self, name: &str) -> Option<(&'static str, &'static str)> {
        let had = SETTINGS.iter().rev().filter(|(since, _)| self.has(*since));
        let mut settings = had.flat_map(|(_, settings)| settings.iter());
        settings.find_map(|setting| {
            setting.split_once('=').filter(|(known, _)| known.eq_ignore_ascii_case(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn the_newest_value_counts() {
        let bind = |version: &str| version.parse::<Profile>().unwrap().setting("BIND");
        assert_eq!(bind("6.2"), Some(("bind", "")));
        assert_eq!(bind("7.4"), Some(("bind", "* -::*")));
        let backlog = |version: &str| {
            let setting = version.parse::<Profile>().unwrap().setting("repl-backlog-size");
            setting.unwrap().1
        };
        assert_eq!((backlog("8.2"), backlog("valkey-8.0")), ("1048576", "10485760"));
        assert_eq!("6.2".parse::<Profile>().unwrap().setting("tls-port"), None);
    }
}
