// Asking before anybody does what will probably be asked.
#include <utility>

#include "catalog/operations.h"
#include "catalog/question_log.h"
#include "catalog/table_names.h"
#include "catalog/table_state.h"
#include "catalog/view.h"

namespace levee::catalog {
namespace {

// The table as the store has it: warming must not wait for a log.
Result<std::unique_ptr<View>> OpenAsStored(Context& context, const std::string& uri) {
  LEVEE_ASSIGN(const LocatedTable located, LocateKnown(context, uri));
  LEVEE_ASSIGN(auto snapshot, LoadSnapshot(context, located.record(), *located.head, located.head->version));
  return MakeView(context, std::move(snapshot), {.records = false});
}

Status AskOnce(Context& context, const AskedQuestion& question) {
  LEVEE_ASSIGN(const auto view, OpenAsStored(context, question.uri));
  if (question.count) {
    LEVEE_RETURN_IF_ERROR(view->Count(question.request, nullptr));
    return {};
  }
  LEVEE_ASSIGN(const auto rows, view->Files(question.request, nullptr));
  while (true) {
    LEVEE_ASSIGN(const auto batch, rows->Next());
    if (batch == nullptr) return {};
  }
}

// The first time columns are looked at as they are stored; only what is asked again is decoded and kept.
Status Ask(Context& context, const AskedQuestion& question) {
  AskedQuestion first = question;
  first.request.use_results = false;
  LEVEE_RETURN_IF_ERROR(AskOnce(context, first));
  return AskOnce(context, question);
}

}  // namespace

std::int64_t WarmCaches(Context& context) {
  if (!context.questions().enabled()) return 0;
  const std::int64_t end_ns = context.clock().MonotonicNanos() + context.options().warm_ms * 1'000'000;
  if (const Status loaded = context.questions().Load(); !loaded) {
    if (loaded.error().code != ErrorCode::kNotFound) context.Note(loaded.error().ToString());
    return 0;
  }
  std::int64_t asked = 0;
  for (const AskedQuestion& question : context.questions().InOrder()) {
    if (context.clock().MonotonicNanos() >= end_ns) break;
    // A table may be gone, or have another schema.
    if (Ask(context, question)) ++asked;
  }
  return asked;
}

}  // namespace levee::catalog
