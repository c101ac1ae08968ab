/*
** From SQL values to C. Arguments are numbered from 0 here and from 1 in messages. A value that is not what is
** asked for fails the call, with a message that says which argument it is and what was given; then, and after
** any earlier failure, these functions give 0, the empty array, the first word, or what they say. NULL arguments
** have been dealt with before, where not said otherwise.
*/
#ifndef SQA_ARGUMENTS_H
#define SQA_ARGUMENTS_H

#include "core/elementwise.h"
#include "core/random.h"
#include "core/range.h"
#include "sql/call.h"

/*
** The array in argument i, borrowed until the SQL function returns. Text is parsed; where it is a
** constant, once per statement.
*/
struct sqa_array sqa_arg_array(struct sqa_call *call, int i);
/* The same, filled in where it is to stand: to copy it there takes measurable time where arrays are short. */
void sqa_arg_array_to(struct sqa_call *call, int i, struct sqa_array *array);
/*
** The same for the row of an aggregate. Of an aggregate's arguments SQLite does not clear the auxdata from row
** to row, so text that was parsed for one row must not be kept for the next.
*/
struct sqa_array sqa_arg_row(struct sqa_call *call, int i);

/* SQA_LENGTHS if both arrays do not have one length */
void sqa_same_length(struct sqa_call *call, const struct sqa_array *a, const struct sqa_array *b);

/* An array, or an integer to be broadcast. */
void sqa_arg_operand(struct sqa_call *call, int i, struct sqa_operand *operand);

/* Arguments 0 and 1 as operands, at least one of which is an array. */
void sqa_arg_operands(struct sqa_call *call, struct sqa_operand *first, struct sqa_operand *second);

/* An INTEGER, or a REAL that is whole and fits 64 bits. NULL is an error here. */
int64_t sqa_arg_integer(struct sqa_call *call, int i);
/* The same; `otherwise` where the call has no such argument. */
int64_t sqa_arg_integer_or(struct sqa_call *call, int i, int64_t otherwise);

/*
** Where argument i is a REAL that no 64-bit integer equals: true, and *x is its value. Only what compares numbers
** takes one. Does not fail the call, and answers after a failure, too.
*/
bool sqa_arg_is_fraction(const struct sqa_call *call, int i, double *x);

/* The integers that compare so with argument i, an INTEGER or any REAL. */
struct sqa_range sqa_arg_range(struct sqa_call *call, int i, enum sqa_relation op);

/* An integer that is not below `least`, which is 0 or 1; `what` names it in the message. On failure: least. */
int64_t sqa_arg_count(struct sqa_call *call, int i, const char *what, int64_t least);

/* The word in argument i, 'asc' or 'desc', as descending; `otherwise` where the call has no such argument. */
bool sqa_arg_direction(struct sqa_call *call, int i, bool otherwise);

/* Random numbers seeded with the integer in argument i; without that argument, differently each time. */
struct sqa_random sqa_arg_random(struct sqa_call *call, int i);

/* A number: REAL or INTEGER. */
double sqa_arg_real(struct sqa_call *call, int i);

/* TEXT as UTF-8, borrowed until the SQL function returns; *size: its bytes. The empty text on failure. */
const char *sqa_arg_text(struct sqa_call *call, int i, size_t *size);

/* A BLOB, borrowed likewise; NULL on failure, and where it is empty. */
const void *sqa_arg_blob(struct sqa_call *call, int i, size_t *size);

/* One of the words (a NULL ends the list), in any case of letters: its number from 0. */
int sqa_arg_word(struct sqa_call *call, int i, const char *const *words);

/*
** The rule for indexes: 1-based, negative ones from the end. True if element `index` exists among
** count; then *at is its place from 0.
*/
static inline bool sqa_index(int64_t index, size_t count, size_t *at) {
    const int64_t n = (int64_t)count;
    const int64_t i = index > 0 ? index - 1 : index < 0 && index >= -n ? n + index : -1;
    *at = (size_t)i;
    return i >= 0 && i < n;
}

/*
** The rule for slices: both ends, indexes, become places in 1 .. count, each clamped from the side that it is on; the walk
** goes from start to stop, backwards or not. False if there is no element on it.
*/
bool sqa_slice_ends(int64_t *start, int64_t *stop, bool backwards, size_t count);

/* The rule for REAL values: true if d is whole and fits 64 bits; then *x is its value. */
static inline bool sqa_whole(double d, int64_t *x) {
    if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0 && d == (double)(int64_t)d))
        return false;
    *x = (int64_t)d;
    return true;
}

/*
** An array outside a function call (a virtual table's argument). The array borrows from value, or
** from *owned where that is not NULL: the caller gives it back by sqa_pool_give(). SQA_ARGUMENT: the text for the user
** stands in message and goes on after "argument 1". SQA_NOMEM, SQA_INTERRUPT: message is not filled.
*/
SQA_MUST_CHECK enum sqa_status sqa_value_array(struct sqa_connection *connection,
                                               sqlite3_value *value, struct sqa_array *array,
                                               void **owned, char *message, size_t message_size);

/*
** sqa_arg_row(), sqa_arg_text() and sqa_arg_word() for a value that is no argument, such as a column's in xUpdate;
** `what` names it in messages: "column path".
*/
struct sqa_array sqa_value_row(struct sqa_call *call, sqlite3_value *value, const char *what);
const char *sqa_value_text(struct sqa_call *call, sqlite3_value *value, const char *what,
                           size_t *size);
int sqa_value_word(struct sqa_call *call, sqlite3_value *value, const char *what,
                   const char *const *words);

/* The name of a value's type, such as "INTEGER" */
const char *sqa_type_name(sqlite3_value *value);

/* Fills text with an INTEGER or a REAL, this in the fewest digits that read back as it; gives text. */
enum { SQA_NUMBER_TEXT = 32 };
const char *sqa_number_text(sqlite3_value *value, char text[SQA_NUMBER_TEXT]);

#endif
