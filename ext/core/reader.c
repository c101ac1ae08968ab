#include "core/reader.h"

/*
** Returns the elements of the packed block with this index. If blocks are read in order, each is
** decoded once.
*/
static const unsigned char *unpacked_block(struct sqa_reader *reader, size_t index) {
    if (index != reader->unpacked_index) {
        const struct sqa_packed_block block = sqa_packed_seek(&reader->packed, index);
        sqa_packed_decode(reader->kernels, &block, reader->unpacked, reader->width);
        reader->unpacked_index = index;
    }
    return reader->unpacked;
}

/*
** Implements sqa_reader_convert() for a packed array. The elements are in one block, or at the
** end of one and the start of the next.
*/
static const void *packed_elements(struct sqa_reader *reader, size_t at, size_t n) {
    const unsigned width = reader->width;
    const size_t first = reader->array->packed_first + at;
    const size_t index = first / SQA_BLOCK, skip = first % SQA_BLOCK;
    const unsigned char *elements = unpacked_block(reader, index) + skip * width;
    const size_t here = SQA_BLOCK - skip;
    if (n <= here)
        return elements;
    memcpy(reader->scratch, elements, here * width);
    memcpy(reader->scratch + here * width, unpacked_block(reader, index + 1), (n - here) * width);
    return reader->scratch;
}

const void *sqa_reader_convert(struct sqa_reader *reader, size_t at, size_t n) {
    if (reader->array->packed_count > 0)
        return packed_elements(reader, at, n);
    sqa_array_copy(reader->kernels, reader->array, at, n, reader->scratch, reader->width);
    return reader->scratch;
}

/*
** Returns false if the packed blocks of the n elements from index `at` on cannot contain v, as
** their base and bits show.
*/
static bool may_have(struct sqa_reader *reader, size_t at, size_t n, int64_t v) {
    const size_t first = reader->array->packed_first + at;
    for (size_t k = first / SQA_BLOCK; k <= (first + n - 1) / SQA_BLOCK; k++) {
        const struct sqa_packed_block block = sqa_packed_seek(&reader->packed, k);
        const struct sqa_range range = sqa_packed_range(&block);
        if (range.lo <= v && v <= range.hi)
            return true;
    }
    return false;
}

void sqa_reader_pass(struct sqa_reader *reader, int64_t v) {
    const size_t count = reader->array->packed_count > 0 ? reader->array->count : 0;
    size_t at = reader->at + reader->n;
    for (size_t n; at < count; at += n) {
        n = count - at < SQA_BLOCK ? count - at : SQA_BLOCK;
        if ((at % SQA_RUN == 0 && sqa_stopped(reader->poll)) || may_have(reader, at, n, v))
            break;
    }
    reader->at = at;
    reader->n = 0;
}

unsigned sqa_array_canonical_width(const struct sqa_kernels *kernels, const struct sqa_array *array,
                                   struct sqa_poll *poll) {
    struct sqa_reader reader;
    uint64_t sig = 0;
    sqa_reader_init(&reader, kernels, array, array->width, poll);
    while (sqa_sig_width(sig) < array->width && sqa_reader_next(&reader))
        sig |= kernels->sig[sqa_width_index(array->width)](reader.data, reader.n);
    return sqa_sig_width(sig);
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
