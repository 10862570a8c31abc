// A file that appears whole or not at all, or standard output.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "levee/status.h"

namespace levee::memory {

// Written in pieces of 64 KiB. Not thread-safe.
class OutputFile {
 public:
  // "-": standard output. Otherwise a file beside `path`, which takes its name in Finish and is removed without it.
  static Result<std::unique_ptr<OutputFile>> Open(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // To be appended to; written out by Drain once it is long enough.
  std::string& text() { return text_; }
  Status Drain();
  // Writes the rest, syncs and renames.
  Status Finish();

 private:
  OutputFile(std::string path, std::string temporary, int descriptor)
      : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}
  Status WriteOut();

  std::string path_, temporary_;  // empty of standard output
  int descriptor_;
  std::string text_;
};

}  // namespace levee::memory
