#include "base/status.h"
#include "memory/exchange/formats.h"
#include "memory/exchange/output_file.h"
#include "memory/json/item_json.h"
#include "memory/json/item_parser.h"
#include "memory/model/checksum.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

class Source final : public ItemSource {
 public:
  Source(ReadBytes read, std::size_t line_limit_bytes) : lines_(std::move(read), line_limit_bytes) {}

  Result<std::optional<ItemWrite>> Next() override {
    auto line = lines_.Next();
    if (!line) {
      ended_ = true;
      return std::unexpected(std::move(line).error());
    }
    if (!*line) return std::nullopt;
    const std::string where = "line " + std::to_string((*line)->number);
    auto item = ParseItem((*line)->text);
    if (!item) return At(where, std::move(item).error());
    if (Status sound = CheckChecksum(item->item); !sound) return At(where, std::move(sound).error());
    return std::move(*item);
  }

  bool ended() const override { return ended_; }

 private:
  static std::unexpected<Error> At(const std::string& where, Error error) {
    error.what = where + ", " + error.what;
    return std::unexpected(std::move(error));
  }

  LineReader lines_;
  bool ended_ = false;
};

class Sink final : public ItemSink {
 public:
  explicit Sink(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  Status Write(const Item& item) override {
    AppendItemJson(file_->text(), item, ItemFields::All());
    file_->text() += '\n';
    return file_->Drain();
  }
  Status Finish() override { return file_->Finish(); }

 private:
  std::unique_ptr<OutputFile> file_;
};

}  // namespace

Status CheckChecksum(const Item& item) {
  if (item.checksum.empty() || item.checksum == ChecksumOf(item.content)) return {};
  return InvalidItem("member 'checksum'", "it is not that of the content", "leave it out if the content was changed on purpose");
}

std::unique_ptr<ItemSource> NdjsonSource(ReadBytes read, const ExchangeOptions& options) {
  return std::make_unique<Source>(std::move(read), options.content_limit_bytes + kLineSlackBytes);
}

Result<std::unique_ptr<ItemSink>> NdjsonSink(const std::string& path) {
  LEVEE_ASSIGN(std::unique_ptr<OutputFile> file, OutputFile::Open(path));
  return std::make_unique<Sink>(std::move(file));
}

}  // namespace levee::memory
