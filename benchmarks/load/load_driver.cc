// Puts load on one engine and tells what its clients saw.
//
//   load_driver STORE PLAN open|closed CLIENTS RATE SECONDS WRITE_EVERY_MS [FRESHNESS]
//
// closed: each client asks its next question when the last is answered. open: question number i is due at i / RATE
// seconds, whatever became of those before it, and its latency counts from then: a stall is felt by all that were due
// in it. WRITE_EVERY_MS > 0: each writer of the plan lands a commit and syncs so often, due in the same way; 0: as
// often as it can, with no questions' rate to mind; below 0: never. Without writers every answer must be the one that
// the same question had before the clock started. FRESHNESS: fresh (default) or cached. Prints a JSON object.
#include <sys/prctl.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "engine/engine.h"
#include "load/latencies.h"
#include "load/plan_file.h"

namespace {

namespace fs = std::filesystem;
using levee::catalog::Catalog;
using levee::load::Latencies;
using levee::load::Question;
using levee::load::Writer;

struct Load {
  bool open = false;
  int clients = 1;
  double rate = 0;  // questions a second, of all clients
  double seconds = 1;
  double write_every_ms = -1;
};

struct Outcome {
  std::vector<Latencies> clients;
  Latencies writes;
  double seconds = 0;
};

std::int64_t Now() { return levee::SystemClock().MonotonicNanos(); }

void SleepUntil(std::int64_t due_ns) {
  const timespec at{.tv_sec = due_ns / 1'000'000'000, .tv_nsec = due_ns % 1'000'000'000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

levee::Result<std::int64_t> Ask(Catalog& catalog, const Question& question) {
  levee::catalog::FilesRequest request;
  request.where = question.where;
  LEVEE_ASSIGN(const auto view, catalog.Open(question.table, {}));
  if (question.count) return view->Count(request, nullptr);
  request.columns = {levee::columnar::PlainKey(levee::columnar::ColumnRole::kPath)};
  LEVEE_ASSIGN(const auto stream, view->Files(request, nullptr));
  for (std::int64_t files = 0;;) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (batch == nullptr) return files;
    files += static_cast<std::int64_t>(batch->rows);
  }
}

void Fail(Latencies& own, std::string text) {
  ++own.errors;
  if (own.first_error.empty()) own.first_error = std::move(text);
}

// The shortest sleep of a client in an open loop.
constexpr std::int64_t kNapNs = 100'000;

class Driver {
 public:
  Driver(Catalog& catalog, levee::load::Plan plan, Load load)
      : catalog_(catalog), plan_(std::move(plan)), load_(load) {}

  // Asks every question once: what is kept in memory is kept, and the right answers are known.
  bool WarmUp() {
    for (const Question& question : plan_.questions) {
      const auto files = Ask(catalog_, question);
      if (!files) {
        std::fprintf(stderr, "load_driver: %s\n", files.error().ToString().c_str());
        return false;
      }
      answers_.push_back(*files);
    }
    return true;
  }

  Outcome Run() {
    Outcome outcome;
    outcome.clients.resize(static_cast<std::size_t>(load_.clients));
    std::vector<Latencies> writes(writing() ? plan_.writers.size() : 0);
    start_ns_ = Now() + 10'000'000;
    end_ns_ = start_ns_ + static_cast<std::int64_t>(load_.seconds * 1e9);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < outcome.clients.size(); ++i) {
        threads.emplace_back([&, i] { load_.open ? AskWhenDue(outcome.clients[i]) : AskOnAndOn(i, outcome.clients[i]); });
      }
      for (std::size_t i = 0; i < writes.size(); ++i) {
        threads.emplace_back([&, i] { Write(plan_.writers[i], writes[i]); });
      }
    }
    outcome.seconds = static_cast<double>(Now() - start_ns_) / 1e9;
    for (const Latencies& own : writes) outcome.writes.Merge(own);
    return outcome;
  }

 private:
  bool writing() const { return load_.write_every_ms >= 0; }

  void AskOne(std::size_t number, std::int64_t due_ns, Latencies& own) {
    const std::size_t at = number % plan_.questions.size();
    const auto files = Ask(catalog_, plan_.questions[at]);
    if (!files) return Fail(own, files.error().ToString());
    own.all_ns.push_back(Now() - due_ns);
    if (!writing() && *files != answers_[at]) Fail(own, "wrong answer to " + plan_.questions[at].where);
  }

  void AskOnAndOn(std::size_t client, Latencies& own) {
    SleepUntil(start_ns_);
    // Clients start at different questions, so that they do not ask in step.
    for (std::size_t number = client * 7919;; ++number) {
      const std::int64_t began_ns = Now();
      if (began_ns >= end_ns_) return;
      AskOne(number, began_ns, own);
    }
  }

  void AskWhenDue(Latencies& own) {
    prctl(PR_SET_TIMERSLACK, 1);  // nanosecond; the default of 50 us would be counted as latency
    for (;;) {
      const std::size_t number = next_.fetch_add(1);
      const std::int64_t due_ns = start_ns_ + static_cast<std::int64_t>(static_cast<double>(number) * 1e9 / load_.rate);
      if (due_ns >= end_ns_) return;
      // Waking for each question would cost more than most answers do. What comes due meanwhile is asked late, and
      // counts as late.
      if (const std::int64_t now_ns = Now(); due_ns > now_ns) SleepUntil(std::max(due_ns, now_ns + kNapNs));
      AskOne(number, due_ns, own);
    }
  }

  void Write(const Writer& writer, Latencies& own) {
    const auto every_ns = static_cast<std::int64_t>(load_.write_every_ms * 1e6);
    for (std::int64_t i = 0; i < writer.count; ++i) {
      const std::int64_t due_ns = every_ns > 0 ? start_ns_ + i * every_ns : Now();
      if (due_ns >= end_ns_) return;
      SleepUntil(due_ns);
      char name[32];
      std::snprintf(name, sizeof name, "%020lld.json", static_cast<long long>(writer.first + i));
      std::error_code moved;
      fs::rename(fs::path(writer.staged) / name, fs::path(writer.table) / "_delta_log" / name, moved);
      if (moved) return Fail(own, std::string(name) + ": " + moved.message());
      const auto report = catalog_.Sync(writer.table, std::nullopt, false);
      if (!report) return Fail(own, report.error().ToString());
      own.all_ns.push_back(Now() - due_ns);
    }
  }

  Catalog& catalog_;
  const levee::load::Plan plan_;
  const Load load_;
  std::vector<std::int64_t> answers_;  // constant after WarmUp
  std::int64_t start_ns_ = 0, end_ns_ = 0;
  std::atomic<std::size_t> next_ = 0;
};

void Print(const Outcome& outcome) {
  Latencies all;
  std::vector<std::size_t> shares;
  for (const Latencies& own : outcome.clients) {
    all.Merge(own);
    shares.push_back(own.all_ns.size());
  }
  std::sort(shares.begin(), shares.end());
  std::string error;
  for (const char c : all.first_error.empty() ? outcome.writes.first_error : all.first_error) {
    if (c == '"' || c == '\\') error += '\\';
    error += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  std::printf("{\"asked\":%s,\"written\":%s,\"slowest_client\":%zu,\"median_client\":%zu,\"error\":\"%s\"}\n",
              LatenciesJson(all, outcome.seconds).c_str(), LatenciesJson(outcome.writes, outcome.seconds).c_str(),
              shares.front(), shares[shares.size() / 2], error.c_str());
}

int Usage() {
  std::fprintf(stderr,
               "usage: load_driver STORE PLAN open|closed CLIENTS RATE SECONDS WRITE_EVERY_MS [fresh|cached]\n");
  return 64;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 8 || argc > 9) return Usage();
  const Load load{.open = std::strcmp(argv[3], "open") == 0,
                  .clients = std::atoi(argv[4]),
                  .rate = std::atof(argv[5]),
                  .seconds = std::atof(argv[6]),
                  .write_every_ms = std::atof(argv[7])};
  auto plan = levee::load::ReadPlan(argv[2]);
  if (!plan || plan->questions.empty() || load.clients < 1 || load.seconds <= 0 || (load.open && load.rate <= 0)) {
    return Usage();
  }
  levee::engine::EngineOptions options;
  options.store_uri = argv[1];
  if (argc == 9 && std::strcmp(argv[8], "cached") == 0) {
    options.freshness.mode = levee::catalog::Freshness::Mode::kCached;
  }
  auto engine = levee::engine::Engine::Open(options);
  if (!engine) {
    std::fprintf(stderr, "load_driver: %s\n", engine.error().ToString().c_str());
    return 1;
  }
  Driver driver((*engine)->catalog(), *std::move(plan), load);
  if (!driver.WarmUp()) return 1;
  Print(driver.Run());
  return 0;
}
