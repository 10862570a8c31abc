#include "memory/store_bank/index_completion.h"

#include <algorithm>

#include "base/test_pause.h"
#include "memory/bank/segment_builder.h"
#include "memory/bank/staging.h"

namespace levee::memory {

Result<bool> IndexCompletion::Run() {
  constexpr int kAttempts = 20;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Result<Outcome> outcome = Attempt();
    if (outcome && *outcome != Outcome::kLayoutMoved) return *outcome == Outcome::kPublished;
    LEVEE_RETURN_IF_ERROR(view_.Refresh());
    // A chunk may be gone because another process has merged its segment meanwhile.
    const bool gone = !outcome && outcome.error().code == ErrorCode::kNotFound;
    const bool moved = view_.ReadAsIs()->state().generation != planned_;
    if (!outcome && !(gone && moved)) return std::unexpected(outcome.error());
  }
  return false;
}

Result<IndexCompletion::Outcome> IndexCompletion::Attempt() {
  LEVEE_ASSIGN(const Plan plan, MakePlan());
  if (plan.gaps.empty()) return Outcome::kNothingToDo;
  for (const Gap& gap : plan.gaps) LEVEE_RETURN_IF_ERROR(Build(gap, *plan.names));
  PauseForTest("memory-index-staged");
  LEVEE_ASSIGN(const bool published, store_.PublishMerge(MergeOf(plan)));
  PauseForTest("memory-index-published");
  return published ? Outcome::kPublished : Outcome::kLayoutMoved;
}

Result<IndexCompletion::Plan> IndexCompletion::MakePlan() {
  LEVEE_ASSIGN(const SharedView::Reading view, view_.Read());
  LEVEE_ASSIGN(std::vector<IndexDefinition> definitions, IndexDefinitionsOf(view->notes()));
  std::erase_if(definitions, [](const IndexDefinition& definition) { return definition.keys.empty(); });
  planned_ = view->state().generation;
  Plan plan{.generation = view->state().generation, .merged_position = view->merged_position(), .wanted = {}, .gaps = {},
            .names = &view->names()};
  const auto is_wanted = [&](const std::string& name) { return std::ranges::find(plan.wanted, name) != plan.wanted.end(); };
  for (const IndexDefinition& definition : definitions) {
    if (!is_wanted(definition.text)) plan.wanted.push_back(definition.text);
  }
  for (const auto& segment : view->segments()) {
    Gap gap{.segment = segment, .missing = {}, .ended = {}};
    const auto& has = segment->directory().indexes;
    for (const IndexDefinition& definition : definitions) {
      if (segment->directory().FindIndex(definition.text) == nullptr) gap.missing.push_back(definition);
    }
    const bool more = std::ranges::any_of(has, [&](const IndexChunks& index) { return !is_wanted(index.name); });
    if (gap.missing.empty() && !more) continue;
    LEVEE_ASSIGN(const RowColumns* columns, segment->Columns());
    gap.ended = EncodeEnded(MakeEndedRecord(*columns, segment->ended, view->names()));
    plan.gaps.push_back(std::move(gap));
  }
  return plan;
}

Status IndexCompletion::Build(const Gap& gap, const Interner& names) {
  std::vector<IndexDefinition> missing = gap.missing;
  std::erase_if(missing, [&](const IndexDefinition& each) { return built_.contains({gap.segment->id(), each.text}); });
  if (missing.empty()) return {};
  if (!staging_) {
    LEVEE_ASSIGN(staging_, store_.BeginStaging());
  }
  LEVEE_ASSIGN(const std::vector<EncodedIndex> made, EncodeIndexesOf(*gap.segment, missing, names));
  for (const EncodedIndex& index : made) {
    LEVEE_ASSIGN(built_[Key(gap.segment->id(), index.name)], StageIndex(store_, *staging_, index.bytes));
  }
  return {};
}

store::BankMerge IndexCompletion::MergeOf(const Plan& plan) const {
  store::BankMerge merge;
  merge.generation = plan.generation;
  merge.merged_position = plan.merged_position;
  merge.staging = staging_.value_or(0);
  auto unused = built_;
  const auto drop = [&](const std::vector<std::int64_t>& chunks) {
    merge.dropped_chunks.insert(merge.dropped_chunks.end(), chunks.begin(), chunks.end());
  };
  for (const Gap& gap : plan.gaps) {
    SegmentDirectory directory = gap.segment->directory();
    std::erase_if(directory.indexes, [&](const IndexChunks& index) {
      const bool stays = std::ranges::find(plan.wanted, index.name) != plan.wanted.end();
      if (!stays) drop(index.chunks);
      return !stays;
    });
    for (const IndexDefinition& definition : gap.missing) {
      const auto made = unused.find({gap.segment->id(), definition.text});
      if (made == unused.end()) continue;  // the same keys under another name
      directory.indexes.push_back({definition.text, made->second});
      unused.erase(made);
    }
    merge.added.push_back({EncodeSegmentDirectory(directory), gap.ended});
    merge.dropped.push_back(gap.segment->id());
  }
  // Of segments that others replaced meanwhile.
  for (const auto& [key, chunks] : unused) drop(chunks);
  return merge;
}

}  // namespace levee::memory
