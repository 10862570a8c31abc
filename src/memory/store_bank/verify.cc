#include "memory/store_bank/verify.h"

#include <string>
#include <unordered_set>

#include "memory/bank/index_notes.h"
#include "memory/bank/quotas.h"
#include "memory/store_bank/examination.h"

namespace levee::memory {
namespace {

class Verification {
 public:
  Verification(store::BankStore& store, Clock& clock, const TextIndex& like) : clock_(clock), reading_(store, like) {}

  Result<VerifyReport> Run(const store::BankNews& news) {
    for (const store::BankSegment& segment : news.layout->segments) {
      const ExaminedSegment examined = ExamineSegment(segment, reading_);
      for (const std::string& problem : examined.findings.losses()) Add(problem);
      for (const std::string& problem : examined.findings.repairable()) Add(problem);
      if (examined.findings.untold() > 0) Add(examined.name + ": and " + std::to_string(examined.findings.untold()) + " more");
    }
    for (const store::BankBatch& batch : news.batches) {
      if (const Status sound = ExamineBatch(batch); !sound) Add(sound.error().ToString());
    }
    // The whole is more than its parts only if these are sound.
    if (report_.problems.empty()) LEVEE_RETURN_IF_ERROR(VerifyWhole(news));
    return std::move(report_);
  }

 private:
  Status VerifyWhole(const store::BankNews& news) {
    View view(reading_.store, reading_.pages);
    LEVEE_RETURN_IF_ERROR(view.Apply(news));
    LEVEE_RETURN_IF_ERROR(view.Expire(clock_.NowMicros()));
    Totals totals;
    for (const auto& part : view.parts()) {
      LEVEE_ASSIGN(const RowColumns* columns, part->Columns());
      for (std::uint32_t row = 0; row < part->rows(); ++row) {
        LEVEE_ASSIGN(const bool live, View::IsLive({part.get(), row}));
        if (!live) continue;
        totals.Add(columns->name_space[row], 1, columns->content_bytes[row]);
        LEVEE_ASSIGN(std::string id, view.IdOf({part.get(), row}));
        if (!live_.insert(std::move(id)).second) Add(part->name() + " row " + std::to_string(row) + ": its id is there twice");
      }
    }
    report_.items = totals.all().items;
    for (const auto& [number, counted] : view.totals().by_namespace()) {
      const NamespaceTotal right = totals.Of(number);
      if (right.items == counted.items && right.content_bytes == counted.content_bytes) continue;
      Add("namespace " + std::string(view.names().Name(number)) + ": it has " + std::to_string(right.items) + " items of " +
          std::to_string(right.content_bytes) + " bytes and counts " + std::to_string(counted.items) + " of " +
          std::to_string(counted.content_bytes));
    }
    if (const auto quotas = QuotasOf(view.notes()); !quotas) Add(quotas.error().ToString());
    if (const auto indexes = IndexesOf(view.notes()); !indexes) Add(indexes.error().ToString());
    return {};
  }

  void Add(const std::string& problem) {
    if (report_.problems.size() < Findings::kKeptMax) report_.problems.push_back(problem);
  }

  Clock& clock_;
  FreshReading reading_;
  VerifyReport report_;
  std::unordered_set<std::string> live_;
};

}  // namespace

Result<VerifyReport> VerifyBank(store::BankStore& store, Clock& clock, const TextIndex& like) {
  constexpr int kAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    LEVEE_ASSIGN(const store::BankNews news, store.ReadNews({}));
    if (!news.layout) return VerifyReport();
    auto report = Verification(store, clock, like).Run(news);
    if ((report && report->problems.empty()) || attempt == kAttempts) return report;
    LEVEE_ASSIGN(const store::BankNews after, store.ReadNews(news.state));
    if (!after.layout) return report;  // nobody took anything away meanwhile
  }
}

}  // namespace levee::memory
