#include "core/reader.h"

/* Where the elements stand in the width that is asked for, at an address that will do; or NULL. */
static const unsigned char *in_place(const struct sqa_reader *reader) {
    const struct sqa_array *array = &reader->array;
    const bool fits = array->width == reader->width && array->packed_count == 0;
    return fits && (reader->in_runs || sqa_array_aligned(array)) ? array->encoded : NULL;
}

/* The elements of the packed block with this index; each block is unpacked once where they are asked for in order. */
static const unsigned char *unpacked_block(struct sqa_reader *reader, size_t index) {
    if (index != reader->unpacked_index) {
        const struct sqa_packed_block block = sqa_packed_seek(&reader->packed, index);
        sqa_packed_decode(reader->kernels, &block, reader->unpacked, reader->width);
        reader->unpacked_index = index;
    }
    return reader->unpacked;
}

/* sqa_reader_block() of a packed array: what is asked for stands in a block, or at the end of one and in the next. */
static const void *packed_elements(struct sqa_reader *reader, size_t at, size_t n) {
    const unsigned width = reader->width;
    const size_t first = reader->array.packed_first + at;
    const size_t index = first / SQA_BLOCK, skip = first % SQA_BLOCK;
    const unsigned char *elements = unpacked_block(reader, index) + skip * width;
    const size_t here = SQA_BLOCK - skip;
    if (n <= here)
        return elements;
    memcpy(reader->scratch, elements, here * width);
    memcpy(reader->scratch + here * width, unpacked_block(reader, index + 1), (n - here) * width);
    return reader->scratch;
}

void sqa_reader_init_constant(struct sqa_reader *reader, const struct sqa_kernels *kernels,
                              int64_t x, unsigned width, size_t copies) {
    const struct sqa_array none = sqa_array_empty();
    sqa_reader_init(reader, kernels, &none, width, NULL);
    reader->is_constant = true;
    if (copies == 1)
        memcpy(reader->scratch, &x, sizeof x); /* little-endian: the low bytes come first */
    else
        kernels->series[sqa_width_index(width)](reader->scratch, x, 0, copies);
}

const void *sqa_reader_block(struct sqa_reader *reader, size_t at, size_t n) {
    if (reader->is_constant)
        return reader->scratch;
    const unsigned char *elements = in_place(reader);
    if (elements != NULL)
        return elements + at * reader->width;
    if (reader->array.packed_count > 0)
        return packed_elements(reader, at, n);
    sqa_array_copy(reader->kernels, &reader->array, at, n, reader->scratch, reader->width);
    return reader->scratch;
}

bool sqa_reader_next(struct sqa_reader *reader) {
    const size_t at = reader->at + reader->n, left = reader->array.count - at;
    const size_t most = reader->in_runs && in_place(reader) != NULL ? SQA_RUN : SQA_BLOCK;
    const bool is_asked = at % SQA_RUN == 0 && at > 0 && left > 0;
    reader->at = at;
    reader->n = 0;
    if (left == 0 || (is_asked ? sqa_stopped(reader->poll) : sqa_was_stopped(reader->poll)))
        return false;
    reader->n = left < most ? left : most;
    reader->data = sqa_reader_block(reader, at, reader->n);
    return true;
}

uint64_t sqa_array_sig(const struct sqa_kernels *kernels, const struct sqa_array *array,
                       struct sqa_poll *poll) {
    struct sqa_reader reader;
    uint64_t sig = 0;
    sqa_reader_init(&reader, kernels, array, array->width, poll);
    while (sqa_reader_next(&reader))
        sig |= kernels->sig[sqa_width_index(array->width)](reader.data, reader.n);
    return sig;
}
