// `memory list`: how many items there are by category, namespace, tag or day; namespaces with their quotas.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "cli/commands/memory/query_options.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 12> kOptions{
    OptionSpec{"by", OptionSpec::Takes::kValue, "FIELD", "namespace, category, tag or day; default namespace"},
    kNamespaceOption, kCategoryOption, kTagOption, kAnyTagOption, kNoTagOption, kMetadataOption, kSinceOption,
    kUntilOption, kAsOfOption, OptionSpec{"limit", OptionSpec::Takes::kValue, "N", "rows at most, default 1,000"},
    kRecordFormatOption};
constexpr std::array<std::string_view, 2> kExamples{"levee memory list", "levee memory list --by tag --namespace team/etl"};
constexpr std::array<std::string_view, 4> kFields{"namespace", "category", "tag", "day"};

FacetField FieldOf(std::string_view name) {
  if (name == "category") return FacetField::kCategory;
  if (name == "tag") return FacetField::kTag;
  return name == "day" ? FacetField::kDay : FacetField::kNamespace;
}

Outcome ListNamespaces(Context& context, MemoryBank& bank) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"namespace"},
                                                         {"items", true},
                                                         {"contentBytes", true},
                                                         {"maxItems", true},
                                                         {"maxBytes", true}}));
  LEVEE_ASSIGN(const std::vector<NamespaceInfo> namespaces, bank.Namespaces());
  for (const NamespaceInfo& info : namespaces) {
    LEVEE_RETURN_IF_ERROR(rows->Write({Cell::Text(info.name), Cell::Integer(info.items), Cell::Size(info.content_bytes),
                                       Cell::Integer(info.quota.max_items),
                                       info.quota.max_bytes ? Cell::Size(*info.quota.max_bytes) : Cell{}}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view by, WordOption(context.line, "by", kFields));
  LEVEE_ASSIGN(const auto limit, IntegerOption(context.line, "limit", 1));
  LEVEE_ASSIGN(const ItemQuery query, QueryFromOptions(context));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  const bool narrowed = context.line.options.size() > (context.line.Has("format") ? 1U : 0U);
  if (!narrowed) return ListNamespaces(context, *bank);
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{std::string(by)}, {"items", true}}));
  LEVEE_ASSIGN(const std::vector<FacetCount> facets, bank->Facets(query, FieldOf(by), limit.value_or(1'000)));
  for (const FacetCount& facet : facets) {
    LEVEE_RETURN_IF_ERROR(rows->Write({Cell::Text(facet.value), Cell::Integer(facet.items)}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryListCommand{{.name = "memory list",
                                            .summary = "the namespaces; with --by how many items by namespace, category, tag or day",
                                            .options = kOptions,
                                            .examples = kExamples},
                                           Run};

}  // namespace levee::cli
