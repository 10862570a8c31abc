#include "text/part_writer.h"

#include <numeric>
#include <optional>

#include "base/check.h"
#include "text/stored/chunk_stream.h"
#include "text/stored/dictionary_writer.h"
#include "text/stored/part_directory.h"
#include "text/stored/position_list.h"
#include "text/stored/short_list.h"

namespace levee::text {

struct PartWriter::State {
  explicit State(ChunkSink& sink) : sink(sink), postings(sink), positions(sink) {}

  ChunkSink& sink;
  PartDirectory directory;
  ChunkStreamWriter postings, positions;
  std::optional<DictionaryWriter> dictionary;
  Field field = Field::kContent;
  std::vector<std::uint32_t> lengths;  // of a token's rows
  ByteWriter list;
};

PartWriter::PartWriter(ChunkSink& sink, std::uint32_t rows) : state_(std::make_unique<State>(sink)) {
  LEVEE_CHECK(rows <= kPartRowsMax);
  state_->directory.rows = rows;
}
PartWriter::~PartWriter() = default;

Status PartWriter::BeginField(Field field, std::span<const std::uint32_t> lengths) {
  LEVEE_RETURN_IF_ERROR(EndField());
  const auto place = static_cast<std::size_t>(field);
  state_->field = field;
  state_->dictionary.emplace(state_->sink);
  state_->directory.has[place] = true;
  FieldDirectory& directory = state_->directory.fields[place];
  directory.ResizeLengths(state_->directory.rows);
  std::ranges::copy(lengths, directory.lengths.begin());
  directory.tokens = std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0});
  return {};
}

Status PartWriter::EndField() {
  if (!state_->dictionary) return {};
  LEVEE_ASSIGN(state_->directory.fields[static_cast<std::size_t>(state_->field)].chunks, state_->dictionary->Finish());
  state_->dictionary.reset();
  return {};
}

Status PartWriter::Add(std::string_view token, const Postings& postings) {
  const auto documents = static_cast<std::uint32_t>(postings.rows.size());
  ByteWriter& list = state_->list;
  list.bytes().clear();
  if (documents <= kShortDocumentsMax && postings.positions.size() <= kShortBytesMax) {
    EncodeShortList(postings, list);
    if (list.size() <= kShortBytesMax) return state_->dictionary->AddShort(token, documents, list.bytes());
    list.bytes().clear();
  }
  const FieldDirectory& directory = state_->directory.fields[static_cast<std::size_t>(state_->field)];
  state_->lengths.clear();
  for (const std::uint32_t row : postings.rows) state_->lengths.push_back(directory.lengths[row]);
  const PostingsView view{postings.rows, postings.counts, state_->lengths};
  documents <= kBlock ? EncodeSingleBlock(view, list) : EncodeBlockList(view, list);
  ListPlace posting_place{.size = list.size()};
  LEVEE_ASSIGN(posting_place.address, state_->postings.Put(list.bytes()));
  list.bytes().clear();
  EncodePositions(postings.counts, postings.positions, list);
  ListPlace position_place{.size = list.size()};
  LEVEE_ASSIGN(position_place.address, state_->positions.Put(list.bytes()));
  return state_->dictionary->Add(token, documents, posting_place, position_place);
}

Result<Bytes> PartWriter::Finish() {
  LEVEE_RETURN_IF_ERROR(EndField());
  LEVEE_ASSIGN(state_->directory.posting_chunks, state_->postings.Finish());
  LEVEE_ASSIGN(state_->directory.position_chunks, state_->positions.Finish());
  return state_->directory.Encode();
}

}  // namespace levee::text
