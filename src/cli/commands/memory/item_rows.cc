#include "cli/commands/memory/item_rows.h"

#include <array>
#include <cstdio>

#include "cli/option_values.h"
#include "cli/record_rows.h"
#include "memory/json/item_json.h"

namespace levee::cli {
namespace {

using output::Cell;

class JsonRows final : public ItemRows {
 public:
  explicit JsonRows(output::BufferedWriter& out) : out_(out) {}
  Status Write(const Found& found) override {
    line_.clear();
    memory::AppendFoundJson(line_, found, memory::ItemFields::WithoutEmbedding());
    out_.AppendLine(line_);
    return out_.status();
  }
  Status Finish() override { return {}; }

 private:
  output::BufferedWriter& out_;
  std::string line_;
};

class TableRows final : public ItemRows {
 public:
  TableRows(std::unique_ptr<output::RecordFormat> rows, bool ranked) : rows_(std::move(rows)), ranked_(ranked) {}
  Status Write(const Found& found) override {
    std::vector<Cell> cells{Cell::Text(found.item.id), Cell::Text(found.item.name_space), Cell::Text(found.item.category),
                            Cell::Text(Joined(found.item.tags)), Cell::Time(found.item.updated / 1'000)};
    if (ranked_) {
      char score[32];
      std::snprintf(score, sizeof(score), "%.2f", found.score);
      cells.push_back(Cell::Text(score));
    }
    cells.push_back(Cell::Text(ranked_ ? found.snippet : Beginning(found.item.content)));
    return rows_->Write(std::move(cells));
  }
  Status Finish() override { return rows_->Finish(); }

 private:
  static std::string Joined(const std::vector<std::string>& tags) {
    std::string text;
    for (const std::string& tag : tags) text += (text.empty() ? "" : " ") + tag;
    return text;
  }
  // As much as a line of a terminal has room for, up to the first line break.
  static std::string Beginning(const std::string& content) {
    constexpr std::size_t kShown = 80;
    std::size_t end = std::min(content.find('\n'), content.size());
    if (end <= kShown) return content.substr(0, end);
    end = kShown;
    while (end > 0 && (static_cast<unsigned char>(content[end]) & 0xc0) == 0x80) --end;
    return content.substr(0, end) + "...";
  }

  const std::unique_ptr<output::RecordFormat> rows_;
  const bool ranked_;
};

}  // namespace

std::expected<std::unique_ptr<ItemRows>, Failure> MakeItemRows(Context& context, bool ranked) {
  constexpr std::array<std::string_view, 2> kFormats{"table", "ndjson"};
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  if (format == "ndjson") return std::make_unique<JsonRows>(context.out);
  std::vector<output::RecordColumn> columns{{"id"}, {"namespace"}, {"category"}, {"tags"}, {"updated"}};
  if (ranked) columns.push_back({"score", true});
  columns.push_back({ranked ? "snippet" : "content"});
  LEVEE_ASSIGN(auto rows, MakeRecordRows(context, std::move(columns)));
  return std::make_unique<TableRows>(std::move(rows), ranked);
}

}  // namespace levee::cli
