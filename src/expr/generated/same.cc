// The column itself.
#include "expr/generated/generation_rule.h"

namespace levee::expr {
namespace {

class Same final : public GenerationRule {
 public:
  explicit Same(types::PrimitiveType type) : type_(type) {}
  std::optional<types::Value> Apply(const types::Value& value) const override {
    return types::Value{type_, value.physical};
  }
  bool MayMakeNull() const override { return type_.kind == types::TypeKind::kString; }

 private:
  const types::PrimitiveType type_;
};

}  // namespace

std::unique_ptr<const GenerationRule> MakeSameRule(const GenerationTypes& types) {
  using types::TypeKind;
  if (types.source != types.partition) return nullptr;
  switch (types.source.kind) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kDate:
    case TypeKind::kString: return std::make_unique<const Same>(types.partition);
    default: return nullptr;  // floating point and times have more than one text
  }
}

}  // namespace levee::expr
