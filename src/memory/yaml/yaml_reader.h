// All of YAML, through yaml-cpp. Debian's library cannot be part of a shared one, so that liblevee reads the plainest YAML alone, which
// Levee itself writes; programs call this.
#pragma once

namespace levee::memory {

// From now on ReadYaml and ReadAnyYaml read all of YAML, in the whole process. Thread-safe.
void UseYamlLibrary();

}  // namespace levee::memory
