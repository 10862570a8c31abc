#include "memory/query/conditions.h"

#include <algorithm>
#include <utility>

#include "memory/bank/row_format.h"
#include "memory/query/errors.h"

namespace levee::memory {
namespace {

Status CheckQuery(const ItemQuery& query) {
  constexpr std::int64_t kLimitMax = 10'000;
  if (query.limit < 1 || query.limit > kLimitMax) {
    return InvalidQuery("limit", std::to_string(query.limit) + " is not from 1 to 10000", "go on with the cursor of a page");
  }
  for (const auto& [name, text] : {std::pair<const char*, const std::string&>{"words", query.words},
                                   std::pair<const char*, const std::string&>{"metadata condition", query.metadata}}) {
    if (!simdjson::validate_utf8(text.data(), text.size())) return InvalidQuery(name, "it is no UTF-8");
  }
  if (query.typos && (*query.typos < 0 || *query.typos > 2)) {
    return InvalidQuery("typos", std::to_string(*query.typos) + " is not from 0 to 2");
  }
  return {};
}

// A name that is not known is taken for one that no row has, so all must be known that segments have.
Status LoadNames(const ItemQuery& query, const View& view) {
  const bool names_something = !query.namespaces.empty() || !query.categories.empty() || !query.tags.empty() ||
                               !query.any_tags.empty() || !query.no_tags.empty();
  if (!names_something) return {};
  for (const auto& part : view.parts()) LEVEE_RETURN_IF_ERROR(part->LoadNames());
  return {};
}

}  // namespace

void NumberSet::Add(std::uint32_t number) {
  const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), number);
  if (at == numbers_.end() || *at != number) numbers_.insert(at, number);
}

bool NumberSet::HasOfMany(std::uint32_t number) const {
  return std::binary_search(numbers_.begin(), numbers_.end(), number);
}

Result<Conditions> Conditions::Resolve(const ItemQuery& query, const View& view, std::int64_t now) {
  LEVEE_RETURN_IF_ERROR(CheckQuery(query));
  Conditions made;
  made.query_ = &query;
  if (!query.metadata.empty()) {
    LEVEE_ASSIGN(made.metadata_, MetadataCondition::Parse(query.metadata, now));
  }
  LEVEE_RETURN_IF_ERROR(LoadNames(query, view));
  const auto find = [&](const std::string& name) { return view.names().Find(name); };
  const auto add_known = [&](const std::vector<std::string>& names, NumberSet& set) {
    for (const std::string& name : names) {
      if (const auto number = find(name)) set.Add(*number);
    }
  };
  made.any_namespace_ = made.ResolveNamespaces(view);
  made.any_category_ = query.categories.empty();
  add_known(query.categories, made.categories_);
  made.wants_any_tag_ = !query.any_tags.empty();
  add_known(query.any_tags, made.any_tags_);
  add_known(query.no_tags, made.no_tags_);
  made.nothing_ = (!made.any_namespace_ && made.namespaces_.empty()) ||
                  (!made.any_category_ && made.categories_.empty()) || (made.wants_any_tag_ && made.any_tags_.empty());
  for (const std::string& tag : query.tags) {
    const auto number = find(tag);
    made.nothing_ = made.nothing_ || !number;
    if (number) made.tags_.push_back(*number);
  }
  constexpr Times kEver;
  made.updated_ = {.since = query.since.value_or(kEver.since), .until = query.until.value_or(kEver.until)};
  made.created_ = {.since = query.created_since.value_or(kEver.since), .until = query.created_until.value_or(kEver.until)};
  if (query.as_of && *query.as_of < now) made.as_of_ = query.as_of;
  return made;
}

bool Conditions::ResolveNamespaces(const View& view) {
  if (query_->namespaces.empty()) return true;
  for (const std::string& wanted : query_->namespaces) {
    if (wanted == "*") return true;
    const auto exact = view.names().Find(wanted);
    if (exact) namespaces_.Add(*exact);
    if (!wanted.ends_with("/*")) continue;
    // All that items ever had, since the past may be asked for.
    const std::string_view prefix = std::string_view(wanted).substr(0, wanted.size() - 1);
    for (const auto& [number, total] : view.totals().by_namespace()) {
      if (view.names().Name(number).starts_with(prefix)) namespaces_.Add(number);
    }
  }
  return false;
}

bool Conditions::HoldsColumns(const Part& part, const RowColumns& columns, std::uint32_t row) const {
  if (!any_category_ && !categories_.Has(columns.category[row])) return false;
  if (!any_namespace_ && !namespaces_.Has(columns.name_space[row])) return false;
  if (!updated_.Have(columns.updated[row]) || !created_.Have(columns.created[row])) return false;
  if (as_of_) {
    if (!columns.IsThere(row, part.ended.At(row), *as_of_)) return false;
  } else if (part.ended.Has(row)) {
    return false;
  }
  const bool any_tag_condition = !tags_.empty() || wants_any_tag_ || !no_tags_.empty();
  return !any_tag_condition || HoldsTags(columns.TagsOf(row));
}

bool Conditions::narrows() const {
  return !any_namespace_ || !any_category_ || !tags_.empty() || wants_any_tag_ || !no_tags_.empty() ||
         updated_.narrow() || created_.narrow() || metadata_ != nullptr || !query_->ids.empty();
}

bool Conditions::HoldsId(Part& part, std::uint32_t row, Status& failed) const {
  if (query_->ids.empty()) return true;
  const auto record = part.Cold(row);
  if (!record) failed = std::unexpected(record.error());
  if (!record) return false;
  const auto id = DecodeColdId(record->bytes);
  if (!id) failed = std::unexpected(id.error());
  return id && std::find(query_->ids.begin(), query_->ids.end(), *id) != query_->ids.end();
}

bool Conditions::HoldsTags(std::span<const std::uint32_t> tags) const {
  const auto has = [&](std::uint32_t tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); };
  if (!std::all_of(tags_.begin(), tags_.end(), has)) return false;
  if (wants_any_tag_ && std::none_of(tags.begin(), tags.end(), [&](std::uint32_t tag) { return any_tags_.Has(tag); })) {
    return false;
  }
  return no_tags_.empty() ||
         std::none_of(tags.begin(), tags.end(), [&](std::uint32_t tag) { return no_tags_.Has(tag); });
}

Result<bool> Conditions::HoldsRecord(Part& part, std::uint32_t row, MetadataReader& reader) const {
  if (metadata_ == nullptr) return true;
  LEVEE_ASSIGN(const ColdRecord record, part.Cold(row));
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
  return metadata_->Holds(reader.Read(cold.metadata));
}

}  // namespace levee::memory
