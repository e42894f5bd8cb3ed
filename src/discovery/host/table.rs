//! The names of the module API.
//!
//! In: nothing. Out: for each function its name, the versions that brought it and the kind of
//! register its result comes back in. The names are those that the newest patch of each version
//! registers in module.c, held against real servers in tests/discovery/profiles.rs.

use crate::discovery::profile::{Since, redis, valkey};

/// Where a function leaves its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// An integer, a pointer or nothing.
    Word,
    /// A `double`, or the `float` in its lower half.
    Double,
    /// A `long double`.
    LongDouble,
}

/// A function of the API.
pub(super) struct Row {
    /// Its name behind `RedisModule_` or `ValkeyModule_`.
    pub name: &'static str,
    /// The versions that brought it.
    pub since: Since,
    /// Where it leaves its result.
    pub class: Class,
}

/// `Api`, whose values are the functions' places in `ROWS`.
macro_rules! api {
    ($($since:expr => $class:ident { $($name:ident)+ })+) => {
        /// The functions, in the order of [`ROWS`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub(super) enum Api {
            $($($name,)+)+
        }

        /// The functions, in the order of [`Api`].
        pub(super) static ROWS: [Row; [$($(Api::$name,)+)+].len()] = [
            $($(Row {
                name: stringify!($name),
                since: $since,
                class: class!($class),
            },)+)+
        ];
    };
}

macro_rules! class {
    (word) => {
        Class::Word
    };
    (double) => {
        Class::Double
    };
    (long_double) => {
        Class::LongDouble
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
        LoadDouble
    }
    redis(4, 0) => double {
        LoadFloat
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
        ServerInfoGetFieldDouble
    }
    redis(6, 0) => double {
        GetUsedMemoryRatio
    }
    redis(6, 0) => long_double {
        LoadLongDouble
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
