#include "index/search_terms.h"

#include <string.h>

#include "core/query.h"
#include "index/row_array.h"
#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

/* Nodes have numbers, and 0 is none. After a failure all functions return 0 and accept it. */

static uint32_t new_node(struct sqa_search *search, enum sqa_search_kind kind) {
    const size_t size = sizeof search->nodes[0];
    const uint32_t node = search->node_count == 0 ? 1 : search->node_count;
    search->nodes = sqa_index_reserve(search->index, search->nodes, node * size,
                                      (node < 16 ? 16 : node + 1) * size);
    if (sqa_index_failed(search->index))
        return 0;
    search->nodes[node] = (struct sqa_search_node){.kind = kind, .depth = 1};
    search->node_count = node + 1;
    return node;
}

/* Returns the number of a new list, of a value or of all rows. The latter comes first: list 0. */
static uint32_t new_list(struct sqa_search *search, bool is_rows, int64_t value) {
    const size_t size = sizeof search->lists[0];
    const uint32_t list = search->list_count;
    search->lists = sqa_index_reserve(search->index, search->lists, list * size,
                                      (list < 4 ? 4 : list + 1) * size);
    if (sqa_index_failed(search->index))
        return 0;
    sqa_list_init(&search->lists[list], search->index, is_rows, value);
    return search->list_count++;
}

static uint32_t value_node(struct sqa_search *search, int64_t value) {
    const uint32_t node = new_node(search, SQA_SEARCH_LIST), list = new_list(search, false, value);
    if (sqa_index_failed(search->index))
        return 0;
    search->nodes[node].list = list;
    return node;
}

static uint32_t rows_node(struct sqa_search *search) {
    return new_node(search, SQA_SEARCH_LIST); /* list 0 */
}

/* Adds a part to an AND or an OR. If it is of the same kind, adds its parts instead. */
static void add_part(struct sqa_search *search, uint32_t to, uint32_t part) {
    struct sqa_search_node *nodes = search->nodes;
    const uint32_t depth =
        nodes[part].kind == nodes[to].kind ? nodes[part].depth : nodes[part].depth + 1;
    uint32_t first = part, last = part;
    if (nodes[part].kind == nodes[to].kind) {
        first = last = nodes[part].part;
        nodes[part].part = 0; /* they are no longer parts of this one */
        while (nodes[last].next != 0)
            last = nodes[last].next;
    }
    nodes[last].next = nodes[to].part;
    nodes[to].part = first;
    nodes[to].depth = depth > nodes[to].depth ? depth : nodes[to].depth;
}

static bool has_parts_of(const struct sqa_search *search, uint32_t node,
                         enum sqa_search_kind kind) {
    return search->nodes[node].kind == kind && search->nodes[node].part != 0;
}

static uint32_t joined(struct sqa_search *search, enum sqa_search_kind kind, uint32_t a,
                       uint32_t b) {
    if (sqa_index_failed(search->index))
        return 0;
    const uint32_t to = has_parts_of(search, a, kind)   ? a
                        : has_parts_of(search, b, kind) ? b
                                                        : new_node(search, kind);
    if (to == 0)
        return 0;
    if (to != a)
        add_part(search, to, a);
    if (to != b)
        add_part(search, to, b);
    return to;
}

static uint32_t negated(struct sqa_search *search, uint32_t part) {
    if (part != 0 && search->nodes[part].kind == SQA_SEARCH_NOT)
        return search->nodes[part].part;
    const uint32_t node = new_node(search, SQA_SEARCH_NOT);
    if (node == 0)
        return 0;
    search->nodes[node].part = part;
    search->nodes[node].depth = search->nodes[part].depth + 1;
    return node;
}

static void check_depth(struct sqa_search *search, uint32_t node) {
    if (!sqa_index_failed(search->index) && search->nodes[node].depth > SQA_SEARCH_DEPTH)
        (void)sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                            "array_index: a query of %s is nested over %d levels deep",
                            search->index->vtab.table, SQA_SEARCH_DEPTH);
}

/* ---- Queries in intarray's language */

/* An operator whose right side is being read. That side ends before step `end`. */
struct operand {
    uint32_t left;
    enum sqa_search_kind kind;
    size_t end;
};

/*
** Returns the node of a query. The program has the query's steps from left to right, and its jumps
** say where the right side of an operator ends, so a stack of open operators is enough.
*/
static uint32_t tree_of_program(struct sqa_search *search, const struct sqa_program *program,
                                struct operand *open) {
    size_t depth = 0;
    uint32_t node = 0;
    for (size_t i = 0; i <= program->steps && !sqa_index_failed(search->index); i++) {
        for (; depth > 0 && open[depth - 1].end == i; depth--)
            node = joined(search, open[depth - 1].kind, open[depth - 1].left, node);
        if (i == program->steps)
            break;
        size_t argument;
        const enum sqa_query_operation operation = sqa_program_step(program, i, &argument);
        if (operation == SQA_STEP_HAS)
            node = value_node(search, program->operand[argument]);
        else if (operation == SQA_STEP_NOT)
            node = negated(search, node);
        else
            open[depth++] = (struct operand){
                node, operation == SQA_STEP_AND ? SQA_SEARCH_AND : SQA_SEARCH_OR, argument};
        check_depth(search, node);
    }
    return node;
}

static uint32_t compile_program(struct sqa_search *search, const struct sqa_query *query) {
    struct sqa_index *index = search->index;
    void *memory = sqa_index_reserve(index, NULL, 0, sqa_query_program_size(query));
    void *work = sqa_index_reserve(index, NULL, 0, sqa_query_work_size(query));
    struct operand *open = sqa_index_reserve(index, NULL, 0, (uint64_t)query->steps * sizeof *open);
    uint32_t node = 0;
    if (!sqa_index_failed(index)) {
        const struct sqa_program *program =
            sqa_query_compile(query, index->vtab.connection->kernels, memory, work);
        if (sqa_was_stopped(query->poll))
            (void)sqa_vtab_note(&index->vtab, SQLITE_INTERRUPT);
        else
            node = tree_of_program(search, program, open);
    }
    sqa_pool_give(memory);
    sqa_pool_give(work);
    sqa_pool_give(open);
    return node;
}

static uint32_t compile_query(struct sqa_search *search, const struct sqa_term *term) {
    sqlite3_value *value = term->value;
    struct sqa_vtab *vtab = &search->index->vtab;
    struct sqa_poll poll = sqa_poll_of(vtab->connection);
    struct sqa_query query = {.poll = &poll};
    struct sqa_error error;
    char why[160];
    if (sqlite3_value_type(value) != SQLITE_TEXT) {
        (void)sqa_vtab_fail(
            vtab, SQLITE_ERROR, "array_index: expected %sa query of %s such as '7 & !9' (%s given)",
            term->kind == SQA_TERM_QUERY ? "an array or " : "", vtab->table, sqa_type_name(value));
        return 0;
    }
    query.text = (const char *)sqlite3_value_text(value);
    query.size = (size_t)sqlite3_value_bytes(value);
    if (!sqa_vtab_has_memory(vtab, query.text != NULL))
        return 0;
    const enum sqa_status status = sqa_query_scan(&query, &error);
    if (status == SQA_OK)
        return compile_program(search, &query);
    sqa_status_text(status, &error, why, sizeof why);
    if (status == SQA_INTERRUPT)
        (void)sqa_vtab_note(vtab, SQLITE_INTERRUPT);
    else
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "array_index: this is not a query of %s (%s)",
                            vtab->table, why);
    return 0;
}

/* ---- Arrays and integers */

/* Returns a node for all of n values or any of them. Of no values rows have all, but not any. */
static uint32_t node_of_values(struct sqa_search *search, const int64_t *values, size_t n,
                               enum sqa_search_kind kind) {
    if (n == 0)
        return kind == SQA_SEARCH_AND ? rows_node(search) : new_node(search, SQA_SEARCH_NOTHING);
    if (n == 1)
        return value_node(search, values[0]);
    const uint32_t all = new_node(search, kind);
    for (size_t i = 0; i < n && !sqa_index_failed(search->index); i++) {
        const uint32_t node = value_node(search, values[i]);
        if (node != 0)
            add_part(search, all, node);
    }
    return all;
}

static uint32_t compile_array(struct sqa_search *search, sqlite3_value *value,
                              enum sqa_search_kind kind) {
    struct sqa_index *index = search->index;
    struct sqa_row_array array = {.array = sqa_array_empty()};
    char why[240];
    size_t n;
    const enum sqa_status status =
        sqa_value_array(index->vtab.connection, value, &array.array, &array.owned, why, sizeof why);
    if (status == SQA_ARGUMENT)
        (void)sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: what %s is asked for%s",
                            index->vtab.table, why);
    else if (status != SQA_OK)
        (void)sqa_vtab_note(&index->vtab,
                            status == SQA_INTERRUPT ? SQLITE_INTERRUPT : SQLITE_NOMEM);
    int64_t *set = sqa_row_array_set(index, &array, &n);
    const uint32_t node = set == NULL ? 0 : node_of_values(search, set, n, kind);
    sqa_row_array_clear(&array);
    sqa_pool_give(set);
    return node;
}

static uint32_t compile_integer(struct sqa_search *search, sqlite3_value *value) {
    int64_t v = 0;
    bool is_integer = sqlite3_value_type(value) == SQLITE_INTEGER;
    if (is_integer)
        v = sqlite3_value_int64(value);
    else if (sqlite3_value_type(value) == SQLITE_FLOAT)
        is_integer = sqa_whole(sqlite3_value_double(value), &v);
    if (!is_integer)
        (void)sqa_vtab_fail(&search->index->vtab, SQLITE_ERROR,
                            "array_contains: argument 2 is not an integer (%s given)",
                            sqa_type_name(value));
    return value_node(search, v);
}

/* Returns true for an array, even if it is malformed. The first character tells it from a query. */
static bool terms_is_array(sqlite3_value *value) {
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return sqlite3_value_type(value) == SQLITE_BLOB;
    const char *text = (const char *)sqlite3_value_text(value);
    if (text != NULL)
        text += strspn(text, " \t\r\n");
    return text != NULL && (*text == '[' || *text == '{');
}

static uint32_t compile_term(struct sqa_search *search, const struct sqa_term *term) {
    if (sqlite3_value_type(term->value) == SQLITE_NULL)
        return new_node(search, SQA_SEARCH_NOTHING);
    switch (term->kind) {
    case SQA_TERM_CONTAINS:
        return compile_integer(search, term->value);
    case SQA_TERM_CONTAINS_ALL:
        return compile_array(search, term->value, SQA_SEARCH_AND);
    case SQA_TERM_CONTAINS_ANY:
        return compile_array(search, term->value, SQA_SEARCH_OR);
    case SQA_TERM_QUERY:
        if (terms_is_array(term->value))
            return compile_array(search, term->value, SQA_SEARCH_AND);
        break;
    default:
        break;
    }
    return compile_query(search, term);
}

void sqa_search_compile(struct sqa_search *search, const struct sqa_term *terms, int n) {
    (void)new_list(search, true, 0);
    if (n == 0)
        search->root = rows_node(search);
    for (int i = 0; i < n && !sqa_index_failed(search->index); i++) {
        const uint32_t node = compile_term(search, &terms[i]);
        search->root = i == 0 ? node : joined(search, SQA_SEARCH_AND, search->root, node);
    }
    check_depth(search, search->root);
}
