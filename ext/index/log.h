/*
** The log contains the changes of lists that are not yet in the shadow tables, as pairs of a value
** and a key that were added or removed. Such pairs are called waiting. The log also contains notes
** of rows that REPLACE may remove without firing a trigger.
**
** It is written at the commit, at SAVEPOINT, and when more pairs wait than the option `log` allows;
** but not at the savepoints that SQLite begins for every statement that fires a trigger. At a
** savepoint a mark records the length of the log, and ROLLBACK TO shortens the log to that length.
** Pairs before a mark stay in memory after they were written, because ROLLBACK TO undoes the
** writing; then they wait again. Whoever reads a list merges the waiting pairs into it.
**
** If there are several pairs with the same list and key, only the last one counts. It does no harm
** to add a key that exists, or to remove one that does not.
*/
#ifndef SQA_LOG_H
#define SQA_LOG_H

#include "core/key_window.h"
#include "index/index.h"

struct sqa_pair {
    int64_t value, key;
    bool is_rows;  /* true: a pair of the list of all rows; then value is 0 */
    bool is_added; /* false: the key was removed */
};

/*
** The state at a savepoint: the number of pairs, and of those that were in the shadow tables
*/
struct sqa_log_mark {
    int savepoint;
    size_t count, written;
};

/* A row that REPLACE may remove: its key and the n values that it contains */
struct sqa_note {
    int64_t key, *set; /* set: memory of the pool */
    size_t n;
};
/*
** The largest number of notes. It is more than one row can need: it conflicts with at most one row
** for each UNIQUE index, of which a table has at most 64.
*/
enum { SQA_NOTES_MOST = 80 };

struct sqa_log {
    struct sqa_memory memory;
    struct sqa_pair *pairs; /* memory of the pool, like all arrays here */
    size_t count, written;  /* number of pairs; those from number `written` on are waiting */
    /*
    ** The first `ordered` of the waiting pairs, as numbers from 0, sorted by list, key and age
    */
    uint32_t *order;
    size_t ordered;
    uint32_t *scratch;          /* for sorting */
    struct sqa_log_mark *marks; /* in ascending order of the savepoints */
    size_t mark_count;
    struct sqa_note notes[SQA_NOTES_MOST];
    size_t note_count;
};

/* mark(), forget() and clear() of struct sqa_vtab_form */
int sqa_log_mark(struct sqa_vtab *vtab, int savepoint);
void sqa_log_forget(struct sqa_memory *memory, int savepoint);
void sqa_log_clear(struct sqa_memory *memory);

/* Adds a pair to the log of the index. */
void sqa_log_add(struct sqa_index *index, struct sqa_pair pair);
/* Records that all waiting pairs were written. */
void sqa_log_set_written(struct sqa_log *log);

/* Returns the number of waiting pairs. */
static inline size_t sqa_log_waiting(const struct sqa_log *log) {
    return log->count - log->written;
}

/*
** Sorts the waiting pairs. Then sqa_log_at() returns number i of them (from 0) in this order. The
** functions below need a sorted log.
*/
void sqa_log_sort(struct sqa_index *index);
static inline const struct sqa_pair *sqa_log_at(const struct sqa_log *log, size_t i) {
    return &log->pairs[log->written + log->order[i]];
}
/* Returns true if both pairs belong to the same list. */
static inline bool sqa_pair_same_list(const struct sqa_pair *a, const struct sqa_pair *b) {
    return a->is_rows == b->is_rows && a->value == b->value;
}
/* Returns the number of the first pair in order that is not before this list and key. */
size_t sqa_log_find(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key);

/*
** Applies the waiting pairs of a list with keys from lo to hi to a window: removes keys that were
** removed, and adds those that were added.
*/
void sqa_log_merge(struct sqa_log *log, const struct sqa_kernels *kernels, bool is_rows,
                   int64_t value, int64_t lo, int64_t hi, struct sqa_key_window *window);
/*
** Sets *nearest to the smallest key >= key that was added to the list or, if backwards is true, to
** the largest one <= key. Returns false if there is none.
*/
bool sqa_log_nearest(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key,
                     bool backwards, int64_t *nearest);
/* Returns by how many keys the waiting pairs make the list longer. */
int64_t sqa_log_difference(const struct sqa_log *log, bool is_rows, int64_t value);

#endif
