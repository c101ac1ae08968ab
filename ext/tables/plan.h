/*
** Planning for the table-valued functions: which constraints a table uses, what SQLite shows of it,
** and what xFilter makes of the values.
**
** xFilter is passed the arguments, then, for each column that a table can be searched by, the
** values of the constraints in the order of enum sqa_relation. Those bits, in idxNum, say which
** there are.
*/
#ifndef SQA_PLAN_H
#define SQA_PLAN_H

#include "core/range.h"
#include "tables/cursor.h"

/* Beside those of enum sqa_relation, which are the first column's */
enum sqa_plan_bits {
    SQA_PLAN_SHIFT = 5,      /* the second column's bits are these, shifted so far */
    SQA_PLAN_DESC = 1 << 10, /* the rows from the last to the first */
};
/* The comparisons: each one's bit, the SQLITE_INDEX_CONSTRAINT that stands for it, and how a plan shows it. */
enum { SQA_COMPARISONS = 5 };
extern const struct sqa_comparison {
    int bit; /* of enum sqa_relation */
    unsigned char constraint;
    const char *text;
} sqa_comparisons[SQA_COMPARISONS];

/* Argument i (from 0), an optional one, is given */
#define SQA_PLAN_OPTION(i) (1 << (16 + (i)))

struct sqa_plan {
    const struct sqa_form *form;
    sqlite3_index_info *info;
    int passed;      /* values that xFilter will be passed */
    int columns;     /* that have been looked at for constraints */
    double elements; /* of the longest array: its length, or a guess */
    double rows;     /* that xFilter will give; at first as many as elements */
    double cost;     /* of finding the first of them */
    char text[160];  /* the plan, for people */
};

/*
** Begins a plan with the arguments. SQLITE_CONSTRAINT, which xBestIndex returns, if one is left out
** or not known yet.
*/
int sqa_plan_start(struct sqa_plan *plan, sqlite3_vtab *vtab, sqlite3_index_info *info);
/*
** Uses comparisons of a column with something; true if there are any. is_rowid: the column is the
** rowid, so that it has no value twice, and comparisons of the rowid count too. xFilter calls
** sqa_range() for the same columns in the same order.
*/
bool sqa_plan_column(struct sqa_plan *plan, int column, const char *name, bool is_rowid);
/* Where rows are wanted in the order of this column, which is the rowid, SQLite need not sort. */
void sqa_plan_order(struct sqa_plan *plan, int column, const char *name, bool backwards_too);
/* The argument number i (from 0) where the statement says it, or `otherwise`. For estimates. */
double sqa_plan_number(const struct sqa_plan *plan, int i, double otherwise);
/* Hands the plan over to SQLite; returns what xBestIndex does. */
int sqa_plan_end(struct sqa_plan *plan);

/* The integers that compare so with a value of any type, exactly as SQL compares. */
struct sqa_range sqa_range_of(enum sqa_relation op, sqlite3_value *value);

/*
** The integers that satisfy the constraints of column number `nth` (0 or 1) of a plan, exactly as
** SQL compares, whatever the types. Moves filter->constraints past them.
*/
struct sqa_range sqa_range(struct sqa_filter *filter, int plan, int nth);

/* The cursor's rows are those of 1 .. count that are in range, in the order of the plan. */
void sqa_range_rows(struct sqa_cursor *cursor, struct sqa_range range, int64_t count, int plan);
/* The same where the rows, `count` of them, are numbered 1, 1 + step, 1 + 2 step, and so forth. */
void sqa_range_steps(struct sqa_cursor *cursor, struct sqa_range range, int64_t step, int64_t count,
                     int plan);

#endif
