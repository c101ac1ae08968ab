#include "core/set_walk.h"

void sqa_set_walk_begin(struct sqa_set_walk *walk, const struct sqa_kernels *kernels,
                        const struct sqa_array *a, const struct sqa_array *b, unsigned width,
                        struct sqa_poll *poll) {
    walk->kernels = kernels;
    walk->poll = poll;
    sqa_reader_init_runs(&walk->side[0], kernels, a, width, NULL);
    sqa_reader_init_runs(&walk->side[1], kernels, b, width, NULL);
}

bool sqa_set_walk_next(struct sqa_set_walk *walk) {
    const unsigned index = sqa_width_index(walk->side[0].width);
    int64_t limit = INT64_MAX;
    bool limited = false;
    const bool is_first = walk->side[0].n == 0 && walk->side[1].n == 0;
    if (is_first ? sqa_was_stopped(walk->poll) : sqa_stopped(walk->poll))
        return false;
    for (int s = 0; s < 2; s++) {
        struct sqa_reader *side = &walk->side[s];
        if (sqa_reader_next(side) && side->at + side->n < side->array->count) {
            const int64_t last = sqa_reader_get(side, side->n - 1);
            limit = last < limit ? last : limit;
            limited = true;
        }
    }
    /* elements above the limit may be equal to elements of the other set that have not been read */
    for (int s = 0; s < 2 && limited; s++) {
        int64_t n;
        walk->kernels->bound[index](&n, walk->side[s].data, walk->side[s].n, &limit, 1, true);
        walk->side[s].n = (size_t)n;
    }
    return walk->side[0].n > 0 || walk->side[1].n > 0;
}

/* Returns the index of the first element that is not less than x, or the count if there is none. */
static size_t lower_bound(const struct sqa_kernels *kernels, const struct sqa_array *set,
                          int64_t x) {
    size_t low = 0, high = set->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sqa_array_get(kernels, set, middle) < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct sqa_array sqa_set_within(const struct sqa_kernels *kernels, const struct sqa_array *set,
                                unsigned width) {
    const int64_t most = sqa_width_most(width);
    if (set->width <= width)
        return *set;
    const size_t start = lower_bound(kernels, set, -most - 1);
    const size_t end = lower_bound(kernels, set, most + 1);
    return sqa_array_slice(set, start, end - start);
}
