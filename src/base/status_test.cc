#include "base/status.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace levee
