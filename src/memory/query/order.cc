#include "memory/query/order.h"

#include <array>
#include <cstring>

#include "base/hash.h"
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

Result<OrderKey> ParseKey(std::string_view text) {
  const auto wrong = [&](std::string why) {
    return InvalidQuery("order", "'" + std::string(text) + "' " + std::move(why),
                        "id, namespace, category, content, version, created, updated, expires, relevance or metadata.PATH, "
                        "then asc or desc");
  };
  OrderKey key;
  const std::size_t space = text.find(' ');
  const std::string_view name = text.substr(0, space);
  const std::string_view way = space == text.npos ? std::string_view() : Trimmed(text.substr(space));
  if (!way.empty() && way != "asc" && way != "desc") return wrong("says neither asc nor desc");
  key.descending = way == "desc";
  if (name.starts_with(kMetadataPrefix) && name.size() > kMetadataPrefix.size()) {
    key.field = OrderField::kMetadata;
    key.path = SplitPath(name.substr(kMetadataPrefix.size()));
    return key;
  }
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    if (kFieldNames[i] != name) continue;
    key.field = static_cast<OrderField>(i);
    return key;
  }
  return wrong("is no field");
}

SortValue Number(std::int64_t number) { return {ValueKind::kNumber, static_cast<long double>(number), {}}; }
SortValue Text(std::string_view text) { return {ValueKind::kText, 0, std::string(text)}; }

constexpr char kHex[] = "0123456789abcdef";

std::string HexOf(ByteSpan bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) hex += {kHex[byte >> 4], kHex[byte & 15]};
  return hex;
}

// Empty: it is none.
Bytes BytesOfHex(std::string_view hex) {
  Bytes bytes;
  if (hex.size() % 2 != 0) return bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const char* const high = std::strchr(kHex, hex[i]);
    const char* const low = std::strchr(kHex, hex[i + 1]);
    if (high == nullptr || low == nullptr || *high == 0 || *low == 0) return {};
    bytes.push_back(static_cast<std::uint8_t>((high - kHex) << 4 | (low - kHex)));
  }
  return bytes;
}

}  // namespace

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
      case OrderField::kNamespace: place.values.push_back(Text(names.Name(columns->name_space[ref.row]))); break;
      case OrderField::kCategory: place.values.push_back(Text(names.Name(columns->category[ref.row]))); break;
      case OrderField::kContent: place.values.push_back(Text(cold.content)); break;
      case OrderField::kVersion: place.values.push_back(Number(columns->version[ref.row])); break;
      case OrderField::kCreated: place.values.push_back(Number(columns->created[ref.row])); break;
      case OrderField::kUpdated: place.values.push_back(Number(columns->updated[ref.row])); break;
      case OrderField::kExpires: {
        const std::int64_t expires = columns->expires[ref.row];
        place.values.push_back(expires == kNever ? SortValue() : Number(expires));
        break;
      }
      case OrderField::kRelevance: place.values.push_back({ValueKind::kNumber, score, {}}); break;
      case OrderField::kMetadata:
        place.values.push_back(ValueOf(ElementAt(reader.Read(cold.metadata), key.path)));
        break;
    }
  }
  return place;
}

bool FoundOrder::Before(const Place& left, const Place& right) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const SortValue &a = left.values[i], &b = right.values[i];
    const int order = CompareValues(a, b);
    if (order == 0) continue;
    const bool null = a.kind == ValueKind::kNull || b.kind == ValueKind::kNull;
    return (order < 0) != (keys_[i].descending && !null);
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
  return HexOf(out.bytes());
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
