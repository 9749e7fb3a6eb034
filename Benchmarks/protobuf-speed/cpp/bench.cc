// bench FOLDER: measures libprotobuf on the messages in FOLDER, like the Swift program, and prints the same lines.
#include <dlfcn.h>
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "orders.pb.h"

static double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

template <class Work>
static double timed(long rounds, Work work) {
  double start = now();
  for (long i = 0; i < rounds; i++) work();
  return now() - start;
}

template <class Work>
static void report(const char* name, const char* operation, Work work) {
  work();
  long rounds = 1;
  while (timed(rounds, work) < 20e6 && rounds < 1 << 24) rounds *= 2;
  double best = 1e300;
  for (int i = 0; i < 7; i++) best = std::min(best, timed(rounds, work) / rounds);
  auto counter = (uint64_t(*)())dlsym(RTLD_DEFAULT, "benchmark_allocations");
  uint64_t before = counter ? counter() : 0;
  for (int i = 0; i < 100; i++) work();
  double count = counter ? (counter() - before) / 100.0 : -1;
  printf("%s %s %.1f %.1f\n", name, operation, best, count);
}

static std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

template <class M>
static void measure(const char* name, const std::string& folder) {
  std::string bytes = slurp(folder + "/" + name + ".bin"), json = slurp(folder + "/" + name + ".json");
  M message;
  if (!message.ParseFromString(bytes)) std::abort();
  report(name, "decode", [&] { M m; if (!m.ParseFromString(bytes)) std::abort(); });
  report(name, "encode", [&] { std::string out; message.SerializeToString(&out); asm volatile("" : : "r"(out.data())); });
  std::string buffer(1 << 16, 0);
  report(name, "encode-reused", [&] { message.SerializeToArray(&buffer[0], buffer.size()); });
  report(name, "json-encode", [&] {
    std::string out;
    if (!google::protobuf::util::MessageToJsonString(message, &out).ok()) std::abort();
  });
  report(name, "json-decode", [&] {
    M m;
    if (!google::protobuf::util::JsonStringToMessage(json, &m).ok()) std::abort();
  });
}

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : ".";
  measure<dubbo::benchmark::EchoMessage>("echo", folder);
  measure<dubbo::benchmark::Order>("order", folder);
  measure<dubbo::benchmark::Large>("large", folder);
}
