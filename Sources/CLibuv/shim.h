#ifndef DUBBO_CLIBUV_SHIM_H
#define DUBBO_CLIBUV_SHIM_H

#if !__has_include(<uv.h>)
#error "dubbo-swift needs libuv: run dev/setup, or `apt-get install libuv1-dev`, or `brew install libuv`"
#endif
#include <uv.h>
#if UV_VERSION_HEX < 0x012b00
#error "dubbo-swift needs libuv 1.43 or newer: run dev/setup, or upgrade libuv1-dev (apt) or libuv (brew)"
#endif

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

// pthread_t is a number on Linux and a pointer on macOS: one comparable word for both.
static inline uintptr_t dubbo_thread_self(void) { return (uintptr_t)pthread_self(); }

// uv_thread_t hides the same difference from Swift.
static inline void dubbo_thread_detach(uv_thread_t thread) { (void)pthread_detach(thread); }

// sigset_t has no portable form in Swift. libuv writes with write(2): a peer that left would raise SIGPIPE. Blocked on
// our own threads only, so the process keeps its disposition.
static inline void dubbo_block_sigpipe(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

// Threads inherit a mask, and those of Swift's global pool hold every signal back: a thread that is to hear one must say
// so. sigset_t as above.
static inline void dubbo_unblock_signal(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static inline void dubbo_yield_thread(void) { (void)sched_yield(); }

// struct sigaction is a union behind macros. libuv leaves SIG_DFL behind when its last watcher of a signal goes; with
// these the disposition from before comes back instead. `dubbo_signal_same` tells whether the handler is still the saved
// one, that is, whether libuv had taken the signal before.
static inline struct sigaction *dubbo_signal_save(int number) {
  struct sigaction *saved = (struct sigaction *)malloc(sizeof *saved);
  if (saved && sigaction(number, NULL, saved) != 0) {
    free(saved);
    return NULL;
  }
  return saved;
}

static inline int dubbo_signal_same(int number, const struct sigaction *saved) {
  struct sigaction current;
  return sigaction(number, NULL, &current) == 0 && current.sa_handler == saved->sa_handler;
}

static inline void dubbo_signal_restore(int number, const struct sigaction *saved) {
  struct sigaction current;
  if (sigaction(number, NULL, &current) == 0 && current.sa_handler == SIG_DFL) (void)sigaction(number, saved, NULL);
}

// The clock that costs 5 ns and moves every few milliseconds: enough to notice who held a loop for ten.
static inline uint64_t dubbo_coarse_nanoseconds(void) {
  struct timespec time;
#if defined(CLOCK_MONOTONIC_COARSE)
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
#else
  clock_gettime(CLOCK_MONOTONIC, &time);
#endif
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Threads that can run at once; libuv has its own answer only from 1.44.
static inline unsigned dubbo_parallelism(void) {
#if UV_VERSION_HEX >= 0x012c00
  return uv_available_parallelism();
#else
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (unsigned)count : 1;
#endif
}

// RLIM_INFINITY is a cast macro, which Swift does not import.
static inline uint64_t dubbo_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
  return (uint64_t)limit.rlim_cur;
}

// Gives freed memory back to the system; glibc keeps what lies between blocks in use until it is asked.
static inline void dubbo_give_memory_back(void) {
#if defined(__GLIBC__)
  (void)malloc_trim(0);
#endif
}

// Socket addresses are a union behind casts and differ between systems in layout (sa_len, path length), so they cross
// as one plain structure. `family` is 4, 6, 1 (unix) or 0 (something else); `path` ends with NUL.
typedef struct {
  uint8_t family;
  uint16_t port;
  uint32_t scope;
  uint8_t bytes[16];
  char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
} dubbo_address;

// Swift sees AF_INET6 only through the system's own module, which this one need not import.
static const int dubbo_family_ipv4 = AF_INET;
static const int dubbo_family_ipv6 = AF_INET6;
// SOCK_STREAM is an enum on Linux and a macro on macOS.
static const int dubbo_socket_type_stream = SOCK_STREAM;
static const int dubbo_lookup_flags = AI_NUMERICSERV;
static const size_t dubbo_unix_path_limit = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

static inline socklen_t dubbo_address_pack(const dubbo_address *address, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  if (address->family == 4) {
    struct sockaddr_in *in4 = (struct sockaddr_in *)out;
    in4->sin_family = AF_INET;
    in4->sin_port = htons(address->port);
    memcpy(&in4->sin_addr, address->bytes, 4);
    return sizeof *in4;
  }
  if (address->family == 6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address->port);
    in6->sin6_scope_id = address->scope;
    memcpy(&in6->sin6_addr, address->bytes, 16);
    return sizeof *in6;
  }
  struct sockaddr_un *un = (struct sockaddr_un *)out;
  un->sun_family = AF_UNIX;
  memcpy(un->sun_path, address->path, sizeof un->sun_path);
  return sizeof *un;
}

static inline void dubbo_address_unpack(const struct sockaddr *from, dubbo_address *out) {
  memset(out, 0, sizeof *out);
  if (from->sa_family == AF_INET) {
    const struct sockaddr_in *in4 = (const struct sockaddr_in *)from;
    out->family = 4;
    out->port = ntohs(in4->sin_port);
    memcpy(out->bytes, &in4->sin_addr, 4);
  } else if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;
    out->family = 6;
    out->port = ntohs(in6->sin6_port);
    out->scope = in6->sin6_scope_id;
    memcpy(out->bytes, &in6->sin6_addr, 16);
  } else if (from->sa_family == AF_UNIX) {
    const struct sockaddr_un *un = (const struct sockaddr_un *)from;
    out->family = 1;
    memcpy(out->path, un->sun_path, sizeof out->path - 1);
  }
}

static inline int dubbo_make_cloexec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

// A listening socket that libuv only watches. libuv's own listener answers EMFILE by closing the waiting connections
// without a word; with the descriptor in our hands accepting can pause instead. Returns the descriptor or -errno.
static inline int dubbo_listen(const dubbo_address *address, int backlog) {
  struct sockaddr_storage storage;
  socklen_t length = dubbo_address_pack(address, &storage);
  int descriptor = socket(storage.ss_family, SOCK_STREAM, 0);
  if (descriptor < 0) return -errno;
  int on = 1;
  int flags = fcntl(descriptor, F_GETFL);
  if (dubbo_make_cloexec(descriptor) < 0 || flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
      (address->family != 1 && setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) ||
      bind(descriptor, (struct sockaddr *)&storage, length) < 0 || listen(descriptor, backlog) < 0) {
    int error = errno;
    close(descriptor);
    return -error;
  }
  return descriptor;
}

// The next waiting connection's descriptor, or -errno.
static inline int dubbo_accept(int listener, dubbo_address *peer) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  memset(&storage, 0, sizeof storage);
  int descriptor = accept(listener, (struct sockaddr *)&storage, &length);
  if (descriptor < 0) return -errno;
  (void)dubbo_make_cloexec(descriptor);
  dubbo_address_unpack((struct sockaddr *)&storage, peer);
  return descriptor;
}

static inline int dubbo_local_address(int descriptor, dubbo_address *local) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  memset(&storage, 0, sizeof storage);
  if (getsockname(descriptor, (struct sockaddr *)&storage, &length) != 0) return -errno;
  dubbo_address_unpack((struct sockaddr *)&storage, local);
  return 0;
}

// Linger 0 makes close send RST. For sockets that no stream owns yet.
static inline void dubbo_close_reset(int descriptor) {
  struct linger linger = {1, 0};
  (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  (void)close(descriptor);
}

static inline int dubbo_close(int descriptor) { return close(descriptor); }

// 0 if somebody listens at the unix path, else -errno: how a stale socket file is told from a live one.
static inline int dubbo_probe_unix(const dubbo_address *address) {
  struct sockaddr_storage storage;
  socklen_t length = dubbo_address_pack(address, &storage);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  if (descriptor < 0) return -errno;
  int flags = fcntl(descriptor, F_GETFL);
  (void)fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  int result = connect(descriptor, (struct sockaddr *)&storage, length) == 0 ? 0 : -errno;
  (void)close(descriptor);
  return result;
}

static inline int dubbo_unlink(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

#endif
