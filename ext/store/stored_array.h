/*
** Reads or changes one value of a stored array through sqlite3_blob, without reading all of the
** array. If the block of a changed value takes as many bytes as before, only one or two pages are
** written.
*/
#ifndef SQA_STORED_ARRAY_H
#define SQA_STORED_ARRAY_H

#include "store/chunk_io.h"

/* All fields except width are private. */
struct sqa_stored_array {
    int64_t id; /* in NAME_arrays */
    sqlite3_blob *blob;
    size_t count;   /* number of elements */
    unsigned width; /* bytes of a plain element */
    bool is_packed;
    unsigned char *buffer;   /* of the pool: the memory for the next five pointers */
    unsigned char *elements; /* the row's element; of a packed array all elements of its block */
    size_t row, at;          /* index of the row's element in the array and in `elements` */
    /* Only for a packed array: the contents of the block and the lists, before and after */
    unsigned char *contents, *new_contents, *lists, *new_lists;
    size_t lists_size; /* bytes of the lists; 0 for a plain array */
    /*
    ** Offset after the header, and size in bytes, of the contents of the block or of the plain
    ** element
    */
    size_t place, size;
    /* The whole new blob, of the pool, if the size of the block changes; otherwise NULL */
    unsigned char *new_blob;
    uint64_t new_size; /* bytes of new_blob */
};

/*
** Opens the array of a column for a row, and reads the row's value. The caller must call
** sqa_stored_close() in any case.
*/
void sqa_stored_open(struct sqa_store *store, const struct sqa_point *point, int column,
                     bool to_write, struct sqa_stored_array *array);
void sqa_stored_close(struct sqa_stored_array *array);

/* Returns the row's value, or 0 after a failure. */
int64_t sqa_stored_value(const struct sqa_store *store, const struct sqa_stored_array *array);

/*
** Replaces the row's value by another one, which must fit the width, in memory only. Returns false
** if a packed array would no longer be smaller than the plain one; then the chunk has to be encoded
** again.
*/
bool sqa_stored_put(struct sqa_store *store, struct sqa_stored_array *array, int64_t value);
/* Writes what sqa_stored_put() has changed. */
void sqa_stored_write(struct sqa_store *store, struct sqa_stored_array *array);

#endif
