#include "delta/stats_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

#include "delta/json_text.h"
#include "delta/plain_time.h"
#include "delta/stats_scan.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;
using columnar::StatsForm;

constexpr std::size_t kFramesMax = 8;
constexpr int kNestingMax = 100;

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
    if (!step.literal.IsAt(at, end)) return false;
    at += step.literal.size();
    Token& token = NextToken();
    token.slot = step.slot;
    at = ParseFramedValue(at, end, step.type, token.value);
    if (at == nullptr) return false;
  }
  return std::string_view(at, static_cast<std::size_t>(end - at)) == frame.tail;
}

const char* StatsParser::ParseFramedValue(const char* at, const char* end, const types::PrimitiveType& type,
                                          StatsValue& value) {
  using types::TypeKind;
  const char* stop = nullptr;
  switch (type.kind) {
    case TypeKind::kLong: stop = ShortWholeEnd(at, end, value.integer); break;
    case TypeKind::kDouble: stop = ShortRealEnd(at, end, value.real); break;
    case TypeKind::kTimestamp: {
      // "yyyy-MM-ddTHH:mm:ss.SSSZ", quotes included.
      if (end - at < 26 || at[0] != '"' || at[24] != 'Z' || at[25] != '"') break;
      const auto micros = PlainTimestamp({at + 1, 23});
      if (!micros) break;
      value.integer = *micros;
      stop = at + 26;
      break;
    }
    case TypeKind::kString:
      if (at == end || *at != '"' || (stop = PlainStringEnd(at, end)) == nullptr) break;
      value.text = std::string_view(at + 1, static_cast<std::size_t>(stop - at - 2));
      break;
    default: break;
  }
  if (stop != nullptr) return stop;
  stop = TokenEnd(at, end);
  if (stop == nullptr) return nullptr;
  ParseStatsValue(std::string_view(at, static_cast<std::size_t>(stop - at)), type, arena_, value);
  return value.fit == StatsFit::kTyped ? stop : nullptr;
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
    const std::string_view literal(at, static_cast<std::size_t>(token.text.data() - at));
    frame.steps.push_back({StatsLiteral(literal), token.slot, slots_.type(token.slot)});
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
