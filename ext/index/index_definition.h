/*
** The arguments of CREATE VIRTUAL TABLE, and the table that is indexed.
**
**     CREATE VIRTUAL TABLE article_tags USING array_index(article, tags, block=1000, log=262144)
**
** Names are bare, or quoted in any way that SQL allows. The options are not required: block is the
** largest size of a block in bytes, and log is how many pairs of a value and a key may wait in
** memory until they are written.
*/
#ifndef SQA_INDEX_DEFINITION_H
#define SQA_INDEX_DEFINITION_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SQA_INDEX_BLOCK_DEFAULT = 1000,
    SQA_INDEX_BLOCK_LEAST = 64,
    SQA_INDEX_LOG_DEFAULT = 262144,
    SQA_INDEX_LOG_LEAST = 16,
    SQA_INDEX_LOG_MOST = 1 << 24,
};

/* The table whose rows are indexed by the arrays in one of its columns. The names are owned. */
struct sqa_indexed {
    char *table, *column;
    char *key;         /* the INTEGER PRIMARY KEY; NULL if there is no such table */
    bool has_column;   /* true if the table has the column */
    bool is_generated; /* true if it is a generated column */
};

/* Frees the names. */
void sqa_indexed_clear(struct sqa_indexed *source);

/*
** Reads the arguments of xCreate or xConnect: sets source->table and source->column, which must be
** NULL before, and the options. Returns an SQLite result code. If that is not SQLITE_OK, *error may
** be a message, which SQLite frees. The caller must call sqa_indexed_clear() in any case.
*/
int sqa_index_definition_read(struct sqa_indexed *source, int64_t *block, int64_t *log, int argc,
                              const char *const *argv, char **error);

/*
** Copies the name at s to `name`, without its quotes; `name` has room for all of s. Returns the
** address of what follows the name, or NULL if there is no name at s.
*/
const char *sqa_index_definition_name(const char *s, char *name);

#endif
