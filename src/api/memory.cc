// levee::MemoryBank out of an engine.
#ifndef LEVEE_EMBEDDED
#include "api/store_options.h"
#include "engine/engine.h"
#include "levee/memory.h"
#include "memory/model/forwarding_bank.h"

namespace levee {
namespace {

// Keeps the engine that the bank stands on.
class EngineMemory final : public memory::ForwardingBank {
 public:
  EngineMemory(std::unique_ptr<engine::Engine> engine, MemoryBank& bank) : ForwardingBank(bank), engine_(std::move(engine)) {}

 private:
  const std::unique_ptr<engine::Engine> engine_;
};

}  // namespace

Result<std::unique_ptr<MemoryBank>> OpenMemory(StoreOptions options) {
  LEVEE_ASSIGN(engine::EngineOptions engine_options, api::EngineOptionsFrom(options));
  LEVEE_ASSIGN(auto engine, engine::Engine::Open(std::move(engine_options)));
  LEVEE_ASSIGN(MemoryBank * bank, engine->memory());
  return std::make_unique<EngineMemory>(std::move(engine), *bank);
}

}  // namespace levee
#endif
