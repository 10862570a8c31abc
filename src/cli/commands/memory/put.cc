// `memory put`: stores an item, or a batch of them.
#include <array>
#include <unistd.h>

#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/input_text.h"
#include "cli/option_values.h"
#include "memory/json/item_parser.h"
#include "memory/json/line_reader.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 9> kOptions{
    kNamespaceOption, kCategoryOption, kTagOption, kMetadataOption,
    OptionSpec{"id", OptionSpec::Takes::kValue, "ID", "default: one is made"},
    kExpectedVersionOption, kExpiresOption, kAuthorOption,
    OptionSpec{"format", OptionSpec::Takes::kValue, "text|ndjson", "ndjson: an item a line, from standard input"}};
constexpr std::array<std::string_view, 3> kExamples{
    "levee memory put --category note --tag lake \"orders is late on Mondays\"",
    "levee memory put --namespace team/etl --metadata '{\"source\":\"runbook\"}' -",
    "levee memory put --format ndjson -"};
constexpr std::array<std::string_view, 2> kFormats{"text", "ndjson"};
constexpr std::size_t kBatch = 1'000;

Outcome PutLines(Context& context, MemoryBank& bank, const WriteOptions& options) {
  memory::LineReader lines(memory::ReadDescriptor(STDIN_FILENO),
                           context.engine_options.memory.limits.content_bytes_max + memory::kLineSlackBytes);
  const auto category = context.line.Value("category");
  std::vector<ItemWrite> batch;
  int exit_code = kExitDone;
  const auto write = [&]() -> std::expected<void, Failure> {
    LEVEE_ASSIGN(const std::vector<Written> written, bank.Store(std::exchange(batch, {}), options));
    LEVEE_ASSIGN(const int code, PrintWritten(context, written, "memory put"));
    exit_code = std::max(exit_code, code);
    LEVEE_RETURN_IF_ERROR(context.out.Flush());  // what is acknowledged is told
    return {};
  };
  while (true) {
    LEVEE_ASSIGN(const auto line, lines.Next());
    if (!line) break;
    auto item = memory::ParseItem(line->text);
    if (!item) {
      item.error().what = "line " + std::to_string(line->number) + ": " + item.error().what;
      return std::unexpected(std::move(item).error());
    }
    if (item->item.category.empty() && category) item->item.category = *category;
    batch.push_back(std::move(*item));
    if (batch.size() == kBatch) LEVEE_RETURN_IF_ERROR(write());
  }
  if (!batch.empty()) LEVEE_RETURN_IF_ERROR(write());
  return exit_code;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  const std::string_view content = context.line.arguments.empty() ? "-" : context.line.arguments.front();
  const WriteOptions options{.author = std::string(context.line.Value("author").value_or(""))};
  if (format == "ndjson") {
    if (content != "-") return std::unexpected(UsageError{"memory put", "--format ndjson reads standard input", "give - as content"});
    LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
    return PutLines(context, *bank, options);
  }
  ItemWrite write;
  Item& item = write.item;
  item.name_space = context.line.Value("namespace").value_or("default");
  item.category = context.line.Value("category").value_or("note");
  const auto tags = context.line.Values("tag");
  item.tags.assign(tags.begin(), tags.end());
  item.metadata = context.line.Value("metadata").value_or("{}");
  item.id = context.line.Value("id").value_or("");
  LEVEE_ASSIGN(write.expected_version, IntegerOption(context.line, "expected-version"));
  LEVEE_ASSIGN(const auto expires, ExpiresOption(context));
  if (expires && *expires != 0) item.expires = expires;
  if (content == "-") {
    LEVEE_ASSIGN(item.content, ReadInputText(content));
  } else {
    item.content = content;
  }
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  std::vector<ItemWrite> one;
  one.push_back(std::move(write));
  LEVEE_ASSIGN(const std::vector<Written> written, bank->Store(std::move(one), options));
  return PrintWritten(context, written, "memory put");
}

}  // namespace

constinit const Command kMemoryPutCommand{{.name = "memory put",
                                           .arguments = "[CONTENT | -]",
                                           .arguments_max = 1,
                                           .summary = "stores an item, or a batch of them; prints their ids",
                                           .options = kOptions,
                                           .examples = kExamples},
                                          Run};

}  // namespace levee::cli
