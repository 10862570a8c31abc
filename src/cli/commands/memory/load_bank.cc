#include "cli/commands/memory/load_bank.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "memory/model/new_id.h"
#include "memory/yaml/yaml_reader.h"

namespace levee::cli {
namespace {

namespace fs = std::filesystem;

std::expected<std::string, Failure> MakeFolder(const Context& context) {
  std::error_code none;
  const auto named = context.line.Value("folder");
  const fs::path where = named ? fs::path(*named) : fs::temp_directory_path(none);
  std::string folder = (where / "levee-load-XXXXXX").string();
  if (::mkdtemp(folder.data()) != nullptr) return folder;
  return std::unexpected(Failure(Error{ErrorCode::kIo, "folder " + where.string(),
                                       std::generic_category().message(errno), "name another one with --folder"}));
}

}  // namespace

LoadBank::LoadBank(LoadBank&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), engine_(std::move(other.engine_)), bank_(other.bank_),
      name_space_(std::move(other.name_space_)), markdown_(other.markdown_) {}

std::expected<LoadBank, Failure> LoadBank::Open(Context& context) {
  LoadBank made;
  made.name_space_ = "load";
  made.markdown_ = context.engine_options.markdown.has_value() || context.line.Has("markdown");
  if (context.line.Has("in-store")) {
    if (context.line.Has("folder") || context.line.Has("markdown")) {
      return std::unexpected(UsageError{std::string(context.line.command->name), "--in-store works in the store that is there",
                                        "leave out --folder and --markdown"});
    }
    made.name_space_ = "load/" + memory::NewId(context.clock.NowMicros());
    LEVEE_ASSIGN(made.bank_, context.session.OpenMemory());
    return made;
  }
  LEVEE_ASSIGN(made.folder_, MakeFolder(context));
  engine::EngineOptions options = context.engine_options;
  options.store_uri = made.folder_ + "/levee.db";
  options.remember_questions = false;
  if (made.markdown_) {
    if (!options.markdown) options.markdown.emplace();
    options.markdown->folder.path = made.folder_ + "/items";
  }
  options.on_note = [&console = context.console](const std::string& note) { console.Note(note); };
  memory::UseYamlLibrary();
  LEVEE_ASSIGN(made.engine_, engine::Engine::Open(std::move(options)));
  LEVEE_ASSIGN(made.bank_, made.engine_->memory());
  return made;
}

LoadBank::~LoadBank() {
  engine_.reset();
  if (folder_.empty()) return;
  std::error_code none;  // what cannot be deleted is in a folder that the system clears
  fs::remove_all(folder_, none);
}

}  // namespace levee::cli
