#include "tests/fakes/plain_bank/json.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace levee::fakes {
namespace {

constexpr int kDepthMax = 512;

void AppendUtf8(std::uint32_t point, std::string& out) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 63));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 63));
    out += static_cast<char>(0x80 | (point & 63));
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    out += static_cast<char>(0x80 | ((point >> 12) & 63));
    out += static_cast<char>(0x80 | ((point >> 6) & 63));
    out += static_cast<char>(0x80 | (point & 63));
  }
}

// Recursive descent. One document, one thread.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Json> Document() {
    Json value;
    if (!Value(value, 0)) return std::nullopt;
    Skip();
    if (at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void Skip() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0') ++at_;
  }
  bool Take(char wanted) {
    Skip();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool Word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool Value(Json& out, int depth) {
    Skip();
    const std::size_t begin = at_;
    if (depth > kDepthMax || at_ == text_.size() || !Typed(out, depth)) return false;
    out.written = text_.substr(begin, at_ - begin);
    return true;
  }

  bool Typed(Json& out, int depth) {
    switch (text_[at_]) {
      case '{': return out.kind = Json::Kind::kObject, Members(out, depth, '}');
      case '[': return out.kind = Json::Kind::kArray, Members(out, depth, ']');
      case '"': return out.kind = Json::Kind::kString, String(out.text);
      case 'n': return Word("null");
      case 't': return out.kind = Json::Kind::kBoolean, out.boolean = true, Word("true");
      case 'f': return out.kind = Json::Kind::kBoolean, Word("false");
      default: return out.kind = Json::Kind::kNumber, Number(out.number);
    }
  }

  bool Members(Json& out, int depth, char end) {
    ++at_;
    if (Take(end)) return true;
    do {
      std::string key;
      Skip();
      if (end == '}' && (!String(key) || !Take(':'))) return false;
      Json value;
      if (!Value(value, depth + 1)) return false;
      out.members.emplace_back(std::move(key), std::move(value));
    } while (Take(','));
    return Take(end);
  }

  bool Digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > begin;
  }

  bool Number(long double& out) {
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    const bool zero = at_ < text_.size() && text_[at_] == '0';
    const std::size_t digits = at_;
    if (!Digits() || (zero && at_ - digits > 1)) return false;
    if (at_ < text_.size() && text_[at_] == '.' && (++at_, !Digits())) return false;
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!Digits()) return false;
    }
    const std::string number(text_.substr(begin, at_ - begin));
    // With a fraction or an exponent a number means the nearest double, as everywhere in JSON.
    const bool whole = number.find_first_of(".eE") == std::string::npos;
    out = whole ? std::strtold(number.c_str(), nullptr) : std::strtod(number.c_str(), nullptr);
    return true;
  }

  std::optional<std::uint32_t> Hex() {
    if (at_ + 4 > text_.size()) return std::nullopt;
    std::uint32_t point = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      const char* const digits = "0123456789abcdef";
      const char* const found = c == '\0' ? nullptr : std::strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
      if (found == nullptr) return std::nullopt;
      point = point * 16 + static_cast<std::uint32_t>(found - digits);
    }
    return point;
  }

  bool Escape(std::string& out) {
    if (at_ == text_.size()) return false;
    const char c = text_[at_++];
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (const auto found = kNames.find(c); found != std::string_view::npos)
      return out += kMeanings[found], true;
    if (c != 'u') return false;
    auto point = Hex();
    if (!point || (*point >= 0xDC00 && *point < 0xE000)) return false;
    if (*point >= 0xD800 && *point < 0xDC00) {
      if (!Word("\\u")) return false;
      const auto low = Hex();
      if (!low || *low < 0xDC00 || *low >= 0xE000) return false;
      point = 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00);
    }
    AppendUtf8(*point, out);
    return true;
  }

  bool String(std::string& out) {
    if (at_ == text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!Escape(out)) {
        return false;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Json> ParseJson(std::string_view text) {
  if (!IsUtf8(text)) return std::nullopt;
  return Parser(text).Document();
}

const Json* JsonAt(const Json& document, const std::vector<std::string>& path) {
  const Json* value = &document;
  for (const std::string& key : path) {
    const Json* next = nullptr;
    if (value->kind == Json::Kind::kObject) {
      for (const auto& [name, member] : value->members) {
        if (name == key) next = &member;  // the last of that name, as most readers have it
      }
    }
    if (next == nullptr) return nullptr;
    value = next;
  }
  return value->kind == Json::Kind::kNull ? nullptr : value;
}

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 && lead < 0xF5   ? 3
                     : lead >= 0xE0 && lead < 0xF0 ? 2
                     : lead >= 0xC2 && lead < 0xE0 ? 1
                                                   : 0;
    if (more == 0 || at + more > text.size()) return false;
    std::uint32_t point = lead & (0x3F >> more);
    for (int i = 0; i < more; ++i) {
      const auto next = static_cast<unsigned char>(text[at++]);
      if ((next & 0xC0) != 0x80) return false;
      point = (point << 6) | (next & 63);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10FFFF))) return false;
    if (point >= 0xD800 && point < 0xE000) return false;
  }
  return true;
}

}  // namespace levee::fakes
