/* Commands, which are texts that a statement inserts into the hidden column of a virtual table. */
#ifndef SQA_COMMAND_H
#define SQA_COMMAND_H

#include <stdint.h>

/* Returns N > 0 for the command 'merge=N', and 0 for any other command. */
int64_t sqa_command_merge(const char *command);

#endif
