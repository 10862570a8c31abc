#include "base/status.h"
#include "memory/exchange/formats.h"
#include "memory/exchange/mcp_entity.h"
#include "memory/exchange/output_file.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

// The server writes all entities before the relations, and so is it done here: relations wait in memory.
class Sink final : public ItemSink {
 public:
  explicit Sink(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  Status Write(const Item& item) override {
    const McpEntity entity = EntityOfItem(item);
    output::JsonWriter json(file_->text());
    json.BeginObject().Member("type", "entity").Member("name", entity.name).Member("entityType", entity.type);
    json.Key("observations").BeginArray();
    for (const std::string& observation : entity.observations) json.String(observation);
    json.EndArray().EndObject();
    file_->text() += '\n';
    for (const McpEntity::Relation& relation : entity.relations) {
      output::JsonWriter line(relations_);
      line.BeginObject().Member("type", "relation").Member("from", entity.name).Member("to", relation.to);
      line.Member("relationType", relation.type).EndObject();
      relations_ += '\n';
    }
    return file_->Drain();
  }

  Status Finish() override {
    file_->text() += relations_;
    return file_->Finish();
  }

 private:
  std::unique_ptr<OutputFile> file_;
  std::string relations_;
};

}  // namespace

Result<std::unique_ptr<ItemSink>> McpMemorySink(const std::string& path) {
  LEVEE_ASSIGN(std::unique_ptr<OutputFile> file, OutputFile::Open(path));
  return std::make_unique<Sink>(std::move(file));
}

}  // namespace levee::memory
