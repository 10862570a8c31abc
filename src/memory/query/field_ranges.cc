#include "memory/query/field_ranges.h"

#include <limits>

namespace levee::memory {
namespace {

ValueRange TextPoint(std::string_view text) { return PointOf({ValueKind::kText, 0, std::string(text)}); }

FieldRanges PointsOf(OrderField field, const NumberSet& names, const View& view) {
  FieldRanges points{.field = {.field = field}, .ranges = {}};
  for (const std::uint32_t name : names.numbers()) points.ranges.push_back(TextPoint(view.names().Name(name)));
  return points;
}

FieldRanges Between(OrderField field, const Conditions::Times& times) {
  const auto number = [](std::int64_t value) { return SortValue{ValueKind::kNumber, static_cast<long double>(value), {}}; };
  return {.field = {.field = field}, .ranges = {{.low = number(times.since), .high = number(times.until)}}};
}

}  // namespace

std::vector<FieldRanges> FieldRangesOf(const Conditions& conditions, const View& view) {
  std::vector<FieldRanges> fields;
  if (!conditions.any_category()) fields.push_back(PointsOf(OrderField::kCategory, conditions.categories(), view));
  if (!conditions.any_namespace()) fields.push_back(PointsOf(OrderField::kNamespace, conditions.namespaces(), view));
  if (conditions.updated().narrow()) fields.push_back(Between(OrderField::kUpdated, conditions.updated()));
  if (conditions.created().narrow()) fields.push_back(Between(OrderField::kCreated, conditions.created()));
  if (conditions.metadata() == nullptr) return fields;
  for (const PathRanges& path : conditions.metadata()->ranges().paths) {
    fields.push_back({.field = {.field = OrderField::kMetadata, .descending = false, .path = path.path}, .ranges = path.ranges});
  }
  return fields;
}

}  // namespace levee::memory
