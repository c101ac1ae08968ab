#include "sql/registry.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/sqlite_api.h"
#include "kernel/dispatch.h"

SQLITE_EXTENSION_INIT3

/* Flags of newer versions of SQLite. Older versions ignore them. */
#ifndef SQLITE_RESULT_SUBTYPE
#define SQLITE_RESULT_SUBTYPE 0x001000000 /* added in SQLite 3.45 */
#endif

/* A function that is registered with a connection. This is SQLite's user data. */
struct binding {
    struct sqa_connection *connection;
    const struct sqa_function *function;
};

/* A connection and the bindings of all functions in its list, in one allocation. */
struct registration {
    struct sqa_connection connection;
    struct binding bindings[];
};

static void release_connection(struct sqa_connection *connection) {
    if (--connection->holds > 0)
        return;
    struct sqa_pool *pool = connection->pool;
    sqa_object_free(connection); /* the connection is the first member of its registration */
    /* must be the last step, because it also releases SQLite's routines */
    sqa_pool_release(pool);
}

static void release_binding(void *binding) {
    release_connection(((struct binding *)binding)->connection);
}

static void release_module(void *connection) {
    release_connection(connection);
}

static void begin_call(struct sqa_call *call, sqlite3_context *context,
                       const struct binding *binding, int argc, sqlite3_value **argv) {
    sqa_call_begin(call, binding->connection, binding->function->name);
    call->context = context;
    call->argc = argc;
    call->argv = argv;
}

static bool has_null(int argc, sqlite3_value **argv) {
    for (int i = 0; i < argc; i++) {
        if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
            return true;
    }
    return false;
}

/*
** Runs the body. If the result was too big, runs it again with narrowed arguments, so that the
** size limit does not depend on how the caller stored them.
*/
static void run_body(const struct sqa_function *function, struct sqa_call *call) {
    function->body(call);
    if (call->status == SQA_TOOBIG) {
        sqa_scratch_give_all(call);
        sqa_call_recover(call);
        call->is_narrowing = true;
        function->body(call);
    }
}

/*
** Implements every scalar function: the result is NULL if an argument is NULL, otherwise the body
** runs.
*/
static void call_scalar(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct sqa_function *function = binding->function;
    const int least = function->least;
    struct sqa_call call;
    begin_call(&call, context, binding, argc, argv);
    /* SQLite checks the number of arguments unless the function allows any number */
    if (argc < least)
        sqa_fail(&call, "at least %d argument%s expected, %d given", least, least == 1 ? "" : "s",
                 argc);
    else if (!has_null(function->elements_from > 0 ? function->elements_from - 1 : argc, argv))
        run_body(function, &call);
    sqa_call_end(&call);
}

/*
** The state of every aggregate, which SQLite allocates and zeroes; it does not exist if there are
** no rows. This comes before the aggregate's own state. It records a failure, because SQLite asks
** for the value even after one.
*/
struct accumulation {
    _Alignas(8) bool has_failed;
};

static void *state_of(struct accumulation *accumulation) {
    return accumulation + 1;
}

static void call_step(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct sqa_aggregate *aggregate = binding->function->aggregate;
    struct sqa_call call;
    if (has_null(argc, argv))
        return;
    begin_call(&call, context, binding, argc, argv);
    struct accumulation *accumulation =
        sqlite3_aggregate_context(context, (int)(sizeof *accumulation + aggregate->state_size));
    if (accumulation == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    aggregate->step(&call, state_of(accumulation));
    accumulation->has_failed |= sqa_failed(&call);
    sqa_call_end(&call);
}

static void call_inverse(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct sqa_aggregate *aggregate = binding->function->aggregate;
    struct sqa_call call;
    struct accumulation *accumulation = sqlite3_aggregate_context(context, 0);
    if (accumulation == NULL || has_null(argc, argv))
        return;
    begin_call(&call, context, binding, argc, argv);
    aggregate->inverse(&call, state_of(accumulation));
    accumulation->has_failed |= sqa_failed(&call);
    sqa_call_end(&call);
}

static void give_value(sqlite3_context *context, struct accumulation *accumulation, bool last) {
    const struct binding *binding = sqlite3_user_data(context);
    const struct sqa_aggregate *aggregate = binding->function->aggregate;
    struct sqa_call call;
    begin_call(&call, context, binding, 0, NULL);
    if (accumulation == NULL) {
        sqa_result_empty(&call);
    } else if (!accumulation->has_failed) {
        aggregate->value(&call, state_of(accumulation), last);
        accumulation->has_failed = sqa_failed(&call);
    }
    sqa_call_end(&call);
    if (accumulation != NULL && last)
        aggregate->clear(state_of(accumulation));
}

static void call_value(sqlite3_context *context) {
    give_value(context, sqlite3_aggregate_context(context, 0), false);
}

static void call_final(sqlite3_context *context) {
    give_value(context, sqlite3_aggregate_context(context, 0), true);
}

/* Returns SQLite's flags for a scalar function that is called with argc arguments. */
static int flags_of(const struct sqa_function *function, int argc) {
    switch (function->flags) { /* unreached: no other value */
    case SQA_PURE:
        return SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    case SQA_JSON:
        return SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS | SQLITE_SUBTYPE | SQLITE_RESULT_SUBTYPE;
    case SQA_SEEDED:
        return SQLITE_INNOCUOUS | (argc == function->most ? SQLITE_DETERMINISTIC : 0);
    case SQA_DIRECT:
        break;
    }
    return SQLITE_DIRECTONLY;
}

static int register_scalar(struct binding *binding) {
    const struct sqa_function *function = binding->function;
    struct sqa_connection *connection = binding->connection;
    const int least = function->most < 0 ? -1 : function->least;
    int rc = SQLITE_OK;
    for (int argc = least; argc <= function->most && rc == SQLITE_OK; argc++) {
        connection->holds++; /* SQLite calls the destructor even if this fails */
        rc = sqlite3_create_function_v2(connection->db, function->name, argc,
                                        SQLITE_UTF8 | flags_of(function, argc), binding,
                                        call_scalar, NULL, NULL, release_binding);
    }
    return rc;
}

static int register_aggregate(struct binding *binding) {
    const struct sqa_function *function = binding->function;
    struct sqa_connection *connection = binding->connection;
    int rc = SQLITE_OK;
    /* unreached: a failure before the last, as each has one number of arguments */
    for (int argc = function->least; argc <= function->most && rc == SQLITE_OK; argc++) {
        connection->holds++;
        rc = sqlite3_create_window_function(
            connection->db, function->name, argc, SQLITE_UTF8 | flags_of(function, argc), binding,
            call_step, call_final, call_value, call_inverse, release_binding);
    }
    return rc;
}

bool sqa_registered_function(struct sqa_connection *connection, const char *name,
                             void (**call)(sqlite3_context *, int, sqlite3_value **),
                             void **user_data) {
    /* the connection is its first member */
    struct registration *registration = (struct registration *)connection;
    /* unreached: the end, as the name is one of the list */
    for (size_t i = 0; i < connection->list->count; i++) {
        const struct sqa_function *function = &connection->list->functions[i];
        if (function->kind == SQA_KIND_SCALAR && sqlite3_stricmp(function->name, name) == 0) {
            *call = call_scalar;
            *user_data = &registration->bindings[i];
            return true;
        }
    }
    return false;
}

static int register_one(struct binding *binding) {
    const struct sqa_function *function = binding->function;
    struct sqa_connection *connection = binding->connection;
    switch (function->kind) { /* unreached: no other value */
    case SQA_KIND_FAMILY:
        break;
    case SQA_KIND_SCALAR:
        return register_scalar(binding);
    case SQA_KIND_AGGREGATE:
        return register_aggregate(binding);
    case SQA_KIND_TABLE:
    case SQA_KIND_VIRTUAL_TABLE:
        connection->holds++;
        return sqlite3_create_module_v2(connection->db, function->name, function->module,
                                        connection, release_module);
    }
    return SQLITE_OK;
}

/*
** The function or module that is registered in this turn, first all functions, then all modules;
** NULL: nothing is. SQLite does not replace functions while statements run that may use them. So
** where the library is loaded again meanwhile, the first turn fails, and all stays as it was.
*/
static const struct sqa_function *function_of_turn(const struct sqa_list *list, size_t turn) {
    const struct sqa_function *function = &list->functions[turn % list->count];
    const bool is_turn = (function->module != NULL) == (turn >= list->count);
    return is_turn && function->kind != SQA_KIND_FAMILY ? function : NULL;
}

/*
** SQLite unloads the library if its initialization fails, but keeps the functions that were
** already registered. They have to be removed, or they would point to unmapped memory.
*/
static void unregister_one(sqlite3 *db, const struct sqa_function *function) {
    if (function->module != NULL) {
        (void)sqlite3_create_module_v2(db, function->name, NULL, NULL, NULL);
        return;
    }
    for (int argc = function->most < 0 ? -1 : function->least; argc <= function->most; argc++)
        (void)sqlite3_create_function_v2(db, function->name, argc, SQLITE_UTF8, NULL, NULL, NULL,
                                         NULL, NULL);
}

/* Registers all functions and modules, or none. */
static int register_all(struct registration *registration) {
    const struct sqa_list *list = registration->connection.list;
    size_t turns = 0;
    int rc = SQLITE_OK;
    while (turns < 2 * list->count && rc == SQLITE_OK) {
        const struct sqa_function *function = function_of_turn(list, turns++);
        if (function != NULL) {
            struct binding *binding = &registration->bindings[function - list->functions];
            *binding = (struct binding){&registration->connection, function};
            rc = register_one(binding);
        }
    }
    for (size_t turn = 0; turn < turns && rc != SQLITE_OK; turn++) {
        const struct sqa_function *function = function_of_turn(list, turn);
        if (function != NULL)
            unregister_one(registration->connection.db, function);
    }
    return rc;
}

int sqa_register(sqlite3 *db, const struct sqa_list *list, const sqlite3_api_routines *api,
                 char **error_message) {
    int rc = sqa_api_hold(api, error_message);
    if (rc != SQLITE_OK)
        return rc;
    struct registration *registration =
        sqa_object_new(sizeof *registration + list->count * sizeof registration->bindings[0]);
    struct sqa_pool *pool = registration == NULL ? NULL : sqa_pool_new(sqa_api_release);
    if (pool == NULL) {
        sqa_object_free(registration);
        sqa_api_release();
        return SQLITE_NOMEM;
    }
    struct sqa_connection *connection = &registration->connection;
    connection->pool = pool;
    connection->db = db;
    connection->list = list;
    connection->kernels = sqa_kernels_choose(getenv("SQLITE_ARRAY_ISA"));
    connection->result_bytes = INT32_MAX;
    connection->is_interrupted = sqa_api_is_interrupted();
    connection->holds = 1; /* held by this function until everything is registered */
    rc = register_all(registration);
    if (rc == SQLITE_BUSY)
        *error_message = sqa_message("sqlite-array is loaded already, and cannot be loaded again "
                                     "while a statement runs");
    release_connection(connection);
    return rc;
}

int sqa_register_always(sqlite3 *db, const struct sqa_list *list, sqa_entry_fn *entry,
                        const sqlite3_api_routines *api, char **error_message) {
    /* kept until the process ends if everything succeeds */
    int rc = sqa_api_hold(api, error_message);
    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_auto_extension((void (*)(void))entry);
    if (rc == SQLITE_OK) {
        rc = sqa_register(db, list, api, error_message);
        if (rc == SQLITE_BUSY) { /* this connection has them */
            sqa_object_free(*error_message);
            *error_message = NULL;
            rc = SQLITE_OK;
        }
        if (rc == SQLITE_OK)
            return SQLITE_OK_LOAD_PERMANENTLY;
        (void)sqlite3_cancel_auto_extension((void (*)(void))entry);
    }
    sqa_api_release();
    return rc;
}
