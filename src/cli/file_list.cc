#include "cli/file_list.h"

#include "api/parquet_file.h"
#include "api/stats_text.h"
#include "output/arrow_format.h"
#include "output/file_format.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

// Adds a column of longs up; empty as soon as one value is unknown.
void AddUp(std::optional<std::int64_t>& total, const columnar::ColumnVector* values) {
  if (!total) return;
  if (values == nullptr) {
    total.reset();
    return;
  }
  for (std::size_t row = 0; row < values->rows; ++row) {
    if (!values->IsValid(row)) {
      total.reset();
      return;
    }
    *total += values->ints[row];
  }
}

// What passes through on its way to the output: counted, and with the statistics' JSON when it is asked for.
class TotalsStream final : public columnar::BatchStream {
 public:
  TotalsStream(std::unique_ptr<columnar::BatchStream> stream, bool needs_stats, FileTotals& totals)
      : stream_(std::move(stream)), needs_stats_(needs_stats), totals_(totals) {}

  Result<std::unique_ptr<columnar::Batch>> Next() override {
    LEVEE_ASSIGN(std::unique_ptr<columnar::Batch> batch, stream_->Next());
    if (batch == nullptr) return batch;
    totals_.files += static_cast<std::int64_t>(batch->rows);
    AddUp(totals_.bytes, batch->Find(columnar::ColumnRole::kSize));
    AddUp(totals_.records, batch->Find(columnar::ColumnRole::kNumRecords));
    if (needs_stats_) LEVEE_RETURN_IF_ERROR(api::AddStatsText(*batch));
    return batch;
  }

 private:
  const std::unique_ptr<columnar::BatchStream> stream_;
  const bool needs_stats_;
  FileTotals& totals_;
};

std::unique_ptr<output::FileFormat> MakeFormat(const api::FilePlan& plan, const FileListing& listing) {
  if (listing.format == "paths") return output::MakePathsFormat(listing.out);
  if (listing.format == "ndjson") return output::MakeNdjsonFormat(plan.fields, listing.out);
  if (listing.format == "csv") return output::MakeCsvFormat(plan.fields, listing.out);
  if (listing.format == "table") return output::MakeTableFormat(plan.fields, listing.look, listing.out);
  return output::MakeNoFormat();
}

}  // namespace

Result<FileTotals> PrintFiles(std::unique_ptr<columnar::BatchStream> stream, const api::FilePlan& plan,
                              const FileListing& listing) {
  FileTotals totals;
  auto counted = std::make_unique<TotalsStream>(std::move(stream), plan.needs_stats, totals);
  if (listing.format == "arrow") {
    LEVEE_RETURN_IF_ERROR(output::WriteArrow(std::move(counted), plan.fields, listing.out));
    return totals;
  }
  if (listing.format == "parquet") {
    LEVEE_RETURN_IF_ERROR(api::WriteParquet(std::move(counted), plan.fields, listing.out));
    return totals;
  }
  const std::unique_ptr<output::FileFormat> format = MakeFormat(plan, listing);
  while (true) {
    LEVEE_ASSIGN(const std::unique_ptr<columnar::Batch> batch, counted->Next());
    if (batch == nullptr) break;
    LEVEE_RETURN_IF_ERROR(format->Write({.batch = *batch, .changes = {}}));
  }
  LEVEE_RETURN_IF_ERROR(format->Finish());
  return totals;
}

std::string TotalsText(const FileTotals& totals, std::int64_t all_files) {
  std::string text = output::GroupedNumber(totals.files);
  if (all_files >= 0) text += " of " + output::GroupedNumber(all_files);
  text += all_files == 1 || (all_files < 0 && totals.files == 1) ? " file" : " files";
  if (totals.bytes) text += ", " + output::HumanSize(*totals.bytes);
  if (totals.records) {
    text += ", " + output::GroupedNumber(*totals.records) + (*totals.records == 1 ? " row" : " rows");
  }
  return text;
}

}  // namespace levee::cli
