// Input: a byte that says what the rest is: an answer in XML or in JSON, a time, a table's URI, an endpoint, a key.
#include "objectstore/file_uri.h"
#include "objectstore/http/cloud_uri.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/json_answer.h"
#include "objectstore/http/url.h"
#include "objectstore/http/xml_reader.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::objectstore;

// Elements below one, itself among them; none is deeper than the header says.
static std::size_t CountElements(const XmlElement& element, int depth) {
  FUZZ_REQUIRE(depth <= 32);
  std::size_t count = 1;
  for (const XmlElement& child : element.children) count += CountElements(child, depth + 1);
  return count;
}

static std::size_t CountValues(const JsonAnswer& answer) {
  std::size_t count = answer.texts.size();
  for (const auto& [name, object] : answer.objects) count += 1 + CountValues(object);
  for (const auto& [name, list] : answer.lists) {
    for (const JsonAnswer& object : list) count += 1 + CountValues(object);
  }
  return count;
}

static void ReadTimes(const std::string& text) {
  if (const auto time = ParseHttpDate(text)) FUZZ_REQUIRE(ParseHttpDate(HttpDate(*time / 1000)) == time);
  static_cast<void>(ParseIsoTime(text));
}

static void ReadUri(const std::string& text) {
  const auto uri = ParseCloudUri(text);
  if (!uri) return;
  const auto again = ParseCloudUri(uri->Text(uri->scheme));
  FUZZ_REQUIRE(again.has_value());
  FUZZ_REQUIRE(again->scheme == uri->scheme && again->authority == uri->authority && again->key == uri->key);
  static_cast<void>(CheckBucketName(uri->authority, uri->scheme));
}

static void ReadEndpoint(const std::string& text) {
  const auto endpoint = ParseEndpoint(text, "endpoint", true, "allow");
  if (!endpoint) return;
  const auto again = ParseEndpoint(endpoint->text(), "endpoint", true, "allow");
  FUZZ_REQUIRE(again.has_value() && again->text() == endpoint->text());
  // Without leave a password never travels in the clear.
  const auto strict = ParseEndpoint(text, "endpoint", false, "allow");
  FUZZ_REQUIRE(strict.has_value() == (endpoint->scheme == "https" || endpoint->is_loopback()));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t what = input.Below(6);
  const std::string text = input.Rest();
  switch (what) {
    case 0:
      if (const auto root = ParseXml(text)) FUZZ_REQUIRE(CountElements(*root, 1) <= 200'000);
      break;
    case 1:
      if (const auto answer = ParseJsonAnswer(text)) FUZZ_REQUIRE(CountValues(*answer) <= text.size());
      break;
    case 2: ReadTimes(text); break;
    case 3: ReadUri(text); break;
    case 4: ReadEndpoint(text); break;
    default: {
      const auto decoded = PercentDecode(PercentEncode(text));
      // No path holds a zero byte.
      FUZZ_REQUIRE(decoded.has_value() == (text.find('\0') == std::string::npos));
      FUZZ_REQUIRE(!decoded || *decoded == text);
      static_cast<void>(PercentDecode(text));
      break;
    }
  }
  return 0;
}
