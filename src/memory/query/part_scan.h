// A part of the bank, looked through the cheapest way there is - and another one where that turns out to be dear.
#pragma once

#include <functional>
#include <memory>

#include "memory/query/find.h"

namespace levee::memory {

struct PartVisitor {
  // A row that holds the conditions; ascending but for rows in the order of an index. False: it was enough.
  std::function<bool(std::uint32_t row)> visit;
  // Goes a way in the order of an index. Null: its rows are visited as they stand.
  std::function<Status(const PartWay& way, ScanCount& count)> walk = nullptr;
};

// Conditions on metadata may leave far fewer rows than was expected: once a way has read so many records that an index which
// nobody had paid for is paid, what is left of the part is looked through with it. Adds what was done to the trace.
Status ScanPart(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions, const Wanted& wanted,
                const PartVisitor& visitor, FindTrace& trace);

}  // namespace levee::memory
