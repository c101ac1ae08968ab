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

#include "core/packed.h"

struct sqa_reader {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    struct sqa_array array;
    /* Bytes an element as handed out; not below the significance of the elements */
    unsigned width;
    /* Not an array is read but copies of an integer, which stand in scratch. */
    bool is_constant;
    /* Blocks may be as long as SQA_RUN and stand at any address where nothing has to be converted. */
    bool in_runs;
    /* The block: elements, their number, and the index of the first. Borrowed until the next block. */
    const void *data;
    size_t n, at;
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    /* Of a packed array: where its blocks are, and the one that is unpacked, SIZE_MAX at first */
    struct sqa_packed_cursor packed;
    size_t unpacked_index;
    _Alignas(64) unsigned char unpacked[SQA_BLOCK * 8];
};

/* Borrows what array borrows, and poll (NULL: nothing stops the reader), until the last block. */
static inline void sqa_reader_init(struct sqa_reader *reader, const struct sqa_kernels *kernels,
                                   const struct sqa_array *array, unsigned width,
                                   struct sqa_poll *poll) {
    reader->kernels = kernels;
    reader->poll = poll;
    reader->array = *array;
    reader->width = width;
    reader->is_constant = reader->in_runs = false;
    reader->data = reader->scratch;
    reader->n = reader->at = 0;
    if (array->packed_count > 0) {
        reader->packed = sqa_packed_open(array);
        reader->unpacked_index = SIZE_MAX;
    }
}

/* A reader whose blocks are copies of x, which fits width: the first `copies` <= SQA_BLOCK elements are. */
void sqa_reader_init_constant(struct sqa_reader *reader, const struct sqa_kernels *kernels,
                              int64_t x, unsigned width, size_t copies);

/*
** Elements at .. at+n (all inside, n <= SQA_BLOCK) as n elements of reader->width bytes, in any order of
** calls. Borrowed until the next call, or for as long as the array where nothing had to be converted.
*/
const void *sqa_reader_block(struct sqa_reader *reader, size_t at, size_t n);

/*
** The next block, from the first element on: data, n and at. False at the end, or when the poll, which is
** asked once in SQA_RUN elements, stops the reader; n is 0 then. A user who has not used the whole block
** may lower n: the next one begins behind it.
*/
bool sqa_reader_next(struct sqa_reader *reader);

/* Element i of the block, from 0; i < reader->n */
static inline int64_t sqa_reader_get(const struct sqa_reader *reader, size_t i) {
    const struct sqa_view block = {reader->data, reader->n, reader->width};
    return sqa_view_get(&block, i);
}

/* The significance of all elements: sqa_sig_width() of it is the canonical width. */
uint64_t sqa_array_sig(const struct sqa_kernels *kernels, const struct sqa_array *array,
                       struct sqa_poll *poll);

#endif
