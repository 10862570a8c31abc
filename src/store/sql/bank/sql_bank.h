// store::BankStore over any SQL database that a Driver gives. Writing stands in bank_write.cc, merges in bank_merge.cc.
#pragma once

#include "base/clock.h"
#include "store/bank.h"
#include "store/sql/driver.h"

namespace levee::store {

class SqlBank final : public BankStore {
 public:
  // Both outlive it.
  SqlBank(Driver& driver, Clock& clock) : driver_(driver), clock_(clock) {}

  std::optional<std::uint64_t> ChangeMark() override { return driver_.ChangeMark(); }
  Result<BankNews> ReadNews(const BankState& known) override;
  Result<std::unique_ptr<BankWriter>> BeginWrite(bool durable) override;
  Result<std::int64_t> BeginStaging() override;
  Result<std::int64_t> StageChunks(std::int64_t staging, std::span<const Bytes> chunks) override;
  Result<bool> PublishMerge(const BankMerge& merge) override;
  Status CollectGarbage(std::int64_t now_ms, std::int64_t lease_ms) override;
  Status VisitChunk(std::int64_t chunk, const std::function<Status(ByteSpan bytes)>& visit) override;
  Result<std::int64_t> SizeBytes() override { return driver_.SizeBytes(); }
  Status CopyTo(const std::string& path) override { return driver_.CopyTo(path); }
  Status Checkpoint() override { return driver_.CheckpointBeside(); }
  Status ShrinkFile() override { return driver_.ShrinkFile(); }
  Result<std::int64_t> ReleaseFreeBytes(std::int64_t bytes) override { return driver_.ReleaseFreeBytes(bytes); }
  Result<std::int64_t> FreeBytes() override { return driver_.FreeBytes(); }
  const std::string& uri() const override { return driver_.uri(); }
  bool read_only() const override { return driver_.read_only(); }

 private:
  Driver& driver_;
  Clock& clock_;
};

// Within a transaction of the connection.
Result<BankNews> ReadBankNews(Connection& connection, const BankState& known);

}  // namespace levee::store
