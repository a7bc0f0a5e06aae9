/* The allocator below the arenas: it never says no. For base only. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Zeroed bytes, to be freed. Never NULL: without memory the process ends. */
void *mem_new(size_t n);

/* As realloc; what is added is not zeroed. Never NULL. */
void *mem_grow(void *p, size_t n);

/*
 * Says so in one log line and ends the process with EX_SOFTWARE (70). Its
 * parent starts another, a job goes back to the queue.
 */
void mem_none(void) __attribute__((noreturn));

#endif
