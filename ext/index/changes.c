#include "index/changes.h"

#include <string.h>

#include "index/indexed.h"
#include "index/list_update.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/* Adds a pair for each of n values. */
static int add_pairs(struct sqa_log *log, const int64_t *values, size_t n, int64_t key,
                     bool is_added) {
    int rc = SQLITE_OK;
    for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
        rc = sqa_log_add(log, (struct sqa_pair){values[i], key, false, is_added});
    return rc;
}

static int add_row_pair(struct sqa_log *log, int64_t key, bool is_added) {
    return sqa_log_add(log, (struct sqa_pair){0, key, true, is_added});
}

/* ---- Notes */

static int has_row(struct sqa_index *index, int64_t key, bool *found) {
    sqlite3_stmt *row;
    const int rc = sqa_index_statement(index, SQA_INDEX_HAS_ROW, &row);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(row, 1, key);
    *found = sqlite3_step(row) == SQLITE_ROW;
    return sqlite3_reset(row);
}

static int changes_settle(struct sqa_log *log, const struct sqa_note *note) {
    const int rc = add_pairs(log, note->set, note->n, note->key, false);
    return rc == SQLITE_OK ? add_row_pair(log, note->key, false) : rc;
}

static void drop_note(struct sqa_log *log, size_t i) {
    sqa_pool_give(log->notes[i].set);
    log->note_count--;
    memmove(&log->notes[i], &log->notes[i + 1], (log->note_count - i) * sizeof log->notes[0]);
}

int sqa_settle_notes(struct sqa_index *index, bool all, bool has_arrived, int64_t arrived) {
    struct sqa_log *log = sqa_index_log(index);
    int rc = SQLITE_OK;
    for (size_t i = 0; i < log->note_count && rc == SQLITE_OK;) {
        const struct sqa_note *note = &log->notes[i];
        bool is_there = false;
        if (!has_arrived || note->key != arrived)
            rc = has_row(index, note->key, &is_there);
        if (rc == SQLITE_OK && !is_there)
            rc = changes_settle(log, note);
        if (rc == SQLITE_OK && (all || !is_there))
            drop_note(log, i);
        else
            i++;
    }
    return rc;
}

/* Where there are as many as can be of one row, the first ones are of a row before: they are final. */
int sqa_note_row(struct sqa_index *index, int64_t key, sqlite3_value *value) {
    struct sqa_log *log = sqa_index_log(index);
    struct sqa_row_array array = {.is_null = true};
    int rc = SQLITE_OK;
    if (log->note_count == SQA_NOTES_MOST) {
        rc = sqa_settle_notes(index, false, false, 0);
        if (rc == SQLITE_OK && log->note_count == SQA_NOTES_MOST)
            drop_note(log, 0);
    }
    if (rc == SQLITE_OK)
        rc = sqa_row_array_read(index, value, &array);
    if (rc != SQLITE_OK || array.is_null)
        return rc;
    struct sqa_note *note = &log->notes[log->note_count];
    *note = (struct sqa_note){.key = key};
    note->set = sqa_row_array_set(index, &array, &note->n);
    sqa_row_array_clear(&array);
    if (note->set == NULL)
        return SQLITE_NOMEM;
    log->note_count++;
    log->memory.is_dirty = true;
    return SQLITE_OK;
}

/* ---- Rows */

/* Adds pairs for the values of set a, of n, that set b does not have. */
static int add_difference(struct sqa_index *index, const int64_t *a, size_t n, const int64_t *b,
                          size_t m, int64_t key, bool is_added) {
    const struct sqa_connection *connection = index->vtab.connection;
    if (n == 0 || m == 0)
        return add_pairs(sqa_index_log(index), a, n, key, is_added);
    int64_t *rest = sqa_pool_take(connection->pool, (uint64_t)n * sizeof *rest);
    if (rest == NULL)
        return SQLITE_NOMEM;
    const size_t count = connection->kernels->except[3](rest, a, n, b, m);
    const int rc = add_pairs(sqa_index_log(index), rest, count, key, is_added);
    sqa_pool_give(rest);
    return rc;
}

static int add_change(struct sqa_index *index, int64_t old_key, const struct sqa_row_array *before,
                      int64_t key, const struct sqa_row_array *after) {
    struct sqa_log *log = sqa_index_log(index);
    const bool moves = old_key != key;
    size_t n, m;
    int64_t *a = sqa_row_array_set(index, before, &n), *b = sqa_row_array_set(index, after, &m);
    int rc = a == NULL || b == NULL ? SQLITE_NOMEM : SQLITE_OK;
    if (rc == SQLITE_OK)
        rc = add_difference(index, a, n, b, moves ? 0 : m, old_key, false);
    if (rc == SQLITE_OK)
        rc = add_difference(index, b, m, a, moves ? 0 : n, key, true);
    if (rc == SQLITE_OK && !before->is_null && (moves || after->is_null))
        rc = add_row_pair(log, old_key, false);
    if (rc == SQLITE_OK && !after->is_null && (moves || before->is_null))
        rc = add_row_pair(log, key, true);
    sqa_pool_give(a);
    sqa_pool_give(b);
    return rc;
}

int sqa_change_row(struct sqa_index *index, const struct sqa_row_change *change) {
    struct sqa_log *log = sqa_index_log(index);
    struct sqa_row_array arrays[2];
    int rc = SQLITE_OK;
    if (log->note_count > 0) /* where other triggers write, rows may still go that are noted */
        rc = sqa_settle_notes(index, !index->has_other_triggers, change->has_arrived, change->key);
    if (rc != SQLITE_OK)
        return rc;
    rc = sqa_row_array_read(index, change->before, &arrays[0]);
    if (rc != SQLITE_OK)
        return rc;
    rc = sqa_row_array_read(index, change->after, &arrays[1]);
    if (rc == SQLITE_OK)
        rc = add_change(index, change->old_key, &arrays[0], change->key, &arrays[1]);
    sqa_row_array_clear(&arrays[0]);
    sqa_row_array_clear(&arrays[1]);
    if (rc == SQLITE_OK && sqa_log_waiting(log) >= (size_t)index->vtab.options[SQA_INDEX_LOG]) {
        rc = sqa_vtab_flush(&index->vtab);
        log->memory.is_dirty |= log->note_count > 0;
    }
    return rc;
}

/* The change from the array `before` of this key to the one that its row has now, if there is a row */
static int change_to_present(struct sqa_index *index, int64_t key, sqlite3_value *before,
                             bool has_arrived) {
    struct sqa_row_change change = {
        .old_key = key, .key = key, .before = before, .has_arrived = has_arrived};
    sqlite3_stmt *row = sqa_vtab_take_statement(&index->vtab, SQA_INDEX_GET_ARRAY);
    int rc = index->vtab.status;
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(row, 1, key);
    const int found = sqlite3_step(row);
    if (found == SQLITE_ROW)
        change.after = sqlite3_column_value(row, 0);
    if (found == SQLITE_ROW || found == SQLITE_DONE)
        rc = sqa_change_row(index, &change);
    const int end = sqlite3_reset(row);
    sqa_vtab_return_statement(&index->vtab, SQA_INDEX_GET_ARRAY, row);
    return rc == SQLITE_OK ? end : rc;
}

int sqa_change_rows_as_they_are(struct sqa_index *index, const struct sqa_row_change *change) {
    const bool moves = change->old_key != change->key;
    int rc =
        change_to_present(index, change->old_key, change->before, change->has_arrived && !moves);
    if (rc == SQLITE_OK && moves)
        rc = change_to_present(index, change->key, NULL, true);
    return rc;
}

/* ---- Writing */

/* Makes the changes of one list: those of the log's pairs, in order, from i to end. */
static int write_list(struct sqa_list_update *update, struct sqa_log *log, size_t from, size_t end,
                      struct sqa_key_change *changes) {
    const struct sqa_pair *list = sqa_log_at(log, from);
    size_t n = 0;
    for (size_t i = from; i < end; i++) {
        const struct sqa_pair *pair = sqa_log_at(log, i);
        n -= n > 0 && changes[n - 1].key == pair->key; /* the last one counts */
        changes[n++] = (struct sqa_key_change){pair->key, pair->is_added};
    }
    return sqa_update_list(update, list->is_rows, list->value, changes, n);
}

static int write_lists(struct sqa_index *index, struct sqa_key_change *changes) {
    struct sqa_log *log = sqa_index_log(index);
    const size_t n = sqa_log_waiting(log);
    struct sqa_list_update update;
    int rc = SQLITE_OK;
    sqa_update_init(&update, index);
    for (size_t at = 0; at < n && rc == SQLITE_OK;) {
        size_t end = at + 1;
        while (end < n && sqa_pair_same_list(sqa_log_at(log, at), sqa_log_at(log, end)))
            end++;
        rc = write_list(&update, log, at, end, changes);
        at = end;
    }
    sqa_update_clear(&update);
    return rc;
}

/*
** Settles notes where SQLite tells of a savepoint or of a commit: this may be an object that was made before the table got other
** names. Where the table or the index is not there any more, notes mean nothing.
*/
static int settle_with_names_of_today(struct sqa_index *index, bool all) {
    struct sqa_log *log = sqa_index_log(index);
    if (log->note_count == 0)
        return SQLITE_OK;
    const int64_t token = sqa_shadow_verify(&index->vtab);
    int rc = index->vtab.status;
    if (rc == SQLITE_OK && index->source_checked_at != index->vtab.verified_at)
        rc = sqa_indexed_find_again(index);
    if (rc != SQLITE_OK)
        return rc;
    while (log->note_count > 0 && (token != index->vtab.token || index->source.key == NULL))
        drop_note(log, log->note_count - 1);
    return sqa_settle_notes(index, all, false, 0);
}

int sqa_index_flush(struct sqa_vtab *vtab) {
    struct sqa_index *index = (struct sqa_index *)vtab;
    struct sqa_log *log = sqa_index_log(index);
    int rc = settle_with_names_of_today(index, false);
    if (rc == SQLITE_OK)
        rc = sqa_log_sort(log);
    if (rc != SQLITE_OK)
        return rc;
    const size_t n = sqa_log_waiting(log);
    struct sqa_key_change *changes =
        sqa_pool_take(vtab->connection->pool, (uint64_t)n * sizeof *changes);
    if (changes == NULL)
        return SQLITE_NOMEM;
    const struct sqa_change change = sqa_memory_begin_change(vtab->memory);
    rc = write_lists(index, changes);
    sqa_memory_end_change(vtab->memory, change, rc);
    sqa_pool_give(changes);
    if (rc == SQLITE_OK)
        sqa_log_set_written(log);
    return rc;
}

/*
** Is this the savepoint of a statement that changes something, and not one of the command SAVEPOINT? Of such a statement
** SQLite says that it runs and does not only read.
*/
static bool is_of_statement(sqlite3 *db) {
    for (sqlite3_stmt *s = sqlite3_next_stmt(db, NULL); s != NULL; s = sqlite3_next_stmt(db, s)) {
        if (sqlite3_stmt_busy(s) && !sqlite3_stmt_readonly(s))
            return true;
    }
    return false;
}

/*
** With the statement before, all notes are settled. A long log is written here, so that marks keep little of it; and at
** the command SAVEPOINT any: where the index is dropped and ROLLBACK TO brings it back, SQLite calls no method, and what
** had waited in memory would be lost.
*/
int sqa_index_mark(struct sqa_vtab *vtab, int savepoint) {
    struct sqa_index *index = (struct sqa_index *)vtab;
    struct sqa_log *log = sqa_index_log(index);
    int rc = settle_with_names_of_today(index, true);
    const size_t waiting = sqa_log_waiting(log);
    if (rc == SQLITE_OK && waiting > 0 &&
        (waiting >= (size_t)vtab->options[SQA_INDEX_LOG] / 2 ||
         !is_of_statement(vtab->connection->db)))
        rc = sqa_vtab_flush(vtab);
    return rc == SQLITE_OK ? sqa_log_mark(vtab, savepoint) : rc;
}
