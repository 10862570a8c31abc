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

std::vector<std::string> Candidates() {
  std::vector<std::string> candidates;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) candidates.push_back((program.parent_path().parent_path() / "lib" / kModuleName).string());
  // Beside the library that this is a part of, where it is one: a Python module, an application's plug-in.
  Dl_info self{};
  if (::dladdr(reinterpret_cast<const void*>(&LoadParquetSource), &self) != 0 && self.dli_fname != nullptr) {
    candidates.push_back((std::filesystem::path(self.dli_fname).parent_path() / kModuleName).string());
  }
  if (const char* named = std::getenv("LEVEE_ARROW_MODULE"); named != nullptr && *named != '\0') {
    candidates.emplace_back(named);
  }
  return candidates;
}

// As imports reckon: catalog/import_memory.cc has the same figure in what it holds for each thread that reads.
std::int64_t SetAsideBytes() {
  constexpr std::int64_t kDecoderBytes = 20 << 20;
  return kDecoderBytes * PoolThreads();
}

Result<objectstore::ParquetSource*> Load() {
  std::string reasons;
  for (const std::string& path : Candidates()) {
    // Local: libarrow's symbols must not shadow those of a program that Levee is embedded in.
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* factory = module == nullptr ? nullptr : ::dlsym(module, kModuleFactory);
    if (factory != nullptr) return reinterpret_cast<ModuleFactory>(factory)(MemoryBudget::Process(), SetAsideBytes());
    const char* reason = ::dlerror();
    if (!reasons.empty()) reasons += "; ";
    reasons += reason == nullptr ? path : reason;
  }
  return Fail(ErrorCode::kUnsupported, "Parquet", "its reader cannot be loaded: " + reasons,
              "in Python: pip install \"levee[arrow]\"; elsewhere set LEVEE_ARROW_MODULE to the path of levee_arrow.so");
}

}  // namespace

Result<objectstore::ParquetSource*> LoadParquetSource() {
  static std::mutex mutex;
  static objectstore::ParquetSource* loaded = nullptr;  // guarded by mutex
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) {
    LEVEE_ASSIGN(loaded, Load());
  }
  return loaded;
}

}  // namespace levee::arrow
