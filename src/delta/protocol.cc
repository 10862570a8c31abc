#include <algorithm>
#include <array>
#include <limits>

#include "delta/actions.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

// Protocol, "Reader Version Requirements": 1 is plain, 2 adds column mapping, 3 names what it needs as
// features.
constexpr std::int32_t kReaderVersionMax = 3;

// What a reader must honour to list a table's files. vacuumProtocolCheck asks nothing of one that never
// vacuums; a preview has the rules of the feature that it became.
constexpr std::array<std::string_view, 11> kReaderFeatures = {"columnMapping",
                                                              "deletionVectors",
                                                              "timestampNtz",
                                                              "typeWidening",
                                                              "typeWidening-preview",
                                                              "v2Checkpoint",
                                                              "vacuumProtocolCheck",
                                                              "variantType",
                                                              "variantType-preview",
                                                              "variantShredding",
                                                              "variantShredding-preview"};

bool IsReadable(std::string_view feature) {
  return std::find(kReaderFeatures.begin(), kReaderFeatures.end(), feature) != kReaderFeatures.end();
}

// The log alone does not hold all commits of such a table: ratified ones may be known to its catalog only.
bool NeedsCatalog(std::string_view feature) {
  return feature == "catalogManaged" || feature == "catalogOwned" || feature == "catalogOwned-preview";
}

std::unexpected<Error> Bad(std::string why) {
  return Fail(ErrorCode::kCorrupt, "protocol action", std::move(why));
}

Result<std::int32_t> Version(const JsonMember& member) {
  const auto version = JsonInteger(member.value);
  if (!version || *version < 0 || *version > std::numeric_limits<std::int32_t>::max()) {
    return Bad(member.key + " is no version number");
  }
  return static_cast<std::int32_t>(*version);
}

Result<std::optional<std::vector<std::string>>> Features(const JsonMember& member) {
  std::optional<std::vector<std::string>> features;
  if (member.value == "null") return features;
  const auto elements = JsonArrayElements(member.value);
  if (!elements) return Bad(member.key + " is no list");
  features.emplace();
  for (const std::string_view element : *elements) {
    auto name = JsonString(element);
    if (!name) return Bad(member.key + " holds something that is no name");
    features->push_back(std::move(*name));
  }
  return features;
}

}  // namespace

Result<Protocol> ParseProtocol(std::string_view json) {
  const auto members = JsonObjectMembers(json);
  if (!members) return Bad("it is no JSON object");
  Protocol protocol;
  bool has_reader = false;
  bool has_writer = false;
  for (const JsonMember& member : *members) {
    if (member.key == "minReaderVersion") {
      LEVEE_ASSIGN(protocol.min_reader_version, Version(member));
      has_reader = true;
    } else if (member.key == "minWriterVersion") {
      LEVEE_ASSIGN(protocol.min_writer_version, Version(member));
      has_writer = true;
    } else if (member.key == "readerFeatures") {
      LEVEE_ASSIGN(protocol.reader_features, Features(member));
    } else if (member.key == "writerFeatures") {
      LEVEE_ASSIGN(protocol.writer_features, Features(member));
    }
  }
  if (!has_reader) return Bad("minReaderVersion is missing");
  if (!has_writer) return Bad("minWriterVersion is missing");
  return protocol;
}

Status CheckReadable(const Protocol& protocol) {
  if (protocol.min_reader_version > kReaderVersionMax) {
    return Fail(ErrorCode::kUnsupported, "table",
                "it needs reader version " + std::to_string(protocol.min_reader_version) +
                    ", this program reads up to " + std::to_string(kReaderVersionMax),
                "a newer levee may read it");
  }
  // Features count from version 3 on; a list below it is a writer's mistake that readers pass over.
  if (protocol.min_reader_version < kReaderVersionMax) return {};
  if (!protocol.reader_features) {
    return Fail(ErrorCode::kCorrupt, "protocol action", "reader version 3 needs readerFeatures");
  }
  for (const std::string& feature : *protocol.reader_features) {
    if (NeedsCatalog(feature)) {
      return Fail(ErrorCode::kUnsupported, "table",
                  "feature " + feature + ": a catalog-managed table needs its catalog", "read it through that catalog");
    }
    if (!IsReadable(feature)) {
      return Fail(ErrorCode::kUnsupported, "table",
                  "it needs the reader feature " + feature + ", which this program does not know", "a newer levee may read it");
    }
  }
  return {};
}

}  // namespace levee::delta
