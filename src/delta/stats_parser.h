// Parses the statistics JSON of file after file into typed columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "delta/stats_literal.h"
#include "delta/stats_slots.h"
#include "delta/stats_value.h"

namespace levee::delta {

// Writers spell the statistics of one table alike: the same keys in the same order, only the values
// differ. The parser learns that frame from a text that it parsed with care, and then reads the next
// ones by comparing the frame and parsing the values between. What does not fit is parsed with care.
// Not thread-safe.
class StatsParser {
 public:
  // Both outlive the parser.
  StatsParser(StatsSlots& slots, RowColumns& columns);

  // Sets the statistics columns of `row`, kStatsForm and kStatsResidual among them.
  void Parse(std::size_t row, std::string_view text);

 private:
  struct Token {
    int slot = kNoSlot;
    std::string_view text;  // where it stands in the row's statistics; set when parsed with care
    StatsValue value;
  };
  struct Step {
    StatsLiteral literal;  // what stands before the value
    int slot = kNoSlot;
    types::PrimitiveType type;
  };
  struct Frame {
    std::vector<Step> steps;
    std::string tail;
  };

  bool ParseByFrame(const Frame& frame, std::string_view text);
  // Parses the value at `at`; its end, or null when the column cannot take it. `fit` counts for nothing.
  const char* ParseFramedValue(const char* at, const char* end, const types::PrimitiveType& type, StatsValue& value);
  Token& NextToken() {
    if (tokens_used_ == tokens_.size()) tokens_.emplace_back();
    return tokens_[tokens_used_++];
  }
  // False when the text is no JSON object with each key once.
  bool ParseWithCare(std::string_view text, std::string& residual);
  bool ParseRootMember(std::string_view key, std::string_view value, std::string& residual);
  bool ParseSection(StatsSection section, const StatsNode* node, std::string_view text, int depth,
                    std::string& residual);
  // Takes the value if it has a place; `residual` gets what has none.
  void TakeValue(int slot, std::string_view key, std::string_view text, std::string& residual);
  void Learn(std::string_view text);
  void Store(std::size_t row);

  StatsSlots& slots_;
  RowColumn& form_;
  RowColumn& residual_;
  std::vector<Frame> frames_;  // the one that fitted last comes first
  // Of the row at work; tokens past the used ones are kept for the next row.
  std::vector<Token> tokens_;
  std::size_t tokens_used_ = 0;
  TextArena arena_;
};

}  // namespace levee::delta
