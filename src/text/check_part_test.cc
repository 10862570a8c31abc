#include "text/check_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace levee::text {
namespace {

class CheckPartTest : public testing::Test {
 protected:
  CheckPartTest() {
    documents_ = {{.content = "late orders", .category = "note", .tags = {"lake"}}, {.content = "orders late"}, {}};
    const auto part = MemoryPart::Make(options_);
    for (const CheckedDocument& document : documents_) {
      EXPECT_TRUE(part->Add({document.content, document.tags, document.category}));
    }
    part_ = part->Snapshot();
  }

  std::vector<std::string> Check() {
    std::vector<std::string> texts;
    const auto found = CheckPart(*part_, options_, [&](std::uint32_t row) -> Result<std::optional<CheckedDocument>> {
      if (left_out_ == row) return std::nullopt;
      return documents_[row];
    });
    for (const Disagreement& one : *found) {
      texts.push_back(std::string(kFieldNames[static_cast<std::size_t>(one.field)]) + "|" + one.token + "|" +
                      (one.row ? std::to_string(*one.row) : "") + "|" + one.what);
    }
    return texts;
  }

  MemoryPartOptions options_{.analyzer = *Analyzer::Make({}), .fields = {true, true, true}};
  std::vector<CheckedDocument> documents_;
  std::shared_ptr<const Part> part_;
  std::optional<std::uint32_t> left_out_;
};

TEST_F(CheckPartTest, FindsNothingWhereAllAgrees) { EXPECT_TRUE(Check().empty()); }

TEST_F(CheckPartTest, SaysWhatDisagrees) {
  documents_[0].tags = {"sea"};
  EXPECT_THAT(Check(), testing::ElementsAre("tags|lake|0|is in the index but not in the document",
                                            "tags|sea|0|is in the document but not in the index"));
  documents_[0].tags = {"lake"};
  documents_[1].content = "late orders";
  EXPECT_THAT(Check(), testing::ElementsAre("content|late|1|stands elsewhere in the document than the index says",
                                            "content|orders|1|stands elsewhere in the document than the index says"));
  documents_[1].content = "orders late late";
  EXPECT_THAT(Check(), testing::Contains("content||1|has 3 tokens, the index says 2"));
  left_out_ = 1;
  EXPECT_TRUE(Check().empty());
}

TEST_F(CheckPartTest, SaysThatAFieldIsMissing) {
  options_.fields[1] = false;
  EXPECT_THAT(Check(), testing::ElementsAre("tags|||the field is indexed, but is not to be"));
}

TEST_F(CheckPartTest, PassesOnWhyADocumentCannotBeRead) {
  const auto found = CheckPart(*part_, options_, [](std::uint32_t) -> Result<std::optional<CheckedDocument>> {
    return Fail(ErrorCode::kIo, "item", "gone");
  });
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace levee::text
