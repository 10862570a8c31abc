// The memory bank on the data of a folder that has items.jsonl and queries.json, one item or query a line or an array:
// loading, single writes, and questions, as docs/benchmarks-memory.md tells. Prints one JSON object. Questions are asked
// three times: "cold" is the first time, in a new process, "warm" the others.
//
//   memory_bank DATA STORE load|once|single|writers|query|get|answers [ITEMS [BYTES]]
//
// BYTES: of a content, the first that many.
#include <simdjson.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "levee/memory.h"

namespace {

using levee::Item;
using levee::ItemQuery;
using levee::ItemWrite;
using levee::MemoryBank;

constexpr std::int64_t kSecond = 1'000'000;  // in microseconds

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] void Stop(const std::string& why) {
  std::cerr << "memory_bank: " << why << '\n';
  std::exit(1);
}

template <typename T>
T Value(levee::Result<T> result) {
  if (!result) Stop(result.error().ToString());
  return std::move(*result);
}

struct Question {
  std::string id, category, tag;
  std::vector<std::string> words;
  std::int64_t since = 0, until = 0;
};

std::vector<Item> ReadItems(const std::string& path, std::size_t most, std::size_t content_bytes = std::string::npos) {
  std::vector<Item> items;
  std::ifstream file(path);
  simdjson::dom::parser parser;
  for (std::string line; items.size() < most && std::getline(file, line);) {
    simdjson::dom::element json = parser.parse(line).value();
    Item& item = items.emplace_back();
    item.id = std::string(json["id"].get_string().value());
    item.name_space = std::string(json["ns"].get_string().value());
    item.category = std::string(json["cat"].get_string().value());
    item.content = std::string(json["content"].get_string().value().substr(0, content_bytes));
    const simdjson::dom::array tags = json["tags"].get_array();
    for (const auto tag : tags) item.tags.emplace_back(tag.get_string().value());
    item.metadata = simdjson::minify(json["meta"].value());
    item.created = json["created"].get_int64().value() * kSecond;
    item.updated = json["updated"].get_int64().value() * kSecond;
  }
  return items;
}

std::vector<Question> ReadQuestions(const std::string& path) {
  std::vector<Question> questions;
  simdjson::dom::parser parser;
  const simdjson::dom::array all = parser.load(path).get_array();
  for (const auto json : all) {
    Question& question = questions.emplace_back();
    question.id = std::string(json["id"].get_string().value());
    question.category = std::string(json["cat"].get_string().value());
    question.tag = std::string(json["tag"].get_string().value());
    const simdjson::dom::array words = json["text"].get_array();
    for (const auto word : words) question.words.emplace_back(word.get_string().value());
    question.since = json["lo5"].get_int64().value() * kSecond;
    question.until = json["hi5"].get_int64().value() * kSecond;
  }
  return questions;
}

std::string Spread(std::vector<double> seconds, double unit) {
  std::sort(seconds.begin(), seconds.end());
  const auto at = [&](double part) { return seconds[static_cast<std::size_t>(part * static_cast<double>(seconds.size() - 1))] * unit; };
  char text[160];
  std::snprintf(text, sizeof(text), "{\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f,\"n\":%zu}", at(0.5), at(0.99), at(1), seconds.size());
  return text;
}

long PeakMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

std::vector<ItemWrite> Batch(const std::vector<Item>& items, std::size_t first, std::size_t count) {
  std::vector<ItemWrite> batch;
  for (std::size_t i = first; i < std::min(items.size(), first + count); ++i) batch.push_back({.item = items[i], .expected_version = {}});
  return batch;
}

ItemQuery Filter(const Question& question) {
  return {.categories = {question.category}, .tags = {question.tag}, .since = question.since, .until = question.until, .limit = 100};
}

ItemQuery Words(const Question& question, bool any) {
  ItemQuery query{.limit = 10, .any_word = any, .with_snippet = false};
  for (const std::string& word : question.words) query.words += (query.words.empty() ? "" : " ") + word;
  return query;
}

std::int64_t StoreBytes(const std::string& store) {
  std::int64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code none;
    const auto size = std::filesystem::file_size(store + suffix, none);
    if (!none) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

// Batches of 1,000. `asking`: after each, an item of it is looked for by id, filter and word.
void Load(const std::string& data, const std::string& store, std::size_t most, std::size_t content_bytes, bool asking) {
  const std::vector<Item> items = ReadItems(data + "/items.jsonl", most, content_bytes);
  double writing = 0;
  double begin = 0;
  {
    auto bank = Value(levee::OpenMemory({.uri = store}));
    begin = Now();
    for (std::size_t first = 0; first < items.size(); first += 1'000) {
      std::vector<ItemWrite> batch = Batch(items, first, 1'000);
      const double at = Now();
      Value(bank->Store(std::move(batch), {}));
      if (asking) {
        const Item& item = items[first];
        if (!Value(bank->Get(item.id, {}))) Stop("an item is not there");
        if (Value(bank->Find({.ids = {item.id}, .categories = {item.category}})).items.empty()) Stop("a filter misses an item");
        const std::string word = item.content.substr(0, item.content.find(' '));
        const ItemQuery query{.words = word, .ids = {item.id}, .limit = 1, .with_snippet = false};
        if (Value(bank->Find(query)).items.empty()) Stop("a word misses an item");
      }
      writing += Now() - at;
    }
  }
  const double closed = Now() - begin;
  const double n = static_cast<double>(items.size());
  std::printf("{\"items\":%zu,\"items_per_s\":%.0f,\"with_closing_per_s\":%.0f,\"disk_mb\":%.1f,\"peak_mb\":%ld}\n", items.size(),
              n / writing, n / closed, static_cast<double>(StoreBytes(store)) / 1e6, PeakMb());
}

void Single(const std::string& data, const std::string& store) {
  const std::vector<Item> items = ReadItems(data + "/items.jsonl", 2'000);
  auto bank = Value(levee::OpenMemory({.uri = store}));
  std::vector<double> times;
  for (const Item& item : items) {
    Item one = item;
    one.id.clear();
    const double at = Now();
    Value(bank->Store({{.item = std::move(one), .expected_version = {}}}, {}));
    times.push_back(Now() - at);
  }
  std::printf("{\"single_ms\":%s}\n", Spread(times, 1e3).c_str());
}

void Writers(const std::string& data, const std::string& store) {
  constexpr int kWriters = 16, kEach = 2'000;
  const std::vector<Item> items = ReadItems(data + "/items.jsonl", kEach);
  auto bank = Value(levee::OpenMemory({.uri = store}));
  const double begin = Now();
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&] {
      for (const Item& item : items) {
        Item one = item;
        one.id.clear();
        Value(bank->Store({{.item = std::move(one), .expected_version = {}}}, {}));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  std::printf("{\"writers\":%d,\"items_per_s\":%.0f}\n", kWriters, kWriters * kEach / (Now() - begin));
}

template <typename Ask>
std::string Ask3(const std::vector<Question>& questions, double unit, Ask&& ask) {
  std::vector<double> cold, warm;
  for (int pass = 0; pass < 3; ++pass) {
    for (const Question& question : questions) {
      const double at = Now();
      ask(question);
      (pass == 0 ? cold : warm).push_back(Now() - at);
    }
  }
  return "{\"cold\":" + Spread(std::move(cold), unit) + ",\"warm\":" + Spread(std::move(warm), unit) + '}';
}

void Query(const std::string& data, const std::string& store) {
  const std::vector<Question> questions = ReadQuestions(data + "/queries.json");
  const double opening = Now();
  auto bank = Value(levee::OpenMemory({.uri = store}));
  Value(bank->Find(Words(questions[0], true)));
  const double first = (Now() - opening) * 1e3;
  const std::string get = Ask3(questions, 1e6, [&](const Question& q) { Value(bank->Get(q.id, {})); });
  const std::string filter = Ask3(questions, 1e3, [&](const Question& q) { Value(bank->Find(Filter(q))); });
  const std::string any = Ask3(questions, 1e3, [&](const Question& q) { Value(bank->Find(Words(q, true))); });
  const std::string all = Ask3(questions, 1e3, [&](const Question& q) { Value(bank->Find(Words(q, false))); });
  std::printf("{\"first_ms\":%.2f,\"get_us\":%s,\"filter_ms\":%s,\"or_ms\":%s,\"and_ms\":%s,\"peak_mb\":%ld,\"disk_mb\":%.1f}\n", first,
              get.c_str(), filter.c_str(), any.c_str(), all.c_str(), PeakMb(), static_cast<double>(StoreBytes(store)) / 1e6);
}

// Items that nobody has asked for yet, one after the other, all over the store.
void Get(const std::string& data, const std::string& store, std::size_t most) {
  const std::vector<Item> items = ReadItems(data + "/items.jsonl", most, 0);
  auto bank = Value(levee::OpenMemory({.uri = store}));
  constexpr std::size_t kEach = 41;
  std::vector<double> cold;
  for (std::size_t i = 0; i < items.size(); i += kEach) {
    const double at = Now();
    Value(bank->Get(items[i].id, {}));
    cold.push_back(Now() - at);
  }
  std::printf("{\"get_us\":%s,\"peak_mb\":%ld}\n", Spread(cold, 1e6).c_str(), PeakMb());
}

// What the first questions find, to be compared with what others find: ids, the filter's times, how many rows words have.
void Answers(const std::string& data, const std::string& store) {
  constexpr std::size_t kCompared = 50;
  auto bank = Value(levee::OpenMemory({.uri = store}));
  std::vector<Question> questions = ReadQuestions(data + "/queries.json");
  questions.resize(std::min(questions.size(), kCompared));
  std::string answers;
  for (const Question& question : questions) {
    std::string times;
    for (const levee::Found& found : Value(bank->Find(Filter(question))).items) {
      times += (times.empty() ? "" : ",") + std::to_string(found.item.updated / kSecond);
    }
    const auto item = Value(bank->Get(question.id, {}));
    answers += (answers.empty() ? "" : ",") + std::string("{\"get\":[") + (item ? '"' + item->id + '"' : "") + "],\"filter\":[" + times +
               "],\"and\":" + std::to_string(Value(bank->Find(Words(question, false))).items.size()) +
               ",\"or\":" + std::to_string(Value(bank->Find(Words(question, true))).items.size()) + '}';
  }
  std::printf("{\"answers\":[%s]}\n", answers.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) Stop("DATA STORE load|once|single|writers|query|get|answers [ITEMS [BYTES]]");
  const std::string data = argv[1], store = argv[2], what = argv[3];
  const std::size_t most = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 100'000;
  const std::size_t content_bytes = argc > 5 ? std::strtoul(argv[5], nullptr, 10) : std::string::npos;
  if (what == "load") Load(data, store, most, content_bytes, false);
  if (what == "once") Load(data, store, most, content_bytes, true);
  if (what == "answers") Answers(data, store);
  if (what == "single") Single(data, store);
  if (what == "writers") Writers(data, store);
  if (what == "query") Query(data, store);
  if (what == "get") Get(data, store, most);
}
