/*
** What an array_index is made of: the arguments of CREATE VIRTUAL TABLE, and the table that is
** indexed.
**
**     CREATE VIRTUAL TABLE article_tags USING array_index(article, tags, block=1000, log=262144)
**
** Names are bare or quoted, as SQL allows. Options may be left out: block is the most bytes of a
** block, log the most pairs of a value and a key that wait to be written.
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

/* A table whose rows are indexed by a column's arrays. The names are owned. */
struct sqa_indexed {
    char *table, *column;
    char *key;         /* the INTEGER PRIMARY KEY */
    bool has_column;   /* the table has the column */
    bool is_generated; /* the column is generated */
};

void sqa_indexed_clear(struct sqa_indexed *source);

/*
** Reads the arguments that xCreate and xConnect get: source->table and column, and the options.
** Gives an SQLite result code; unless it is SQLITE_OK, *error may be a message, which the caller
** frees. source is to be cleared in any case.
*/
int sqa_index_definition_read(struct sqa_indexed *source, int64_t *block, int64_t *log, int argc,
                              const char *const *argv, char **error);

/*
** Copies the name at s, bare or quoted as SQL allows, to name, which has room for all of s; gives
** what follows it, or NULL where there is none.
*/
const char *sqa_index_definition_name(const char *s, char *name);

#endif
