#include "delta/stats_struct.h"

#include <cmath>
#include <limits>

#include "delta/arrow_json.h"
#include "delta/json_text.h"
#include "types/value.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;
using columnar::StatsForm;
using types::TypeKind;

bool InRange(std::int64_t value, TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return value == static_cast<std::int8_t>(value);
    case TypeKind::kShort: return value == static_cast<std::int16_t>(value);
    case TypeKind::kInteger: return value == static_cast<std::int32_t>(value);
    default: return kind == TypeKind::kLong;
  }
}

bool IsTimestamp(TypeKind kind) { return kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampNtz; }

}  // namespace

StatsStruct::StatsStruct(const ArrowColumn& stats, StatsSlots& slots, RowColumns& columns)
    : slots_(slots),
      form_(columns.Plain(ColumnRole::kStatsForm)),
      residual_(columns.Plain(ColumnRole::kStatsResidual)) {
  for (const ArrowColumn& column : stats.Children()) {
    Member member{.column = column, .slot = kNoSlot, .is_section = false, .members = {}};
    if (column.name() == "numRecords") member.slot = kNumRecordsSlot;
    if (column.name() == "tightBounds") member.slot = kTightBoundsSlot;
    for (const StatsSection section : {StatsSection::kMin, StatsSection::kMax, StatsSection::kNullCount}) {
      if (column.name() == SectionName(section)) member = BindSection(column, section, slots.root());
    }
    members_.push_back(std::move(member));
  }
}

StatsStruct::Member StatsStruct::BindSection(const ArrowColumn& column, StatsSection section,
                                             const StatsNode& node) const {
  Member bound{
      .column = column, .slot = kNoSlot, .is_section = column.kind() == ArrowKind::kStruct, .members = {}};
  for (const ArrowColumn& child : column.Children()) {
    const StatsNode* const child_node = node.Find(child.name());
    if (child_node != nullptr && !child_node->is_leaf()) {
      bound.members.push_back(BindSection(child, section, *child_node));
      continue;
    }
    const int slot = child_node == nullptr ? kNoSlot : StatsSlots::SlotOf(*child_node, section);
    bound.members.push_back({.column = child, .slot = slot, .is_section = false, .members = {}});
  }
  return bound;
}

void StatsStruct::Append(std::size_t row, std::int64_t arrow_row) {
  std::string residual = "{";
  AppendMembers(members_, row, arrow_row, residual);
  if (residual.size() == 1) {
    form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kTyped));
    return;
  }
  residual.push_back('}');
  form_.SetInt(row, static_cast<std::int64_t>(StatsForm::kPartial));
  residual_.SetString(row, residual);
}

void StatsStruct::AppendMembers(const std::vector<Member>& members, std::size_t row, std::int64_t arrow_row,
                                std::string& residual) {
  for (const Member& member : members) {
    if (member.column.IsNull(arrow_row)) continue;
    if (member.slot != kNoSlot && SetSlot(member.slot, row, member.column, arrow_row)) continue;
    std::string rest;
    if (member.is_section) {
      rest = "{";
      AppendMembers(member.members, row, arrow_row, rest);
      if (rest.size() == 1) continue;
      rest.push_back('}');
    } else {
      AppendArrowJson(rest, member.column, arrow_row);
    }
    AppendJsonKey(residual, member.column.name());
    residual += rest;
  }
}

bool StatsStruct::SetSlot(int slot, std::size_t row, const ArrowColumn& column, std::int64_t arrow_row) {
  const types::PrimitiveType type = slots_.type(slot);
  switch (column.kind()) {
    case ArrowKind::kBoolean:
      if (type.kind != TypeKind::kBoolean) return false;
      return slots_.column(slot).SetInt(row, column.Boolean(arrow_row) ? 1 : 0), true;
    case ArrowKind::kInteger: {
      const std::int64_t value = column.Integer(arrow_row);
      return InRange(value, type.kind) && (slots_.column(slot).SetInt(row, value), true);
    }
    case ArrowKind::kReal: {
      const double value = column.Real(arrow_row);
      if (types::PhysicalTypeOf(type) != types::PhysicalType::kDouble || std::isnan(value)) return false;
      if (type.kind == TypeKind::kFloat && !column.is_single_precision()) return false;
      return slots_.column(slot).SetDouble(row, value), true;
    }
    case ArrowKind::kText:
      if (type.kind != TypeKind::kString) return false;
      return slots_.column(slot).SetString(row, column.Text(arrow_row)), true;
    case ArrowKind::kDate:
      if (type.kind != TypeKind::kDate) return false;
      return slots_.column(slot).SetInt(row, column.Integer(arrow_row)), true;
    case ArrowKind::kTimestamp: {
      const auto micros = column.Micros(arrow_row);
      if (!IsTimestamp(type.kind) || !micros) return false;
      return slots_.column(slot).SetInt(row, *micros), true;
    }
    case ArrowKind::kDecimal: {
      if (type.kind != TypeKind::kDecimal || type.scale != column.decimal_scale()) return false;
      const types::Int128 value = column.Decimal(arrow_row);
      if (types::PhysicalTypeOf(type) == types::PhysicalType::kString) {
        return slots_.column(slot).SetString(row, types::EncodeWideDecimal(value)), true;
      }
      if (value != static_cast<std::int64_t>(value)) return false;
      return slots_.column(slot).SetInt(row, static_cast<std::int64_t>(value)), true;
    }
    default: return false;
  }
}

}  // namespace levee::delta
