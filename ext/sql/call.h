/*
** One call of an SQL function: its arguments, its result and its error.
**
** The body of a function gets a struct sqa_call. NULL arguments are answered with NULL before the
** body is called. After it returns, a failure becomes an SQL error that begins with the
** function's name. A body never reports an SQL error itself.
**
** The first failure is stored in the call and stops the call's poll. From then on every function
** that takes a struct sqa_call does nothing, functions that read arguments return harmless values
** (0, the empty array), and loops that use the poll end. So a body can read its arguments, do its
** work and set its result without testing for errors. Only before it passes memory to a kernel it
** has to check sqa_failed(), because the memory may be missing after a failure.
*/
#ifndef SQA_CALL_H
#define SQA_CALL_H

#include "core/status.h"
#include "sql/connection.h"

struct sqa_call {
    sqlite3_context *context;
    struct sqa_connection *connection;
    const char *name; /* name of the SQL function */
    int argc;
    sqlite3_value **argv;
    /* If true, array arguments are converted to their narrowest width. */
    bool is_narrowing;
    void *scratch;          /* memory that is freed when the call ends: see sql/scratch.h */
    enum sqa_status status; /* the first failure, or SQA_OK */
    /* values for the message; for SQA_ARGUMENT, a is an SQLite result code, 0 for SQLITE_ERROR */
    struct sqa_error error;
    struct sqa_poll poll; /* stops after sqlite3_interrupt() and after a failure */
    char message[240];    /* the message of SQA_ARGUMENT */
};

typedef void sqa_body_fn(struct sqa_call *call);

/*
** Marks functions that are rarely needed. Inlining them would slow down the functions that are
** called for each row.
*/
#define SQA_NOINLINE __attribute__((noinline))

/*
** Initializes a call without arguments and context. The caller must end it with sqa_call_end() of
** sql/scratch.h. It is inline because the time is noticeable for arrays of 16 elements. It sets
** the members one by one because an initializer would also clear the message.
*/
static inline void sqa_call_begin(struct sqa_call *call, struct sqa_connection *connection,
                                  const char *name) {
    call->context = NULL;
    call->connection = connection;
    call->name = name;
    call->argc = 0;
    call->argv = NULL;
    call->is_narrowing = false;
    call->scratch = NULL;
    call->status = SQA_OK;
    call->poll = sqa_poll_of(connection);
}
/* Reports the failure of the call as SQL error if there is a context. */
void sqa_call_result_error(struct sqa_call *call);

/* Returns true if the call has failed or was interrupted. */
static inline bool sqa_failed(const struct sqa_call *call) {
    return call->poll.stopped;
}

/* Returns the first failure, or SQA_INTERRUPT if a poll has stopped the work. */
static inline enum sqa_status sqa_call_status(const struct sqa_call *call) {
    return call->status == SQA_OK && call->poll.stopped ? SQA_INTERRUPT : call->status;
}

/* Makes the call fail with this status. Does nothing for SQA_OK and after an earlier failure. */
void sqa_fail_status(struct sqa_call *call, enum sqa_status status, struct sqa_error error);
/* Makes the call fail with SQA_ARGUMENT. The message follows "array_name: ". */
void sqa_fail(struct sqa_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Makes the call fail with SQA_NOMEM if the allocated memory is NULL. */
static inline void sqa_check_memory(struct sqa_call *call, const void *allocated) {
    if (allocated == NULL)
        sqa_fail_status(call, SQA_NOMEM, (struct sqa_error){0, 0});
}
/* Clears the failure. For callers that have another way to compute the result. */
void sqa_call_recover(struct sqa_call *call);

/* Fills text with the message for the user. The failure must not be SQA_NOMEM. */
enum { SQA_CALL_TEXT = 320 };
void sqa_call_text(const struct sqa_call *call, char text[SQA_CALL_TEXT]);

/*
** Returns how many bytes of a text a message shows with %.*s: whole characters, at most `most`
** bytes.
*/
int sqa_excerpt(const char *text, int most);

#endif
