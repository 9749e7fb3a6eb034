// Counts allocations: put before malloc with LD_PRELOAD.
#include <stddef.h>
#include <stdint.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static uint64_t count;

uint64_t benchmark_allocations(void) { return count; }
void* malloc(size_t size) { count++; return __libc_malloc(size); }
void* calloc(size_t n, size_t size) { count++; return __libc_calloc(n, size); }
void* realloc(void* old, size_t size) { count++; return __libc_realloc(old, size); }
void* aligned_alloc(size_t alignment, size_t size) { count++; return __libc_memalign(alignment, size); }
int posix_memalign(void** out, size_t alignment, size_t size) {
  count++;
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : 12;
}
