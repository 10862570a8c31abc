#include "delta/stats_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "delta/json_text.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;
using columnar::StatsForm;

constexpr std::size_t kFramesMax = 8;
constexpr int kNestingMax = 100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The end of the JSON number that starts at `at`; null when there is none.
const char* NumberEnd(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  if (at == end || !IsDigit(*at)) return nullptr;
  if (*at == '0') {
    ++at;
  } else {
    while (at != end && IsDigit(*at)) ++at;
  }
  if (at != end && *at == '.') {
    const char* const digits = ++at;
    while (at != end && IsDigit(*at)) ++at;
    if (at == digits) return nullptr;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    if (++at != end && (*at == '+' || *at == '-')) ++at;
    const char* const digits = at;
    while (at != end && IsDigit(*at)) ++at;
    if (at == digits) return nullptr;
  }
  return at;
}

// The end of the whole number of at most 18 digits at `at`, and the number; null for any other.
const char* ShortWholeEnd(const char* at, const char* end, std::int64_t& value) {
  const bool negative = at != end && *at == '-';
  const char* const digits = at + (negative ? 1 : 0);
  const char* stop = digits;
  std::int64_t magnitude = 0;
  while (stop != end && IsDigit(*stop) && stop - digits < 18) magnitude = magnitude * 10 + (*stop++ - '0');
  if (stop == end || stop == digits || (*digits == '0' && stop - digits > 1)) return nullptr;
  if (IsDigit(*stop) || *stop == '.' || *stop == 'e' || *stop == 'E') return nullptr;
  value = negative ? -magnitude : magnitude;
  return stop;
}

// The end of a JSON string without escapes that starts at `at`; null for any other.
const char* PlainStringEnd(const char* at, const char* end) {
  const char* const begin = ++at;
  unsigned char seen = 0;
  for (; at != end; ++at) {
    const auto c = static_cast<unsigned char>(*at);
    if (c == '"') break;
    if (c == '\\' || c < 0x20) return nullptr;
    seen |= c;
  }
  if (at == end) return nullptr;
  if (seen >= 0x80 && !simdjson::validate_utf8(begin, static_cast<std::size_t>(at - begin))) return nullptr;
  return at + 1;
}

const char* TokenEnd(const char* at, const char* end) {
  if (at == end) return nullptr;
  if (*at == '"') return PlainStringEnd(at, end);
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (rest.starts_with("true")) return at + 4;
  if (rest.starts_with("false")) return at + 5;
  return NumberEnd(at, end);
}

}  // namespace

StatsParser::StatsParser(StatsSlots& slots, RowColumns& columns)
    : slots_(slots),
      form_(columns.Plain(ColumnRole::kStatsForm)),
      residual_(columns.Plain(ColumnRole::kStatsResidual)) {}

void StatsParser::Parse(std::size_t row, std::string_view text) {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    if (!ParseByFrame(frames_[i], text)) continue;
    if (i != 0)
      std::rotate(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(i),
                  frames_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kTyped));
    Store(row);
    return;
  }
  tokens_used_ = 0;
  arena_.clear();
  std::string residual = "{";
  if (!simdjson::validate_utf8(text.data(), text.size()) || !ParseWithCare(text, residual)) {
    form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kRaw));
    residual_.SetString(row, text);
    return;
  }
  Store(row);
  if (residual.size() > 1) {
    residual.push_back('}');
    form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kPartial));
    residual_.SetString(row, residual);
  } else {
    form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kTyped));
    Learn(text);
  }
}

bool StatsParser::ParseByFrame(const Frame& frame, std::string_view text) {
  tokens_used_ = 0;
  if (!arena_.empty()) arena_.clear();
  const char* at = text.data();
  const char* const end = at + text.size();
  for (const Step& step : frame.steps) {
    const std::size_t length = step.literal.size();
    if (static_cast<std::size_t>(end - at) < length || std::memcmp(at, step.literal.data(), length) != 0) {
      return false;
    }
    at += length;
    if (!ParseFramedValue(at, end, step.slot)) return false;
  }
  return std::string_view(at, static_cast<std::size_t>(end - at)) == frame.tail;
}

bool StatsParser::ParseFramedValue(const char*& at, const char* end, int slot) {
  Token& token = NextToken();
  token.slot = slot;
  const types::PrimitiveType& type = slots_.type(slot);
  if (type.kind == types::TypeKind::kLong) {
    const char* const stop = ShortWholeEnd(at, end, token.value.integer);
    if (stop != nullptr) {
      at = stop;
      return true;
    }
  }
  const char* const stop = TokenEnd(at, end);
  if (stop == nullptr) return false;
  ParseStatsValue(std::string_view(at, static_cast<std::size_t>(stop - at)), type, arena_, token.value);
  at = stop;
  return token.value.fit == StatsFit::kTyped;
}

bool StatsParser::ParseWithCare(std::string_view text, std::string& residual) {
  const auto members = JsonObjectMembers(text);
  if (!members) return false;
  std::set<std::string_view> seen;
  for (const JsonMember& member : *members) {
    if (!seen.insert(member.key).second) return false;
    if (!ParseRootMember(member.key, member.value, residual)) return false;
  }
  return true;
}

bool StatsParser::ParseRootMember(std::string_view key, std::string_view value, std::string& residual) {
  if (key == "numRecords" || key == "tightBounds") {
    TakeValue(key == "numRecords" ? kNumRecordsSlot : kTightBoundsSlot, key, value, residual);
    return true;
  }
  for (const StatsSection section : {StatsSection::kMin, StatsSection::kMax, StatsSection::kNullCount}) {
    if (key != SectionName(section) || !IsJsonObject(value)) continue;
    std::string rest = "{";
    if (!ParseSection(section, &slots_.root(), value, 0, rest)) return false;
    // An empty object is something that the columns cannot say.
    if (rest.size() > 1 || JsonObjectMembers(value)->empty()) {
      AppendJsonKey(residual, key);
      residual += rest + "}";
    }
    return true;
  }
  AppendJsonKey(residual, key);
  residual += value;
  return true;
}

bool StatsParser::ParseSection(StatsSection section, const StatsNode* node, std::string_view text, int depth,
                               std::string& residual) {
  const auto members = JsonObjectMembers(text);
  if (!members || depth > kNestingMax) return false;
  std::set<std::string_view> seen;
  for (const JsonMember& member : *members) {
    if (!seen.insert(member.key).second) return false;
    const StatsNode* const child = node->Find(member.key);
    if (child != nullptr && child->is_leaf() && !IsJsonObject(member.value)) {
      TakeValue(StatsSlots::SlotOf(*child, section), member.key, member.value, residual);
      continue;
    }
    std::string rest = "{";
    if (child != nullptr && !child->is_leaf() && IsJsonObject(member.value)) {
      if (!ParseSection(section, child, member.value, depth + 1, rest)) return false;
      if (rest.size() == 1 && !JsonObjectMembers(member.value)->empty()) continue;
      rest.push_back('}');
    } else {
      rest = member.value;
    }
    AppendJsonKey(residual, member.key);
    residual += rest;
  }
  return true;
}

void StatsParser::TakeValue(int slot, std::string_view key, std::string_view text, std::string& residual) {
  Token& token = NextToken();
  token.slot = slot;
  token.text = text;
  ParseStatsValue(text, slots_.type(slot), arena_, token.value);
  if (token.value.fit == StatsFit::kTyped) return;
  if (token.value.fit == StatsFit::kNone) --tokens_used_;
  AppendJsonKey(residual, key);
  residual += text;
}

void StatsParser::Learn(std::string_view text) {
  Frame frame;
  const char* at = text.data();
  for (std::size_t i = 0; i < tokens_used_; ++i) {
    const Token& token = tokens_[i];
    frame.steps.push_back({std::string(at, static_cast<std::size_t>(token.text.data() - at)), token.slot});
    at = token.text.data() + token.text.size();
  }
  frame.tail = std::string(at, static_cast<std::size_t>(text.data() + text.size() - at));
  // A text whose only oddity was in a value (an escape) has a frame that is known already.
  const auto same = [&](const Frame& known) {
    return known.tail == frame.tail && std::equal(known.steps.begin(), known.steps.end(), frame.steps.begin(),
                                                  frame.steps.end(), [](const Step& a, const Step& b) {
                                                    return a.slot == b.slot && a.literal == b.literal;
                                                  });
  };
  if (std::any_of(frames_.begin(), frames_.end(), same)) return;
  if (frames_.size() == kFramesMax) frames_.pop_back();
  frames_.insert(frames_.begin(), std::move(frame));
}

void StatsParser::Store(std::size_t row) {
  for (std::size_t i = 0; i < tokens_used_; ++i) {
    const Token& token = tokens_[i];
    RowColumn& column = slots_.column(token.slot);
    switch (column.physical()) {
      case types::PhysicalType::kInt64: column.SetInt(row, token.value.integer); break;
      case types::PhysicalType::kDouble: column.SetDouble(row, token.value.real); break;
      case types::PhysicalType::kString: column.SetString(row, token.value.text); break;
    }
  }
}

}  // namespace levee::delta
