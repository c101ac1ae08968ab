#include "vtab/table_memory.h"

#include "memory/pool.h"
#include "vtab/message.h"

SQLITE_EXTENSION_INIT3

static void free_memory(struct sqa_memory *memory) {
    sqa_object_free(memory->schema);
    sqa_object_free(memory->table);
    sqa_object_free(memory);
}

struct sqa_memory *sqa_memory_hold(struct sqa_connection *connection,
                                   const struct sqa_vtab_form *form, const char *schema,
                                   const char *table, int columns) {
    struct sqa_memory *memory = connection->memories;
    while (memory != NULL && (memory->form != form || memory->columns != columns ||
                              sqlite3_stricmp(memory->schema, schema) != 0 ||
                              sqlite3_stricmp(memory->table, table) != 0))
        memory = memory->next;
    if (memory == NULL) {
        memory = sqa_object_new(form->memory_size);
        if (memory == NULL)
            return NULL;
        memory->form = form;
        memory->columns = columns;
        memory->schema = sqa_message("%s", schema);
        memory->table = sqa_message("%s", table);
        if (memory->schema == NULL || memory->table == NULL) {
            free_memory(memory);
            return NULL;
        }
        memory->next = connection->memories;
        connection->memories = memory;
    }
    memory->holds++;
    return memory;
}

void sqa_memory_release(struct sqa_connection *connection, struct sqa_memory *memory) {
    struct sqa_memory **at = &connection->memories;
    if (--memory->holds > 0)
        return;
    while (*at != memory)
        at = &(*at)->next;
    *at = memory->next;
    memory->form->clear(memory);
    free_memory(memory);
}
