// Storing, updating and deleting.
#include <algorithm>
#include <chrono>
#include <random>

#include "base/hex.h"
#include "base/test_pause.h"
#include "memory/bank/deciding.h"
#include "memory/model/errors.h"
#include "memory/model/new_id.h"
#include "memory/store_bank/store_bank.h"

namespace levee::memory {
namespace {

constexpr std::string_view kReplicaNote = "replica";

std::string NewReplica() {
  std::random_device random;
  std::string name(8, '0');
  for (char& digit : name) digit = kHexDigits[random() & 15];
  return name;
}

std::unexpected<Error> AtPlace(Error error, std::size_t place, std::size_t count) {
  if (count > 1) error.what += " (number " + std::to_string(place + 1) + " of " + std::to_string(count) + ")";
  return std::unexpected<Error>(std::move(error));
}

Status CheckId(const std::string& id) {
  if (id.empty() || id.size() > kIdBytesMax) return InvalidItem("id", "it has " + std::to_string(id.size()) + " bytes, 1 to 512 are taken");
  return {};
}

Status CheckChange(const ItemChange& change, const ItemLimits& limits) {
  LEVEE_RETURN_IF_ERROR(CheckId(change.id));
  // What the item will be is checked when it is known; this is what can be told before.
  Item item{.id = change.id, .category = "x", .content = "x"};
  if (change.name_space) item.name_space = *change.name_space;
  if (change.category) item.category = *change.category;
  if (change.content) item.content = *change.content;
  if (change.metadata) item.metadata = *change.metadata;
  if (change.tags) item.tags = *change.tags;
  if (change.embedding) item.embedding = *change.embedding;
  if (change.embedding_model) item.embedding_model = *change.embedding_model;
  return CheckItem(item, limits);
}

}  // namespace

Result<std::vector<Written>> StoreBank::Store(std::vector<ItemWrite> items, const WriteOptions& options) {
  OperationLog::Running running(log_, OperationKind::kStore,
                                [&items] { return std::to_string(items.size()) + " items"; });
  const std::int64_t now = clock_.NowMicros();
  const ItemLimits limits = Now()->limits;
  std::vector<WriteOperation> operations;
  operations.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    ItemWrite& write = items[i];
    if (Status checked = CheckItem(write.item, limits); !checked) {
      return AtPlace(std::move(checked).error(), i, items.size());
    }
    if (write.item.id.empty()) write.item.id = NewId(now);
    operations.emplace_back(std::move(write));
  }
  auto written = Write(std::move(operations), options);
  if (written) running.Succeed(static_cast<std::int64_t>(written->size()));
  return written;
}

Result<std::vector<Written>> StoreBank::Update(std::vector<ItemChange> changes, const WriteOptions& options) {
  OperationLog::Running running(log_, OperationKind::kUpdate,
                                [&changes] { return std::to_string(changes.size()) + " changes"; });
  std::vector<WriteOperation> operations;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (Status checked = CheckChange(changes[i], Now()->limits); !checked) {
      return AtPlace(std::move(checked).error(), i, changes.size());
    }
    operations.emplace_back(std::move(changes[i]));
  }
  auto written = Write(std::move(operations), options);
  if (written) running.Succeed(static_cast<std::int64_t>(written->size()));
  return written;
}

Result<std::vector<Written>> StoreBank::Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) {
  OperationLog::Running running(log_, OperationKind::kDelete,
                                [&removals] { return std::to_string(removals.size()) + " removals"; });
  std::vector<WriteOperation> operations;
  for (ItemRemoval& removal : removals) {
    LEVEE_RETURN_IF_ERROR(CheckId(removal.id));
    operations.emplace_back(std::move(removal));
  }
  auto written = Write(std::move(operations), options);
  if (written) running.Succeed(static_cast<std::int64_t>(written->size()));
  return written;
}

Result<std::vector<Written>> StoreBank::Write(std::vector<WriteOperation> operations, const WriteOptions& options) {
  if (operations.empty()) return std::vector<Written>();
  WriteRequest request{.operations = std::move(operations),
                       .author = options.author.empty() ? Now()->author : options.author,
                       .on_conflict = options.on_conflict, .outcomes = {}, .status = {}};
  if (!request.author.empty()) LEVEE_RETURN_IF_ERROR(CheckName("author", request.author));
  LEVEE_RETURN_IF_ERROR(WaitForMerging());
  queue_.Write(request);
  LEVEE_RETURN_IF_ERROR(request.status);
  return std::move(request.outcomes);
}

std::int64_t StoreBank::WriteAll(std::span<WriteRequest* const> requests) {
  std::int64_t waited_ns = 0;
  const Status written = AsStorageError(WriteGroup(requests, waited_ns));
  if (written) return waited_ns;
  for (WriteRequest* request : requests) {
    request->outcomes.clear();
    if (request->status) request->status = written;  // one that was wrong by itself keeps its own
  }
  return waited_ns;
}

Status StoreBank::WriteGroup(std::span<WriteRequest* const> requests, std::int64_t& waited_ns) {
  const std::int64_t begin_ns = clock_.MonotonicNanos();
  LEVEE_ASSIGN(auto writer, store_.BeginWrite(Now()->durable));
  waited_ns = clock_.MonotonicNanos() - begin_ns;
  log_.CountLockWait(waited_ns);
  LEVEE_RETURN_IF_ERROR(view_.CatchUp(*writer));
  const std::int64_t now = clock_.NowMicros();
  std::string replica;
  bool has_replica = true;
  Bytes body;
  {
    const SharedView::Reading view = view_.ReadAsIs();
    replica = ReplicaOf(*view);
    has_replica = !replica.empty();
    if (!has_replica) replica = NewReplica();
    LEVEE_ASSIGN(const Quotas quotas, QuotasOf(view->notes()));
    // Times of writing ascend whatever the clock does, so that every moment has one answer.
    BatchBuilder batch(std::max(now, view->last_written() + 1));
    Deciding deciding(*view, quotas, {.now = now, .replica = replica, .limits = Now()->limits});
    for (WriteRequest* request : requests) deciding.Decide(*request, batch);
    if (batch.rows() == 0) return {};
    body = batch.Finish();
  }
  if (!has_replica) LEVEE_RETURN_IF_ERROR(writer->SetNote(kReplicaNote, replica));
  LEVEE_ASSIGN(const std::int64_t number, writer->Append(body));
  PauseForTest("memory-appended");
  LEVEE_ASSIGN(const store::BankState state, writer->Commit());
  writer.reset();
  LEVEE_RETURN_IF_ERROR(view_.TakeOwn(state, {number, std::move(body)}));
  wrote_ns_ = clock_.MonotonicNanos();
  WakeMerger();
  return {};
}

Status StoreBank::WaitForMerging() {
  // Merging may fail, or another process may be at it: a write waits, but for no more than that.
  constexpr std::chrono::milliseconds kPatience(1'000), kLook(20);
  if (!Now()->background_merge) return {};
  const std::size_t limit = std::min<std::size_t>(options_.unmerged_bytes, MemoryBudget::Process().limit_bytes() / kMemoryLimitParts);
  const auto has_room = [&] {
    std::size_t bytes = 0;
    const SharedView::Reading view = view_.ReadAsIs();  // holds the lock: in the loop's head it would not
    for (const auto& run : view->runs()) bytes += run->size_bytes();
    return bytes <= limit;
  };
  if (has_room()) return {};
  struct HeldUp {
    explicit HeldUp(std::atomic<int>& to) : writers(to) { ++writers; }
    ~HeldUp() { --writers; }
    std::atomic<int>& writers;
  } const waits(held_up_);
  for (auto waited = kLook * 0; !has_room() && waited < kPatience; waited += kLook) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    WakeMerger();
    std::unique_lock lock(merge_mutex_);
    merged_.wait_for(lock, kLook);
  }
  return {};
}

void StoreBank::WakeMerger() {
  {
    const SharedView::Reading view = view_.ReadAsIs();
    if (view->runs().empty() || !view->runs().front()->sealed()) return;
  }
  if (!Now()->background_merge) return;
  const std::lock_guard lock(merge_mutex_);
  merge_due_ = true;
  if (!merger_.joinable()) merger_ = std::thread([this] { MergeInBackground(); });
  merge_wanted_.notify_one();
}

const std::string& StoreBank::ReplicaOf(const View& view) const {
  static const std::string name(kReplicaNote), none;
  if (!options_.replica.empty()) return options_.replica;
  const auto note = view.notes().find(name);
  return note == view.notes().end() ? none : note->second;
}

Status StoreBank::SetNote(std::string_view key, std::optional<std::string> value,
                          const std::function<Status(const View&)>& check) {
  Status set = [&]() -> Status {
    LEVEE_ASSIGN(const auto writer, store_.BeginWrite(Now()->durable));
    LEVEE_RETURN_IF_ERROR(view_.CatchUp(*writer));
    LEVEE_RETURN_IF_ERROR(check(*view_.ReadAsIs()));
    LEVEE_RETURN_IF_ERROR(writer->SetNote(key, value ? std::optional<std::string_view>(*value) : std::nullopt));
    LEVEE_RETURN_IF_ERROR(writer->Commit());
    return {};
  }();
  return AsStorageError(std::move(set));
}

Status StoreBank::SetQuota(std::string_view name_space, const Quota& quota) {
  LEVEE_RETURN_IF_ERROR(CheckName("namespace", name_space));
  if (quota.max_items.value_or(0) < 0 || quota.max_bytes.value_or(0) < 0) return InvalidItem("quota", "it is below 0");
  std::optional<std::string> text;
  if (quota.max_items || quota.max_bytes) text = QuotaText(quota);
  return SetNote(std::string(kQuotaNote) + std::string(name_space), std::move(text), [](const View&) { return Status(); });
}

}  // namespace levee::memory
