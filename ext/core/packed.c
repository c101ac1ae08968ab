#include "core/packed.h"

/* Returns the start of one of the lists that follow the header. */
static const unsigned char *list_of_bits(const struct sqa_packed_cursor *c) {
    return c->lists + c->blocks;
}
static const unsigned char *list_of_exceptions(const struct sqa_packed_cursor *c) {
    return c->lists + 2 * c->blocks;
}
static const unsigned char *list_of_bases(const struct sqa_packed_cursor *c) {
    return c->lists + 3 * c->blocks;
}

static int64_t load_signed(const unsigned char *at, unsigned width) {
    const struct sqa_view one = {at, 1, width};
    return sqa_view_get(&one, 0);
}

static uint64_t low_ones(unsigned bits) {
    return bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
}

/* Returns the bytes of an exception in a block with this form. */
static unsigned exception_size(unsigned char form) {
    return (1u << (form >> 1 & 3)) & ~1u;
}

unsigned sqa_packed_lane(bool is_steps, unsigned bits, unsigned size) {
    const unsigned more = size > 0 ? 8 * size - SQA_PACKED_PLACE_BITS : 0;
    const unsigned need = bits + more + (is_steps ? SQA_PACKED_PLACE_BITS : 0);
    return need < 8 ? 1 : need < 16 ? 2 : need < 32 ? 4 : 8;
}

/*
** Returns the sum of n bytes, each combined with mask. Works in groups of a fixed size, so that
** compilers vectorize it.
*/
static uint64_t sum_bytes(const unsigned char *bytes, size_t n, unsigned char mask) {
    enum { GROUP = 64 };
    uint64_t sum = 0;
    size_t at = 0;
    for (; at + GROUP <= n; at += GROUP) {
        uint16_t some = 0;
        for (size_t i = 0; i < GROUP; i++)
            some = (uint16_t)(some + (bytes[at + i] & mask));
        sum += some;
    }
    for (; at < n; at++)
        sum += bytes[at] & mask;
    return sum;
}

uint64_t sqa_packed_contents_size(const unsigned char *forms, const unsigned char *bits,
                                  const unsigned char *exceptions, size_t n, unsigned width) {
    return sum_bytes(forms, n, SQA_PACKED_STEPS) * width +
           sum_bytes(bits, n, 0xff) * (SQA_BLOCK / 8) + sum_bytes(exceptions, n, 0xff) * 2;
}

/* Returns the bytes of the contents of blocks `from` to `to`. */
static uint64_t contents_size(const struct sqa_packed_cursor *c, size_t from, size_t to) {
    return sqa_packed_contents_size(c->lists + from, list_of_bits(c) + from,
                                    list_of_exceptions(c) + from, to - from, c->width);
}

static struct sqa_packed_entry entry_of(const struct sqa_packed_cursor *c, size_t k) {
    return (struct sqa_packed_entry){c->lists[k], list_of_bits(c)[k], list_of_exceptions(c)[k]};
}

bool sqa_packed_is_sound(struct sqa_packed_entry entry) {
    const unsigned size = exception_size(entry.form), bytes = 2u * entry.exceptions;
    if (entry.form > 7 || entry.bits > 64)
        return false;
    return size == 0 ? bytes == 0 : bytes > 0 && bytes % size == 0 && entry.bits < 64;
}

size_t sqa_packed_block_size(struct sqa_packed_entry entry, size_t n, unsigned width) {
    return ((entry.form & SQA_PACKED_STEPS) != 0 ? width : 0) +
           sqa_packed_offsets_size(n, entry.bits) + 2u * entry.exceptions;
}

enum sqa_status sqa_packed_check(const unsigned char *lists, uint64_t size, uint64_t count,
                                 unsigned width, struct sqa_error *error) {
    struct sqa_packed_cursor c = {.lists = lists, .count = (size_t)count, .width = width};
    c.blocks = sqa_packed_blocks(c.count);
    if (count == 0) { /* an empty array is always plain */
        *error = (struct sqa_error){1, 0};
        return SQA_BAD_BLOCK;
    }
    uint64_t needed = (uint64_t)c.blocks * (3 + width);
    *error = (struct sqa_error){(int64_t)(SQA_HEADER + size), (int64_t)(SQA_HEADER + needed)};
    if (size < needed)
        return SQA_BAD_SIZE;
    for (size_t k = 0; k < c.blocks; k++) {
        if (!sqa_packed_is_sound(entry_of(&c, k))) {
            error->a = (int64_t)k + 1;
            return SQA_BAD_BLOCK;
        }
    }
    const size_t last = c.blocks - 1, left = c.count - last * SQA_BLOCK;
    needed += contents_size(&c, 0, last) + sqa_packed_block_size(entry_of(&c, last), left, width);
    error->b = (int64_t)(SQA_HEADER + needed);
    return size == needed ? SQA_OK : SQA_BAD_SIZE;
}

struct sqa_packed_cursor sqa_packed_open(const struct sqa_array *array) {
    struct sqa_packed_cursor c = {
        .lists = array->encoded, .count = array->packed_count, .width = array->width};
    c.blocks = sqa_packed_blocks(c.count);
    c.contents = c.lists + c.blocks * (3 + c.width);
    return c;
}

struct sqa_packed_block sqa_packed_block_at(struct sqa_packed_entry entry, size_t n, unsigned width,
                                            const unsigned char *base,
                                            const unsigned char *contents) {
    struct sqa_packed_block block = {.n = n,
                                     .width = width,
                                     .is_steps = (entry.form & SQA_PACKED_STEPS) != 0,
                                     .bits = entry.bits,
                                     .base = load_signed(base, width),
                                     .offsets = contents,
                                     .exception_size = exception_size(entry.form)};
    if (block.is_steps) {
        block.step = load_signed(contents, width);
        block.offsets += width;
    }
    block.exceptions = block.offsets + sqa_packed_offsets_size(block.n, block.bits);
    if (block.exception_size > 0)
        block.exception_count = 2u * entry.exceptions / block.exception_size;
    return block;
}

struct sqa_packed_block sqa_packed_seek(struct sqa_packed_cursor *c, size_t index) {
    if (index < c->index) {
        c->index = 0;
        c->contents = c->lists + c->blocks * (3 + c->width);
    }
    c->contents += contents_size(c, c->index, index);
    c->index = index;
    const size_t left = c->count - index * SQA_BLOCK;
    return sqa_packed_block_at(entry_of(c, index), left < SQA_BLOCK ? left : SQA_BLOCK, c->width,
                               list_of_bases(c) + index * c->width, c->contents);
}

/*
** Reads an unsigned integer of 1, 2, 4 or 8 bytes. With a constant size, compilers turn memcpy()
** into one load.
*/
static uint64_t load_unsigned(const unsigned char *at, unsigned size) {
    uint16_t x16;
    uint32_t x32;
    uint64_t x64;
    switch (size) {
    case 1:
        return *at;
    case 2:
        return memcpy(&x16, at, sizeof x16), x16;
    case 4:
        return memcpy(&x32, at, sizeof x32), x32;
    default:
        return memcpy(&x64, at, sizeof x64), x64;
    }
}

static void store_unsigned(unsigned char *at, unsigned size, uint64_t x) {
    const uint16_t x16 = (uint16_t)x;
    const uint32_t x32 = (uint32_t)x;
    switch (size) {
    case 1:
        *at = (unsigned char)x;
        break;
    case 2:
        memcpy(at, &x16, sizeof x16);
        break;
    case 4:
        memcpy(at, &x32, sizeof x32);
        break;
    default:
        memcpy(at, &x, sizeof x);
    }
}

/*
** Reads exception i: returns the index of its offset in the block, and sets *high to the higher
** bits of the offset, shifted to where they belong.
*/
static size_t exception_at(const struct sqa_packed_block *block, size_t i, uint64_t *high) {
    const uint64_t exception =
        load_unsigned(block->exceptions + i * block->exception_size, block->exception_size);
    *high = exception >> SQA_PACKED_PLACE_BITS << block->bits;
    return (size_t)(exception & ((1 << SQA_PACKED_PLACE_BITS) - 1));
}

/*
** Computes an upper bound of the offsets with exceptions: of the largest offset (frame), or of
** what the exceptions add to their sum (steps). Returns false if it does not fit 64 bits.
*/
static bool add_up_exceptions(const struct sqa_packed_block *block, uint64_t low, uint64_t *most) {
    *most = low;
    for (size_t i = 0; i < block->exception_count; i++) {
        uint64_t high;
        (void)exception_at(block, i, &high);
        if (!block->is_steps)
            *most = (high | low) > *most ? high | low : *most;
        else if (__builtin_add_overflow(*most, high, most))
            return false;
    }
    return true;
}

/*
** Computes a range that holds all elements of a block if the arithmetic does not overflow the
** width. Returns false if its ends do not fit 64 bits.
*/
static bool bounds(const struct sqa_packed_block *block, struct sqa_range *range) {
    const uint64_t low = low_ones(block->bits);
    const int64_t steps = block->is_steps ? (int64_t)block->n - 1 : 0;
    int64_t down = block->step < 0 ? block->step : 0, up = 0;
    uint64_t most;
    if (!add_up_exceptions(block, low, &most) ||
        (steps > 0 && __builtin_add_overflow(block->step, low, &up)))
        return false;
    up = up > 0 ? up : 0;
    return !__builtin_mul_overflow(steps, up, &up) && !__builtin_mul_overflow(steps, down, &down) &&
           !__builtin_add_overflow(up, most, &up) &&
           !__builtin_add_overflow(block->base, down, &range->lo) &&
           !__builtin_add_overflow(block->base, up, &range->hi);
}

/*
** Returns true if no element and no intermediate value overflows the width. Then range holds all
** elements.
*/
static bool stays_in_width(const struct sqa_packed_block *block, struct sqa_range *range) {
    const int64_t most = sqa_width_most(block->width);
    return bounds(block, range) && range->lo >= -most - 1 && range->hi <= most;
}

struct sqa_range sqa_packed_range(const struct sqa_packed_block *block) {
    const int64_t most = sqa_width_most(block->width);
    struct sqa_range range;
    return stays_in_width(block, &range) ? range : (struct sqa_range){-most - 1, most};
}

/* Adds the exceptions' bits to the offsets, which are in lanes of `lane` bytes. */
static void add_exceptions(const struct sqa_packed_block *block, unsigned char *offsets,
                           unsigned lane) {
    for (size_t i = 0; i < block->exception_count; i++) {
        uint64_t high;
        const size_t place = exception_at(block, i, &high);
        if (place >= block->n)
            continue;
        unsigned char *const at = offsets + place * lane;
        store_unsigned(at, lane, (load_unsigned(at, lane) & low_ones(block->bits)) | high);
    }
}

/* Returns true if the sums of steps and offsets cannot overflow the lanes. */
static bool step_fits_lane(const struct sqa_packed_block *block, unsigned lane) {
    /* a step may use a quarter of the lane's range divided by 1,024 */
    const unsigned spare = 8 * lane - SQA_PACKED_PLACE_BITS - 2;
    const unsigned most =
        block->bits +
        (block->exception_size > 0 ? 8 * block->exception_size - SQA_PACKED_PLACE_BITS : 0);
    return lane == 8 || (most <= spare && block->step < (int64_t)1 << spare &&
                         block->step > -((int64_t)1 << spare));
}

/* Decodes the elements, each `width` bytes wide, with arithmetic modulo 2^(8 * width). */
static void decode(const struct sqa_kernels *kernels, const struct sqa_packed_block *block,
                   void *dst, unsigned width) {
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    const unsigned lane = sqa_packed_lane(block->is_steps, block->bits, block->exception_size);
    const unsigned index = sqa_width_index(lane);
    unsigned char *const lanes = lane == width ? dst : scratch;
    if (block->n == SQA_BLOCK)
        kernels->unpack[index](lanes, block->offsets, block->bits);
    else
        kernels->unpack_tail[index](lanes, block->offsets, block->n, block->bits);
    add_exceptions(block, lanes, lane);
    int64_t step = block->is_steps ? block->step : 0;
    if (block->is_steps && block->bits + block->exception_size > 0) {
        const int64_t in_lane = step_fits_lane(block, lane) ? step : 0;
        int64_t sum = (int64_t)(0 - (uint64_t)in_lane);
        kernels->cumsum_wrapping[index](lanes, block->n, in_lane, &sum);
        step -= in_lane;
    }
    if (lane != width) {
        const struct sqa_view view = {lanes, block->n, lane};
        sqa_view_copy(kernels, &view, 0, block->n, dst, width);
    }
    if (step != 0)
        kernels->add_ramp[sqa_width_index(width)](dst, block->base, step, block->n);
    else
        kernels->add_wrapping[sqa_width_index(width)](dst, block->base, block->n);
}

void sqa_packed_decode(const struct sqa_kernels *kernels, const struct sqa_packed_block *block,
                       void *dst, unsigned width) {
    _Alignas(64) unsigned char elements[SQA_BLOCK * 8];
    struct sqa_range range;
    if (width <= block->width || stays_in_width(block, &range)) {
        decode(kernels, block, dst, width);
        return;
    }
    const struct sqa_view view = {elements, block->n, block->width};
    decode(kernels, block, elements, block->width);
    sqa_view_copy(kernels, &view, 0, block->n, dst, width);
}

void sqa_packed_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                     size_t count, void *dst, unsigned width) {
    _Alignas(64) unsigned char elements[SQA_BLOCK * 8];
    struct sqa_packed_cursor cursor = sqa_packed_open(array);
    unsigned char *to = dst;
    for (size_t done = 0, n; done < count; done += n, to += n * width) {
        const size_t first = array->packed_first + at + done, skip = first % SQA_BLOCK;
        const struct sqa_packed_block block = sqa_packed_seek(&cursor, first / SQA_BLOCK);
        n = count - done < block.n - skip ? count - done : block.n - skip;
        if (n == block.n && sqa_is_aligned(to, width)) {
            sqa_packed_decode(kernels, &block, to, width);
            continue;
        }
        sqa_packed_decode(kernels, &block, elements, width);
        memcpy(to, elements + skip * width, n * width);
    }
}

int64_t sqa_packed_get(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t i) {
    int64_t x;
    sqa_packed_copy(kernels, array, i, 1, &x, sizeof x);
    return x;
}
