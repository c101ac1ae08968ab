#include "index/index_plan.h"

#include "index/index_object.h"
#include "index/kept_search.h"
#include "index/search_estimate.h"
#include "sql/call.h"

SQLITE_EXTENSION_INIT3

const struct sqa_index_function sqa_index_functions[SQA_INDEX_FUNCTIONS] = {
    {"array_contains", SQA_TERM_CONTAINS},
    {"array_contains_all", SQA_TERM_CONTAINS_ALL},
    {"array_contains_any", SQA_TERM_CONTAINS_ANY},
    {"array_match", SQA_TERM_MATCH},
};

struct plan {
    struct sqa_index *index;
    sqlite3_index_info *info;
    char letters[SQA_INDEX_PLAN_MOST + 1];
    int count;
    struct sqa_term terms[SQA_INDEX_PLAN_MOST]; /* those whose values are known now: literals */
    int known, unknown;                         /* terms */
    int bounds;                                 /* number of comparisons of the key other than = */
    bool has_key;                               /* there is a term KEY = value */
};

/* Returns the letter for a constraint that the index can answer, otherwise 0. */
static char letter_of(const struct sqlite3_index_constraint *constraint) {
    const int op = constraint->op;
    if (constraint->iColumn == SQA_INDEX_QUERY)
        return op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_MATCH
                   ? SQA_TERM_QUERY
                   : 0;
    if (constraint->iColumn == SQA_INDEX_ARRAY) {
        const int function = op - SQLITE_INDEX_CONSTRAINT_FUNCTION;
        return function >= 0 && function < SQA_INDEX_FUNCTIONS
                   ? (char)sqa_index_functions[function].kind
                   : 0;
    }
    if (constraint->iColumn > SQA_INDEX_KEY)
        return 0;
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return '=';
    case SQLITE_INDEX_CONSTRAINT_LT:
        return '<';
    case SQLITE_INDEX_CONSTRAINT_LE:
        return '{';
    case SQLITE_INDEX_CONSTRAINT_GT:
        return '>';
    case SQLITE_INDEX_CONSTRAINT_GE:
        return '}';
    default:
        return 0;
    }
}

static bool is_term(char letter) {
    return letter >= 'a';
}

static void plan_take(struct plan *plan, int i, char letter) {
    sqlite3_value *value;
    plan->letters[plan->count++] = letter;
    plan->info->aConstraintUsage[i].argvIndex = plan->count;
    plan->info->aConstraintUsage[i].omit = 1;
    plan->has_key |= letter == '=';
    if (!is_term(letter))
        plan->bounds += letter != '=';
    else if (sqlite3_vtab_rhs_value(plan->info, i, &value) == SQLITE_OK)
        plan->terms[plan->known++] =
            (struct sqa_term){.kind = (enum sqa_term_kind)letter, .value = value};
    else
        plan->unknown++;
}

/*
** Adds the constraints to the plan. Returns false if a query needs a value that is not available in
** this order of the tables.
*/
static bool take_all(struct plan *plan) {
    for (int i = 0; i < plan->info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &plan->info->aConstraint[i];
        const char letter = letter_of(constraint);
        if (letter == 0)
            continue;
        if (constraint->usable && plan->count < SQA_INDEX_PLAN_MOST)
            plan_take(plan, i, letter);
        else if (letter == SQA_TERM_QUERY)
            return false;
    }
    return true;
}

/*
** Estimates the number of rows that answer the known terms (*rows) and of all rows (*total). Adds
** what the terms ask for to *text.
*/
static void plan_estimate(struct plan *plan, double *rows, double *total, char **text) {
    if (sqa_index_failed(plan->index))
        return;
    struct sqa_search *search = sqa_search_take(plan->index, plan->terms, plan->known);
    if (search == NULL)
        return;
    *rows = sqa_search_estimate(search);
    *total = search->rows;
    *text = sqa_search_explain(search, *text);
    if (plan->known > 0)
        sqa_search_give(search);
    else
        sqa_search_free(search);
}

static void explain_key(const struct plan *plan, char **text) {
    static const char *const shown[][2] = {
        {"=", "="}, {"<", "<"}, {"{", "<="}, {">", ">"}, {"}", ">="}};
    for (int i = 0; i < plan->count; i++) {
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
            if (plan->letters[i] == shown[k][0][0])
                *text = sqa_sql_add(
                    *text, " %s%s?",
                    plan->index->source.key == NULL ? "id" : plan->index->source.key, shown[k][1]);
        }
    }
}

/* Returns what a plan shows of a literal; NULL for one that is NULL or not known. */
static const char *shown_value(sqlite3_value *value) {
    const int type = value == NULL ? SQLITE_NULL : sqlite3_value_type(value);
    return type == SQLITE_NULL   ? NULL
           : type == SQLITE_BLOB ? "BLOB"
                                 : (const char *)sqlite3_value_text(value);
}

/* Adds the values of the terms to *text: literals, and ? for a value that is not known. */
static void explain_terms(const struct plan *plan, char **text) {
    enum { MOST_SHOWN = 60 };
    int known = 0;
    for (int i = 0; i < plan->count; i++) {
        if (!is_term(plan->letters[i]))
            continue;
        const char *word = "";
        for (int f = 0; f < SQA_INDEX_FUNCTIONS; f++) {
            if (sqa_index_functions[f].kind == (enum sqa_term_kind)plan->letters[i])
                word = sqa_index_functions[f].name;
        }
        sqlite3_value *value = NULL;
        if (plan->unknown == 0)
            value = plan->terms[known++].value;
        *text = sqa_sql_add(*text, " %s%s", word, word[0] != 0 ? " " : "");
        const char *shown = shown_value(value);
        *text = shown == NULL ? sqa_sql_add(*text, "?")
                              : sqa_sql_add(*text, "%.*s", sqa_excerpt(shown, MOST_SHOWN), shown);
    }
}

static void consume_order(struct plan *plan) {
    sqlite3_index_info *info = plan->info;
    if (info->nOrderBy >= 1 && info->aOrderBy[0].iColumn <= SQA_INDEX_KEY) {
        info->orderByConsumed = 1; /* all keys are different, so further terms do not matter */
        info->idxNum = info->aOrderBy[0].desc ? 1 : 0;
    }
}

/*
** A query costs at most a walk over its lists, which is a small part of a visit to each row. A
** plan without a query is given a high cost: nothing else can answer MATCH, so an OR of two
** queries has to be planned as two searches.
*/
static void set_cost(struct plan *plan, double rows, double total) {
    enum { UNKNOWN_SHARE = 256, BOUND_SHARE = 4, ALL_ROWS = 1000000 };
    const bool has_terms = plan->known + plan->unknown > 0;
    for (int i = 0; i < plan->unknown; i++)
        rows /= UNKNOWN_SHARE;
    for (int i = 0; i < plan->bounds; i++)
        rows /= BOUND_SHARE;
    rows = rows < 1 ? 1 : rows;
    if (plan->has_key) {
        plan->info->estimatedRows = 1;
        plan->info->estimatedCost = 2;
        plan->info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
        return;
    }
    plan->info->estimatedRows = (sqlite3_int64)rows;
    plan->info->estimatedCost = 10 + rows + (has_terms ? total / 1000 : ALL_ROWS);
}

/*
** Reads the index for the estimates and the rest of the text. Errors in the index or in a literal
** are reported when the query runs.
*/
static void look_into_index(struct plan *plan, double *rows, double *total, char **text) {
    struct sqa_vtab *vtab = &plan->index->vtab;
    const int outer = sqa_status_begin(vtab);
    sqa_index_enter(plan->index);
    plan_estimate(plan, rows, total, text);
    sqa_index_pass_over(plan->index, sqa_status_end(vtab, outer));
}

int sqa_index_best_index(sqlite3_vtab *base, sqlite3_index_info *info) {
    struct plan plan = {.index = sqa_index_of(base), .info = info};
    struct sqa_vtab *vtab = &plan.index->vtab;
    double rows = 1000000, total = 1000000;
    if (!take_all(&plan))
        return SQLITE_CONSTRAINT;
    consume_order(&plan);
    char *text = sqa_sql("%s", plan.letters);
    explain_key(&plan, &text);
    explain_terms(&plan, &text);
    const int outer = sqa_status_begin(vtab);
    look_into_index(&plan, &rows, &total, &text);
    set_cost(&plan, rows, total);
    info->idxStr = text;
    info->needToFreeIdxStr = 1;
    (void)sqa_vtab_has_memory(vtab, text != NULL);
    return sqa_status_end(vtab, outer);
}
