// Where the file of an item lies in the folder, and what a file's place says of its item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "levee/memory.h"
#include "memory/markdown/item_file.h"

namespace levee::memory {

// A level of folders; a namespace is as many as it has levels.
enum class FolderLevel : std::uint8_t { kNamespace, kCategory, kYear, kMonth, kDay };

struct Layout {
  std::vector<FolderLevel> folders = {FolderLevel::kNamespace, FolderLevel::kCategory};
  int depth_limit = 6;                  // folders at most; those below are left out
  std::string name = "{slug}-{id8}";    // by its fields
  std::size_t name_limit_bytes = 80;    // of a name without its ending, and of a folder's
};

// "namespace,category,year": VALIDATION_ERROR names what is no level. "none": no folders.
Result<std::vector<FolderLevel>> ParseFolderLevels(std::string_view text);

// "id", "timestamp", "slug", or a template of {id} {id8} {slug} {date} {time} {year} {month} {day} {category} {namespace}.
// VALIDATION_ERROR for another field, a '/' and a template without a field. {id8} are the last 8 letters and digits of the id, {slug}
// the words of the title (metadata `title`, else the content's first line), {date} and {time} those of `created`.
Result<std::string> ParseNaming(std::string_view text);

// Relative, with '/' between safe names, ending in ".md": whatever the item says, it lies in the folder.
std::string ItemPath(const Item& item, const Layout& layout);
// The path of the Nth item of that path, from 2 on: "name-2.md", within the same limit.
std::string NumberedPath(std::string_view path, int number, const Layout& layout);

// The path of a file's conflict copy: "name.conflict-20240131T120000.250000Z.md".
std::string ConflictPath(std::string_view path, std::int64_t at_micros);

// Whether a file of that name may hold an item: ends in ".md", is not hidden and no conflict copy.
bool IsItemFileName(std::string_view name);

// What the place of a file says: its path without the ending is the id, its folders are the namespace.
FileDefaults DefaultsOfPath(std::string_view path, std::int64_t time_micros);

}  // namespace levee::memory
