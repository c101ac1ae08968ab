/*
** The block reader, which all code uses to read the elements of an array in order. It provides
** them block by block, in the width that the caller wants and at an aligned address. Elements
** that are already stored so are read in place; others are converted into a buffer in the reader.
**
**     struct sqa_reader reader;
**     sqa_reader_init(&reader, kernels, &array, width, poll);
**     while (sqa_reader_next(&reader))
**         use(reader.data, reader.n, reader.at);
*/
#ifndef SQA_READER_H
#define SQA_READER_H

#include "core/blob.h"

struct sqa_reader {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    const struct sqa_array *array;
    /* Bytes of an element in the blocks. Must be wide enough for all elements. */
    unsigned width;
    /* The largest number of elements in a block */
    size_t most;
    /*
    ** The elements if they can be read in place, and the distance from one to the next in bytes,
    ** which is 0 for copies of one integer. NULL if they have to be converted.
    */
    const unsigned char *in_place;
    unsigned stride;
    /*
    ** The current block: its elements, their number, and the index of the first one. Valid until
    ** the next block.
    */
    const void *data;
    size_t n, at;
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    /*
    ** Only for a packed array: a cursor over its blocks, and the index of the decoded block, at
    ** first SIZE_MAX
    */
    struct sqa_packed_cursor packed;
    size_t unpacked_index;
    _Alignas(64) unsigned char unpacked[SQA_BLOCK * 8];
};

/*
** Begins to read an array. The array, its elements and poll (NULL: never stops) are borrowed
** until the last block.
*/
static inline void sqa_reader_init(struct sqa_reader *reader, const struct sqa_kernels *kernels,
                                   const struct sqa_array *array, unsigned width,
                                   struct sqa_poll *poll) {
    struct sqa_view view;
    reader->kernels = kernels;
    reader->poll = poll;
    reader->array = array;
    reader->width = width;
    reader->most = SQA_BLOCK;
    reader->in_place = NULL;
    reader->stride = width;
    reader->data = reader->scratch;
    reader->n = reader->at = 0;
    if (!sqa_array_is_plain(array, &view)) {
        reader->packed = sqa_packed_open(array);
        reader->unpacked_index = SIZE_MAX;
    } else if (view.width == width && sqa_view_aligned(&view)) {
        reader->in_place = view.data;
    }
}

/*
** Begins to read an array in longer blocks, of up to SQA_RUN elements, which may be unaligned.
** Elements that have to be converted still come in blocks of up to SQA_BLOCK.
*/
static inline void sqa_reader_init_runs(struct sqa_reader *reader,
                                        const struct sqa_kernels *kernels,
                                        const struct sqa_array *array, unsigned width,
                                        struct sqa_poll *poll) {
    struct sqa_view view;
    sqa_reader_init(reader, kernels, array, width, poll);
    if (sqa_array_is_plain(array, &view) && view.width == width) {
        reader->in_place = view.data;
        reader->most = SQA_RUN;
    }
}

/*
** Initializes a reader of copies of x, which must fit width. Only sqa_reader_block() may be
** called. Only the first `copies` <= SQA_BLOCK elements of a block are defined.
*/
static inline void sqa_reader_init_constant(struct sqa_reader *reader,
                                            const struct sqa_kernels *kernels, int64_t x,
                                            unsigned width, size_t copies) {
    reader->in_place = reader->scratch;
    reader->stride = 0;
    kernels->series[sqa_width_index(width)](reader->scratch, x, 0, copies);
}

/* Called by sqa_reader_block() for elements that have to be converted. */
const void *sqa_reader_convert(struct sqa_reader *reader, size_t at, size_t n);

/*
** Returns n <= SQA_BLOCK elements from index `at` on, all of which must exist, each reader->width
** bytes wide. May be called in any order. The pointer is valid until the next call; if the
** elements are read in place, as long as the array.
*/
static inline const void *sqa_reader_block(struct sqa_reader *reader, size_t at, size_t n) {
    if (reader->in_place != NULL)
        return reader->in_place + at * reader->stride;
    return sqa_reader_convert(reader, at, n);
}

/*
** Returns all elements of an array that is at most one block: in place if possible, otherwise in
** the reader, which is initialized for this. Takes less time than a loop over blocks.
*/
static inline const void *sqa_reader_whole(struct sqa_reader *reader,
                                           const struct sqa_kernels *kernels,
                                           const struct sqa_array *array, unsigned width) {
    if (array->packed_count == 0 && array->width == width && sqa_array_aligned(array))
        return array->encoded;
    sqa_reader_init(reader, kernels, array, width, NULL);
    return sqa_reader_block(reader, 0, array->count);
}

/*
** Moves to the next block and sets data, n and at. Returns false at the end, or if the poll,
** which is asked once in SQA_RUN elements, stops the reader; then n is 0. A caller that has not
** used the whole block may decrease n; the next block begins after the n elements.
*/
static inline bool sqa_reader_next(struct sqa_reader *reader) {
    const size_t at = reader->at + reader->n, left = reader->array->count - at;
    const bool is_asked = at % SQA_RUN == 0 && at > 0;
    reader->at = at;
    reader->n = 0;
    if (left == 0 || (is_asked ? sqa_stopped(reader->poll) : sqa_was_stopped(reader->poll)))
        return false;
    reader->n = left < reader->most ? left : reader->most;
    reader->data = sqa_reader_block(reader, at, reader->n);
    return true;
}

/*
** Skips those of the next blocks of a packed array that cannot contain v, without decoding them.
** Then sqa_reader_next() moves to the block after them. Asks the poll as sqa_reader_next() does.
*/
void sqa_reader_pass(struct sqa_reader *reader, int64_t v);

/* Returns element i < reader->n of the block. */
static inline int64_t sqa_reader_get(const struct sqa_reader *reader, size_t i) {
    const struct sqa_view block = {reader->data, reader->n, reader->width};
    return sqa_view_get(&block, i);
}

/*
** Returns the width that all elements need. It reads no further than the first block that needs the
** width they have.
*/
unsigned sqa_array_canonical_width(const struct sqa_kernels *kernels, const struct sqa_array *array,
                                   struct sqa_poll *poll);
/* Returns the significance of all elements. */
uint64_t sqa_array_sig(const struct sqa_kernels *kernels, const struct sqa_array *array,
                       struct sqa_poll *poll);

#endif
