// What is known of the files of a folder: which item each holds, and in which state it was when that was found out.
// docs/formats/memory-manifest.md has the form. A manifest is a cache: without it every file is read again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "memory/markdown/folder.h"

namespace levee::memory {

struct ManifestEntry {
  std::string id;
  FileState state;
  std::uint64_t hash = 0;            // of the file's bytes, XXH3
  std::int64_t version = 0;          // that the index has of it; 0: none yet
  std::int64_t checked_ns = 0;       // when the state was looked at
  std::uint64_t home = 0;            // hash of the folder that the layout gave the item; 0: Levee did not place it
  std::optional<std::int64_t> expires;

  // Whether the file may have changed within the clock's grain after it was looked at, which its state would not show.
  bool IsRacy() const;
};

// The entries by path. Changes are appended to a log that several processes share; who holds the folder's lock may change it.
// Not thread-safe.
class Manifest {
 public:
  // Kept at `path` in the folder.
  Manifest(const Folder& folder, std::string path) : folder_(folder), path_(std::move(path)) {}

  // Reads what others appended since, or all of it when they wrote it anew. Damage ends the reading: what follows is unknown.
  Status Refresh();

  const ManifestEntry* Find(std::string_view path) const;
  const std::string* PathOf(std::string_view id) const;
  // The path that differs from this one in upper and lower case alone, or not at all; null: none.
  const std::string* SamePath(std::string_view path) const;
  const std::unordered_map<std::string, ManifestEntry>& entries() const { return entries_; }

  // Of two paths with one id the later holds it.
  void Set(const std::string& path, ManifestEntry entry);
  void Erase(const std::string& path);
  void Clear();
  // Appends the changes to the log, or writes it anew once most of it is outdated. It is not synced.
  Status Save();

 private:
  void Apply(std::string_view record);
  void Insert(const std::string& path, ManifestEntry entry);
  void Drop(const std::string& path);
  Status WriteAnew();

  const Folder& folder_;
  std::string path_;
  std::unordered_map<std::string, ManifestEntry> entries_;
  std::unordered_map<std::string, std::string> path_by_id_;
  std::unordered_map<std::string, std::string> path_by_folded_;
  std::string pending_;         // records to be appended
  std::uint64_t inode_ = 0;     // of the log that was read
  std::int64_t read_bytes_ = 0; // of it
  std::size_t records_ = 0;     // in it
};

}  // namespace levee::memory
