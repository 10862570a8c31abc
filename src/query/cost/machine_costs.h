// What single steps of a plan take on this machine.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace levee::query {

// In nanoseconds.
struct MachineCosts {
  double decode_number = 1;   // a value of a column of numbers
  double decode_text = 10;    // a value of a column of texts
  double evaluate = 2;        // a condition for an entry, or a zone map for a block
  double read_block = 5'000;  // 64 KiB from the store, when the system has them in memory
  double probe_key = 60;      // one key in the index of a segment
  double match_text = 60;     // a text made canonical and looked for in a list
  double sum_row = 40;        // a row of sums that a condition is asked about
  double output_row = 20;     // a row handed on
};

// Each with its name.
inline constexpr std::array kMachineCosts{
    std::pair{std::string_view("decode_number"), &MachineCosts::decode_number},
    std::pair{std::string_view("decode_text"), &MachineCosts::decode_text},
    std::pair{std::string_view("evaluate"), &MachineCosts::evaluate},
    std::pair{std::string_view("read_block"), &MachineCosts::read_block},
    std::pair{std::string_view("probe_key"), &MachineCosts::probe_key},
    std::pair{std::string_view("match_text"), &MachineCosts::match_text},
    std::pair{std::string_view("sum_row"), &MachineCosts::sum_row},
    std::pair{std::string_view("output_row"), &MachineCosts::output_row},
};

// Measures each, in some milliseconds.
MachineCosts MeasureCosts();

}  // namespace levee::query
