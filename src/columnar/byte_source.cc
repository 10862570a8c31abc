#include <cstring>

#include "columnar/segment.h"

namespace levee::columnar {
namespace {

class SpanSource : public ByteSource {
 public:
  explicit SpanSource(ByteSpan bytes) : bytes_(bytes) {}

  std::size_t size() const override { return bytes_.size(); }

  Status Read(std::size_t offset, std::span<std::uint8_t> out) override {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
      return Fail(ErrorCode::kCorrupt, "column chunk", "ends before its directory says");
    }
    if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return {};
  }

  ByteSpan View(std::size_t offset, std::size_t size) override {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return {};
    return bytes_.subspan(offset, size);
  }

 private:
  ByteSpan bytes_;
};

}  // namespace

ByteSpan ByteSource::View(std::size_t, std::size_t) { return {}; }

std::unique_ptr<ByteSource> MemorySource(ByteSpan bytes) { return std::make_unique<SpanSource>(bytes); }

}  // namespace levee::columnar
