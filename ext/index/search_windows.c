#include "index/search_windows.h"

#include <string.h>

#include "index/log.h"

SQLITE_EXTENSION_INIT3

static const struct sqa_kernels *search_kernels_of(const struct sqa_search *search) {
    return search->index->vtab.connection->kernels;
}

/* Returns the two windows of a level of the tree. */
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

static void list_window(struct sqa_search *search, uint32_t number, int64_t lo, int64_t hi,
                        struct sqa_key_window *window) {
    struct sqa_posting_list *list = &search->lists[number];
    sqa_list_collect(list, lo, hi, window);
    sqa_log_merge(sqa_index_log(search->index), search_kernels_of(search), list->is_rows,
                  list->value, lo, hi, window);
}

static void node_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                        int64_t hi, uint32_t level, struct sqa_key_window *window);

/* The two windows in which the parts of a node are joined. They are swapped after each part. */
struct joining {
    struct sqa_key_window *all; /* result of the parts so far */
    struct sqa_key_window *other;
};

/* Joins a part with the result of those before. */
static void join_part(struct sqa_search *search, const struct sqa_search_node *part,
                      enum sqa_search_kind kind, int64_t lo, int64_t hi, uint32_t level,
                      struct joining *joining) {
    const struct sqa_kernels *kernels = search_kernels_of(search);
    struct sqa_key_window *const own = windows_of(search, level), *const all = joining->all;
    const bool takes = kind == SQA_SEARCH_AND && part->kind == SQA_SEARCH_NOT;
    node_window(search, takes ? &search->nodes[part->part] : part, lo, hi, level + 1, own);
    if (takes)
        sqa_window_and_not(kernels, joining->other, all, own);
    else if (kind == SQA_SEARCH_AND)
        sqa_window_and(kernels, joining->other, all, own);
    else
        sqa_window_or(kernels, joining->other, all, own);
    joining->all = joining->other;
    joining->other = all;
}

static void parts_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                         int64_t hi, uint32_t level, struct sqa_key_window *window) {
    struct joining joining = {window, windows_of(search, level) + 1};
    const struct sqa_search_node *part = &search->nodes[node->part];
    const bool is_and = node->kind == SQA_SEARCH_AND;
    if (is_and && part->kind == SQA_SEARCH_NOT) { /* all parts take rows away */
        list_window(search, 0, lo, hi, window);
    } else {
        node_window(search, part, lo, hi, level + 1, window);
        part = &search->nodes[part->next];
    }
    for (; part != search->nodes && (!is_and || joining.all->n > 0);
         part = &search->nodes[part->next]) {
        if (is_and) {
            lo = sqa_window_first(joining.all);
            hi = sqa_window_last(joining.all);
        }
        join_part(search, part, node->kind, lo, hi, level, &joining);
    }
    if (joining.all != window)
        copy_window(window, joining.all);
}

/* Finds all rows except those of a part. */
static void complement_window(struct sqa_search *search, const struct sqa_search_node *part,
                              int64_t lo, int64_t hi, uint32_t level,
                              struct sqa_key_window *window) {
    struct sqa_key_window *const own = windows_of(search, level), *const rows = own + 1;
    node_window(search, part, lo, hi, level + 1, own);
    sqa_window_clear(rows, own->base);
    list_window(search, 0, lo, hi, rows);
    sqa_window_and_not(search_kernels_of(search), window, rows, own);
}

/* Finds the keys from lo to hi of a node. window must be empty. */
static void node_window(struct sqa_search *search, const struct sqa_search_node *node, int64_t lo,
                        int64_t hi, uint32_t level, struct sqa_key_window *window) {
    sqa_window_clear(window, sqa_window_base(lo));
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        list_window(search, node->list, lo, hi, window);
        break;
    case SQA_SEARCH_NOTHING:
        break;
    case SQA_SEARCH_NOT:
        complement_window(search, &search->nodes[node->part], lo, hi, level, window);
        break;
    default:
        parts_window(search, node, lo, hi, level, window);
    }
}

void sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                       struct sqa_key_window *window) {
    node_window(search, &search->nodes[search->root], lo, hi, 0, window);
    if (sqa_index_failed(search->index))
        sqa_window_clear(window, window->base);
}

static bool is_nearer(int64_t a, int64_t b, bool backwards) {
    return backwards ? a > b : a < b;
}

static bool skip_list(struct sqa_search *search, uint32_t number, int64_t key, bool backwards,
                      int64_t *nearest) {
    struct sqa_posting_list *list = &search->lists[number];
    int64_t added;
    bool found = sqa_list_nearest(list, key, backwards, nearest);
    if (sqa_log_nearest(sqa_index_log(search->index), list->is_rows, list->value, key, backwards,
                        &added)) {
        *nearest = !found || is_nearer(added, *nearest, backwards) ? added : *nearest;
        found = true;
    }
    return found;
}

static bool skip_node(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                      bool backwards, int64_t *nearest);

static bool stop_if_interrupted(struct sqa_search *search) {
    if (sqa_interrupted(search->index->vtab.connection))
        (void)sqa_vtab_note(&search->index->vtab, SQLITE_INTERRUPT);
    return sqa_index_failed(search->index);
}

/* Skips forward until all parts may have a key in the same window. */
static bool skip_and(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                     bool backwards, int64_t *nearest) {
    const struct sqa_search_node *const first = &search->nodes[node->part];
    bool has_moved = true;
    if (first->kind == SQA_SEARCH_NOT)
        return skip_list(search, 0, key, backwards, nearest);
    while (has_moved) {
        has_moved = false;
        for (const struct sqa_search_node *part = first;
             part != search->nodes && part->kind != SQA_SEARCH_NOT;
             part = &search->nodes[part->next]) {
            int64_t next;
            if (!skip_node(search, part, key, backwards, &next))
                return false;
            has_moved |= part != first && sqa_window_base(next) != sqa_window_base(key);
            key = next;
        }
        if (has_moved && stop_if_interrupted(search))
            return false;
    }
    *nearest = key;
    return true;
}

static bool skip_or(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                    bool backwards, int64_t *nearest) {
    bool found = false;
    for (uint32_t i = node->part; i != 0; i = search->nodes[i].next) {
        int64_t next;
        if (!skip_node(search, &search->nodes[i], key, backwards, &next))
            continue;
        if (!found || is_nearer(next, *nearest, backwards))
            *nearest = next;
        found = true;
    }
    return found;
}

static bool skip_node(struct sqa_search *search, const struct sqa_search_node *node, int64_t key,
                      bool backwards, int64_t *nearest) {
    switch (node->kind) {
    case SQA_SEARCH_LIST:
        return skip_list(search, node->list, key, backwards, nearest);
    case SQA_SEARCH_AND:
        return skip_and(search, node, key, backwards, nearest);
    case SQA_SEARCH_OR:
        return skip_or(search, node, key, backwards, nearest);
    case SQA_SEARCH_NOT:
        return skip_list(search, 0, key, backwards, nearest);
    default:
        return false;
    }
}

bool sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest) {
    return skip_node(search, &search->nodes[search->root], key, backwards, nearest) &&
           !sqa_index_failed(search->index);
}

/* Keeps a window for later keys that are in it, if there is memory. */
static void keep_window(struct sqa_search *search, void **kept,
                        const struct sqa_key_window *window) {
    if (*kept == NULL)
        *kept = sqa_pool_take(search->index->vtab.connection->pool,
                              sizeof *window + SQA_WINDOW_ALIGNMENT);
    if (*kept != NULL)
        copy_window(sqa_windows_in(*kept), window);
}

/* Looks the first few keys up in their blocks. For more it is worth evaluating whole windows. */
bool sqa_search_lookup(struct sqa_search *search, int64_t key) {
    enum { FEW = 8 };
    struct sqa_key_window window;
    const int64_t base = sqa_window_base(key);
    void **kept = &search->kept[((uint64_t)base / SQA_KEY_WINDOW) % SQA_SEARCH_KEPT];
    if (*kept != NULL && sqa_windows_in(*kept)->base == base)
        return sqa_window_has(sqa_windows_in(*kept), key);
    if (search->lookups++ < FEW) {
        sqa_search_window(search, key, key, &window);
        return window.n > 0;
    }
    sqa_search_window(search, base, base + (SQA_KEY_WINDOW - 1), &window);
    if (!sqa_index_failed(search->index))
        keep_window(search, kept, &window);
    return sqa_window_has(&window, key);
}
