/*
** The arguments of CREATE VIRTUAL TABLE, and the columns of the shadow tables.
**
**     CREATE VIRTUAL TABLE t USING array_store(ts, price BIGINT NOT NULL, "the qty", chunk=4096)
**
** An argument is the definition of a column (definition.h), or chunk=N, the largest number of rows
** of a chunk. A column may have any name except that of the table, which is the name of the hidden
** column for commands, and names that NAME_chunks needs: C_min and C_max for another column C, and
** names that begin with chunk_.
**
** NAME_headers has a row for each chunk, in the order of the rowids:
**
**     id       INTEGER PRIMARY KEY: the rowid of the chunk's first row
**     last     the rowid of its last row; less than the id of the next chunk
**     n        the number of its rows, 1 to the option chunk
**     arrays   the id of the chunk's first array in NAME_arrays
**     C_min    for each column C: the smallest value
**     C_max    for each column C: the largest value
**
** NAME_arrays has a row for each array, so that a column costs nothing if only others are read or
** written:
**
**     id       INTEGER PRIMARY KEY: `arrays` of the chunk for its rowids; `arrays` + 1 + c for
**              column c (from 0)
**     array    n elements: packed (core/packed.h) if that takes fewer bytes than the plain array.
**              But a plain array whose values are changed in place stays plain.
**
** The rowids are ascending. If they run from id to last without a gap, they have no array.
**
** NAME_config, see vtab/shadow.h, has one option: chunk.
**
** Users read the chunks through the virtual table NAME_chunks, see chunks_table.c.
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

/* The shadow tables except NAME_config, and the endings of their names */
enum sqa_shadow { SQA_SHADOW_HEADERS, SQA_SHADOW_ARRAYS, SQA_SHADOWS };
extern const char *const sqa_shadow_names[SQA_SHADOWS];

struct sqa_layout {
    char *schema,
        *table;    /* names of the database and of the virtual table; owned, like the others */
    char **names;  /* names of the columns */
    char **types;  /* what follows the names, see sqa_definition_type() */
    int columns;   /* number of columns */
    int64_t chunk; /* the option as given to CREATE; later that in NAME_config is used */
};

/*
** Reads the arguments of xCreate or xConnect for the store named `table`. Returns an SQLite result
** code. If that is not SQLITE_OK, *error may be a message, which SQLite frees. The caller must call
** sqa_layout_clear() in any case.
*/
int sqa_layout_read(struct sqa_layout *layout, const char *table, int argc, const char *const *argv,
                    char **error);
void sqa_layout_clear(struct sqa_layout *layout);
/*
** Returns SQLITE_OK, or SQLITE_ERROR and a message in *error if a table of this name cannot have
** these columns.
*/
int sqa_layout_check(const struct sqa_layout *layout, const char *table, char **error);

/*
** Return the column list of the virtual table or of a shadow table for CREATE TABLE, with brackets.
** The caller frees it with sqa_object_free(). NULL when out of memory.
*/
char *sqa_layout_declaration(const struct sqa_layout *layout);
char *sqa_layout_columns(const struct sqa_layout *layout, enum sqa_shadow shadow);

#endif
