#include "base/status.h"

#include <gtest/gtest.h>

#include <string>

namespace levee {
namespace {

TEST(Error, PrintsWhatWhyAndWhatToDo) {
  EXPECT_EQ((Error{ErrorCode::kIo, "store.db", "disk full", "free some space"}.ToString()),
            "store.db: disk full (free some space)");
  EXPECT_EQ((Error{ErrorCode::kIo, "", "disk full", ""}.ToString()), "disk full");
}

Result<int> Half(int number) {
  if (number % 2 != 0) return Fail(ErrorCode::kInvalidArgument, std::to_string(number), "is odd");
  return number / 2;
}

Result<int> Quarter(int number) {
  LEVEE_ASSIGN(const int half, Half(number));
  return Half(half);
}

TEST(Result, AssignPassesErrorsOn) {
  EXPECT_EQ(Quarter(8), 2);
  ASSERT_FALSE(Quarter(6));
  EXPECT_EQ(Quarter(6).error().what, "3");
}

Status HalfTwice(int number) {
  LEVEE_RETURN_IF_ERROR(Quarter(number));
  return {};
}

// As the command line's outcomes, which are made of errors.
struct Told {
  explicit Told(Error&& error) : line(std::move(error).ToString()) {}
  std::string line;
};

std::expected<std::string, Told> Tell(int number) {
  LEVEE_ASSIGN(const int quarter, Quarter(number));
  LEVEE_RETURN_IF_ERROR(HalfTwice(number));
  return std::to_string(quarter);
}

TEST(Result, ErrorsArePassedOnToOtherOutcomes) {
  EXPECT_TRUE(HalfTwice(8));
  ASSERT_FALSE(HalfTwice(6));
  EXPECT_EQ(HalfTwice(6).error().why, "is odd");
  EXPECT_EQ(Tell(8), "2");
  ASSERT_FALSE(Tell(6));
  EXPECT_EQ(Tell(6).error().line, "3: is odd");
}

TEST(Error, FailKeepsWhatItIsTold) {
  const Error error = Fail(ErrorCode::kIo, std::string("store") + ".db", "disk full", "free some space").error();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_EQ(error.ToString(), "store.db: disk full (free some space)");
  EXPECT_EQ(error.detail, "");
}

}  // namespace
}  // namespace levee
