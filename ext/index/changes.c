#include "index/changes.h"

#include <string.h>

#include "index/indexed.h"
#include "index/list_update.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/* Adds a pair for each of n values. */
static void add_pairs(struct sqa_index *index, const int64_t *values, size_t n, int64_t key,
                      bool is_added) {
    for (size_t i = 0; i < n && !sqa_index_failed(index); i++)
        sqa_log_add(index, (struct sqa_pair){values[i], key, false, is_added});
}

static void add_row_pair(struct sqa_index *index, int64_t key, bool is_added) {
    sqa_log_add(index, (struct sqa_pair){0, key, true, is_added});
}

/* ---- Notes */

static bool has_row(struct sqa_index *index, int64_t key) {
    sqlite3_stmt *row = sqa_index_statement(index, SQA_INDEX_HAS_ROW);
    sqa_bind(row, 1, key);
    const bool found = sqa_vtab_step(&index->vtab, row);
    sqa_vtab_reset(&index->vtab, row);
    return found;
}

static void drop_note(struct sqa_log *log, size_t i) {
    sqa_pool_give(log->notes[i].set);
    log->note_count--;
    memmove(&log->notes[i], &log->notes[i + 1], (log->note_count - i) * sizeof log->notes[0]);
}

/*
** See sqa_settle_notes(). has_arrived means that there is a new row with the key `arrived`, so a
** row noted with this key is gone.
*/
static void settle_notes(struct sqa_index *index, enum sqa_settle which, bool has_arrived,
                         int64_t arrived) {
    struct sqa_log *log = sqa_index_log(index);
    for (size_t i = 0; i < log->note_count;) {
        const struct sqa_note *note = &log->notes[i];
        const bool is_there = !(has_arrived && note->key == arrived) && has_row(index, note->key);
        if (sqa_index_failed(index))
            return;
        if (!is_there) {
            add_pairs(index, note->set, note->n, note->key, false);
            add_row_pair(index, note->key, false);
        }
        if (!is_there || which == SQA_SETTLE_ALL)
            drop_note(log, i);
        else
            i++;
    }
}

void sqa_settle_notes(struct sqa_index *index, enum sqa_settle which) {
    settle_notes(index, which, false, 0);
}

/*
** If there are as many notes as one row can need, the first ones belong to an earlier row, for
** which all rows have been removed that had to be. A noted row that still exists is not removed any
** more.
*/
void sqa_note_row(struct sqa_index *index, int64_t key, sqlite3_value *value) {
    struct sqa_log *log = sqa_index_log(index);
    if (log->note_count == SQA_NOTES_MOST)
        sqa_settle_notes(index, SQA_SETTLE_GONE);
    if (log->note_count == SQA_NOTES_MOST)
        drop_note(log, 0);
    struct sqa_row_array array = sqa_row_array_read(index, value);
    if (array.is_null)
        return;
    struct sqa_note *note = &log->notes[log->note_count];
    note->key = key;
    note->set = sqa_row_array_set(index, &array, &note->n);
    sqa_row_array_clear(&array);
    if (note->set == NULL)
        return;
    log->note_count++;
    log->memory.is_dirty = true;
}

/* ---- Rows */

/* Adds pairs for the values of set a, which has n, that are not in set b. */
static void add_difference(struct sqa_index *index, const int64_t *a, size_t n, const int64_t *b,
                           size_t m, int64_t key, bool is_added) {
    const struct sqa_kernels *kernels = index->vtab.connection->kernels;
    if (n == 0 || m == 0) {
        add_pairs(index, a, n, key, is_added);
        return;
    }
    int64_t *rest = sqa_index_reserve(index, NULL, 0, (uint64_t)n * sizeof *rest);
    if (rest != NULL)
        add_pairs(index, rest, kernels->except[SQA_INDEX_64](rest, a, n, b, m), key, is_added);
    sqa_pool_give(rest);
}

static void add_change(struct sqa_index *index, int64_t old_key, const struct sqa_row_array *before,
                       int64_t key, const struct sqa_row_array *after) {
    const bool moves = old_key != key;
    size_t n, m;
    int64_t *a = sqa_row_array_set(index, before, &n), *b = sqa_row_array_set(index, after, &m);
    if (!sqa_index_failed(index)) {
        add_difference(index, a, n, b, moves ? 0 : m, old_key, false);
        add_difference(index, b, m, a, moves ? 0 : n, key, true);
        if (!before->is_null && (moves || after->is_null))
            add_row_pair(index, old_key, false);
        if (!after->is_null && (moves || before->is_null))
            add_row_pair(index, key, true);
    }
    sqa_pool_give(a);
    sqa_pool_give(b);
}

void sqa_change_row(struct sqa_index *index, const struct sqa_row_change *change) {
    struct sqa_log *log = sqa_index_log(index);
    if (log->note_count > 0) /* where other triggers write, noted rows may still be removed */
        settle_notes(index, index->has_other_triggers ? SQA_SETTLE_GONE : SQA_SETTLE_ALL,
                     change->has_arrived, change->key);
    struct sqa_row_array before = sqa_row_array_read(index, change->before),
                         after = sqa_row_array_read(index, change->after);
    add_change(index, change->old_key, &before, change->key, &after);
    sqa_row_array_clear(&before);
    sqa_row_array_clear(&after);
    if (sqa_log_waiting(log) >= (size_t)index->vtab.options[SQA_INDEX_LOG]) {
        (void)sqa_vtab_flush(&index->vtab);
        log->memory.is_dirty |= log->note_count > 0;
    }
}

/* Adds the change from the array `before` of this key to the array of its row now, if it exists. */
static void change_to_present(struct sqa_index *index, int64_t key, sqlite3_value *before,
                              bool has_arrived) {
    struct sqa_row_change change = {
        .old_key = key, .key = key, .before = before, .has_arrived = has_arrived};
    sqlite3_stmt *row = sqa_vtab_take_statement(&index->vtab, SQA_INDEX_GET_ARRAY);
    sqa_bind(row, 1, key);
    if (sqa_vtab_step(&index->vtab, row))
        change.after = sqlite3_column_value(row, 0);
    else
        sqa_vtab_reset(&index->vtab, row);
    sqa_change_row(index, &change);
    sqa_vtab_reset(&index->vtab, row);
    sqa_vtab_return_statement(&index->vtab, SQA_INDEX_GET_ARRAY, row);
}

void sqa_change_rows_as_they_are(struct sqa_index *index, const struct sqa_row_change *change) {
    const bool moves = change->old_key != change->key;
    change_to_present(index, change->old_key, change->before, change->has_arrived && !moves);
    if (moves)
        change_to_present(index, change->key, NULL, true);
}

/* ---- Writing */

/* Makes the changes of one list: the pairs `from` to `end` - 1 of the sorted log. */
static void write_list(struct sqa_list_update *update, struct sqa_log *log, size_t from, size_t end,
                       struct sqa_key_change *changes) {
    const struct sqa_pair *list = sqa_log_at(log, from);
    size_t n = 0;
    for (size_t i = from; i < end; i++) {
        const struct sqa_pair *pair = sqa_log_at(log, i);
        n -= n > 0 && changes[n - 1].key == pair->key; /* the last one counts */
        changes[n++] = (struct sqa_key_change){pair->key, pair->is_added};
    }
    sqa_update_list(update, list->is_rows, list->value, changes, n);
}

static void write_lists(struct sqa_index *index, struct sqa_key_change *changes) {
    struct sqa_log *log = sqa_index_log(index);
    const size_t n = sqa_log_waiting(log);
    struct sqa_list_update update;
    sqa_update_init(&update, index);
    for (size_t at = 0; at < n && !sqa_index_failed(index);) {
        size_t end = at + 1;
        while (end < n && sqa_pair_same_list(sqa_log_at(log, at), sqa_log_at(log, end)))
            end++;
        write_list(&update, log, at, end, changes);
        at = end;
    }
    sqa_update_clear(&update);
}

/*
** Settles notes when a savepoint or a commit begins. SQLite may call an object that was created
** before the table was renamed. If the table or the index no longer exists, the notes are dropped.
*/
static void settle_with_names_of_today(struct sqa_index *index, enum sqa_settle which) {
    struct sqa_log *log = sqa_index_log(index);
    if (log->note_count == 0)
        return;
    const int64_t token = sqa_shadow_verify(&index->vtab);
    if (index->source_checked_at != index->vtab.verified_at)
        sqa_indexed_find_again(index);
    if (sqa_index_failed(index))
        return;
    while (log->note_count > 0 && (token != index->vtab.token || index->source.key == NULL))
        drop_note(log, log->note_count - 1);
    sqa_settle_notes(index, which);
}

int sqa_index_flush(struct sqa_vtab *vtab) {
    struct sqa_index *index = (struct sqa_index *)vtab;
    struct sqa_log *log = sqa_index_log(index);
    settle_with_names_of_today(index, SQA_SETTLE_GONE);
    sqa_log_sort(index);
    struct sqa_key_change *changes =
        sqa_index_reserve(index, NULL, 0, (uint64_t)sqa_log_waiting(log) * sizeof *changes);
    if (changes == NULL)
        return vtab->status;
    const struct sqa_change change = sqa_memory_begin_change(vtab->memory);
    write_lists(index, changes);
    sqa_memory_end_change(vtab->memory, change, vtab->status);
    sqa_pool_give(changes);
    if (!sqa_vtab_failed(vtab))
        sqa_log_set_written(log);
    return vtab->status;
}

/*
** Returns true if SQLite begins the savepoint of a statement that writes, false if it is that of
** the command SAVEPOINT. In the first case a statement is running that is not read-only.
*/
static bool is_of_statement(sqlite3 *db) {
    for (sqlite3_stmt *s = sqlite3_next_stmt(db, NULL); s != NULL; s = sqlite3_next_stmt(db, s)) {
        if (sqlite3_stmt_busy(s) && !sqlite3_stmt_readonly(s))
            return true;
    }
    return false;
}

/*
** The previous statement has ended, so all its notes are settled. A log that is half full is
** written here, so that marks keep little of it. At the command SAVEPOINT it is always written: if
** the index is dropped and ROLLBACK TO restores it, SQLite calls no method, and unwritten pairs
** would be lost.
*/
int sqa_index_mark(struct sqa_vtab *vtab, int savepoint) {
    struct sqa_index *index = (struct sqa_index *)vtab;
    settle_with_names_of_today(index, SQA_SETTLE_ALL);
    const size_t waiting = sqa_log_waiting(sqa_index_log(index));
    if (waiting > 0 && (waiting >= (size_t)vtab->options[SQA_INDEX_LOG] / 2 ||
                        !is_of_statement(vtab->connection->db)))
        (void)sqa_vtab_flush(vtab);
    return sqa_log_mark(vtab, savepoint);
}
