#include "core/set_walk.h"

#include "core/elementwise.h"

void sqa_set_walk_begin(struct sqa_set_walk *pairs, const struct sqa_kernels *kernels,
                        const struct sqa_view *a, const struct sqa_view *b, unsigned width) {
    pairs->kernels = kernels;
    pairs->width = width;
    for (int s = 0; s < 2; s++) {
        pairs->side[s].view = s == 0 ? *a : *b;
        pairs->side[s].data = pairs->side[s].scratch;
        pairs->side[s].at = pairs->side[s].n = 0;
    }
}

/* Finds the next elements of side s; true if the set goes on behind them. */
static bool read_side(struct sqa_set_walk *pairs, int s) {
    const struct sqa_view *view = &pairs->side[s].view;
    const size_t at = pairs->side[s].at, left = view->count - at;
    const size_t most = view->width == pairs->width ? SQA_RUN : SQA_BLOCK;
    const size_t n = left < most ? left : most;
    pairs->side[s].n = n;
    pairs->side[s].data = pairs->side[s].scratch;
    if (view->width == pairs->width && n > 0)
        pairs->side[s].data = view->data + at * view->width;
    else
        sqa_view_copy(pairs->kernels, view, at, n, pairs->side[s].scratch, pairs->width);
    return n < left;
}

bool sqa_set_walk_next(struct sqa_set_walk *pairs) {
    int64_t limit = INT64_MAX;
    bool limited = false;
    for (int s = 0; s < 2; s++) {
        pairs->side[s].at += pairs->side[s].n;
        if (read_side(pairs, s)) {
            const struct sqa_view part = {pairs->side[s].data, pairs->side[s].n, pairs->width};
            const int64_t last = sqa_view_get(&part, part.count - 1);
            limit = last < limit ? last : limit;
            limited = true;
        }
    }
    /* what is above the limit may be equal to elements of the other side that are not read yet */
    for (int s = 0; s < 2 && limited; s++) {
        int64_t n;
        pairs->kernels->bound[sqa_width_index(pairs->width)](&n, pairs->side[s].data,
                                                             pairs->side[s].n, &limit, 1, true);
        pairs->side[s].n = (size_t)n;
    }
    return pairs->side[0].n > 0 || pairs->side[1].n > 0;
}

struct sqa_view sqa_set_within(const struct sqa_kernels *kernels, const struct sqa_view *set,
                               unsigned width) {
    const int64_t most = sqa_width_most(width), ends[2] = {-most - 1, most};
    int64_t start, end;
    if (set->width <= width)
        return *set;
    sqa_bound_fn *const bound = kernels->bound[sqa_width_index(set->width)];
    bound(&start, set->data, set->count, &ends[0], 1, false);
    bound(&end, set->data, set->count, &ends[1], 1, true);
    return sqa_view_slice(set, (size_t)start, (size_t)(end - start));
}
