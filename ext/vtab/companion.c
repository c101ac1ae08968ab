#include "vtab/companion.h"

#include <string.h>

#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

char *sqa_companion_owner(const struct sqa_vtab_form *form, const char *name) {
    const size_t size = strlen(name), end = strlen(form->companion) + 1;
    const bool has_ending = size > end && name[size - end] == '_' &&
                            sqlite3_stricmp(name + size - end + 1, form->companion) == 0;
    return sqa_message("%.*s", has_ending ? (int)(size - end) : 0, name);
}

int sqa_companion_rename(struct sqa_vtab *vtab, const char *to) {
    const int outer = sqa_status_begin(vtab);
    char *name = sqa_companion_owner(vtab->form, to);
    if (sqa_vtab_has_memory(vtab, name != NULL) && !sqa_shadow_exists(vtab, name))
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "%s: %s_%s is renamed with %s, and not alone",
                            vtab->form->companion_module, vtab->table, vtab->form->companion,
                            vtab->table);
    sqa_object_free(name);
    return sqa_status_end(vtab, outer);
}
