// Input: the text of a version checksum file, NNN.crc.
#include "catalog/check_summary.h"
#include "delta/json_text.h"
#include "tests/fakes/memory_object_store.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::catalog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fakes::MemoryObjectStore log;
  log.Put("_delta_log/00000000000000000003.crc", text);
  TableState stored;
  stored.version = 3;
  stored.commit.num_files = 5;
  stored.commit.size_bytes = 1'000;
  CheckReport report{.store_version = 3, .log_version = 3};
  FUZZ_REQUIRE(CompareChecksum(log, stored, report).has_value());
  // A wrong checksum file is told of and condemns nothing.
  FUZZ_REQUIRE(report.status == CheckReport::Status::kEqual);
  const auto members = delta::JsonObjectMembers(text);
  if (!members) FUZZ_REQUIRE(report.notes.size() == 1);

  // A string that is read and written again says the same.
  for (const delta::JsonMember& member : members.value_or(std::vector<delta::JsonMember>())) {
    const auto value = delta::JsonString(member.value);
    if (!value) continue;
    std::string written;
    delta::AppendJsonString(written, *value);
    FUZZ_REQUIRE(delta::JsonString(written) == value);
  }
  return 0;
}
