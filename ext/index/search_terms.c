#include "index/search_terms.h"

#include <string.h>

#include "core/query.h"
#include "index/row_array.h"
#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

/* Trees grow by doubling their memory. */
static bool terms_grow(struct sqa_search *search, void **memory, size_t count, size_t size) {
    struct sqa_pool *pool = search->index->vtab.connection->pool;
    if (*memory != NULL && sqa_pool_capacity(*memory) >= (uint64_t)(count + 1) * size)
        return true;
    void *grown = *memory == NULL
                      ? sqa_pool_take(pool, 16 * size)
                      : sqa_pool_grow(pool, *memory, count * size, (uint64_t)count * 2 * size);
    if (grown == NULL)
        return false;
    *memory = grown;
    return true;
}

/* A new node, or 0 without memory */
static uint32_t new_node(struct sqa_search *search, enum sqa_search_kind kind) {
    void *memory = search->nodes;
    if (search->node_count == 0)
        search->node_count = 1;
    if (!terms_grow(search, &memory, search->node_count, sizeof search->nodes[0]))
        return 0;
    search->nodes = memory;
    search->nodes[search->node_count] = (struct sqa_search_node){.kind = kind, .depth = 1};
    return search->node_count++;
}

/* A new list of this value, or of all rows; 0 without memory, but that of all rows is 0, too. */
static bool new_list(struct sqa_search *search, bool is_rows, int64_t value, uint32_t *list) {
    void *memory = search->lists;
    if (!terms_grow(search, &memory, search->list_count, sizeof search->lists[0]))
        return false;
    search->lists = memory;
    sqa_list_init(&search->lists[search->list_count], search->index, is_rows, value);
    *list = search->list_count++;
    return true;
}

static uint32_t value_node(struct sqa_search *search, int64_t value) {
    uint32_t list;
    const uint32_t node = new_node(search, SQA_SEARCH_LIST);
    if (node == 0 || !new_list(search, false, value, &list))
        return 0;
    search->nodes[node].list = list;
    return node;
}

static uint32_t rows_node(struct sqa_search *search) {
    return new_node(search, SQA_SEARCH_LIST); /* list 0 */
}

/* Adds a part to an AND or an OR: the parts of another one of the same kind become its own. */
static void add_part(struct sqa_search *search, uint32_t to, uint32_t part) {
    struct sqa_search_node *nodes = search->nodes;
    const uint32_t depth =
        nodes[part].kind == nodes[to].kind ? nodes[part].depth : nodes[part].depth + 1;
    uint32_t first = part, last = part;
    if (nodes[part].kind == nodes[to].kind) {
        first = last = nodes[part].part;
        while (nodes[last].next != 0)
            last = nodes[last].next;
    }
    nodes[last].next = nodes[to].part;
    nodes[to].part = first;
    nodes[to].depth = depth > nodes[to].depth ? depth : nodes[to].depth;
}

static uint32_t joined(struct sqa_search *search, enum sqa_search_kind kind, uint32_t a,
                       uint32_t b) {
    if (search->nodes[a].kind == kind && search->nodes[a].part != 0) {
        add_part(search, a, b);
        return a;
    }
    if (search->nodes[b].kind == kind && search->nodes[b].part != 0) {
        add_part(search, b, a);
        return b;
    }
    const uint32_t node = new_node(search, kind);
    if (node == 0)
        return 0;
    add_part(search, node, a);
    add_part(search, node, b);
    return node;
}

static uint32_t negated(struct sqa_search *search, uint32_t part) {
    if (search->nodes[part].kind == SQA_SEARCH_NOT)
        return search->nodes[part].part;
    const uint32_t node = new_node(search, SQA_SEARCH_NOT);
    if (node == 0)
        return 0;
    search->nodes[node].part = part;
    search->nodes[node].depth = search->nodes[part].depth + 1;
    return node;
}

static int not_this_deep(struct sqa_search *search) {
    return sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                         "array_index: a query of %s is nested over %d levels deep",
                         search->index->vtab.table, SQA_SEARCH_DEPTH);
}

/* ---- Queries in intarray's language */

/* What waits for its right side: it ends before step `end`. */
struct operand {
    uint32_t left;
    enum sqa_search_kind kind;
    size_t end;
};

/*
** The program runs through the query from left to right, and its jumps say where the right side of an operator ends; so
** a stack of those that are open is enough.
*/
static int tree_of_program(struct sqa_search *search, const struct sqa_program *program,
                           struct operand *open, uint32_t *root) {
    size_t depth = 0;
    uint32_t node = 0;
    for (size_t i = 0; i <= program->steps; i++) {
        for (; depth > 0 && open[depth - 1].end == i; depth--) {
            node = joined(search, open[depth - 1].kind, open[depth - 1].left, node);
            if (node == 0)
                return SQLITE_NOMEM;
        }
        if (i == program->steps)
            break;
        size_t argument;
        const enum sqa_query_operation operation = sqa_program_step(program, i, &argument);
        switch (operation) {
        case SQA_STEP_HAS:
            node = value_node(search, program->operand[argument]);
            break;
        case SQA_STEP_NOT:
            node = negated(search, node);
            break;
        default:
            open[depth++] = (struct operand){
                node, operation == SQA_STEP_AND ? SQA_SEARCH_AND : SQA_SEARCH_OR, argument};
        }
        if (node == 0)
            return SQLITE_NOMEM;
        if (search->nodes[node].depth > SQA_SEARCH_DEPTH)
            return not_this_deep(search);
    }
    *root = node;
    return SQLITE_OK;
}

static int compile_program(struct sqa_search *search, const struct sqa_query *query,
                           uint32_t *root) {
    struct sqa_connection *connection = search->index->vtab.connection;
    void *memory = sqa_pool_take(connection->pool, sqa_query_program_size(query));
    void *work = sqa_pool_take(connection->pool, sqa_query_work_size(query));
    struct operand *open = sqa_pool_take(connection->pool, (uint64_t)query->steps * sizeof *open);
    int rc = SQLITE_NOMEM;
    if (memory != NULL && work != NULL && open != NULL) {
        const struct sqa_program *program =
            sqa_query_compile(query, connection->kernels, memory, work);
        rc = sqa_was_stopped(query->poll) ? SQLITE_INTERRUPT
                                          : tree_of_program(search, program, open, root);
    }
    sqa_pool_give(memory);
    sqa_pool_give(work);
    sqa_pool_give(open);
    return rc;
}

static int terms_compile_query(struct sqa_search *search, sqlite3_value *value, uint32_t *root) {
    struct sqa_poll poll = sqa_poll_of(search->index->vtab.connection);
    struct sqa_query query = {.poll = &poll};
    struct sqa_error error;
    char why[160];
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                             "array_index: a query of %s is TEXT, not %s",
                             search->index->vtab.table, sqa_type_name(value));
    query.text = (const char *)sqlite3_value_text(value);
    query.size = (size_t)sqlite3_value_bytes(value);
    if (query.text == NULL)
        return SQLITE_NOMEM;
    const enum sqa_status status = sqa_query_scan(&query, &error);
    if (status == SQA_INTERRUPT)
        return SQLITE_INTERRUPT;
    if (status == SQA_OK)
        return compile_program(search, &query, root);
    sqa_status_text(status, &error, why, sizeof why);
    return sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                         "array_index: this is not a query of %s (%s)", search->index->vtab.table,
                         why);
}

/* ---- Arrays and integers */

/* All of an array's values, or any of them */
static int compile_array(struct sqa_search *search, sqlite3_value *value, enum sqa_search_kind kind,
                         uint32_t *root) {
    struct sqa_index *index = search->index;
    struct sqa_row_array array = {.array = sqa_array_empty()};
    char why[240];
    size_t n = 0;
    const enum sqa_status status =
        sqa_value_array(index->vtab.connection, value, &array.array, &array.owned, why, sizeof why);
    if (status == SQA_ARGUMENT)
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: what %s is asked for%s",
                             index->vtab.table, why);
    int64_t *set = status == SQA_OK ? sqa_row_array_set(index, &array, &n) : NULL;
    sqa_row_array_clear(&array);
    if (set == NULL)
        return status == SQA_INTERRUPT ? SQLITE_INTERRUPT : SQLITE_NOMEM;
    if (n == 0) { /* every row has all of no values, and none has any of them */
        *root = kind == SQA_SEARCH_AND ? rows_node(search) : new_node(search, SQA_SEARCH_NOTHING);
    } else if (n == 1) {
        *root = value_node(search, set[0]);
    } else {
        *root = new_node(search, kind);
        for (size_t i = 0; *root != 0 && i < n; i++) {
            const uint32_t node = value_node(search, set[i]);
            if (node != 0)
                add_part(search, *root, node);
            else
                *root = 0;
        }
    }
    sqa_pool_give(set);
    return *root != 0 ? SQLITE_OK : SQLITE_NOMEM;
}

static int compile_integer(struct sqa_search *search, sqlite3_value *value, uint32_t *root) {
    int64_t v = 0;
    bool is_integer = sqlite3_value_type(value) == SQLITE_INTEGER;
    if (is_integer)
        v = sqlite3_value_int64(value);
    else if (sqlite3_value_type(value) == SQLITE_FLOAT)
        is_integer = sqa_whole(sqlite3_value_double(value), &v);
    if (!is_integer)
        return sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                             "array_contains: argument 2 is not an integer (%s given)",
                             sqa_type_name(value));
    *root = value_node(search, v);
    return *root != 0 ? SQLITE_OK : SQLITE_NOMEM;
}

/* Text of an array begins as one. */
static bool terms_is_array(sqlite3_value *value) {
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return true;
    const char *text = (const char *)sqlite3_value_text(value);
    if (text != NULL)
        text += strspn(text, " \t\r\n");
    return text != NULL && (*text == '[' || *text == '{');
}

static int compile_term(struct sqa_search *search, const struct sqa_term *term, uint32_t *root) {
    if (sqlite3_value_type(term->value) == SQLITE_NULL) {
        *root = new_node(search, SQA_SEARCH_NOTHING);
        return *root != 0 ? SQLITE_OK : SQLITE_NOMEM;
    }
    switch (term->kind) {
    case SQA_TERM_CONTAINS:
        return compile_integer(search, term->value, root);
    case SQA_TERM_CONTAINS_ALL:
        return compile_array(search, term->value, SQA_SEARCH_AND, root);
    case SQA_TERM_CONTAINS_ANY:
        return compile_array(search, term->value, SQA_SEARCH_OR, root);
    case SQA_TERM_QUERY:
        if (terms_is_array(term->value))
            return compile_array(search, term->value, SQA_SEARCH_AND, root);
        return terms_compile_query(search, term->value, root);
    default:
        return terms_compile_query(search, term->value, root);
    }
}

int sqa_search_compile(struct sqa_search *search, const struct sqa_term *terms, int n) {
    uint32_t rows;
    int rc = new_list(search, true, 0, &rows) ? SQLITE_OK : SQLITE_NOMEM;
    for (int i = 0; i < n && rc == SQLITE_OK; i++) {
        uint32_t node = 0;
        rc = compile_term(search, &terms[i], &node);
        if (rc == SQLITE_OK && i > 0)
            node = joined(search, SQA_SEARCH_AND, search->root, node);
        if (rc == SQLITE_OK && node == 0)
            rc = SQLITE_NOMEM;
        search->root = node;
    }
    if (rc == SQLITE_OK && n == 0) {
        search->root = rows_node(search);
        rc = search->root != 0 ? SQLITE_OK : SQLITE_NOMEM;
    }
    if (rc == SQLITE_OK && search->nodes[search->root].depth > SQA_SEARCH_DEPTH)
        rc = not_this_deep(search);
    return rc;
}
