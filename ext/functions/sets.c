/* Functions on sets. An argument that is a set is used where it stands; others are copied and
 * sorted. */
#include "core/set_walk.h"
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"
#include "functions/sets.h"

SQLITE_EXTENSION_INIT3

/* An operand: a set, and the scratch memory that holds it, or NULL where it is borrowed. */
struct set {
    struct sqa_view view;
    void *owned;
};

enum sqa_status sqa_is_set(struct sqa_call *call, const struct sqa_view *view, bool *is_set) {
    sqa_ascending_fn *const ascending =
        call->connection->kernels->ascending[sqa_width_index(view->width)];
    *is_set = true;
    for (size_t at = 0, n; *is_set && (n = sqa_next_run(view->count, at, &call->poll)) > 0;
         at += n) {
        const size_t more = n + (at + n < view->count); /* with the first of the next run */
        *is_set = ascending(view->data + at * view->width, more) == more;
    }
    return sqa_call_status(call);
}

/*
** A long array that is a constant is tested once per statement: to read it all would cost more
** than to find a few elements in it. What SQLite keeps with the argument is an empty array's blob,
** which means nothing but that this argument is a set. (With a text argument it keeps the parsed
** array.)
*/
static enum sqa_status test_argument(struct sqa_call *call, int i, const struct sqa_view *view,
                                     bool *is_set) {
    enum { LONG = 4096 };
    static const unsigned char known[SQA_HEADER] = {0xA1, 0x41, 0, 1};
    const bool keep = view->count >= LONG && sqlite3_value_type(call->argv[i]) == SQLITE_BLOB;
    *is_set = keep && sqlite3_get_auxdata(call->context, i) == known;
    if (*is_set)
        return SQA_OK;
    const enum sqa_status status = sqa_is_set(call, view, is_set);
    if (keep && status == SQA_OK && *is_set)
        sqlite3_set_auxdata(call->context, i, (void *)known, NULL);
    return status;
}

/* Argument i as a set. Whatever is returned, set->owned goes back by sqa_scratch_give(). */
static enum sqa_status set_argument(struct sqa_call *call, int i, struct set *set) {
    bool is_set;
    set->owned = NULL;
    enum sqa_status status = sqa_arg_array(call, i, &set->view);
    if (status == SQA_OK)
        status = test_argument(call, i, &set->view, &is_set);
    if (status != SQA_OK || is_set)
        return status;
    void *sorted;
    status = sqa_sorted_copy(call, &set->view, set->view.width, &sorted);
    if (status == SQA_OK) {
        set->owned = sorted;
        set->view.data = sorted;
        status = sqa_whole_unique(call, sorted, set->view.count, set->view.width, &set->view.count);
    }
    return status;
}

/* All arguments; likewise. */
static enum sqa_status set_arguments(struct sqa_call *call, struct set *sets) {
    enum sqa_status status = SQA_OK;
    for (int i = 0; i < call->argc; i++) {
        sets[i].owned = NULL;
        if (status == SQA_OK)
            status = set_argument(call, i, &sets[i]);
    }
    return status;
}

static void give_sets(struct set *sets, int count) {
    for (int i = 0; i < count; i++)
        sqa_scratch_give(sets[i].owned);
}

enum operation { UNITE, INTERSECT, EXCEPT, SYMDIFF };

static sqa_merge_fn *kernel_of(const struct sqa_kernels *kernels, enum operation op,
                               unsigned width) {
    sqa_merge_fn *const *const by_operation[] = {kernels->unite, kernels->intersect,
                                                 kernels->except, kernels->symdiff};
    return by_operation[op][sqa_width_index(width)];
}

/*
** The width to work in, without elements that do not fit it where these cannot matter. Where a
** common element is looked for, the larger set stays as it is and the other is converted.
*/
static unsigned fit(const struct sqa_kernels *kernels, enum operation op, struct sqa_view *a,
                    struct sqa_view *b) {
    unsigned width = a->width > b->width ? a->width : b->width;
    if (op == EXCEPT || op == INTERSECT) {
        width = op == EXCEPT || a->count > b->count ? a->width : b->width;
        *a = sqa_set_within(kernels, a, width);
        *b = sqa_set_within(kernels, b, width);
    }
    return width;
}

/* Room that the result needs, in elements: what its kernels ask for */
static uint64_t room(enum operation op, const struct sqa_view *a, const struct sqa_view *b) {
    switch (op) {
    case INTERSECT:
        return a->count < b->count ? a->count : b->count;
    case EXCEPT:
        return a->count;
    default:
        return (uint64_t)a->count + b->count;
    }
}

/* Fills dst with a op b in this width; *count: its elements. */
static enum sqa_status merge(struct sqa_call *call, enum operation op, const struct sqa_view *a,
                             const struct sqa_view *b, unsigned width, void *dst, size_t *count) {
    sqa_merge_fn *const kernel = kernel_of(call->connection->kernels, op, width);
    struct sqa_set_walk pairs;
    *count = 0;
    sqa_set_walk_begin(&pairs, call->connection->kernels, a, b, width);
    while (sqa_set_walk_next(&pairs)) {
        *count += kernel((unsigned char *)dst + *count * width, pairs.side[0].data, pairs.side[0].n,
                         pairs.side[1].data, pairs.side[1].n);
        if (sqa_stopped(&call->poll))
            return SQA_INTERRUPT;
    }
    return SQA_OK;
}

/* a becomes a op b, in scratch memory. */
static enum sqa_status combine(struct sqa_call *call, enum operation op, struct set *a,
                               const struct set *b) {
    struct sqa_view x = a->view, y = b->view;
    size_t count;
    const unsigned width = fit(call->connection->kernels, op, &x, &y);
    void *dst = sqa_scratch_take(call, room(op, &x, &y), width);
    if (dst == NULL)
        return SQA_NOMEM;
    const enum sqa_status status = merge(call, op, &x, &y, width, dst, &count);
    sqa_scratch_give(a->owned);
    *a = (struct set){{dst, count, width}, dst};
    return status;
}

/* The significance of a set: its ends have it all. */
static uint64_t set_sig(const struct sqa_view *set) {
    if (set->count == 0)
        return 0;
    return sqa_sig(sqa_view_get(set, 0)) | sqa_sig(sqa_view_get(set, set->count - 1));
}

/* The result is a op b. a may change. */
static enum sqa_status result_merge(struct sqa_call *call, enum operation op, struct set *a,
                                    const struct set *b) {
    struct sqa_view x = a->view, y = b->view;
    struct sqa_out out;
    const unsigned width = fit(call->connection->kernels, op, &x, &y);
    enum sqa_status status = sqa_out_open(&out, call, room(op, &x, &y), width);
    if (status == SQA_TOOBIG) { /* the room is, but the result need not be */
        status = combine(call, op, a, b);
        return status == SQA_OK ? sqa_result_array(call, &a->view) : status;
    }
    if (status != SQA_OK)
        return status;
    struct sqa_view result = {.data = sqa_out_data(&out), .width = width};
    status = merge(call, op, &x, &y, width, sqa_out_data(&out), &result.count);
    return sqa_out_close(&out, status, result.count, set_sig(&result));
}

/* Unites pairs of the n sets, then pairs of those, .., until two are left. */
static enum sqa_status unite_to_two(struct sqa_call *call, struct set *sets, int *n) {
    while (*n > 2) {
        int kept = 0;
        for (int i = 0; i < *n; i += 2, kept++) {
            const struct set none = {.owned = NULL};
            if (i + 1 < *n) {
                const enum sqa_status status = combine(call, UNITE, &sets[i], &sets[i + 1]);
                if (status != SQA_OK)
                    return status;
                sqa_scratch_give(sets[i + 1].owned);
                sets[i + 1] = none;
            }
            const struct set united = sets[i];
            sets[i] = none;
            sets[kept] = united;
        }
        *n = kept;
    }
    return SQA_OK;
}

/* Combines the first of the n sets with the others in turn, until one other is left. */
static enum sqa_status combine_to_two(struct sqa_call *call, enum operation op, struct set *sets,
                                      int *n) {
    while (*n > 2) {
        const enum sqa_status status = combine(call, op, &sets[0], &sets[*n - 1]);
        if (status != SQA_OK)
            return status;
        sqa_scratch_give(sets[*n - 1].owned);
        sets[--*n].owned = NULL;
    }
    return SQA_OK;
}

static void smallest_first(struct set *sets, int n) {
    for (int i = 1; i < n; i++) {
        if (sets[i].view.count < sets[0].view.count) {
            const struct set first = sets[0];
            sets[0] = sets[i];
            sets[i] = first;
        }
    }
}

/* The result is the first argument as a set, op the second, op the third, .. */
static enum sqa_status result_all(struct sqa_call *call, enum operation op) {
    enum { FEW = 8 };
    struct set few[FEW], *sets = few;
    int n = call->argc;
    if (n > FEW)
        sets = sqa_scratch_take(call, (uint64_t)n, sizeof *sets);
    if (sets == NULL)
        return SQA_NOMEM;
    enum sqa_status status = set_arguments(call, sets);
    if (status == SQA_OK && op == INTERSECT)
        smallest_first(sets, n);
    if (status == SQA_OK)
        status = op == UNITE ? unite_to_two(call, sets, &n) : combine_to_two(call, op, sets, &n);
    if (status == SQA_OK)
        status = n == 1 ? sqa_result_array(call, &sets[0].view)
                        : result_merge(call, op, &sets[0], &sets[1]);
    give_sets(sets, call->argc);
    if (sets != few)
        sqa_scratch_give(sets);
    return status;
}

enum sqa_status fn_unique(struct sqa_call *call) {
    return result_all(call, UNITE);
}

enum sqa_status fn_union(struct sqa_call *call) {
    return result_all(call, UNITE);
}

enum sqa_status fn_intersect(struct sqa_call *call) {
    return result_all(call, INTERSECT);
}

enum sqa_status fn_except(struct sqa_call *call) {
    return result_all(call, EXCEPT);
}

enum sqa_status fn_symdiff(struct sqa_call *call) {
    return result_all(call, SYMDIFF);
}

/* How far two sets are compared */
enum until { COUNTED, ONE_COMMON, ONE_MISSING };

/* What is known then. `common` is exact up to the point where the comparison ended. */
struct comparison {
    size_t a, b, common;
};

/* Compares both arguments as sets. Where they are sets, nothing is allocated. */
static enum sqa_status compare(struct sqa_call *call, enum until until, struct comparison *c) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct set sets[2];
    struct sqa_set_walk pairs;
    enum sqa_status status = set_arguments(call, sets);
    if (status != SQA_OK)
        goto done;
    struct sqa_view a = sets[0].view, b = sets[1].view;
    *c = (struct comparison){a.count, b.count, 0};
    const unsigned width = fit(kernels, INTERSECT, &a, &b);
    if (until == ONE_MISSING && b.count < c->b)
        goto done;
    sqa_set_walk_begin(&pairs, kernels, &a, &b, width);
    while (status == SQA_OK && sqa_set_walk_next(&pairs)) {
        const size_t common = kernels->common[sqa_width_index(width)](
            pairs.side[0].data, pairs.side[0].n, pairs.side[1].data, pairs.side[1].n);
        c->common += common;
        if ((until == ONE_COMMON && common > 0) ||
            (until == ONE_MISSING && common < pairs.side[1].n))
            break;
        if (sqa_stopped(&call->poll))
            status = SQA_INTERRUPT;
    }
done:
    give_sets(sets, 2);
    return status;
}

enum sqa_status fn_union_count(struct sqa_call *call) {
    struct comparison c;
    const enum sqa_status status = compare(call, COUNTED, &c);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (int64_t)c.a + (int64_t)(c.b - c.common));
    return status;
}

enum sqa_status fn_intersect_count(struct sqa_call *call) {
    struct comparison c;
    const enum sqa_status status = compare(call, COUNTED, &c);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (int64_t)c.common);
    return status;
}

enum sqa_status fn_contains_all(struct sqa_call *call) {
    struct comparison c;
    const enum sqa_status status = compare(call, ONE_MISSING, &c);
    if (status == SQA_OK)
        sqlite3_result_int(call->context, c.common == c.b);
    return status;
}

enum sqa_status fn_contains_any(struct sqa_call *call) {
    struct comparison c;
    const enum sqa_status status = compare(call, ONE_COMMON, &c);
    if (status == SQA_OK)
        sqlite3_result_int(call->context, c.common > 0);
    return status;
}

enum sqa_status fn_jaccard(struct sqa_call *call) {
    struct comparison c;
    const enum sqa_status status = compare(call, COUNTED, &c);
    if (status == SQA_OK) {
        const double united = (double)c.a + (double)(c.b - c.common);
        sqlite3_result_double(call->context, united > 0 ? (double)c.common / united : 1.0);
    }
    return status;
}
