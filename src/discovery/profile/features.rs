//! What versions answer about themselves: their events, categories and sets of flags.
//!
//! In: a version. Out: numbers and names. They are those of module.c, redismodule.h (valkeymodule.h)
//! and acl.c of the newest patch of each version.

use super::{Profile, Since, redis, valkey};

/// An event of the server that a module can subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: u64,
    /// The highest version of its data that can be asked for; `None`: any.
    pub data_version: Option<u64>,
    /// The number of its subevents as `IsSubEventSupported` counts them.
    pub subevents: i64,
}

/// Events from number 0 on: the version that brought them, and whether their data has a version,
/// the only one until now.
const EVENTS: &[(Since, bool)] = &[
    (redis(6, 0), true),  // ReplicationRoleChanged
    (redis(6, 0), false), // Persistence
    (redis(6, 0), true),  // FlushDB
    (redis(6, 0), false), // Loading
    (redis(6, 0), true),  // ClientChange
    (redis(6, 0), false), // Shutdown
    (redis(6, 0), false), // ReplicaChange
    (redis(6, 0), false), // MasterLinkChange
    (redis(6, 0), true),  // CronLoop
    (redis(6, 0), true),  // ModuleChange
    (redis(6, 0), true),  // LoadingProgress
    (redis(6, 0), true),  // SwapDB
    (redis(6, 2), false), // ReplBackup
    (redis(6, 2), false), // ForkChild
    (redis(7, 0), false), // ReplAsyncLoad
    (redis(7, 0), false), // EventLoop
    (redis(7, 0), false), // Config
    (redis(7, 2), true),  // Key
    // ClusterSlotMigration; AuthenticationAttempt
    (redis(8, 4).and_valkey(9, 0), true),
    // ClusterSlotMigrationTrim; AtomicSlotMigration
    (redis(8, 4).and_valkey(9, 0), true),
    // ClusterTopologyChange; CommandResultSuccess
    (redis(8, 10).and_valkey(9, 1), true),
    (valkey(9, 1), true), // CommandResultFailure
    (valkey(9, 1), true), // CommandResultRejected
    (valkey(9, 1), true), // CommandResultACLRejected
];

/// An event's number and how many subevents it has from that version on; the last row that holds
/// counts. Where none holds there are none.
const SUBEVENTS: &[(u64, Since, i64)] = &[
    (0, redis(6, 0), 2),
    (1, redis(6, 0), 5),
    (1, redis(7, 0), 6),
    (2, redis(6, 0), 2),
    (3, redis(6, 0), 5),
    (4, redis(6, 0), 2),
    (6, redis(6, 0), 2),
    (7, redis(6, 0), 2),
    (9, redis(6, 0), 2),
    (10, redis(6, 0), 2),
    (12, redis(6, 2), 3),
    (12, redis(7, 0), 0),
    (13, redis(6, 2), 2),
    (13, redis(8, 10), 4),
    (14, redis(7, 0), 3),
    (15, redis(7, 0), 2),
    (16, redis(7, 0), 1),
    (17, redis(7, 2), 4),
    (18, redis(8, 4), 7),
    (18, redis(8, 10), 8),
    (19, redis(8, 4), 3),
    (20, redis(8, 10), 1),
    (22, valkey(9, 1), 1),
    (23, valkey(9, 1), 5),
];

/// The number of flags of a context.
const CONTEXT_FLAGS: &[(Since, u32)] = &[
    (redis(6, 0), 21),
    (redis(6, 2), 22),
    (redis(7, 0), 24),
    (redis(7, 2), 25),
    (redis(8, 0), 26),
    (redis(8, 4).and_valkey(9, 0), 27),
];

/// The number of kinds of keyspace notifications.
const NOTIFICATIONS: &[(Since, u32)] = &[
    (redis(6, 0), 13),
    (redis(6, 2), 14),
    (redis(7, 0), 15),
    (redis(8, 2), 17),
    (redis(8, 4), 18),
    (redis(8, 8), 24),
];

/// The number of options that a module can set for itself.
const MODULE_OPTIONS: &[(Since, u32)] = &[(redis(7, 2), 4), (valkey(8, 1), 5), (valkey(9, 0), 6)];

/// The modes that a key can be opened with.
const OPEN_KEY_MODES: &[(Since, i32)] =
    &[(redis(7, 2), 0x1f_0003), (redis(8, 0), 0x3f_0003), (redis(8, 4), 0x7f_0003)];

/// The version of the table of a data type's methods.
const TYPE_METHODS: &[(Since, i32)] =
    &[(redis(4, 0), 1), (redis(5, 0), 2), (redis(6, 2), 3), (redis(7, 0), 4), (redis(7, 2), 5)];

/// The categories of commands in access control lists.
const CATEGORIES: &[(Since, &str)] = &[
    (
        redis(6, 0),
        "keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub \
         admin fast slow blocking dangerous connection transaction scripting",
    ),
    (redis(8, 8), "array"),
];

impl Profile {
    /// The events that a module can subscribe to, from number 0 on without a gap.
    pub fn events(self) -> impl Iterator<Item = Event> {
        let had = EVENTS.iter().zip(0..).filter(move |((since, _), _)| self.has(*since));
        had.map(move |((_, versioned), id)| Event {
            id,
            // Servers before 7.0 do not look at it.
            data_version: (*versioned && self.has(redis(7, 0))).then_some(1),
            subevents: self.subevents(id),
        })
    }

    fn subevents(self, event: u64) -> i64 {
        let holds = |(id, since, _): &&(u64, Since, i64)| *id == event && self.has(*since);
        SUBEVENTS.iter().rev().find(holds).map_or(0, |(_, _, count)| *count)
    }

    /// The modules that are part of the server, which has loaded them already.
    pub fn builtin_modules(self) -> impl Iterator<Item = &'static str> {
        let own = [(redis(8, 0), "vectorset"), (valkey(9, 1), "lua")];
        own.into_iter().filter(move |(since, _)| self.has(*since)).map(|(_, name)| name)
    }

    /// The built-in categories of commands, without `@`; versions before 6.0 have none.
    pub fn acl_categories(self) -> impl Iterator<Item = &'static str> {
        let had = CATEGORIES.iter().filter(move |(since, _)| self.has(*since));
        had.flat_map(|(_, names)| names.split_ascii_whitespace())
    }

    /// What `GetContextFlagsAll` answers; 0 before 6.0, as for the others that answer with flags.
    pub fn context_flags_all(self) -> i32 {
        low_bits(self.newest(CONTEXT_FLAGS))
    }

    /// What `GetKeyspaceNotificationFlagsAll` answers.
    pub fn keyspace_notifications_all(self) -> i32 {
        low_bits(self.newest(NOTIFICATIONS))
    }

    /// What `GetModuleOptionsAll` answers; 0 before 7.2.
    pub fn module_options_all(self) -> i32 {
        low_bits(self.newest(MODULE_OPTIONS))
    }

    /// What `GetOpenKeyModesAll` answers; 0 before 7.2.
    pub fn open_key_modes_all(self) -> i32 {
        self.newest(OPEN_KEY_MODES)
    }

    /// What `GetTypeMethodVersion` answers, or would before 6.2.
    pub fn type_method_version(self) -> i32 {
        self.newest(TYPE_METHODS)
    }

    /// The value of the last row that holds for this version, or zero.
    fn newest<T: Copy + Default>(self, rows: &[(Since, T)]) -> T {
        let had = rows.iter().rev().find(|(since, _)| self.has(*since));
        had.map_or_else(T::default, |(_, value)| *value)
    }
}

/// That many ones.
fn low_bits(count: u32) -> i32 {
    (1 << count) - 1
}

#[cfg(test)]
mod tests {
    use super::{Event, Profile};

    fn profile(text: &str) -> Profile {
        text.parse().unwrap()
    }

    #[test]
    fn events_by_version() {
        let counts = [
            ("5.0", 0),
            ("6.0", 12),
            ("6.2", 14),
            ("7.0", 17),
            ("7.4", 18),
            ("8.2", 18),
            ("8.8", 20),
            ("8.10", 21),
            ("valkey-8.1", 18),
            ("valkey-9.0", 20),
            ("valkey-9.1", 24),
        ];
        for (version, count) in counts {
            let ids: Vec<u64> = profile(version).events().map(|event| event.id).collect();
            assert_eq!(ids, (0..count).collect::<Vec<u64>>(), "{version}");
        }
    }

    #[test]
    fn the_data_of_events_has_a_version_from_7_0_on() {
        let first = |version| profile(version).events().next().unwrap();
        assert_eq!(first("6.2"), Event { id: 0, data_version: None, subevents: 2 });
        assert_eq!(first("7.0"), Event { id: 0, data_version: Some(1), subevents: 2 });
    }

    #[test]
    fn the_last_number_counts() {
        assert_eq!(profile("6.2").events().nth(12).unwrap().subevents, 3);
        assert_eq!(profile("7.0").events().nth(12).unwrap().subevents, 0);
        assert_eq!(profile("5.0").context_flags_all(), 0);
        assert_eq!(profile("7.4").context_flags_all(), 0x1ff_ffff);
        assert_eq!(profile("8.2").context_flags_all(), 0x3ff_ffff);
        assert_eq!(profile("valkey-8.1").context_flags_all(), 0x1ff_ffff);
        assert_eq!(profile("valkey-9.0").module_options_all(), 63);
        assert_eq!(profile("valkey-9.1").open_key_modes_all(), 0x1f_0003);
        assert_eq!(profile("6.0").type_method_version(), 2);
    }
}
