// Input: how many documents, then their words, a byte each, up to a zero; then what is broken: which blob, where (2 bytes),
// and what is done to it. A part of these documents is stored, broken, and read by all that reads parts: nothing
// may crash, loop or reach beyond the bytes.
#include <algorithm>
#include <numeric>

#include "tests/fuzz/fuzz.h"
#include "text/chunks.h"
#include "text/memory_part.h"
#include "text/part_reader.h"
#include "text/part_writer.h"
#include "text/query/search.h"

using namespace levee;
using namespace levee::text;

namespace {

class Chunks final : public ChunkSink, public ChunkSource {
 public:
  Result<std::uint64_t> Add(Bytes chunk) override {
    FUZZ_REQUIRE(!chunk.empty() && chunk.size() <= kChunkBytesMax);
    chunks.push_back(std::make_shared<Bytes>(std::move(chunk)));
    return chunks.size() - 1;
  }
  Result<std::shared_ptr<const Bytes>> Read(std::uint64_t number) const override {
    if (number >= chunks.size()) return Fail(ErrorCode::kCorrupt, "chunk", "there is none");
    return chunks[number];
  }

  std::vector<std::shared_ptr<Bytes>> chunks;
};

const std::shared_ptr<const Analyzer>& TheAnalyzer() {
  static const std::shared_ptr<const Analyzer> analyzer = *Analyzer::Make({});
  return analyzer;
}

// A word for each byte: a few are everywhere, most are rare, some many times in a row.
std::string WordOf(std::uint8_t byte) {
  if (byte < 8) return std::string(1, static_cast<char>('a' + byte));
  if (byte < 16) {
    std::string many;
    for (int i = 0; i < 1 << (byte - 8); ++i) many += "many ";
    return many;
  }
  return "word" + std::to_string(byte * 7919);
}

std::shared_ptr<const Part> MakePart(fuzz::Input& input) {
  const auto part = MemoryPart::Make({.analyzer = TheAnalyzer(), .fields = {true, true, false}});
  const std::size_t documents = 1 + input.Below(200) * 2;
  const std::string words = input.Text('\0');
  const std::vector<std::string> tags = {"tag", "lake"};
  for (std::size_t row = 0; row < documents; ++row) {
    std::string content = "all";
    for (std::size_t i = row % 5; i < words.size() && i < row % 5 + 20; ++i) {
      content += ' ' + WordOf(static_cast<std::uint8_t>(words[(i * (row + 1)) % words.size()]));
    }
    FUZZ_REQUIRE(part->Add({content, row % 3 == 0 ? std::span(tags) : std::span<const std::string>()}).has_value());
  }
  return part->Snapshot();
}

std::vector<std::uint32_t> Identity(std::uint32_t rows) {
  std::vector<std::uint32_t> map(rows);
  std::iota(map.begin(), map.end(), 0);
  return map;
}

void Break(fuzz::Input& input, Bytes& directory, Chunks& chunks) {
  while (!input.empty()) {
    const std::size_t which = input.Below(static_cast<std::size_t>(std::min<std::size_t>(256, chunks.chunks.size() + 1)));
    Bytes& bytes = which == 0 ? directory : *chunks.chunks[which - 1];
    const std::size_t at = input.Number(2) % (bytes.size() + 1);
    const std::uint8_t how = input.Byte();
    if (how == 0xff) {
      bytes.resize(at);
    } else if (at < bytes.size()) {
      bytes[at] = static_cast<std::uint8_t>(how % 2 == 0 ? bytes[at] ^ how : how);
    }
    if (bytes.empty()) bytes.push_back(0);
  }
}

void ReadTokens(const Part& part) {
  for (const Field field : kAllFields) {
    if (!part.has(field)) continue;
    const auto tokens = part.Tokens(field, "");
    Postings postings;
    std::string last;
    // However broken, a dictionary has an end.
    for (std::size_t count = 0; tokens->Next(); ++count) {
      FUZZ_REQUIRE(count < 1'000'000);
      if (!part.Read(field, tokens->place(), true, postings)) continue;
      FUZZ_REQUIRE(postings.rows.size() == postings.counts.size());
      FUZZ_REQUIRE(postings.rows.empty() || postings.rows.back() < part.rows());
      FUZZ_REQUIRE(std::ranges::is_sorted(postings.rows));
      if (count % 7 == 3) tokens->SkipPrefix(1 + count % 4);
    }
  }
}

void SearchAll(const Part& part) {
  const Bitmap gone(part.rows());
  const PartInput input{.part = &part, .gone = &gone};
  for (const char* text : {"all", "all a many", "a AND many", "\"a many\"", "wo*", "werd7919 tags:lake", "+all -a OR NOT b"}) {
    const auto query = ParseQuery(text, *TheAnalyzer(), {.fields = {true, true, false}});
    const auto search = text::Search::Prepare(*query, {&input, 1}, {1, 1, 0});
    if (!search) continue;
    const auto hits = search->Best(10);
    if (hits) FUZZ_REQUIRE(std::ranges::all_of(*hits, [&](const Hit& hit) { return hit.row < part.rows(); }));
    static_cast<void>(search->Matches(0));
    if (part.rows() > 0) static_cast<void>(search->LeafScores(0, part.rows() - 1));
    static_cast<void>(SuggestQuery(*query, {&input, 1}, {1, 1, 0}));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto whole = MakePart(input);
  std::vector<std::uint32_t> map = Identity(whole->rows());
  const MergeInput merge{whole.get(), map};
  const auto chunks = std::make_shared<Chunks>();
  auto directory = MergeParts({&merge, 1}, {.rows = whole->rows(), .fields = {true, true, false}}, *chunks);
  FUZZ_REQUIRE(directory.has_value());
  Break(input, *directory, *chunks);
  const auto part = OpenPart(*directory, chunks);
  if (!part) return 0;
  ReadTokens(**part);
  SearchAll(**part);
  // Merged, it is refused or becomes a part that can be read.
  map = Identity((*part)->rows());
  const MergeInput again{part->get(), map};
  const auto merged_chunks = std::make_shared<Chunks>();
  const auto merged = MergeParts({&again, 1}, {.rows = (*part)->rows(), .fields = {true, true, false}}, *merged_chunks);
  if (!merged) return 0;
  const auto opened = OpenPart(*merged, merged_chunks);
  FUZZ_REQUIRE(opened.has_value());
  ReadTokens(**opened);
  return 0;
}
