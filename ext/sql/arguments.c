#include "sql/arguments.h"

#include <assert.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
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
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        (void)snprintf(text, SQA_NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return text;
}

/* Parses a value of type TEXT into a new buffer from the pool: *owned, an array blob. */
static enum sqa_status parse(struct sqa_connection *connection, sqlite3_value *value,
                             struct sqa_view *view, void **owned, struct sqa_error *error) {
    struct sqa_text text = {.text = (const char *)sqlite3_value_text(value)};
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
    sqa_text_store(&text, blob + SQA_HEADER, width);
    if (poll.stopped) {
        sqa_pool_give(blob);
        return SQA_INTERRUPT;
    }
    *owned = blob;
    *view = (struct sqa_view){blob + SQA_HEADER, text.count, width};
    return SQA_OK;
}

/* Why a value is no array, as a message that begins after "argument N" */
static void explain(enum sqa_status status, const struct sqa_error *error, char *message,
                    size_t size) {
    char detail[160];
    sqa_status_text(status, error, detail, sizeof detail);
    (void)snprintf(message, size, status == SQA_BAD_CODEC ? ": %s" : " is not an array (%s)",
                   detail);
}

enum sqa_status sqa_value_array(struct sqa_connection *connection, sqlite3_value *value,
                                struct sqa_view *view, void **owned, char *message,
                                size_t message_size) {
    struct sqa_error error = {0, 0};
    enum sqa_status status;
    *owned = NULL;
    switch (sqlite3_value_type(value)) {
    case SQLITE_BLOB: {
        const void *blob = sqlite3_value_blob(value);
        status = sqa_blob_view(blob, (size_t)sqlite3_value_bytes(value), view, &error);
        break;
    }
    case SQLITE_TEXT:
        status = parse(connection, value, view, owned, &error);
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

/* An array that is no blob, or a blob that is no array */
static enum sqa_status other_array(struct sqa_call *call, int i, struct sqa_view *view) {
    const void *parsed = sqlite3_get_auxdata(call->context, i);
    if (parsed != NULL) {
        *view = sqa_blob_trusted(parsed);
        return SQA_OK;
    }
    void *owned;
    char why[200];
    const enum sqa_status status =
        sqa_value_array(call->connection, call->argv[i], view, &owned, why, sizeof why);
    if (status == SQA_ARGUMENT)
        return sqa_fail(call, "argument %d%s", i + 1, why);
    if (owned != NULL) {
        /* kept by SQLite for the next row where the text is a constant, else until we return */
        sqlite3_set_auxdata(call->context, i, owned, sqa_pool_give);
        if (sqlite3_get_auxdata(call->context, i) != owned)
            return SQA_NOMEM; /* and SQLite has given it back */
    }
    return status;
}

/* The array in argument i, which is a blob, in elements no wider than needed: borrowed from call->narrow. */
static enum sqa_status narrow(struct sqa_call *call, int i, struct sqa_view *view) {
    if (call->narrow[i] == NULL) { /* unreached: .. no function asks for an array twice */
        uint64_t sig;
        enum sqa_status status = sqa_whole_sig(call, view, &sig);
        const unsigned width = sqa_sig_width(sig);
        if (status != SQA_OK || width == view->width)
            return status;
        unsigned char *blob =
            sqa_pool_take(call->connection->pool, sqa_blob_size(view->count, width));
        if (blob == NULL)
            return SQA_NOMEM;
        call->narrow[i] = blob;
        sqa_blob_header(blob, view->count, width);
        status = sqa_whole_copy(call, view, blob + SQA_HEADER, width);
        if (status != SQA_OK)
            return status;
    }
    *view = sqa_blob_trusted(call->narrow[i]);
    return SQA_OK;
}

/* The argument's type is known: asking for it costs as much as adding up 16 elements. */
static enum sqa_status array_of_type(struct sqa_call *call, int i, int type,
                                     struct sqa_view *view) {
    if (type == SQLITE_BLOB) {
        const void *blob = sqlite3_value_blob(call->argv[i]); /* first: it may expand a zeroblob */
        const size_t size = (size_t)sqlite3_value_bytes(call->argv[i]);
        struct sqa_error error;
        if (sqa_blob_view(blob, size, view, &error) == SQA_OK) {
            if (!sqa_view_aligned(view)) /* it will be read through a copy, block by block */
                sqa_pool_stats(call->connection->pool)->copied_bytes +=
                    (int64_t)(view->count * view->width);
            return call->narrow == NULL ? SQA_OK : narrow(call, i, view);
        }
    }
    return other_array(call, i, view);
}

enum sqa_status sqa_arg_array(struct sqa_call *call, int i, struct sqa_view *view) {
    return array_of_type(call, i, sqlite3_value_type(call->argv[i]), view);
}

enum sqa_status sqa_arg_arrays(struct sqa_call *call, struct sqa_view views[2]) {
    const enum sqa_status status = sqa_arg_array(call, 0, &views[0]);
    return status == SQA_OK ? sqa_arg_array(call, 1, &views[1]) : status;
}

enum sqa_status sqa_same_length(struct sqa_call *call, const struct sqa_view views[2]) {
    call->error = (struct sqa_error){(int64_t)views[0].count, (int64_t)views[1].count};
    return views[0].count == views[1].count ? SQA_OK : SQA_LENGTHS;
}

/* Does a text that has been parsed begin as a number does? */
static bool is_number(sqlite3_value *value) {
    const char *text =
        (const char *)sqlite3_value_text(value); /* there is one, it has been read before */
    text += strspn(text, " \t\r\n");
    text += *text == '-' || *text == '+';
    return *text >= '0' && *text <= '9';
}

enum sqa_status sqa_arg_operand(struct sqa_call *call, int i, struct sqa_operand *operand) {
    const int type = sqlite3_value_type(call->argv[i]);
    operand->is_scalar = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
    if (type == SQLITE_INTEGER) {
        operand->scalar = sqlite3_value_int64(call->argv[i]);
        return SQA_OK;
    }
    if (operand->is_scalar)
        return sqa_arg_integer(call, i, &operand->scalar);
    const enum sqa_status status = array_of_type(call, i, type, &operand->view);
    if (status == SQA_ARGUMENT && type == SQLITE_TEXT && is_number(call->argv[i]))
        return sqa_fail(
            call, "argument %d is not an array or an integer (TEXT given: CAST it to INTEGER)",
            i + 1);
    return status;
}

enum sqa_status sqa_arg_operands(struct sqa_call *call, struct sqa_operand operands[2]) {
    enum sqa_status status = sqa_arg_operand(call, 0, &operands[0]);
    if (status == SQA_OK)
        status = sqa_arg_operand(call, 1, &operands[1]);
    if (status == SQA_OK && operands[0].is_scalar && operands[1].is_scalar)
        return sqa_fail(call, "argument 1 or 2 must be an array (%s and %s given)",
                        sqa_type_name(call->argv[0]), sqa_type_name(call->argv[1]));
    return status;
}

/* Argument i is not of a type that would do. Text is never converted, so that it is told how to convert it. */
static enum sqa_status fail_type(struct sqa_call *call, int i, const char *expected,
                                 const char *cast) {
    sqlite3_value *value = call->argv[i];
    const bool is_text = sqlite3_value_type(value) == SQLITE_TEXT;
    return sqa_fail(call, "argument %d is not %s (%s given%s%s)", i + 1, expected,
                    sqa_type_name(value), is_text ? ": CAST it to " : "", is_text ? cast : "");
}

enum sqa_status sqa_arg_integer(struct sqa_call *call, int i, int64_t *x) {
    sqlite3_value *value = call->argv[i];
    char text[SQA_NUMBER_TEXT];
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        *x = sqlite3_value_int64(value);
        return SQA_OK;
    case SQLITE_FLOAT: {
        const double d = sqlite3_value_double(value);
        if (sqa_whole(d, x))
            return SQA_OK;
        return sqa_fail(call, "argument %d is not an integer (%s given)", i + 1,
                        sqa_number_text(value, text));
    }
    default:
        return fail_type(call, i, "an integer", "INTEGER");
    }
}

bool sqa_arg_is_fraction(struct sqa_call *call, int i, double *x) {
    int64_t whole;
    if (sqlite3_value_type(call->argv[i]) != SQLITE_FLOAT)
        return false;
    *x = sqlite3_value_double(call->argv[i]);
    return !sqa_whole(*x, &whole);
}

enum sqa_status sqa_arg_range(struct sqa_call *call, int i, enum sqa_relation op,
                              struct sqa_range *range) {
    int64_t whole;
    double x;
    if (sqa_arg_is_fraction(call, i, &x)) {
        *range = sqa_range_of_real(op, x);
        return SQA_OK;
    }
    const int type = sqlite3_value_type(call->argv[i]);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
        return fail_type(call, i, "a number", "NUMERIC");
    const enum sqa_status status = sqa_arg_integer(call, i, &whole);
    if (status == SQA_OK)
        *range = sqa_range_of_integer(op, whole);
    return status;
}

enum sqa_status sqa_arg_count(struct sqa_call *call, int i, const char *what, int64_t least,
                              int64_t *x) {
    const enum sqa_status status = sqa_arg_integer(call, i, x);
    if (status == SQA_OK && *x < least)
        return sqa_fail(call, "argument %d, the %s, must be at least %d (%lld given)", i + 1, what,
                        (int)least, (long long)*x);
    return status;
}

enum sqa_status sqa_arg_direction(struct sqa_call *call, int i, bool *descending) {
    static const char *const words[] = {"asc", "desc", NULL};
    int which;
    if (call->argc <= i)
        return SQA_OK;
    const enum sqa_status status = sqa_arg_word(call, i, words, &which);
    *descending = status == SQA_OK && which == 1;
    return status;
}

enum sqa_status sqa_arg_random(struct sqa_call *call, int i, struct sqa_random *random) {
    int64_t seed = 0;
    enum sqa_status status = SQA_OK;
    if (i < call->argc)
        status = sqa_arg_integer(call, i, &seed);
    else
        sqlite3_randomness(sizeof seed, &seed);
    *random = sqa_random_seeded(seed);
    return status;
}

enum sqa_status sqa_arg_real(struct sqa_call *call, int i, double *x) {
    sqlite3_value *value = call->argv[i];
    const int type = sqlite3_value_type(value);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER)
        return fail_type(call, i, "a number", "NUMERIC");
    *x = sqlite3_value_double(value);
    return SQA_OK;
}

enum sqa_status sqa_value_text(struct sqa_call *call, sqlite3_value *value, const char *what,
                               const char **text, size_t *size) {
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return sqa_fail(call, "%s is not text (%s given)", what, sqa_type_name(value));
    *text = (const char *)sqlite3_value_text(value);
    *size = (size_t)sqlite3_value_bytes(value);
    return *text == NULL ? SQA_NOMEM : SQA_OK;
}

/* How messages name argument i, below 9: made anew for each call, so it must cost next to nothing. */
struct argument_name {
    char text[12];
};

static struct argument_name name_argument(int i) {
    struct argument_name name = {"argument 1"};
    assert(i < 9);
    name.text[sizeof "argument 1" - 2] = (char)('1' + i);
    return name;
}

enum sqa_status sqa_arg_text(struct sqa_call *call, int i, const char **text, size_t *size) {
    return sqa_value_text(call, call->argv[i], name_argument(i).text, text, size);
}

enum sqa_status sqa_value_word(struct sqa_call *call, sqlite3_value *value, const char *what,
                               const char *const *words, int *which) {
    const char *text;
    size_t size;
    const enum sqa_status status = sqa_value_text(call, value, what, &text, &size);
    if (status != SQA_OK)
        return status;
    for (*which = 0; words[*which] != NULL; ++*which) {
        if (strlen(words[*which]) == size && sqlite3_strnicmp(words[*which], text, (int)size) == 0)
            return SQA_OK;
    }
    char expected[120] = "";
    for (int w = 0; words[w] != NULL; w++) {
        const size_t used = strlen(expected);
        (void)snprintf(expected + used, sizeof expected - used, "%s'%s'", w > 0 ? ", " : "",
                       words[w]);
    }
    const int shown = sqa_excerpt(text, 40);
    return sqa_fail(call, "%s is '%.*s%s', expected %s%s", what, shown, text,
                    (size_t)shown < size ? "..." : "", words[1] != NULL ? "one of " : "", expected);
}

enum sqa_status sqa_arg_word(struct sqa_call *call, int i, const char *const *words, int *which) {
    return sqa_value_word(call, call->argv[i], name_argument(i).text, words, which);
}
