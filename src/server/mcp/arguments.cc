#include "server/mcp/arguments.h"

#include <algorithm>

#include "memory/model/errors.h"
#include "memory/model/times.h"

namespace levee::mcp {

Arguments::Arguments(std::optional<JsonView> object) {
  if (!object) return;
  text_ = object->text();
  for (auto& [name, value] : object->Members()) members_.push_back({name, value});
}

Arguments::Member* Arguments::Find(std::string_view name) {
  Member* found = nullptr;
  for (Member& member : members_) {
    if (member.name != name) continue;
    member.read = true;
    found = &member;
  }
  return found != nullptr && found->value.kind() != JsonKind::kNull ? found : nullptr;
}

bool Arguments::Has(std::string_view name) const {
  return std::ranges::any_of(
      members_, [&](const Member& member) { return member.name == name && member.value.kind() != JsonKind::kNull; });
}

bool Arguments::IsNull(std::string_view name) const {
  return !Has(name) && std::ranges::any_of(members_, [&](const Member& member) { return member.name == name; });
}

void Arguments::Refuse(std::string_view name, std::string why) {
  if (status_) status_ = memory::InvalidItem("argument '" + std::string(name) + "'", std::move(why));
}

void Arguments::Read(std::string_view name, std::string& out) {
  const Member* const member = Find(name);
  if (member == nullptr) return;
  auto text = member->value.String();
  if (!text) return Refuse(name, "it must be a string");
  out = std::move(*text);
}

void Arguments::Read(std::string_view name, bool& out) {
  const Member* const member = Find(name);
  if (member == nullptr) return;
  const auto truth = member->value.Boolean();
  if (!truth) return Refuse(name, "it must be true or false");
  out = *truth;
}

void Arguments::Read(std::string_view name, std::int64_t& out) {
  const Member* const member = Find(name);
  if (member == nullptr) return;
  const auto number = member->value.Whole();
  if (!number) return Refuse(name, "it must be a whole number");
  out = *number;
}

void Arguments::Read(std::string_view name, std::vector<std::string>& out) {
  const Member* const member = Find(name);
  if (member == nullptr) return;
  if (member->value.kind() != JsonKind::kArray) return Refuse(name, "it must be an array of strings");
  out.clear();
  for (const JsonView& element : member->value.Elements()) {
    auto text = element.String();
    if (!text) return Refuse(name, "it must be an array of strings");
    out.push_back(std::move(*text));
  }
}

void Arguments::ReadTime(std::string_view name, std::optional<std::int64_t>& out) {
  const Member* const member = Find(name);
  if (member == nullptr) return;
  if (const auto text = member->value.String()) {
    out = memory::ParseTime(*text);
  } else {
    out = member->value.Whole();
  }
  if (!out) Refuse(name, "it must be a time: RFC 3339, or whole microseconds since 1970");
}

std::optional<JsonView> Arguments::Json(std::string_view name) {
  const Member* const member = Find(name);
  return member != nullptr ? std::optional(member->value) : std::nullopt;
}

Status Arguments::Done() {
  for (const Member& member : members_) {
    if (!member.read) Refuse(member.name, "there is no such argument");
  }
  return status_;
}

}  // namespace levee::mcp
