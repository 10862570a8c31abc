#include "tests/memory_bank/random_input.h"

#include <algorithm>

namespace levee::memory_bank {
namespace {

const std::vector<std::string> kWords = {"late",      "later",      "orders",      "order",  "table",
                                         "tables",    "customer",   "customers",   "monday", "mondays",
                                         "river",     "lake",       "a",           "on",     "is",
                                         "warehouse", "warehouses", "inventories", "x1",     "2024"};
const std::vector<std::string> kParts = {" ", " ", " ", " ", ", ", ". ", "-", "\n"};

}  // namespace

std::string RandomInput::Word() { return OneOf(kWords); }

std::string RandomInput::Namespace() {
  static const std::vector<std::string> kNames = {"default",       "team",     "team/one",
                                                  "team/one/deep", "team/two", "teams"};
  return OneOf(kNames);
}
std::string RandomInput::Category() {
  static const std::vector<std::string> kNames = {"note", "task", "fact", "late orders"};
  return OneOf(kNames);
}
std::string RandomInput::Tag() {
  static const std::vector<std::string> kNames = {"red", "blue", "lake", "big order", "Red", "t6"};
  return OneOf(kNames);
}

std::vector<std::string> RandomInput::Tags(std::int64_t count_max) {
  std::vector<std::string> tags;
  for (std::int64_t i = Below(count_max + 1); i > 0; --i) {
    if (std::string tag = Tag(); std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  }
  return tags;
}

std::string RandomInput::Content() {
  std::string content = Chance(3) ? "..." : Word();
  for (std::int64_t i = Chance(5) ? Below(400) : Below(14); i > 0; --i) content += OneOf(kParts) + Word();
  if (Chance(20)) content[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(content[0])));
  return content;
}

std::string RandomInput::Metadata() {
  if (Chance(25)) return "{}";
  static const std::vector<std::string> kValues = {
      "1",        "2",    "-3",   "2.5",   "1e2",  "\"1\"", "\"alpha\"",
      "\"beta\"", "\"\"", "true", "false", "null", "[1]",   "9007199254740993"};
  std::string text = "{\"n\":" + OneOf(kValues);
  if (Chance(60)) text += ", \"s\": " + OneOf(kValues);
  if (Chance(40)) text += ",\"deep\":{\"x\":" + OneOf(kValues) + "}";
  return text + "}";
}

std::optional<std::int64_t> RandomInput::Expected() {
  if (Chance(70)) return std::nullopt;
  return Below(5);
}

ItemWrite RandomInput::Write(std::int64_t now) {
  ItemWrite write;
  Item& item = write.item;
  item.id = Id();
  item.name_space = Namespace();
  item.category = Category();
  item.content = Content();
  item.tags = Tags(4);
  item.metadata = Metadata();
  if (Chance(10)) item.embedding = {static_cast<float>(Below(10)), 0.5F};
  if (Chance(15)) item.created = now - Below(1'000'000);
  if (Chance(15)) item.updated = now - Below(1'000'000);
  if (Chance(15)) item.expires = now + Below(4'000'000) - 10'000;
  for (std::int64_t i = Chance(10) ? 2 : 0; i > 0; --i) {
    item.vector_clock[Chance(50) ? "here" : "there"] = static_cast<std::uint64_t>(1 + Below(4));
  }
  write.expected_version = Expected();
  return write;
}

ItemChange RandomInput::Change(std::int64_t now) {
  ItemChange change{.id = Id(), .expected_version = Expected()};
  if (Chance(20)) change.name_space = Namespace();
  if (Chance(20)) change.category = Category();
  if (Chance(40)) change.content = Content();
  if (Chance(20)) change.metadata = Metadata();
  if (Chance(20)) change.tags = Tags(3);
  if (Chance(20)) change.add_tags = Tags(2);
  if (Chance(20)) change.remove_tags = Tags(2);
  if (Chance(10)) change.expires = Chance(40) ? 0 : now + Below(4'000'000);
  if (Chance(5)) change.embedding = std::vector<float>{1, 2, 3};
  return change;
}

ItemRemoval RandomInput::Removal() { return {Id(), Expected()}; }

WriteOptions RandomInput::Options() {
  static const std::vector<ConflictPolicy> kPolicies = {ConflictPolicy::kManual, ConflictPolicy::kLastWrite,
                                                        ConflictPolicy::kMerge};
  return {.author = Chance(30) ? "ann" : "", .on_conflict = OneOf(kPolicies)};
}

IndexSpec RandomInput::Index() {
  static const std::vector<IndexSpec> kIndexes = {{"by_n", {"metadata.n"}},
                                                  {"by_x", {"metadata.deep.x", "updated"}},
                                                  {"by_category", {"category", "created"}},
                                                  {"by_tags", {"tags"}}};
  return OneOf(kIndexes);
}

std::string RandomInput::Misspelled(std::string word) {
  const auto at = static_cast<std::size_t>(Below(std::ssize(word)));
  switch (Below(4)) {
    case 0: word.erase(at, 1); break;
    case 1: word.insert(at, 1, 'q'); break;
    case 2: word[at] = 'z'; break;
    default:
      if (at > 0) std::swap(word[at], word[at - 1]);
  }
  return word.empty() ? "q" : word;
}

std::string RandomInput::Leaf() {
  switch (Below(10)) {
    case 0: return "\"" + Word() + " " + Word() + "\"";
    case 1: return Word().substr(0, 2) + "*";
    case 2: return Word() + "-" + Word();
    case 3: return Misspelled(Word());
    case 4: return Misspelled(Misspelled(Word()));
    case 5: return Word() + (Chance(50) ? "~" : Chance(50) ? "~1" : "~2");
    case 6: return "content:" + Word();
    default: return Word();
  }
}

// Signs stand in lists of their own, and NOT behind AND: mixtures are not said the same everywhere.
std::string RandomInput::Words(int depth) {
  std::string words = depth < 2 && Chance(25) ? "(" + Words(depth + 1) + ")" : Leaf();
  const bool signs = Chance(15);
  if (signs && words[0] != '(') words = "+" + words;
  const std::string joint = signs ? " " : Chance(60) ? " " : Chance(50) ? " AND " : " OR ";
  for (std::int64_t i = Below(3); i > 0; --i) {
    words += joint;
    if (signs) words += Chance(50) ? "-" : Chance(50) ? "+" : "";
    if (joint == " AND " && Chance(20)) words += "NOT ";
    words += depth < 2 && !signs && Chance(20) ? "(" + Words(depth + 1) + ")" : Leaf();
  }
  return words;
}

std::string RandomInput::Condition(int depth) {
  static const std::vector<std::string> kPaths = {"n", "s", "deep.x", "nothing", "deep"};
  static const std::vector<std::string> kValues = {
      "1", "2.5", "-3", "'1'", "'alpha'", "TRUE", "false", "100", "9007199254740993"};
  static const std::vector<std::string> kSigns = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
  if (depth < 3 && Chance(35)) {
    return "(" + Condition(depth + 1) + (Chance(50) ? " AND " : " OR ") + Condition(depth + 1) + ")";
  }
  if (depth < 3 && Chance(15)) return "NOT " + Condition(depth + 1);
  const std::string path = OneOf(kPaths), negated = Chance(30) ? " NOT" : "";
  switch (Below(6)) {
    case 0: return path + " IS" + negated + " NULL";
    case 1: return path + negated + " IN (" + OneOf(kValues) + ", " + OneOf(kValues) + ")";
    case 2: return path + negated + " BETWEEN " + OneOf(kValues) + " AND " + OneOf(kValues);
    case 3: return path + negated + " LIKE '%a'";
    default: return path + OneOf(kSigns) + OneOf(kValues);
  }
}

std::string RandomInput::Order(bool words) {
  static const std::vector<std::string> kFields = {"id",         "namespace",  "category",       "content",
                                                   "version",    "created",    "updated",        "expires",
                                                   "metadata.n", "metadata.s", "metadata.deep.x"};
  if (Chance(40)) return "";
  if (words && Chance(30)) return "relevance desc";
  std::string order = OneOf(kFields) + (Chance(50) ? " desc" : "");
  if (Chance(40)) order += ", " + OneOf(kFields) + (Chance(50) ? " desc" : "");
  return order;
}

ItemQuery RandomInput::Query(std::int64_t now, const std::vector<std::int64_t>& times) {
  ItemQuery query;
  if (Chance(50)) query.words = Words(0);
  if (Chance(10)) query.ids = {Id(), Id(), Id(), Id(), "none"};
  if (Chance(15)) query.namespaces = {Chance(50) ? Namespace() : Namespace() + "/*", Namespace()};
  if (Chance(15)) query.categories = {Category(), Category()};
  if (Chance(15)) query.tags = Tags(2);
  if (Chance(15)) query.any_tags = Tags(2);
  if (Chance(10)) query.no_tags = Tags(1);
  if (Chance(25)) query.metadata = Condition(0);
  if (Chance(10)) query.since = now - Below(5'000'000);
  if (Chance(10)) query.until = now - Below(5'000'000);
  if (Chance(5)) query.created_since = now - Below(5'000'000);
  if (Chance(5)) query.created_until = now - Below(5'000'000);
  if (Chance(15) && !times.empty()) query.as_of = OneOf(times) - (Chance(30) ? 1 : 0);
  query.order = Order(!query.words.empty());
  query.limit = 1 + Below(Chance(50) ? 5 : 60);
  query.any_word = Chance(60);
  if (Chance(30)) query.typos = static_cast<int>(Below(3));
  query.with_content = Chance(80);
  query.with_embedding = Chance(20);
  return query;
}

}  // namespace levee::memory_bank
