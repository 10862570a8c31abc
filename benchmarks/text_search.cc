// What full text costs: tokens, parts in memory, parts written and merged, and queries over them.
//
//   text_search FOLDER [KIND]     of queries one kind only, "or"
//
// FOLDER has items.jsonl and queries.json, as the script beside benchmarks of memory stores writes them: an object a line
// with "content" before "tags", and a list of objects with three words as "text"; no escapes. Prints a JSON object a line; all times are the
// processor's.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "text/memory_part.h"
#include "text/part_reader.h"
#include "text/part_writer.h"
#include "text/query/search.h"
#include "text/stored/part_directory.h"

namespace levee::text {
namespace {

constexpr std::size_t kTailRows = 4096;

// Of processor time: what others do on the machine does not count, and nothing here waits.
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double SecondsOf(const std::function<void()>& work) {
  const double begin = CpuSeconds();
  work();
  return CpuSeconds() - begin;
}

class Chunks final : public ChunkSink, public ChunkSource {
 public:
  Result<std::uint64_t> Add(Bytes chunk) override {
    chunks_.push_back(std::make_shared<Bytes>(std::move(chunk)));
    return chunks_.size() - 1;
  }
  Result<std::shared_ptr<const Bytes>> Read(std::uint64_t number) const override { return chunks_[number]; }

 private:
  std::vector<std::shared_ptr<const Bytes>> chunks_;
};

std::string Between(const std::string& text, std::string_view begin, std::string_view end, std::size_t& from) {
  const std::size_t first = text.find(begin, from);
  if (first == std::string::npos) return {};
  const std::size_t last = text.find(end, first + begin.size());
  from = last;
  return text.substr(first + begin.size(), last - first - begin.size());
}

struct Data {
  std::vector<std::string> contents;
  std::vector<std::string> updated;  // comparable as texts
  std::vector<std::vector<std::string>> queries;
  std::size_t bytes = 0;
};

Data Load(const std::string& folder) {
  Data data;
  std::ifstream items(folder + "/items.jsonl");
  for (std::string line; std::getline(items, line);) {
    std::size_t at = 0;
    data.contents.push_back(Between(line, "\"content\": \"", "\", \"tags\"", at));
    data.updated.push_back(Between(line, "\"updated\": ", "}", at));
    data.bytes += data.contents.back().size();
  }
  std::ifstream queries(folder + "/queries.json");
  const std::string text((std::istreambuf_iterator<char>(queries)), {});
  for (std::size_t at = 0;;) {
    const std::string words = Between(text, "{\"text\": [", "]", at);
    if (words.empty()) return data;
    std::vector<std::string>& query = data.queries.emplace_back();
    for (std::size_t in = 0; query.size() < 3; ++in) query.push_back(Between(words, "\"", "\"", in));
  }
}

struct Stored {
  std::shared_ptr<Chunks> chunks = std::make_shared<Chunks>();
  Bytes directory;
  std::shared_ptr<const Part> part;
};

Stored Merge(std::span<const MergeInput> inputs, std::uint32_t rows) {
  Stored stored;
  stored.directory = *MergeParts(inputs, {.rows = rows}, *stored.chunks);
  stored.part = *OpenPart(stored.directory, stored.chunks);
  return stored;
}

std::uint64_t CountPostings(const Part& part) {
  std::uint64_t postings = 0;
  for (const auto tokens = part.Tokens(Field::kContent, ""); tokens->Next();) postings += tokens->place().documents;
  return postings;
}

void Tokenize(const Data& data, const Analyzer& analyzer) {
  TokenList list;
  std::uint64_t tokens = 0;
  const double seconds = SecondsOf([&] {
    for (const std::string& content : data.contents) {
      analyzer.Analyze(content, list);
      tokens += list.tokens().size();
    }
  });
  std::printf("{\"what\":\"tokenize\",\"tokens\":%llu,\"ns_per_token\":%.2f,\"mb_per_s\":%.0f}\n",
              static_cast<unsigned long long>(tokens), seconds / static_cast<double>(tokens) * 1e9,
              static_cast<double>(data.bytes) / seconds / 1e6);
}

// Tails of 4,096 items, as they come; the median time of 1,000 items.
std::vector<std::shared_ptr<const Part>> BuildTails(const Data& data, const std::shared_ptr<const Analyzer>& analyzer) {
  std::vector<std::shared_ptr<const Part>> tails;
  std::vector<double> batches_ms;
  std::uint64_t tokens = 0, bytes = 0;
  double seconds = 0;
  for (std::size_t first = 0; first < data.contents.size(); first += kTailRows) {
    const auto part = MemoryPart::Make({.analyzer = analyzer});
    const std::size_t end = std::min(first + kTailRows, data.contents.size());
    for (std::size_t batch = first; batch < end; batch += 1000) {
      const double took = SecondsOf([&] {
        for (std::size_t i = batch; i < std::min(batch + 1000, end); ++i) static_cast<void>(part->Add({data.contents[i]}));
      });
      seconds += took;
      if (batch + 1000 <= end) batches_ms.push_back(took * 1e3);
    }
    tails.push_back(part->Snapshot());
    tokens += tails.back()->tokens(Field::kContent);
    bytes += part->memory_bytes();
  }
  std::ranges::sort(batches_ms);
  std::printf("{\"what\":\"index in memory\",\"tokens_per_s\":%.3g,\"ms_per_1000_items\":%.2f,\"ns_per_token\":%.1f,"
              "\"bytes_per_token\":%.1f}\n", static_cast<double>(tokens) / seconds, batches_ms[batches_ms.size() / 2],
              seconds / static_cast<double>(tokens) * 1e9, static_cast<double>(bytes) / static_cast<double>(tokens));
  return tails;
}

std::vector<Stored> WriteTails(const std::vector<std::shared_ptr<const Part>>& tails) {
  std::vector<Stored> stored;
  std::uint64_t postings = 0;
  const double seconds = SecondsOf([&] {
    for (const auto& tail : tails) {
      std::vector<std::uint32_t> map(tail->rows());
      std::iota(map.rbegin(), map.rend(), 0);  // newest first
      const MergeInput input{tail.get(), map};
      stored.push_back(Merge({&input, 1}, tail->rows()));
    }
  });
  for (const Stored& part : stored) postings += CountPostings(*part.part);
  std::printf("{\"what\":\"write tails\",\"parts\":%zu,\"postings\":%llu,\"postings_per_s\":%.3g}\n", stored.size(),
              static_cast<unsigned long long>(postings), static_cast<double>(postings) / seconds);
  return stored;
}

// Parts of up to 65,536 rows, newest first, out of `tails` of them each.
std::vector<Stored> MergeTails(const Data& data, const std::vector<Stored>& tails) {
  std::vector<Stored> merged;
  std::uint64_t postings = 0, input_postings = 0;
  double seconds = 0;
  const std::size_t tails_each = kPartRowsMax / kTailRows;
  for (std::size_t first = 0; first < tails.size(); first += tails_each) {
    const std::size_t end = std::min(first + tails_each, tails.size());
    std::vector<std::pair<std::size_t, std::uint32_t>> rows;
    std::vector<std::vector<std::uint32_t>> maps;
    for (std::size_t tail = first; tail < end; ++tail) {
      maps.emplace_back(tails[tail].part->rows());
      for (std::uint32_t row = 0; row < maps.back().size(); ++row) rows.emplace_back(tail, row);
    }
    std::ranges::sort(rows, std::greater(), [&](const auto& row) {
      return std::pair(data.updated[row.first * kTailRows + (tails[row.first].part->rows() - 1 - row.second)], row.second);
    });
    for (std::uint32_t row = 0; row < rows.size(); ++row) maps[rows[row].first - first][rows[row].second] = row;
    std::vector<MergeInput> inputs;
    for (std::size_t tail = first; tail < end; ++tail) inputs.push_back({tails[tail].part.get(), maps[tail - first]});
    seconds += SecondsOf([&] { merged.push_back(Merge(inputs, static_cast<std::uint32_t>(rows.size()))); });
  }
  for (const Stored& part : merged) postings += CountPostings(*part.part);
  input_postings = postings;
  std::printf("{\"what\":\"merge\",\"parts\":%zu,\"postings_per_s\":%.3g}\n", merged.size(),
              static_cast<double>(input_postings) / seconds);
  return merged;
}

void PrintSizes(const std::vector<Stored>& parts) {
  std::uint64_t dictionary = 0, postings = 0, positions = 0, directories = 0, count = 0, tokens = 0;
  for (const Stored& stored : parts) {
    PartDirectory directory;
    static_cast<void>(PartDirectory::Decode(stored.directory, directory));
    const auto size = [&](std::uint64_t number) { return (*stored.chunks->Read(number))->size(); };
    for (const std::uint64_t number : directory.posting_chunks) postings += size(number);
    for (const std::uint64_t number : directory.position_chunks) positions += size(number);
    for (const DictionaryChunk& chunk : directory.fields[0].chunks) dictionary += size(chunk.number);
    directories += stored.directory.size();
    count += CountPostings(*stored.part);
    tokens += stored.part->tokens(Field::kContent);
  }
  const auto all = static_cast<double>(postings + dictionary + directories);
  std::printf("{\"what\":\"bytes\",\"all\":%llu,\"bytes_per_posting\":%.3f,\"bytes_per_position\":%.3f,\"postings\":%llu,"
              "\"positions\":%llu,\"dictionary\":%llu,\"directories\":%llu}\n",
              static_cast<unsigned long long>(postings + positions + dictionary + directories),
              all / static_cast<double>(count), static_cast<double>(positions) / static_cast<double>(tokens),
              static_cast<unsigned long long>(postings), static_cast<unsigned long long>(positions),
              static_cast<unsigned long long>(dictionary), static_cast<unsigned long long>(directories));
}

void Ask(const char* what, const std::vector<std::string>& texts, const std::vector<const Part*>& parts,
         const Analyzer& analyzer, const std::string& kind) {
  if (!kind.empty() && kind != what) return;
  std::vector<PartInput> inputs;
  for (const Part* part : parts) inputs.push_back({.part = part});
  std::vector<double> times_us;
  std::size_t hits = 0;
  const int rounds = kind.empty() ? 7 : 100;
  for (int round = 0; round < rounds; ++round) {
    for (const std::string& text : texts) {
      const double seconds = SecondsOf([&] {
        const auto query = ParseQuery(text, analyzer, {});
        const auto search = Search::Prepare(*query, inputs, kDefaultWeights);
        hits += search->Best(10)->size();
      });
      if (round > 0) times_us.push_back(seconds * 1e6);
    }
  }
  std::ranges::sort(times_us);
  std::printf("{\"what\":\"%s\",\"parts\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"hits\":%.2f}\n", what, parts.size(),
              times_us[times_us.size() / 2], times_us[times_us.size() * 99 / 100],
              static_cast<double>(hits) / rounds / static_cast<double>(texts.size()));
}

void AskAll(const Data& data, const std::vector<const Part*>& parts, const Analyzer& analyzer, const std::string& kind) {
  const auto each = [&](const std::function<std::string(const std::vector<std::string>&)>& make) {
    std::vector<std::string> texts;
    for (const auto& words : data.queries) texts.push_back(make(words));
    return texts;
  };
  Ask("or", each([](const auto& w) { return w[0] + " " + w[1] + " " + w[2]; }), parts, analyzer, kind);
  Ask("and", each([](const auto& w) { return w[0] + " AND " + w[1] + " AND " + w[2]; }), parts, analyzer, kind);
  Ask("one word", each([](const auto& w) { return w[0]; }), parts, analyzer, kind);
  Ask("+must may -not", each([](const auto& w) { return "+" + w[0] + " " + w[1] + " -" + w[2]; }), parts, analyzer, kind);
  Ask("phrase", each([](const auto& w) { return "\"" + w[0] + " " + w[1] + "\""; }), parts, analyzer, kind);
  Ask("prefix", each([](const auto& w) { return w[0].substr(0, 4) + "*"; }), parts, analyzer, kind);
  Ask("unknown word", each([](const auto& w) { return w[0] + "x" + " " + w[1]; }), parts, analyzer, kind);
}

int Run(const std::string& folder, const std::string& kind) {
  const Data data = Load(folder);
  if (data.contents.empty() || data.queries.empty()) {
    std::fprintf(stderr, "text_search: no items.jsonl or queries.json in %s\n", folder.c_str());
    return 1;
  }
  const std::shared_ptr<const Analyzer> analyzer = *Analyzer::Make({});
  Tokenize(data, *analyzer);
  const auto tails = BuildTails(data, analyzer);
  const std::vector<Stored> written = WriteTails(tails);
  const std::vector<Stored> merged = MergeTails(data, written);
  PrintSizes(merged);
  std::vector<const Part*> parts;
  for (const Stored& stored : merged) parts.push_back(stored.part.get());
  AskAll(data, parts, *analyzer, kind);
  // With the first tail once more in memory.
  parts.push_back(tails[0].get());
  AskAll(data, parts, *analyzer, kind);
  return 0;
}

}  // namespace
}  // namespace levee::text

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: text_search FOLDER [KIND]\n");
    return 64;
  }
  return levee::text::Run(argv[1], argc == 3 ? argv[2] : "");
}
