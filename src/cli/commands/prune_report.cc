// `prune-report`: what the files' statistics spare each query of a log, without running any.
#include <array>
#include <map>

#include "base/cancellation.h"
#include "catalog/schema_resolver.h"
#include "cli/commands/commands.h"
#include "cli/input_text.h"
#include "cli/query_log.h"
#include "cli/record_rows.h"
#include "expr/predicate.h"
#include "expr/skipping.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 1> kOptions{kRecordFormatOption};
constexpr std::array<std::string_view, 2> kExamples{"levee prune-report queries.sql",
                                                    "levee prune-report queries.sql --format ndjson"};

// A table of the log, opened once.
struct OpenTable {
  std::unique_ptr<catalog::View> view;
  std::optional<Error> failed;
  store::FileSums all;
  std::optional<catalog::TableSummary> summary;  // read when a term prunes nothing
};

Result<store::FileSums> SizesOf(const catalog::View& view, const std::string& where) {
  LEVEE_ASSIGN(const auto sizes, view.Sizes({.where = where, .groups = {}}, nullptr));
  store::FileSums total;
  while (true) {
    LEVEE_ASSIGN(const auto batch, sizes->Next());
    if (batch == nullptr) return total;
    for (std::size_t row = 0; row < batch->rows; ++row) total.Add(catalog::SumsOf(*batch, row));
  }
}

class Reporter {
 public:
  Reporter(Context& context, catalog::Catalog& catalog, output::RecordFormat& rows)
      : context_(context), catalog_(catalog), rows_(rows) {}

  Status Report(const LoggedQuery& query) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    ++queries_;
    if (!query.problem.empty()) return WriteProblem(query, query.problem);
    OpenTable& table = Open(query.table);
    if (table.failed) return WriteProblem(query, table.failed->ToString());
    std::string where, advice;
    for (const std::string& term : query.terms) {
      LEVEE_ASSIGN(const std::string said, TermAdvice(table, term));
      // What cannot be read prunes nothing; the others still do.
      if (!said.starts_with(kUnread)) where += (where.empty() ? "(" : " AND (") + term + ")";
      if (!said.empty()) advice += (advice.empty() ? "" : "; ") + said;
    }
    if (query.terms.empty()) advice = "it has no WHERE";
    LEVEE_ASSIGN(const store::FileSums read, SizesOf(*table.view, where));
    files_ += table.all.files, bytes_ += table.all.bytes;
    files_read_ += read.files, bytes_read_ += read.bytes;
    return rows_.Write({Cell::Integer(static_cast<std::int64_t>(query.line)), Cell::Text(query.table),
                        Cell::Integer(table.all.files), Cell::Integer(read.files), Cell::Size(read.bytes),
                        Cell::Size(table.all.bytes - read.bytes), advice.empty() ? Cell{} : Cell::Text(advice)});
  }

  std::string Total() const {
    using output::GroupedNumber, output::HumanSize;
    std::string text = GroupedNumber(queries_) + (queries_ == 1 ? " query" : " queries");
    if (problems_ > 0) text += ", " + GroupedNumber(problems_) + " not told";
    return text + ": " + GroupedNumber(files_read_) + " of " + GroupedNumber(files_) + " files read, " +
           HumanSize(bytes_read_) + " of " + HumanSize(bytes_);
  }

 private:
  static constexpr std::string_view kUnread = "cannot be read: ";

  OpenTable& Open(const std::string& name) {
    const auto [place, is_new] = tables_.try_emplace(name);
    OpenTable& table = place->second;
    if (!is_new) return table;
    auto view = catalog_.Open(name, {});
    context_.console.EndProgress();
    if (!view) {
      table.failed = std::move(view).error();
      return table;
    }
    table.view = std::move(*view);
    const store::CommitRecord& commit = table.view->state().commit;
    table.all.files = commit.num_files, table.all.bytes = commit.size_bytes;
    return table;
  }

  Status WriteProblem(const LoggedQuery& query, const std::string& why) {
    ++problems_;
    return rows_.Write({Cell::Integer(static_cast<std::int64_t>(query.line)),
                        query.table.empty() ? Cell{} : Cell::Text(query.table), Cell{}, Cell{}, Cell{}, Cell{},
                        Cell::Text(why)});
  }

  // Why a term alone leaves no file out; empty: it does.
  Result<std::string> TermAdvice(OpenTable& table, const std::string& term) {
    const catalog::SchemaResolver resolver(table.view->state().metadata.schema);
    const auto bound = expr::BindPredicate(term, resolver, {.timezone = context_.engine_options.timezone});
    if (!bound) return std::string(kUnread) + term + ": " + bound.error().why;
    LEVEE_ASSIGN(const std::int64_t files, table.view->Count({.where = term}, nullptr));
    if (files < table.all.files || files == 0) return std::string();
    const std::vector<expr::ColumnRef> columns = expr::ReferencedColumns(bound->may_match);
    if (columns.empty()) return "no bound decides " + term;
    if (!table.summary) {
      LEVEE_ASSIGN(table.summary, table.view->Summary());
    }
    std::string advice;
    for (const expr::ColumnRef& column : columns) {
      advice += (advice.empty() ? "" : "; ") + column.name + ": " + ColumnAdvice(*table.summary, column);
    }
    return advice;
  }

  static std::string ColumnAdvice(const catalog::TableSummary& summary, const expr::ColumnRef& column) {
    if (column.is_partition) return "every partition matches";
    for (const store::ColumnSummary& one : summary.columns) {
      if (one.path != column.physical_path) continue;
      const bool known = !one.lower.is_null() || !one.upper.is_null();
      return known ? "every file's range holds it; sorting or clustering by it would prune"
                   : "files lack its statistics";
    }
    return "files lack its statistics";
  }

  Context& context_;
  catalog::Catalog& catalog_;
  output::RecordFormat& rows_;
  std::map<std::string, OpenTable> tables_;
  std::int64_t queries_ = 0, problems_ = 0;
  std::int64_t files_ = 0, bytes_ = 0, files_read_ = 0, bytes_read_ = 0;
};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string text, ReadInputText(context.line.arguments.front()));
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"line", true},
                                                         {"table"},
                                                         {"numFiles", true},
                                                         {"filesRead", true},
                                                         {"bytesRead", true},
                                                         {"bytesSkipped", true},
                                                         {"advice"}}));
  LEVEE_ASSIGN(catalog::Catalog* const catalog, context.session.OpenCatalog());
  Reporter reporter(context, *catalog, *rows);
  for (const LoggedQuery& query : ReadQueryLog(text)) LEVEE_RETURN_IF_ERROR(reporter.Report(query));
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  context.console.Note(reporter.Total());
  return kExitDone;
}

}  // namespace

constinit const Command kPruneReportCommand{{.name = "prune-report",
                                             .arguments = "QUERIES.sql",
                                             .arguments_min = 1,
                                             .arguments_max = 1,
                                             .summary = "how many files each query of a log would read, and why not fewer",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli
