#include "index/index_object.h"

#include <string.h>

#include "index/changes.h"
#include "index/index_form.h"
#include "index/indexed.h"
#include "index/kept_search.h"

SQLITE_EXTENSION_INIT3

int sqa_index_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *name, struct sqa_index **made, char **error) {
    struct sqa_index *index = (struct sqa_index *)sqa_vtab_new(
        &sqa_index_form, sizeof *index, connection, argv[1], name, strlen(name));
    if (index == NULL)
        return SQLITE_NOMEM;
    index->source_checked_at = -1;
    *made = index;
    return sqa_index_definition_read(&index->source, &index->vtab.options[SQA_INDEX_BLOCK],
                                     &index->vtab.options[SQA_INDEX_LOG], argc, argv, error);
}

void sqa_index_free(struct sqa_index *index) {
    if (index == NULL)
        return;
    sqa_search_free(index->cached);
    sqa_indexed_clear(&index->source);
    sqa_vtab_free(&index->vtab);
}

/* Outside a transaction of our own that writes, nothing changes without another version of the data. */
static bool is_entered(struct sqa_index *index, uint32_t *version) {
    sqlite3 *db = index->vtab.connection->db;
    *version = 0;
    if (sqlite3_txn_state(db, index->vtab.schema) == SQLITE_TXN_WRITE) {
        index->was_entered = false;
        return false;
    }
    (void)sqlite3_file_control(db, index->vtab.schema, SQLITE_FCNTL_DATA_VERSION, version);
    return index->was_entered && index->entered_version == *version;
}

static int index_enter(struct sqa_index *index) {
    int rc = sqa_vtab_enter(&index->vtab);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_check_written(&index->vtab);
    if (rc == SQLITE_OK)
        rc = sqa_indexed_check(index);
    if (rc == SQLITE_OK && sqa_index_log(index)->note_count > 0)
        rc = sqa_settle_notes(index, false, false, 0);
    return rc == SQLITE_OK ? sqa_log_sort(sqa_index_log(index)) : rc;
}

int sqa_index_enter(struct sqa_index *index) {
    uint32_t version;
    if (is_entered(index, &version))
        return SQLITE_OK;
    const int rc = index_enter(index);
    index->was_entered =
        rc == SQLITE_OK &&
        sqlite3_txn_state(index->vtab.connection->db, index->vtab.schema) != SQLITE_TXN_WRITE;
    index->entered_version = version;
    return rc;
}
