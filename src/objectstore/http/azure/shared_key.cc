#include "objectstore/http/azure/shared_key.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "objectstore/file_uri.h"
#include "objectstore/http/sha256.h"

namespace levee::objectstore {
namespace {

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// "/account/path" and each parameter of the query, decoded, on a line of its own.
std::string CanonicalResource(std::string_view url, const std::string& account) {
  std::string_view rest = url.substr(url.find("://") + 3);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  std::string_view query = rest.substr(std::min(rest.size(), question + 1));
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string resource = "/" + account + (slash == rest.size() ? "/" : std::string(rest.substr(slash)));
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = parameter.substr(std::min(parameter.size(), equals + 1));
    parameters[LowerCase(parameter.substr(0, equals))] = PercentDecode(value).value_or(std::string(value));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  for (const auto& [name, value] : parameters) resource.append("\n").append(name).append(":").append(value);
  return resource;
}

}  // namespace

void SignSharedKey(HttpRequest& request, const std::string& account, std::string_view key) {
  std::map<std::string, std::string> headers;
  for (const HttpHeader& header : request.headers) headers[LowerCase(header.name)] = header.value;
  if (!request.body.empty()) headers["content-length"] = std::to_string(request.body.size());
  std::string to_sign(HttpMethodName(request.method));
  // The time stands in x-ms-date, so Date is left empty.
  for (const char* const name : {"content-encoding", "content-language", "content-length", "content-md5", "content-type",
                                 "date", "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"}) {
    to_sign += "\n" + headers[name];
  }
  to_sign += "\n";
  for (const auto& [name, value] : headers) {
    if (name.starts_with("x-ms-")) to_sign.append(name).append(":").append(value).append("\n");
  }
  to_sign += CanonicalResource(request.url, account);
  request.headers.push_back({.name = "Authorization",
                             .value = "SharedKey " + account + ":" + Base64(AsText(HmacSha256(key, to_sign))),
                             .secret = true});
}

}  // namespace levee::objectstore
