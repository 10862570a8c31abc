// An item as the text of a Markdown file, and back. docs/memory-markdown.md has the form.
#pragma once

#include <string>
#include <string_view>

#include "levee/memory.h"
#include "memory/markdown/front_matter.h"

namespace levee::memory {

struct ItemFileForm {
  FrontMatterFormat front_matter = FrontMatterFormat::kYaml;
  bool table_of_contents = false;
};

// The file of an item; the checksum is not written, as it follows from the content. With kNone only the content is.
std::string WriteItemFile(const Item& item, const ItemFileForm& form);

// What a file that says nothing of it is taken for.
struct FileDefaults {
  std::string id, name_space = "default", category = "note";
  std::int64_t created = 0, updated = 0;
};

struct ReadFile {
  Item item;          // its checksum is that of the content
  bool own = false;   // Levee wrote the file: its head names a version
  bool has_head = false;
};

// Reads what WriteItemFile wrote back the same, whatever the form, but for kNone. Files of people and of other tools are read
// leniently: without a head, `tags` as a comma-separated text, #tags in the text, `permalink` as the id, `type` as the category,
// `modified` as the time; members that an item has not are its metadata. The content is the body, byte for byte.
//
// VALIDATION_ERROR with the line for a head that is not of its format, and for a member of an own file that is of another type.
Result<ReadFile> ReadItemFile(std::string_view file, const FileDefaults& defaults);

}  // namespace levee::memory
