#include "index/search_estimate.h"

#include "index/log.h"

SQLITE_EXTENSION_INIT3

/* How many rows there are: the list's blocks, each taken to have as many keys as the first ones have. */
static int estimate_rows(struct sqa_search *search) {
    enum { LOOKS = 4 };
    struct sqa_posting_list *rows = &search->lists[0];
    sqlite3_stmt *count;
    double blocks = 0, seen = 0, keys = 0;
    int rc = sqa_index_statement(search->index, SQA_INDEX_COUNT_ROWS, &count);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(count) == SQLITE_ROW)
        blocks = sqlite3_column_double(count, 0);
    rc = sqlite3_reset(count);
    if (rc == SQLITE_OK)
        rc = sqa_list_seek(rows, INT64_MIN);
    while (rc == SQLITE_OK && rows->has_block && seen < LOOKS) {
        seen++;
        keys += (double)rows->block.n;
        rc = sqa_list_next(rows);
    }
    sqa_list_forget(rows);
    search->rows = seen > 0 ? keys / seen * blocks : 0;
    const int64_t more = sqa_log_difference(sqa_index_log(search->index), true, 0);
    search->rows += (double)more;
    search->rows = search->rows < 1 ? 1 : search->rows;
    return rc;
}

static int count_list(struct sqa_search *search, uint32_t list, double *n) {
    struct sqa_posting_list *of = &search->lists[list];
    if (of->is_rows) {
        *n = search->rows;
        return SQLITE_OK;
    }
    const int rc = sqa_list_count(of);
    const int64_t more = sqa_log_difference(sqa_index_log(search->index), false, of->value);
    *n = (double)(of->n + more);
    *n = *n > search->rows ? search->rows : *n < 0 ? 0 : *n;
    return rc;
}

/* What is joined last stands first; parts that follow each other are counted as if they were independent. */
static void estimate_parts(const struct sqa_search *search, struct sqa_search_node *node) {
    double share = node->kind == SQA_SEARCH_AND ? 1 : 0, least = search->rows;
    for (uint32_t i = node->part; i != 0; i = search->nodes[i].next) {
        const double part = search->nodes[i].estimate / search->rows;
        share = node->kind == SQA_SEARCH_AND ? share * part : share + part - share * part;
        least = search->nodes[i].estimate < least ? search->nodes[i].estimate : least;
    }
    node->estimate = share * search->rows;
    if (node->kind == SQA_SEARCH_AND && node->estimate > least)
        node->estimate = least;
}

/* Parts were made before what they are parts of, but for lists that grew: a node's parts may have higher numbers. */
static int search_estimate(struct sqa_search *search, uint32_t number) {
    struct sqa_search_node *node = &search->nodes[number];
    int rc = SQLITE_OK;
    for (uint32_t i = node->part; i != 0 && rc == SQLITE_OK; i = search->nodes[i].next)
        rc = search_estimate(search, i);
    if (rc != SQLITE_OK)
        return rc;
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        return count_list(search, node->list, &node->estimate);
    case SQA_SEARCH_NOT:
        node->estimate = search->rows - search->nodes[node->part].estimate;
        return SQLITE_OK;
    case SQA_SEARCH_NOTHING:
        node->estimate = 0;
        return SQLITE_OK;
    default:
        estimate_parts(search, node);
        return SQLITE_OK;
    }
}

/* The parts of an AND: the rarest first, and those that take away last. Of any length: merges of linked runs. */
static bool is_before(const struct sqa_search *search, uint32_t a, uint32_t b) {
    const struct sqa_search_node *x = &search->nodes[a], *y = &search->nodes[b];
    const bool x_takes = x->kind == SQA_SEARCH_NOT, y_takes = y->kind == SQA_SEARCH_NOT;
    return x_takes != y_takes ? y_takes : x->estimate < y->estimate;
}

static uint32_t merge_parts(struct sqa_search *search, uint32_t a, uint32_t b) {
    uint32_t first = 0, *end = &first;
    while (a != 0 && b != 0) {
        uint32_t *const from = is_before(search, b, a) ? &b : &a;
        *end = *from;
        end = &search->nodes[*from].next;
        *from = *end;
    }
    *end = a != 0 ? a : b;
    return first;
}

static uint32_t sort_parts(struct sqa_search *search, uint32_t first) {
    uint32_t runs[32] = {0}; /* runs[i] has 2^i parts, or none */
    while (first != 0) {
        uint32_t run = first;
        first = search->nodes[run].next;
        search->nodes[run].next = 0;
        int i = 0;
        for (; runs[i] != 0; i++) {
            run = merge_parts(search, runs[i], run);
            runs[i] = 0;
        }
        runs[i] = run;
    }
    uint32_t all = 0;
    for (int i = 0; i < 32; i++)
        all = runs[i] == 0 ? all : all == 0 ? runs[i] : merge_parts(search, runs[i], all);
    return all;
}

double sqa_search_estimate(const struct sqa_search *search) {
    return search->nodes[search->root].estimate;
}

char *sqa_search_explain(const struct sqa_search *search, char *text) {
    enum { SHOWN = 8 };
    for (uint32_t i = 1; i < search->list_count && i <= SHOWN; i++)
        text = sqa_sql_add(text, "%s%lld: %lld", i == 1 ? "; " : ", ",
                           (long long)search->lists[i].value, (long long)search->lists[i].n);
    return search->list_count > SHOWN + 1 ? sqa_sql_add(text, ", ...") : text;
}

int sqa_search_count(struct sqa_search *search) {
    int rc = estimate_rows(search);
    if (rc == SQLITE_OK)
        rc = search_estimate(search, search->root);
    for (uint32_t i = 1; rc == SQLITE_OK && i < search->node_count; i++) {
        if (search->nodes[i].kind == SQA_SEARCH_AND)
            search->nodes[i].part = sort_parts(search, search->nodes[i].part);
    }
    return rc;
}
