// What the processor can do, as the C library found out at start: asking the processor again costs a trap to
// the hypervisor on virtual machines.
#pragma once

namespace levee {

// True when AVX2 instructions may be used.
bool HasAvx2();

}  // namespace levee
