#include "query/cost/planner_memory.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/hash.h"

namespace levee::query {
namespace {

constexpr std::size_t kCorrectionsMax = 1'024;
// An estimate is far off by this factor.
constexpr double kFarOff = 10;
// Wider apart than this, nothing is learnt from one answer.
constexpr double kFactorMax = 1e9;
constexpr char kFirstLine[] = "levee planner 1";

void AddShape(const expr::SkippingNode& node, std::string& text) {
  text.push_back(static_cast<char>('a' + static_cast<int>(node.kind)));
  text.push_back(static_cast<char>('0' + static_cast<int>(node.op)));
  text += node.column.physical_path + '\0' + node.other.physical_path + '(';
  for (const expr::SkippingNode& child : node.children) AddShape(child, text);
  text.push_back(')');
}

// What tells machines that share a home folder apart.
std::string MachineName() {
  std::string model;
  std::ifstream cpus("/proc/cpuinfo");
  for (std::string line; std::getline(cpus, line);) {
    if (!line.starts_with("model name") && !line.starts_with("CPU part")) continue;
    model = line;
    break;
  }
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  std::ostringstream name;
  name << std::hex << Hash64(model + '\0' + host + '\0' + std::to_string(std::thread::hardware_concurrency()));
  return name.str();
}

bool IsCost(double value) { return std::isfinite(value) && value > 0; }

}  // namespace

std::uint64_t ShapeOf(const expr::SkippingNode& predicate, std::string_view table) {
  std::string text(table);
  text.push_back('\0');
  AddShape(predicate, text);
  return Hash64(text);
}

MachineCosts PlannerMemory::Costs() {
  const std::lock_guard lock(mutex_);
  Load();
  if (!costs_) {
    costs_ = MeasureCosts();
    Save();
  }
  return *costs_;
}

std::optional<double> PlannerMemory::CorrectionOf(std::uint64_t shape) {
  const std::lock_guard lock(mutex_);
  Load();
  const auto found = corrections_.find(shape);
  return found == corrections_.end() ? std::nullopt : std::optional(found->second.factor);
}

void PlannerMemory::Learn(std::uint64_t shape, double estimated, double actual) {
  // A file more or less decides nothing.
  const double ratio = std::max(actual, 1.0) / std::max(estimated, 1.0);
  if (ratio < kFarOff && ratio > 1 / kFarOff) return;
  const std::lock_guard lock(mutex_);
  Load();
  Correction& correction = corrections_[shape];
  correction.factor = std::clamp(correction.factor * ratio, 1 / kFactorMax, kFactorMax);
  correction.age = ++age_;
  if (correction.factor < kFarOff && correction.factor > 1 / kFarOff) corrections_.erase(shape);
  if (corrections_.size() > kCorrectionsMax) {
    corrections_.erase(
        std::ranges::min_element(corrections_, {}, [](const auto& entry) { return entry.second.age; }));
  }
  Save();
}

void PlannerMemory::Load() {
  if (loaded_) return;
  loaded_ = true;
  if (file_.empty()) return;
  std::ifstream in(file_);
  std::string line;
  if (!std::getline(in, line) || line != kFirstLine) return;
  if (!std::getline(in, line) || line != "machine " + MachineName()) return;
  MachineCosts costs;
  std::size_t known = 0;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name == "correction") {
      std::uint64_t shape = 0;
      double factor = 0;
      if (words >> std::hex >> shape >> std::dec >> factor && IsCost(factor) && corrections_.size() < kCorrectionsMax) {
        corrections_[shape] = {.factor = factor, .age = ++age_};
      }
      continue;
    }
    for (const auto& [cost, member] : kMachineCosts) {
      double value = 0;
      if (name != cost || !(words >> value) || !IsCost(value)) continue;
      costs.*member = value;
      ++known;
    }
  }
  if (known == kMachineCosts.size()) costs_ = costs;
}

void PlannerMemory::Save() const {
  if (file_.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), ignored);
  // Another process sees the old file or the new one.
  const std::string fresh = file_ + '.' + std::to_string(getpid());
  {
    std::ofstream out(fresh);
    out << kFirstLine << "\nmachine " << MachineName() << '\n';
    if (costs_) {
      for (const auto& [cost, member] : kMachineCosts) out << cost << ' ' << *costs_.*member << '\n';
    }
    std::vector<std::pair<std::uint64_t, Correction>> oldest_first(corrections_.begin(), corrections_.end());
    std::ranges::sort(oldest_first, {}, [](const auto& entry) { return entry.second.age; });
    for (const auto& [shape, correction] : oldest_first) {
      out << "correction " << std::hex << shape << ' ' << std::dec << correction.factor << '\n';
    }
    if (!out.flush()) {
      std::filesystem::remove(fresh, ignored);
      return;
    }
  }
  std::filesystem::rename(fresh, file_, ignored);
}

}  // namespace levee::query
