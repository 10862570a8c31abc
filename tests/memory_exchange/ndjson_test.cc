#include <gmock/gmock.h>

#include "tests/memory_exchange/exchange_test_bed.h"

namespace levee::memory {
namespace {

using testing::HasSubstr;

TEST_F(ExchangeTest, JsonLinesComeBackTheSame) {
  Write("a.ndjson", R"({"id":"a","category":"note","content":"x","tags":["t"],"metadata":{"k":[1,2]},"embedding":[0.5]})"
                    "\n\n"
                    R"({"category":"note","content":"no id"})"
                    "\n");
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "a.ndjson")), "stored 2, updated 0, unchanged 0, kept 0");
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "a.ndjson")), "stored 0, updated 0, unchanged 2, kept 0");
  EXPECT_EQ(Export(ExchangeFormat::kNdjson, "b.ndjson"), "2");
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "b.ndjson")), "stored 0, updated 0, unchanged 2, kept 0");
  const Item before = *Get("a");
  fakes::PlainBank other(fakes::PlainBankOptions(), SystemClock());
  auto source = OpenItemSource(ExchangeFormat::kNdjson, Path("b.ndjson"), {});
  ASSERT_TRUE(ImportItems(**source, other, {}).has_value());
  EXPECT_EQ(**other.Get("a", {}), before);
}

TEST_F(ExchangeTest, AWrongLineIsNamed) {
  const std::string good = R"({"id":"a","category":"c","content":"x"})";
  const std::pair<std::string, std::string> lines[] = {
      {R"({"id":"b","size":1})", "line 2, member 'size': VALIDATION_ERROR"},
      {R"({"id":"b","content":"x","checksum":"0123456789abcdef"})", "line 2, member 'checksum': VALIDATION_ERROR"},
      {"{", "line 2, item: VALIDATION_ERROR"}};
  for (const auto& [line, text] : lines) {
    Write("a.ndjson", good + "\n" + line + "\n" + R"({"id":"c","category":"c","content":"x"})");
    EXPECT_THAT(Text(Import(ExchangeFormat::kNdjson, "a.ndjson")), HasSubstr(text));
    EXPECT_TRUE(Get("a").has_value());
    EXPECT_FALSE(Get("c").has_value());
  }
  const auto skipped = Import(ExchangeFormat::kNdjson, "a.ndjson", {.skip_wrong = true});
  EXPECT_EQ(Text(skipped), "stored 1, updated 0, unchanged 1, kept 0");
  ASSERT_EQ(skipped->problems.size(), 1u);
  EXPECT_THAT(skipped->problems[0], HasSubstr("line 2"));
}

TEST_F(ExchangeTest, AGiantLineEndsTheImport) {
  Write("a.ndjson", std::string(3'000'000, 'x') + "\n{}\n");
  const auto report = Import(ExchangeFormat::kNdjson, "a.ndjson", {.skip_wrong = true}, {.content_limit_bytes = 1'000'000});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->read, 0);
  EXPECT_THAT(report->problems[0], HasSubstr("line 1"));
}

TEST_F(ExchangeTest, AFileThatIsNotThereIsAnError) {
  EXPECT_EQ(Import(ExchangeFormat::kNdjson, "none").error().detail, "STORAGE_ERROR");
  EXPECT_THAT(Export(ExchangeFormat::kNdjson, "none/none"), HasSubstr("STORAGE_ERROR"));
  EXPECT_THAT(Export(ExchangeFormat::kChroma, "x"), HasSubstr("it is only read"));
}

}  // namespace
}  // namespace levee::memory
