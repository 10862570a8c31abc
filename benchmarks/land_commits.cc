// Measures what a commit costs a process that is already running: land_commits LOG_FOLDER WORK_FOLDER WHERE N
//
// Copies a table's log without its last N commits to WORK_FOLDER, imports it, then lands the commits one by
// one; after each, opens the newest version and lists the files that WHERE selects. Prints a JSON object of
// medians in microseconds; `fsync_us` is a bare write of 16 KB with fdatasync in the same folder.
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace {

namespace fs = std::filesystem;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double NowMicros() { return static_cast<double>(levee::SystemClock().MonotonicNanos()) / 1e3; }

// Of all threads, those that compact in the background too.
double CpuMicros() {
  timespec at{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) * 1e6 + static_cast<double>(at.tv_nsec) / 1e3;
}

[[noreturn]] void Stop(const levee::Error& error) {
  std::fprintf(stderr, "land_commits: %s\n", error.ToString().c_str());
  std::exit(1);
}

bool IsCommit(const std::string& name) { return name.size() == 25 && name.ends_with(".json"); }

// Links all of the log but its last `count` commits; returns those.
std::vector<fs::path> CopyLog(const fs::path& from, const fs::path& to, std::size_t count) {
  fs::remove_all(to);
  fs::create_directories(to);
  std::vector<fs::path> files, commits;
  for (const auto& entry : fs::directory_iterator(from)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (IsCommit(file.filename())) commits.push_back(file);
  }
  commits.erase(commits.begin(), commits.end() - static_cast<std::ptrdiff_t>(std::min(count, commits.size())));
  for (const fs::path& file : files) {
    if (std::find(commits.begin(), commits.end(), file) == commits.end()) fs::create_hard_link(file, to / file.filename());
  }
  return commits;
}

void Land(const fs::path& commit, const fs::path& log) {
  const fs::path staged = log / "landing.tmp";
  fs::copy_file(commit, staged, fs::copy_options::overwrite_existing);
  fs::last_write_time(staged, fs::file_time_type::clock::now());
  fs::rename(staged, log / commit.filename());
}

// The number of files that the newest version's answer holds.
std::size_t Ask(levee::catalog::Catalog& catalog, const std::string& table, const std::string& where) {
  auto view = catalog.Open(table, {});
  if (!view) Stop(view.error());
  levee::catalog::FilesRequest request;
  request.where = where;
  request.columns = {levee::columnar::PlainKey(levee::columnar::ColumnRole::kPath)};
  auto stream = (*view)->Files(request, nullptr);
  if (!stream) Stop(stream.error());
  std::size_t rows = 0;
  while (true) {
    auto batch = (*stream)->Next();
    if (!batch) Stop(batch.error());
    if (*batch == nullptr) return rows;
    rows += (*batch)->rows;
  }
}

double TimeFsync(const fs::path& folder) {
  const int file = open((folder / "fsync").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return 0;
  const std::vector<char> page(16 * 1024, 'x');
  std::vector<double> times;
  for (int i = 0; i < 50; ++i) {
    const double start = NowMicros();
    if (write(file, page.data(), page.size()) < 0 || fdatasync(file) != 0) break;
    times.push_back(NowMicros() - start);
  }
  close(file);
  return Median(times);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: land_commits LOG_FOLDER WORK_FOLDER WHERE N\n");
    return 64;
  }
  const fs::path work = argv[2];
  const fs::path log = work / "table" / "_delta_log";
  const auto commits = CopyLog(argv[1], log, std::strtoull(argv[4], nullptr, 10));
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(work / (std::string("land.db") + suffix));
  levee::engine::EngineOptions options;
  options.store_uri = (work / "land.db").string();
  auto engine = levee::engine::Engine::Open(options);
  if (!engine) Stop(engine.error());
  levee::catalog::Catalog& catalog = (*engine)->catalog();
  const std::string table = (work / "table").string();
  Ask(catalog, table, argv[3]);
  Ask(catalog, table, argv[3]);
  std::vector<double> times, cpu_times;
  std::size_t files = 0;
  for (const fs::path& commit : commits) {
    Land(commit, log);
    const double start = NowMicros(), cpu_start = CpuMicros();
    files = Ask(catalog, table, argv[3]);
    cpu_times.push_back(CpuMicros() - cpu_start);
    times.push_back(NowMicros() - start);
  }
  std::printf("{\"commits\":%zu,\"files\":%zu,\"p50_us\":%.1f,\"cpu_us\":%.1f,\"fsync_us\":%.1f}\n", times.size(), files,
              Median(times), Median(cpu_times), TimeFsync(work));
  return 0;
}
