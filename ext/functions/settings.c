/* Functions that show or change memory use and settings of the connection. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sqlite_array.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_limit(struct sqa_call *call) {
    static const char *const names[] = {"pool_bytes", "result_bytes", NULL};
    struct sqa_connection *connection = call->connection;
    const bool of_result = sqa_arg_word(call, 0, names) == 1;
    int64_t limit =
        of_result ? connection->result_bytes : sqa_pool_stats(connection->pool)->pool_limit;
    if (call->argc > 1)
        limit = sqa_arg_count(call, 1, "limit", 0);
    if (sqa_failed(call))
        return;
    if (of_result)
        connection->result_bytes = limit;
    else if (call->argc > 1)
        sqa_pool_set_limit(connection->pool, limit);
    sqlite3_result_int64(call->context, limit);
}

void sqa_fn_pool_trim(struct sqa_call *call) {
    sqlite3_result_int64(call->context, sqa_pool_trim(call->connection->pool));
}

void sqa_fn_isa(struct sqa_call *call) {
    sqlite3_result_text(call->context, call->connection->kernels->isa, -1, SQLITE_STATIC);
}

void sqa_fn_version(struct sqa_call *call) {
    sqlite3_result_text(call->context, SQLITE_ARRAY_VERSION, -1, SQLITE_STATIC);
}
