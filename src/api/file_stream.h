// Files and changes as Arrow.
#pragma once

#include <memory>

#include "api/change_list.h"
#include "api/file_columns.h"
#include "base/status.h"
#include "columnar/batch.h"
#include "levee/arrow_stream.h"

namespace levee::api {

// A column a field of the plan, a batch a batch; statistics are rendered where the plan needs them.
// The stream keeps `store`, which the files are read from.
ArrowStream FilesAsArrow(std::unique_ptr<columnar::BatchStream> files, const FilePlan& plan,
                         std::shared_ptr<const void> store);

// One batch: the columns "change" (utf8: "add" or "remove"), "version" (int64) and "dataChange" (bool) before those of
// the plan.
Result<ArrowStream> ChangesAsArrow(ChangeList changes, const FilePlan& plan);

}  // namespace levee::api
