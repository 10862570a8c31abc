// DATE_FORMAT(time, pattern), for patterns whose texts sort as the times do.
#include <array>

#include "expr/generated/generation_rule.h"
#include "types/civil_date.h"

namespace levee::expr {
namespace {

// Each is the last one cut short, and so are their texts.
constexpr std::string_view kLongest = "yyyy-MM-dd-HH";
constexpr std::array<std::string_view, 4> kPatterns{"yyyy", "yyyy-MM", "yyyy-MM-dd", kLongest};

void Append(std::string& text, std::int64_t number, std::size_t digits) {
  const std::string plain = std::to_string(number);
  text.append(digits - plain.size(), '0').append(plain);
}

class DateFormat final : public GenerationRule {
 public:
  explicit DateFormat(types::PrimitiveType type, std::size_t size) : type_(type), size_(size) {}

  std::optional<types::Value> Apply(const types::Value& value) const override {
    const auto micros = WallMicros(value);
    if (!micros) return std::nullopt;
    const std::int64_t days = types::FloorDivide(*micros, types::kMicrosPerDay);
    const types::CivilDate date = types::CivilFromDays(days);
    if (date.year < 1 || date.year > 9999) return std::nullopt;
    std::string text;
    Append(text, date.year, 4);
    text += '-';
    Append(text, date.month, 2);
    text += '-';
    Append(text, date.day, 2);
    text += '-';
    Append(text, (*micros - days * types::kMicrosPerDay) / (3600 * types::kMicrosPerSecond), 2);
    return types::Value{type_, text.substr(0, size_)};
  }
  // Years beyond 9999 are written with a sign before them.
  std::string_view StrayBelow() const override { return "0"; }

 private:
  const types::PrimitiveType type_;
  const std::size_t size_;
};

}  // namespace

std::unique_ptr<const GenerationRule> MakeDateFormatRule(const GenerationTypes& types, std::string_view pattern) {
  if (types.partition.kind != types::TypeKind::kString || !WallMicros({types.source, std::int64_t{0}})) return nullptr;
  for (const std::string_view known : kPatterns) {
    if (pattern == known) return std::make_unique<const DateFormat>(types.partition, known.size());
  }
  return nullptr;
}

}  // namespace levee::expr
