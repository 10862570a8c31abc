// The identity of a file entry within a table: (canonical path, deletion vector's unique id).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::types {

// The one form of a path that equal files share: percent-decoded; "file:/x", "file:///x" and "/x"
// become "/x"; other URIs keep scheme and authority; a relative path stays relative.
std::string CanonicalPath(std::string_view path);

// The protocol's unique id of a deletion vector: storageType + pathOrInlineDv, and "@offset" when
// there is an offset. Empty without a deletion vector (storage_type empty).
std::string DvUniqueId(std::string_view storage_type, std::string_view path_or_inline,
                       std::optional<std::int64_t> offset);

// The 64-bit hash of both, as stored; equal keys have equal hashes, a hit must be verified.
// The value reaches the disk.
std::uint64_t FileKeyHash(std::string_view path, std::string_view dv_unique_id);

}  // namespace levee::types
