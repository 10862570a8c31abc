// When the files of a folder are brought to the disk.
#pragma once

#include <cstdint>

namespace levee::memory {

enum class FileSync : std::uint8_t {
  kNone,       // when the system likes: a power cut may take what was acknowledged
  kLater,      // within a second; what a power cut takes until then is written again from the index, which is on the disk
  kEachWrite,  // before it is acknowledged
};

}  // namespace levee::memory
