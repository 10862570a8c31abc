// Input: a byte of the form (head's format, table of contents), then a Markdown file. An item that is read out of it, if it is one, is
// the same when it is written and read again, in whichever form; the plain reader of YAML takes nothing that the whole one refuses.
#include "levee/memory.h"
#include "memory/markdown/front_matter.h"
#include "memory/markdown/item_file.h"
#include "memory/model/item_checks.h"
#include "memory/yaml/yaml_reader.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::memory;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool whole_yaml = (UseYamlLibrary(), true);
  FUZZ_REQUIRE(whole_yaml);
  fuzz::Input input(data, size);
  const std::uint8_t flags = input.Byte();
  const std::string file = input.Rest();
  const FileDefaults defaults{.id = "folder/name", .created = 1, .updated = 2};

  const SplitFile split = SplitFront(file);
  if (split.format == FrontMatterFormat::kYaml) {
    const auto plain = ReadYaml(split.front);
    const auto whole = ReadAnyYaml(split.front);
    FUZZ_REQUIRE(!plain || whole);
  }
  auto read = ReadItemFile(file, defaults);
  if (!read) {
    FUZZ_REQUIRE(read.error().detail == "VALIDATION_ERROR");
    return 0;
  }
  Item item = std::move(read->item);
  if (!CheckItem(item, {})) return 0;
  const ItemFileForm form{.front_matter = static_cast<FrontMatterFormat>(flags % 3), .table_of_contents = (flags & 4) != 0};
  const auto again = ReadItemFile(WriteItemFile(item, form), defaults);
  FUZZ_REQUIRE(again.has_value() && again->has_head);
  FUZZ_REQUIRE(again->item == item);
  return 0;
}
