/*
** One call of an SQL function: its arguments in, its result out, its error.
**
** A function's body takes a struct sqa_call. Before it, NULL was answered for NULL arguments; after it, a failure
** becomes an SQL error that begins with the function's name. A body never writes an SQL error itself.
**
** The first failure stays in the call, and stops the call's poll. From then on everything that takes a
** struct sqa_call does nothing, readers of arguments give harmless values (0, the empty array), and loops that
** go by the poll end. So a body reads as arguments, work, result. It only has to ask sqa_failed() before it
** hands memory to a kernel itself: after a failure there may be none.
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
    /* Arrays among the arguments are read as no wider than their elements need. */
    bool is_narrowing;
    void *scratch;          /* the memory of the call: see sql/scratch.h */
    enum sqa_status status; /* the first failure */
    struct sqa_error
        error; /* its figures; of SQA_ARGUMENT a is SQLite's result code, or 0 for SQLITE_ERROR */
    struct sqa_poll poll; /* stopped by sqlite3_interrupt(), or by a failure */
    char message[240];    /* the text of SQA_ARGUMENT */
};

typedef void sqa_body_fn(struct sqa_call *call);

/* For what is seldom done by a function that is called for each row: inlined it would cost each of them. */
#define SQA_NOINLINE __attribute__((noinline))

/*
** Fills a call, without arguments and a context. sqa_call_end() of sql/scratch.h has to follow. It is inline because
** it is felt in a call for 16 elements, and it is no initialiser because that would clear the message, too.
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
/* Writes the SQL error of a call that has failed, if there is a context. */
void sqa_call_result_error(struct sqa_call *call);

/* True after a failure of the call, and when it was interrupted. */
static inline bool sqa_failed(const struct sqa_call *call) {
    return call->poll.stopped;
}

/* The first failure; SQA_INTERRUPT if it was a poll that stopped the work. */
static inline enum sqa_status sqa_call_status(const struct sqa_call *call) {
    return call->status == SQA_OK && call->poll.stopped ? SQA_INTERRUPT : call->status;
}

/* The call fails with this status. SQA_OK, and what comes after a failure, change nothing. */
void sqa_fail_status(struct sqa_call *call, enum sqa_status status, struct sqa_error error);
/* The call fails with SQA_ARGUMENT. The text goes on after "array_name: ". */
void sqa_fail(struct sqa_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The call fails with SQA_NOMEM if what was allocated is NULL. */
static inline void sqa_check_memory(struct sqa_call *call, const void *allocated) {
    if (allocated == NULL)
        sqa_fail_status(call, SQA_NOMEM, (struct sqa_error){0, 0});
}
/* The call has not failed, after all: whoever says so has another way to its result. */
void sqa_call_recover(struct sqa_call *call);

/* Fills text with what a user reads of the failure, which is not SQA_NOMEM. */
enum { SQA_CALL_TEXT = 320 };
void sqa_call_text(const struct sqa_call *call, char text[SQA_CALL_TEXT]);

/* How many bytes of a text a message shows by %.*s: not more than most, and whole characters. */
int sqa_excerpt(const char *text, int most);

#endif
