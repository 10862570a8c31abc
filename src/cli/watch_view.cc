#include "cli/watch_view.h"

#include <algorithm>
#include <utility>

#include "cli/commit_info.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::int64_t kRowsMax = 15;
// Above the rows: what the table is, and the columns' names; below them the cursor.
constexpr std::size_t kOtherLines = 3;
// Lines that are longer than the terminal is wide are cut by it, so that a line of the frame is a line of the terminal.
constexpr std::string_view kNoWrap = "\x1b[?7l", kWrap = "\x1b[?7h";
constexpr std::string_view kWipeBelow = "\x1b[J";

std::vector<output::RecordColumn> Columns() {
  return {{"version", true}, {"timestamp"}, {"operation"}, {"files +", true}, {"files -", true}, {"rows +", true}, {"lag", true}};
}

std::vector<Cell> Row(const store::CommitRecord& commit, Cell lag) {
  // What a checkpoint stands for was added by commits that nobody counted.
  const auto counted = [&](Cell cell) { return commit.is_base ? Cell{} : std::move(cell); };
  return {Cell::Integer(commit.version),
          Cell::Time(commit.timestamp_ms),
          ReadCommitInfo(commit.commit_info_json).operation,
          counted(Cell::Integer(commit.files_added)),
          counted(Cell::Integer(commit.files_removed)),
          counted(Cell::Integer(commit.rows_added)),
          std::move(lag)};
}

std::string Head(const catalog::SyncReport& report, std::int64_t now_ms) {
  return output::Printable(report.name.empty() ? report.uri : report.name) + " at version " +
         output::GroupedNumber(report.to_version) + ", " + output::GroupedNumber(report.files) +
         (report.files == 1 ? " file" : " files") + ", looked at " + output::UtcTime(now_ms / 1000 * 1000);
}

}  // namespace

std::int64_t WatchView::RowsFor(std::size_t height) {
  const auto left = static_cast<std::int64_t>(height) - static_cast<std::int64_t>(kOtherLines);
  return std::clamp<std::int64_t>(left, 1, kRowsMax);
}

void WatchView::NoteLandings(const Frame& frame) {
  std::map<std::int64_t, std::int64_t> lags_ms;
  for (const store::CommitRecord& commit : frame.commits) {
    if (const auto known = lags_ms_.find(commit.version); known != lags_ms_.end()) {
      lags_ms.insert(*known);
    } else if (newest_ >= 0 && commit.version > newest_) {
      // A writer's clock may be ahead of ours.
      lags_ms.emplace(commit.version, std::max<std::int64_t>(frame.now_ms - commit.timestamp_ms, 0));
    }
  }
  lags_ms_ = std::move(lags_ms);
  if (!frame.commits.empty()) newest_ = frame.commits.front().version;
}

Status WatchView::Draw(const Frame& frame) {
  NoteLandings(frame);
  if (frame.lines_between != lines_between_) lines_ = 0;
  lines_between_ = frame.lines_between;
  if (lines_ > 0) out_.Append("\x1b[" + std::to_string(lines_) + "A\r");
  out_.Append(kNoWrap);
  out_.Append(kWipeBelow);
  out_.AppendLine(Head(frame.report, frame.now_ms));
  const auto table = output::MakeRecordTable(Columns(), frame.look, out_);
  for (const store::CommitRecord& commit : frame.commits) {
    const auto lag = lags_ms_.find(commit.version);
    LEVEE_RETURN_IF_ERROR(table->Write(
        Row(commit, lag == lags_ms_.end() ? Cell{} : Cell::Text(output::HumanDuration(lag->second * 1'000'000)))));
  }
  LEVEE_RETURN_IF_ERROR(table->Finish());
  out_.Append(kWrap);
  lines_ = frame.commits.size() + kOtherLines - 1;
  return out_.Flush();
}

}  // namespace levee::cli
