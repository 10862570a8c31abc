// Lists of files with columns of their own, as tools that look at a storage write them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "catalog/catalog.h"

namespace levee::cli {

// A CSV text (RFC 4180): the first line names the columns, one of them "path". Fields without text are null, unless they
// are quoted. kInvalidArgument gives the line that is wrong; the column that is not there.
//
// `wanted` are names of its columns, each once. One is a long where every value is a whole number, else a text.
Result<catalog::ListedFiles> ParseStorageList(std::string_view text, std::span<const std::string> wanted);

// The same of a file, which errors name; "-" is standard input. kIo.
Result<catalog::ListedFiles> ReadStorageList(std::string_view file, std::span<const std::string> wanted);

}  // namespace levee::cli
