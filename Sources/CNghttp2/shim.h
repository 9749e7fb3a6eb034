#ifndef DUBBO_CNGHTTP2_SHIM_H
#define DUBBO_CNGHTTP2_SHIM_H

#if !__has_include(<nghttp2/nghttp2.h>)
#error "dubbo-swift needs nghttp2: run dev/setup, or `apt-get install libnghttp2-dev`, or `brew install libnghttp2`"
#endif
#include <nghttp2/nghttp2.h>
#if NGHTTP2_VERSION_NUM < 0x012b00
#error "dubbo-swift needs nghttp2 1.43 or newer: run dev/setup, or upgrade libnghttp2-dev (apt) or libnghttp2 (brew)"
#endif

#endif
