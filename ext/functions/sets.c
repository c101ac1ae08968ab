/*
** Functions on sets. An argument that is already a set is used in place, any other is copied and
** sorted.
*/
#include "core/set_walk.h"
#include "functions/bodies.h"
#include "functions/few.h"
#include "functions/marks.h"
#include "functions/set_operand.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* The result is the set of the n <= SQA_FEW elements at data. */
static void result_set_of_few(struct sqa_call *call, const void *data, size_t n, unsigned width) {
    struct sqa_out out;
    sqa_out_open(&out, call, n, width);
    const size_t count =
        call->connection->kernels->set_of_few[sqa_width_index(width)](out.elements, data, n);
    const struct sqa_view set = {out.elements, count, width};
    sqa_out_close(&out, count, sqa_sorted_sig(&set));
}

enum set_operation { UNITE, INTERSECT, EXCEPT, SYMDIFF };

static sqa_merge_fn *merge_kernel(const struct sqa_kernels *kernels, enum set_operation op,
                                  unsigned width) {
    sqa_merge_fn *const *const by_operation[] = {kernels->unite, kernels->intersect,
                                                 kernels->except, kernels->symdiff};
    return by_operation[op][sqa_width_index(width)];
}

/*
** Returns the width for the operation and drops elements that do not fit it, if they cannot
** influence the result. To find a common element, the larger set keeps its width and the smaller
** one is converted.
*/
static unsigned fit_width(const struct sqa_kernels *kernels, enum set_operation op,
                          struct sqa_array *a, struct sqa_array *b) {
    unsigned width = a->width > b->width ? a->width : b->width;
    if (op == EXCEPT || op == INTERSECT) {
        width = op == EXCEPT || a->count > b->count ? a->width : b->width;
        if (a->width > width)
            *a = sqa_set_within(kernels, a, width);
        if (b->width > width)
            *b = sqa_set_within(kernels, b, width);
    }
    return width;
}

/*
** Returns how many elements the result needs room for; kernels may need more room than they fill.
*/
static uint64_t merge_room(enum set_operation op, const struct sqa_array *a,
                           const struct sqa_array *b) {
    switch (op) {
    case INTERSECT:
        return a->count < b->count ? a->count : b->count;
    case EXCEPT:
        return a->count;
    default:
        return (uint64_t)a->count + b->count;
    }
}

/* Fills dst with the set a op b in this width and returns its number of elements. */
static size_t merge_sets(struct sqa_call *call, enum set_operation op, const struct sqa_array *a,
                         const struct sqa_array *b, unsigned width, unsigned char *dst) {
    sqa_merge_fn *const kernel = merge_kernel(call->connection->kernels, op, width);
    struct sqa_set_walk walk;
    size_t count = 0;
    sqa_set_walk_begin(&walk, call->connection->kernels, a, b, width, &call->poll);
    while (sqa_set_walk_next(&walk))
        count += kernel(dst + count * width, walk.side[0].data, walk.side[0].n, walk.side[1].data,
                        walk.side[1].n);
    return count;
}

/* Returns a op b in scratch memory and frees a's scratch memory. */
static struct sqa_set_operand combine(struct sqa_call *call, enum set_operation op,
                                      const struct sqa_set_operand *a,
                                      const struct sqa_set_operand *b) {
    struct sqa_array x = a->array, y = b->array;
    const unsigned width = fit_width(call->connection->kernels, op, &x, &y);
    void *dst = sqa_scratch_take(call, merge_room(op, &x, &y), width);
    if (dst == NULL)
        return (struct sqa_set_operand){sqa_array_empty(), NULL};
    const struct sqa_view view = {dst, merge_sets(call, op, &x, &y, width, dst), width};
    sqa_scratch_give(call, a->scratch);
    return (struct sqa_set_operand){sqa_array_of(&view), dst};
}

/* The result is the set a op b. */
static void result_merge(struct sqa_call *call, enum set_operation op,
                         const struct sqa_set_operand *a, const struct sqa_set_operand *b) {
    struct sqa_array x = a->array, y = b->array;
    struct sqa_out out;
    const unsigned width = fit_width(call->connection->kernels, op, &x, &y);
    const uint64_t most = merge_room(op, &x, &y);
    if (!sqa_is_within_limit(call, sqa_blob_size(most, width))) {
        /* the estimated room exceeds SQLite's limit, but the actual result may fit */
        const struct sqa_set_operand merged = combine(call, op, a, b);
        sqa_result_array(call, &merged.array);
        return;
    }
    sqa_out_open(&out, call, most, width);
    const size_t count = merge_sets(call, op, &x, &y, width, out.elements);
    const struct sqa_view merged = {out.elements, count, width};
    sqa_out_close(&out, count, sqa_sorted_sig(&merged));
}

/*
** Unites the n sets in pairs, then the results in pairs, until two sets are left. Returns how
** many are left.
*/
static int unite_to_two(struct sqa_call *call, struct sqa_set_operand *sets, int n) {
    while (n > 2 && !sqa_failed(call)) {
        int kept = 0;
        for (int i = 0; i < n; i += 2, kept++) {
            sets[kept] = i + 1 < n ? combine(call, UNITE, &sets[i], &sets[i + 1]) : sets[i];
            if (i + 1 < n)
                sqa_scratch_give(call, sets[i + 1].scratch);
        }
        n = kept;
    }
    return n;
}

/*
** Combines the first of the n sets with the others in turn, until one other is left. Returns how
** many are left.
*/
static int combine_to_two(struct sqa_call *call, enum set_operation op,
                          struct sqa_set_operand *sets, int n) {
    for (; n > 2 && !sqa_failed(call); n--) {
        sets[0] = combine(call, op, &sets[0], &sets[n - 1]);
        sqa_scratch_give(call, sets[n - 1].scratch);
    }
    return n;
}

static void smallest_first(struct sqa_set_operand *sets, int n) {
    for (int i = 1; i < n; i++) {
        if (sets[i].array.count < sets[0].array.count) {
            const struct sqa_set_operand first = sets[0];
            sets[0] = sets[i];
            sets[i] = first;
        }
    }
}

/* The result is side 0 op side 1. */
static void result_few(struct sqa_call *call, enum set_operation op,
                       const struct sqa_few_pair *pair) {
    _Alignas(64) unsigned char elements[2 * SQA_FEW_BYTES];
    const unsigned width = pair->width;
    size_t n;
    if (op == UNITE) {
        n = pair->side[0].count;
        memcpy(elements, pair->side[0].data, n * width);
        memcpy(elements + n * width, pair->side[1].data, pair->side[1].count * width);
        n += pair->side[1].count;
    } else {
        n = sqa_few_choose(pair, 0, op == INTERSECT, elements);
        if (op == SYMDIFF)
            n += sqa_few_choose(pair, 1, false, elements + n * width);
    }
    result_set_of_few(call, elements, n, width);
}

/*
** Sets the result and returns true if there are at most two arguments with so few elements that
** they need not be sorted. Otherwise returns false.
*/
static bool result_of_few(struct sqa_call *call, enum set_operation op,
                          const struct sqa_set_operand *sets) {
    struct sqa_few_pair pair;
    struct sqa_view view;
    if (call->argc == 1 && sets[0].array.count <= SQA_FEW &&
        sqa_array_is_plain(&sets[0].array, &view)) {
        result_set_of_few(call, view.data, view.count, view.width);
        return true;
    }
    if (call->argc != 2 ||
        !sqa_few_pair(&pair, call->connection->kernels, &sets[0].array, &sets[1].array))
        return false;
    result_few(call, op, &pair);
    return true;
}

/* The result is the first argument as a set, op the second, op the third, and so forth. */
static void result_sets(struct sqa_call *call, enum set_operation op) {
    enum { SOME = 8 };
    struct sqa_set_operand some[SOME], *sets = some;
    struct sqa_set_room rooms[SOME];
    int n = call->argc;
    if (n > SOME)
        sets = sqa_scratch_take(call, (uint64_t)n, sizeof *sets);
    for (int i = 0; i < n && !sqa_failed(call); i++)
        sqa_arg_array_to(call, i, &sets[i].array);
    if (sqa_failed(call) || result_of_few(call, op, sets))
        return;
    for (int i = 0; i < n; i++)
        sqa_make_set(call, i, i < SOME ? &rooms[i] : NULL, &sets[i]);
    if (sqa_failed(call))
        return;
    if (op == INTERSECT)
        smallest_first(sets, n);
    n = op == UNITE ? unite_to_two(call, sets, n) : combine_to_two(call, op, sets, n);
    if (n == 1)
        sqa_result_array(call, &sets[0].array);
    else
        result_merge(call, op, &sets[0], &sets[1]);
}

void sqa_fn_unique(struct sqa_call *call) {
    result_sets(call, UNITE);
}

void sqa_fn_union(struct sqa_call *call) {
    result_sets(call, UNITE);
}

void sqa_fn_intersect(struct sqa_call *call) {
    result_sets(call, INTERSECT);
}

void sqa_fn_except(struct sqa_call *call) {
    result_sets(call, EXCEPT);
}

void sqa_fn_symdiff(struct sqa_call *call) {
    result_sets(call, SYMDIFF);
}

/*
** When a comparison of two sets may stop: never, at a common element, or at an element of the
** first set that the second lacks
*/
enum until { COUNTED, ONE_COMMON, ONE_MISSING };

/*
** Result of a comparison. `common` counts the common elements up to the point where the
** comparison stopped.
*/
struct comparison {
    size_t a, b, common;
};

/* Compares two short arrays. They need not be sets if the comparison may stop at one element. */
static void compare_few(struct sqa_few_pair *pair, enum until until, struct comparison *c) {
    if (until == COUNTED)
        sqa_few_unique(pair);
    c->a = pair->side[0].count;
    c->b = pair->side[1].count;
    c->common = sqa_few_common(pair, 1);
}

/* Compares two sets by reading both in parallel. */
static void walk_both(struct sqa_call *call, struct sqa_array *a, struct sqa_array *b,
                      enum until until, struct comparison *c) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = fit_width(kernels, INTERSECT, a, b);
    struct sqa_set_walk walk;
    if (until == ONE_MISSING && b->count < c->b)
        return;
    sqa_set_walk_begin(&walk, kernels, a, b, width, &call->poll);
    while (sqa_set_walk_next(&walk)) {
        const size_t common = kernels->common[sqa_width_index(width)](
            walk.side[0].data, walk.side[0].n, walk.side[1].data, walk.side[1].n);
        c->common += common;
        if ((until == ONE_COMMON && common > 0) ||
            (until == ONE_MISSING && common < walk.side[1].n))
            break;
    }
}

/*
** Compares an array in any order with a set of at most MOST_MARKED elements, for comparisons that
** may stop at one element.
*/
enum { MOST_MARKED = 64 };
static void mark_second(struct sqa_call *call, const struct sqa_array *a, const struct sqa_array *b,
                        enum until until, struct comparison *c) {
    const struct sqa_array fit = sqa_set_within(call->connection->kernels, b, a->width);
    uint8_t marks[MOST_MARKED];
    if (until == ONE_MISSING && fit.count < b->count)
        return;
    sqa_mark_values(call, a, &fit, marks, until == ONE_COMMON);
    for (size_t i = 0; i < fit.count; i++)
        c->common += marks[i];
}

/*
** Compares both arguments as sets. Allocates nothing if both are already sets, or if the second
** one has few elements.
*/
static void compare_sets(struct sqa_call *call, enum until until, struct comparison *c) {
    struct sqa_set_operand sets[2];
    struct sqa_array *a = &sets[0].array, *b = &sets[1].array;
    struct sqa_set_room rooms[2];
    struct sqa_few_pair pair;
    sqa_arg_array_to(call, 0, a);
    sqa_arg_array_to(call, 1, b);
    if (sqa_few_pair(&pair, call->connection->kernels, a, b)) {
        compare_few(&pair, until, c);
        return;
    }
    sqa_make_set(call, 1, &rooms[1], &sets[1]);
    *c = (struct comparison){a->count, b->count, 0};
    if (until != COUNTED && b->count <= MOST_MARKED && !sqa_arg_is_set(call, 0, a)) {
        mark_second(call, a, b, until, c);
        return;
    }
    sqa_make_set(call, 0, &rooms[0], &sets[0]);
    c->a = a->count;
    walk_both(call, a, b, until, c);
}

void sqa_fn_union_count(struct sqa_call *call) {
    struct comparison c;
    compare_sets(call, COUNTED, &c);
    sqlite3_result_int64(call->context, (int64_t)c.a + (int64_t)(c.b - c.common));
}

void sqa_fn_intersect_count(struct sqa_call *call) {
    struct comparison c;
    compare_sets(call, COUNTED, &c);
    sqlite3_result_int64(call->context, (int64_t)c.common);
}

void sqa_fn_contains_all(struct sqa_call *call) {
    struct comparison c;
    compare_sets(call, ONE_MISSING, &c);
    sqlite3_result_int(call->context, c.common == c.b);
}

void sqa_fn_contains_any(struct sqa_call *call) {
    struct comparison c;
    compare_sets(call, ONE_COMMON, &c);
    sqlite3_result_int(call->context, c.common > 0);
}

void sqa_fn_jaccard(struct sqa_call *call) {
    struct comparison c;
    compare_sets(call, COUNTED, &c);
    const double united = (double)c.a + (double)(c.b - c.common);
    sqlite3_result_double(call->context, united > 0 ? (double)c.common / united : 1.0);
}
