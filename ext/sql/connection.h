/* What one database connection needs; the functions and tables get it as their user data. */
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
    const struct sqa_list *list; /* of the functions registered */
    struct sqa_pool *pool;
    const struct sqa_kernels *kernels;
    int (*is_interrupted)(sqlite3 *);    /* SQLite 3.41; NULL where the host has none */
    int64_t holds;                       /* registered functions and tables that point here */
    int64_t chunks_read, chunks_skipped; /* of array_store tables, for array_memory */
    struct sqa_memory *memories; /* what virtual tables keep in memory, see vtab/transaction.h */
};

/* True if sqlite3_interrupt() was called and the host can tell (SQLite 3.41). */
static inline bool sqa_interrupted(const struct sqa_connection *connection) {
    return connection->is_interrupted != NULL && connection->is_interrupted(connection->db);
}

/* The same for a poll, whose context is the connection */
bool sqa_ask_connection(void *connection);

/* The poll of a call, which asks just that. Borrows the connection. Here because it is made for each row. */
static inline struct sqa_poll sqa_poll_of(struct sqa_connection *connection) {
    return (struct sqa_poll){connection->is_interrupted != NULL ? sqa_ask_connection : NULL,
                             connection, false};
}

/* The most bytes a result may have: the lower of SQLITE_LIMIT_LENGTH and result_bytes. */
uint64_t sqa_result_limit(const struct sqa_connection *connection);

#endif
