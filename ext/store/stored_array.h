/*
** An array of a chunk where it is stored, of which the value of one row is read or changed: without
** reading the array, of which no more than a page or two is written where the value's block takes
** as many bytes as before.
*/
#ifndef SQA_STORED_ARRAY_H
#define SQA_STORED_ARRAY_H

#include "store/chunk_io.h"

/* Fields are private, all but width. */
struct sqa_stored_array {
    int64_t id;
    sqlite3_blob *blob;
    size_t count;
    unsigned width; /* bytes a plain element */
    bool is_packed;
    /*
    ** Elements, among them the row's: of a packed array all of its block; and the parts of the blob
    ** that they come from
    */
    unsigned char *buffer, *elements;
    size_t row, at; /* the row, and which of the elements it is */
    /* Of a packed array: the contents of the block, its lists, and the two as they are to be */
    unsigned char *contents, *new_contents, *lists, *new_lists;
    size_t lists_size; /* 0 where it is plain */
    /* Where contents, or plain elements, stand: bytes behind the header, and their number */
    size_t place, size;
    /*
    ** The whole blob as it is to be, where the block takes more bytes than before, or fewer; or
    ** NULL
    */
    unsigned char *new_blob;
    uint64_t new_size;
};

/* Opens the array of a column of the chunk that a row is in. It is to be closed in any case. */
void sqa_stored_open(struct sqa_store *store, const struct sqa_point *point, int column,
                     bool to_write, struct sqa_stored_array *array);
void sqa_stored_close(struct sqa_stored_array *array);

/* The row's value in an array that is open; 0 after a failure */
int64_t sqa_stored_value(const struct sqa_store *store, const struct sqa_stored_array *array);

/*
** Puts another value, which the width holds, in the place of the row's: in memory. Gives false
** where the array would take no fewer bytes than plain, and is to be encoded anew.
*/
bool sqa_stored_put(struct sqa_store *store, struct sqa_stored_array *array, int64_t value);
/* Writes that. */
void sqa_stored_write(struct sqa_store *store, struct sqa_stored_array *array);

#endif
