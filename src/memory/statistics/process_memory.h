// What this process takes of the machine.
#pragma once

#include <cstdint>

namespace levee::memory {

// Resident bytes, as the system says; 0 where it does not.
std::int64_t ProcessBytes();

}  // namespace levee::memory
