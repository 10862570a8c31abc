// `memory index`: the custom indexes of the bank, added and dropped while it is at work.
#include <array>
#include <vector>

#include "api/nearest_name.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 1> kOptions{kRecordFormatOption};
constexpr std::array<std::string_view, 4> kExamples{
    "levee memory index add by-source metadata.source updated", "levee memory index add by-tag tags",
    "levee memory index list --format ndjson", "levee memory index drop by-source"};
constexpr std::size_t kAnyNumber = 1'000;

Outcome Add(Context& context) {
  const auto& arguments = context.line.arguments;
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_RETURN_IF_ERROR(bank->AddIndex({.name = std::string(arguments[1]), .keys = {arguments.begin() + 2, arguments.end()}}));
  return kExitDone;
}

Outcome Drop(Context& context) {
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_RETURN_IF_ERROR(bank->DropIndex(context.line.arguments[1]));
  return kExitDone;
}

Outcome List(Context& context) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"name"}, {"keys"}}));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const std::vector<IndexSpec> indexes, bank->Indexes());
  for (const IndexSpec& index : indexes) {
    std::string keys;
    for (const std::string& key : index.keys) keys += (keys.empty() ? "" : " ") + key;
    LEVEE_RETURN_IF_ERROR(rows->Write({Cell::Text(index.name), Cell::Text(std::move(keys))}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

struct Mode {
  std::string_view name;
  std::string_view usage;
  std::size_t arguments_min, arguments_max;  // its name among them
  Outcome (*run)(Context& context);
};

constexpr std::array<Mode, 3> kModes{Mode{"add", "levee memory index add NAME KEY...", 3, kAnyNumber, Add},
                                     Mode{"drop", "levee memory index drop NAME", 2, 2, Drop},
                                     Mode{"list", "levee memory index list", 1, 1, List}};

std::expected<const Mode*, UsageError> FindMode(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Mode& mode : kModes) {
    if (mode.name == name) return &mode;
    names.push_back(mode.name);
  }
  return std::unexpected(UsageError{"memory index " + std::string(name), "there is no such mode",
                                    api::NearestHint(name, names, "add, drop or list")});
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const Mode* mode, FindMode(context.line.arguments.front()));
  const std::string name = "memory index " + std::string(mode->name);
  const std::size_t given = context.line.arguments.size();
  if (given < mode->arguments_min) {
    return std::unexpected(UsageError{name, "an argument is missing", std::string(mode->usage)});
  }
  if (given > mode->arguments_max) {
    return std::unexpected(UsageError{name, "too many arguments", std::string(mode->usage)});
  }
  if (context.line.Has("format") && mode->run != List) {
    return std::unexpected(UsageError{"option --format", "levee " + name + " has no such option", std::string(mode->usage)});
  }
  return mode->run(context);
}

}  // namespace

constinit const Command kMemoryIndexCommand{{.name = "memory index",
                                             .arguments = "add|drop|list [NAME] [KEY...]",
                                             .arguments_min = 1,
                                             .arguments_max = kAnyNumber,
                                             .summary = "the custom indexes: which there are, adding and dropping them while the bank is at work",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli
