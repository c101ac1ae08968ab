/* Functions that show or change memory and settings of the connection. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sqlite_array.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_limit(struct sqa_call *call) {
    static const char *const names[] = {"pool_bytes", "result_bytes", NULL};
    struct sqa_pool *pool = call->connection->pool;
    struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    int which;
    int64_t limit;
    enum sqa_status status = sqa_arg_word(call, 0, names, &which);
    if (status == SQA_OK && call->argc > 1) {
        status = sqa_arg_count(call, 1, "limit", 0, &limit);
        if (status == SQA_OK && which == 0)
            sqa_pool_set_limit(pool, limit);
        else if (status == SQA_OK)
            stats->result_limit = limit;
    }
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, which == 0 ? stats->pool_limit : stats->result_limit);
    return status;
}

enum sqa_status fn_pool_trim(struct sqa_call *call) {
    sqlite3_result_int64(call->context, sqa_pool_trim(call->connection->pool));
    return SQA_OK;
}

enum sqa_status fn_isa(struct sqa_call *call) {
    sqlite3_result_text(call->context, call->connection->kernels->isa, -1, SQLITE_STATIC);
    return SQA_OK;
}

enum sqa_status fn_version(struct sqa_call *call) {
    sqlite3_result_text(call->context, SQLITE_ARRAY_VERSION, -1, SQLITE_STATIC);
    return SQA_OK;
}
