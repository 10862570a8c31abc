// yaml-cpp's exceptions end here.
#include "memory/yaml/yaml_reader.h"

#include <yaml-cpp/yaml.h>

#include "base/status.h"
#include "memory/markdown/front_matter.h"
#include "memory/markdown/yaml_scalar.h"
#include "memory/model/errors.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

constexpr int kDepthMax = 64;
// Aliases of aliases make gigabytes of a few lines.
constexpr std::size_t kJsonBytesMax = 4u << 20;

// yaml-cpp counts from 0, and the head's first line is the file's second.
std::unexpected<Error> BadYaml(const YAML::Mark& mark, std::string why) {
  return InvalidItem("front matter, line " + std::to_string(mark.line + 2) + ", column " + std::to_string(mark.column + 1),
                     std::move(why));
}

class NodeWriter {
 public:
  explicit NodeWriter(std::string& json) : json_(json) {}

  Status Write(const YAML::Node& node, int depth) {
    if (depth > kDepthMax) return BadYaml(node.Mark(), "it is nested deeper than " + std::to_string(kDepthMax) + " levels");
    if (json_.size() > kJsonBytesMax) return BadYaml(node.Mark(), "its aliases make too much of it");
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: json_ += "null"; return {};
      case YAML::NodeType::Scalar: WriteScalar(node); return {};
      case YAML::NodeType::Sequence: return WriteSequence(node, depth);
      case YAML::NodeType::Map: return WriteMap(node, depth);
    }
    return {};
  }

 private:
  // "?" is the tag of a scalar that stands without quotes.
  void WriteScalar(const YAML::Node& node) {
    if (node.Tag() == "?") {
      json_ += PlainScalarJson(node.Scalar());
    } else {
      output::AppendJsonString(json_, node.Scalar());
    }
  }

  Status WriteSequence(const YAML::Node& node, int depth) {
    json_ += '[';
    bool first = true;
    for (const YAML::Node& element : node) {
      if (!first) json_ += ',';
      first = false;
      LEVEE_RETURN_IF_ERROR(Write(element, depth + 1));
    }
    json_ += ']';
    return {};
  }

  Status WriteMap(const YAML::Node& node, int depth) {
    json_ += '{';
    bool first = true;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) return BadYaml(member.first.Mark(), "a key is no text");
      if (!first) json_ += ',';
      first = false;
      output::AppendJsonString(json_, member.first.Scalar());
      json_ += ':';
      LEVEE_RETURN_IF_ERROR(Write(member.second, depth + 1));
    }
    json_ += '}';
    return {};
  }

  std::string& json_;
};

Result<FrontMembers> ReadRoot(const YAML::Node& root) {
  FrontMembers members;
  if (root.IsNull()) return members;
  if (!root.IsMap()) return BadYaml(root.Mark(), "it is no list of `key: value`");
  for (const auto& member : root) {
    if (!member.first.IsScalar()) return BadYaml(member.first.Mark(), "a key is no text");
    FrontMember& read = members.emplace_back();
    read.key = member.first.Scalar();
    read.line = member.first.Mark().line + 2;
    LEVEE_RETURN_IF_ERROR(NodeWriter(read.json).Write(member.second, 0));
    if (member.second.IsScalar() && member.second.Tag() == "?") read.plain = member.second.Scalar();
  }
  return members;
}

Result<FrontMembers> ReadThroughLibrary(std::string_view text) {
  try {
    return ReadRoot(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return BadYaml(error.mark.is_null() ? YAML::Mark() : error.mark, error.msg);
  }
}

}  // namespace

void UseYamlLibrary() { SetYamlReader(ReadThroughLibrary); }

}  // namespace levee::memory
