/*
** The block reader: the one way to read an array's elements in order. It hands them out block by block, in
** the width that its user asks for and at an aligned address. What is stored so is borrowed in place;
** anything else is converted into scratch memory that the reader brings along.
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
    /* Bytes an element as handed out; not below the significance of the elements */
    unsigned width;
    /* The most elements of a block in order */
    size_t most;
    /*
    ** Where the elements stand as they are handed out, and the distance from one to the next: 0 where copies of an
    ** integer are read, which stand in scratch. NULL where elements have to be converted.
    */
    const unsigned char *in_place;
    unsigned stride;
    /* The block: elements, their number, and the index of the first. Borrowed until the next block. */
    const void *data;
    size_t n, at;
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    /* Of a packed array: where its blocks are, and the one that is unpacked, SIZE_MAX at first */
    struct sqa_packed_cursor packed;
    size_t unpacked_index;
    _Alignas(64) unsigned char unpacked[SQA_BLOCK * 8];
};

/* Borrows array, what it borrows, and poll (NULL: nothing stops the reader), until the last block. */
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

/* The same; blocks may be as long as SQA_RUN and stand at any address where nothing has to be converted. */
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
** A reader of copies of x, which fits width, only for sqa_reader_block(): of each block the first `copies` <= SQA_BLOCK
** elements are.
*/
static inline void sqa_reader_init_constant(struct sqa_reader *reader,
                                            const struct sqa_kernels *kernels, int64_t x,
                                            unsigned width, size_t copies) {
    reader->in_place = reader->scratch;
    reader->stride = 0;
    if (copies == 1)
        memcpy(reader->scratch, &x, sizeof x); /* little-endian: the low bytes come first */
    else
        kernels->series[sqa_width_index(width)](reader->scratch, x, 0, copies);
}

/* For sqa_reader_block(): the elements that are not in place */
const void *sqa_reader_convert(struct sqa_reader *reader, size_t at, size_t n);

/*
** The n <= SQA_BLOCK elements from index `at` on (all inside) as elements of reader->width bytes, in any order of
** calls. Borrowed until the next call, or for as long as the array where nothing had to be converted.
*/
static inline const void *sqa_reader_block(struct sqa_reader *reader, size_t at, size_t n) {
    if (reader->in_place != NULL)
        return reader->in_place + at * reader->stride;
    return sqa_reader_convert(reader, at, n);
}

/*
** The next block, from the first element on: data, n and at. False at the end, or when the poll, which is
** asked once in SQA_RUN elements, stops the reader; n is 0 then. A user who has not used the whole block
** may lower n: the next one begins behind it.
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
** Passes the blocks of a packed array that come next and cannot have an element that equals v: they are not unpacked. The next
** block is the one behind them. Polls as sqa_reader_next() does.
*/
void sqa_reader_pass(struct sqa_reader *reader, int64_t v);

/* Element i of the block, from 0; i < reader->n */
static inline int64_t sqa_reader_get(const struct sqa_reader *reader, size_t i) {
    const struct sqa_view block = {reader->data, reader->n, reader->width};
    return sqa_view_get(&block, i);
}

/* The significance of all elements: sqa_sig_width() of it is the canonical width. */
uint64_t sqa_array_sig(const struct sqa_kernels *kernels, const struct sqa_array *array,
                       struct sqa_poll *poll);

#endif
