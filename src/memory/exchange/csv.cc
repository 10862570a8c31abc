#include <algorithm>

#include "base/status.h"
#include "memory/exchange/csv_records.h"
#include "memory/exchange/formats.h"
#include "memory/exchange/output_file.h"
#include "memory/json/item_fields.h"
#include "memory/json/item_json.h"
#include "memory/json/item_parser.h"
#include "memory/json/json_members.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

std::string TagsText(const std::vector<std::string>& tags) {
  std::string text;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (i > 0) text += ';';
    for (const char c : tags[i]) {
      if (c == ';' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

void WriteTags(output::JsonWriter& json, std::string_view text) {
  json.BeginArray();
  std::string tag;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      tag += text[++at];
    } else if (text[at] == ';') {
      json.String(tag);
      tag.clear();
    } else {
      tag += text[at];
    }
  }
  json.String(tag);
  json.EndArray();
}

// What stands in the field as JSON already.
bool IsJsonField(std::string_view name) {
  return name == "metadata" || name == "embedding" || name == "vectorClock" || name == "version" || name == "expectedVersion";
}

class Source final : public ItemSource {
 public:
  Source(ReadBytes read, std::size_t record_limit_bytes) : records_(std::move(read), record_limit_bytes) {}

  Result<std::optional<ItemWrite>> Next() override {
    if (header_.empty()) LEVEE_RETURN_IF_ERROR(ReadHeader());
    if (ended_) return std::nullopt;
    auto record = records_.Next();
    if (!record) {
      ended_ = true;
      return std::unexpected(std::move(record).error());
    }
    if (!*record) return std::nullopt;
    auto read = Read(**record);
    if (!read) {
      Error error = std::move(read).error();
      error.what = "line " + std::to_string((*record)->line) + ", " + error.what;
      return std::unexpected(std::move(error));
    }
    return std::move(*read);
  }

  bool ended() const override { return ended_; }

 private:
  Status ReadHeader() {
    ended_ = true;
    LEVEE_ASSIGN(std::optional<CsvReader::Record> record, records_.Next());
    if (!record) return {};
    for (const std::string& name : record->fields) {
      const bool known = std::ranges::find(kItemFieldNames, name) != kItemFieldNames.end() || name == "expectedVersion";
      if (!known) return InvalidItem("line 1, column '" + name + "'", "an item has no such field");
      if (std::ranges::count(record->fields, name) > 1) return InvalidItem("line 1, column '" + name + "'", "it is there twice");
    }
    header_ = std::move(record->fields);
    ended_ = false;
    return {};
  }

  // By way of JSON, whose reader knows each field's form.
  Result<ItemWrite> Read(const CsvReader::Record& record) {
    if (record.fields.size() != header_.size()) {
      return InvalidItem("record", "it has " + std::to_string(record.fields.size()) + " fields, the header " + std::to_string(header_.size()));
    }
    std::string text;
    output::JsonWriter json(text);
    json.BeginObject();
    for (std::size_t i = 0; i < header_.size(); ++i) {
      const std::string& field = record.fields[i];
      if (field.empty()) continue;
      json.Key(header_[i]);
      if (header_[i] == "tags") {
        WriteTags(json, field);
      } else if (IsJsonField(header_[i])) {
        if (!IsJson(field)) return InvalidItem("column '" + header_[i] + "'", "it is no valid JSON");
        json.Raw(field);
      } else {
        json.String(field);
      }
    }
    json.EndObject();
    LEVEE_ASSIGN(ItemWrite write, ParseItem(text));
    // On the way its lines became one.
    const auto metadata = std::ranges::find(header_, "metadata");
    if (metadata != header_.end() && !record.fields[static_cast<std::size_t>(metadata - header_.begin())].empty()) {
      write.item.metadata = record.fields[static_cast<std::size_t>(metadata - header_.begin())];
    }
    LEVEE_RETURN_IF_ERROR(CheckChecksum(write.item));
    return write;
  }

  CsvReader records_;
  std::vector<std::string> header_;
  bool ended_ = false;
};

class Sink final : public ItemSink {
 public:
  explicit Sink(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {
    std::string& out = file_->text();
    for (const std::string_view name : kItemFieldNames) out.append(name == kItemFieldNames[0] ? "" : ",").append(name);
    out += "\r\n";
  }

  Status Write(const Item& item) override {
    const auto json = JsonMembers(ItemJson(item)).value_or(std::vector<JsonMember>());
    bool first = true;
    for (const std::string_view name : kItemFieldNames) {
      if (!first) file_->text() += ',';
      first = false;
      const auto member = std::ranges::find(json, name, &JsonMember::key);
      AppendCsvField(file_->text(), Field(name, item, member == json.end() ? std::string() : member->value));
    }
    file_->text() += "\r\n";
    return file_->Drain();
  }
  Status Finish() override { return file_->Finish(); }

 private:
  static std::string Field(std::string_view name, const Item& item, const std::string& json) {
    if (name == "tags") return TagsText(item.tags);
    if (name == "metadata") return item.metadata;
    return json.starts_with('"') ? JsonText(json).value_or("") : json;
  }

  std::unique_ptr<OutputFile> file_;
};

}  // namespace

std::unique_ptr<ItemSource> CsvSource(ReadBytes read, const ExchangeOptions& options) {
  return std::make_unique<Source>(std::move(read), options.content_limit_bytes + kLineSlackBytes);
}

Result<std::unique_ptr<ItemSink>> CsvSink(const std::string& path) {
  LEVEE_ASSIGN(std::unique_ptr<OutputFile> file, OutputFile::Open(path));
  return std::make_unique<Sink>(std::move(file));
}

}  // namespace levee::memory
