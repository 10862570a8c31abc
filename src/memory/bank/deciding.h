// Decides what each operation of a transaction comes to, against what is there and what the transaction itself has
// decided before.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "memory/bank/batch.h"
#include "memory/bank/quotas.h"
#include "memory/bank/view.h"
#include "memory/bank/write_request.h"
#include "memory/model/item_checks.h"

namespace levee::memory {

struct DecidingOptions {
  std::int64_t now = 0;        // of operations that name no time
  std::string replica;
  ItemLimits limits;
};

// For one transaction; the view and the requests stay as they are meanwhile. Not thread-safe.
class Deciding {
 public:
  // What is passed by reference outlives it.
  Deciding(const View& view, const Quotas& quotas, DecidingOptions options)
      : view_(view), quotas_(quotas), options_(std::move(options)) {}

  // Adds the rows of all its operations to `batch`, or none: then its status is an error. Uses its items up.
  void Decide(WriteRequest& request, BatchBuilder& batch);

 private:
  // An id as it would be after what was decided so far.
  struct Current {
    bool known = false;          // the id was there once
    bool live = false;
    std::int64_t version = 0;    // of the newest row
    std::int64_t created = 0;
    std::uint32_t content_bytes = 0;
    std::string name_space;
    RowRef row;                  // where it is stored; without a part: it is `item`
    const Item* item = nullptr;
  };
  // A row of this request, until it is whole.
  struct Row {
    Operation operation = Operation::kStore;
    const Item* item = nullptr;  // of a removal the item that goes
  };

  Result<Current> Find(const std::string& id);
  Result<Item> ItemIn(const Current& current) const;
  // Takes the item out of the write where it is stored.
  Result<Written> Store(ItemWrite& write, const WriteRequest& request);
  Result<Written> Update(const ItemChange& change);
  Result<Written> Remove(const ItemRemoval& removal);
  // True: the write goes on with `item` as it is now. False: what is there stays, as `outcome` says.
  Result<bool> ResolveClocks(Item& item, const Current& current, ConflictPolicy policy, Written& outcome);
  void Put(Operation operation, Item item, const Current& before);
  void Remember(const std::string& id, Current current);
  void Count(const std::string& name_space, std::int64_t items, std::int64_t content_bytes);
  Status CheckQuotas() const;
  void ForgetRequest();
  void AddRow(const Row& row, const std::string& author, BatchBuilder& batch);

  const View& view_;
  const Quotas& quotas_;
  const DecidingOptions options_;
  std::unordered_map<std::string, Current> pending_;  // decided by requests before, and by this one
  std::deque<Item> items_;                            // that pending ones and rows refer to
  std::unordered_map<std::string, NamespaceTotal> change_;  // of each namespace, by all requests
  // Of the request at hand: its rows, and what it has changed above, as it was before.
  std::vector<Row> rows_;
  std::vector<std::pair<std::string, std::optional<Current>>> former_;
  std::vector<std::pair<std::string, NamespaceTotal>> counted_;
  ByteWriter cold_;  // of the row at hand
};

}  // namespace levee::memory
