// CAST(time AS DATE).
#include "expr/generated/generation_rule.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

class CastDate final : public GenerationRule {
 public:
  explicit CastDate(types::PrimitiveType type) : type_(type) {}
  std::optional<types::Value> Apply(const types::Value& value) const override {
    const auto micros = WallMicros(value);
    if (!micros) return std::nullopt;
    return types::Value{type_, types::FloorDivide(*micros, types::kMicrosPerDay)};
  }

 private:
  const types::PrimitiveType type_;
};

}  // namespace

std::unique_ptr<const GenerationRule> MakeCastDateRule(const GenerationTypes& types) {
  if (types.partition.kind != types::TypeKind::kDate || !WallMicros({types.source, std::int64_t{0}})) return nullptr;
  return std::make_unique<const CastDate>(types.partition);
}

}  // namespace levee::expr
