// `doctor`: what is wrong with the store, its surroundings and the logs of its tables, and what to do about it.
#include <array>
#include <filesystem>

#include "arrow/loader.h"
#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "cli/commands/commands.h"
#include "cli/record_rows.h"
#include "delta/log_listing.h"
#include "objectstore/http/found_credentials.h"
#include "objectstore/object_store.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 1> kOptions{kRecordFormatOption};
constexpr std::array<std::string_view, 2> kExamples{"levee doctor", "levee doctor --format ndjson"};

// A disk with less than that left is about to be a problem.
constexpr std::uintmax_t kFreeBytesMin = std::uintmax_t{256} << 20;

enum class Health : std::uint8_t { kWell, kWarning, kBroken };

std::string HealthName(Health health) {
  switch (health) {
    case Health::kWell: return "ok";
    case Health::kWarning: return "warning";
    case Health::kBroken: return "broken";
  }
  return "";
}

class Doctor {
 public:
  Doctor(Context& context, output::RecordFormat& rows) : context_(context), rows_(rows) {}

  Status Examine() {
    LEVEE_RETURN_IF_ERROR(ExamineParquet());
    LEVEE_RETURN_IF_ERROR(ExamineClouds());
    LEVEE_RETURN_IF_ERROR(ExamineSpace());
    auto catalog = context_.session.OpenCatalog();
    if (!catalog) return Say("store", Health::kBroken, catalog.error().ToString());
    LEVEE_RETURN_IF_ERROR(ExamineStore(**catalog));
    const auto tables = (*catalog)->Tables();
    if (!tables) return Say("tables", Health::kBroken, tables.error().ToString());
    for (const auto& [record, commit] : *tables) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_RETURN_IF_ERROR(ExamineTable(**catalog, record));
    }
    return {};
  }

  bool broken() const { return broken_; }

 private:
  Status Say(std::string what, Health health, std::string detail) {
    broken_ = broken_ || health == Health::kBroken;
    return rows_.Write({Cell::Text(std::move(what)), Cell::Text(HealthName(health)), Cell::Text(std::move(detail))});
  }

  // Tables without Parquet checkpoints do without it.
  Status ExamineParquet() {
    const auto source = arrow::LoadParquetSource();
    if (source) return Say("parquet", Health::kWell, "checkpoints can be read");
    return Say("parquet", Health::kWarning, source.error().ToString());
  }

  // Local tables do without them. Nobody is asked: whether credentials are good shows where tables are looked at.
  Status ExamineClouds() {
    const auto version = objectstore::CurlVersion();
    if (!version) return Say("clouds", Health::kWarning, version.error().ToString());
    return Say("clouds", Health::kWell,
               *version + "; credentials: " + objectstore::FoundCredentials(settings::ProcessEnvironment));
  }

  Status ExamineSpace() {
    const MemoryBudget& budget = MemoryBudget::Process();
    LEVEE_RETURN_IF_ERROR(Say("memory", Health::kWell,
                              "limit " + output::HumanSize(static_cast<std::int64_t>(budget.limit_bytes()))));
    std::error_code error;
    const std::string& chosen = context_.engine_options.spill_folder;
    const std::filesystem::path folder = chosen.empty() ? std::filesystem::temp_directory_path(error)
                                                        : std::filesystem::path(chosen);
    if (error) return Say("spill folder", Health::kBroken, "the system has no folder for temporary files");
    return SaySpace("spill folder", folder);
  }

  Status SaySpace(const std::string& what, const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder, error);
    if (error) return Say(what, Health::kBroken, folder.string() + ": " + error.message());
    const Health health = space.available < kFreeBytesMin ? Health::kWarning : Health::kWell;
    return Say(what, health, folder.string() + ": " + output::HumanSize(static_cast<std::int64_t>(space.available)) +
                                 " free" + (health == Health::kWarning ? " (make room: a full disk fails syncs)" : ""));
  }

  Status ExamineStore(catalog::Catalog& catalog) {
    const auto info = catalog.store().ReadInfo();
    if (!info) return Say("store", Health::kBroken, info.error().ToString());
    LEVEE_RETURN_IF_ERROR(Say("store", Health::kWell,
                              info->uri + ": schema " + std::to_string(info->schema_version) + ", " +
                                  output::HumanSize(info->size_bytes) + ", " + output::GroupedNumber(info->tables) +
                                  (info->tables == 1 ? " table" : " tables")));
    if (!info->uri.starts_with("sqlite:")) return {};
    return SaySpace("store's disk", std::filesystem::path(info->uri.substr(7)).parent_path());
  }

  Status ExamineTable(catalog::Catalog& catalog, const store::TableRecord& record) {
    const std::string what = "table " + (record.name.empty() ? record.uri : record.name);
    const auto damaged = catalog.store().Verify(record.id);
    if (!damaged) return Say(what, Health::kBroken, damaged.error().ToString());
    if (!damaged->empty()) {
      return Say(what, Health::kBroken,
                 "damaged in the store: " + damaged->front() + " (levee repair makes it right)");
    }
    if (record.head_version < 0) return Say(what, Health::kWarning, "its import never ended (levee add goes on)");
    return ExamineLog(what, record);
  }

  // The log is asked for two files and not read: nothing is synced.
  Status ExamineLog(const std::string& what, const store::TableRecord& record) {
    const auto objects = objectstore::OpenObjectStore(record.uri);
    if (!objects) return Say(what, Health::kBroken, objects.error().ToString());
    const auto next = (*objects)->Stat(delta::CommitPath(record.head_version + 1));
    if (!next) return Say(what, Health::kBroken, next.error().ToString());
    const std::string version = "version " + std::to_string(record.head_version);
    if (*next) return Say(what, Health::kWarning, version + " is in the store, the log goes on (levee sync)");
    const auto head = (*objects)->Stat(delta::CommitPath(record.head_version));
    if (!head) return Say(what, Health::kBroken, head.error().ToString());
    if (*head) return Say(what, Health::kWell, version + ", as the log has it");
    return Say(what, Health::kWarning,
               version + " is in the store, its commit no longer in the log: it was cleaned up, moved or rewritten "
                         "(levee check tells)");
  }

  Context& context_;
  output::RecordFormat& rows_;
  bool broken_ = false;
};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"check"}, {"health"}, {"detail"}}));
  Doctor doctor(context, *rows);
  LEVEE_RETURN_IF_ERROR(doctor.Examine());
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return doctor.broken() ? kExitError : kExitDone;
}

}  // namespace

constinit const Command kDoctorCommand{{.name = "doctor",
                                        .arguments = "",
                                        .arguments_min = 0,
                                        .arguments_max = 0,
                                        .summary = "what is wrong with the store, its disk and its tables' logs",
                                        .options = kOptions,
                                        .examples = kExamples},
                                       Run};

}  // namespace levee::cli
