#include "cli/engine_session.h"

#include "base/allocator.h"
#include "memory/yaml/yaml_reader.h"

namespace levee::cli {
namespace {

class EngineSession final : public Session {
 public:
  EngineSession(engine::EngineOptions options, Console& console) : options_(std::move(options)) {
    options_.on_progress = [&console](const catalog::Progress& progress) { console.Progress(progress); };
    options_.on_note = [&console](const std::string& note) { console.Note(note); };
  }

  Result<catalog::Catalog*> OpenCatalog() override {
    LEVEE_RETURN_IF_ERROR(Open());
    return &engine_->catalog();
  }
  Result<MemoryBank*> OpenMemory() override {
    LEVEE_RETURN_IF_ERROR(Open());
    memory::UseYamlLibrary();
    return engine_->memory();
  }
  Status TakeUp(const settings::Settings& settings) override {
    return engine_ == nullptr ? Status() : engine_->TakeUpMemory(settings);
  }

 private:
  Status Open() {
    if (engine_ != nullptr) return {};
    if (options_.memory_limit_bytes > 0) KeepFreedMemory(static_cast<std::uint64_t>(options_.memory_limit_bytes));
    LEVEE_ASSIGN(engine_, engine::Engine::Open(options_));
    return {};
  }

  engine::EngineOptions options_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace

std::unique_ptr<Session> MakeEngineSession(const engine::EngineOptions& options, Console& console) {
  return std::make_unique<EngineSession>(options, console);
}

}  // namespace levee::cli
