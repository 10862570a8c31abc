#include "catalog/generated_partitions.h"

#include <algorithm>
#include <string_view>

#include "delta/json_text.h"

namespace levee::catalog {
namespace {

constexpr std::string_view kExpression = "delta.generationExpression";
// Legacy writers of these versions know generated columns; later ones name their features.
constexpr int kWriterVersionMin = 4;
constexpr int kFeaturesVersion = 7;

bool KeepsGeneratedColumns(const delta::Protocol& protocol) {
  if (protocol.min_writer_version < kFeaturesVersion) return protocol.min_writer_version >= kWriterVersionMin;
  const auto& features = protocol.writer_features;
  return features && std::ranges::find(*features, "generatedColumns") != features->end();
}

}  // namespace

std::vector<expr::GeneratedColumn> GeneratedPartitions(const delta::Protocol& protocol,
                                                       const delta::Metadata& metadata,
                                                       const SchemaResolver& resolver) {
  std::vector<expr::GeneratedColumn> generated;
  if (!KeepsGeneratedColumns(protocol)) return generated;
  for (const types::Field& field : metadata.schema.fields) {
    if (field.metadata_json.find(kExpression) == std::string::npos) continue;
    const auto partition = resolver.Resolve({field.name});
    if (!partition || !partition->is_partition) continue;
    for (const delta::JsonMember& member : delta::JsonMembersOrNone(field.metadata_json)) {
      const auto expression = member.key == kExpression ? delta::JsonString(member.value) : std::nullopt;
      if (!expression) continue;
      if (auto column = expr::BindGeneratedColumn(*expression, *partition, resolver)) {
        generated.push_back(std::move(*column));
      }
    }
  }
  return generated;
}

}  // namespace levee::catalog
