#include "query/cost/planner_memory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace levee::query {
namespace {

std::string FreshFile() {
  const std::string file = testing::TempDir() + "/levee-planner-test/" +
                           testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::remove(file);
  return file;
}

std::string Contents(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

expr::SkippingNode Compare(const std::string& column, std::int64_t literal, expr::CompareOp op) {
  return {.kind = expr::NodeKind::kCompare,
          .op = op,
          .column = {.name = column, .physical_path = column, .type = {types::TypeKind::kLong}},
          .literals = {types::Value{{types::TypeKind::kLong}, literal}}};
}

TEST(ShapeOf, LeavesLiteralsOut) {
  using enum expr::CompareOp;
  const std::uint64_t shape = ShapeOf(Compare("a", 1, kLess), "t");
  EXPECT_EQ(shape, ShapeOf(Compare("a", 2, kLess), "t"));
  EXPECT_NE(shape, ShapeOf(Compare("a", 1, kGreater), "t"));
  EXPECT_NE(shape, ShapeOf(Compare("b", 1, kLess), "t"));
  EXPECT_NE(shape, ShapeOf(Compare("a", 1, kLess), "u"));
}

TEST(PlannerMemory, MeasuresOnceAndKeepsIt) {
  const std::string file = FreshFile();
  const MachineCosts measured = PlannerMemory(file).Costs();
  for (const auto& [name, cost] : kMachineCosts) EXPECT_GT(measured.*cost, 0) << name;
  const std::string written = Contents(file);
  const MachineCosts again = PlannerMemory(file).Costs();
  EXPECT_EQ(Contents(file), written);
  for (const auto& [name, cost] : kMachineCosts) EXPECT_NEAR(again.*cost / (measured.*cost), 1, 1e-3) << name;
}

TEST(PlannerMemory, LearnsWhatWasFarOff) {
  const std::string file = FreshFile();
  PlannerMemory memory(file);
  memory.Learn(1, 100, 900);
  EXPECT_FALSE(memory.CorrectionOf(1)) << "off by nine";
  memory.Learn(1, 100, 1'000);
  EXPECT_DOUBLE_EQ(memory.CorrectionOf(1).value(), 10);
  memory.Learn(2, 1'000, 0);
  EXPECT_DOUBLE_EQ(memory.CorrectionOf(2).value(), 0.001) << "none counts as one";
  // Another process knows it too.
  PlannerMemory other(file);
  EXPECT_DOUBLE_EQ(other.CorrectionOf(1).value(), 10);
  EXPECT_DOUBLE_EQ(other.CorrectionOf(2).value(), 0.001);
  // What is right after all is forgotten: the estimate was corrected to ten times as much.
  memory.Learn(1, 1'000, 100);
  EXPECT_FALSE(memory.CorrectionOf(1));
}

TEST(PlannerMemory, ForgetsTheOldestBeyondABound) {
  PlannerMemory memory("");
  for (std::uint64_t shape = 0; shape < 1'025; ++shape) memory.Learn(shape, 1, 100);
  EXPECT_FALSE(memory.CorrectionOf(0));
  EXPECT_TRUE(memory.CorrectionOf(1));
  EXPECT_TRUE(memory.CorrectionOf(1'024));
}

TEST(PlannerMemory, TakesNothingFromADamagedFileOrAnotherMachine) {
  const std::string file = FreshFile();
  PlannerMemory(file).Learn(7, 1, 1'000);
  std::string text = Contents(file);
  ASSERT_NE(text.find("machine "), std::string::npos);
  ASSERT_TRUE(PlannerMemory(file).CorrectionOf(7));
  text.replace(text.find("machine ") + 8, 4, "zzzz");
  std::ofstream(file) << text;
  EXPECT_FALSE(PlannerMemory(file).CorrectionOf(7));
  std::ofstream(file) << "\xff\xfe not a planner's";
  EXPECT_FALSE(PlannerMemory(file).CorrectionOf(7));
  EXPECT_GT(PlannerMemory(file).Costs().decode_text, 0);
}

TEST(PlannerMemory, DoesWithoutAFileThatCannotBeWritten) {
  PlannerMemory memory("/proc/no/such/folder/planner");
  memory.Learn(7, 1, 1'000);
  EXPECT_TRUE(memory.CorrectionOf(7));
}

}  // namespace
}  // namespace levee::query
