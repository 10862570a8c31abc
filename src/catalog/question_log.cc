#include "catalog/question_log.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "base/hash.h"

namespace levee::catalog {
namespace {

constexpr std::uint32_t kMagic = 0x5151564c;  // "LVQQ"
constexpr std::uint32_t kVersion = 1;
// A predicate above it is rather a program's list than a habit.
constexpr std::size_t kWhereBytesMax = 16 << 10;
constexpr std::size_t kFileBytesMax = 64 << 20;

std::uint64_t Mix(std::uint64_t hash, std::uint64_t more) { return (hash ^ more) * 0x9e3779b97f4a7c15ULL; }

std::uint64_t IdOf(const std::string& uri, const FilesRequest& request, bool count) {
  std::uint64_t id = Mix(Hash64(uri), Hash64(request.where));
  id = Mix(id, count ? 1 : 2);
  id = Mix(id, static_cast<std::uint64_t>(request.limit.value_or(-1)));
  id = Mix(id, static_cast<std::uint64_t>(request.rows.value_or(-1)));
  for (const columnar::ColumnKey& column : request.columns) {
    id = Mix(id, static_cast<std::uint64_t>(column.role));
    if (!column.path.empty()) id = Mix(id, Hash64(column.path));
  }
  id ^= id >> 32;
  return id == 0 ? 1 : id;
}

void PutMaybe(ByteWriter& writer, const std::optional<std::int64_t>& value) {
  writer.Put<std::uint8_t>(value.has_value() ? 1 : 0);
  writer.Put<std::int64_t>(value.value_or(0));
}

std::optional<std::int64_t> GetMaybe(ByteReader& reader) {
  const bool there = reader.Get<std::uint8_t>() != 0;
  const auto value = reader.Get<std::int64_t>();
  return there ? std::optional(value) : std::nullopt;
}

void Put(ByteWriter& writer, const AskedQuestion& question) {
  writer.PutText(question.uri);
  writer.PutText(question.request.where);
  writer.Put<std::uint8_t>(question.count ? 1 : 0);
  PutMaybe(writer, question.request.limit);
  PutMaybe(writer, question.request.rows);
  writer.PutVarint(question.request.columns.size());
  for (const columnar::ColumnKey& column : question.request.columns) {
    writer.Put(static_cast<std::uint8_t>(column.role));
    writer.Put(static_cast<std::uint8_t>(column.type.kind));
    writer.Put(column.type.precision);
    writer.Put(column.type.scale);
    writer.PutText(column.path);
  }
}

AskedQuestion GetQuestion(ByteReader& reader) {
  AskedQuestion question;
  question.uri = reader.GetText();
  question.request.where = reader.GetText();
  question.count = reader.Get<std::uint8_t>() != 0;
  question.request.limit = GetMaybe(reader);
  question.request.rows = GetMaybe(reader);
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    columnar::ColumnKey column;
    column.role = static_cast<columnar::ColumnRole>(reader.Get<std::uint8_t>());
    column.type.kind = static_cast<types::TypeKind>(reader.Get<std::uint8_t>());
    column.type.precision = reader.Get<std::uint8_t>();
    column.type.scale = reader.Get<std::uint8_t>();
    column.path = reader.GetText();
    question.request.columns.push_back(std::move(column));
  }
  return question;
}

}  // namespace

QuestionLog::~QuestionLog() {
  if (!enabled() || asked_.load(std::memory_order_relaxed) < kAskedToSave) return;
  // What earlier processes asked counts on; without a file, or with a damaged one, it begins anew.
  if (!loaded_) {
    [[maybe_unused]] const Status loaded = Load();
  }
  // Losing it costs a warm start, no more.
  [[maybe_unused]] const Status saved = Save();
}

bool QuestionLog::SeenBefore(std::uint64_t id) {
  const std::size_t place = id % seen_.size();
  if (seen_[place]) return true;
  // Half full it begins to take new questions for old ones.
  if (++seen_count_ > seen_.size() / 2) {
    seen_.reset();
    seen_count_ = 1;
  }
  seen_[place] = true;
  return false;
}

void QuestionLog::Record(const std::string& uri, const FilesRequest& request, bool count) {
  asked_.fetch_add(1, std::memory_order_relaxed);
  if (request.where.size() > kWhereBytesMax) return;
  const std::uint64_t id = IdOf(uri, request, count);
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  auto entry = entries_.find(id);
  if (entry == entries_.end()) {
    if (!SeenBefore(id)) return;
    if (entries_.size() >= kQuestionsMax) MakeRoom();
    entry = entries_.try_emplace(id).first;
    entry->second.question = {.uri = uri, .request = request, .count = count};
    ++entry->second.times;  // it was seen before
  }
  ++entry->second.times;
  Follow(id);
}

void QuestionLog::MakeRoom() {
  const auto least = std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.times; });
  entries_.erase(least);
  // Who comes back must earn its place again, but against those that have come down meanwhile.
  for (auto& [id, entry] : entries_) entry.times -= entry.times > 1 ? entry.times / 16 : 0;
}

void QuestionLog::Follow(std::uint64_t id) {
  const auto before = entries_.find(std::exchange(last_, id));
  if (before == entries_.end() || before->first == id) return;
  Entry& entry = before->second;
  if (entry.next == id) {
    ++entry.next_votes;
  } else if (entry.next_votes > 0) {
    --entry.next_votes;
  } else {
    entry.next = id;
    entry.next_votes = 1;
  }
}

std::vector<AskedQuestion> QuestionLog::InOrder() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::uint64_t, const Entry*>> by_times;
  by_times.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) by_times.emplace_back(id, &entry);
  std::ranges::sort(by_times, [](const auto& a, const auto& b) {
    return a.second->times != b.second->times ? a.second->times > b.second->times : a.first < b.first;
  });
  std::vector<AskedQuestion> ordered;
  std::unordered_set<std::uint64_t> taken;
  for (const auto& [first, unused] : by_times) {
    for (std::uint64_t id = first; taken.insert(id).second;) {
      const auto entry = entries_.find(id);
      if (entry == entries_.end()) break;
      ordered.push_back(entry->second.question);
      if (entry->second.next == 0) break;
      id = entry->second.next;
    }
  }
  return ordered;
}

Bytes QuestionLog::Encode() const {
  const std::lock_guard lock(mutex_);
  ByteWriter body;
  body.PutVarint(entries_.size());
  for (const auto& [id, entry] : entries_) {
    body.Put(id);
    body.PutVarint(entry.times);
    body.Put(entry.next);
    body.PutVarint(entry.next_votes);
    Put(body, entry.question);
  }
  return body.Take();
}

Status QuestionLog::Decode(ByteSpan body) {
  ByteReader reader(body);
  const std::lock_guard lock(mutex_);
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    const auto id = reader.Get<std::uint64_t>();
    Entry entry;
    entry.times = std::max<std::uint64_t>(1, reader.GetVarint() / 2);
    entry.next = reader.Get<std::uint64_t>();
    entry.next_votes = reader.GetVarint() / 2;
    entry.question = GetQuestion(reader);
    if (!reader.ok() || entries_.size() >= kQuestionsMax) break;
    const auto [there, is_new] = entries_.try_emplace(id, std::move(entry));
    if (!is_new) there->second.times += entry.times;
  }
  if (!reader.ok()) return Fail(ErrorCode::kCorrupt, path_, "it is cut short", "delete it");
  return {};
}

Status QuestionLog::Load() {
  loaded_ = true;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return Fail(ErrorCode::kNotFound, path_, "there is no such file");
  std::error_code error;
  if (std::filesystem::file_size(path_, error) > kFileBytesMax || error) {
    return Fail(ErrorCode::kCorrupt, path_, "it is too large to hold questions", "delete it");
  }
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  ByteReader reader(AsBytes(content));
  const auto magic = reader.Get<std::uint32_t>();
  const auto version = reader.Get<std::uint32_t>();
  const auto checksum = reader.Get<std::uint32_t>();
  if (!reader.ok() || magic != kMagic) return Fail(ErrorCode::kCorrupt, path_, "it holds no questions", "delete it");
  if (version > kVersion) return Fail(ErrorCode::kUnsupported, path_, "a newer program wrote it");
  const ByteSpan body = reader.GetBytes(reader.remaining());
  if (Checksum32(body) != checksum) {
    return Fail(ErrorCode::kCorrupt, path_, "its checksum does not match", "delete it");
  }
  return Decode(body);
}

Status QuestionLog::Save() const {
  const Bytes body = Encode();
  ByteWriter writer;
  writer.Put(kMagic);
  writer.Put(kVersion);
  writer.Put(Checksum32(body));
  writer.PutBytes(body);
  // Renamed into place: another process may read it, or write its own.
  const std::string draft = path_ + "." + std::to_string(Hash64(path_) ^ reinterpret_cast<std::uintptr_t>(this));
  {
    std::ofstream file(draft, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(writer.bytes().data()), static_cast<std::streamsize>(writer.size()));
    file.close();
    if (!file) {
      std::remove(draft.c_str());
      return Fail(ErrorCode::kIo, path_, "it cannot be written");
    }
  }
  std::error_code error;
  std::filesystem::rename(draft, path_, error);
  if (!error) return {};
  std::remove(draft.c_str());
  return Fail(ErrorCode::kIo, path_, "it cannot be written: " + error.message());
}

}  // namespace levee::catalog
