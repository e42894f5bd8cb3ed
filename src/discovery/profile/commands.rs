//! The commands that servers have built in.
//!
//! In: a version. Out: the names of its commands, and of their subcommands from 7.0 on. They are
//! those of the command tables of the newest patch of each version, without what only Sentinel has
//! and what is experimental, and those of the vector sets, which stock servers have from 8.0 on.

use super::{Profile, Since, redis, valkey};

/// The names, in lower case, by the versions that brought them.
const COMMANDS: &[(Since, &str)] = &[
    (
        redis(4, 0),
        "append asking auth bgrewriteaof bgsave bitcount bitfield bitop bitpos blpop brpop brpoplpush \
         client cluster command config dbsize debug decr decrby del discard dump echo eval evalsha exec \
         exists expire expireat flushall flushdb geoadd geodist geohash geopos georadius georadius_ro \
         georadiusbymember georadiusbymember_ro get getbit getrange getset hdel hexists hget hgetall \
         hincrby hincrbyfloat hkeys hlen hmget hmset host: hscan hset hsetnx hstrlen hvals incr incrby \
         incrbyfloat info keys lastsave latency lindex linsert llen lpop lpush lpushx lrange lrem lset \
         ltrim memory mget migrate module monitor move mset msetnx multi object persist pexpire pexpireat \
         pfadd pfcount pfdebug pfmerge pfselftest ping post psetex psubscribe psync pttl publish pubsub \
         punsubscribe randomkey readonly readwrite rename renamenx replconf restore restore-asking role \
         rpop rpoplpush rpush rpushx sadd save scan scard script sdiff sdiffstore select set setbit setex \
         setnx setrange shutdown sinter sinterstore sismember slaveof slowlog smembers smove sort spop \
         srandmember srem sscan strlen subscribe substr sunion sunionstore swapdb sync time touch ttl type \
         unlink unsubscribe unwatch wait watch zadd zcard zcount zincrby zinterstore zlexcount zrange \
         zrangebylex zrangebyscore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange \
         zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunionstore",
    ),
    (
        redis(5, 0),
        "bzpopmax bzpopmin lolwut replicaof xack xadd xclaim xdel xgroup xinfo xlen xpending xrange xread \
         xreadgroup xrevrange xsetid xtrim zpopmax zpopmin",
    ),
    (redis(6, 0), "acl bitfield_ro hello lpos stralgo"),
    (
        redis(6, 2),
        "blmove copy failover geosearch geosearchstore getdel getex hrandfield lmove reset smismember \
         xautoclaim zdiff zdiffstore zinter zmscore zrandmember zrangestore zunion",
    ),
    (
        redis(7, 0),
        "blmpop bzmpop eval_ro evalsha_ro expiretime fcall fcall_ro function lcs lmpop pexpiretime quit \
         sintercard sort_ro spublish ssubscribe sunsubscribe zintercard zmpop",
    ),
    (redis(7, 2), "waitaof"),
    (
        redis(7, 4).and_valkey(9, 0),
        "hexpire hexpireat hexpiretime hpersist hpexpire hpexpireat hpexpiretime hpttl httl",
    ),
    (
        redis(8, 0),
        "vadd vcard vdim vemb vgetattr vinfo vismember vlinks vrandmember vrem vsetattr vsim",
    ),
    (redis(8, 0).and_valkey(9, 0), "hgetex hsetex"),
    (redis(8, 0).and_valkey(9, 1), "hgetdel"),
    (redis(8, 2), "xackdel xdelex"),
    (redis(8, 4), "delex digest trimslots vrange"),
    (redis(8, 4).and_valkey(9, 1), "msetex"),
    (redis(8, 6), "hotkeys xcfgset xidmprecord"),
    (
        redis(8, 8),
        "arcount ardel ardelrange arget argetrange argrep arinfo arinsert arlastitems arlen armget armset \
         arnext arop arring arscan arseek arset increx xnack",
    ),
    (redis(8, 10), "backup blmovem himport lmovem sdiffcard sunioncard"),
    (valkey(8, 1), "commandlog"),
    (valkey(9, 0), "delifeq"),
    (valkey(9, 1), "clusterscan"),
];

/// The names that are gone again, by the version that has them no longer.
const REMOVED: &[(Since, &str)] = &[(redis(7, 0), "host: post stralgo")];

/// The names of subcommands behind that of their command, in lower case.
const SUBCOMMANDS: &[(Since, &str, &str)] = &[
    (
        redis(7, 0),
        "acl",
        "cat deluser dryrun genpass getuser help list load log save setuser users whoami",
    ),
    (
        redis(7, 0),
        "client",
        "caching getname getredir help id info kill list no-evict pause reply setname tracking \
         trackinginfo unblock unpause",
    ),
    (
        redis(7, 0),
        "cluster",
        "addslots addslotsrange bumpepoch count-failure-reports countkeysinslot delslots \
         delslotsrange failover flushslots forget getkeysinslot help info keyslot links meet myid \
         nodes replicas replicate reset saveconfig set-config-epoch setslot shards slaves slots",
    ),
    (redis(7, 0), "command", "count docs getkeys getkeysandflags help info list"),
    (redis(7, 0), "config", "get help resetstat rewrite set"),
    (redis(7, 0), "function", "delete dump flush help kill list load restore stats"),
    (redis(7, 0), "latency", "doctor graph help histogram history latest reset"),
    (redis(7, 0), "memory", "doctor help malloc-stats purge stats usage"),
    (redis(7, 0), "module", "help list load loadex unload"),
    (redis(7, 0), "object", "encoding freq help idletime refcount"),
    (redis(7, 0), "pubsub", "channels help numpat numsub shardchannels shardnumsub"),
    (redis(7, 0), "script", "debug exists flush help kill load"),
    (redis(7, 0), "slowlog", "get help len reset"),
    (redis(7, 0), "xgroup", "create createconsumer delconsumer destroy help setid"),
    (redis(7, 0), "xinfo", "consumers groups help stream"),
    (redis(7, 2), "client", "no-touch setinfo"),
    (redis(7, 2), "cluster", "myshardid"),
    (redis(8, 2).and_valkey(8, 0), "cluster", "slot-stats"),
    (redis(8, 4), "cluster", "migration"),
    (redis(8, 4).and_valkey(9, 0), "cluster", "syncslots"),
    (redis(8, 6), "hotkeys", "get help reset start stop"),
    (redis(8, 10), "backup", "abort cleanup help list seal start status"),
    (redis(8, 10), "himport", "discard discardall prepare set"),
    (valkey(8, 0), "client", "capa"),
    (valkey(8, 0), "script", "show"),
    (valkey(8, 1), "client", "import-source"),
    (valkey(8, 1), "commandlog", "get help len reset"),
    (valkey(9, 0), "cluster", "cancelslotmigrations flushslot getslotmigrations migrateslots"),
];

impl Profile {
    /// The built-in commands, in lower case and in no order; subcommands are not among them.
    pub fn builtins(self) -> impl Iterator<Item = &'static str> {
        names(self, COMMANDS).filter(move |name| !names(self, REMOVED).any(|gone| gone == *name))
    }

    /// Whether there is a built-in command of that name, without regard to case.
    pub fn is_builtin(self, name: &[u8]) -> bool {
        let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(name);
        names(self, COMMANDS).any(is) && !names(self, REMOVED).any(is)
    }

    /// The subcommands of built-in commands, each behind its command, in lower case and in no order.
    /// Versions before 7.0 have none.
    pub fn builtin_subcommands(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let had = SUBCOMMANDS.iter().filter(move |(since, ..)| self.has(*since));
        had.flat_map(|(_, command, names)| {
            names.split_ascii_whitespace().map(move |name| (*command, name))
        })
    }

    /// Whether the built-in command has that subcommand, without regard to case.
    pub fn is_builtin_subcommand(self, command: &[u8], subcommand: &[u8]) -> bool {
        let same = |known: &str, name: &[u8]| known.as_bytes().eq_ignore_ascii_case(name);
        let mut all = self.builtin_subcommands();
        all.any(|(known, name)| same(known, command) && same(name, subcommand))
    }
}

/// The names in those rows that the version has.
fn names(
    profile: Profile,
    rows: &'static [(Since, &'static str)],
) -> impl Iterator<Item = &'static str> {
    let had = rows.iter().filter(move |(since, _)| profile.has(*since));
    had.flat_map(|(_, names)| names.split_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::Profile;

    fn profile(text: &str) -> Profile {
        text.parse().unwrap()
    }

    #[test]
    fn counts_of_the_command_tables() {
        let counts = [
            ("4.0", 180),
            ("5.0", 200),
            ("6.0", 205),
            ("6.2", 224),
            ("7.0", 240),
            ("7.2", 241),
            ("7.4", 250),
            ("8.0", 253 + 12),
            ("8.4", 259 + 13),
            ("valkey-7.2", 241),
            ("valkey-8.1", 242),
            ("valkey-9.0", 254),
            ("valkey-9.1", 257),
        ];
        for (version, count) in counts {
            assert_eq!(profile(version).builtins().count(), count, "{version}");
        }
    }

    #[test]
    fn names_come_and_go() {
        assert!(profile("6.2").is_builtin(b"StrAlgo"));
        assert!(!profile("7.0").is_builtin(b"stralgo"));
        assert!(!profile("valkey-8.0").is_builtin(b"stralgo"));
        assert!(!profile("6.2").is_builtin(b"quit"));
        assert!(profile("7.0").is_builtin(b"QUIT"));
        assert!(profile("8").is_builtin(b"vadd"));
        assert!(!profile("valkey-9").is_builtin(b"vadd"));
        assert!(!profile("7.4").is_builtin(b"sentinel"));
    }

    #[test]
    fn subcommands_from_7_0_on() {
        assert!(profile("7.0").is_builtin_subcommand(b"CONFIG", b"get"));
        assert!(!profile("7.0").is_builtin_subcommand(b"config", b"gets"));
        assert!(!profile("7.0").is_builtin_subcommand(b"client", b"no-touch"));
        assert!(profile("7.2").is_builtin_subcommand(b"client", b"No-Touch"));
        assert!(!profile("6.2").is_builtin_subcommand(b"config", b"get"));
    }
}
