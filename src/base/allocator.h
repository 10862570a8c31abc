// How much freed memory the C library keeps for the next allocation.
#pragma once

#include <cstdint>

namespace levee {

// Buffers of a few hundred KB come and go with each batch of a large answer. As it is, the C library returns each to the
// system, and taking the pages anew costs more than filling them. So it keeps up to 64 MB, or a sixteenth of `limit_bytes`
// (0: no limit), in few arenas then, as each keeps its own. For programs, not for libraries: it is the whole process's. May
// be called again.
void KeepFreedMemory(std::uint64_t limit_bytes);

}  // namespace levee
