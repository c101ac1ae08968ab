#include "sql/arguments.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
SQLITE_EXTENSION_INIT3

const char *sqa_type_name(sqlite3_value *value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return "INTEGER";
    case SQLITE_FLOAT:
        return "REAL";
    case SQLITE_TEXT:
        return "TEXT";
    case SQLITE_BLOB:
        return "BLOB";
    default:
        return "NULL";
    }
}

const char *sqa_number_text(sqlite3_value *value, char text[SQA_NUMBER_TEXT]) {
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        (void)snprintf(text, SQA_NUMBER_TEXT, "%lld", (long long)sqlite3_value_int64(value));
        return text;
    }
    const double x = sqlite3_value_double(value);
    /* unreached: the end, as the most digits tell every number */
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        (void)snprintf(text, SQA_NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return text;
}

/* Parses a value of type TEXT into a new array blob, *owned, in a buffer of the pool. */
static enum sqa_status parse(struct sqa_connection *connection, sqlite3_value *value,
                             struct sqa_array *array, void **owned, struct sqa_error *error) {
    int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text text = {.text = (const char *)sqlite3_value_text(value), .kept = kept};
    text.size = (size_t)sqlite3_value_bytes(value);
    if (text.text == NULL)
        return SQA_NOMEM;
    struct sqa_poll poll = sqa_poll_of(connection);
    text.poll = &poll;
    enum sqa_status status = sqa_text_scan(&text, error);
    if (status != SQA_OK)
        return status;
    const unsigned width = sqa_sig_width(text.sig);
    unsigned char *blob = sqa_pool_take(connection->pool, sqa_blob_size(text.count, width));
    if (blob == NULL)
        return SQA_NOMEM;
    sqa_blob_header(blob, text.count, width);
    sqa_text_store(connection->kernels, &text, blob + SQA_HEADER, width);
    if (poll.stopped) {
        sqa_pool_give(blob);
        return SQA_INTERRUPT;
    }
    *owned = blob;
    *array = sqa_blob_trusted(blob);
    return SQA_OK;
}

/* Fills message with the reason why a value is not an array. The text is to follow "argument N". */
static void explain(enum sqa_status status, const struct sqa_error *error, char *message,
                    size_t size) {
    char detail[160];
    sqa_status_text(status, error, detail, sizeof detail);
    (void)snprintf(message, size, status == SQA_BAD_CODEC ? ": %s" : " is not an array (%s)",
                   detail);
}

enum sqa_status sqa_value_array(struct sqa_connection *connection, sqlite3_value *value,
                                struct sqa_array *array, void **owned, char *message,
                                size_t message_size) {
    struct sqa_error error = {0, 0};
    enum sqa_status status;
    *owned = NULL;
    switch (sqlite3_value_type(value)) {
    case SQLITE_BLOB: {
        const void *blob = sqlite3_value_blob(value);
        status = sqa_blob_array(blob, (size_t)sqlite3_value_bytes(value), array, &error);
        break;
    }
    case SQLITE_TEXT:
        status = parse(connection, value, array, owned, &error);
        break;
    default:
        (void)snprintf(message, message_size, " is not an array (%s given)", sqa_type_name(value));
        return SQA_ARGUMENT;
    }
    if (status == SQA_OK || status == SQA_NOMEM || status == SQA_INTERRUPT)
        return status;
    explain(status, &error, message, message_size);
    return SQA_ARGUMENT;
}

/*
** The name of argument i in messages. It is made in each call, so it must be cheap for the first
** nine arguments, which does not allow snprintf().
*/
struct argument_name {
    char text[24];
};

static struct argument_name name_argument(int i) {
    struct argument_name name = {"argument 1"};
    if (i < 9)
        name.text[sizeof "argument 1" - 2] = (char)('1' + i);
    else
        (void)snprintf(name.text, sizeof name.text, "argument %d", i + 1);
    return name;
}

/*
** Reads the array in a value. *owned is the buffer of the pool that text was parsed into, or
** NULL.
*/
static struct sqa_array read_array_value(struct sqa_call *call, sqlite3_value *value,
                                         const char *what, void **owned) {
    struct sqa_array array = sqa_array_empty();
    char why[200];
    const enum sqa_status status =
        sqa_value_array(call->connection, value, &array, owned, why, sizeof why);
    if (status == SQA_ARGUMENT)
        sqa_fail(call, "%s%s", what, why);
    sqa_fail_status(call, status, (struct sqa_error){0, 0});
    return array;
}

/* Reads an argument that is not an array blob: text, or an error. */
static struct sqa_array other_array(struct sqa_call *call, int i) {
    const void *parsed = sqlite3_get_auxdata(call->context, i);
    void *owned;
    if (parsed != NULL)
        return sqa_blob_trusted(parsed);
    const struct sqa_array array =
        read_array_value(call, call->argv[i], name_argument(i).text, &owned);
    if (owned == NULL)
        return array;
    /*
    ** If the text is constant, SQLite keeps this for the next row. Otherwise it is freed when the
    ** function returns.
    */
    sqlite3_set_auxdata(call->context, i, owned, sqa_pool_give);
    if (sqlite3_get_auxdata(call->context, i) == owned)
        return array;
    sqa_check_memory(call, NULL); /* SQLite has freed it */
    return sqa_array_empty();
}

/* Copies the array to scratch memory in its narrowest width, unless it has that width already. */
static SQA_NOINLINE void narrow(struct sqa_call *call, struct sqa_array *array) {
    const unsigned width = sqa_whole_width(call, array);
    if (width == array->width)
        return;
    void *copy = sqa_scratch_take(call, array->count, width);
    sqa_whole_copy(call, array, copy, width);
    const struct sqa_view view = {copy, array->count, width};
    *array = sqa_failed(call) ? sqa_array_empty() : sqa_array_of(&view);
}

/* Returns the array in argument i. Called for everything but the common case. */
static SQA_NOINLINE struct sqa_array any_array(struct sqa_call *call, int i) {
    struct sqa_array array;
    struct sqa_error unused;
    if (sqa_failed(call))
        return sqa_array_empty();
    if (sqlite3_value_type(call->argv[i]) != SQLITE_BLOB)
        return other_array(call, i);
    /* the blob must be asked for before its size, because a zeroblob may be expanded */
    const void *blob = sqlite3_value_blob(call->argv[i]);
    const size_t size = (size_t)sqlite3_value_bytes(call->argv[i]);
    if (sqa_blob_array(blob, size, &array, &unused) != SQA_OK)
        return other_array(call, i);
    if (!sqa_array_aligned(&array)) /* it will be read block by block through an aligned copy */
        sqa_pool_stats(call->connection->pool)->copied_bytes +=
            (int64_t)(array.count * array.width);
    if (call->is_narrowing)
        narrow(call, &array);
    return array;
}

/*
** Returns true if argument i, which has this type, is a BLOB that is a plain array with aligned
** elements, and nothing else has to be done. The functions below set their results in one
** assignment each, because copying a structure right after its members were written stalls the
** processor.
*/
static inline bool is_plain(struct sqa_call *call, int i, int type, struct sqa_view *view) {
    if (type != SQLITE_BLOB || call->is_narrowing)
        return false;
    const void *blob = sqlite3_value_blob(call->argv[i]);
    const size_t size = (size_t)sqlite3_value_bytes(call->argv[i]);
    return sqa_blob_is_plain(blob, size, view) && sqa_view_aligned(view);
}

/* The same; false after a failure. */
static inline bool is_plain_argument(struct sqa_call *call, int i, struct sqa_view *view) {
    return !sqa_failed(call) && is_plain(call, i, sqlite3_value_type(call->argv[i]), view);
}

struct sqa_array sqa_arg_array(struct sqa_call *call, int i) {
    struct sqa_view view;
    if (is_plain_argument(call, i, &view))
        return sqa_array_of(&view);
    return any_array(call, i);
}

void sqa_arg_array_to(struct sqa_call *call, int i, struct sqa_array *array) {
    struct sqa_view view;
    if (is_plain_argument(call, i, &view))
        *array = sqa_array_of(&view);
    else
        *array = any_array(call, i);
}

struct sqa_array sqa_value_row(struct sqa_call *call, sqlite3_value *value, const char *what) {
    void *owned;
    if (sqa_failed(call))
        return sqa_array_empty();
    const struct sqa_array array = read_array_value(call, value, what, &owned);
    if (owned != NULL)
        sqa_scratch_adopt(call, owned);
    return array;
}

struct sqa_array sqa_arg_row(struct sqa_call *call, int i) {
    struct sqa_view view;
    if (is_plain_argument(call, i, &view))
        return sqa_array_of(&view);
    return sqa_value_row(call, call->argv[i], name_argument(i).text);
}

void sqa_same_length(struct sqa_call *call, const struct sqa_array *a, const struct sqa_array *b) {
    if (a->count != b->count)
        sqa_fail_status(call, SQA_LENGTHS,
                        (struct sqa_error){(int64_t)a->count, (int64_t)b->count});
}

/* Returns true if a text that is not an array begins like a number. */
static bool is_number(sqlite3_value *value) {
    const char *text =
        (const char *)sqlite3_value_text(value); /* cannot be NULL: the text has been read before */
    text += strspn(text, " \t\r\n");
    text += *text == '-' || *text == '+';
    return *text >= '0' && *text <= '9';
}

/*
** Called after text was found not to be an array. If it looks like a number, adds to the message
** how to convert it.
*/
static void advise_cast(struct sqa_call *call, int i) {
    if (!is_number(call->argv[i]))
        return;
    sqa_call_recover(call);
    sqa_fail(call, "argument %d is not an array or an integer (TEXT given: CAST it to INTEGER)",
             i + 1);
}

void sqa_arg_operand(struct sqa_call *call, int i, struct sqa_operand *operand) {
    struct sqa_view view;
    const int type = sqa_failed(call) ? SQLITE_INTEGER : sqlite3_value_type(call->argv[i]);
    operand->is_scalar = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
    if (operand->is_scalar)
        operand->scalar = sqa_arg_integer(call, i);
    else if (is_plain(call, i, type, &view))
        operand->array = sqa_array_of(&view);
    else
        operand->array = any_array(call, i);
    if (call->status == SQA_ARGUMENT && type == SQLITE_TEXT)
        advise_cast(call, i);
}

void sqa_arg_operands(struct sqa_call *call, struct sqa_operand *first,
                      struct sqa_operand *second) {
    sqa_arg_operand(call, 0, first);
    sqa_arg_operand(call, 1, second);
    if (!sqa_failed(call) && first->is_scalar && second->is_scalar)
        sqa_fail(call, "argument 1 or 2 must be an array (%s and %s given)",
                 sqa_type_name(call->argv[0]), sqa_type_name(call->argv[1]));
}

/*
** Makes the call fail because argument i has the wrong type. Text is never converted implicitly,
** so the message says how to convert it.
*/
static void fail_type(struct sqa_call *call, int i, const char *expected, const char *cast) {
    sqlite3_value *value = call->argv[i];
    const bool is_text = cast != NULL && sqlite3_value_type(value) == SQLITE_TEXT;
    sqa_fail(call, "argument %d is not %s (%s given%s%s)", i + 1, expected, sqa_type_name(value),
             is_text ? ": CAST it to " : "", is_text ? cast : "");
}

int64_t sqa_arg_integer(struct sqa_call *call, int i) {
    int64_t x = 0;
    char text[SQA_NUMBER_TEXT];
    if (sqa_failed(call))
        return 0;
    sqlite3_value *value = call->argv[i];
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER)
        return sqlite3_value_int64(value);
    if (type != SQLITE_FLOAT)
        fail_type(call, i, "an integer", "INTEGER");
    else if (!sqa_whole(sqlite3_value_double(value), &x))
        sqa_fail(call, "argument %d is not an integer (%s given)", i + 1,
                 sqa_number_text(value, text));
    return x;
}

/*
** Converts an index to a position from 1. Indexes before the first element become 0 or less,
** those after the last one count + 1 or more.
*/
static int64_t place_of_index(int64_t index, int64_t count) {
    if (index >= 0)
        return index > count ? count + 1 : index;
    return index < -count ? 0 : count + 1 + index;
}

bool sqa_slice_ends(int64_t *start, int64_t *stop, bool backwards, size_t count) {
    const int64_t n = (int64_t)count;
    int64_t *const low = backwards ? stop : start, *const high = backwards ? start : stop;
    *start = place_of_index(*start, n);
    *stop = place_of_index(*stop, n);
    *low = *low < 1 ? 1 : *low;
    *high = *high > n ? n : *high;
    return *low <= *high;
}

bool sqa_arg_is_fraction(const struct sqa_call *call, int i, double *x) {
    int64_t whole;
    if (sqlite3_value_type(call->argv[i]) != SQLITE_FLOAT)
        return false;
    *x = sqlite3_value_double(call->argv[i]);
    return !sqa_whole(*x, &whole);
}

struct sqa_range sqa_arg_range(struct sqa_call *call, int i, enum sqa_relation op) {
    const int type = sqlite3_value_type(call->argv[i]);
    double x;
    if (sqa_arg_is_fraction(call, i, &x))
        return sqa_range_of_real(op, x);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
        fail_type(call, i, "a number", "NUMERIC");
    return sqa_range_of_integer(op, sqa_arg_integer(call, i));
}

int64_t sqa_arg_integer_or(struct sqa_call *call, int i, int64_t otherwise) {
    return i < call->argc ? sqa_arg_integer(call, i) : otherwise;
}

size_t sqa_arg_index(struct sqa_call *call, int i, size_t count) {
    const int64_t index = sqa_arg_integer(call, i);
    size_t at;
    if (sqa_index(index, count, &at))
        return at;
    if (count == 0)
        sqa_fail(call, "argument %d: index %lld, but the array is empty", i + 1, (long long)index);
    else
        sqa_fail(call, "argument %d: index %lld is outside 1..%lld", i + 1, (long long)index,
                 (long long)count);
    return 0;
}

int64_t sqa_arg_count(struct sqa_call *call, int i, const char *what, int64_t least) {
    const int64_t x = sqa_arg_integer(call, i);
    if (x < least)
        sqa_fail(call, "argument %d, the %s, must be at least %d (%lld given)", i + 1, what,
                 (int)least, (long long)x);
    return x < least ? least : x;
}

bool sqa_arg_direction(struct sqa_call *call, int i, bool otherwise) {
    static const char *const words[] = {"asc", "desc", NULL};
    return i < call->argc ? sqa_arg_word(call, i, words) == 1 : otherwise;
}

struct sqa_random sqa_arg_random(struct sqa_call *call, int i) {
    int64_t seed = 0; /* static analysis does not know that sqlite3_randomness() fills it */
    if (i < call->argc)
        seed = sqa_arg_integer(call, i);
    else
        sqlite3_randomness(sizeof seed, &seed);
    return sqa_random_seeded(seed);
}

double sqa_arg_real(struct sqa_call *call, int i) {
    if (sqa_failed(call))
        return 0.0;
    const int type = sqlite3_value_type(call->argv[i]);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER)
        fail_type(call, i, "a number", "NUMERIC");
    return sqlite3_value_double(call->argv[i]);
}

const char *sqa_value_text(struct sqa_call *call, sqlite3_value *value, const char *what,
                           size_t *size) {
    *size = 0;
    if (!sqa_failed(call) && sqlite3_value_type(value) != SQLITE_TEXT)
        sqa_fail(call, "%s is not text (%s given)", what, sqa_type_name(value));
    if (sqa_failed(call))
        return "";
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL) {
        sqa_fail_status(call, SQA_NOMEM, (struct sqa_error){0, 0});
        return "";
    }
    *size = (size_t)sqlite3_value_bytes(value);
    return text;
}

const char *sqa_arg_text(struct sqa_call *call, int i, size_t *size) {
    return sqa_value_text(call, call->argv[i], name_argument(i).text, size);
}

const void *sqa_arg_blob(struct sqa_call *call, int i, size_t *size) {
    *size = 0;
    if (!sqa_failed(call) && sqlite3_value_type(call->argv[i]) != SQLITE_BLOB)
        fail_type(call, i, "a blob", NULL);
    if (sqa_failed(call))
        return NULL;
    /* must come before sqlite3_value_bytes(), because it may expand a zeroblob */
    const void *blob = sqlite3_value_blob(call->argv[i]);
    *size = (size_t)sqlite3_value_bytes(call->argv[i]);
    return blob;
}

int sqa_value_word(struct sqa_call *call, sqlite3_value *value, const char *what,
                   const char *const *words) {
    size_t size;
    const char *text = sqa_value_text(call, value, what, &size);
    if (sqa_failed(call))
        return 0;
    for (int w = 0; words[w] != NULL; w++) {
        if (strlen(words[w]) == size && sqlite3_strnicmp(words[w], text, (int)size) == 0)
            return w;
    }
    char expected[120] = "";
    for (int w = 0; words[w] != NULL; w++) {
        const size_t used = strlen(expected);
        (void)snprintf(expected + used, sizeof expected - used, "%s'%s'", w > 0 ? ", " : "",
                       words[w]);
    }
    const int shown = sqa_excerpt(text, 40);
    sqa_fail(call, "%s is '%.*s%s', expected %s%s", what, shown, text,
             (size_t)shown < size ? "..." : "", words[1] != NULL ? "one of " : "", expected);
    return 0;
}

int sqa_arg_word(struct sqa_call *call, int i, const char *const *words) {
    return sqa_value_word(call, call->argv[i], name_argument(i).text, words);
}
