//! The names of the module API, and the versions that have them.
//!
//! In: nothing. Out: [`Api`], a number for each name, and [`ROWS`], which for each number tells the
//! name, its versions, and a function that does nothing but note that it was called. Source: what the
//! servers of each version register.

use std::ffi::c_void;

use super::trace;
use crate::discovery::profile::{Since, redis, valkey};

/// A name of the API.
pub struct Row {
    pub api: Api,
    /// Without the prefix, `RedisModule_` or `ValkeyModule_`.
    pub name: &'static str,
    pub since: Since,
    /// Answers 0, which is also OK, false and NULL.
    pub stub: Function,
}

/// The address of a function.
#[derive(Clone, Copy)]
pub struct Function(pub *const c_void);

// SAFETY: the address of a function stays what it is, in every thread.
unsafe impl Sync for Function {}
// SAFETY: likewise.
unsafe impl Send for Function {}

/// Notes that a function was called.
pub fn called(api: Api) {
    trace::called(api as u16);
}

/// The name of the function of this number.
pub fn name_of(function: u32) -> Option<&'static str> {
    ROWS.get(function as usize).map(|row| row.name)
}

/// A stub of a function that answers a number or a pointer.
extern "C" fn word<const API: u16>() -> usize {
    trace::called(API);
    0
}

/// A stub of a function that answers in a register for floating point; where a `long double` is
/// elsewhere, its caller finds whatever lies there.
extern "C" fn double<const API: u16>() -> f64 {
    trace::called(API);
    0.0
}

/// The functions of a file that do what a server's do, by the names they have in the API.
macro_rules! functions {
    ($($name:ident => $function:ident,)*) => {
        /// The function that does what `api` does in a server, if it is one of these.
        pub fn function(api: Api) -> Option<$crate::discovery::host::table::Function> {
            match api {
                $(Api::$name => {
                    Some($crate::discovery::host::table::Function($function as *const std::ffi::c_void))
                })*
                _ => None,
            }
        }
    };
}
pub(super) use functions;

macro_rules! api {
    ($($since:expr => $class:ident { $($name:ident)* })*) => {
        /// A name of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Api { $($($name,)*)* }

        /// All of them, in the order of their numbers.
        pub static ROWS: &[Row] = &[$($(Row {
            api: Api::$name,
            name: stringify!($name),
            since: $since,
            stub: Function($class::<{ Api::$name as u16 }> as *const c_void),
        },)*)*];
    };
}

api! {
    redis(4, 0) => word {
        AbortBlock Alloc AutoMemory BlockClient Call Calloc CallReplyArrayElement
        CallReplyInteger CallReplyLength CallReplyProto CallReplyStringPtr CallReplyType
        CloseKey CreateCommand CreateDataType CreateString CreateStringFromCallReply
        CreateStringFromLongLong CreateStringFromString CreateStringPrintf DeleteKey
        DigestAddLongLong DigestAddStringBuffer DigestEndSequence EmitAOF Free FreeCallReply
        FreeString FreeThreadSafeContext GetBlockedClientPrivateData GetClientId GetContextFlags
        GetContextFromIO GetExpire GetSelectedDb GetThreadSafeContext HashGet HashSet
        IsBlockedReplyRequest IsBlockedTimeoutRequest IsKeysPositionRequest IsModuleNameBusy
        KeyAtPos KeyType ListPop ListPush LoadSigned LoadString LoadStringBuffer LoadUnsigned
        Log LogIOError Milliseconds ModuleTypeGetType ModuleTypeGetValue ModuleTypeSetValue
        OpenKey PoolAlloc Realloc Replicate ReplicateVerbatim ReplySetArrayLength ReplyWithArray
        ReplyWithCallReply ReplyWithDouble ReplyWithError ReplyWithLongLong ReplyWithNull
        ReplyWithSimpleString ReplyWithString ReplyWithStringBuffer RetainString SaveDouble
        SaveFloat SaveSigned SaveString SaveStringBuffer SaveUnsigned SelectDb SetExpire
        SetModuleAttribs Strdup StringAppendBuffer StringCompare StringDMA StringPtrLen
        StringSet StringToDouble StringToLongLong StringTruncate SubscribeToKeyspaceEvents
        ThreadSafeContextLock ThreadSafeContextUnlock UnblockClient UnlinkKey ValueLength
        WrongArity ZsetAdd ZsetFirstInLexRange ZsetFirstInScoreRange ZsetIncrby
        ZsetLastInLexRange ZsetLastInScoreRange ZsetRangeCurrentElement ZsetRangeEndReached
        ZsetRangeNext ZsetRangePrev ZsetRangeStop ZsetRem ZsetScore
    }
    redis(4, 0) => double {
        LoadDouble LoadFloat
    }
    redis(5, 0) => word {
        BlockedClientDisconnected CommandFilterArgDelete CommandFilterArgGet
        CommandFilterArgInsert CommandFilterArgReplace CommandFilterArgsCount CreateDict
        CreateTimer DictCompare DictCompareC DictDel DictDelC DictGet DictGetC
        DictIteratorReseek DictIteratorReseekC DictIteratorStart DictIteratorStartC
        DictIteratorStop DictNext DictNextC DictPrev DictPrevC DictReplace DictReplaceC DictSet
        DictSetC DictSize ExportSharedAPI FreeClusterNodesList FreeDict GetBlockedClientHandle
        GetClusterNodeInfo GetClusterNodesList GetClusterSize GetKeyNameFromIO GetMyClusterID
        GetRandomBytes GetRandomHexChars GetSharedAPI GetTimerInfo
        RegisterClusterMessageReceiver RegisterCommandFilter ReplyWithCString SendClusterMessage
        SetClusterFlags SetDisconnectCallback StopTimer UnregisterCommandFilter
    }
    redis(6, 0) => word {
        _Assert AuthenticateClientWithACLUser AuthenticateClientWithUser AvoidReplicaTraffic
        BlockClientOnKeys CreateModuleUser CreateStringFromDouble CreateStringFromLongDouble
        DbSize DeauthenticateAndCloseClient ExitFromChild Fork FreeModuleUser FreeServerInfo
        GetBlockedClientReadyKey GetClientCertificate GetClientInfoById GetCommandKeys
        GetContextFlagsAll GetDetachedThreadSafeContext GetKeyNameFromModuleKey
        GetKeyspaceNotificationFlagsAll GetLFU GetLRU GetNotifyKeyspaceEvents GetServerInfo
        GetServerVersion HoldString InfoAddFieldCString InfoAddFieldDouble InfoAddFieldLongLong
        InfoAddFieldString InfoAddFieldULongLong InfoAddSection InfoBeginDictField
        InfoEndDictField IsIOError IsSubEventSupported KillForkChild LatencyAddSample
        LoadDataTypeFromString MallocSize ModuleTypeReplaceValue NotifyKeyspaceEvent
        PublishMessage RandomKey RegisterInfoFunc ReplyWithEmptyArray ReplyWithEmptyString
        ReplyWithLongDouble ReplyWithNullArray ReplyWithVerbatimString ResetDataset
        SaveDataTypeToString SaveLongDouble Scan ScanCursorCreate ScanCursorDestroy
        ScanCursorRestart ScanKey ServerInfoGetField ServerInfoGetFieldC
        ServerInfoGetFieldSigned ServerInfoGetFieldUnsigned SetLFU SetLRU SetModuleOptions
        SetModuleUserACL SignalKeyAsReady SignalModifiedKey StringToLongDouble
        SubscribeToServerEvent ThreadSafeContextTryLock
    }
    redis(6, 0) => double {
        GetUsedMemoryRatio LoadLongDouble ServerInfoGetFieldDouble
    }
    redis(6, 2).not_valkey() => word {
        DefragRedisModuleString
    }
    redis(6, 2) => word {
        BlockedClientMeasureTimeEnd BlockedClientMeasureTimeStart CreateStringFromStreamID
        DefragAlloc DefragCursorGet DefragCursorSet DefragShouldStop GetAbsExpire
        GetClientUserNameById GetCurrentCommandName GetTypeMethodVersion RegisterDefragFunc
        SendChildHeartbeat SetAbsExpire StreamAdd StreamDelete StreamIteratorDelete
        StreamIteratorNextField StreamIteratorNextID StreamIteratorStart StreamIteratorStop
        StreamTrimByID StreamTrimByLength StringToStreamID
    }
    redis(7, 0) => word {
        ACLAddLogEntry ACLCheckChannelPermissions ACLCheckCommandPermissions
        ACLCheckKeyPermissions CallReplyAttribute CallReplyAttributeElement CallReplyBigNumber
        CallReplyBool CallReplyMapElement CallReplySetElement CallReplyVerbatim
        ChannelAtPosWithFlags CreateStringFromULongLong CreateSubcommand EventLoopAdd
        EventLoopAddOneShot EventLoopDel GetClientNameById GetCommand GetCommandKeysWithFlags
        GetCurrentUserName GetDbIdFromDefragCtx GetDbIdFromDigest GetDbIdFromIO
        GetDbIdFromModuleKey GetDbIdFromOptCtx GetKeyNameFromDefragCtx GetKeyNameFromDigest
        GetKeyNameFromOptCtx GetModuleUserACLString GetModuleUserFromUserName
        GetToDbIdFromOptCtx GetToKeyNameFromOptCtx IsChannelsPositionRequest KeyAtPosWithFlags
        KeyExists ListDelete ListGet ListInsert ListSet LoadConfigs LoadDataTypeFromStringEncver
        MallocSizeDict MallocSizeString MallocUsableSize MonotonicMicroseconds
        PublishMessageShard RedactClientCommandArgument RegisterBoolConfig RegisterEnumConfig
        RegisterNumericConfig RegisterStringConfig ReplySetAttributeLength ReplySetMapLength
        ReplySetSetLength ReplyWithAttribute ReplyWithBigNumber ReplyWithBool ReplyWithMap
        ReplyWithSet ReplyWithVerbatimStringType SetClientNameById SetCommandInfo SetContextUser
        SetModuleUserACLString StringToULongLong TrimStringAllocation TryAlloc Yield
    }
    redis(7, 0) => double {
        CallReplyDouble
    }
    redis(7, 2) => word {
        ACLAddLogEntryByUserName AddPostNotificationJob BlockClientGetPrivateData
        BlockClientOnAuth BlockClientOnKeysWithFlags BlockClientSetPrivateData
        CachedMicroseconds CallReplyPromiseAbort CallReplyPromiseSetUnblockHandler
        CommandFilterGetClientId GetModuleOptionsAll GetOpenKeyModesAll Microseconds RdbLoad
        RdbSave RdbStreamCreateFromFile RdbStreamFree RegisterAuthCallback ReplyWithErrorFormat
        SetCommandACLCategories
    }
    redis(7, 4).and_valkey(8, 0) => word {
        AddACLCategory ClusterCanonicalKeyNameInSlot ClusterKeySlot TryCalloc TryRealloc
    }
    redis(8, 0) => word {
        DefragAllocRaw DefragFreeRaw DefragRedisModuleDict GetInternalSecret HashFieldMinExpire
        LoadDefaultConfigs RegisterDefragCallbacks RegisterDefragFunc2
    }
    redis(8, 0).and_valkey(9, 1) => word {
        ACLCheckKeyPrefixPermissions
    }
    redis(8, 2) => word {
        ConfigGet ConfigGetBool ConfigGetEnum ConfigGetNumeric ConfigGetType
        ConfigIteratorCreate ConfigIteratorNext ConfigIteratorRelease ConfigSet ConfigSetBool
        ConfigSetEnum ConfigSetNumeric UnsubscribeFromKeyspaceEvents
    }
    redis(8, 4) => word {
        ClusterCanAccessKeysInSlot ClusterDisableTrim ClusterEnableTrim ClusterFreeSlotRanges
        ClusterGetLocalSlotRanges ClusterPropagateForSlotMigration
    }
    redis(8, 4).and_valkey(9, 1) => word {
        ClusterKeySlotC
    }
    redis(8, 6) => word {
        CreateKeyMetaClass GetKeyMeta ReleaseKeyMetaClass SetKeyMeta
    }
    redis(8, 8) => word {
        GetContextUser GetUserUsername NotifyKeyspaceEventWithSubkeys
        SubscribeToKeyspaceEventsWithSubkeys UnsubscribeFromKeyspaceEventsWithSubkeys
    }
    redis(8, 10) => word {
        AddPostNotificationJobForKey GetClusterNodeSlotRanges
    }
    valkey(7, 2) => word {
        DefragValkeyModuleString
    }
    valkey(8, 0) => word {
        GetClusterNodeInfoForClient
    }
    valkey(8, 1) => word {
        GetFunctionExecutionState MustObeyClient RegisterScriptingEngine
        UnregisterScriptingEngine UpdateRuntimeArgs
    }
    valkey(9, 1) => word {
        ACLCheckPermissions HashHasStringRef HashSetStringRef RegisterUnsignedNumericConfig
        ReplyWithCustomErrorFormat ScriptingEngineDebuggerFlushLogs ScriptingEngineDebuggerLog
        ScriptingEngineDebuggerLogRespReply ScriptingEngineDebuggerLogRespReplyStr
        ScriptingEngineDebuggerProcessCommands
    }
}

#[cfg(test)]
mod tests {
    use super::ROWS;

    /// The list is what servers are asked for when answers are compared.
    #[test]
    fn every_name_is_compared() {
        let compared = include_str!("../../../fixtures/modules/api_names.txt");
        let is_compared = |name: &str| compared.lines().any(|line| line == name);
        let forgotten = ROWS.iter().map(|row| row.name).filter(|name| !is_compared(name));
        assert_eq!(forgotten.collect::<Vec<_>>(), [""; 0]);
    }
}
