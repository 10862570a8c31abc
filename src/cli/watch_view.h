// What `sync --watch` shows on a terminal: the latest commits, drawn anew in the same place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "output/buffered_writer.h"
#include "output/record.h"

namespace levee::cli {

// For one thread.
class WatchView {
 public:
  explicit WatchView(output::BufferedWriter& out) : out_(out) {}

  // How many commits fit on a terminal of `height` lines.
  static std::int64_t RowsFor(std::size_t height);

  struct Frame {
    const catalog::SyncReport& report;                  // of this look
    const std::vector<store::CommitRecord>& commits;  // newest first
    std::int64_t now_ms = 0;                            // since the epoch
    std::int64_t lines_between = 0;                     // others', written to the terminal since the start
    output::TableLook look;
  };
  // Draws over the last frame and flushes. Commits that were not there at the last frame have landed now: the time since
  // they were made is their lag, which stays with them. Where others wrote below the last frame, it stays as it is.
  Status Draw(const Frame& frame);

 private:
  void NoteLandings(const Frame& frame);

  output::BufferedWriter& out_;
  std::int64_t newest_ = -1;                     // of the last frame; -1: there was none
  std::map<std::int64_t, std::int64_t> lags_ms_;  // by version, of the commits in the last frame
  std::size_t lines_ = 0;                        // of the last frame
  std::int64_t lines_between_ = 0;               // at the last frame
};

}  // namespace levee::cli
