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

static void empty_tables(struct sqa_index *index) {
    const struct sqa_vtab_form *form = &sqa_index_form;
    for (int i = 0; i < form->shadow_count; i++)
        (void)sqa_vtab_execute(&index->vtab,
                               sqa_sql("DELETE FROM \"%w\".\"%w_%s\"", index->vtab.schema,
                                       index->vtab.table, form->shadows[i]));
}

/*
** Fills the shadow tables again. The changes in the log are in the table as well; the log is
** emptied by writing it first.
*/
void sqa_index_write_anew(struct sqa_index *index) {
    if (sqa_vtab_flush(&index->vtab) != SQLITE_OK)
        return;
    const struct sqa_change change = sqa_memory_begin_change(index->vtab.memory);
    empty_tables(index);
    sqa_index_build(index);
    sqa_memory_end_change(index->vtab.memory, change, index->vtab.status);
}

void sqa_index_rebuild(struct sqa_index *index) {
    sqa_indexed_find(index);
    sqa_indexed_inspect(index);
    sqa_index_write_anew(index);
    sqa_indexed_leave(index);
    sqa_indexed_follow(index, index->vtab.table);
}

static void examine(struct sqa_index *index) {
    (void)sqa_vtab_flush(&index->vtab);
    sqa_check_lists(index);
}

int sqa_index_examine(struct sqa_index *index, char **wrong) {
    const int outer = sqa_status_begin(&index->vtab);
    /* unreached: SQLite asks from 3.44 on, which `make test-newest` tests */
    sqa_index_enter(index);
    examine(index);
    return sqa_vtab_report(&index->vtab, sqa_status_end(&index->vtab, outer), wrong);
}

void sqa_index_command(struct sqa_index *index, const char *command) {
    const bool is_rebuild = sqlite3_stricmp(command, "rebuild") == 0;
    const int64_t n = sqa_command_merge(command);
    (void)sqa_vtab_enter_to_write(&index->vtab);
    if (!is_rebuild)
        sqa_indexed_check(index);
    if (is_rebuild)
        sqa_index_rebuild(index);
    else if (sqlite3_stricmp(command, "optimize") == 0)
        sqa_index_write_anew(index);
    else if (sqlite3_stricmp(command, "integrity-check") == 0)
        examine(index);
    else if (n > 0)
        sqa_merge_lists(index, n);
    else
        (void)sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                            "array_index: unknown command '%.*s', expected 'rebuild', 'optimize', "
                            "'merge=N' with N from 1, or 'integrity-check'",
                            sqa_excerpt(command, 40), command);
}
