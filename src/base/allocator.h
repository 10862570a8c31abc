// How much freed memory the C library keeps for the next allocation.
#pragma once

#include <cstdint>

namespace levee {

// Buffers of a few hundred KB come and go with each batch of a large answer. As it is, the C library returns
// each to the system, and taking the pages anew costs more than filling them; so it keeps up to 64 MB. Under
// a limit of up to 1 GB (0: none) that is not affordable: large buffers go back at once, there are few arenas,
// and what is freed in between goes back by the half of the limit. For programs, not for libraries: it is
// the whole process's. May be called again.
void KeepFreedMemory(std::uint64_t limit_bytes);

// So much was freed; what the memory budget is given back. Cheap, but for the call that returns it all.
void NoteFreed(std::uint64_t bytes);

}  // namespace levee
