/* xUpdate of array_store. */
#ifndef SQA_UPDATE_H
#define SQA_UPDATE_H

#include "store/store.h"

int sqa_store_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid);

#endif
