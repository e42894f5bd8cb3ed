/* The sample module: three commands, enough to see flags and keys in a bundle. */
#include "api.h"

static int reply(Context *ctx, String **argv, int argc) {
    (void)argv, (void)argc;
    return ReplyWithSimpleString(ctx, "Hello");
}

int RedisModule_OnLoad(Context *ctx, String **argv, int argc) {
    (void)argv, (void)argc;
    if (init(ctx, "hello", 10203) == ERR) return ERR;
    if (CreateCommand(ctx, "hello.world", reply, "readonly fast", 0, 0, 0) == ERR) return ERR;
    if (CreateCommand(ctx, "hello.get", reply, "readonly", 1, 1, 1) == ERR) return ERR;
    if (CreateCommand(ctx, "hello.set", reply, "write deny-oom", 1, 1, 1) == ERR) return ERR;
    return OK;
}
