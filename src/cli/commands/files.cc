// `files`: the list of files, its count, or how it is found.
#include <array>

#include "api/explain_svg.h"
#include "api/explain_text.h"
#include "api/file_columns.h"
#include "api/file_order.h"
#include "cli/commands/commands.h"
#include "cli/commands/files_modes.h"
#include "cli/file_list.h"
#include "cli/file_question.h"
#include "cli/table_view.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 14> kOptions{
    OptionSpec{"where", Takes::kValue, "PREDICATE", "SQL: leave out the files that hold no row for which it is true"},
    kVersionOption,
    kTimestampOption,
    OptionSpec{"columns", Takes::kValue, "LIST",
               "fields to print: path, size, partitionValues, ..., min.COLUMN, max.COLUMN, nulls.COLUMN, list.COLUMN"},
    OptionSpec{"path", Takes::kValue, "PATH", "only the file of this path; may be given again"},
    OptionSpec{"paths", Takes::kValue, "FILE", "only files whose paths stand in FILE, one a line, or in a CSV file's column path; - is standard input"},
    OptionSpec{"except", Takes::kValue, "FILE", "no file whose path stands in FILE"},
    OptionSpec{"order-by", Takes::kValue, "LIST",
               "sort by fields or partition columns: size desc, max.COLUMN, ...; nulls come last"},
    OptionSpec{"limit", Takes::kValue, "FILES", "at most that many files"},
    OptionSpec{"rows", Takes::kValue, "N", "stop when the chosen files surely hold N matching rows"},
    OptionSpec{"count", Takes::kNothing, "", "print the number of files only"},
    OptionSpec{"format", Takes::kValue, "table|ndjson|csv|paths|arrow|parquet", "default: table"},
    OptionSpec{"explain", Takes::kOptionalValue, "text|json|svg", "print how the answer is found instead of it"},
    OptionSpec{"analyze", Takes::kNothing, "", "with --explain: the time of each step too"},
};

constexpr std::array<std::string_view, 9> kExamples{
    "levee files /data/orders --where \"date = DATE '2024-01-31' AND id BETWEEN 10 AND 20\" --format paths",
    "levee files orders --version 12 --format ndjson",
    "levee files orders --timestamp 2024-03-01 --columns path,size,min.id,max.id --format csv",
    "levee files orders --order-by \"size desc\" --limit 10",
    "levee files orders --format arrow > files.arrows",
    "levee files orders --format parquet > files.parquet",
    "levee files orders --where \"id < 5\" --explain --analyze",
    "levee files orders returns --where \"id < 5\" --order-by \"size desc\" --limit 10",
    "levee files orders --paths listing.csv --columns path,size,list.size --format csv",
};

Outcome PrintCount(Context& context, const catalog::View& view, const FileQuestion& question) {
  LEVEE_ASSIGN(const std::int64_t files, view.Count(question.request, nullptr));
  context.out.AppendLine(std::to_string(files));
  return kExitDone;
}

Outcome Explain(Context& context, const catalog::View& view, const FileQuestion& question) {
  catalog::Explanation explanation;
  api::ExplainedAnswer answer{.table = context.table(), .explanation = explanation};
  if (question.count) {
    LEVEE_ASSIGN(answer.files, view.Count(question.request, &explanation));
  } else {
    LEVEE_ASSIGN(auto stream, view.Files(question.request, &explanation));
    LEVEE_ASSIGN(const FileTotals totals, PrintFiles(std::move(stream), {}, {.format = "none", .look = {}, .out = context.out}));
    answer.files = totals.files;
  }
  answer.all_files = view.state().commit.num_files;
  answer.times = context.line.Has("analyze");
  PrintExplanation(question, answer, context.out);
  return kExitDone;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(FileQuestion question, ReadFileQuestion(context.line, context.console.terminals()));
  if (context.line.arguments.size() > 1) return ListFilesOfTables(context, std::move(question));
  LEVEE_ASSIGN(const std::unique_ptr<catalog::View> view, OpenChosenView(context));
  if (const auto order = context.line.Value("order-by")) {
    LEVEE_ASSIGN(question.request.order, OfOption(api::ReadOrder(*view, *order, question.listed()), api::kFileOrder, "order-by"));
  }
  if (question.count && question.explain.empty()) return PrintCount(context, *view, question);

  const api::FileChoice choice{.columns = question.columns,
                               .defaults = DefaultsOf(question.format),
                               .listed = question.listed()};
  LEVEE_ASSIGN(api::FilePlan plan, OfOption(api::PlanFiles(*view, choice), api::kFileColumns, "columns"));
  question.request.columns = std::move(plan.columns);
  if (!question.explain.empty()) return Explain(context, *view, question);

  LEVEE_ASSIGN(auto stream, view->Files(question.request, nullptr));
  const FileListing listing{question.format, context.console.terminals().table_look, context.out};
  LEVEE_ASSIGN(const FileTotals totals, PrintFiles(std::move(stream), plan, listing));
  if (question.format == "table") {
    LEVEE_RETURN_IF_ERROR(context.out.Flush());
    context.console.Note(TotalsText(totals, view->state().commit.num_files));
  }
  return kExitDone;
}

}  // namespace

constinit const Command kFilesCommand{{.name = "files",
                                       .arguments = "TABLE...",
                                       .arguments_min = 1,
                                       .arguments_max = 100,
                                       .summary = "the files that a query must read, at any version",
                                       .options = kOptions,
                                       .examples = kExamples},
                                      Run};

}  // namespace levee::cli
