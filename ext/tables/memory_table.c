/*
** array_memory: memory use and counters of this connection, a row for each quantity. The values
** are taken when the query starts. The last two are SQLite's and count for the whole process.
**
**     SELECT name, value FROM array_memory;
*/
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { MEMORY_COLUMN_NAME, MEMORY_COLUMN_VALUE, MEMORY_COLUMN_UNIT, MEMORY_COLUMN_MEANING };

/*
** X(name, value, unit, meaning), one for each row in order. `stats` are the statistics of the
** pool.
*/
#define QUANTITIES(X)                                                                              \
    X("live_bytes", stats->live_bytes, "bytes", "in buffers handed out now")                       \
    X("peak_bytes", stats->peak_bytes, "bytes", "the most that live_bytes has been")               \
    X("pooled_bytes", stats->pooled_bytes, "bytes", "in buffers kept for reuse now")               \
    X("takes", stats->takes, "buffers", "asked for")                                               \
    X("hits", stats->hits, "buffers", "of takes, served by a kept one")                            \
    X("misses", stats->misses, "buffers", "of takes, that had to be allocated or were refused")    \
    X("trims", stats->trims, "times", "kept buffers were freed early, for a limit or by request")  \
    X("copied_bytes", stats->copied_bytes, "bytes", "copied because elements were not aligned")    \
    X("pool_limit", stats->pool_limit, "bytes", "the most that pooled_bytes may be")               \
    X("result_limit", connection->result_bytes, "bytes", "the most that one result may be")        \
    X("chunks_read", connection->chunks_read, "chunks", "of array_store tables, read by queries")  \
    X("chunks_skipped", connection->chunks_skipped, "chunks",                                      \
      "of array_store tables, not read because of their minimum and maximum")                      \
    X("sqlite_used", sqlite3_memory_used(), "bytes",                                               \
      "allocated by SQLite now, all of this included")                                             \
    X("sqlite_peak", sqlite3_memory_highwater(0), "bytes", "the most that sqlite_used has been")

static const struct {
    const char *name, *unit, *meaning;
} quantities[] = {
#define QUANTITY(name, value, unit, meaning) {name, unit, meaning},
    QUANTITIES(QUANTITY)
#undef QUANTITY
};
enum { ROWS = sizeof quantities / sizeof quantities[0] };

struct counters_cursor {
    struct sqa_cursor base;
    int64_t values[ROWS];
};

static const struct sqa_form memory_form = {
    .name = "array_memory",
    .schema = "CREATE TABLE x(name TEXT, value INTEGER, unit TEXT, meaning TEXT)",
    .config = SQLITE_VTAB_DIRECTONLY,
    .cursor_size = sizeof(struct counters_cursor),
};

static int counters_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                            sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&memory_form, db, aux, vtab);
}

static int counters_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK) /* unreached: the table has no argument that could be missing */
        return rc;
    plan.rows = ROWS;
    return sqa_plan_end(&plan);
}

static int counters_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                           sqlite3_value **argv) {
    (void)plan, (void)plan_text, (void)argc, (void)argv;
    struct counters_cursor *c = (struct counters_cursor *)cursor;
    const struct sqa_connection *connection = sqa_cursor_table(&c->base)->connection;
    const struct sqa_pool_stats *stats = sqa_pool_stats(connection->pool);
    int row = 0;
#define VALUE(name, value, unit, meaning) c->values[row++] = value;
    QUANTITIES(VALUE)
#undef VALUE
    sqa_cursor_rows(&c->base, 0, ROWS - 1, false);
    return SQLITE_OK;
}

static int counters_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct counters_cursor *c = (const struct counters_cursor *)cursor;
    switch (column) {
    case MEMORY_COLUMN_NAME:
        sqlite3_result_text(context, quantities[c->base.row].name, -1, SQLITE_STATIC);
        break;
    case MEMORY_COLUMN_VALUE:
        sqlite3_result_int64(context, c->values[c->base.row]);
        break;
    case MEMORY_COLUMN_UNIT:
        sqlite3_result_text(context, quantities[c->base.row].unit, -1, SQLITE_STATIC);
        break;
    default:
        sqlite3_result_text(context, quantities[c->base.row].meaning, -1, SQLITE_STATIC);
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_memory = {
    .xConnect = counters_connect,
    .xBestIndex = counters_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = counters_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = counters_column,
    .xRowid = sqa_cursor_rowid,
};
