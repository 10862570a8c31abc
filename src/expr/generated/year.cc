// YEAR(time).
#include "expr/generated/generation_rule.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

class Year final : public GenerationRule {
 public:
  explicit Year(types::PrimitiveType type) : type_(type) {}
  std::optional<types::Value> Apply(const types::Value& value) const override {
    const auto micros = WallMicros(value);
    if (!micros) return std::nullopt;
    return types::Value{type_, types::CivilFromDays(types::FloorDivide(*micros, types::kMicrosPerDay)).year};
  }

 private:
  const types::PrimitiveType type_;
};

}  // namespace

std::unique_ptr<const GenerationRule> MakeYearRule(const GenerationTypes& types) {
  using types::TypeKind;
  const bool whole = types.partition.kind == TypeKind::kInteger || types.partition.kind == TypeKind::kLong;
  if (!whole || !WallMicros({types.source, std::int64_t{0}})) return nullptr;
  return std::make_unique<const Year>(types.partition);
}

}  // namespace levee::expr
