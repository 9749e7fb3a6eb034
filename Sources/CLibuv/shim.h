#ifndef DUBBO_CLIBUV_SHIM_H
#define DUBBO_CLIBUV_SHIM_H

#if !__has_include(<uv.h>)
#error "dubbo-swift needs libuv: run dev/setup, or `apt-get install libuv1-dev`, or `brew install libuv`"
#endif
#include <uv.h>
#if UV_VERSION_HEX < 0x012b00
#error "dubbo-swift needs libuv 1.43 or newer: run dev/setup, or upgrade libuv1-dev (apt) or libuv (brew)"
#endif

#endif
