#include "memory/store_bank/verify.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "base/hash.h"

namespace levee::memory {
namespace {

constexpr std::size_t kProblemsMax = 1'000;

class Verification {
 public:
  explicit Verification(const View& view) : view_(view) {}

  VerifyReport Run() {
    for (const auto& part : view_.parts()) VerifyPart(*part);
    if (report_.items != view_.totals().all().items) {
      Add("bank", "it has " + std::to_string(report_.items) + " items and counts " +
                      std::to_string(view_.totals().all().items));
    }
    return std::move(report_);
  }

 private:
  void VerifyPart(Part& part) {
    const auto columns = part.Columns();
    if (!columns) return Add(part.name(), columns.error().ToString());
    for (std::uint32_t row = 0; row < part.rows(); ++row) {
      const Status status = VerifyRow(part, **columns, row);
      if (!status) Add(part.name() + " row " + std::to_string(row), status.error().ToString());
    }
  }

  Status VerifyRow(Part& part, const RowColumns& columns, std::uint32_t row) {
    LEVEE_ASSIGN(const ColdRecord record, part.Cold(row));
    LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
    const auto wrong = [](std::string why) { return std::unexpected<Error>(Error{ErrorCode::kCorrupt, "", std::move(why), ""}); };
    if (ContentChecksum(cold.content) != cold.checksum) return wrong("its content is not what its checksum says");
    if (cold.content.size() != columns.content_bytes[row]) return wrong("its content has another length");
    std::vector<std::uint32_t> rows;
    LEVEE_RETURN_IF_ERROR(part.RowsOfHash(Hash64(cold.id), rows));
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) return wrong("the key index does not lead to it");
    LEVEE_RETURN_IF_ERROR(part.Embedding(row));
    const bool live = !part.ended.Has(row) && columns.operation[row] != Operation::kDelete;
    if (!live) return {};
    ++report_.items;
    if (!live_.emplace(cold.id).second) return wrong("its id is there twice");
    return {};
  }

  void Add(const std::string& where, const std::string& why) {
    if (report_.problems.size() < kProblemsMax) report_.problems.push_back(where + ": " + why);
  }

  const View& view_;
  VerifyReport report_;
  std::unordered_set<std::string> live_;
};

}  // namespace

Result<VerifyReport> VerifyView(const View& view) { return Verification(view).Run(); }

}  // namespace levee::memory
