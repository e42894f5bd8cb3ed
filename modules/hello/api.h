/* The part of the Redis module API that small modules use, declared by hand.
 *
 * A module gets every function by name from GetApi, whose address is the first word behind the
 * context that OnLoad receives. */
#ifndef API_H
#define API_H

#include <stddef.h>

#define OK 0
#define ERR 1

typedef struct Context Context;
typedef struct String String;
typedef struct RegisteredCommand RegisteredCommand;
typedef int (*Command)(Context *, String **, int);

static int (*CreateCommand)(Context *, const char *name, Command, const char *flags, int first_key,
                            int last_key, int step);
static void (*SetModuleAttribs)(Context *, const char *name, int version, int api_version);
static int (*ReplyWithSimpleString)(Context *, const char *);
static const char *(*StringPtrLen)(const String *, size_t *length);
static void (*Log)(Context *, const char *level, const char *format, ...);
/* From Redis 7.0 on; NULL before. */
static RegisteredCommand *(*GetCommand)(Context *, const char *name);
static int (*CreateSubcommand)(RegisteredCommand *parent, const char *name, Command,
                               const char *flags, int first_key, int last_key, int step);

static int get_api(Context *ctx, const char *name, void *function) {
    int (*lookup)(const char *, void *) = *(int (**)(const char *, void *))ctx;
    return lookup(name, function);
}

/* Says who this module is. Must come first in OnLoad. */
static int init(Context *ctx, const char *name, int version) {
    get_api(ctx, "RedisModule_CreateCommand", &CreateCommand);
    get_api(ctx, "RedisModule_SetModuleAttribs", &SetModuleAttribs);
    get_api(ctx, "RedisModule_ReplyWithSimpleString", &ReplyWithSimpleString);
    get_api(ctx, "RedisModule_StringPtrLen", &StringPtrLen);
    get_api(ctx, "RedisModule_Log", &Log);
    get_api(ctx, "RedisModule_GetCommand", &GetCommand);
    get_api(ctx, "RedisModule_CreateSubcommand", &CreateSubcommand);
    SetModuleAttribs(ctx, name, version, 1);
    return OK;
}

#endif
