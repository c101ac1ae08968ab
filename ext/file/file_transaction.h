/*
** The files that a transaction writes through the table array_file: a struct sqa_output for each
** path, and marks, which record the states that ROLLBACK TO can return to. All of them are put in
** place at the end of the transaction.
**
** A transaction needs one file descriptor for each path, and memory for one buffer, which belongs
** to the file written last.
*/
#ifndef SQA_FILE_TRANSACTION_H
#define SQA_FILE_TRANSACTION_H

#include "file/output.h"

/* A zeroed struct is one without a transaction. */
struct sqa_file_transaction {
    bool is_open;
    bool is_published;              /* true if the files are in place */
    int older;                      /* savepoints with lower numbers began before the transaction */
    struct sqa_pending_file *files; /* list of files, the last added first */
    struct sqa_pending_file *current; /* the file written last, or NULL */
    struct sqa_file_mark *marks;      /* list of marks, that of the innermost savepoint first */
    size_t count;                     /* number of files */
};

/* The columns of an inserted row. All pointers are borrowed. */
struct sqa_file_row {
    const char *path;
    int dtype; /* SQA_NO_DTYPE means the type of the rows before, or int64 if there are none */
    struct sqa_array array;
};

/* Implements xBegin: begins a transaction. */
void sqa_file_transaction_begin(struct sqa_file_transaction *t);

/*
** Appends a row to the file of its path and returns how many elements the file had before. After
** a failure the row has not been added.
*/
uint64_t sqa_file_transaction_add(struct sqa_file_transaction *t, struct sqa_call *call,
                                  const struct sqa_file_row *row);

/*
** Implement xSavepoint, xRelease and xRollbackTo with SQLite's number of the savepoint. mark()
** returns false if there is no memory.
*/
bool sqa_file_transaction_mark(struct sqa_file_transaction *t, int level);
void sqa_file_transaction_release(struct sqa_file_transaction *t, int level);
void sqa_file_transaction_rewind(struct sqa_file_transaction *t, int level);

/*
** Implements xSync: completes all files, writes them to disk, and then renames them in the order
** in which they were added. If it fails before the first renaming, all old files are unchanged.
** SQLite rolls back after a failure, so only sqa_file_transaction_end() may be called after one.
*/
void sqa_file_transaction_publish(struct sqa_file_transaction *t, struct sqa_call *call);

/* Implements xCommit and xRollback: frees everything and removes files that are not in place. */
void sqa_file_transaction_end(struct sqa_file_transaction *t);

#endif
