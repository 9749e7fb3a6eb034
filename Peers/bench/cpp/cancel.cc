// Calls grpc.examples.echo.Echo at a rate on one connection and cancels a share of the calls while the server works on
// them, with gRPC C++'s callback API; one JSON line at the end.
#include <grpcpp/grpcpp.h>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include "common.h"
#include "echo.grpc.pb.h"

using grpc::examples::echo::EchoRequest;
using grpc::examples::echo::EchoResponse;
using Clock = std::chrono::steady_clock;

static std::atomic<uint64_t> answered{0}, cancelled{0}, failed{0};
static std::atomic<int> running{0};
static std::mutex mutex;
static std::string first_error;

struct Call {
  grpc::ClientContext context;
  EchoRequest request;
  EchoResponse response;
};

static void ended(const grpc::Status& status) {
  if (status.ok()) answered++;
  else if (status.error_code() == grpc::StatusCode::CANCELLED) cancelled++;
  else if (!failed++) {
    std::lock_guard lock(mutex);
    first_error = std::to_string(status.error_code()) + " " + status.error_message();
  }
  running--;
}

int main(int argc, char** argv) {
  Options options(argc, argv, {{"target", ""}, {"rate", "10000"}, {"share", "0.3"}, {"seconds", "60"}},
                  "cpp-cancel --target HOST:PORT [--rate 10000] [--share 0.3] [--seconds 60]\n"
                  "One connection, --rate calls a second, --share of them cancelled 100 ms after their start while the\n"
                  "server holds their answer back for 200 ms (metadata x-sleep-ms). Prints one JSON line. Exit status 1\n"
                  "if a call failed that was not cancelled, or the connection was lost.\n");
  if (options.text("target").empty()) return std::cerr << "cpp-cancel: --target is required\n", 2;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto channel = grpc::CreateCustomChannel(options.text("target"), grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5)))
    return std::cerr << "cpp-cancel: cannot connect to " << options.text("target") << "\n", 1;
  auto stub = grpc::examples::echo::Echo::NewStub(channel);
  std::mt19937 random(1);
  std::bernoulli_distribution is_doomed(options.number("share"));
  std::deque<std::pair<Clock::time_point, std::shared_ptr<Call>>> doomed;
  const auto begun = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  uint64_t calls = 0;
  int losses = 0;
  bool is_lost = false;
  while (seconds() < options.number("seconds")) {
    // As many as are due, but no more than a server lets run at once: it would be our own queue that is measured.
    for (uint64_t due = static_cast<uint64_t>(seconds() * options.number("rate")); calls < due && running < 800; calls++) {
      auto call = std::make_shared<Call>();
      call->request.set_message("hello");
      call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      // Late enough for the request to have left: this core resets a stream that it has numbered and not opened yet, which
      // RFC 9113, section 5.1, has a server end the connection for.
      if (is_doomed(random)) {
        call->context.AddMetadata("x-sleep-ms", "200");
        doomed.emplace_back(Clock::now() + std::chrono::milliseconds(100), call);
      }
      running++;
      stub->async()->UnaryEcho(&call->context, &call->request, &call->response,
                               [call](grpc::Status status) { ended(status); });
    }
    for (; !doomed.empty() && doomed.front().first <= Clock::now(); doomed.pop_front())
      doomed.front().second->context.TryCancel();
    bool is_ready = channel->GetState(false) == GRPC_CHANNEL_READY;
    if (!is_ready && !is_lost) losses++;
    is_lost = !is_ready;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  double took = seconds();
  for (auto& entry : doomed) entry.second->context.TryCancel();
  for (int i = 0; running > 0 && i < 2500; i++) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  bool is_good = failed == 0 && losses == 0 && running == 0;
  printf("{\"peer\":\"grpc-c++ %s\",\"calls\":%llu,\"calls_per_s\":%.0f,\"cancelled\":%llu,\"answered\":%llu,\"seconds\":%.0f,"
         "\"failed\":%llu,\"first_error\":\"%s\",\"connected\":%d,\"without_end\":%d}\n",
         grpc::Version().c_str(), static_cast<unsigned long long>(calls), calls / took,
         static_cast<unsigned long long>(cancelled.load()), static_cast<unsigned long long>(answered.load()), took,
         static_cast<unsigned long long>(failed.load()), first_error.c_str(), 1 + losses, running.load());
  std::fflush(stdout);
  std::_Exit(is_good ? 0 : 1);
}
