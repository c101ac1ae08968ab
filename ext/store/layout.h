/*
** What an array_store is made of: the arguments of CREATE VIRTUAL TABLE, and the SQL of the tables
** that hold it.
**
**     CREATE VIRTUAL TABLE ticks USING array_store(ts, price INTEGER, "the qty", chunk=4096)
**
** An argument is a column, by its name, bare or quoted as SQL allows, with the type INTEGER or INT or
** none; or chunk=N, the most rows a chunk has.
**
** NAME_chunks, one row a chunk, in the order of the rowids:
**
**     id       INTEGER PRIMARY KEY: the rowid of the chunk's first row
**     first    .. once more
**     last     the rowid of its last row; below the id of the next chunk
**     n        rows, 1 .. chunk
**     C_min    for each column C: its smallest value among the rows
**     C_max    .. and its largest
**     rowids   array of the rowids, ascending; NULL where they are first, first + 1, .. last
**     C        for each column C: array of its values, one for each row
**
** Arrays are as core/blob.h says, canonical. They stand behind the figures, so that a chunk can be
** skipped for its figures without a look at them.
**
** NAME_config, one row: version of this format (1), chunk.
*/
#ifndef SQA_LAYOUT_H
#define SQA_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SQA_STORE_VERSION = 1,
    SQA_CHUNK_DEFAULT = 65536,
    SQA_CHUNK_MOST = 1 << 20,
};

struct sqa_layout {
    char *schema, *table; /* names: of the database, of the virtual table */
    char **names;         /* of the columns */
    int columns;
    int64_t chunk; /* as given; what NAME_config says counts */
};

/*
** Reads the arguments that xCreate and xConnect get. Gives an SQLite result code; unless it is
** SQLITE_OK, *error may be a message for SQLite. layout is to be cleared in any case.
*/
int sqa_layout_read(struct sqa_layout *layout, int argc, const char *const *argv, char **error);
void sqa_layout_clear(struct sqa_layout *layout);

/*
** Gives the columns of a table, in brackets, as its CREATE TABLE has them; NULL without memory:
** those of the virtual table, of NAME_chunks, of NAME_config.
*/
char *sqa_layout_declaration(const struct sqa_layout *layout);
char *sqa_layout_chunks(const struct sqa_layout *layout);
char *sqa_layout_config(void);

#endif
