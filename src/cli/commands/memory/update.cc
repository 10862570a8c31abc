// `memory update`: changes what is named of an item.
#include <array>

#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/input_text.h"
#include "cli/option_values.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 9> kOptions{
    kExpectedVersionOption, kNamespaceOption, kCategoryOption,
    OptionSpec{"tag", OptionSpec::Takes::kValue, "T", "a tag; may be repeated: these instead of those that are there"},
    OptionSpec{"add-tag", OptionSpec::Takes::kValue, "T", "one more tag; may be repeated"},
    OptionSpec{"remove-tag", OptionSpec::Takes::kValue, "T", "a tag that goes; may be repeated"}, kMetadataOption,
    kExpiresOption, kAuthorOption};
constexpr std::array<std::string_view, 2> kExamples{"levee memory update runbook --expected-version 2 \"restart it twice\"",
                                                    "levee memory update runbook --add-tag urgent --expires 30d"};

std::vector<std::string> Texts(const Context& context, std::string_view option) {
  const auto values = context.line.Values(option);
  return {values.begin(), values.end()};
}

std::optional<std::string> Text(const Context& context, std::string_view option) {
  const auto value = context.line.Value(option);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

Outcome Run(Context& context) {
  ItemChange change;
  change.id = context.line.arguments.front();
  LEVEE_ASSIGN(change.expected_version, IntegerOption(context.line, "expected-version"));
  change.name_space = Text(context, "namespace");
  change.category = Text(context, "category");
  change.metadata = Text(context, "metadata");
  if (context.line.Has("tag")) change.tags = Texts(context, "tag");
  change.add_tags = Texts(context, "add-tag");
  change.remove_tags = Texts(context, "remove-tag");
  LEVEE_ASSIGN(change.expires, ExpiresOption(context));
  if (context.line.arguments.size() > 1) {
    const std::string_view content = context.line.arguments[1];
    change.content = content;
    if (content == "-") {
      LEVEE_ASSIGN(change.content, ReadInputText(content));
    }
  }
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const std::vector<Written> written,
               bank->Update({std::move(change)}, {.author = std::string(context.line.Value("author").value_or(""))}));
  return PrintWritten(context, written, "memory update");
}

}  // namespace

constinit const Command kMemoryUpdateCommand{{.name = "memory update",
                                              .arguments = "ID [CONTENT | -]",
                                              .arguments_min = 1,
                                              .arguments_max = 2,
                                              .summary = "changes what is named of an item; the rest stays",
                                              .options = kOptions,
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli
