#include "core/packing.h"

#include "core/reader.h"

enum { EXCEPTION_BYTES = 510 }; /* the largest size of a block's exceptions */

/* The parameters with which a block is written */
struct choice {
    bool is_steps;
    unsigned bits, exception_size;
    size_t exceptions, size; /* number of exceptions; bytes of the block's contents */
    int64_t base, step;
};

/*
** A block that is written: its elements, its parameters, and its offsets, each `width` bytes wide
*/
struct block {
    const struct sqa_kernels *kernels;
    unsigned width, index; /* index: that of the width in tables of kernels */
    const void *elements;
    size_t n;
    struct choice choice;
    unsigned char *offsets; /* points to frame or to steps */
    _Alignas(64) unsigned char frame[SQA_BLOCK * 8];
    _Alignas(64) unsigned char steps[SQA_BLOCK * 8];
};

/* Returns the lowest `width` bytes of x as unsigned integer. */
static uint64_t low_bits(const struct block *b, uint64_t x) {
    return x & UINT64_MAX >> (64 - 8 * b->width);
}

/* Returns the bytes of an exception for so many higher bits, or 0 if no exception can hold them. */
static unsigned exception_for(unsigned bits) {
    return bits <= 6 ? 2 : bits <= 22 ? 4 : bits <= 54 ? 8 : 0;
}

/*
** Chooses how many bits the offsets have, of which the largest is `most`, and adds the bytes of
** offsets and exceptions to the size.
*/
static void choose_bits(struct block *b, uint64_t most) {
    const unsigned all = most == 0 ? 0 : 64 - (unsigned)__builtin_clzll(most);
    size_t best = sqa_packed_offsets_size(b->n, all);
    b->choice.bits = all;
    b->choice.exceptions = 0;
    b->choice.exception_size = 0;
    for (unsigned bits = all; bits-- > 0;) {
        const unsigned size = exception_for(all - bits);
        const size_t count = size > 0 ? b->kernels->wider[b->index](b->offsets, b->n, bits) : 0;
        if (size == 0 || count * size > EXCEPTION_BYTES || count * size >= best)
            break;
        if (sqa_packed_offsets_size(b->n, bits) + count * size < best) {
            best = sqa_packed_offsets_size(b->n, bits) + count * size;
            b->choice.bits = bits;
            b->choice.exceptions = count;
            b->choice.exception_size = size;
        }
    }
    b->choice.size += best;
}

static void choose_frame(struct block *b) {
    const int64_t min = b->kernels->min[b->index](b->elements, b->n);
    const int64_t max = b->kernels->max[b->index](b->elements, b->n);
    b->choice = (struct choice){.base = min};
    b->offsets = b->frame;
    memcpy(b->offsets, b->elements, b->n * b->width);
    b->kernels->add_wrapping[b->index](b->offsets, (int64_t)(0 - (uint64_t)min), b->n);
    choose_bits(b, low_bits(b, (uint64_t)max - (uint64_t)min));
}

static void choose_steps(struct block *b) {
    const struct sqa_view first = {b->elements, b->n, b->width};
    unsigned char *const steps = b->steps + b->width;
    b->offsets = b->steps;
    memset(b->offsets, 0, b->width);
    b->kernels->steps[b->index](steps, b->elements, b->n);
    const int64_t min = b->kernels->min[b->index](steps, b->n - 1);
    const int64_t max = b->kernels->max[b->index](steps, b->n - 1);
    b->kernels->add_wrapping[b->index](steps, (int64_t)(0 - (uint64_t)min), b->n - 1);
    b->choice = (struct choice){
        .is_steps = true, .base = sqa_view_get(&first, 0), .step = min, .size = b->width};
    choose_bits(b, low_bits(b, (uint64_t)max - (uint64_t)min));
}

/* Chooses the parameters of a block of n elements, and sets b->offsets. */
static void choose(struct block *b, const void *elements, size_t n) {
    b->elements = elements;
    b->n = n;
    choose_frame(b);
    const struct choice frame = b->choice;
    const size_t saved = (n + 3) / 4;
    if (n < 2 || frame.size < b->width + saved)
        return;
    choose_steps(b);
    if (b->choice.size + saved > frame.size) {
        b->choice = frame;
        b->offsets = b->frame;
    }
}

/* Writes the exceptions to dst and returns their end. */
static unsigned char *write_exceptions(const struct block *b, unsigned char *dst) {
    const struct choice *c = &b->choice;
    for (size_t i = 0; i < b->n && c->exceptions > 0; i++) {
        uint64_t offset = 0;
        memcpy(&offset, b->offsets + i * b->width, b->width);
        if (offset >> c->bits == 0)
            continue;
        const uint64_t exception = offset >> c->bits << SQA_PACKED_PLACE_BITS | i;
        memcpy(dst, &exception, c->exception_size);
        dst += c->exception_size;
    }
    return dst;
}

/* Writes the contents of a block, choice.size bytes, to dst and returns their end. */
static unsigned char *write_block(const struct block *b, unsigned char *dst) {
    _Alignas(64) unsigned char lanes[SQA_BLOCK * 8];
    const struct choice *c = &b->choice;
    const unsigned lane = sqa_packed_lane(c->is_steps, c->bits, c->exception_size);
    const struct sqa_view offsets = {b->offsets, b->n, b->width};
    if (c->is_steps) {
        memcpy(dst, &c->step, b->width); /* little-endian: the low bytes come first */
        dst += b->width;
    }
    sqa_view_copy(b->kernels, &offsets, 0, b->n, lanes, lane);
    if (b->n == SQA_BLOCK)
        b->kernels->pack[sqa_width_index(lane)](dst, lanes, c->bits);
    else
        b->kernels->pack_tail[sqa_width_index(lane)](dst, lanes, b->n, c->bits);
    return write_exceptions(b, dst + sqa_packed_offsets_size(b->n, c->bits));
}

/* Returns the block's entry in the list of forms. */
static unsigned char form_of(const struct choice *c) {
    const unsigned size = c->exception_size == 2 ? 1 : c->exception_size == 4 ? 2 : 3;
    return (unsigned char)((c->is_steps ? SQA_PACKED_STEPS : 0) |
                           (c->exceptions > 0 ? size << 1 : 0));
}
static unsigned char exception_halves(const struct choice *c) {
    return (unsigned char)(c->exceptions * c->exception_size / 2);
}

static void block_init(struct block *b, const struct sqa_kernels *kernels, unsigned width) {
    b->kernels = kernels;
    b->width = width;
    b->index = sqa_width_index(width);
}

void sqa_packing_start(struct sqa_packing *packing, const struct sqa_kernels *kernels,
                       const struct sqa_array *array, struct sqa_poll *poll) {
    const unsigned width = sqa_array_canonical_width(kernels, array, poll);
    struct block b;
    struct sqa_reader reader;
    block_init(&b, kernels, width);
    *packing = (struct sqa_packing){kernels, *array, poll, width, SQA_HEADER};
    sqa_reader_init(&reader, kernels, array, width, poll);
    while (sqa_reader_next(&reader)) {
        choose(&b, reader.data, reader.n);
        packing->size += 3 + width + b.choice.size;
    }
}

/* Writes the entries of block k, of `blocks` blocks, to the lists. */
static void write_entries(const struct block *b, unsigned char *lists, size_t blocks, size_t k) {
    lists[k] = form_of(&b->choice);
    lists[blocks + k] = (unsigned char)b->choice.bits;
    lists[2 * blocks + k] = exception_halves(&b->choice);
    memcpy(lists + 3 * blocks + k * b->width, &b->choice.base, b->width);
}

size_t sqa_packing_block(const struct sqa_kernels *kernels, size_t count, unsigned width,
                         size_t index, const void *elements, unsigned char *lists,
                         unsigned char *contents) {
    const size_t left = count - index * SQA_BLOCK;
    struct block b;
    block_init(&b, kernels, width);
    choose(&b, elements, left < SQA_BLOCK ? left : SQA_BLOCK);
    write_entries(&b, lists, sqa_packed_blocks(count), index);
    return (size_t)(write_block(&b, contents) - contents);
}

void sqa_packing_write(const struct sqa_packing *packing, void *blob) {
    const unsigned width = packing->width;
    const size_t blocks = sqa_packed_blocks(packing->array.count);
    unsigned char *const lists = (unsigned char *)blob + SQA_HEADER;
    unsigned char *contents = lists + blocks * (3 + width);
    struct block b;
    struct sqa_reader reader;
    block_init(&b, packing->kernels, width);
    sqa_blob_packed_header(blob, packing->array.count, width);
    sqa_reader_init(&reader, packing->kernels, &packing->array, width, packing->poll);
    for (size_t k = 0; sqa_reader_next(&reader); k++) {
        choose(&b, reader.data, reader.n);
        write_entries(&b, lists, blocks, k);
        contents = write_block(&b, contents);
    }
}

/* Returns true if the block has the chosen parameters and the same contents. */
static bool block_is(const struct sqa_packed_block *block, const struct block *chosen) {
    unsigned char contents[SQA_PACKED_BLOCK_BYTES];
    const struct choice *c = &chosen->choice;
    if (block->is_steps != c->is_steps || block->bits != c->bits || block->base != c->base ||
        block->exception_size != c->exception_size || block->exception_count != c->exceptions)
        return false;
    write_block(chosen, contents);
    const size_t step = c->is_steps ? block->width : 0;
    return memcmp(block->offsets - step, contents, c->size) == 0;
}

bool sqa_packing_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array,
                              struct sqa_poll *poll) {
    struct sqa_packing packing;
    sqa_packing_start(&packing, kernels, array, poll);
    if (packing.width != array->width || !sqa_packing_pays(&packing))
        return false;
    struct sqa_packed_cursor cursor = sqa_packed_open(array);
    struct block b;
    struct sqa_reader reader;
    block_init(&b, kernels, array->width);
    sqa_reader_init(&reader, kernels, array, array->width, poll);
    for (size_t k = 0; sqa_reader_next(&reader); k++) {
        const struct sqa_packed_block block = sqa_packed_seek(&cursor, k);
        choose(&b, reader.data, reader.n);
        if (!block_is(&block, &b))
            return false;
    }
    return true;
}
