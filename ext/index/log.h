/*
** The log: what has changed in the lists and is not in the shadow tables yet, as pairs of a value
** and a key that were added or removed; and notes of rows that REPLACE may remove without firing a
** trigger.
**
** It is written at the commit, at SAVEPOINT and where more pairs wait than the option `log` says,
** but not at the savepoints that SQLite begins with every statement that fires a trigger. A
** savepoint marks how far the log has come, and ROLLBACK TO cuts it there. Pairs that a mark stands
** behind stay in memory after they are written: ROLLBACK TO takes back the writing, and then they
** wait again. A read merges what waits into what it reads.
**
** The last pair of a list and a key counts; so it does no harm to add what is there, or to remove
** what is not.
*/
#ifndef SQA_LOG_H
#define SQA_LOG_H

#include "core/key_window.h"
#include "index/index.h"

struct sqa_pair {
    int64_t value, key;
    bool is_rows; /* a pair of the list of all rows; value is 0 */
    bool is_added;
};

/* At a savepoint pairs were count, of which the first `written` were in the shadow tables. */
struct sqa_log_mark {
    int savepoint;
    size_t count, written;
};

/* A row that REPLACE may remove, and the values that it has; set is of the pool. */
struct sqa_note {
    int64_t key, *set;
    size_t n;
};
/* More than one row can conflict with: a UNIQUE index has one row, a table 64 of them at most. */
enum { SQA_NOTES_MOST = 80 };

struct sqa_log {
    struct sqa_memory memory;
    struct sqa_pair *pairs;
    size_t count, written; /* those behind `written` wait */
    /* The first `ordered` of the waiting ones, counted from `written`, by list, key and age */
    uint32_t *order;
    size_t ordered;
    uint32_t *scratch; /* for putting them in order */
    struct sqa_log_mark *marks;
    size_t mark_count;
    struct sqa_note notes[SQA_NOTES_MOST];
    size_t note_count;
};

/* The methods of the form, see vtab.h */
int sqa_log_mark(struct sqa_vtab *vtab, int savepoint);
void sqa_log_forget(struct sqa_memory *memory, int savepoint);
void sqa_log_clear(struct sqa_memory *memory);

/* Adds a pair to the log of the index. */
void sqa_log_add(struct sqa_index *index, struct sqa_pair pair);
/* All that wait are written. */
void sqa_log_set_written(struct sqa_log *log);

static inline size_t sqa_log_waiting(const struct sqa_log *log) {
    return log->count - log->written;
}

/* Puts all waiting pairs in order. Then sqa_log_at() gives the i-th, i < sqa_log_waiting(). */
void sqa_log_sort(struct sqa_index *index);
static inline const struct sqa_pair *sqa_log_at(const struct sqa_log *log, size_t i) {
    return &log->pairs[log->written + log->order[i]];
}
/* Do both belong to one list? */
static inline bool sqa_pair_same_list(const struct sqa_pair *a, const struct sqa_pair *b) {
    return a->is_rows == b->is_rows && a->value == b->value;
}
/* The number of the first pair, in order, that is not before this list and key */
size_t sqa_log_find(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key);

/*
** Of a sorted log: takes from the window what was removed, adds what was added, of the list's keys
** lo to hi.
*/
void sqa_log_merge(struct sqa_log *log, const struct sqa_kernels *kernels, bool is_rows,
                   int64_t value, int64_t lo, int64_t hi, struct sqa_key_window *window);
/* Of a sorted log: the nearest key of the list that was added, >= key, or with backwards <= key */
bool sqa_log_nearest(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key,
                     bool backwards, int64_t *nearest);
/* Of a sorted log: by how many keys the waiting pairs change the list */
int64_t sqa_log_difference(const struct sqa_log *log, bool is_rows, int64_t value);

#endif
