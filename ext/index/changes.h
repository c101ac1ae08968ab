/* Converts what the triggers report about rows to pairs of the log, and writes the log. */
#ifndef SQA_CHANGES_H
#define SQA_CHANGES_H

#include "index/log.h"

/*
** The row with old_key and the array `before` has become the row with `key` and the array `after`.
** A NULL, as an SQL value or as a pointer, is the array of no row: `before` if the row was
** inserted, `after` if it was deleted.
*/
struct sqa_row_change {
    int64_t old_key, key;
    sqlite3_value *before, *after;
    /* true if a row with this key is new; so a row with it that is noted was removed by REPLACE */
    bool has_arrived;
};
/* Adds the change to the log, which is written if too many pairs wait. */
void sqa_change_row(struct sqa_index *index, const struct sqa_row_change *change);
/*
** Does the same if the table has other triggers. Those that SQLite runs before ours may have
** changed the row again and reported that already. So the arrays that are in the table now are used
** instead of `after`.
*/
void sqa_change_rows_as_they_are(struct sqa_index *index, const struct sqa_row_change *change);
/* Adds a note that REPLACE may remove the row with this key and array. */
void sqa_note_row(struct sqa_index *index, int64_t key, sqlite3_value *array);

/* What happens to notes of rows that still exist */
enum sqa_settle {
    SQA_SETTLE_GONE, /* they are kept, because the rows may still be removed */
    SQA_SETTLE_ALL   /* they are dropped, because the statement that they are about has ended */
};
/* Converts the notes of rows that no longer exist to pairs of the log. */
void sqa_settle_notes(struct sqa_index *index, enum sqa_settle which);

/* mark() and flush() of struct sqa_vtab_form */
int sqa_index_mark(struct sqa_vtab *vtab, int savepoint);
int sqa_index_flush(struct sqa_vtab *vtab);

#endif
