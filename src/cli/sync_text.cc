#include "cli/sync_text.h"

#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

std::string Counted(std::int64_t count, std::string_view one, std::string_view many) {
  return output::GroupedNumber(count) + ' ' + std::string(count == 1 ? one : many);
}

}  // namespace

std::string SyncText(const catalog::SyncReport& report, bool dry_run) {
  std::string text = output::Printable(report.name.empty() ? report.uri : report.name) + ": ";
  const bool is_import = report.imported || !report.from_version;
  if (!is_import && report.commits == 0) return text + "up to date at version " + std::to_string(report.to_version);
  text += is_import ? (dry_run ? "would import" : "imported") : (dry_run ? "would sync" : "synced");
  if (!is_import) text += " from version " + std::to_string(*report.from_version);
  text += (is_import ? " version " : " to ") + std::to_string(report.to_version);
  if (!report.base.empty()) text += " from " + report.base;
  if (report.commits > 0) text += (is_import && !report.base.empty() ? " and " : ", ") + Counted(report.commits, "commit", "commits");
  if (report.files >= 0) text += ", " + Counted(report.files, "file", "files");
  if (!dry_run) text += ", in " + output::HumanDuration(static_cast<std::int64_t>(report.seconds * 1e9));
  return text;
}

std::string SyncJson(const catalog::SyncReport& report, bool dry_run) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Key("name");
  report.name.empty() ? json.Null() : json.String(report.name);
  json.Member("uri", report.uri)
      .Member("fromVersion", report.from_version)
      .Member("toVersion", report.to_version)
      .Member("commits", report.commits)
      .Key("files");
  report.files >= 0 ? json.Integer(report.files) : json.Null();
  json.Key("base");
  report.base.empty() ? json.Null() : json.String(report.base);
  json.Member("imported", report.imported)
      .Member("dryRun", dry_run)
      .Member("seconds", report.seconds)
      .EndObject();
  return out;
}

}  // namespace levee::cli
