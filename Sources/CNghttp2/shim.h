#ifndef DUBBO_CNGHTTP2_SHIM_H
#define DUBBO_CNGHTTP2_SHIM_H

#if !__has_include(<nghttp2/nghttp2.h>)
#error "dubbo-swift needs nghttp2: run dev/setup, or `apt-get install libnghttp2-dev`, or `brew install libnghttp2`"
#endif
#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#if NGHTTP2_VERSION_NUM < 0x012b00
#error "dubbo-swift needs nghttp2 1.43 or newer: run dev/setup, or upgrade libnghttp2-dev (apt) or libnghttp2 (brew)"
#endif

// Two limits that distributions carry back to older releases, so that the version number cannot tell whether the
// library at hand has them: the reference is weak, and the address says it at run time. Without them our own limits
// stand alone.
#if defined(__APPLE__)
#define DUBBO_WEAK __attribute__((weak_import))
#else
#define DUBBO_WEAK __attribute__((weak))
#endif
extern void nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst, uint64_t rate) DUBBO_WEAK;
extern void nghttp2_option_set_max_continuations(nghttp2_option *option, size_t value) DUBBO_WEAK;

static inline int dubbo_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst, uint64_t rate) {
  if (!nghttp2_option_set_stream_reset_rate_limit) return 0;
  nghttp2_option_set_stream_reset_rate_limit(option, burst, rate);
  return 1;
}

static inline int dubbo_option_set_max_continuations(nghttp2_option *option, size_t value) {
  if (!nghttp2_option_set_max_continuations) return 0;
  nghttp2_option_set_max_continuations(option, value);
  return 1;
}

// The allocator, for the memory that the sessions of a loop share.
static inline void *dubbo_malloc(size_t size) { return malloc(size); }
static inline void dubbo_free(void *block) { free(block); }

#endif
