#include "objectstore/http/s3/sigv4.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/sha256.h"

namespace levee::objectstore {
namespace {

struct UrlParts {
  std::string_view host, path, query;
};

UrlParts Split(std::string_view url) {
  std::string_view rest = url.substr(url.find("://") + 3);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  UrlParts parts{.host = {}, .path = {}, .query = rest.substr(std::min(rest.size(), question + 1))};
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parts.host = rest.substr(0, slash);
  parts.path = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
  return parts;
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::string> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string parameter(query.substr(0, end));
    if (parameter.find('=') == std::string::npos) parameter += '=';
    if (parameter != "=") parameters.push_back(std::move(parameter));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  // By name: '=' sorts after '-' and '.', which names may hold.
  std::sort(parameters.begin(), parameters.end(), [](const std::string& a, const std::string& b) {
    const std::size_t a_name = a.find('='), b_name = b.find('=');
    const int order = a.compare(0, a_name, b, 0, b_name);
    return order != 0 ? order < 0 : a.compare(a_name, a.npos, b, b_name, b.npos) < 0;
  });
  std::string text;
  for (const std::string& parameter : parameters) text.append(text.empty() ? "" : "&").append(parameter);
  return text;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Sha256Digest Derive(const AwsKeys& keys, const SigningScope& scope, std::string_view date) {
  Sha256Digest key = HmacSha256("AWS4" + keys.secret_access_key, date);
  key = HmacSha256(AsText(key), scope.region);
  key = HmacSha256(AsText(key), scope.service);
  return HmacSha256(AsText(key), "aws4_request");
}

}  // namespace

void SignV4(HttpRequest& request, const AwsKeys& keys, const SigningScope& scope) {
  const std::string time = BasicIsoTime(scope.seconds);
  const std::string date = time.substr(0, 8);
  const std::string content_hash = HexOf(AsText(Sha256(request.body)));
  request.headers.push_back({.name = "x-amz-date", .value = time});
  request.headers.push_back({.name = "x-amz-content-sha256", .value = content_hash});
  if (!keys.session_token.empty()) {
    request.headers.push_back({.name = "x-amz-security-token", .value = keys.session_token, .secret = true});
  }
  const UrlParts url = Split(request.url);
  std::map<std::string, std::string> headers{{"host", std::string(url.host)}};
  for (const HttpHeader& header : request.headers) headers[LowerCase(header.name)] = header.value;
  std::string canonical_headers, names;
  for (const auto& [name, value] : headers) {
    canonical_headers.append(name).append(":").append(value).append("\n");
    names.append(names.empty() ? "" : ";").append(name);
  }
  std::string canonical(HttpMethodName(request.method));
  canonical += "\n" + std::string(url.path) + "\n" + CanonicalQuery(url.query) + "\n" + canonical_headers + "\n" + names +
               "\n" + content_hash;
  const std::string where = date + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + time + "\n" + where + "\n" + HexOf(AsText(Sha256(canonical)));
  const Sha256Digest signature = HmacSha256(AsText(Derive(keys, scope, date)), to_sign);
  request.headers.push_back({.name = "Authorization",
                             .value = "AWS4-HMAC-SHA256 Credential=" + keys.access_key_id + "/" + where +
                                      ",SignedHeaders=" + names + ",Signature=" + HexOf(AsText(signature)),
                             .secret = true});
}

}  // namespace levee::objectstore
