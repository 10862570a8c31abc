// An Arrow C stream that is released when nobody wants it any more.
#pragma once

#include <utility>

#include "levee/arrow_abi.h"

namespace levee {

// Owns a stream. What takes it over (ArrowArrayStreamMove, a PyCapsule) leaves `release` null, as the Arrow C stream
// interface has it.
class ArrowStream {
 public:
  ArrowStream() = default;
  ArrowStream(ArrowStream&& other) noexcept : stream_(std::exchange(other.stream_, {})) {}
  ArrowStream& operator=(ArrowStream&& other) noexcept {
    if (this != &other) {
      Release();
      stream_ = std::exchange(other.stream_, {});
    }
    return *this;
  }
  ~ArrowStream() { Release(); }

  ArrowArrayStream* get() { return &stream_; }
  // The stream itself; the caller has to release it.
  ArrowArrayStream Take() { return std::exchange(stream_, {}); }

 private:
  void Release() {
    if (stream_.release != nullptr) stream_.release(&stream_);
    stream_.release = nullptr;
  }

  ArrowArrayStream stream_{};
};

}  // namespace levee
