/* The lists compared with the table. */
#ifndef SQA_LIST_CHECK_H
#define SQA_LIST_CHECK_H

#include "index/index.h"

/*
** Fails with SQLITE_CORRUPT_VTAB unless the shadow tables hold what an index of the table holds:
** all keys of every value and no others, their counts, and no block that belongs to none. The log
** has been written.
*/
void sqa_check_lists(struct sqa_index *index);

#endif
