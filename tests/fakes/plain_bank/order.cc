#include "tests/fakes/plain_bank/order.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/status.h"
#include "tests/fakes/plain_bank/json.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::fakes {
namespace {

constexpr std::array<std::string_view, 9> kFields = {
    "id", "namespace", "category", "content", "version", "created", "updated", "expires", "relevance"};

std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

SortValue Number(long double number) { return {SortValue::Kind::kNumber, number, {}}; }
SortValue Text(std::string text) { return {SortValue::Kind::kText, 0, std::move(text)}; }

SortValue MetadataAt(const std::string& metadata, const std::string& path) {
  const auto document = ParseJson(metadata);
  const Json* const value = JsonAt(*document, Split(path, '.'));
  if (value == nullptr) return {};
  switch (value->kind) {
    case Json::Kind::kBoolean: return {SortValue::Kind::kBoolean, value->boolean ? 1.0L : 0.0L, {}};
    case Json::Kind::kNumber: return Number(value->number);
    case Json::Kind::kString: return Text(value->text);
    default: return {};
  }
}

SortValue ValueOf(const Found& found, const std::string& field) {
  const Item& item = found.item;
  if (field == "id") return Text(item.id);
  if (field == "namespace") return Text(item.name_space);
  if (field == "category") return Text(item.category);
  if (field == "content") return Text(item.content);
  if (field == "version") return Number(static_cast<long double>(item.version));
  if (field == "created") return Number(static_cast<long double>(item.created));
  if (field == "updated") return Number(static_cast<long double>(item.updated));
  if (field == "expires") return item.expires ? Number(static_cast<long double>(*item.expires)) : SortValue{};
  if (field == "relevance") return Number(found.score);
  return MetadataAt(item.metadata, field.substr(9));
}

}  // namespace

Result<SortOrder> SortOrder::Of(const ItemQuery& query) {
  SortOrder order;
  const std::string defaults = query.words.empty() ? "updated desc" : "relevance desc, updated desc";
  for (const std::string& text : Split(query.order.empty() ? defaults : query.order, ',')) {
    std::vector<std::string> words = Split(text, ' ');
    std::erase(words, "");
    const bool known = !words.empty() && (std::ranges::find(kFields, words[0]) != kFields.end() ||
                                          (words[0].starts_with("metadata.") && words[0].size() > 9));
    if (!known || words.size() > 2 || (words.size() == 2 && words[1] != "asc" && words[1] != "desc")) {
      return BankError(ErrorCode::kInvalidArgument, "INVALID_QUERY", "order", "'" + text + "' is no field");
    }
    order.parts_.push_back({words[0], words.size() == 2 && words[1] == "desc"});
  }
  order.parts_.push_back({"id", false});
  return order;
}

std::vector<SortValue> SortOrder::KeyOf(const Found& found) const {
  std::vector<SortValue> key;
  for (const Part& part : parts_) key.push_back(ValueOf(found, part.field));
  return key;
}

bool SortOrder::Before(const std::vector<SortValue>& left, const std::vector<SortValue>& right) const {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const SortValue &a = left[i], &b = right[i];
    const bool nulls = a.kind == SortValue::Kind::kNull || b.kind == SortValue::Kind::kNull;
    const int order = a.kind != b.kind       ? (a.kind < b.kind ? -1 : 1)
                      : a.number != b.number ? (a.number < b.number ? -1 : 1)
                                             : a.text.compare(b.text);
    if (order != 0) return (order < 0) != (parts_[i].descending && !nulls);
  }
  return false;
}

std::string SortOrder::Cursor(const std::vector<SortValue>& last) const {
  std::string cursor;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::array<char, 64> number{};
    std::snprintf(number.data(), number.size(), "%La", last[i].number);
    std::string text;
    for (const char c : last[i].text) {
      std::array<char, 3> hex{};
      std::snprintf(hex.data(), hex.size(), "%02x", static_cast<unsigned char>(c));
      text += hex.data();
    }
    cursor += (i == 0 ? "" : "|") + parts_[i].field + (parts_[i].descending ? "-" : "+") + "|" +
              std::to_string(static_cast<int>(last[i].kind)) + "|" + number.data() + "|" + text;
  }
  return cursor;
}

Result<std::vector<SortValue>> SortOrder::ReadCursor(const std::string& cursor) const {
  const std::vector<std::string> words = Split(cursor, '|');
  std::vector<SortValue> key;
  for (std::size_t i = 0; words.size() == 4 * parts_.size() && i < parts_.size(); ++i) {
    if (words[4 * i] != parts_[i].field + (parts_[i].descending ? "-" : "+")) break;
    SortValue& value = key.emplace_back();
    value.kind = static_cast<SortValue::Kind>(std::strtol(words[4 * i + 1].c_str(), nullptr, 10));
    value.number = std::strtold(words[4 * i + 2].c_str(), nullptr);
    const std::string& hex = words[4 * i + 3];
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
      value.text += static_cast<char>(std::strtol(hex.substr(at, 2).c_str(), nullptr, 16));
    }
  }
  if (key.size() == parts_.size()) return key;
  return BankError(ErrorCode::kInvalidArgument, "INVALID_QUERY", "after", "the cursor is not of this query");
}

}  // namespace levee::fakes
