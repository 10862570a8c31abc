#include "output/json_writer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace levee::output {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::string Number(double value) {
  std::string out;
  AppendJsonDouble(out, value);
  return out;
}

// RFC 8259, section 7: what must be escaped.
TEST(JsonString, EscapesWhatMustBe) {
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f\n\r\t", 6)), R"("\u0000\u0001\u001f\n\r\t")");
  EXPECT_EQ(Quoted("/\x7f"), "\"/\x7f\"");
  EXPECT_EQ(Quoted(""), "\"\"");
}

TEST(JsonString, KeepsValidUtf8) {
  for (const std::string_view text : {"é", "€", "😀", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(Quoted(text), '"' + std::string(text) + '"');
  }
}

// The Unicode Standard, table 3-7: what is no character.
TEST(JsonString, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(Quoted("a\x80z"), "\"a\xef\xbf\xbdz\"");
  for (const std::string_view text : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80",
                                      "\xe2\x82", "\xff"}) {
    EXPECT_EQ(Quoted(text).find(text), std::string::npos);
  }
}

TEST(JsonDouble, IsTheShortestThatReadsBack) {
  EXPECT_EQ(Number(0.1), "0.1");
  EXPECT_EQ(Number(1), "1.0");
  EXPECT_EQ(Number(-0.0), "-0.0");
  EXPECT_EQ(Number(1e300), "1e+300");
  EXPECT_EQ(std::strtod(Number(std::numeric_limits<double>::denorm_min()).c_str(), nullptr), std::numeric_limits<double>::denorm_min());
}

TEST(JsonDouble, SpellsWhatJsonHasNot) {
  EXPECT_EQ(Number(std::numeric_limits<double>::quiet_NaN()), "\"NaN\"");
  EXPECT_EQ(Number(-std::numeric_limits<double>::infinity()), "\"-Infinity\"");
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Member("a", 1).Key("b").BeginArray().Integer(1).BeginObject().EndObject().EndArray();
  json.Member("c", std::optional<std::int64_t>()).Member("d", true).Member("e", "x").EndObject();
  EXPECT_EQ(out, R"({"a":1,"b":[1,{}],"c":null,"d":true,"e":"x"})");
}

TEST(JsonWriter, KeepsForeignJsonOnOneLine) {
  std::string out;
  JsonWriter(out).Raw("{\n \"a\": 1\r\n}");
  EXPECT_EQ(out, "{  \"a\": 1  }");
}

}  // namespace
}  // namespace levee::output
