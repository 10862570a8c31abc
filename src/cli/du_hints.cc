#include "cli/du_hints.h"

#include <algorithm>
#include <cstdio>

#include "output/human_text.h"

namespace levee::cli {
namespace {

using output::GroupedNumber;
using output::HumanSize;

// Fewer files gained than this, or a smaller part of all, are not worth a rewrite.
constexpr std::int64_t kGainMin = 10;
constexpr std::int64_t kGainPart = 10;
// A partition of few times the median's size is no skew, nor are few partitions or small ones.
constexpr std::int64_t kSkewTimes = 8;
constexpr std::size_t kSkewPartitions = 4;

std::int64_t Gain(const store::FileSums& sums) { return sums.files - FilesAfterCompaction(sums); }

// The mean of the middle two of an even number; `values` is not empty and is reordered.
double Median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const auto upper = static_cast<double>(*middle);
  if (values.size() % 2 == 1) return upper;
  return (upper + static_cast<double>(*std::max_element(values.begin(), middle))) / 2;
}

}  // namespace

std::int64_t FilesAfterCompaction(const store::FileSums& sums) {
  if (sums.small_files == 0) return sums.files;
  const std::int64_t large = sums.files - sums.small_files;
  const std::int64_t small_bytes_max = std::max<std::int64_t>(sums.bytes - large * store::kSmallFileBytes, 0);
  const std::int64_t compacted = (small_bytes_max + kCompactedFileBytes - 1) / kCompactedFileBytes;
  return large + std::clamp<std::int64_t>(compacted, 1, sums.small_files);
}

void DuHints::Add(const store::FileSums& sums, const std::function<std::string()>& key) {
  if (!partitions_) return;
  ++groups_;
  total_.Add(sums);
  left_ += FilesAfterCompaction(sums);
  if (Gain(sums) > Gain(gains_most_.sums)) gains_most_ = {sums, key()};
  if (sums.bytes > largest_.sums.bytes) largest_ = {sums, key()};
  if (bytes_.size() <= kPartitionsMax) bytes_.push_back(sums.bytes);
}

std::vector<std::string> DuHints::Notes() const {
  std::vector<std::string> notes;
  AddSmallFileNotes(notes);
  AddSkewNote(notes);
  return notes;
}

void DuHints::AddSmallFileNotes(std::vector<std::string>& notes) const {
  const std::int64_t gain = total_.files - left_;
  if (gain < kGainMin || gain * kGainPart < total_.files) return;
  notes.push_back(GroupedNumber(total_.small_files) + " of " + GroupedNumber(total_.files) +
                  " files are below 32 MiB; compacted to 128 MiB" + (groups_ > 1 ? ", each partition by itself," : "") +
                  " at most " + GroupedNumber(left_) + (left_ == 1 ? " file" : " files") + " would be left");
  if (groups_ < 2) return;
  const store::FileSums& most = gains_most_.sums;
  const std::int64_t left = FilesAfterCompaction(most);
  notes.push_back("most is gained in " + gains_most_.key + ": at most " + GroupedNumber(left) + " instead of " +
                  GroupedNumber(most.files) + " files");
}

void DuHints::AddSkewNote(std::vector<std::string>& notes) const {
  if (bytes_.size() < kSkewPartitions || bytes_.size() > kPartitionsMax) return;
  const double median = Median(bytes_);
  const auto largest = static_cast<double>(largest_.sums.bytes);
  if (largest_.sums.bytes < store::kSmallFileBytes || largest < static_cast<double>(kSkewTimes) * median) return;
  std::string text = largest_.key + " holds " + HumanSize(largest_.sums.bytes);
  if (median >= 1) {
    char times[32];
    std::snprintf(times, sizeof(times), "%.0f", largest / median);
    text += ", " + std::string(times) + " times the median partition's " + HumanSize(static_cast<std::int64_t>(median));
  } else {
    text += ", and most partitions next to nothing";
  }
  notes.push_back(std::move(text));
}

}  // namespace levee::cli
