// Reads JSON (RFC 8259) in one pass, value by value, without a tree: for what is long but wanted once, as schemas are.
// Every method answers whether the text was valid so far; after a false one the cursor stands anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::delta {

// Deeper nesting is treated as no JSON.
inline constexpr int kJsonDepthMax = 256;

class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  // The first character of the next value; NUL at the end.
  char Next();
  // Whether nothing but blanks is left.
  bool AtEnd() { return Next() == '\0' && at_ >= text_.size(); }

  // Calls `member(key)` for each member of an object, duplicates too, standing on its value: it has to consume that, and
  // says whether to go on. The key, without escapes, is there until the cursor moves.
  template <typename Member>
  bool Object(Member&& member) {
    return Members('{', '}', [&] {
      std::string scratch;
      const auto key = Text(scratch);
      return key && Take(':') && member(*key);
    });
  }
  // Likewise `element()` for each element of an array.
  template <typename Element>
  bool Array(Element&& element) {
    return Members('[', ']', [&] { return element(); });
  }

  // A string without its escapes: a part of the JSON text where there are none, else `scratch`. Empty when it is no
  // string, or one that has no UTF-8 form.
  std::optional<std::string_view> Text(std::string& scratch);
  // The next value as it stands, without blanks around it.
  std::optional<std::string_view> Raw();

  bool SkipString();
  bool SkipNumber();

 private:
  bool Take(char c);
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipBlanks();
  bool SkipDigits();
  bool SkipEscape();
  bool SkipWord(std::string_view word);
  bool SkipValue(int depth);
  bool SkipMembers(char close, int depth);
  // Stands on a backslash; ends behind the escape.
  bool AppendEscape(std::string& out);
  std::optional<std::uint32_t> HexCode(std::size_t at) const;

  template <typename Each>
  bool Members(char open, char close, Each&& each) {
    if (!Take(open)) return false;
    if (Take(close)) return true;
    do {
      if (!each()) return false;
    } while (Take(','));
    return Take(close);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace levee::delta
