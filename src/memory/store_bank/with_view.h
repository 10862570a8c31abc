// Asking the view, and asking again where a merge was faster.
#pragma once

#include "memory/model/errors.h"
#include "memory/store_bank/store_bank.h"

namespace levee::memory {

template <typename T>
Result<T> StoreBank::WithView(const std::function<Result<T>(const View&)>& ask) {
  for (int attempt = 0;; ++attempt) {
    Result<T> answer = [&]() -> Result<T> {
      LEVEE_ASSIGN(const SharedView::Reading view, view_.Read());
      return ask(*view);
    }();
    // A chunk is gone: another process has merged, and its lease is over.
    const bool moved = !answer && answer.error().code == ErrorCode::kNotFound && attempt == 0;
    if (!moved) {
      if (!answer && answer.error().detail.empty()) answer.error().detail = "STORAGE_ERROR";
      return answer;
    }
    LEVEE_RETURN_IF_ERROR(view_.Refresh());
  }
}

}  // namespace levee::memory
