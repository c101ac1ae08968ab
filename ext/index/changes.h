/* What the triggers tell: rows that came, changed and went become pairs of the log. */
#ifndef SQA_CHANGES_H
#define SQA_CHANGES_H

#include "index/log.h"

/*
** The row with old_key and the array `before` is now the row with this key and the array `after`;
** NULL arrays are of no row.
*/
struct sqa_row_change {
    int64_t old_key, key;
    sqlite3_value *before, *after;
    bool has_arrived; /* no row had this key before; if one is noted, REPLACE has removed it */
};
void sqa_change_row(struct sqa_index *index, const struct sqa_row_change *change);
/*
** The same where the table has other triggers. Those that SQLite runs before ours may have changed
** the row again, and have told so already; so what is added now are the arrays that the table has.
*/
void sqa_change_rows_as_they_are(struct sqa_index *index, const struct sqa_row_change *change);
/* REPLACE may remove the row with this key and array. */
void sqa_note_row(struct sqa_index *index, int64_t key, sqlite3_value *array);

/* Which notes are dropped, beside those that have become pairs */
enum sqa_settle {
    SQA_SETTLE_GONE, /* none: their rows are there, and may still go */
    SQA_SETTLE_ALL   /* all: nothing will happen to their rows any more */
};
/* Notes of rows that are gone become pairs. */
void sqa_settle_notes(struct sqa_index *index, enum sqa_settle which);

/* The form's mark() and flush() */
int sqa_index_mark(struct sqa_vtab *vtab, int savepoint);
int sqa_index_flush(struct sqa_vtab *vtab);

#endif
