#include "store/layout.h"

#include <string.h>

#include "memory/pool.h"
#include "sql/call.h"
#include "sqlite3ext.h"
#include "store/definition.h"

SQLITE_EXTENSION_INIT3

/* Returns the number at s, or 0 if s is not just a number from 1 to SQA_CHUNK_MOST. */
static int64_t read_chunk_size(const char *s) {
    int64_t x = 0;
    s = sqa_definition_skip(s);
    for (; *s >= '0' && *s <= '9' && x <= SQA_CHUNK_MOST; s++)
        x = 10 * x + (*s - '0');
    return *sqa_definition_skip(s) == 0 && x <= SQA_CHUNK_MOST ? x : 0;
}

static int fail(char **error, const char *what, const char *argument) {
    *error = sqa_message("array_store: %s: %s", what, argument);
    return SQLITE_ERROR;
}

static int refuse_type(char **error, const char *column, const char *wrong) {
    *error =
        sqa_message("array_store: column %s: after its name a type of INTEGER affinity (one that "
                    "contains INT) and NOT NULL are allowed, this is not: %.*s",
                    column, sqa_excerpt(wrong, 40), wrong);
    return SQLITE_ERROR;
}

static int read_chunk_option(struct sqa_layout *layout, const char *argument, const char *value,
                             char **error) {
    if (layout->chunk != 0)
        return fail(error, "option given twice", argument);
    layout->chunk = read_chunk_size(value);
    return layout->chunk != 0 ? SQLITE_OK : fail(error, "chunk must be 1 to 1048576", argument);
}

/* Reads an argument: a column, or chunk=N. */
static int read_store_argument(struct sqa_layout *layout, const char *argument, char **error) {
    static const char option[] = "chunk";
    argument = sqa_definition_skip(argument);
    char *name = sqa_object_new(strlen(argument) + 1);
    char *type = sqa_object_new(sqa_definition_room(argument));
    const int column = layout->columns++;
    layout->names[column] = name; /* freed by sqa_layout_clear() in any case */
    layout->types[column] = type;
    if (name == NULL || type == NULL)
        return SQLITE_NOMEM;
    const char *rest = sqa_definition_name(argument, name);
    if (rest == NULL)
        return fail(error, "not the name of a column", argument);
    if (*rest != '=') {
        const char *wrong = sqa_definition_type(rest, type);
        return wrong == NULL ? SQLITE_OK : refuse_type(error, name, wrong);
    }
    if (sqlite3_strnicmp(argument, option, sizeof option - 1) != 0 || /* the name may be quoted */
        sqlite3_stricmp(name, option) != 0)
        return fail(error, "unknown option", argument);
    sqa_object_free(name);
    sqa_object_free(type);
    layout->columns--;
    return read_chunk_option(layout, argument, rest + 1, error);
}

/* Returns true if `name` is the name of this column followed by this ending. */
static bool is_min_max_of(const char *name, const char *column, const char *ending) {
    const size_t size = strlen(column);
    return sqlite3_strnicmp(name, column, (int)size) == 0 &&
           sqlite3_stricmp(name + size, ending) == 0;
}

int sqa_layout_check(const struct sqa_layout *layout, const char *table, char **error) {
    static const char reserved[] = "chunk_";
    for (int i = 0; i < layout->columns; i++) {
        const char *name = layout->names[i];
        if (sqlite3_strnicmp(name, reserved, sizeof reserved - 1) == 0)
            return fail(error, "names that begin with chunk_ are reserved for NAME_chunks", name);
        if (sqlite3_stricmp(name, table) == 0)
            return fail(error, "a column cannot have the name of the table", name);
        for (int j = 0; j < layout->columns; j++) {
            if (j < i && sqlite3_stricmp(name, layout->names[j]) == 0)
                return fail(error, "column given twice", name);
            if (is_min_max_of(name, layout->names[j], "_min") ||
                is_min_max_of(name, layout->names[j], "_max"))
                return fail(error, "NAME_chunks has this name for the min or max of another column",
                            name);
        }
    }
    return SQLITE_OK;
}

static char *copy(const char *text) {
    const size_t size = strlen(text) + 1;
    char *c = sqa_object_new(size);
    if (c != NULL)
        memcpy(c, text, size);
    return c;
}

int sqa_layout_read(struct sqa_layout *layout, const char *table, int argc, const char *const *argv,
                    char **error) {
    enum { SCHEMA = 1, FIRST = 3 }; /* between them is the name of the table */
    *layout = (struct sqa_layout){.schema = copy(argv[SCHEMA]), .table = copy(table)};
    layout->names = sqa_object_new((size_t)argc * sizeof layout->names[0]);
    layout->types = sqa_object_new((size_t)argc * sizeof layout->types[0]);
    if (layout->schema == NULL || layout->table == NULL || layout->names == NULL ||
        layout->types == NULL)
        return SQLITE_NOMEM;
    int rc = SQLITE_OK;
    for (int i = FIRST; i < argc && rc == SQLITE_OK; i++)
        rc = read_store_argument(layout, argv[i], error);
    if (rc == SQLITE_OK && layout->columns == 0)
        rc = fail(error, "at least one column expected", layout->table);
    if (rc == SQLITE_OK)
        rc = sqa_layout_check(layout, layout->table, error);
    if (layout->chunk == 0)
        layout->chunk = SQA_CHUNK_DEFAULT;
    return rc;
}

void sqa_layout_clear(struct sqa_layout *layout) {
    for (int i = 0; i < layout->columns; i++) {
        sqa_object_free(layout->names[i]);
        sqa_object_free(layout->types[i]);
    }
    sqa_object_free(layout->names);
    sqa_object_free(layout->types);
    sqa_object_free(layout->table);
    sqa_object_free(layout->schema);
}

char *sqa_layout_declaration(const struct sqa_layout *layout) {
    char *sql = sqa_sql("(");
    for (int i = 0; i < layout->columns; i++)
        sql = sqa_sql_add(sql, "\"%w\" %s, ", layout->names[i], layout->types[i]);
    return sqa_sql_add(sql, "\"%w\" HIDDEN)", layout->table);
}

const char *const sqa_shadow_names[SQA_SHADOWS] = {"headers", "arrays"};

char *sqa_layout_columns(const struct sqa_layout *layout, enum sqa_shadow shadow) {
    if (shadow == SQA_SHADOW_ARRAYS)
        return sqa_sql("(id INTEGER PRIMARY KEY, array BLOB)");
    char *sql = sqa_sql("(id INTEGER PRIMARY KEY, last INTEGER, n INTEGER, arrays INTEGER");
    for (int i = 0; i < layout->columns; i++)
        sql = sqa_sql_add(sql, ", \"%w_min\" INTEGER, \"%w_max\" INTEGER", layout->names[i],
                          layout->names[i]);
    return sqa_sql_add(sql, ")");
}
