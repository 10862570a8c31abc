#include "cli/storage_list.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "api/nearest_name.h"
#include "cli/input_text.h"
#include "query/plan.h"

namespace levee::cli {
namespace {

using Field = std::optional<std::string>;  // empty: null

// Takes records off a text, one after the other.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  // Of the record that was read last.
  std::int64_t line() const { return record_line_; }

  // False at the end. Lines without a character are no records.
  Result<bool> Next(std::vector<Field>& fields) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) TakeLineEnd();
    fields.clear();
    if (at_ == text_.size()) return false;
    record_line_ = line_;
    while (true) {
      LEVEE_ASSIGN(Field field, TakeField());
      fields.push_back(std::move(field));
      if (at_ == text_.size()) return true;
      if (text_[at_] != ',') break;
      ++at_;
    }
    TakeLineEnd();
    return true;
  }

 private:
  Result<Field> TakeField() {
    if (at_ < text_.size() && text_[at_] == '"') return TakeQuoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    const std::string_view text = text_.substr(at_, end - at_);
    at_ = end;
    return text.empty() ? Field() : Field(text);
  }

  Result<Field> TakeQuoted() {
    std::string text;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        const char next = at_ < text_.size() ? text_[at_] : '\n';
        if (next == ',' || next == '\r' || next == '\n') return text;
        if (next != '"') return Wrong("a quoted field goes on after its quote");
      }
      line_ += text_[at_] == '\n' ? 1 : 0;
      text += text_[at_];
    }
    return Wrong("a quoted field does not end");
  }

  std::unexpected<Error> Wrong(std::string why) const {
    return Fail(ErrorCode::kInvalidArgument, "line " + std::to_string(record_line_), std::move(why));
  }

  void TakeLineEnd() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1, record_line_ = 1;
};

// As it is written, so that a number prints as it was read.
std::optional<std::int64_t> WholeNumber(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text) return std::nullopt;
  return value;
}

columnar::BatchColumn TypedColumn(std::string name, const std::vector<Field>& fields) {
  const bool numbers = std::ranges::all_of(fields, [](const Field& field) { return !field || WholeNumber(*field); });
  const types::PrimitiveType type{numbers ? types::TypeKind::kLong : types::TypeKind::kString};
  columnar::BatchColumn column{query::ListedKey(std::move(name), type), {}};
  column.values.physical = types::PhysicalTypeOf(type);
  for (const Field& field : fields) {
    if (!field) {
      column.values.PushNull();
    } else if (numbers) {
      column.values.PushInt(*WholeNumber(*field));
    } else {
      column.values.PushString(*field);
    }
  }
  return column;
}

Result<std::size_t> PlaceOf(const std::vector<Field>& head, const std::string& name) {
  std::vector<std::string_view> names;
  std::string list;
  for (const Field& field : head) {
    names.push_back(field ? std::string_view(*field) : std::string_view());
    list += (list.empty() ? "it has " : ", ") + std::string(names.back());
  }
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) {
    return Fail(ErrorCode::kInvalidArgument, "line 1", "there is no column '" + name + "'",
                api::NearestHint(name, names, list));
  }
  if (std::find(found + 1, names.end(), name) != names.end())
    return Fail(ErrorCode::kInvalidArgument, "line 1", "there are two columns '" + name + "'");
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

Result<catalog::ListedFiles> ParseStorageList(std::string_view text, std::span<const std::string> wanted) {
  CsvReader reader(text);
  std::vector<Field> head, record;
  LEVEE_ASSIGN([[maybe_unused]] const bool any, reader.Next(head));
  LEVEE_ASSIGN(const std::size_t path_at, PlaceOf(head, "path"));
  std::vector<std::size_t> places;
  for (const std::string& name : wanted) {
    LEVEE_ASSIGN(const std::size_t place, PlaceOf(head, name));
    places.push_back(place);
  }
  catalog::ListedFiles listed;
  std::vector<std::vector<Field>> columns(wanted.size());
  while (true) {
    LEVEE_ASSIGN(const bool more, reader.Next(record));
    if (!more) break;
    const std::string line = "line " + std::to_string(reader.line());
    if (record.size() != head.size()) {
      return Fail(ErrorCode::kInvalidArgument, line,
                  "it has " + std::to_string(record.size()) + " fields, the first line " + std::to_string(head.size()));
    }
    for (std::size_t i = 0; i < places.size(); ++i) columns[i].push_back(record[places[i]]);
    if (!record[path_at]) return Fail(ErrorCode::kInvalidArgument, line, "its path is empty");
    listed.paths.push_back(std::move(*record[path_at]));
  }
  auto rows = std::make_shared<columnar::Batch>();
  rows->rows = listed.paths.size();
  for (std::size_t i = 0; i < wanted.size(); ++i) rows->columns.push_back(TypedColumn(wanted[i], columns[i]));
  listed.rows = std::move(rows);
  return listed;
}

Result<catalog::ListedFiles> ReadStorageList(std::string_view file, std::span<const std::string> wanted) {
  LEVEE_ASSIGN(const std::string text, ReadInputText(file));
  auto listed = ParseStorageList(text, wanted);
  if (listed) return listed;
  Error error = std::move(listed).error();
  error.what = std::string(file) + ": " + error.what;
  return std::unexpected(std::move(error));
}

}  // namespace levee::cli
