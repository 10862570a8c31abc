// Writing batches and notes.
#ifndef LEVEE_EMBEDDED
#include "base/check.h"
#include "store/sql/bank/sql_bank.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr char kInsertBatch[] = "INSERT INTO bank_batches(batch_id, body) VALUES(?1, ?2)";
constexpr char kSetNote[] = "INSERT OR REPLACE INTO bank_notes(key, value) VALUES(?1, ?2)";
constexpr char kDeleteNote[] = "DELETE FROM bank_notes WHERE key=?1";
constexpr char kNextGeneration[] = "UPDATE bank_layout SET generation=generation+1";

class SqlBankWriter final : public BankWriter {
 public:
  SqlBankWriter(Lease lease, Transaction transaction)
      : lease_(std::move(lease)), transaction_(std::move(transaction)) {}

  Result<BankNews> ReadNews(const BankState& known) override {
    LEVEE_ASSIGN(BankNews news, ReadBankNews(*lease_, known));
    state_ = news.state;
    return news;
  }

  Result<std::int64_t> Append(ByteSpan body) override {
    LEVEE_RETURN_IF_ERROR(KnowState());
    const std::int64_t number = state_->position + 1;
    LEVEE_RETURN_IF_ERROR(Execute(*lease_, kInsertBatch, number, body));
    state_->position = number;
    return number;
  }

  Status SetNote(std::string_view key, std::optional<std::string_view> value) override {
    LEVEE_RETURN_IF_ERROR(KnowState());
    LEVEE_RETURN_IF_ERROR(value ? Execute(*lease_, kSetNote, key, *value) : Execute(*lease_, kDeleteNote, key));
    LEVEE_RETURN_IF_ERROR(Execute(*lease_, kNextGeneration));
    ++state_->generation;
    return {};
  }

  Result<BankState> Commit() override {
    LEVEE_RETURN_IF_ERROR(KnowState());
    LEVEE_RETURN_IF_ERROR(transaction_.Commit());
    return *state_;
  }

 private:
  Status KnowState() {
    if (state_) return {};
    LEVEE_ASSIGN(const BankNews news, ReadBankNews(*lease_, {}));
    state_ = news.state;
    return {};
  }

  const Lease lease_;
  Transaction transaction_;         // ends before the lease does
  std::optional<BankState> state_;  // as this transaction leaves it
};

}  // namespace

Result<std::unique_ptr<BankWriter>> SqlBank::BeginWrite(bool durable) {
  LEVEE_ASSIGN(Lease lease, driver_.Writer(durable ? Durability::kDurable : Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*lease, TransactionMode::kWrite));
  return std::make_unique<SqlBankWriter>(std::move(lease), std::move(transaction));
}

}  // namespace levee::store
#endif
