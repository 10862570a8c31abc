// Requests and answers of HTTP as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace levee::objectstore {

enum class HttpMethod : std::uint8_t { kGet, kHead, kPut, kPost };

// "GET".
std::string_view HttpMethodName(HttpMethod method);

struct HttpHeader {
  std::string name;  // of answers: in lower case
  std::string value;
  bool secret = false;  // never to stand in a message
};

struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string url;  // whole, encoded; may hold a secret, so no message quotes it
  std::vector<HttpHeader> headers;
  std::string body;
  std::uint64_t answer_bytes_max = std::uint64_t{1} << 40;  // a longer answer is refused
  std::int64_t timeout_ms = 0;                              // of this one; 0: as the client's options say
  std::vector<std::string> secrets;                         // of the URL and the body: never to stand in a message
  bool direct = false;                                      // never by way of a proxy: a machine's own services
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;

  // Empty when it has none of that name (in lower case).
  std::string_view Header(std::string_view name) const;
};

}  // namespace levee::objectstore
