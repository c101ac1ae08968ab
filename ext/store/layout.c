#include "store/layout.h"

#include <string.h>

#include "memory/pool.h"
#include "sqlite3ext.h"

SQLITE_EXTENSION_INIT3

/* What the names of columns may be none of */
static const char *const reserved[] = {"id",     "first", "last", "n",
                                       "rowids", "rowid", "oid",  "_rowid_"};

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *s) {
    while (is_blank(*s))
        s++;
    return s;
}

/* The characters that SQL lets a bare name have; a digit not in front */
static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* The character that closes a quoted name, or 0 where a name is not quoted */
static char closing_quote(char c) {
    return c == '[' ? ']' : c == '"' || c == '\'' || c == '`' ? c : 0;
}

/*
** Copies the name at s to name, which has room for all of s; gives what follows it, or NULL where there
** is no name.
*/
static const char *read_name(const char *s, char *name) {
    const char quote = closing_quote(*s);
    char *end = name;
    if (quote == 0) {
        if (*s >= '0' && *s <= '9')
            return NULL;
        while (is_word(*s))
            *end++ = *s++;
    } else {
        for (s++; *s != quote || (quote != ']' && s[1] == quote); s++) {
            if (*s == 0) /* unreached: SQLite has found the end of the quotes */
                return NULL;
            s += *s == quote; /* doubled: it stands for itself */
            *end++ = *s;
        }
        s++;
    }
    *end = 0;
    return end == name ? NULL : s;
}

/* The number at s, which is all of the rest, or 0 if it is none or not in 1 .. SQA_CHUNK_MOST */
static int64_t read_chunk(const char *s) {
    int64_t x = 0;
    s = skip_blanks(s);
    for (; *s >= '0' && *s <= '9' && x <= SQA_CHUNK_MOST; s++)
        x = 10 * x + (*s - '0');
    return *skip_blanks(s) == 0 && x <= SQA_CHUNK_MOST ? x : 0;
}

static bool is_type(const char *s) {
    static const char *const types[] = {"INTEGER", "INT"};
    for (int i = 0; i < 2; i++) {
        const size_t size = strlen(types[i]);
        if (sqlite3_strnicmp(s, types[i], (int)size) == 0 && *skip_blanks(s + size) == 0)
            return true;
    }
    return *s == 0;
}

static int fail(char **error, const char *what, const char *argument) {
    *error = sqa_message("array_store: %s: %s", what, argument);
    return SQLITE_ERROR;
}

/* One argument: another column, or chunk=N */
static int read_argument(struct sqa_layout *layout, const char *argument, char **error) {
    argument = skip_blanks(argument);
    char *name = sqa_object_new(strlen(argument) + 1);
    if (name == NULL)
        return SQLITE_NOMEM;
    layout->names[layout->columns++] = name; /* and is freed there, whatever follows */
    const char *rest = read_name(argument, name);
    if (rest == NULL)
        return fail(error, "not the name of a column", argument);
    rest = skip_blanks(rest);
    if (*rest == '=') {
        if (closing_quote(*argument) != 0 || sqlite3_stricmp(name, "chunk") != 0)
            return fail(error, "unknown option", argument);
        if (layout->chunk != 0)
            return fail(error, "option given twice", argument);
        layout->chunk = read_chunk(rest + 1);
        if (layout->chunk == 0)
            return fail(error, "chunk must be 1 to 1048576", argument);
        sqa_object_free(name);
        layout->columns--;
    } else if (!is_type(rest)) {
        return fail(error, "a column is an INTEGER and has no constraints", argument);
    }
    return SQLITE_OK;
}

/* Is `name` that of a figure of a column: its name and this ending? */
static bool is_figure(const char *name, const char *column, const char *ending) {
    const size_t size = strlen(column);
    return sqlite3_strnicmp(name, column, (int)size) == 0 &&
           sqlite3_stricmp(name + size, ending) == 0;
}

static int check_names(const struct sqa_layout *layout, char **error) {
    for (int i = 0; i < layout->columns; i++) {
        const char *name = layout->names[i];
        for (size_t r = 0; r < sizeof reserved / sizeof reserved[0]; r++) {
            if (sqlite3_stricmp(name, reserved[r]) == 0)
                return fail(error, "a column cannot have this name", name);
        }
        if (sqlite3_stricmp(name, layout->table) == 0)
            return fail(error, "a column cannot have the name of the table", name);
        for (int j = 0; j < layout->columns; j++) {
            if (j < i && sqlite3_stricmp(name, layout->names[j]) == 0)
                return fail(error, "column given twice", name);
            if (is_figure(name, layout->names[j], "_min") ||
                is_figure(name, layout->names[j], "_max"))
                return fail(error, "this name is taken by the figures of another column", name);
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

int sqa_layout_read(struct sqa_layout *layout, int argc, const char *const *argv, char **error) {
    enum { FIRST = 3 }; /* after the names of the module, the database and the table */
    *layout = (struct sqa_layout){.schema = copy(argv[1]), .table = copy(argv[2])};
    layout->names = sqa_object_new((size_t)argc * sizeof layout->names[0]);
    if (layout->schema == NULL || layout->table == NULL || layout->names == NULL)
        return SQLITE_NOMEM;
    int rc = SQLITE_OK;
    for (int i = FIRST; i < argc && rc == SQLITE_OK; i++)
        rc = read_argument(layout, argv[i], error);
    if (rc == SQLITE_OK && layout->columns == 0)
        rc = fail(error, "at least one column expected", layout->table);
    if (rc == SQLITE_OK)
        rc = check_names(layout, error);
    if (layout->chunk == 0)
        layout->chunk = SQA_CHUNK_DEFAULT;
    return rc;
}

void sqa_layout_clear(struct sqa_layout *layout) {
    for (int i = 0; i < layout->columns; i++)
        sqa_object_free(layout->names[i]);
    sqa_object_free(layout->names);
    sqa_object_free(layout->table);
    sqa_object_free(layout->schema);
}

char *sqa_layout_declaration(const struct sqa_layout *layout) {
    char *sql = sqa_sql("(");
    for (int i = 0; i < layout->columns; i++)
        sql = sqa_sql_add(sql, "\"%w\" INTEGER, ", layout->names[i]);
    return sqa_sql_add(sql, "\"%w\" HIDDEN)", layout->table);
}

const char *const sqa_shadow_names[SQA_SHADOWS] = {"heads", "arrays", "config"};

char *sqa_layout_columns(const struct sqa_layout *layout, enum sqa_shadow shadow) {
    if (shadow == SQA_SHADOW_ARRAYS)
        return sqa_sql("(id INTEGER PRIMARY KEY, base INTEGER, step INTEGER, array BLOB)");
    if (shadow == SQA_SHADOW_CONFIG)
        return sqa_sql("(version INTEGER, chunk INTEGER)");
    char *sql = sqa_sql("(id INTEGER PRIMARY KEY, last INTEGER, n INTEGER, arrays INTEGER");
    for (int i = 0; i < layout->columns; i++)
        sql = sqa_sql_add(sql, ", \"%w_min\" INTEGER, \"%w_max\" INTEGER", layout->names[i],
                          layout->names[i]);
    return sqa_sql_add(sql, ")");
}

/* The values of an array: of the rowids (0), or of a column (from 1) */
static char *add_values(char *sql, const char *table, int i, const char *name) {
    return sqa_sql_add(sql,
                       ", (SELECT CASE WHEN step NOT NULL"
                       " THEN array_add(array_cumsum(array_add(array, step)), base)"
                       " WHEN base THEN array_add(array, base) ELSE array END"
                       " FROM \"%w_arrays\" WHERE id = arrays + %d) AS \"%w\"",
                       table, i, name);
}

char *sqa_layout_chunks(const struct sqa_layout *layout, const char *table) {
    char *sql = add_values(sqa_sql("SELECT id, id AS first, last, n"), table, 0, "rowids");
    for (int i = 0; i < layout->columns; i++) {
        sql = add_values(sql, table, i + 1, layout->names[i]);
        sql = sqa_sql_add(sql, ", \"%w_min\", \"%w_max\"", layout->names[i], layout->names[i]);
    }
    return sqa_sql_add(sql,
                       " FROM \"%w_heads\" WHERE NOT EXISTS"
                       " (SELECT 1 FROM \"%w\" WHERE rowid < -9223372036854775808)",
                       table, table);
}
