/*
** Reads SQL values as C values. Arguments are numbered from 0 here and from 1 in messages.
**
** A value that is not what a function asks for makes the call fail, with a message that names the
** argument and says what was given. After this and any earlier failure the functions return 0,
** the empty array, the first word, or what their comments say. Unless a comment says otherwise,
** NULL arguments never get here: the caller has already returned NULL.
*/
#ifndef SQA_ARGUMENTS_H
#define SQA_ARGUMENTS_H

#include "core/elementwise.h"
#include "core/random.h"
#include "core/range.h"
#include "sql/call.h"

/*
** Returns the array in argument i, valid until the SQL function returns. Text is parsed; a
** constant text only once per statement.
*/
struct sqa_array sqa_arg_array(struct sqa_call *call, int i);
/*
** Stores what sqa_arg_array() returns in *array. For a member of a structure this avoids a copy,
** which takes noticeable time for short arrays.
*/
void sqa_arg_array_to(struct sqa_call *call, int i, struct sqa_array *array);
/*
** Returns the array in argument i of an aggregate's step. SQLite does not clear auxdata between
** rows of an aggregate, so parsed text is not kept for the next row.
*/
struct sqa_array sqa_arg_row(struct sqa_call *call, int i);

/* Fails with SQA_LENGTHS if the arrays have different lengths. */
void sqa_same_length(struct sqa_call *call, const struct sqa_array *a, const struct sqa_array *b);

/* Reads an array, or an integer that is broadcast to the length of the other operand. */
void sqa_arg_operand(struct sqa_call *call, int i, struct sqa_operand *operand);

/* Reads arguments 0 and 1 as operands. At least one of them must be an array. */
void sqa_arg_operands(struct sqa_call *call, struct sqa_operand *first, struct sqa_operand *second);

/* Returns an INTEGER, or a REAL that is whole and fits 64 bits. NULL is an error here. */
int64_t sqa_arg_integer(struct sqa_call *call, int i);
/* Returns sqa_arg_integer(), or `otherwise` if the call does not have this argument. */
int64_t sqa_arg_integer_or(struct sqa_call *call, int i, int64_t otherwise);

/*
** Returns true if argument i is a REAL that no 64-bit integer equals, and sets *x to its value.
** Only functions that compare numbers accept such a value. Does not fail the call, and also works
** after a failure.
*/
bool sqa_arg_is_fraction(const struct sqa_call *call, int i, double *x);

/*
** Returns the range of the integers that are in this relation to argument i, an INTEGER or any
** REAL.
*/
struct sqa_range sqa_arg_range(struct sqa_call *call, int i, enum sqa_relation op);

/*
** Returns the position (from 0) of the element that argument i names by its index, in an array of
** `count` elements. Fails if there is none, and returns 0 after a failure.
*/
size_t sqa_arg_index(struct sqa_call *call, int i, size_t count);
/*
** Returns an integer that is at least `least`, which is 0 or 1. `what` describes the argument in
** the message. Returns `least` after a failure.
*/
int64_t sqa_arg_count(struct sqa_call *call, int i, const char *what, int64_t least);

/*
** Returns true if argument i is the word 'desc', false if it is 'asc', and `otherwise` if the
** call does not have this argument.
*/
bool sqa_arg_direction(struct sqa_call *call, int i, bool otherwise);

/*
** Returns a generator of random numbers that is seeded with the integer in argument i. If the
** call does not have this argument, the seed is random.
*/
struct sqa_random sqa_arg_random(struct sqa_call *call, int i);

/* Returns an INTEGER or REAL as a double. */
double sqa_arg_real(struct sqa_call *call, int i);

/*
** Returns TEXT as UTF-8, valid until the SQL function returns, and sets *size to its length in
** bytes. Returns the empty text after a failure.
*/
const char *sqa_arg_text(struct sqa_call *call, int i, size_t *size);

/*
** Returns a BLOB, valid until the SQL function returns. Returns NULL after a failure, and for an
** empty BLOB.
*/
const void *sqa_arg_blob(struct sqa_call *call, int i, size_t *size);

/*
** Returns the number (from 0) of the word in argument i among `words`, which ends with NULL.
** Upper and lower case are the same.
*/
int sqa_arg_word(struct sqa_call *call, int i, const char *const *words);

/*
** Implements the rule for indexes: they begin with 1, and negative ones count from the end.
** Returns true if an array of `count` elements has this index, and sets *at to its position from
** 0.
*/
static inline bool sqa_index(int64_t index, size_t count, size_t *at) {
    const int64_t n = (int64_t)count;
    const int64_t i = index > 0 ? index - 1 : index < 0 && index >= -n ? n + index : -1;
    *at = (size_t)i;
    return i >= 0 && i < n;
}

/*
** Implements the rule for slices: start and stop are indexes, both inclusive. They become
** positions from 1 to count; those outside are moved to the nearest end. The slice goes from
** start to stop, in descending order if `backwards`. Returns false if it has no elements.
*/
bool sqa_slice_ends(int64_t *start, int64_t *stop, bool backwards, size_t count);

/*
** Implements the rule for REAL values: returns true if d is whole and fits 64 bits, and sets *x
** to its value.
*/
static inline bool sqa_whole(double d, int64_t *x) {
    if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0 && d == (double)(int64_t)d))
        return false;
    *x = (int64_t)d;
    return true;
}

/*
** Reads an array outside of a function call, from an argument of a virtual table. The array
** points into value, or into *owned if that is not NULL; then the caller frees *owned with
** sqa_pool_give(). Returns SQA_ARGUMENT if the value is not an array; then message says why, as a
** text to follow "argument 1". Returns SQA_NOMEM or SQA_INTERRUPT without a message.
*/
SQA_MUST_CHECK enum sqa_status sqa_value_array(struct sqa_connection *connection,
                                               sqlite3_value *value, struct sqa_array *array,
                                               void **owned, char *message, size_t message_size);

/*
** sqa_arg_row(), sqa_arg_text() and sqa_arg_word() for a value that is not an argument, such as a
** column value in xUpdate. `what` names it in messages, as in "column path".
*/
struct sqa_array sqa_value_row(struct sqa_call *call, sqlite3_value *value, const char *what);
const char *sqa_value_text(struct sqa_call *call, sqlite3_value *value, const char *what,
                           size_t *size);
int sqa_value_word(struct sqa_call *call, sqlite3_value *value, const char *what,
                   const char *const *words);

/* Returns the name of a value's type, such as "INTEGER". */
const char *sqa_type_name(sqlite3_value *value);

/*
** Writes an INTEGER or a REAL to text and returns text. A REAL gets the fewest digits from which
** it can be read back exactly.
*/
enum { SQA_NUMBER_TEXT = 32 };
const char *sqa_number_text(sqlite3_value *value, char text[SQA_NUMBER_TEXT]);

#endif
