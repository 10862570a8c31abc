#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/status.h"
#include "memory/exchange/exchange.h"
#include "memory/exchange/formats.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::array<const char*, 6> kNames = {"ndjson", "csv", "markdown", "mcp-memory", "basic-memory", "chroma"};

// Standard input stays open; a file is closed with who reads it.
Result<ReadBytes> OpenStream(const std::string& path) {
  if (path == "-") return ReadDescriptor(STDIN_FILENO);
  auto file = std::make_shared<const Descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!*file) return StorageFailure(path, std::string("opening the file: ") + std::strerror(errno));
  ReadBytes read = ReadDescriptor(file->get());
  return ReadBytes([file, read](std::span<char> buffer) { return read(buffer); });
}

}  // namespace

std::optional<ExchangeFormat> ParseExchangeFormat(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ExchangeFormat>(i);
  }
  return {};
}

const char* ExchangeFormatName(ExchangeFormat format) { return kNames[static_cast<std::size_t>(format)]; }

Result<std::unique_ptr<ItemSource>> OpenItemSource(ExchangeFormat format, const std::string& path, const ExchangeOptions& options) {
  switch (format) {
    case ExchangeFormat::kMarkdown:
    case ExchangeFormat::kBasicMemory: return MarkdownSource(path, options);
    case ExchangeFormat::kChroma: return ChromaSource(path, options);
    default: break;
  }
  LEVEE_ASSIGN(ReadBytes read, OpenStream(path));
  if (format == ExchangeFormat::kMcpMemory) return McpMemorySource(std::move(read), options);
  if (format == ExchangeFormat::kCsv) return CsvSource(std::move(read), options);
  return NdjsonSource(std::move(read), options);
}

Result<std::unique_ptr<ItemSink>> OpenItemSink(ExchangeFormat format, const std::string& path, const ExchangeOptions& options) {
  switch (format) {
    case ExchangeFormat::kNdjson: return NdjsonSink(path);
    case ExchangeFormat::kCsv: return CsvSink(path);
    case ExchangeFormat::kMcpMemory: return McpMemorySink(path);
    case ExchangeFormat::kMarkdown:
    case ExchangeFormat::kBasicMemory: return MarkdownSink(path, options);
    case ExchangeFormat::kChroma: break;
  }
  return std::unexpected(Error{ErrorCode::kUnsupported, std::string("format ") + ExchangeFormatName(format), "it is only read", "",
                               "VALIDATION_ERROR"});
}

}  // namespace levee::memory
