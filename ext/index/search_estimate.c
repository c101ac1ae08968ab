#include "index/search_estimate.h"

#include "index/log.h"

SQLITE_EXTENSION_INIT3

/* Estimates the number of rows from the number of blocks and the average size of the first ones. */
static void estimate_rows(struct sqa_search *search) {
    enum { LOOKS = 4 };
    struct sqa_vtab *vtab = &search->index->vtab;
    struct sqa_posting_list *rows = &search->lists[0];
    sqlite3_stmt *count = sqa_index_statement(search->index, SQA_INDEX_COUNT_ROWS);
    const double blocks = sqa_vtab_step(vtab, count) ? sqlite3_column_double(count, 0) : 0;
    double seen = 0, keys = 0;
    sqa_vtab_reset(vtab, count);
    for (sqa_list_seek(rows, INT64_MIN); rows->has_block && seen < LOOKS; sqa_list_next(rows)) {
        seen++;
        keys += (double)rows->block.n;
    }
    sqa_list_forget(rows);
    search->rows = seen > 0 ? keys / seen * blocks : 0;
    search->rows += (double)sqa_log_difference(sqa_index_log(search->index), true, 0);
    search->rows = search->rows < 1 ? 1 : search->rows;
}

static double count_list(struct sqa_search *search, uint32_t list) {
    struct sqa_posting_list *of = &search->lists[list];
    if (of->is_rows)
        return search->rows;
    sqa_list_count(of);
    const int64_t more = sqa_log_difference(sqa_index_log(search->index), false, of->value);
    const double n = (double)(of->n + more);
    return n > search->rows ? search->rows : n < 0 ? 0 : n;
}

/* Estimates an AND or an OR as if its parts were independent of each other. */
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

/* Estimates a node after its parts, which may have higher numbers than the node. */
static void estimate_node(struct sqa_search *search, uint32_t number) {
    struct sqa_search_node *node = &search->nodes[number];
    for (uint32_t i = node->part; i != 0; i = search->nodes[i].next)
        estimate_node(search, i);
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        node->estimate = count_list(search, node->list);
        break;
    case SQA_SEARCH_NOT:
        node->estimate = search->rows - search->nodes[node->part].estimate;
        break;
    case SQA_SEARCH_NOTHING:
        node->estimate = 0;
        break;
    default:
        estimate_parts(search, node);
    }
}

/*
** The parts of an AND are sorted: those with the fewest rows come first, and those that take rows
** away (NOT) last. This is a merge sort of linked lists.
*/
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
    uint32_t runs[32] = {0}; /* runs[i] is a sorted list of 2^i parts, or empty */
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

void sqa_search_count(struct sqa_search *search) {
    estimate_rows(search);
    estimate_node(search, search->root);
    for (uint32_t i = 1; i < search->node_count; i++) {
        if (search->nodes[i].kind == SQA_SEARCH_AND)
            search->nodes[i].part = sort_parts(search, search->nodes[i].part);
    }
}
