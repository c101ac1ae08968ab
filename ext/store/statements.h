/*
** The kept statements for the shadow tables, and whether these are the tables that this library makes.
*/
#ifndef SQA_STATEMENTS_H
#define SQA_STATEMENTS_H

#include "store/store.h"

/*
** Makes sure that the tables are those of layout.h and have been made by a version that is understood.
** To be called before anything of them is read; costs no more than a look at the schema's number.
*/
int sqa_store_check(struct sqa_store *store);
/* Fails with SQLITE_CORRUPT_VTAB: the shadow table is `how`. */
int sqa_store_wrong(struct sqa_store *store, enum sqa_shadow shadow, const char *how);
/* A statement, borrowed, prepared where it was not. sqa_store_prepare gives one to be kept. */
int sqa_store_statement(struct sqa_store *store, enum sqa_statement which,
                        sqlite3_stmt **statement);
int sqa_store_prepare(struct sqa_store *store, enum sqa_statement which, sqlite3_stmt **statement);
void sqa_store_finalize(struct sqa_store *store);

/* Runs a statement that gives no rows, bound before, to its end. */
int sqa_store_run(sqlite3_stmt *statement);

#endif
