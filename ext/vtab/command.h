/* Commands that are inserted into the hidden column of a virtual table. */
#ifndef SQA_COMMAND_H
#define SQA_COMMAND_H

#include <stdint.h>

/* Gives the number N > 0 of the command 'merge=N', or 0 where it is another one. */
int64_t sqa_command_merge(const char *command);

#endif
