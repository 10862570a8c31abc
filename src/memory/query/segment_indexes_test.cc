#include "memory/query/segment_indexes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/query/part_index_format.h"

namespace levee::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// The rows of a segment that is being made.
class Rows {
 public:
  void Add(const std::string& id, const std::string& category, const std::string& metadata) {
    columns_.operation.push_back(Operation::kStore);
    columns_.category.push_back(names_.Intern(category));
    Item item{.id = id};
    item.metadata = metadata;
    ByteWriter record;
    EncodeCold(item, {}, record);
    records_.push_back(record.Take());
  }
  std::vector<EncodedIndex> Write(const MakeIndexWriter& make) const {
    const auto writer = make();
    for (std::uint32_t row = 0; row < records_.size(); ++row) EXPECT_TRUE(writer->Add(columns_, row, records_[row]));
    auto made = writer->Finish();
    EXPECT_TRUE(made);
    return made.value_or(std::vector<EncodedIndex>());
  }
  const Interner& names() const { return names_; }

 private:
  Interner names_;
  RowColumns columns_;
  std::vector<Bytes> records_;
};

std::vector<IndexDefinition> Definitions(const std::map<std::string, std::string>& notes) {
  auto definitions = IndexDefinitionsOf(notes);
  EXPECT_TRUE(definitions) << definitions.error().ToString();
  return definitions.value_or(std::vector<IndexDefinition>());
}

TEST(SegmentIndexes, EachSetOfKeysIsWrittenOnce) {
  Rows rows;
  rows.Add("a", "note", R"({"n": 3})");
  rows.Add("b", "fact", R"({"n": 1.5})");
  rows.Add("c", "fact", "{}");
  const auto definitions = Definitions({{"index:one", "metadata.n\n"}, {"index:same", "metadata.n\n"},
                                        {"index:tags", "tags\n"}, {"index:two", "category\nid\n"}, {"quota:x", "1 -"}});
  const auto made = rows.Write(IndexWritersOf(definitions, rows.names()));
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].name, "metadata.n\n");
  EXPECT_EQ(made[1].name, "category\nid\n");
  const auto by_number = DecodePartIndex(made[0].bytes, {.keys = 1, .rows = 3}, "it");
  ASSERT_TRUE(by_number) << by_number.error().ToString();
  EXPECT_THAT((*by_number)->rows(), ElementsAre(1, 0, 2));
  EXPECT_EQ((*by_number)->missing(), 1u);
  const auto by_category = DecodePartIndex(made[1].bytes, {.keys = 2, .rows = 3}, "it");
  ASSERT_TRUE(by_category) << by_category.error().ToString();
  EXPECT_THAT((*by_category)->rows(), ElementsAre(1, 2, 0));
}

TEST(SegmentIndexes, OneOfTooMuchTextIsNotKept) {
  Rows rows;
  for (int i = 0; i < 10; ++i) {
    rows.Add(std::to_string(i), "note", R"({"s": "text )" + std::to_string(i) + R"(", "same": "text"})");
  }
  const auto definitions = Definitions({{"index:a", "metadata.s\n"}, {"index:b", "metadata.same\n"}});
  const auto made = rows.Write(IndexWritersOf(definitions, rows.names(), 40));
  ASSERT_EQ(made.size(), 2u);
  EXPECT_THAT(made[0].bytes, IsEmpty());
  EXPECT_THAT(made[1].bytes, Not(IsEmpty()));
}

TEST(SegmentIndexes, WithoutDefinitionsNothingIsWritten) {
  const Interner names;
  EXPECT_FALSE(IndexWritersOf({}, names));
  EXPECT_FALSE(IndexWritersOf(Definitions({{"index:tags", "tags\n"}}), names));
}

TEST(SegmentIndexes, ADefinitionThatIsNoneIsRejected) {
  const auto wrong = IndexDefinitionsOf({{"index:x", "nothing\n"}});
  ASSERT_FALSE(wrong);
}

}  // namespace
}  // namespace levee::memory
