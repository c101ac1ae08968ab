/* The state of one database connection, which functions and tables get as their user data. */
#ifndef SQA_CONNECTION_H
#define SQA_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/kernels.h"
#include "memory/pool.h"
#include "sqlite3ext.h"

struct sqa_list;
struct sqa_memory;

struct sqa_connection {
    sqlite3 *db;
    const struct sqa_list *list; /* the functions that are registered */
    struct sqa_pool *pool;
    const struct sqa_kernels *kernels;
    /* upper limit of the size of a result, in addition to SQLite's own limit */
    int64_t result_bytes;
    int (*is_interrupted)(sqlite3 *); /* SQLite 3.41; NULL if SQLite is older */
    /* number of registered functions and tables that use this */
    int64_t holds;
    /* number of sets made from arguments, see functions/sets.c */
    unsigned sets_made;
    int64_t chunks_read, chunks_skipped; /* counters of array_store tables, shown by array_memory */
    struct sqa_memory *memories; /* unwritten changes of virtual tables, see vtab/transaction.h */
};

/* Returns true if sqlite3_interrupt() was called. Always false if SQLite is older than 3.41. */
static inline bool sqa_interrupted(const struct sqa_connection *connection) {
    return connection->is_interrupted != NULL && connection->is_interrupted(connection->db);
}

/* Calls sqa_interrupted(). A callback for a poll whose context is the connection. */
bool sqa_ask_connection(void *connection);

/*
** Returns a poll that asks whether the connection was interrupted. The poll points to the
** connection. Inline because one is made for each row.
*/
static inline struct sqa_poll sqa_poll_of(struct sqa_connection *connection) {
    return (struct sqa_poll){connection->is_interrupted != NULL ? sqa_ask_connection : NULL,
                             connection, false};
}

/*
** Returns the largest size of a result in bytes: the lower of SQLITE_LIMIT_LENGTH and
** result_bytes.
*/
uint64_t sqa_result_limit(const struct sqa_connection *connection);

#endif
