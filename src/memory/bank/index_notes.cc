#include "memory/bank/index_notes.h"

#include <algorithm>
#include <array>

#include "memory/model/item_checks.h"

namespace levee::memory {
namespace {

constexpr std::string_view kIndexNote = "index:";
constexpr std::string_view kMetadataPrefix = "metadata.";
constexpr std::array<std::string_view, 7> kFields{"id", "namespace", "category", "version", "created", "updated", "expires"};

}  // namespace

std::unexpected<Error> IndexFailure(ErrorCode code, std::string_view name, std::string why, std::string hint) {
  return std::unexpected<Error>(
      Error{code, "index " + std::string(name), std::move(why), std::move(hint), "INDEX_ERROR"});
}

Status CheckIndex(const IndexSpec& index) {
  if (index.name.empty() || index.name.size() > kNameBytesMax) {
    return IndexFailure(ErrorCode::kInvalidArgument, index.name, "its name has 1 to 255 bytes");
  }
  if (index.keys.empty()) return IndexFailure(ErrorCode::kInvalidArgument, index.name, "it has no keys");
  for (const std::string& key : index.keys) {
    const bool field = std::find(kFields.begin(), kFields.end(), key) != kFields.end();
    const bool path = key.starts_with(kMetadataPrefix) && key.size() > kMetadataPrefix.size() &&
                      key.find('\n') == key.npos;
    const bool tags = key == "tags" && index.keys.size() == 1;
    if (field || path || tags) continue;
    return IndexFailure(ErrorCode::kInvalidArgument, index.name, "'" + key + "' is no key",
                        "id, namespace, category, version, created, updated, expires, metadata.PATH, or tags alone");
  }
  return {};
}

std::string IndexNote(std::string_view name) { return std::string(kIndexNote) + std::string(name); }

std::string IndexText(const IndexSpec& index) {
  std::string text;
  for (const std::string& key : index.keys) text += key + '\n';
  return text;
}

std::vector<std::string> IndexKeysOf(std::string_view text) {
  std::vector<std::string> keys;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    keys.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return keys;
}

Result<std::vector<IndexSpec>> IndexesOf(const std::map<std::string, std::string>& notes) {
  std::vector<IndexSpec> indexes;
  for (auto note = notes.lower_bound(std::string(kIndexNote)); note != notes.end() && note->first.starts_with(kIndexNote); ++note) {
    IndexSpec& index = indexes.emplace_back();
    index.name = note->first.substr(kIndexNote.size());
    index.keys = IndexKeysOf(note->second);
  }
  return indexes;
}

}  // namespace levee::memory
