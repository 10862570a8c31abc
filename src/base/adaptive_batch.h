// The size of batches that should each take a given time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace levee {

// Learns from each batch what an item costs and sizes the next one by it. The cost is smoothed, and a batch is at most
// twice as large as the one before, so that one lucky batch does not make the next one late; it may shrink at once. Not
// thread-safe.
class AdaptiveBatch {
 public:
  struct Options {
    std::int64_t target_ns = 0;  // 0: the size never changes
    std::size_t first = 1;       // items
    std::size_t least = 1, most = 1;
  };

  explicit AdaptiveBatch(const Options& options) : options_(options), size_(options.first) {}

  // Items of the next batch.
  std::size_t size() const { return size_; }
  // A batch of `items` took so long. Of batches below half of the size only lateness counts: they tell more of fixed
  // costs than of items.
  void Took(std::size_t items, std::int64_t duration_ns);

 private:
  const Options options_;
  std::size_t size_;
  double item_ns_ = 0;  // 0: nothing known yet
};

}  // namespace levee
