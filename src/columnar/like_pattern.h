// LIKE patterns: '%' any run of characters, '_' one character (code point), '\' takes the next as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace levee::columnar {

// Immutable.
class LikePattern {
 public:
  explicit LikePattern(std::string_view pattern);

  bool Matches(std::string_view text) const;

  // What every match begins with.
  const std::string& prefix() const { return prefix_; }
  // True when the pattern has no wildcard: only prefix() matches.
  bool is_exact() const { return is_exact_; }
  // True when each string that begins with prefix() matches.
  bool is_prefix_only() const { return is_prefix_only_; }

 private:
  enum class Kind : unsigned char { kLiteral, kOne, kAny };
  struct Part {
    Kind kind;
    std::string text;  // kLiteral
  };

  std::vector<Part> parts_;  // no two kAny or kLiteral in a row
  std::string prefix_;
  bool is_exact_ = false;
  bool is_prefix_only_ = false;
};

}  // namespace levee::columnar
