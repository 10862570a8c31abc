// Input: the text of a V2 checkpoint's JSON manifest up to a NUL byte (nothing: one that names the sidecar), then the bytes
// of the sidecar.
#include "delta/checkpoint_reader.h"
#include "tests/fakes/memory_object_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/read_checkpoint.h"

using namespace levee;
using namespace levee::delta;

constexpr char kManifest[] =
    R"({"checkpointMetadata":{"version":3}})" "\n"
    R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],"writerFeatures":["v2Checkpoint"]}})" "\n"
    R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":)"
    R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}",)"
    R"("partitionColumns":[],"configuration":{}}})" "\n"
    R"({"sidecar":{"path":"s.parquet","sizeInBytes":1,"modificationTime":1}})" "\n";

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  CheckpointFiles checkpoint{.version = 3, .kind = CheckpointFiles::Kind::kV2Json};
  checkpoint.parts.resize(1);
  checkpoint.parts[0].name = "00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
  fakes::MemoryObjectStore log;
  const std::string manifest = input.Text('\0');
  log.Put("_delta_log/" + checkpoint.parts[0].name, manifest.empty() ? kManifest : manifest);
  log.Put("_delta_log/_sidecars/s.parquet", input.Rest());
  fuzz::ReadCheckpoint(log, checkpoint);
  return 0;
}
