// Random items whose every text is what some format trips over.
#pragma once

#include <algorithm>
#include <random>
#include <string>

#include "levee/memory.h"
#include "memory/model/checksum.h"

namespace levee::memory {

class NastyItems {
 public:
  explicit NastyItems(unsigned seed) : random_(seed) {}

  Item Next() {
    Item item{.id = Text(), .name_space = Text(), .category = Text(), .content = Content()};
    for (unsigned i = Below(4); i > 0; --i) {
      std::string tag = Text();
      if (std::ranges::find(item.tags, tag) == item.tags.end()) item.tags.push_back(std::move(tag));
    }
    item.metadata = Metadata();
    for (unsigned i = Below(3) == 0 ? Below(5) : 0; i > 0; --i) {
      item.embedding.push_back(static_cast<float>(static_cast<int>(random_())) * 1e-12F);
    }
    if (Below(4) == 0) item.embedding_model = Text();
    item.version = Below(1000);
    for (unsigned i = Below(3); i > 0; --i) item.vector_clock[Text()] = random_() * 4'294'967'297ULL;
    item.created = Time();
    item.updated = Time();
    if (Below(3) == 0) item.expires = Time();
    item.checksum = ChecksumOf(item.content);
    return item;
  }

 private:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::int64_t Time() { return static_cast<std::int64_t>(random_()) * 1'000'003 % 4'000'000'000'000'000; }

  std::string Text() {
    static const std::string texts[] = {
        "plain", "two words", "true", "No", "null", "~", "007", "1e5", "-1.5", "12:30:45", "2024-01-31", "a: b", "a #b", "#a", "- a",
        "[a, b]", "{a: 1}", "\"quoted\"", "'single'", "back\\slash", "new\nline", "tab\t", " leading", "trailing ", "caf\xc3\xa9",
        "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "\xc2\x85", "\xef\xbb\xbf", "\x7f", "\x01", "---", "&anchor", "*alias", "!tag", "|", ">",
        "%dir", "@at", "`tick`", "0190f3c2-1234-7abc-8def-0123456789ab", "y", "=", "<<", "...", "a,b", "?", ":", "a:", "\\u0041",
        "\xed\x9f\xbf", "\xef\xbf\xbf", std::string("nul\0", 4)};
    std::string text = texts[Below(std::size(texts))];
    return Below(4) == 0 ? text + texts[Below(std::size(texts))] : text;
  }

  std::string Content() {
    static const std::string pieces[] = {"text", "\n", "\r\n", "---\n", "---\nid: x\nversion: 1\n---\n", "# Head [x]\n", "#tag ", "```\n",
                                          "+++\n", "  ", "<!-- levee:contents -->\n", "<!-- /levee:contents -->\n", "[[link]]",
                                          "\t", "\xc3\xa9", "## Two words!\n", "\xef\xbb\xbf", std::string(1, '\0')};
    std::string content;
    for (unsigned i = 1 + Below(8); i > 0; --i) content += pieces[Below(std::size(pieces))];
    return content;
  }

  std::string Metadata() {
    static const std::string objects[] = {
        "{}", "{ }", R"({"source":"s1","n":1.50})", R"({"a":{"b":[1, 2,{"c":null}]},"d":"x y"})", R"({"id":"no"})", R"({"tags":[]})",
        R"({"a":1,"a":2})", R"({"a": 1})", "{\"a\":\n1}", R"({"e":"\ud83d\ude00"})", R"({"sl":"a\/b"})", "{\"c1\":\"\xc2\x85\"}",
        R"({"yes":true,"no":false})", R"({"k":"true","l":"12","m":"2024-01-31","n":"a: b"})", R"({"":1})", R"({"two words":1})",
        R"({"metadata":{"x":1}})", R"({"big":12345678901234567890,"exp":1E5,"neg":-0})", R"({"u":"\u00e9","esc":"\\ud83d"})",
        R"({"title":"T","type":"note","permalink":"p/q","version_":1})", R"({"content":"x","checksum":"y"})", R"({"l":["a, b","c]"]})"};
    return objects[Below(std::size(objects))];
  }

  std::mt19937 random_;
};

}  // namespace levee::memory
