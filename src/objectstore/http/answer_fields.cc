#include "objectstore/http/answer_fields.h"

#include <charconv>

#include "objectstore/http/http_time.h"
#include "objectstore/http/xml_reader.h"

namespace levee::objectstore {

std::string PlainEtag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

std::uint64_t SizeText(std::string_view text) {
  std::uint64_t size = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  return error == std::errc() && rest == text.data() + text.size() ? size : 0;
}

ObjectInfo InfoOfHeaders(const HttpResponse& response) {
  return {.name = {},
          .size_bytes = SizeText(response.Header("content-length")),
          .modified_ms = ParseHttpDate(response.Header("last-modified")).value_or(0),
          .etag = PlainEtag(response.Header("etag"))};
}

ServerError ErrorOfXml(std::string_view body) {
  const auto root = ParseXml(body);
  if (!root || root->name != "Error") return {};
  return {.code = OneLine(root->ChildText("Code")), .message = OneLine(root->ChildText("Message")), .hint = {}};
}

std::string OneLine(std::string_view message) {
  constexpr std::size_t kBytesMax = 300;
  std::string line;
  for (const char c : message.substr(0, std::min(message.find_first_of("\r\n"), kBytesMax))) {
    if (static_cast<unsigned char>(c) >= 32 && c != 127) line.push_back(c);
  }
  return line;
}

}  // namespace levee::objectstore
