/*
** One call of an SQL function: its arguments in, its result out, its error.
**
** A function's body takes a struct sqa_call and returns a status; what calls it (registry.c) has
** answered NULL for NULL arguments before, and turns a failure into an SQL error that begins with
** the function's name. A body never writes an SQL error itself.
*/
#ifndef SQA_CALL_H
#define SQA_CALL_H

#include "core/status.h"
#include "sql/connection.h"

struct sqa_call {
    sqlite3_context *context;
    struct sqa_connection *connection;
    const char *name; /* of the SQL function */
    int argc;
    sqlite3_value **argv;
    void *
        *narrow; /* NULL, or for each argument its array's canonical blob, or NULL (arguments.c) */
    struct sqa_poll poll;   /* whether sqlite3_interrupt() was called */
    struct sqa_error error; /* the figures of a failure */
    char message[240];      /* the text of SQA_ARGUMENT */
};

typedef enum sqa_status sqa_body_fn(struct sqa_call *call);

/* SQA_INTERRUPT once a poll has stopped some work of the call. */
static inline enum sqa_status sqa_call_status(const struct sqa_call *call) {
    return call->poll.stopped ? SQA_INTERRUPT : SQA_OK;
}

/* Fills call->message and gives SQA_ARGUMENT. The text goes on after "array_name: ". */
SQA_MUST_CHECK enum sqa_status sqa_fail(struct sqa_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How many bytes of a text a message shows by %.*s: not more than most, and whole characters. */
int sqa_excerpt(const char *text, int most);

#endif
