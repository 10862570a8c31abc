// The forms, one a file; OpenItemSource and OpenItemSink choose among them.
#pragma once

#include <memory>
#include <string>

#include "memory/exchange/exchange.h"
#include "memory/json/line_reader.h"

namespace levee::memory {

// An item a line, as ItemJson has it.
std::unique_ptr<ItemSource> NdjsonSource(ReadBytes read, const ExchangeOptions& options);
Result<std::unique_ptr<ItemSink>> NdjsonSink(const std::string& path);

// RFC 4180. The first record names fields of an item, in any order; an empty field is one that the item has not. Tags stand
// with ';' between them, a ';' or '\' in one after a '\'; metadata, embedding and vectorClock are JSON.
std::unique_ptr<ItemSource> CsvSource(ReadBytes read, const ExchangeOptions& options);
Result<std::unique_ptr<ItemSink>> CsvSink(const std::string& path);

// A folder of Markdown files, of Levee, Obsidian or basic-memory.
Result<std::unique_ptr<ItemSource>> MarkdownSource(const std::string& path, const ExchangeOptions& options);
Result<std::unique_ptr<ItemSink>> MarkdownSink(const std::string& path, const ExchangeOptions& options);

// The file of the MCP reference memory server: entities and relations, a JSON object a line.
Result<std::unique_ptr<ItemSource>> McpMemorySource(ReadBytes read, const ExchangeOptions& options);
Result<std::unique_ptr<ItemSink>> McpMemorySink(const std::string& path);

// A collection of Chroma: its folder, or the chroma.sqlite3 in it, which is only read. The document is the content, the metadata the
// metadata; embeddings are there as long as Chroma keeps them in its queue. VALIDATION_ERROR names the collections where one must be
// chosen.
Result<std::unique_ptr<ItemSource>> ChromaSource(const std::string& path, const ExchangeOptions& options);

// Whether a checksum that a line gives is that of its content; VALIDATION_ERROR.
Status CheckChecksum(const Item& item);

}  // namespace levee::memory
