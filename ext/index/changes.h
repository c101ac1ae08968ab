/* What the triggers tell: rows that came, changed and went become pairs of the log. */
#ifndef SQA_CHANGES_H
#define SQA_CHANGES_H

#include "index/log.h"

/* The row with old_key and the array `before` is now the row with this key and the array `after`; NULL arrays are of no row. */
struct sqa_row_change {
    int64_t old_key, key;
    sqlite3_value *before, *after;
    bool has_arrived; /* no row had this key before; if one is noted, REPLACE has removed it */
};
int sqa_change_row(struct sqa_index *index, const struct sqa_row_change *change);
/*
** The same where the table has other triggers. Those that SQLite runs before ours may have changed the row again, and have
** told so already; so what is added now are the arrays that the table has.
*/
int sqa_change_rows_as_they_are(struct sqa_index *index, const struct sqa_row_change *change);
/* REPLACE may remove the row with this key and array. */
int sqa_note_row(struct sqa_index *index, int64_t key, sqlite3_value *array);
/*
** Notes of rows that are gone, or that have to be as a row has come to their key (has_arrived), become pairs. Those of rows
** that are there stay, or with `all` are dropped: nothing will happen to them any more.
*/
int sqa_settle_notes(struct sqa_index *index, bool all, bool has_arrived, int64_t arrived);

/* The form's mark() and flush() */
int sqa_index_mark(struct sqa_vtab *vtab, int savepoint);
int sqa_index_flush(struct sqa_vtab *vtab);

#endif
