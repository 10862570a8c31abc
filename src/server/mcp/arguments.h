// The arguments of a tool call, read by name and type; what is wrong is told so that a model can mend it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "levee/status.h"
#include "server/mcp/json_view.h"

namespace levee::mcp {

// Reads a JSON object, member by member. The first error stays; members that nobody read are one. null is as good as
// absent. Not thread-safe.
class Arguments {
 public:
  explicit Arguments(std::optional<JsonView> object);

  // Each leaves `out` alone where the argument is absent.
  void Read(std::string_view name, std::string& out);
  void Read(std::string_view name, bool& out);
  void Read(std::string_view name, std::int64_t& out);
  void Read(std::string_view name, std::vector<std::string>& out);
  template <typename T>
  void Read(std::string_view name, std::optional<T>& out) {
    if (!Has(name)) return;
    Read(name, out.emplace());
  }
  // RFC 3339, or microseconds since the epoch.
  void ReadTime(std::string_view name, std::optional<std::int64_t>& out);
  // The value as JSON; nothing: absent.
  std::optional<JsonView> Json(std::string_view name);

  // Whether it is there and not null.
  bool Has(std::string_view name) const;
  bool IsNull(std::string_view name) const;
  // The whole object as JSON.
  std::string_view text() const { return text_; }
  // Makes an error, if there is none yet.
  void Refuse(std::string_view name, std::string why);

  // VALIDATION_ERROR: the first error, an argument that no Read asked for.
  Status Done();

 private:
  struct Member {
    std::string name;
    JsonView value;
    bool read = false;
  };
  Member* Find(std::string_view name);

  std::string text_ = "{}";
  std::vector<Member> members_;
  Status status_;
};

}  // namespace levee::mcp
