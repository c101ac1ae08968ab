#include "index/index.h"

SQLITE_EXTENSION_INIT3

void sqa_index_run_with(struct sqa_index *index, enum sqa_index_statement which,
                        int64_t parameter) {
    sqlite3_stmt *statement = sqa_index_statement(index, which);
    sqa_bind(statement, 1, parameter);
    sqa_vtab_run(&index->vtab, statement);
}

sqlite3_stmt *sqa_index_pragma(struct sqa_index *index, const char *what, const char *name) {
    sqlite3_stmt *rows;
    (void)sqa_vtab_prepare(&index->vtab,
                           sqa_sql("PRAGMA \"%w\".%s(\"%w\")", index->vtab.schema, what, name), 0,
                           &rows);
    return rows;
}

void sqa_index_pass_over(struct sqa_index *index, int rc) {
    const int primary = rc & 0xff;
    if (rc == SQLITE_OK)
        return;
    sqa_object_free(index->vtab.base.zErrMsg);
    index->vtab.base.zErrMsg = NULL;
    if (primary == SQLITE_NOMEM || primary == SQLITE_IOERR || primary == SQLITE_FULL ||
        primary == SQLITE_INTERRUPT)
        (void)sqa_vtab_note(&index->vtab, rc);
}

void *sqa_index_reserve(struct sqa_index *index, void *memory, uint64_t used, uint64_t size) {
    struct sqa_pool *pool = index->vtab.connection->pool;
    if (sqa_index_failed(index) || (memory != NULL && sqa_pool_capacity(memory) >= size))
        return memory;
    void *grown = memory == NULL ? sqa_pool_take(pool, size)
                                 : sqa_pool_grow(pool, memory, (size_t)used,
                                                 used == 0 ? size : size + size / 2);
    return sqa_vtab_has_memory(&index->vtab, grown != NULL) ? grown : memory;
}

void sqa_index_corrupt(struct sqa_index *index, bool is_rows, int64_t value, const char *what) {
    if (is_rows)
        (void)sqa_vtab_fail(&index->vtab, SQLITE_CORRUPT_VTAB,
                            "array_index: the list of all rows of %s %s", index->vtab.table, what);
    else
        (void)sqa_vtab_fail(&index->vtab, SQLITE_CORRUPT_VTAB,
                            "array_index: the list of value %lld of %s %s", (long long)value,
                            index->vtab.table, what);
}
