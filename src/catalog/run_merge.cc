#include "catalog/run_merge.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "base/parallel.h"

namespace levee::catalog {
namespace {

using columnar::EntryOrderKeys;
using Runs = std::vector<const EntryOrderKeys*>;

// Ids of partition tuples that compare across runs: run -> local id -> rank in byte order.
std::vector<std::vector<std::uint32_t>> RankPartitions(const Runs& runs) {
  std::map<std::string_view, std::uint32_t> ranks;
  for (const EntryOrderKeys* run : runs) {
    for (const std::string& tuple : run->partitions) ranks.try_emplace(tuple, 0);
  }
  std::uint32_t next = 0;
  for (auto& [tuple, rank] : ranks) rank = next++;
  std::vector<std::vector<std::uint32_t>> by_run;
  for (const EntryOrderKeys* run : runs) {
    auto& local = by_run.emplace_back();
    for (const std::string& tuple : run->partitions) local.push_back(ranks.find(tuple)->second);
  }
  return by_run;
}

struct Key {
  std::uint32_t rank = 0;
  std::uint64_t cluster = 0;
  friend auto operator<=>(const Key&, const Key&) = default;
};

class Merger {
 public:
  explicit Merger(const Runs& runs) : runs_(runs), ranks_(RankPartitions(runs)) {}

  // The row of each run at which the part begins: those before are less than the longest run's row there.
  std::vector<std::size_t> PartBegin(std::size_t part, std::size_t parts) const {
    std::vector<std::size_t> begin;
    if (part == parts) {
      for (const EntryOrderKeys* run : runs_) begin.push_back(run->cluster.size());
      return begin;
    }
    std::size_t longest = 0;
    for (std::size_t run = 1; run < runs_.size(); ++run) {
      if (runs_[run]->cluster.size() > runs_[longest]->cluster.size()) longest = run;
    }
    if (part == 0 || runs_.empty()) return std::vector<std::size_t>(runs_.size(), 0);
    const Key splitter = KeyAt(longest, runs_[longest]->cluster.size() * part / parts);
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      std::size_t low = 0, high = runs_[run]->cluster.size();
      while (low < high) {
        const std::size_t middle = (low + high) / 2;
        KeyAt(run, middle) < splitter ? low = middle + 1 : high = middle;
      }
      begin.push_back(low);
    }
    return begin;
  }

  // Writes the runs' numbers in the order of their rows between `begin` and `end`.
  void Merge(const std::vector<std::size_t>& begin, const std::vector<std::size_t>& end, std::uint16_t* out) const {
    std::vector<Head> heads;
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      if (begin[run] < end[run]) heads.push_back({KeyAt(run, begin[run]), static_cast<std::uint16_t>(run), begin[run]});
    }
    const auto after = [](const Head& a, const Head& b) {
      return a.key != b.key ? a.key > b.key : a.run > b.run;
    };
    std::make_heap(heads.begin(), heads.end(), after);
    while (!heads.empty()) {
      Head& top = heads.front();
      *out++ = top.run;
      if (++top.row == end[top.run]) {
        std::pop_heap(heads.begin(), heads.end(), after);
        heads.pop_back();
        continue;
      }
      top.key = KeyAt(top.run, top.row);
      SiftDown(heads, after);
    }
  }

 private:
  struct Head {
    Key key;
    std::uint16_t run;
    std::size_t row;
  };

  Key KeyAt(std::size_t run, std::size_t row) const {
    return {ranks_[run][runs_[run]->partition_ids[row]], runs_[run]->cluster[row]};
  }

  // Moves the changed top to its place. Runs of rows from one run are common: often it stays.
  template <typename After>
  static void SiftDown(std::vector<Head>& heads, const After& after) {
    const Head moved = heads[0];
    std::size_t at = 0;
    for (std::size_t child = 1; child < heads.size(); child = 2 * at + 1) {
      if (child + 1 < heads.size() && after(heads[child], heads[child + 1])) ++child;
      if (!after(moved, heads[child])) break;
      heads[at] = heads[child];
      at = child;
    }
    heads[at] = moved;
  }

  const Runs& runs_;
  const std::vector<std::vector<std::uint32_t>> ranks_;
};

}  // namespace

Result<std::vector<std::uint16_t>> MergeSortedKeys(const Runs& runs, int threads) {
  const Merger merger(runs);
  std::size_t rows = 0;
  for (const EntryOrderKeys* run : runs) rows += run->cluster.size();
  std::vector<std::uint16_t> sources(rows);
  const auto parts = static_cast<std::size_t>(std::max(threads, 1));
  LEVEE_RETURN_IF_ERROR(ParallelFor(parts, threads, [&](std::size_t part) -> Status {
    const std::vector<std::size_t> begin = merger.PartBegin(part, parts);
    std::size_t first = 0;
    for (const std::size_t row : begin) first += row;
    merger.Merge(begin, merger.PartBegin(part + 1, parts), sources.data() + first);
    return {};
  }));
  return sources;
}

}  // namespace levee::catalog
