// The bank that `memory bench` and `memory stress` work on.
#pragma once

#include <memory>
#include <string>

#include "cli/command.h"
#include "engine/engine.h"

namespace levee::cli {

inline constexpr OptionSpec kInStoreOption{"in-store", OptionSpec::Takes::kNothing, "",
                                        "work in the store, in a namespace of its own that stays; otherwise in a new store that goes"};
inline constexpr OptionSpec kFolderOption{"folder", OptionSpec::Takes::kValue, "FOLDER",
                                          "where the new store lies meanwhile: on the disk that is meant; default $TMPDIR"};
inline constexpr OptionSpec kMarkdownOption{"markdown", OptionSpec::Takes::kNothing, "",
                                            "the new store is a folder of Markdown files"};

// A bank that goes when this does, or with --in-store the session's. Not thread-safe; the bank is.
class LoadBank {
 public:
  // The engine's settings hold for both. Usage: --in-store with --folder or --markdown.
  static std::expected<LoadBank, Failure> Open(Context& context);
  LoadBank(LoadBank&&) noexcept;
  LoadBank& operator=(LoadBank&&) = delete;
  ~LoadBank();

  MemoryBank& bank() { return *bank_; }
  // Of nobody else's items.
  const std::string& name_space() const { return name_space_; }
  bool markdown() const { return markdown_; }

 private:
  LoadBank() = default;

  std::string folder_;                      // empty: none was made
  std::unique_ptr<engine::Engine> engine_;  // null: the session's
  MemoryBank* bank_ = nullptr;
  std::string name_space_;
  bool markdown_ = false;
};

}  // namespace levee::cli
