#include "core/posting_block.h"

#include <string.h>

#include "kernel/little_endian.h"

/* A payload of this many bytes or more is never written. */
#define TOO_LONG ((uint64_t)1 << 40)

static size_t varint_size(uint64_t x) {
    size_t size = 1;
    for (; x > 127; x >>= 7)
        size++;
    return size;
}

static unsigned char *put_varint(unsigned char *dst, uint64_t x) {
    for (; x > 127; x >>= 7)
        *dst++ = (unsigned char)(x | 128);
    *dst++ = (unsigned char)x;
    return dst;
}

/*
** Reads the varint at p, which must end before `end`. Returns the address after it, or NULL if
** there is no valid varint.
*/
static const unsigned char *get_varint(const unsigned char *p, const unsigned char *end,
                                       uint64_t *x) {
    *x = 0;
    for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
        const uint64_t bits = *p & 127;
        if (bits << shift >> shift != bits)
            return NULL; /* more than 64 bits */
        *x |= bits << shift;
        /* a last byte of 0 is not the shortest form */
        if (*p++ < 128)
            return bits == 0 && shift > 0 ? NULL : p;
    }
    return NULL;
}

/*
** Returns low_bits of the Elias-Fano code of the n - 2 offsets between the first and the last
** one.
*/
static unsigned low_bits_of(size_t n, uint64_t span) {
    const uint64_t average = n > 2 ? span / (n - 2) : 0;
    return average > 0 ? 63 - (unsigned)__builtin_clzll(average) : 0;
}

static uint64_t elias_fano_size(size_t n, uint64_t span) {
    if (n <= 2)
        return 0;
    const uint64_t m = n - 2;
    const unsigned low_bits = low_bits_of(n, span);
    return (m * low_bits + 7) / 8 + (((span - 1) >> low_bits) + m + 7) / 8;
}

static uint64_t bitmap_size(uint64_t span) {
    return span / 8 < TOO_LONG ? span / 8 + 1 : TOO_LONG;
}

/* Returns the codec for n keys with this span, and sets *size to the bytes of the payload. */
static enum sqa_block_codec block_choose(size_t n, uint64_t span, uint64_t *size) {
    if (span == n - 1) {
        *size = 0;
        return SQA_BLOCK_RUN;
    }
    const uint64_t bitmap = bitmap_size(span), elias_fano = elias_fano_size(n, span);
    *size = bitmap <= elias_fano ? bitmap : elias_fano;
    return bitmap <= elias_fano ? SQA_BLOCK_BITMAP : SQA_BLOCK_ELIAS_FANO;
}

size_t sqa_block_size(size_t n, uint64_t span) {
    uint64_t payload;
    (void)block_choose(n, span, &payload);
    return (size_t)(1 + varint_size(n) + varint_size(span) + payload);
}

static uint64_t block_span_of(const int64_t *keys, size_t n) {
    return (uint64_t)keys[n - 1] - (uint64_t)keys[0];
}

/*
** A longer block may be smaller, so the binary search may miss the best length; but the length
** that it finds always fits.
*/
size_t sqa_block_fit(const int64_t *keys, size_t n, size_t most) {
    size_t fits = 1, over = (n < SQA_BLOCK_KEYS ? n : SQA_BLOCK_KEYS) + 1;
    if (sqa_block_size(over - 1, block_span_of(keys, over - 1)) <= most)
        return over - 1;
    while (over - fits > 1) {
        const size_t middle = fits + (over - fits) / 2;
        if (sqa_block_size(middle, block_span_of(keys, middle)) <= most)
            fits = middle;
        else
            over = middle;
    }
    return fits;
}

/* Writes bits one after the other, beginning with the lowest bit of each byte. */
struct bit_writer {
    unsigned char *at;
    uint64_t pending;
    unsigned count; /* number of pending bits, less than 64 */
};

static void store_word(unsigned char *dst, uint64_t word, size_t size) {
    word = sqa_little_endian(word);
    memcpy(dst, &word, size);
}

/* Writes the lowest `count` < 64 bits. The other bits must be 0. */
static inline void put_bits(struct bit_writer *w, uint64_t bits, unsigned count) {
    const unsigned before = w->count;
    w->pending |= bits << before;
    w->count += count;
    if (w->count < 64)
        return;
    store_word(w->at, w->pending, 8);
    w->at += 8;
    w->count -= 64;
    w->pending = w->count > 0 ? bits >> (64 - before) : 0;
}

static void encode_elias_fano(unsigned char *dst, size_t size, const int64_t *keys, size_t n) {
    const unsigned low_bits = low_bits_of(n, block_span_of(keys, n));
    const uint64_t mask = ((uint64_t)1 << low_bits) - 1;
    const size_t m = n - 2, low_size = (m * low_bits + 7) / 8;
    struct bit_writer w = {dst, 0, 0};
    memset(dst + low_size, 0, size - low_size);
    for (size_t i = 0; i < m; i++) {
        const uint64_t offset = (uint64_t)keys[i + 1] - (uint64_t)keys[0];
        const uint64_t bit = (offset >> low_bits) + i;
        unsigned char *const byte = dst + low_size + bit / 8;
        put_bits(&w, offset & mask, low_bits);
        *byte = (unsigned char)(*byte | 1u << bit % 8);
    }
    store_word(w.at, w.pending, (w.count + 7) / 8);
}

size_t sqa_block_encode(unsigned char *dst, const int64_t *keys, size_t n) {
    const uint64_t span = block_span_of(keys, n);
    uint64_t size;
    const enum sqa_block_codec codec = block_choose(n, span, &size);
    unsigned char *at = dst;
    *at++ = (unsigned char)codec;
    at = put_varint(put_varint(at, n), span);
    if (codec == SQA_BLOCK_BITMAP) {
        memset(at, 0, (size_t)size);
        for (size_t i = 0; i < n; i++) {
            const uint64_t bit = (uint64_t)keys[i] - (uint64_t)keys[0];
            at[bit / 8] = (unsigned char)(at[bit / 8] | 1u << bit % 8);
        }
    } else if (size > 0) {
        encode_elias_fano(at, (size_t)size, keys, n);
    }
    return (size_t)(at - dst) + (size_t)size;
}

/*
** Returns true if the first and the last bit of a bitmap of span + 1 bits are set, and the bits
** after the last one are not.
*/
static bool is_bitmap(const unsigned char *bits, uint64_t span) {
    return (bits[0] & 1) != 0 && bits[span / 8] >> span % 8 == 1;
}

bool sqa_block_open(struct sqa_posting_block *block, int64_t first, const unsigned char *bytes,
                    size_t size) {
    const unsigned char *const end = bytes + size;
    uint64_t n, span, payload;
    if (size < 3 || size > SQA_BLOCK_BYTES)
        return false;
    const unsigned char *at = get_varint(bytes + 1, end, &n);
    if (at == NULL || n == 0 || n > SQA_BLOCK_KEYS)
        return false;
    at = get_varint(at, end, &span);
    if (at == NULL || span < n - 1 || span > (uint64_t)INT64_MAX - (uint64_t)first ||
        (n == 1 && span > 0))
        return false;
    if (block_choose((size_t)n, span, &payload) != bytes[0] || payload != (uint64_t)(end - at))
        return false;
    if (bytes[0] == SQA_BLOCK_BITMAP && !is_bitmap(at, span))
        return false;
    *block = (struct sqa_posting_block){
        .codec = (enum sqa_block_codec)bytes[0],
        .n = (size_t)n,
        .first = first,
        .last = (int64_t)((uint64_t)first + span),
        .payload = at,
        .payload_size = (size_t)payload,
    };
    return true;
}

/* Uses unsigned arithmetic because the last key may be the largest 64-bit integer. */
static void decode_run(int64_t first, size_t n, int64_t *keys) {
    for (size_t i = 0; i < n; i++)
        keys[i] = (int64_t)((uint64_t)first + i);
}

static bool decode_bitmap(const struct sqa_kernels *kernels, const struct sqa_posting_block *block,
                          int64_t *keys) {
    const size_t bits = (size_t)((uint64_t)block->last - (uint64_t)block->first) + 1;
    if (kernels->ones[0](block->payload, block->payload_size) != block->n)
        return false;
    return kernels->bit_positions[3](keys, block->payload, bits, block->first) == block->n;
}

static bool decode_elias_fano(const struct sqa_kernels *kernels,
                              const struct sqa_posting_block *block, int64_t *keys) {
    const uint64_t span = (uint64_t)block->last - (uint64_t)block->first;
    const unsigned low_bits = low_bits_of(block->n, span);
    keys[0] = block->first;
    if (block->n > 2 &&
        kernels->elias_fano[3](keys + 1, block->payload, block->payload_size, block->n - 2,
                               low_bits, block->first) != block->n - 2)
        return false;
    keys[block->n - 1] = block->last;
    return kernels->ascending[3](keys, block->n) == block->n;
}

bool sqa_block_decode(const struct sqa_kernels *kernels, const struct sqa_posting_block *block,
                      int64_t *keys) {
    switch (block->codec) {
    case SQA_BLOCK_RUN:
        decode_run(block->first, block->n, keys);
        return true;
    case SQA_BLOCK_BITMAP:
        return decode_bitmap(kernels, block, keys);
    default:
        return decode_elias_fano(kernels, block, keys);
    }
}
