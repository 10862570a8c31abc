#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/out_of_memory.h"
#include "columnar/arrow_export.h"
#include "columnar/watched_batches.h"
#include "nanoarrow/nanoarrow.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace levee::columnar {
namespace {

// nanoarrow's view of a ByteSink; its first error, or the batches', is kept for the caller.
struct SinkState {
  const ByteSink& sink;
  std::optional<Error> error;
};

ArrowErrorCode WriteToSink(ArrowIpcOutputStream* stream, const void* bytes, std::int64_t size,
                           std::int64_t* written, ArrowError*) {
  auto& state = *static_cast<SinkState*>(stream->private_data);
  Status status = CatchOutOfMemory([&] {
    return state.sink({static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)});
  });
  if (!status) {
    state.error = std::move(status).error();
    return EIO;
  }
  *written = size;
  return NANOARROW_OK;
}

}  // namespace

ByteSink FileDescriptorSink(int descriptor) {
  return [descriptor](ByteSpan bytes) -> Status {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        return Fail(ErrorCode::kIo, "output", std::strerror(errno));
      }
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
  };
}

Status WriteArrowIpc(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns,
                     const ByteSink& sink) {
  SinkState state{sink, std::nullopt};
  ArrowIpcOutputStream output{};
  output.write = WriteToSink;
  output.release = [](ArrowIpcOutputStream* stream) { stream->release = nullptr; };
  output.private_data = &state;

  ArrowIpcWriter writer{};
  if (ArrowIpcWriterInit(&writer, &output) != NANOARROW_OK) {
    return Fail(ErrorCode::kResourceExhausted, "Arrow export", "out of memory");
  }
  ArrowArrayStream stream{};
  ExportArrowStream(std::make_unique<WatchedBatches>(std::move(batches), state.error), std::move(columns),
                    &stream);
  ArrowError error{};
  const ArrowErrorCode code = ArrowIpcWriterWriteArrayStream(&writer, &stream, &error);
  stream.release(&stream);
  ArrowIpcWriterReset(&writer);
  if (code == NANOARROW_OK) return {};
  if (state.error) return std::unexpected(*std::move(state.error));
  if (code == ENOMEM) return OutOfMemory();
  return Fail(ErrorCode::kIo, "Arrow export", error.message[0] == '\0' ? std::strerror(code) : error.message);
}

}  // namespace levee::columnar
