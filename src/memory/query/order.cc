#include "memory/query/order.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/hex.h"
#include "memory/query/errors.h"

namespace levee::memory {
namespace {

constexpr std::array<std::string_view, 9> kFieldNames{"id",      "namespace", "category", "content",  "version",
                                                      "created", "updated",   "expires",  "relevance"};
constexpr std::string_view kMetadataPrefix = "metadata.";

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string> SplitPath(std::string_view text) {
  std::vector<std::string> path;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    path.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return path;
}

std::unexpected<Error> WrongKey(std::string_view text, std::string why) {
  return InvalidQuery("order", "'" + std::string(text) + "' " + std::move(why),
                      "id, namespace, category, content, version, created, updated, expires, relevance or metadata.PATH, "
                      "then asc or desc");
}

Result<OrderKey> ParseKey(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::string_view way = space == text.npos ? std::string_view() : Trimmed(text.substr(space));
  if (!way.empty() && way != "asc" && way != "desc") return WrongKey(text, "says neither asc nor desc");
  LEVEE_ASSIGN(OrderKey key, ParseOrderField(text.substr(0, space)));
  key.descending = way == "desc";
  return key;
}

SortValue Number(std::int64_t number) { return {ValueKind::kNumber, static_cast<long double>(number), {}}; }
SortValue Text(std::string_view text) { return {ValueKind::kText, 0, std::string(text)}; }

struct ColumnRow {
  std::uint32_t row;
  double score;
  const Interner& names;
};

// Of a field that is no part of the record.
SortValue ColumnValue(OrderField field, const RowColumns& columns, const ColumnRow& at) {
  switch (field) {
    case OrderField::kNamespace: return Text(at.names.Name(columns.name_space[at.row]));
    case OrderField::kCategory: return Text(at.names.Name(columns.category[at.row]));
    case OrderField::kVersion: return Number(columns.version[at.row]);
    case OrderField::kCreated: return Number(columns.created[at.row]);
    case OrderField::kUpdated: return Number(columns.updated[at.row]);
    case OrderField::kRelevance: return {ValueKind::kNumber, at.score, {}};
    default: break;
  }
  return columns.expires[at.row] == kNever ? SortValue() : Number(columns.expires[at.row]);
}

// Empty: it is none.
Bytes BytesOfHex(std::string_view hex) {
  Bytes bytes;
  if (hex.size() % 2 != 0) return bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = kHexDigits.find(hex[i]), low = kHexDigits.find(hex[i + 1]);
    if (high == kHexDigits.npos || low == kHexDigits.npos) return {};
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

}  // namespace

Result<OrderKey> ParseOrderField(std::string_view name) {
  OrderKey key;
  if (name.starts_with(kMetadataPrefix) && name.size() > kMetadataPrefix.size()) {
    key.field = OrderField::kMetadata;
    key.path = SplitPath(name.substr(kMetadataPrefix.size()));
    return key;
  }
  const auto at = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (at == kFieldNames.end()) return WrongKey(name, "is no field");
  key.field = static_cast<OrderField>(at - kFieldNames.begin());
  return key;
}

Result<FoundOrder> FoundOrder::Of(const ItemQuery& query) {
  FoundOrder order;
  const std::string_view defaults = query.words.empty() ? "updated desc" : "relevance desc, updated desc";
  std::string_view rest = query.order.empty() ? defaults : std::string_view(query.order);
  while (true) {
    const std::size_t comma = rest.find(',');
    LEVEE_ASSIGN(OrderKey key, ParseKey(Trimmed(rest.substr(0, comma))));
    order.keys_.push_back(std::move(key));
    if (comma == rest.npos) return order;
    rest.remove_prefix(comma + 1);
  }
}

bool FoundOrder::needs_score() const {
  for (const OrderKey& key : keys_) {
    if (key.field == OrderField::kRelevance) return true;
  }
  return false;
}

bool FoundOrder::begins_with_column() const {
  const OrderField field = keys_.front().field;
  return field != OrderField::kId && field != OrderField::kContent && field != OrderField::kMetadata;
}

Result<SortValue> FoundOrder::FirstValueOf(const RowRef& row, double score, const Interner& names) const {
  LEVEE_ASSIGN(const RowColumns* columns, row.part->Columns());
  return ColumnValue(keys_.front().field, *columns, {.row = row.row, .score = score, .names = names});
}

Result<Place> FoundOrder::PlaceOf(const RowRef& ref, double score, const Interner& names, MetadataReader& reader) const {
  LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
  LEVEE_ASSIGN(const ColdRecord record, ref.part->Cold(ref.row));
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
  Place place;
  place.id = cold.id;
  place.values.reserve(keys_.size());
  for (const OrderKey& key : keys_) {
    switch (key.field) {
      case OrderField::kId: place.values.push_back(Text(cold.id)); break;
      case OrderField::kContent: place.values.push_back(Text(cold.content)); break;
      case OrderField::kMetadata: place.values.push_back(ValueOf(ElementAt(reader.Read(cold.metadata), key.path))); break;
      default:
        place.values.push_back(ColumnValue(key.field, *columns, {.row = ref.row, .score = score, .names = names}));
    }
  }
  return place;
}

int FoundOrder::CompareAt(std::size_t key, const SortValue& left, const SortValue& right) const {
  const int order = CompareValues(left, right);
  const bool null = left.kind == ValueKind::kNull || right.kind == ValueKind::kNull;
  return keys_[key].descending && !null ? -order : order;
}

bool FoundOrder::Before(const Place& left, const Place& right) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const int order = CompareAt(i, left.values[i], right.values[i]);
    if (order != 0) return order < 0;
  }
  return left.id < right.id;
}

std::uint64_t FoundOrder::Fingerprint() const {
  std::string text;
  for (const OrderKey& key : keys_) {
    text += static_cast<char>(key.field);
    text += key.descending ? '-' : '+';
    for (const std::string& step : key.path) text += step + '\0';
  }
  return Hash64(text);
}

std::string FoundOrder::CursorText(const Place& last) const {
  ByteWriter out;
  out.Put(static_cast<std::uint32_t>(Fingerprint()));
  out.PutText(last.id);
  for (const SortValue& value : last.values) {
    out.Put(static_cast<std::uint8_t>(value.kind));
    // As two doubles, which hold what the sum of them is: 64 bits of mantissa.
    const auto high = static_cast<double>(value.number);
    out.Put(high);
    out.Put(static_cast<double>(value.number - high));
    out.PutText(value.text);
  }
  out.Put(Checksum32(out.bytes()));
  return HexOf(AsText(out.bytes()));
}

Result<Place> FoundOrder::ReadCursor(std::string_view text) const {
  const auto wrong = [] { return InvalidQuery("cursor", "it is none of this query", "begin with the first page"); };
  const Bytes bytes = BytesOfHex(text);
  if (bytes.size() < 2 * sizeof(std::uint32_t)) return wrong();
  const ByteSpan body = ByteSpan(bytes).first(bytes.size() - sizeof(std::uint32_t));
  ByteReader end(ByteSpan(bytes).subspan(body.size()));
  if (end.Get<std::uint32_t>() != Checksum32(body)) return wrong();
  ByteReader reader(body);
  if (reader.Get<std::uint32_t>() != static_cast<std::uint32_t>(Fingerprint())) return wrong();
  Place place;
  place.id = std::string(reader.GetText());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    SortValue& value = place.values.emplace_back();
    value.kind = static_cast<ValueKind>(reader.Get<std::uint8_t>());
    const auto high = reader.Get<double>();
    value.number = static_cast<long double>(high) + reader.Get<double>();
    value.text = std::string(reader.GetText());
  }
  if (!reader.ok()) return wrong();
  return place;
}

}  // namespace levee::memory
