#include "index/index_object.h"

#include "index/changes.h"
#include "index/index_form.h"
#include "index/indexed.h"
#include "index/kept_search.h"

SQLITE_EXTENSION_INIT3

int sqa_index_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *name, struct sqa_index **made, char **error) {
    enum { SCHEMA = 1 };
    struct sqa_index *index = (struct sqa_index *)sqa_vtab_new(&sqa_index_form, sizeof *index,
                                                               connection, argv[SCHEMA], name, 0);
    if (index == NULL)
        return SQLITE_NOMEM;
    index->source_checked_at = -1;
    const int rc =
        sqa_index_definition_read(&index->source, &index->vtab.options[SQA_INDEX_BLOCK],
                                  &index->vtab.options[SQA_INDEX_LOG], argc, argv, error);
    if (rc == SQLITE_OK)
        *made = index;
    else
        sqa_index_free(index);
    return rc;
}

void sqa_index_declare(struct sqa_index *index, char *sql) {
    struct sqa_vtab *vtab = &index->vtab;
    sqlite3 *db = vtab->connection->db;
    if (sqa_vtab_has_memory(vtab, sql != NULL) &&
        sqa_vtab_note(vtab, sqlite3_declare_vtab(db, sql)) == SQLITE_OK)
        (void)sqa_vtab_note(vtab, sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS));
    sqa_object_free(sql);
}

int sqa_index_finish(struct sqa_index *index, sqlite3_vtab **vtab, char **error) {
    if (!sqa_vtab_failed(&index->vtab)) {
        *vtab = &index->vtab.base;
        return SQLITE_OK;
    }
    const int status = sqa_vtab_refuse(&index->vtab, error);
    sqa_index_free(index);
    return status;
}

void sqa_index_free(struct sqa_index *index) {
    sqa_search_free(index->cached);
    sqa_indexed_clear(&index->source);
    sqa_vtab_free(&index->vtab);
}

static bool is_written_to(const struct sqa_index *index) {
    return sqlite3_txn_state(index->vtab.connection->db, index->vtab.schema) == SQLITE_TXN_WRITE;
}

/*
** Returns true if nothing can have changed since the last sqa_index_enter(). As long as this
** connection does not write, every change also changes the version of the data.
*/
static bool is_entered(struct sqa_index *index, uint32_t *version) {
    *version = 0;
    if (is_written_to(index)) {
        index->was_entered = false;
        return false;
    }
    (void)sqlite3_file_control(index->vtab.connection->db, index->vtab.schema,
                               SQLITE_FCNTL_DATA_VERSION, version);
    return index->was_entered && index->entered_version == *version;
}

void sqa_index_enter(struct sqa_index *index) {
    uint32_t version;
    if (is_entered(index, &version))
        return;
    (void)sqa_vtab_enter_to_read(&index->vtab);
    sqa_indexed_check(index);
    sqa_settle_notes(index, SQA_SETTLE_GONE);
    sqa_log_sort(index);
    index->was_entered = !sqa_index_failed(index) && !is_written_to(index);
    index->entered_version = version;
}
