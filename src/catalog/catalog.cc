#include "catalog/catalog.h"

#include <utility>

#include "base/out_of_memory.h"
#include "catalog/context.h"
#include "catalog/guarded.h"
#include "catalog/operations.h"
#include "catalog/repair.h"

namespace levee::catalog {
namespace {

class StoreCatalog final : public Catalog {
 public:
  StoreCatalog(store::Store& store, CatalogOptions options, ObjectStoreOpener open_objects,
               ParquetLoader load_parquet, Clock& clock)
      : context_(store, std::move(options), std::move(open_objects), std::move(load_parquet), clock) {}

  Result<SyncReport> Add(std::string_view table, const AddOptions& options) override {
    return CatchOutOfMemory([&] { return AddTable(context_, table, options); });
  }
  Result<SyncReport> Sync(std::string_view table, std::optional<std::int64_t> to_version, bool dry_run) override {
    return CatchOutOfMemory([&] { return SyncTable(context_, table, to_version, dry_run); });
  }
  Result<std::unique_ptr<View>> Open(std::string_view table, const VersionChoice& choice) override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<View>> {
      LEVEE_ASSIGN(auto view, OpenTable(context_, table, choice));
      return GuardView(std::move(view));
    });
  }
  Result<std::unique_ptr<UnionView>> OpenUnion(std::span<const std::string_view> tables,
                                               const VersionChoice& choice) override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<UnionView>> {
      LEVEE_ASSIGN(auto view, OpenTables(context_, tables, choice));
      return GuardUnion(std::move(view));
    });
  }
  Result<std::vector<store::CommitRecord>> History(std::string_view table,
                                                   std::optional<std::int64_t> limit) override {
    return CatchOutOfMemory([&] { return ListHistory(context_, table, limit); });
  }
  Result<std::unique_ptr<columnar::BatchStream>> Changes(std::string_view table, std::int64_t from,
                                                         std::optional<std::int64_t> to,
                                                         const std::vector<columnar::ColumnKey>& columns) override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<columnar::BatchStream>> {
      LEVEE_ASSIGN(auto stream, ListChanges(context_, table, {.from = from, .to = to, .columns = columns}));
      return GuardStream(std::move(stream));
    });
  }
  Result<std::vector<std::pair<store::TableRecord, store::CommitRecord>>> Tables() override {
    return CatchOutOfMemory([&] { return ListTables(context_); });
  }
  Status Forget(std::string_view table) override {
    return CatchOutOfMemory([&] { return ForgetTable(context_, table); });
  }
  Result<CheckReport> Check(std::string_view table) override {
    return CatchOutOfMemory([&] { return CheckTable(context_, table); });
  }
  Result<RepairReport> Repair(std::string_view table, const RepairOptions& options) override {
    return CatchOutOfMemory([&] { return RepairTable(context_, table, options); });
  }
  store::Store& store() override { return context_.store(); }
  std::int64_t Warm() override { return WarmCaches(context_); }
  std::vector<cache::CacheUse> Caches() override {
    return {context_.predicates().cache().UseAs("plans"), context_.results().cache().UseAs("results"),
            context_.snapshots().UseAs("snapshots")};
  }

 private:
  Context context_;
};

}  // namespace

std::unique_ptr<Catalog> MakeCatalog(store::Store& store, CatalogOptions options, ObjectStoreOpener open_objects,
                                     ParquetLoader load_parquet, Clock& clock) {
  return std::make_unique<StoreCatalog>(store, std::move(options), std::move(open_objects), std::move(load_parquet),
                                        clock);
}

}  // namespace levee::catalog
