#include "cache/level_options.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace levee::cache {
namespace {

constexpr std::size_t kCompressedBytesLeast = 1024;

}  // namespace

CacheOptions OptionsOf(const CacheSetup& setup, LevelKind kind, std::uint64_t alone_bytes,
                       const ValueCodec* codec) {
  return {.name = std::string(SpecOf(kind).name),
          .single_flight = setup.single_flight,
          .budget = setup.governor != nullptr ? setup.governor->ShareOf(kind) : alone_bytes,
          .policy = setup.policy,
          .life_ns = setup.life_ns,
          .codec = setup.compress_above_bytes != 0 ? codec : nullptr,
          // What is smaller is not worth the copy, and a level may keep other things there.
          .compress_above_bytes = std::max(setup.compress_above_bytes, kCompressedBytesLeast)};
}

}  // namespace levee::cache
