#include "objectstore/http/secret_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace levee::objectstore {

Result<std::string> ReadSmallFile(const std::string& path) {
  constexpr std::size_t kBytesMax = 1 << 20;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) {
    const int reason = errno;
    return Fail(reason == ENOENT || reason == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo, path,
                std::generic_category().message(reason));
  }
  std::string text(kBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return Fail(ErrorCode::kIo, path, "it cannot be read");
  if (text.size() > kBytesMax) return Fail(ErrorCode::kInvalidArgument, path, "it is too long to hold credentials");
  return text;
}

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1));
}

}  // namespace levee::objectstore
