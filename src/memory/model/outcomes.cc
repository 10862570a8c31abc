#include "levee/memory.h"

namespace levee {

const char* OutcomeName(Written::Outcome outcome) {
  switch (outcome) {
    case Written::Outcome::kStored: return "stored";
    case Written::Outcome::kUpdated: return "updated";
    case Written::Outcome::kDeleted: return "deleted";
    case Written::Outcome::kKept: return "kept";
    case Written::Outcome::kConflict: return "conflict";
    case Written::Outcome::kNotFound: return "not-found";
  }
  return "";
}

}  // namespace levee
