#ifndef DUBBO_CZLIB_SHIM_H
#define DUBBO_CZLIB_SHIM_H

#if !__has_include(<zlib.h>)
#error "dubbo-swift needs zlib: run dev/setup, or `apt-get install zlib1g-dev`, or `brew install zlib`"
#endif
#include <zlib.h>

// Macros in zlib.h, which Swift does not see.
static inline int dubbo_deflate_begin(z_stream *stream, int level, int window_bits, int memory_level) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
}

static inline int dubbo_inflate_begin(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }

#endif
