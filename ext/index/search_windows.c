#include "index/search_windows.h"

#include <string.h>

#include "index/log.h"

SQLITE_EXTENSION_INIT3

static const struct sqa_kernels *search_kernels_of(const struct sqa_search *search) {
    return search->index->vtab.connection->kernels;
}

/* The two windows of a level */
static struct sqa_key_window *windows_of(const struct sqa_search *search, uint32_t level) {
    return sqa_windows_in(search->windows) + 2 * level;
}

static void copy_window(struct sqa_key_window *dst, const struct sqa_key_window *src) {
    sqa_window_clear(dst, src->base);
    dst->n = src->n;
    dst->is_bitmap = src->is_bitmap;
    memcpy(&dst->keys, &src->keys,
           src->is_bitmap ? sizeof src->keys : src->n * sizeof src->keys.distance[0]);
}

static int list_window(struct sqa_search *search, uint32_t number, int64_t lo, int64_t hi,
                       struct sqa_key_window *window) {
    struct sqa_posting_list *list = &search->lists[number];
    const int rc = sqa_list_collect(list, lo, hi, window);
    if (rc == SQLITE_OK)
        sqa_log_merge(sqa_index_log(search->index), search_kernels_of(search), list->is_rows,
                      list->value, lo, hi, window);
    return rc;
}

static int node_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                       int64_t hi, uint32_t level, struct sqa_key_window *window);

/* *all, at first the keys before this part, becomes what it is with the part; *other is where, and they change places. */
static int join_part(struct sqa_search *search, const struct sqa_search_node *part,
                     enum sqa_search_kind kind, int64_t lo, int64_t hi, uint32_t level,
                     struct sqa_key_window **all, struct sqa_key_window **other) {
    struct sqa_key_window *const own = windows_of(search, level);
    const bool takes = kind == SQA_SEARCH_AND && part->kind == SQA_SEARCH_NOT;
    const int rc =
        node_window(search, takes ? &search->nodes[part->part] : part, lo, hi, level + 1, own);
    if (rc != SQLITE_OK)
        return rc;
    if (takes)
        sqa_window_and_not(search_kernels_of(search), *other, *all, own);
    else if (kind == SQA_SEARCH_AND)
        sqa_window_and(search_kernels_of(search), *other, *all, own);
    else
        sqa_window_or(search_kernels_of(search), *other, *all, own);
    struct sqa_key_window *const joined = *other;
    *other = *all;
    *all = joined;
    return SQLITE_OK;
}

static int parts_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                        int64_t hi, uint32_t level, struct sqa_key_window *window) {
    struct sqa_key_window *all = window, *other = windows_of(search, level) + 1;
    const struct sqa_search_node *part = &search->nodes[node->part];
    const bool is_and = node->kind == SQA_SEARCH_AND;
    int rc;
    if (is_and && part->kind == SQA_SEARCH_NOT) { /* all of them take away */
        rc = list_window(search, 0, lo, hi, all);
    } else {
        rc = node_window(search, part, lo, hi, level + 1, all);
        part = &search->nodes[part->next];
    }
    for (; rc == SQLITE_OK && part != search->nodes && (!is_and || all->n > 0);
         part = &search->nodes[part->next]) {
        if (is_and) {
            lo = sqa_window_first(all);
            hi = sqa_window_last(all);
        }
        rc = join_part(search, part, node->kind, lo, hi, level, &all, &other);
    }
    if (rc == SQLITE_OK && all != window)
        copy_window(window, all);
    return rc;
}

/* window is empty. */
static int node_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                       int64_t hi, uint32_t level, struct sqa_key_window *window) {
    struct sqa_key_window *const own = windows_of(search, level);
    int rc = SQLITE_OK;
    sqa_window_clear(window, sqa_window_base(lo));
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        return list_window(search, node->list, lo, hi, window);
    case SQA_SEARCH_NOTHING:
        return SQLITE_OK;
    case SQA_SEARCH_NOT:
        rc = node_window(search, &search->nodes[node->part], lo, hi, level + 1, own);
        sqa_window_clear(own + 1, own->base);
        if (rc == SQLITE_OK)
            rc = list_window(search, 0, lo, hi, own + 1);
        if (rc == SQLITE_OK)
            sqa_window_and_not(search_kernels_of(search), window, own + 1, own);
        return rc;
    default:
        return parts_window(search, node, lo, hi, level, window);
    }
}

int sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                      struct sqa_key_window *window) {
    return node_window(search, &search->nodes[search->root], lo, hi, 0, window);
}

static bool is_nearer(int64_t a, int64_t b, bool backwards) {
    return backwards ? a > b : a < b;
}

static int skip_list(struct sqa_search *search, uint32_t number, int64_t key, bool backwards,
                     int64_t *nearest, bool *found) {
    struct sqa_posting_list *list = &search->lists[number];
    int64_t added;
    const int rc = sqa_list_nearest(list, key, backwards, nearest, found);
    if (rc == SQLITE_OK && sqa_log_nearest(sqa_index_log(search->index), list->is_rows, list->value,
                                           key, backwards, &added)) {
        *nearest = !*found || is_nearer(added, *nearest, backwards) ? added : *nearest;
        *found = true;
    }
    return rc;
}

static int skip_node(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                     bool backwards, int64_t *nearest, bool *found);

/* Goes on from part to part until all of them may have a key in one window. */
static int skip_and(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                    bool backwards, int64_t *nearest, bool *found) {
    const struct sqa_search_node *const first = &search->nodes[node->part];
    bool has_moved = true;
    if (first->kind == SQA_SEARCH_NOT)
        return skip_list(search, 0, key, backwards, nearest, found);
    while (has_moved) {
        has_moved = false;
        for (const struct sqa_search_node *part = first;
             part != search->nodes && part->kind != SQA_SEARCH_NOT;
             part = &search->nodes[part->next]) {
            int64_t next;
            const int rc = skip_node(search, part, key, backwards, &next, found);
            if (rc != SQLITE_OK || !*found)
                return rc;
            has_moved |= part != first && sqa_window_base(next) != sqa_window_base(key);
            key = next;
        }
        if (has_moved && sqa_interrupted(search->index->vtab.connection))
            return SQLITE_INTERRUPT;
    }
    *nearest = key;
    return SQLITE_OK;
}

static int skip_or(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                   bool backwards, int64_t *nearest, bool *found) {
    *found = false;
    for (uint32_t i = node->part; i != 0; i = search->nodes[i].next) {
        int64_t next;
        bool has_next;
        const int rc = skip_node(search, &search->nodes[i], key, backwards, &next, &has_next);
        if (rc != SQLITE_OK)
            return rc;
        if (has_next && (!*found || is_nearer(next, *nearest, backwards)))
            *nearest = next;
        *found |= has_next;
    }
    return SQLITE_OK;
}

static int skip_node(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                     bool backwards, int64_t *nearest, bool *found) {
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        return skip_list(search, node->list, key, backwards, nearest, found);
    case SQA_SEARCH_AND:
        return skip_and(search, node, key, backwards, nearest, found);
    case SQA_SEARCH_OR:
        return skip_or(search, node, key, backwards, nearest, found);
    case SQA_SEARCH_NOT:
        return skip_list(search, 0, key, backwards, nearest, found);
    default:
        *found = false;
        return SQLITE_OK;
    }
}

int sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest,
                    bool *found) {
    return skip_node(search, &search->nodes[search->root], key, backwards, nearest, found);
}

/* The first few keys are looked up in the blocks that may have them; then it is worth evaluating windows. */
int sqa_search_lookup(struct sqa_search *search, int64_t key, bool *found) {
    enum { FEW = 8 };
    struct sqa_key_window window;
    const int64_t base = sqa_window_base(key);
    void **kept = &search->kept[((uint64_t)base / SQA_KEY_WINDOW) % SQA_SEARCH_KEPT];
    int rc = SQLITE_OK;
    if (*kept != NULL && sqa_windows_in(*kept)->base == base) {
        *found = sqa_window_has(sqa_windows_in(*kept), key);
        return SQLITE_OK;
    }
    if (search->lookups++ < FEW) {
        rc = sqa_search_window(search, key, key, &window);
        *found = rc == SQLITE_OK && window.n > 0;
        return rc;
    }
    rc = sqa_search_window(search, base, base + (SQA_KEY_WINDOW - 1), &window);
    *found = rc == SQLITE_OK && sqa_window_has(&window, key);
    if (rc != SQLITE_OK)
        return rc;
    if (*kept == NULL)
        *kept = sqa_pool_take(search->index->vtab.connection->pool,
                              sizeof window + SQA_WINDOW_ALIGNMENT);
    if (*kept != NULL)
        copy_window(sqa_windows_in(*kept), &window);
    return SQLITE_OK;
}
