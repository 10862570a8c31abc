#include "cli/commit_info.h"

#include "delta/json_text.h"

namespace levee::cli {

CommitInfo ReadCommitInfo(std::string_view json) {
  CommitInfo info;
  const auto members = delta::JsonObjectMembers(json);
  if (!members) return info;
  const auto text = [](std::string_view value) {
    std::optional<std::string> decoded = delta::JsonString(value);
    return decoded ? output::Cell::Text(std::move(*decoded)) : output::Cell{};
  };
  for (const delta::JsonMember& member : *members) {
    if (member.key == "operation") {
      info.operation = text(member.value);
    } else if (member.key == "operationParameters" && delta::IsJsonObject(member.value)) {
      info.operation_parameters = output::Cell::Json(std::string(member.value));
    } else if (member.key == "userName") {
      info.user_name = text(member.value);
    } else if (member.key == "isBlindAppend" && (member.value == "true" || member.value == "false")) {
      info.is_blind_append = output::Cell::Bool(member.value == "true");
    }
  }
  return info;
}

}  // namespace levee::cli
