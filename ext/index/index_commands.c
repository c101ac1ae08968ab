#include "index/index_commands.h"

#include "index/builder.h"
#include "index/index_form.h"
#include "index/index_object.h"
#include "index/indexed.h"
#include "index/list_check.h"
#include "index/list_merge.h"
#include "sql/call.h"
#include "vtab/command.h"

SQLITE_EXTENSION_INIT3

static int empty_tables(struct sqa_index *index) {
    const struct sqa_vtab_form *form = &sqa_index_form;
    int rc = SQLITE_OK;
    for (int i = 0; i < form->shadow_count && rc == SQLITE_OK; i++)
        rc = sqa_vtab_execute(&index->vtab,
                              sqa_sql("DELETE FROM \"%w\".\"%w_%s\"", index->vtab.schema,
                                      index->vtab.table, form->shadows[i]));
    return rc;
}

/* Fills the shadow tables anew. What waits in the log is in the table, too, and is forgotten by being written first. */
static int write_anew(struct sqa_index *index) {
    int rc = sqa_vtab_flush(&index->vtab);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_change change = sqa_memory_begin_change(index->vtab.memory);
    rc = empty_tables(index);
    if (rc == SQLITE_OK)
        rc = sqa_index_build(index);
    sqa_memory_end_change(index->vtab.memory, change, rc);
    return rc;
}

static int rebuild(struct sqa_index *index) {
    int rc = sqa_indexed_find(index);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_inspect(index);
    if (rc == SQLITE_OK)
        rc = write_anew(index);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_leave(index);
    return rc == SQLITE_OK ? sqa_indexed_follow(index, index->vtab.table) : rc;
}

static int examine(struct sqa_index *index) {
    const int rc = sqa_vtab_flush(&index->vtab);
    return rc == SQLITE_OK ? sqa_check_lists(index) : rc;
}

int sqa_index_examine(struct sqa_index *index, char **wrong) {
    (void)sqa_status_begin(&index->vtab);
    int rc = sqa_index_enter(index);
    /* unreached: SQLite asks from 3.44 on, which `make test-newest` tests */
    if (rc == SQLITE_OK)
        rc = examine(index);
    /* unreached: likewise */
    return sqa_vtab_report(&index->vtab, rc, wrong);
}

int sqa_index_command(struct sqa_index *index, const char *command) {
    const bool is_rebuild = sqlite3_stricmp(command, "rebuild") == 0;
    const int64_t n = sqa_command_merge(command);
    int rc = sqa_vtab_enter_to_write(&index->vtab);
    if (rc == SQLITE_OK && !is_rebuild)
        rc = sqa_indexed_check(index);
    if (rc != SQLITE_OK)
        return rc;
    if (is_rebuild)
        return rebuild(index);
    if (sqlite3_stricmp(command, "optimize") == 0)
        return write_anew(index);
    if (sqlite3_stricmp(command, "integrity-check") == 0)
        return examine(index);
    if (n > 0)
        return sqa_merge_lists(index, n);
    return sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                         "array_index: unknown command '%.*s', expected 'rebuild', 'optimize', "
                         "'merge=N' with N from "
                         "1, or 'integrity-check'",
                         sqa_excerpt(command, 40), command);
}
