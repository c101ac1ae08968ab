#include "sql/selection.h"

#include "core/random.h"
#include "core/range.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

void *sqa_sorted_copy(struct sqa_call *call, const struct sqa_array *array, unsigned width) {
    void *copy = sqa_scratch_take(call, array->count, width);
    struct sqa_stack_scratch stack;
    void *scratch = sqa_scratch_take_either(call, &stack, array->count, width);
    sqa_whole_copy(call, array, copy, width);
    if (sqa_failed(call))
        return NULL;
    call->connection->kernels->sort[sqa_width_index(width)](copy, array->count, scratch,
                                                            &call->poll);
    sqa_scratch_give_either(call, &stack, scratch);
    return sqa_failed(call) ? NULL : copy;
}

/*
** How sqa_nth() works: passes over the array narrow the range of integers that the element is in,
** until so few elements are in the range that they can be copied. The range comes from a sample
** of the elements (Floyd and Rivest: "Expected time bounds for selection", CACM 18(3), 1975), so
** that one pass is enough in most cases; if that does not succeed several times, the range is
** halved. So there are at most about 80 passes, and no copy of the array is needed.
*/
struct narrowing {
    struct sqa_call *call;
    const struct sqa_array *array;
    size_t rank;            /* of the element that is wanted */
    struct sqa_range range; /* which it is in */
    size_t below, inside;   /* numbers of elements that are less than the range, and in it */
    /* room for `most` elements and a block that are in the range, and scratch of the same size */
    unsigned char *copy, *scratch;
    size_t most;
    bool is_copied; /* the elements in the range are in copy */
};

static size_t count_ones(const struct sqa_kernels *kernels, const uint8_t *mask, size_t n) {
    return kernels->count[0](mask, 1, n);
}

/*
** Reads the array and counts the elements that are less than range.lo, and those in the range.
** Copies the latter as long as there is room for them.
*/
static void count_range(const struct narrowing *n, struct sqa_range range, size_t *below,
                        size_t *inside) {
    const struct sqa_kernels *kernels = n->call->connection->kernels;
    const unsigned width = n->array->width, index = sqa_width_index(width);
    uint8_t mask[SQA_BLOCK];
    struct sqa_reader reader;
    *below = *inside = 0;
    sqa_read(&reader, n->call, n->array, width);
    while (sqa_reader_next(&reader)) {
        kernels->between[index](mask, reader.data, range.lo, range.hi, reader.n);
        *inside += *inside <= n->most ? kernels->filter[index](n->copy + *inside * width,
                                                               reader.data, mask, reader.n)
                                      : count_ones(kernels, mask, reader.n);
        if (range.lo == INT64_MIN)
            continue;
        kernels->between[index](mask, reader.data, INT64_MIN, range.lo - 1, reader.n);
        *below += count_ones(kernels, mask, reader.n);
    }
}

/*
** Fills sample with elements that are in the range, sorted, and returns their number. They are some
** of each of PLACES blocks, one of each equal part of the array, because a packed array can only be
** read in blocks; fewer of a shorter array, for which sorting many would take longer than a pass.
*/
enum { PLACES = 64, FEW_AT_A_PLACE = 4, AT_A_PLACE = 16, SAMPLE = PLACES * AT_A_PLACE };
static size_t sample_range(const struct narrowing *n, struct sqa_random *random,
                           int64_t sample[SAMPLE]) {
    const struct sqa_kernels *kernels = n->call->connection->kernels;
    const size_t blocks = n->array->count / SQA_BLOCK;
    const size_t each = n->array->count < 2 * SQA_RUN ? FEW_AT_A_PLACE : AT_A_PLACE;
    int64_t scratch[SAMPLE];
    size_t count = 0;
    struct sqa_reader reader;
    sqa_read(&reader, n->call, n->array, n->array->width);
    for (size_t i = 0; i < PLACES; i++) {
        const size_t from = i * blocks / PLACES, end = (i + 1) * blocks / PLACES;
        const size_t block = from + (size_t)sqa_random_below(random, end - from + (end == from));
        reader.data = sqa_reader_block(&reader, block * SQA_BLOCK, SQA_BLOCK);
        reader.n = SQA_BLOCK;
        for (size_t j = 0; j < each; j++) {
            sample[count] = sqa_reader_get(&reader, (size_t)sqa_random_below(random, SQA_BLOCK));
            count += sample[count] >= n->range.lo && sample[count] <= n->range.hi;
        }
    }
    kernels->sort[SQA_INDEX_64](sample, count, scratch, NULL);
    return count;
}

/* Returns the part of the range that the next pass looks at. */
static struct sqa_range choose_part(const struct narrowing *n, struct sqa_random *random,
                                    bool halve) {
    enum { FEW_SAMPLED = 16, DEVIATIONS = 3 };
    int64_t sample[SAMPLE];
    struct sqa_range part = n->range;
    const size_t sampled = halve ? 0 : sample_range(n, random, sample);
    if (sampled < FEW_SAMPLED) {
        part.hi = (int64_t)((uint64_t)part.lo + ((uint64_t)part.hi - (uint64_t)part.lo) / 2);
        return part;
    }
    /*
    ** the rank in the sample; its standard deviation is at most half the root of the sample's size
    */
    const double place = (double)(n->rank - n->below) / (double)n->inside * (double)sampled;
    const size_t middle = (size_t)place < sampled ? (size_t)place : sampled - 1;
    size_t off = DEVIATIONS;
    while (off * off * 4 < sampled * DEVIATIONS * DEVIATIONS)
        off++;
    if (middle >= off)
        part.lo = sample[middle - off];
    if (middle + off < sampled)
        part.hi = sample[middle + off];
    if (part.lo == n->range.lo && part.hi == n->range.hi) /* many equal elements */
        part.lo = part.hi = sample[middle];
    return part;
}

/* Makes a pass over the array, after which the range is smaller. */
static void narrow_range(struct narrowing *n, struct sqa_range part) {
    size_t below, inside;
    count_range(n, part, &below, &inside);
    n->is_copied = false;
    if (n->rank < below) {
        n->range.hi = part.lo - 1;
        n->inside = below - n->below;
    } else if (n->rank < below + inside) {
        n->range = part;
        n->below = below;
        n->inside = inside;
        n->is_copied = inside <= n->most;
    } else {
        n->range.lo = part.hi + 1;
        n->inside = n->below + n->inside - below - inside;
        n->below = below + inside;
    }
}

/* Returns the smallest element that is greater than v, which must exist. */
static int64_t next_above(struct sqa_call *call, const struct sqa_array *array, int64_t v) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(array->width);
    _Alignas(64) unsigned char above[SQA_BLOCK * 8];
    uint8_t mask[SQA_BLOCK];
    struct sqa_reader reader;
    int64_t next = INT64_MAX;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        kernels->between[index](mask, reader.data, v + 1, next, reader.n);
        const size_t count = kernels->filter[index](above, reader.data, mask, reader.n);
        const int64_t least = count > 0 ? kernels->min[index](above, count) : next;
        next = least < next ? least : next;
    }
    return next;
}

/* Sets x as sqa_nth() does, from `count` elements of which x[0] has this rank. */
static void nth_of_copy(struct sqa_call *call, void *copy, size_t count, unsigned width,
                        size_t rank, void *scratch, int64_t x[2]) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(width);
    const size_t behind = count - rank - 1;
    x[0] = kernels->nth[index](copy, count, rank, scratch, &call->poll);
    x[1] = behind > 0 ? INT64_MAX : x[0];
    /* nth has moved all elements that are not smaller behind rank */
    for (size_t at = 0, n; (n = sqa_next_run(behind, at, &call->poll)) > 0; at += n) {
        const int64_t least =
            kernels->min[index]((unsigned char *)copy + (rank + 1 + at) * width, n);
        x[1] = least < x[1] ? least : x[1];
    }
}

/* sqa_nth() of an array that is too long to be copied */
static void nth_by_narrowing(struct sqa_call *call, const struct sqa_array *array, size_t rank,
                             int64_t x[2]) {
    enum { SAMPLED_PASSES = 16, PART = 4 };
    const unsigned width = array->width;
    const int64_t most = sqa_width_most(width);
    struct sqa_random random = sqa_random_seeded(0);
    struct narrowing n = {.call = call,
                          .array = array,
                          .rank = rank,
                          .range = {-most - 1, most},
                          .inside = array->count,
                          .most = array->count / PART};
    const size_t room = n.most + SQA_BLOCK;
    n.copy = sqa_scratch_take(call, 2 * (uint64_t)room, width);
    if (n.copy == NULL)
        return;
    n.scratch = n.copy + room * width;
    for (int passes = 0; !n.is_copied && n.range.lo < n.range.hi && !sqa_failed(call); passes++)
        narrow_range(&n, choose_part(&n, &random, passes >= SAMPLED_PASSES));
    if (sqa_failed(call))
        return;
    const size_t next = rank + 1 - n.below;
    if (n.is_copied)
        nth_of_copy(call, n.copy, n.inside, width, rank - n.below, n.scratch, x);
    else
        x[0] = x[1] = n.range.lo;
    if (next >= n.inside && rank + 1 < array->count)
        x[1] = next_above(call, array, n.range.hi);
    sqa_scratch_give(call, n.copy);
}

void sqa_nth(struct sqa_call *call, const struct sqa_array *array, size_t rank, int64_t x[2]) {
    enum { SHORT = 64 * 1024 }; /* bytes of an array that is copied */
    struct sqa_stack_scratch stack;
    x[0] = x[1] = 0;
    if ((uint64_t)array->count * array->width > SHORT) {
        nth_by_narrowing(call, array, rank, x);
        return;
    }
    unsigned char *copy =
        sqa_scratch_take_either(call, &stack, 2 * (uint64_t)array->count, array->width);
    sqa_whole_copy(call, array, copy, array->width);
    if (sqa_failed(call))
        return;
    nth_of_copy(call, copy, array->count, array->width, rank, copy + array->count * array->width,
                x);
    sqa_scratch_give_either(call, &stack, copy);
}

uint64_t sqa_sorted_sig(const struct sqa_view *sorted) {
    if (sorted->count == 0)
        return 0;
    return sqa_sig(sqa_view_get(sorted, 0)) | sqa_sig(sqa_view_get(sorted, sorted->count - 1));
}
