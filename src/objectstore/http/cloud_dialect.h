// What a cloud makes of the requests of an object store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "objectstore/http/http_message.h"
#include "objectstore/object_store.h"

namespace levee::objectstore {

// Keys directly below `prefix`, which ends with '/' or is empty.
struct ListSpec {
  std::string prefix;
  std::string start_after;   // a key: those above it only, where the cloud can (lists_from_name)
  std::string continuation;  // of the page before; empty: the first page
};

struct ListedPage {
  std::vector<ObjectInfo> objects;  // `name` is the whole key
  std::string continuation;         // empty: the last page
};

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // at least 1
};

// "bytes=0-9", as each cloud's header has it.
inline std::string HeaderText(const ByteRange& range) {
  return "bytes=" + std::to_string(range.offset) + "-" + std::to_string(range.offset + range.size - 1);
}

// A new object. The token is kept with it, so that its writer knows it again.
struct NewObject {
  std::string_view key;
  std::string_view content;
  std::string_view token;
};

enum class PutAnswer : std::uint8_t { kWritten, kAlreadyThere, kTryAgain, kRefused };

// What a server says of a failure: its code and the first line of its message.
struct ServerError {
  std::string code;
  std::string message;
  std::string hint;
};

// Makes requests and reads answers. Requests are not signed before Authorize. Thread-safe.
class CloudDialect {
 public:
  virtual ~CloudDialect() = default;

  // Whether a list begins at any name, so that one request tells of an object and of those right after it.
  virtual bool lists_from_name() const = 0;

  virtual HttpRequest List(const ListSpec& spec) const = 0;
  virtual Result<ListedPage> ReadList(const HttpResponse& response) const = 0;
  virtual HttpRequest Stat(std::string_view key) const = 0;
  // Size, time and etag of a successful answer to Stat; the etag is the one that lists give.
  virtual ObjectInfo ReadStat(const HttpResponse& response) const = 0;
  // The token that the object was written with; empty without one.
  virtual std::string ReadToken(const HttpResponse& response) const = 0;
  virtual HttpRequest Read(std::string_view key, std::optional<ByteRange> range) const = 0;
  virtual HttpRequest PutIfAbsent(const NewObject& object) const = 0;
  virtual PutAnswer ReadPut(const HttpResponse& response) const = 0;

  // Signs a request as of now, with credentials that are fetched anew when they are about to expire.
  virtual Status Authorize(HttpRequest& request) = 0;
  // Whether the same request, signed anew, may do better than this answer: other credentials or another address were
  // found meanwhile.
  virtual bool LearnFrom(const HttpResponse& response) = 0;
  virtual ServerError ReadError(const HttpResponse& response) const = 0;
};

}  // namespace levee::objectstore
