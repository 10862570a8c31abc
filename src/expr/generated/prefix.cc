// SUBSTRING(text, 1, n). Bytes of UTF-8 sort as characters do, and so do prefixes of them.
#include "expr/generated/generation_rule.h"

namespace levee::expr {
namespace {

class Prefix final : public GenerationRule {
 public:
  Prefix(types::PrimitiveType type, std::int64_t characters) : type_(type), characters_(characters) {}

  std::optional<types::Value> Apply(const types::Value& value) const override {
    const std::string& text = value.as_string();
    std::size_t end = 0;
    std::int64_t left = characters_;
    for (; end < text.size(); ++end) {
      const bool starts_character = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
      if (starts_character && left-- == 0) break;
    }
    return types::Value{type_, text.substr(0, end)};
  }
  bool MayMakeNull() const override { return true; }

 private:
  const types::PrimitiveType type_;
  const std::int64_t characters_;
};

}  // namespace

std::unique_ptr<const GenerationRule> MakePrefixRule(const GenerationTypes& types, std::int64_t characters) {
  using types::TypeKind;
  if (types.source.kind != TypeKind::kString || types.partition.kind != TypeKind::kString) return nullptr;
  if (characters < 1) return nullptr;
  return std::make_unique<const Prefix>(types.partition, characters);
}

}  // namespace levee::expr
