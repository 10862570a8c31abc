// `memory find`: items by words and conditions.
#include <array>

#include "cli/commands/memory/item_rows.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/commands/memory/query_options.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 18> kOptions{
    kNamespaceOption, kCategoryOption, kTagOption, kAnyTagOption, kNoTagOption, kMetadataOption, kSinceOption,
    kUntilOption, kAsOfOption,
    OptionSpec{"sort", OptionSpec::Takes::kValue, "FIELD", "\"updated desc, id\"; default best first, else newest first"},
    OptionSpec{"limit", OptionSpec::Takes::kValue, "N", "items at most, default 20"},
    OptionSpec{"after", OptionSpec::Takes::kValue, "CURSOR", "goes on behind a page, with the cursor that it ended with"},
    OptionSpec{"all-words", OptionSpec::Takes::kNothing, "", "every word must be there, not one of them"},
    OptionSpec{"typos", OptionSpec::Takes::kValue, "N", "typing errors of a word at most, 0 to 2"},
    OptionSpec{"count", OptionSpec::Takes::kNothing, "", "print how many there are"},
    OptionSpec{"explain", OptionSpec::Takes::kOptionalValue, "text|json|svg", "how the answer is found"},
    OptionSpec{"analyze", OptionSpec::Takes::kNothing, "", "with --explain: with times"}, kRecordFormatOption};
constexpr std::array<std::string_view, 3> kExamples{
    "levee memory find late orders --tag lake",
    "levee memory find 'restart AND job' --namespace 'team/*' --since 2024-01-01",
    "levee memory find --category note --metadata \"source = 'runbook' AND score >= 0.5\" --format ndjson"};

Outcome Explain(Context& context, MemoryBank& bank, const ItemQuery& query) {
  constexpr std::array<std::string_view, 3> kFormats{"text", "json", "svg"};
  const std::string_view word = context.line.Value("explain").value_or("text");
  ExplainFormat format = ExplainFormat::kText;
  if (word == kFormats[1]) {
    format = ExplainFormat::kJson;
  } else if (word == kFormats[2]) {
    format = ExplainFormat::kSvg;
  } else if (word != kFormats[0]) {
    return std::unexpected(WrongValue("explain", word, "text, json or svg"));
  }
  LEVEE_ASSIGN(const std::string plan, bank.Explain(query, format, context.line.Has("analyze")));
  context.out.Append(plan);
  if (!plan.ends_with('\n')) context.out.Append("\n");
  return kExitDone;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(ItemQuery query, QueryFromOptions(context));
  for (const std::string_view word : context.line.arguments) {
    query.words += (query.words.empty() ? "" : " ") + std::string(word);
  }
  query.order = context.line.Value("sort").value_or("");
  query.after = context.line.Value("after").value_or("");
  query.any_word = !context.line.Has("all-words");
  LEVEE_ASSIGN(const auto limit, IntegerOption(context.line, "limit", 1));
  if (limit) query.limit = *limit;
  LEVEE_ASSIGN(const auto typos, IntegerOption(context.line, "typos"));
  if (typos) query.typos = static_cast<int>(std::min<std::int64_t>(*typos, 3));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  if (context.line.Has("explain")) return Explain(context, *bank, query);
  if (context.line.Has("count")) {
    LEVEE_ASSIGN(const std::int64_t count, bank->Count(query));
    context.out.AppendLine(std::to_string(count));
    return kExitDone;
  }
  LEVEE_ASSIGN(const auto rows, MakeItemRows(context, !query.words.empty()));
  LEVEE_ASSIGN(const ItemPage page, bank->Find(query));
  for (const Found& found : page.items) LEVEE_RETURN_IF_ERROR(rows->Write(found));
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  if (!page.next.empty()) context.console.Note("memory find: there are more (--after " + page.next + ")");
  if (page.items.empty() && !page.did_you_mean.empty()) {
    context.console.Note("memory find: nothing was found (did you mean " + page.did_you_mean + "?)");
  }
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryFindCommand{{.name = "memory find",
                                            .arguments = "[WORDS]",
                                            .arguments_max = 1'000,
                                            .summary = "items by words and conditions, best first, else newest first",
                                            .options = kOptions,
                                            .examples = kExamples},
                                           Run};

}  // namespace levee::cli
