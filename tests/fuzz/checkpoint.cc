// Input: the bytes of a Parquet checkpoint, or after a NUL byte the text of a JSON one (V2).
#include "arrow/loader.h"
#include "delta/checkpoint_reader.h"
#include "tests/fakes/memory_object_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/read_checkpoint.h"

using namespace levee;
using namespace levee::delta;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool json = size > 0 && data[0] == 0;
  if (json) input.Byte();
  CheckpointFiles checkpoint{.version = 3, .kind = CheckpointFiles::Kind::kClassic};
  checkpoint.parts.resize(1);
  checkpoint.parts[0].name = "00000000000000000003.checkpoint.parquet";
  if (json) {
    checkpoint.kind = CheckpointFiles::Kind::kV2Json;
    checkpoint.parts[0].name = "00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
  }
  fakes::MemoryObjectStore log;
  const std::string content = input.Rest();
  checkpoint.parts[0].size_bytes = content.size();
  log.Put("_delta_log/" + checkpoint.parts[0].name, content);
  fuzz::ReadCheckpoint(log, checkpoint);
  return 0;
}
