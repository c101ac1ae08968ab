#include "store/conditions.h"

#include "core/reader.h"
#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

void sqa_conditions_clear(struct sqa_conditions *conditions) {
    for (int i = 0; i < conditions->count; i++)
        sqa_pool_give(conditions->list[i].set);
    sqa_object_free(conditions->list);
    sqa_object_free(conditions->plan);
    *conditions = (struct sqa_conditions){.plan = NULL};
}

/* Returns true if an integer equals the value, which may have any type, and sets *x to it. */
static bool integer_of(sqlite3_value *value, int64_t *x) {
    const struct sqa_range range = sqa_range_of(SQA_EQ, value);
    *x = range.lo;
    return range.lo == range.hi;
}

/* Adds an element to the set, whose memory doubles if necessary. */
static bool add_to_set(struct sqa_pool *pool, struct sqa_condition *condition, int64_t x) {
    enum { FIRST = 16 };
    const size_t n = condition->set_count, size = n * sizeof x;
    if (condition->set == NULL || sqa_pool_capacity(condition->set) < size + sizeof x) {
        void *set = condition->set == NULL ? sqa_pool_take(pool, FIRST * sizeof x)
                                           : sqa_pool_grow(pool, condition->set, size, 2 * size);
        if (set == NULL)
            return false;
        condition->set = set;
    }
    condition->set[condition->set_count++] = x;
    return true;
}

/* Sorts the set and removes duplicates. */
static void sort_set(struct sqa_store *store, struct sqa_condition *condition) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    const size_t n = condition->set_count;
    void *scratch = sqa_pool_take(store->base.connection->pool, n * sizeof condition->set[0]);
    if (!sqa_vtab_has_memory(&store->base, scratch != NULL))
        return;
    kernels->sort[SQA_INDEX_64](condition->set, n, scratch, NULL);
    sqa_pool_give(scratch);
    condition->set_count = kernels->unique[SQA_INDEX_64](condition->set, condition->set, n);
    condition->lo = condition->set[0];
    condition->hi = condition->set[condition->set_count - 1];
}

/* Reads the values after IN. Those that no integer equals are left out. */
static void read_set(struct sqa_store *store, sqlite3_value *list,
                     struct sqa_condition *condition) {
    struct sqa_pool *pool = store->base.connection->pool;
    sqlite3_value *value;
    int64_t x;
    int rc = sqlite3_vtab_in_first(list, &value);
    for (; rc == SQLITE_OK; rc = sqlite3_vtab_in_next(list, &value)) {
        if (integer_of(value, &x) &&
            !sqa_vtab_has_memory(&store->base, add_to_set(pool, condition, x)))
            return;
    }
    if (sqa_vtab_note(&store->base, rc == SQLITE_DONE ? SQLITE_OK : rc) == SQLITE_OK &&
        condition->set_count > 0)
        sort_set(store, condition);
}

/* Returns the range condition of a column. Adds it if there is none. */
static struct sqa_condition *range_of(struct sqa_conditions *conditions, int column) {
    struct sqa_condition *list = conditions->list;
    for (int i = 0; i < conditions->count; i++) {
        if (list[i].column == column && list[i].set == NULL)
            return &list[i];
    }
    list[conditions->count] =
        (struct sqa_condition){.column = column, .lo = INT64_MIN, .hi = INT64_MAX};
    return &list[conditions->count++];
}

/* Adds a term of the plan. Returns false if no integer satisfies it. */
static bool read_term(struct sqa_store *store, const struct sqa_store_term *term,
                      sqlite3_value *value, struct sqa_conditions *conditions) {
    struct sqa_condition *condition;
    if (term->op == SQA_TERM_IN) {
        condition = &conditions->list[conditions->count++];
        *condition = (struct sqa_condition){.column = term->column};
        read_set(store, value, condition);
        return condition->set_count > 0;
    }
    const struct sqa_range range = sqa_range_of(term->op, value);
    condition = range_of(conditions, term->column);
    condition->lo = range.lo > condition->lo ? range.lo : condition->lo;
    condition->hi = range.hi < condition->hi ? range.hi : condition->hi;
    return condition->lo <= condition->hi;
}

bool sqa_conditions_read(struct sqa_store *store, const char *text, sqlite3_value **argv,
                         struct sqa_conditions *conditions) {
    bool any = true;
    sqa_conditions_clear(conditions);
    struct sqa_store_plan *plan = conditions->plan = sqa_store_plan_copy(text);
    if (!sqa_vtab_has_memory(&store->base, plan != NULL))
        return false;
    conditions->list =
        sqa_vtab_object(&store->base, ((size_t)plan->count + 1) * sizeof conditions->list[0]);
    for (int i = 0; i < plan->count && !sqa_vtab_failed(&store->base); i++)
        any &= read_term(store, &plan->terms[i], argv[i], conditions);
    return any && !sqa_vtab_failed(&store->base);
}

bool sqa_condition_meets_any(const struct sqa_condition *condition, int64_t min, int64_t max) {
    if (max < condition->lo || min > condition->hi)
        return false;
    if (condition->set == NULL)
        return true;
    const size_t i = sqa_lower_bound(condition->set, condition->set_count, min);
    return condition->set[i] <= max; /* i is valid because hi, the last element, is >= min */
}

bool sqa_condition_meets_all(const struct sqa_condition *condition, int64_t min, int64_t max) {
    if (condition->set != NULL)
        return min == max && sqa_condition_meets_any(condition, min, max);
    return condition->lo <= min && max <= condition->hi;
}

/* Returns true for a range of rowids, which is found by their order instead of testing rows. */
static bool is_rowid_range(const struct sqa_condition *condition) {
    return condition->column == SQA_ROWID && condition->set == NULL;
}

bool sqa_conditions_meet_chunk(struct sqa_chunk_scan *scan, const struct sqa_conditions *conditions,
                               bool *active) {
    bool any = scan->header.last >= scan->lo;
    for (int i = 0; i < conditions->count && any; i++) {
        const struct sqa_condition *condition = &conditions->list[i];
        int64_t min = scan->header.first, max = scan->header.last;
        if (condition->column != SQA_ROWID)
            sqa_chunk_scan_min_max(scan, condition->column, &min, &max);
        any = sqa_condition_meets_any(condition, min, max);
        if (active != NULL)
            active[i] = !sqa_condition_meets_all(condition, min, max) && !is_rowid_range(condition);
    }
    return any && !sqa_vtab_failed(&scan->store->base);
}

/*
** What the range of a block tells: none, all or some of its values satisfy a condition.
*/
enum block_answer { MEETS_NONE, MEETS_ALL, MEETS_SOME };

static enum block_answer ask_block(const struct sqa_rows *rows,
                                   const struct sqa_condition *condition, size_t at) {
    if (condition->column == SQA_ROWID)
        return MEETS_SOME;
    const struct sqa_range range = sqa_column_range(&rows->columns[condition->column], at);
    if (!sqa_condition_meets_any(condition, range.lo, range.hi))
        return MEETS_NONE;
    return sqa_condition_meets_all(condition, range.lo, range.hi) ? MEETS_ALL : MEETS_SOME;
}

/*
** Fills mask with 1 for each of n elements that is in the set, and 0 for the others. All elements
** are in `range`, and only the part of the set that is in it is looked at, in the width of the
** elements.
*/
static void test_set(const struct sqa_kernels *kernels, const struct sqa_condition *condition,
                     struct sqa_range range, const struct sqa_view *elements, uint8_t *mask) {
    const int64_t most = sqa_width_most(elements->width);
    const int64_t lo = range.lo > -most - 1 ? range.lo : -most - 1;
    const int64_t hi = range.hi < most ? range.hi : most;
    const size_t first = sqa_lower_bound(condition->set, condition->set_count, lo);
    size_t end = sqa_lower_bound(condition->set, condition->set_count, hi);
    end += end < condition->set_count && condition->set[end] == hi;
    const struct sqa_view set = {(const unsigned char *)(condition->set + first), end - first,
                                 sizeof condition->set[0]};
    unsigned width = elements->width;
    _Alignas(64) unsigned char room[SQA_BLOCK * sizeof condition->set[0]];
    const void *sought = set.data, *data = elements->data;
    if (set.count <= SQA_BLOCK && width < set.width) {
        sqa_view_copy(kernels, &set, 0, set.count, room, width);
        sought = room;
    } else if (width < set.width) {
        width = set.width;
        sqa_view_copy(kernels, elements, 0, elements->count, room, width);
        data = room;
    }
    kernels->isin[sqa_width_index(width)](mask, data, elements->count, sought, set.count);
}

/*
** Fills mask with 1 for each of n rows, from row `at` on, that meets a condition, and 0 for the
** others.
*/
static void test_block(const struct sqa_kernels *kernels, const struct sqa_rows *rows,
                       const struct sqa_condition *condition, size_t at, size_t n, uint8_t *mask) {
    int64_t values[SQA_BLOCK];
    struct sqa_view view = {(const unsigned char *)values, n, sizeof values[0]};
    struct sqa_range range = {sqa_rows_rowid(rows, at), sqa_rows_rowid(rows, at + n - 1)};
    if (condition->column != SQA_ROWID) {
        struct sqa_column *column = &rows->columns[condition->column];
        view = (struct sqa_view){sqa_column_block(column, at), n, column->array.width};
        range = sqa_column_range(column, at);
    } else if (!sqa_rows_dense(rows)) {
        view = sqa_view_slice(&rows->rowids.view, at, n);
    } else {
        kernels->series[SQA_INDEX_64](values, rows->first + (int64_t)at, 1, n);
    }
    if (condition->set != NULL)
        test_set(kernels, condition, range, &view, mask);
    else
        kernels->between[sqa_width_index(view.width)](mask, view.data, condition->lo, condition->hi,
                                                      n);
}

/* Returns true if condition i is active, see sqa_conditions_pick(). */
static bool is_active(const struct sqa_condition *conditions, const bool *active, int i) {
    return active == NULL ? !is_rowid_range(&conditions[i]) : active[i];
}

size_t sqa_conditions_pick(const struct sqa_kernels *kernels, const struct sqa_rows *rows,
                           const struct sqa_condition *conditions, const bool *active, int count,
                           size_t at, size_t n, int64_t *picked) {
    uint8_t mask[SQA_BLOCK], other[SQA_BLOCK];
    struct sqa_acc acc = {0, 0};
    enum block_answer all = MEETS_ALL;
    for (int i = 0; i < count; i++) {
        if (is_active(conditions, active, i) && ask_block(rows, &conditions[i], at) == MEETS_NONE)
            return 0;
    }
    for (int i = 0; i < count; i++) {
        if (!is_active(conditions, active, i) || ask_block(rows, &conditions[i], at) == MEETS_ALL)
            continue;
        test_block(kernels, rows, &conditions[i], at, n, all == MEETS_ALL ? mask : other);
        if (all == MEETS_SOME)
            kernels->bit_and_vv[0](mask, mask, other, n, &acc);
        all = MEETS_SOME;
        if (kernels->find[0](mask, 1, n) == n) /* further columns need not be unpacked */
            return 0;
    }
    if (all == MEETS_SOME)
        return kernels->positions[0](picked, mask, (int64_t)at, n);
    kernels->series[SQA_INDEX_64](picked, (int64_t)at, 1, n);
    return n;
}
