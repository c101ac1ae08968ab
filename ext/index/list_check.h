/* Compares the lists with the table. */
#ifndef SQA_LIST_CHECK_H
#define SQA_LIST_CHECK_H

#include "index/index.h"

/*
** Fails with SQLITE_CORRUPT_VTAB unless the shadow tables contain exactly what an index of the
** table has to contain: all keys of every value, their counts, and no other values and blocks. The
** log must have been written.
*/
void sqa_check_lists(struct sqa_index *index);

#endif
