// A memory bank that passes everything on.
#pragma once

#include <utility>

#include "levee/memory.h"

namespace levee::memory {

// For banks that change a part of what another does: they override that. The other one outlives it.
class ForwardingBank : public MemoryBank {
 public:
  explicit ForwardingBank(MemoryBank& bank) : bank_(bank) {}

  const std::string& uri() const override { return bank_.uri(); }
  Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) override {
    return bank_.Store(std::move(items), options);
  }
  Result<std::vector<Written>> Update(std::vector<ItemChange> changes, const WriteOptions& options) override {
    return bank_.Update(std::move(changes), options);
  }
  Result<std::vector<Written>> Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) override {
    return bank_.Delete(std::move(removals), options);
  }
  Result<std::optional<Item>> Get(std::string_view id, const ItemVersionChoice& choice) override { return bank_.Get(id, choice); }
  Result<std::vector<std::optional<Item>>> GetAll(std::span<const std::string> ids, const ItemVersionChoice& choice) override {
    return bank_.GetAll(ids, choice);
  }
  Result<std::vector<ItemVersion>> History(std::string_view id, std::optional<std::int64_t> limit) override {
    return bank_.History(id, limit);
  }
  Result<ItemPage> Find(const ItemQuery& query) override { return bank_.Find(query); }
  Result<std::int64_t> Count(const ItemQuery& query) override { return bank_.Count(query); }
  Result<std::vector<FacetCount>> Facets(const ItemQuery& query, FacetField field, std::int64_t limit) override {
    return bank_.Facets(query, field, limit);
  }
  Result<std::string> Explain(const ItemQuery& query, ExplainFormat format, bool analyze) override {
    return bank_.Explain(query, format, analyze);
  }
  Result<std::vector<NamespaceInfo>> Namespaces() override { return bank_.Namespaces(); }
  Status SetQuota(std::string_view name_space, const Quota& quota) override { return bank_.SetQuota(name_space, quota); }
  Status AddIndex(const IndexSpec& index) override { return bank_.AddIndex(index); }
  Status DropIndex(std::string_view name) override { return bank_.DropIndex(name); }
  Result<std::vector<IndexSpec>> Indexes() override { return bank_.Indexes(); }
  Result<MemoryStats> Stats() override { return bank_.Stats(); }
  Result<StatsHistory> StatsSince(std::int64_t since) override { return bank_.StatsSince(since); }
  Status UpdateSettings(const std::map<std::string, std::string>& settings) override { return bank_.UpdateSettings(settings); }
  Status ClearCache() override { return bank_.ClearCache(); }
  Result<MaintenanceReport> Maintain(const MaintenanceOptions& options) override { return bank_.Maintain(options); }
  Result<VerifyReport> Verify() override { return bank_.Verify(); }
  Status Backup(const std::string& path) override { return bank_.Backup(path); }

 protected:
  MemoryBank& bank() const { return bank_; }

 private:
  MemoryBank& bank_;
};

}  // namespace levee::memory
