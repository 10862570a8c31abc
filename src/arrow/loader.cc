#include "arrow/loader.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "arrow/module.h"
#include "base/pool.h"

namespace levee::arrow {
namespace {

constexpr char kModuleName[] = "levee_arrow.so";

const char* EnvironmentText(const char* name) {
  const char* const text = std::getenv(name);
  return text == nullptr ? "" : text;
}

// A module that the user names is the only one: another in its stead would hide a mistake in the name.
std::vector<std::string> Candidates() {
  if (const std::string named = EnvironmentText("LEVEE_ARROW_MODULE"); !named.empty()) return {named};
  std::vector<std::string> candidates;
  // Beside the library that this is a part of, where it is one: liblevee.so, a Python module, a plug-in.
  Dl_info self{};
  if (::dladdr(reinterpret_cast<const void*>(&LoadParquetSource), &self) != 0 && self.dli_fname != nullptr) {
    candidates.push_back((std::filesystem::path(self.dli_fname).parent_path() / kModuleName).string());
  }
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) candidates.push_back((program.parent_path().parent_path() / "lib" / kModuleName).string());
  return candidates;
}

Error CannotLoad(const std::string& reason) {
  return {ErrorCode::kUnsupported, "Parquet", "what reads and writes it cannot be loaded: " + reason,
          "in Python: pip install \"levee[arrow]\"; elsewhere set LEVEE_ARROW_MODULE to the path of levee_arrow.so, or "
          "LEVEE_ARROW_LIBRARIES to the folder of " LEVEE_PARQUET_LIBRARY};
}

// Loads libparquet, and through its run path libarrow, from a folder of the user's: the module then finds them
// by name, wherever it was built.
Status LoadNamedLibraries() {
  const std::string folder = EnvironmentText("LEVEE_ARROW_LIBRARIES");
  if (folder.empty()) return {};
  const std::string library = (std::filesystem::path(folder) / LEVEE_PARQUET_LIBRARY).string();
  if (::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return {};
  const char* const reason = ::dlerror();
  return std::unexpected(CannotLoad(reason == nullptr ? library : reason));
}

// What the first module that has `factory` gives for it.
Result<void*> LoadFactory(const char* factory) {
  LEVEE_RETURN_IF_ERROR(LoadNamedLibraries());
  std::string reasons;
  for (const std::string& path : Candidates()) {
    // Local: libarrow's symbols must not shadow those of a program that Levee is embedded in.
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* found = module == nullptr ? nullptr : ::dlsym(module, factory);
    if (found != nullptr) return found;
    const char* reason = ::dlerror();
    if (!reasons.empty()) reasons += "; ";
    reasons += reason == nullptr ? path : reason;
  }
  return std::unexpected(CannotLoad(reasons));
}

}  // namespace

Result<objectstore::ParquetSource*> LoadParquetSource() {
  static std::mutex mutex;
  static objectstore::ParquetSource* loaded = nullptr;  // guarded by mutex
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    LEVEE_ASSIGN(void* const factory, LoadFactory(kModuleFactory));
    const std::int64_t set_aside_bytes = objectstore::kParquetDecoderBytes * PoolThreads();
    loaded = reinterpret_cast<ModuleFactory>(factory)(MemoryBudget::Process(), set_aside_bytes);
  }
  return loaded;
}

Result<objectstore::ParquetSink*> LoadParquetSink() {
  static std::mutex mutex;
  static objectstore::ParquetSink* loaded = nullptr;  // guarded by mutex
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    LEVEE_ASSIGN(void* const factory, LoadFactory(kSinkFactory));
    loaded = reinterpret_cast<SinkFactory>(factory)(MemoryBudget::Process());
  }
  return loaded;
}

}  // namespace levee::arrow
