/*
** What an array_store is made of: the arguments of CREATE VIRTUAL TABLE, and the SQL of the tables
** that hold it.
**
**     CREATE VIRTUAL TABLE t USING array_store(ts, price BIGINT NOT NULL, "the qty", chunk=4096)
**
** An argument is the definition of a column (definition.h), or chunk=N, the most rows a chunk has.
** A column may have any name but that of the table, which the column of commands has, and those
** that NAME_chunks needs: C_min and C_max of another column C, and names that begin with chunk_.
**
** Shadow tables keep it:
**
** NAME_headers has a row for each chunk, in the order of the rowids:
**
**     id       INTEGER PRIMARY KEY: the rowid of the chunk's first row
**     last     the rowid of its last row; below the id of the next chunk
**     n        how many rows it has, 1 to the option chunk
**     arrays   the id of the first of the chunk's arrays in NAME_arrays
**     C_min    for each column C: its smallest value among the rows
**     C_max    for each column C: its largest value among the rows
**
** NAME_arrays has a row for each array, so that a column costs nothing where only others are read
** or written.
**
**     id       INTEGER PRIMARY KEY: the chunk's `arrays` for its rowids; the columns follow
**     array    n elements: packed (core/packed.h) where that takes fewer bytes than the plain
**              array. A plain one stays plain where values are changed in place, even if packing it
**              would take fewer bytes then.
**
** The rowids are ascending; where they run from id to last without a gap there is no array of them.
**
** NAME_config, see vtab/shadow.h, has one option: chunk.
**
** To be read by everybody, the virtual table NAME_chunks, see chunks_table.c.
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

/* The shadow tables beside NAME_config, and how their names end */
enum sqa_shadow { SQA_SHADOW_HEADERS, SQA_SHADOW_ARRAYS, SQA_SHADOWS };
extern const char *const sqa_shadow_names[SQA_SHADOWS];

struct sqa_layout {
    char *schema, *table; /* names: of the database, of the virtual table */
    char **names;         /* of the columns */
    char **types;         /* of the columns, with NOT NULL where they have that */
    int columns;
    int64_t chunk; /* as given; what NAME_config says counts */
};

/*
** Reads the arguments that xCreate and xConnect get, for the store called `table`. Gives an SQLite
** result code; unless it is SQLITE_OK, *error may be a message for SQLite. layout is to be cleared
** in any case.
*/
int sqa_layout_read(struct sqa_layout *layout, const char *table, int argc, const char *const *argv,
                    char **error);
void sqa_layout_clear(struct sqa_layout *layout);
/* SQLITE_ERROR, with a message, if the columns cannot be those of a table by this name. */
int sqa_layout_check(const struct sqa_layout *layout, const char *table, char **error);

/*
** Gives the columns of a table, in brackets, as its CREATE TABLE has them; NULL without memory:
** those of the virtual table, of a shadow table.
*/
char *sqa_layout_declaration(const struct sqa_layout *layout);
char *sqa_layout_columns(const struct sqa_layout *layout, enum sqa_shadow shadow);

#endif
