#include "server/mcp/line_source.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/status.h"

namespace levee::mcp {
namespace {
constexpr std::size_t kReadBytes = 64u << 10;
}  // namespace

Result<LineSource::Kind> LineSource::Next(std::string& line) {
  line.clear();
  std::vector<char> buffer;
  for (;;) {
    if (const auto newline = held_.find('\n', searched_); newline != std::string::npos) {
      const bool too_long = skipping_ || newline > limit_;
      if (!too_long) line.assign(held_, 0, newline);
      held_.erase(0, newline + 1);
      searched_ = 0;
      skipping_ = false;
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return too_long ? Kind::kTooLong : Kind::kLine;
    }
    if (held_.size() > limit_) skipping_ = true;
    if (skipping_) held_.clear();
    searched_ = held_.size();
    if (ended_) {
      const bool too_long = std::exchange(skipping_, false);
      if (too_long || held_.empty()) return too_long ? Kind::kTooLong : Kind::kEnd;
      line.swap(held_);
      held_.clear();
      searched_ = 0;
      return Kind::kLine;
    }
    buffer.resize(kReadBytes);
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(ErrorCode::kIo, "standard input", std::strerror(errno));
    ended_ = got == 0;
    held_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace levee::mcp
