#include "index/index_definition.h"

#include <string.h>

#include "memory/pool.h"
#include "sqlite3ext.h"

SQLITE_EXTENSION_INIT3

static const char *after_blanks(const char *s) {
    while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        s++;
    return s;
}

/* Returns true if a name without quotes may have the character; a digit must not be the first. */
static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

const char *sqa_index_definition_name(const char *s, char *name) {
    const char quote = *s == '[' ? ']' : *s == '"' || *s == '\'' || *s == '`' ? *s : 0;
    char *end = name;
    if (quote == 0) {
        if (*s >= '0' && *s <= '9')
            return NULL;
        while (is_name_character(*s))
            *end++ = *s++;
    } else {
        for (s++; *s != quote || (quote != ']' && s[1] == quote); s++) {
            if (*s == 0) /* unreached: SQLite has checked that the quotes end */
                return NULL;
            s += *s == quote; /* a doubled quote */
            *end++ = *s;
        }
        s++;
    }
    *end = 0;
    return end == name ? NULL : s;
}

void sqa_indexed_clear(struct sqa_indexed *source) {
    sqa_object_free(source->table);
    sqa_object_free(source->column);
    sqa_object_free(source->key);
    *source = (struct sqa_indexed){.table = NULL};
}

static int refuse(char **error, const char *what, const char *argument) {
    *error = sqa_message("array_index: %s: %s", what, argument);
    return SQLITE_ERROR;
}

/* Returns the number in s, or -1 if s has anything else or the number is not in least..most. */
static int64_t number_of(const char *s, int64_t least, int64_t most) {
    int64_t x = 0;
    s = after_blanks(s);
    if (*s < '0' || *s > '9')
        return -1;
    for (; *s >= '0' && *s <= '9' && x <= most; s++)
        x = 10 * x + (*s - '0');
    return *after_blanks(s) == 0 && x >= least && x <= most ? x : -1;
}

/* Reads an option into *block or *log. `rest` is the text after its name. */
static int read_option(int64_t *block, int64_t *log, const char *name, const char *rest,
                       const char *argument, char **error) {
    const bool is_block = sqlite3_stricmp(name, "block") == 0;
    if (!is_block && sqlite3_stricmp(name, "log") != 0)
        return refuse(error, "unknown option", argument);
    int64_t *const option = is_block ? block : log;
    if (*option >= 0)
        return refuse(error, "option given twice", argument);
    *option = is_block ? number_of(rest, SQA_INDEX_BLOCK_LEAST, 16384)
                       : number_of(rest, SQA_INDEX_LOG_LEAST, SQA_INDEX_LOG_MOST);
    if (*option < 0)
        return refuse(error, is_block ? "block must be 64 to 16384" : "log must be 16 to 16777216",
                      argument);
    return SQLITE_OK;
}

static int read_argument(struct sqa_indexed *source, int64_t *block, int64_t *log,
                         const char *argument, char **error) {
    argument = after_blanks(argument);
    char *name = sqa_object_new(strlen(argument) + 1);
    if (name == NULL)
        return SQLITE_NOMEM;
    const char *rest = sqa_index_definition_name(argument, name);
    int rc;
    if (rest == NULL) {
        rc = refuse(error, "not a name", argument);
    } else if (*(rest = after_blanks(rest)) == '=') {
        rc = read_option(block, log, name, rest + 1, argument, error);
    } else if (*rest != 0) {
        rc = refuse(error, "expected the name of a table or a column alone", argument);
    } else if (source->column != NULL) {
        rc = refuse(error, "one column is indexed, this is another", argument);
    } else {
        *(source->table == NULL ? &source->table : &source->column) = name;
        return SQLITE_OK;
    }
    sqa_object_free(name);
    return rc;
}

int sqa_index_definition_read(struct sqa_indexed *source, int64_t *block, int64_t *log, int argc,
                              const char *const *argv, char **error) {
    enum { FIRST = 3 }; /* after the names of the module, the database and the index */
    int rc = SQLITE_OK;
    *block = *log = -1;
    for (int i = FIRST; i < argc && rc == SQLITE_OK; i++)
        rc = read_argument(source, block, log, argv[i], error);
    if (rc == SQLITE_OK && source->column == NULL)
        rc = refuse(error, "expected array_index(table, column)", argv[2]);
    *block = *block < 0 ? SQA_INDEX_BLOCK_DEFAULT : *block;
    *log = *log < 0 ? SQA_INDEX_LOG_DEFAULT : *log;
    return rc;
}
