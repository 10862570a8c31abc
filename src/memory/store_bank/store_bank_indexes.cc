// The custom indexes of the bank.
#include "base/test_pause.h"
#include "memory/bank/index_notes.h"
#include "memory/store_bank/index_completion.h"
#include "memory/store_bank/with_view.h"

namespace levee::memory {

Status StoreBank::AddIndex(const IndexSpec& index) {
  LEVEE_RETURN_IF_ERROR(CheckIndex(index));
  const std::string note = IndexNote(index.name), text = IndexText(index);
  LEVEE_RETURN_IF_ERROR(SetNote(note, text, [&](const View& view) -> Status {
    if (!view.notes().contains(note)) return {};
    return IndexFailure(ErrorCode::kAlreadyExists, index.name, "an index of that name is there", "drop it first");
  }));
  PauseForTest("memory-index-noted");
  Status completed = CompleteIndexes();
  if (completed) return {};
  // As it was before, so that it can be added again; where that fails too, upkeep completes it.
  [[maybe_unused]] const Status undone = SetNote(note, std::nullopt, [&](const View& view) -> Status {
    const auto there = view.notes().find(note);
    if (there != view.notes().end() && there->second == text) return {};
    return IndexFailure(ErrorCode::kNotFound, index.name, "somebody else has dropped it");
  });
  return AsStorageError(std::move(completed));
}

Status StoreBank::DropIndex(std::string_view name) {
  LEVEE_RETURN_IF_ERROR(SetNote(IndexNote(name), std::nullopt, [&](const View& view) -> Status {
    if (view.notes().contains(IndexNote(name))) return {};
    return IndexFailure(ErrorCode::kNotFound, name, "there is no index of that name", "levee memory index list shows them");
  }));
  // It is dropped; what segments keep of it goes with later upkeep where it cannot go now.
  [[maybe_unused]] const Status completed = CompleteIndexes();
  return {};
}

Result<std::vector<IndexSpec>> StoreBank::Indexes() {
  return WithView<std::vector<IndexSpec>>([](const View& view) { return IndexesOf(view.notes()); });
}

Status StoreBank::CompleteIndexes() {
  const std::lock_guard one(maintaining_);
  if (store_.read_only()) return {};
  LEVEE_ASSIGN(const bool changed, IndexCompletion(store_, view_).Run());
  if (!changed) return {};
  LEVEE_RETURN_IF_ERROR(view_.Refresh());
  text_.Forget(*view_.ReadAsIs());
  indexes_.Forget(*view_.ReadAsIs());
  return {};
}

}  // namespace levee::memory
