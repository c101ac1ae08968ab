/*
** The files that a transaction writes through the table array_file: a struct sqa_output for each path, and marks, the
** states to which ROLLBACK TO can go back. All of them become files at the end of the transaction.
**
** A transaction holds a descriptor for each path, and memory for one buffer: it belongs to the file written last.
*/
#ifndef SQA_FILE_TRANSACTION_H
#define SQA_FILE_TRANSACTION_H

#include "file/output.h"

/* All zero: no transaction. */
struct sqa_file_transaction {
    bool is_open;
    bool is_published; /* the files are in place */
    int older;         /* savepoints numbered below this began before the transaction */
    struct sqa_pending_file *files;   /* the one named last is first */
    struct sqa_pending_file *current; /* the one written last, or NULL */
    struct sqa_file_mark *marks;      /* that of the innermost savepoint is first */
    size_t count;                     /* files */
};

/* What a row says. Borrowed. */
struct sqa_file_row {
    const char *path;
    int dtype; /* or SQA_NO_DTYPE: that of the rows before, int64 where there are none */
    struct sqa_array array;
};

/* xBegin, before the first row */
void sqa_file_transaction_begin(struct sqa_file_transaction *t);

/* Writes a row behind those of its path; how many elements stand before it. After a failure the row is not there. */
uint64_t sqa_file_transaction_add(struct sqa_file_transaction *t, struct sqa_call *call,
                                  const struct sqa_file_row *row);

/* xSavepoint, xRelease, xRollbackTo, with SQLite's number of the savepoint. mark() is false without memory. */
bool sqa_file_transaction_mark(struct sqa_file_transaction *t, int level);
void sqa_file_transaction_release(struct sqa_file_transaction *t, int level);
void sqa_file_transaction_rewind(struct sqa_file_transaction *t, int level);

/*
** xSync: completes all files, writes them through to the disk, and only then renames them, in the order in which they
** were named. A failure before the first renaming leaves all old files. SQLite rolls back after a failure, so nothing but
** sqa_file_transaction_end() may follow one.
*/
void sqa_file_transaction_publish(struct sqa_file_transaction *t, struct sqa_call *call);

/* xCommit and xRollback: lets go of everything; what is not in place is removed. */
void sqa_file_transaction_end(struct sqa_file_transaction *t);

#endif
